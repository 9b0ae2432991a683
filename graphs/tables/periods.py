"""Dates, months and bounds that a question names: "between 10 and 20", "in November 2024", "on 31.12.2025"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..english.amounts import Operator
from ..english.dates import month_number, read_date
from ..english.words import AMOUNT, COMPARISONS, DATE, MONTH, OR_MORE, number_of

Bound = int | float | str
"""A date is text as ISO 8601 writes it; ``--11`` is November, of whichever year, ``--11-05`` its fifth day."""
_LAST_DAY = 31
_BETWEEN = re.compile(
    rf"\b(?:between (?P<low>{AMOUNT}) and|from (?P<low_2>{AMOUNT}) (?:to|until|till|through)) "
    rf"(?P<high>{AMOUNT})(?![\w.,-]*\d)",
    re.IGNORECASE,
)
_MONTH_OF_YEAR = re.compile(
    rf"(?:\b(?P<how>since|from|before|after|until|till) )?\b(?P<month>{MONTH}),? (?:of )?(?P<year>(?:1\d|20)\d\d)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b(?:in|during|throughout|every|each) (?P<month>{MONTH})(?! \d)", re.IGNORECASE)
_DAY_OF_MONTH = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTH})"
    rf"|(?P<month_2>{MONTH}) (?:the )?(?P<day_2>\d{{1,2}})(?:st|nd|rd|th)?)\b(?!,? ?\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AmountBounds:
    operator: Operator
    value: Bound
    upper: tuple[Operator, Bound] | None = None
    """The other end, where there are two."""


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """Characters ``start`` to ``end`` of the question."""

    start: int
    end: int
    amount: AmountBounds


def amounts_in(question: str) -> Iterator[FoundAmount]:
    """Numbers, dates and months that something is compared with; those that came first take their words."""
    for match in _BETWEEN.finditer(question):
        low, high = _value_of(match["low"] or match["low_2"]), _value_of(match["high"])
        if low is not None and high is not None and isinstance(low, str) == isinstance(high, str):
            yield FoundAmount(*match.span(), AmountBounds(">=", low, ("<=", high)))
    dates = [match.span() for match in DATE.finditer(question)]
    for match in _MONTH_OF_YEAR.finditer(question):
        if any(start < match.end() and match.start() < end for start, end in dates):
            continue
        month, year = month_number(match["month"]), int(match["year"])
        if month:
            yield FoundAmount(*match.span(), _month_amount((match["how"] or "").casefold(), year, month))
    for match in _DAY_OF_MONTH.finditer(question):
        month, day = month_number(match["month"] or match["month_2"]), int(match["day"] or match["day_2"])
        if month and 1 <= day <= _LAST_DAY:
            yield FoundAmount(*match.span(), AmountBounds("=", f"--{month:02d}-{day:02d}"))
    for match in _MONTH.finditer(question):
        if month := month_number(match["month"]):
            yield FoundAmount(*match.span(), AmountBounds("=", f"--{month:02d}"))
    for pattern, operator in COMPARISONS:
        for match in pattern.finditer(question):
            if (value := _value_of(match["amount"])) is not None:
                # "After minute 118": the noun between is linked by itself.
                start = match.start("amount") if match["noun"] else match.start()
                more = match["more"] or ""
                kept: Operator = "<=" if "less" in more or "fewer" in more else ">=" if more else operator  # type: ignore[assignment]
                yield FoundAmount(start, match.end(), AmountBounds(kept, value))
    for match in DATE.finditer(question):
        if (value := _value_of(match["amount"])) is not None:
            yield FoundAmount(*match.span(), AmountBounds("=", value))
    for match in OR_MORE.finditer(question):
        if (value := number_of(match["amount"])) is not None:
            yield FoundAmount(*match.span(), AmountBounds(">=" if match["more"] == "more" else "<=", value))


def _value_of(text: str) -> Bound | None:
    number = number_of(text)
    return read_date(text.replace("  ", " "), True) if number is None else number


def _month_amount(how: str, year: int, month: int) -> AmountBounds:
    first = f"{year:04d}-{month:02d}-01"
    behind = f"{year + month // 12:04d}-{month % 12 + 1:02d}-01"
    if how in ("since", "from"):
        return AmountBounds(">=", first)
    if how == "after":
        return AmountBounds(">=", behind)
    if how in ("before", "until", "till"):
        return AmountBounds("<", first if how == "before" else behind)
    return AmountBounds(">=", first, ("<", behind))
