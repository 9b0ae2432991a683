"""Whether a heading asks what is asked: the entries of a list of common questions stand below their own."""

from __future__ import annotations

import re

from ..corpus.words import stems
from .opposites import PREDICATES
from .question import Question, parse

_NUMBER = re.compile(r"^[#*_\s]*(?:(?:\d+\.)*\d+[.):]?\s+|[QF][:.]\s+)?", re.IGNORECASE)

_LOOSE = frozenset(
    stems(
        "do use run work support need have get go make take allow permit possible able provide offer handle available"
        " happen exist want like come give deal"
    )
)
"""Verbs that one question may have where another has its own: "run on Solaris", "support Solaris"."""


def asks_alike(asked: Question, heading: str) -> bool:
    """Whether ``heading`` is a question of the same kind, names and sides that shares more than half of the words."""
    title = _NUMBER.sub("", heading).rstrip("*_ ")
    if not title.endswith("?"):
        return False
    other = parse(title)
    mine, its = _sides(asked), _sides(other)
    opposed = any(its.get(group, side) != side for group, side in mine.items())
    unmatched = {group for group in mine.keys() ^ its.keys() if group not in PREDICATES}
    if opposed or unmatched or _firm(asked) != _firm(other):
        return False
    words, others = _content(asked), _content(other)
    lost, other_words = words - others, others - words
    if lost and other_words and not (lost <= _LOOSE or other_words <= _LOOSE):
        return False  # "bring a dog to the pool" and "bring a child to the pool"
    return 2 * len(words & others) > max(len(words), len(others))


def _content(question: Question) -> set[str]:
    named = (stem for name in (*question.names, *question.identifiers) for stem in stems(name, question.language))
    return {*question.subject, *question.asked, *named}


def _sides(question: Question) -> dict[str, str]:
    return {sign.group: sign.side for sign in question.deciding}


def _firm(question: Question) -> tuple[object, ...]:
    """What must not differ at all."""
    names = {name.lower() for name in (*question.names, *question.identifiers)}
    return question.kind, names, question.negated, question.years, question.versions
