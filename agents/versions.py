"""Several versions of one document: the answer comes from the one that the question names, or else the newest.

Documents are versions of one another when their names differ in nothing but a year or a version number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..retrieval.question import Question
from ..retrieval.quoting import Quote

_NUMBER = re.compile(r"\d+")
_VERSION = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![^\W\d_])(?:v|ver|version|rev|release)[ ._-]?\d+(?:\.\d+)*", re.I
)


def prefer(asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with those of the version that is asked for before others that say something else in the same form."""
    if not quotes:
        return []
    best = quotes[0]
    rivals = [quote for quote in quotes if _versions(quote, best) and _form(quote) == _form(best)]
    if len({quote.evidence.name for quote in rivals}) < 2:
        return list(quotes)
    chosen = max(rivals, key=lambda quote: (_named(asked, quote), _numbers(quote.evidence.name), quote.score))
    if all(_same(chosen, quote) for quote in rivals):
        return list(quotes)
    others = sorted({quote.evidence.name for quote in rivals if not _same(quote, chosen)})
    note = f"another version says otherwise: {', '.join(others[:3])}"
    unsure = chosen.fit.level == "sure" and not (asked.current or _named(asked, chosen))
    level = "likely" if unsure else chosen.fit.level
    first = replace(chosen, fit=replace(chosen.fit, level=level, reasons=(*chosen.fit.reasons, note)))
    return [first, *(quote for quote in quotes if not any(quote is rival for rival in rivals))]


def _named(asked: Question, quote: Quote) -> int:
    wanted = {*asked.years, *(number for version in asked.versions for number in _NUMBER.findall(version))}
    return len(wanted & set(_NUMBER.findall(quote.evidence.name)))


def _versions(one: Quote, other: Quote) -> bool:
    names = (one.evidence.name, other.evidence.name)
    return all(map(_VERSION.search, names)) and _VERSION.sub("#", names[0]) == _VERSION.sub("#", names[1])


def _form(quote: Quote) -> str:
    return " ".join(_NUMBER.sub("#", quote.evidence.quote).split())


def _same(one: Quote, other: Quote) -> bool:
    return one.evidence.quote.split() == other.evidence.quote.split()


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(number[:18]) for number in _NUMBER.findall(name))
