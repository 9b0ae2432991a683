"""Faults of a claim that gives to one thing what belongs to another: the other event's date, a rise of what fell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ...questions.view import View
from .alignment import Aligned, Alignment, content
from .opposed import DOWN, UP
from .quantities import PERIODS, Quantity, matching, quantities

_CUT = re.compile(r"[,;:]\s|\s(?=(?:while|whereas|but|although|though|however|and(?!\s+\$?\d))\s)", re.IGNORECASE)
MOST = 3
"""Words of a claim that must stand in another part, beside another number of its kind, to say that the number is not
theirs."""
LEFT = 5
"""Content words before a word of direction that say what rises or falls."""


def place_faults(aligned: Alignment) -> list[str]:
    return [*_date_of_another(aligned), *_way_of_another(aligned)][:1]


def parts(shown: View) -> list[tuple[str, set[int]]]:
    """The parts of a text between commas and contrasts, each with its tokens."""
    edges = [0, *(match.end() for match in _CUT.finditer(shown.text)), len(shown.text)]
    return [
        (shown.text[a:z], {n for n, start in enumerate(shown.starts) if a <= start < z}) for a, z in pairwise(edges)
    ]


def _date_of_another(aligned: Alignment) -> list[str]:
    """The claim's one number stands in one part of the statement; its words stand in another, beside another number."""
    said = [one for one in quantities(aligned.claim.text) if not one.implied]
    if len(said) != 1:
        return []
    kind = _kind(said[0])
    there = [(text, tokens, quantities(text)) for text, tokens in parts(aligned.statement)]
    own = [tokens for _, tokens, found in there if matching(said[0], found)]
    rivals = [
        tokens
        for _, tokens, found in there
        if not matching(said[0], found) and any(_kind(one) == kind for one in found)
    ]
    if not own or not rivals:
        return []
    mine = max(_count_held(aligned, tokens, rivals) for tokens in own)
    theirs = max(_count_held(aligned, tokens, own) for tokens in rivals)
    return (
        [f"gives “{said[0].text}” to what has another number in the source"]
        if theirs >= MOST and theirs > 2 * mine
        else []
    )


def _count_held(aligned: Alignment, tokens: set[int], others: Sequence[set[int]]) -> int:
    """Words of the claim that stand in these tokens and in none of ``others``."""
    elsewhere = set[int]().union(*others)
    return sum(bool(set(one.places) & tokens) and not set(one.places) & elsewhere for one in aligned.words)


def _kind(one: Quantity) -> str:
    year = not one.unit and 1000 <= one.value <= 2100 and one.value == int(one.value)
    return "date" if year or one.unit == "century" else "time" if one.unit in PERIODS else one.unit


def _way_of_another(aligned: Alignment) -> list[str]:
    """What rises in the claim falls in the statement, where something else rises."""
    for way, opposite in ((UP, DOWN), (DOWN, UP)):
        match = way.search(aligned.claim.text)
        if match is None or not (way.search(aligned.statement.text) and opposite.search(aligned.statement.text)):
            continue
        tokens = next((tokens for text, tokens in parts(aligned.claim) if way.search(text)), set[int]())
        before = [
            n for n in sorted(tokens) if aligned.claim.starts[n] < match.start() and content(aligned.claim.lows[n])
        ]
        subject = [one for one in aligned.words if one.at in before[-LEFT:]]
        if not subject:
            continue
        same, other = (
            max(
                (_before(subject, aligned.statement, found) for found in pattern.finditer(aligned.statement.text)),
                default=0,
            )
            for pattern in (way, opposite)
        )
        if other > same and other >= 2:
            return [f"says “{match[0]}” of what goes the other way in the source"]
    return []


def _before(subject: Sequence[Aligned], shown: View, found: re.Match[str]) -> int:
    """How many words of ``subject`` stand before a word of direction, in its part of the statement."""
    start = max((match.end() for match in _CUT.finditer(shown.text) if match.end() <= found.start()), default=0)
    inside = {n for n, place in enumerate(shown.starts) if start <= place < found.start()}
    return sum(bool(set(one.places) & inside) for one in subject)
