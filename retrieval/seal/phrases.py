"""SEAL with a model that only writes: it is asked for likely phrases, and each is snapped to the corpus.

A phrase becomes its longest stretches that the corpus holds, found from left to right; what a stretch weighs comes from
its occurrences alone, since the model shows no scores. Works on the index of words, which needs no tokenizer of the
model's. Knows nothing of passages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from math import log

from ...serving.base import LanguageModel, Message, Sampling
from ..ngram.scoring import ALPHA, Key
from ..ngram.segments import Segments
from ..ngram.tokens import Tokenizer

PHRASES = 12
LONGEST = 320
"""Tokens that the model may write."""

_ASK = (
    "Which short phrases would stand in a text that answers the question below? Write {count} of them, one per line, "
    "each of 3 to 10 words, as they would stand in the text: names, numbers, the answer if you know it. "
    "Write nothing else.\n\nQuestion: {question}"
)
_BULLET = re.compile(r"^[\s\d.)*\-•\"“]+")


def ask_model(model: LanguageModel, question: str) -> list[str]:
    """What the model says; raises its ``ModelError``."""
    message = Message("user", _ASK.format(count=PHRASES, question=" ".join(question.split())))
    reply = "".join(model.stream([message], Sampling(max_tokens=LONGEST)))
    lines = [_BULLET.sub("", line).strip() for line in reply.splitlines()]
    return list(dict.fromkeys(line for line in lines if line))


def snap(segments: Segments, tokenizer: Tokenizer, phrases: Iterable[str], empty: Collection[int] = ()) -> list[Key]:
    """Finds the longest stretches of each phrase that the corpus holds, heaviest first. A stretch of ``empty`` tokens
    (stopwords) only is no key; idf ** ``ALPHA`` weighs the others, as for the question's own n-grams."""
    total = segments.count(segments.root())
    found: dict[tuple[int, ...], Key] = {}
    for phrase in phrases:
        for key in _stretches(segments, tokenizer.encode(phrase).ids.tolist(), total):
            if not all(token in empty for token in key.tokens):
                found[key.tokens] = key
    return sorted(found.values(), key=lambda key: (-key.weight, key.tokens))


def _stretches(segments: Segments, ids: Sequence[int], total: int) -> Iterator[Key]:
    at = end = 0
    for at in range(len(ids)):
        length, intervals = segments.longest_match(ids[at:])
        # A stretch inside the one before it says nothing new.
        if length and at + length > end:
            end, count = at + length, segments.count(intervals)
            yield Key(tuple(ids[at:end]), at, count, log((total + 1) / (count + 0.5)) ** ALPHA, intervals)
