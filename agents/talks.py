"""Conversations as grounded answers have them, made from any texts: what a compressed model reads to stay good at them.

Evidence, a question made of words of one of its sentences, and that sentence as the answer: nothing is asked of
anybody, and what is right matters little, since the whole model tells the smaller one what it would say.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from ..corpus.spans import sentences
from ..serving.base import Message
from .grounded import answer_line, messages, quote_line

EVIDENCE, WORDS, MOST = 700, 3, 2_000
"""Characters of a piece of evidence, words of a question, and conversations at most."""
_WORD = re.compile(r"[^\W\d_]{5,}")


def talks(texts: Sequence[str], seed: int = 0) -> list[list[Message]]:
    """Up to ``MOST`` conversations, from each text as many, where it is long enough."""
    drawn = random.Random(seed)  # noqa: S311
    each = -(-MOST // max(1, len(texts)))
    found = [talk for text in texts for talk in _of_text(text, each, drawn)]
    drawn.shuffle(found)
    return found


def _of_text(text: str, most: int, drawn: random.Random) -> Iterator[list[Message]]:
    starts = range(0, max(1, len(text) - EVIDENCE), EVIDENCE)
    for start in drawn.sample(starts, min(most, len(starts))):
        piece = text[start : start + EVIDENCE].strip()
        places = [
            place for place in sentences(piece, 0, len(piece)) if len(_WORD.findall(piece[slice(*place)])) >= WORDS
        ]
        if not places:
            continue
        sentence = piece[slice(*drawn.choice(places))]
        words = sorted(set(_WORD.findall(sentence)), key=len)[-WORDS:]
        question = f"What is said about {', '.join(words)}?"
        yield [*messages(question, [piece]), Message("assistant", answer_line(words[-1]) + quote_line(1, sentence))]
