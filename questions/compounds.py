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
    """A statement that has both words of a compound apart, and the last one behind another word that does not merely
    stand between them."""
    said = view(question.text, ENGLISH).stems
    faults: list[Fault] = []
    for first, last in known:
        if first not in own.stems or (first, last) in _side_by_side(own):
            continue
        before = [one for one, other in pairwise(range(len(own.tokens))) if own.by_token[other] == last]
        joined = [at for at in before if _tells(own, at) and _are_neighbours(own, at, at + 1)]
        others = [own.lows[at] for at in joined if own.by_token[at] not in said]
        finer = any(_shares(own, at, first) for at in before)
        if before and len(others) == len(before) and not finer:
            faults.append(("unsure", f"tells of {others[0]} {last}"))
    return faults


def _shares(own: View, at: int, first: str) -> bool:
    """Whether ``first`` stands right before the word at ``at``, or beside it: "the default TCP port", "sail and oar
    bags"."""
    beside = at > 1 and own.lows[at - 1] in ("and", "or", "nor") and own.by_token[at - 2] == first
    return beside or (at > 0 and own.by_token[at - 1] == first)


def _side_by_side(text: View) -> list[tuple[str, str]]:
    return [
        (text.by_token[one], text.by_token[other])
        for one, other in pairwise(range(len(text.tokens)))
        if _tells(text, one) and _tells(text, other) and _are_neighbours(text, one, other)
    ]


def _tells(text: View, at: int) -> bool:
    low, stem = text.lows[at], text.by_token[at]
    return low not in STOPWORDS and stem not in LIGHT and low.isalpha()


def _are_neighbours(text: View, one: int, other: int) -> bool:
    """Whether only a gap or a hyphen parts two tokens."""
    between = text.text[text.starts[one] + len(text.tokens[one]) : text.starts[other]]
    return not between.strip(" \n-")
