"""What the language model is shown when it is to write keys of the corpus, and what it is trained to write.

Training and search with the trained model share these functions, so that a prompt cannot differ between them. A prompt
ends before the space that the first key starts with; a target is text to be tokenised behind its prompt. Knows nothing
of models and indexes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import exp
from random import Random

from ...corpus.words import STOPWORDS, stems

KEY_TOKENS = 10
"""A body key has so many tokens; longer targets are cut to that."""
TITLE_TOKENS = 15
SPANS = 10
"""Training spans per question and passage."""
TITLES = 3
"""Training copies of the title per question."""
SPAN_WORDS = 10
"""Of a training span: at least ``KEY_TOKENS`` tokens in all but a few cases."""
SHARPNESS = 12.0
"""A span that shares one more tenth of the question is chosen e ** 1.2 times as often."""

_EXAMPLES = (
    (
        "How tall is the Eiffel Tower?",
        "The Eiffel Tower is 330 metres tall, about the same height as an 81-storey building.",
        "Eiffel Tower",
    ),
    (
        "Who wrote the play Hamlet?",
        "Hamlet is a tragedy that was written by William Shakespeare between 1599 and 1601.",
        "Hamlet",
    ),
)

_WORD = re.compile(r"\S+")


def body_prompt(question: str) -> str:
    """Asks for a phrase of the passage that answers."""
    return f"Question: {_line(question)}\nPassage:"


def title_prompt(question: str) -> str:
    """Asks for the title of the document that answers."""
    return f"Question: {_line(question)}\nTitle:"


def shown_body_prompt(question: str) -> str:
    """``body_prompt`` behind two examples, for a model that was not trained for it: asked without them it answers in
    its own style ("The answer is…") instead of the corpus's."""
    shown = (f"{body_prompt(asked)} {passage}\n\n" for asked, passage, _ in _EXAMPLES)
    return "".join((*shown, body_prompt(question)))


def shown_title_prompt(question: str) -> str:
    """``title_prompt`` behind two examples, for such a model too."""
    shown = (f"{title_prompt(asked)} {title}\n\n" for asked, _, title in _EXAMPLES)
    return "".join((*shown, title_prompt(question)))


def question_prompt(question: str) -> str:
    """Asks for another question that the same passage answers (MINDER's view)."""
    return f"Question: {_line(question)}\nSimilar question:"


def asking_prompt(passage: str) -> str:
    """Asks for a question that ``passage`` answers: how pseudo questions are made."""
    return f"Passage: {_line(passage)}\nQuestion:"


def body_target(span: str) -> str:
    return f" {_line(span)}"


def title_target(title: str) -> str:
    """What is to be written for a title: the line's end says that it is complete."""
    return f" {_line(title)}\n"


def training_spans(question: str, passage: str, rng: Random, count: int = SPANS) -> list[str]:
    """Draws ``count`` stretches of 10 words of ``passage``, drawn with replacement: the more of the question's content
    words a stretch holds, the likelier. A shorter passage is its own only stretch."""
    words = [match.span() for match in _WORD.finditer(passage)]
    if not words:
        return []
    starts = range(max(1, len(words) - SPAN_WORDS + 1))
    places = [(words[at][0], words[min(at + SPAN_WORDS, len(words)) - 1][1]) for at in starts]
    asked = _content(question)
    weights = [exp(SHARPNESS * _overlap(asked, _content(passage[start:end]))) for start, end in places]
    return [passage[start:end] for start, end in rng.choices(places, weights, k=count)]


def training_pairs(question: str, passage: str, title: str, rng: Random) -> list[tuple[str, str]]:
    """Prompts with what is to be written behind each: ``SPANS`` phrases and, where there is a title, ``TITLES`` copies
    of it. The loss counts over the target alone, cut to ``KEY_TOKENS`` and ``TITLE_TOKENS`` tokens."""
    spans = [(body_prompt(question), body_target(span)) for span in training_spans(question, passage, rng)]
    return spans + [(title_prompt(question), title_target(title))] * (TITLES if title else 0)


def _content(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(text) if stem not in STOPWORDS)


def _overlap(asked: frozenset[str], found: Sequence[str] | frozenset[str]) -> float:
    """The share of the question's content that is there, 0 to 1."""
    return len(asked.intersection(found)) / (len(asked) or 1)


def _line(text: str) -> str:
    return " ".join(text.split())
