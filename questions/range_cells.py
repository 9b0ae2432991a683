"""Rows whose label is a range: July lies in the row of "15 June – 31 August"."""

from __future__ import annotations

from collections.abc import Sequence

from ..corpus.words import stems
from .headlines import tells_price
from .question import Question
from .ranges import compare


def cells_in_range(asked: Question, cells: Sequence[tuple[str, str]]) -> set[int]:
    """Places of the cells that are a range with a value of the question in it: 12 years in "7 to 15"."""
    return {
        place
        for place, (header, value) in enumerate(cells)
        if any(one.inside for one in compare(asked.text, value, header))
    }


def crossing_of_range(
    asked: Question, said: frozenset[str], cells: Sequence[tuple[str, str]], within: set[int]
) -> int | None:
    """The only column named by some of its words, or whose value has the unit that is asked for, beside a cell that is
    a range with a value of the question."""
    others = said - _stems(" ".join(cells[at][0] for at in within))
    rest = [(at, header, value) for at, (header, value) in enumerate(cells) if at not in within and value.strip()]
    unit = (
        _stems(asked.unit) if asked.kind in ("count", "number", "duration") and asked.unit != "money" else frozenset()
    )
    of_unit = [at for at, _, value in rest if unit and unit <= _stems(value)]
    plain = ((at, header) for at, header, value in rest if at and not (unit and tells_price(value)))
    named = of_unit or [at for at, header in plain if _stems(header) & others]
    return named[0] if len(named) == 1 else None


def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))
