"""Compounds of a question: what is said of the log rotation file is not said of log files.

A compound is two content words side by side in the question that stand so in one of the texts that were found too; so
their order is the texts' own.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ..corpus.languages import ENGLISH
from ..corpus.words import STOPWORDS
from .assertion import Fault
from .question import Question
from .question_forms import LIGHT
from .view import View, view

Compounds = frozenset[tuple[str, str]]
NO_COMPOUNDS: Compounds = frozenset()


def compounds(question: Question, texts: Iterable[str]) -> Compounds:
    """The stems of the compounds of ``question`` that ``texts`` have too."""
    if question.language != ENGLISH:
        return NO_COMPOUNDS
    asked = set(_side_by_side(view(question.text, ENGLISH)))
    return frozenset(pair for text in texts if asked for pair in asked & set(_side_by_side(view(text, ENGLISH))))


def compound_faults(known: Compounds, question: Question, own: View) -> list[Fault]:
    """A statement that has both words of a compound apart, and the last one behind another word."""
    said = view(question.text, ENGLISH).stems
    faults: list[Fault] = []
    for first, last in known:
        if first not in own.stems or (first, last) in _side_by_side(own):
            continue
        before = [one for one, other in pairwise(range(len(own.tokens))) if own.by_token[other] == last]
        joined = [at for at in before if _tells(own, at) and _joined(own, at, at + 1)]
        others = [own.lows[at] for at in joined if own.by_token[at] not in said]
        if before and len(others) == len(before):
            faults.append(("unsure", f"tells of {others[0]} {last}"))
    return faults


def _side_by_side(text: View) -> list[tuple[str, str]]:
    return [
        (text.by_token[one], text.by_token[other])
        for one, other in pairwise(range(len(text.tokens)))
        if _tells(text, one) and _tells(text, other) and _joined(text, one, other)
    ]


def _tells(text: View, at: int) -> bool:
    low, stem = text.lows[at], text.by_token[at]
    return low not in STOPWORDS and stem not in LIGHT and low.isalpha()


def _joined(text: View, one: int, other: int) -> bool:
    """Whether only a gap or a hyphen parts two tokens."""
    between = text.text[text.starts[one] + len(text.tokens[one]) : text.starts[other]]
    return not between.strip(" \n-")
