"""Numbers and dates that a question compares something with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .dates import read_date
from .tokens import QuestionToken
from .words import BETWEEN, COMPARISONS, DATE, OR_MORE, number_of

Operator = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Amount:
    start: int
    end: int
    """Words ``start`` to ``end`` (exclusive) of the question."""
    operator: Operator
    value: int | float | str
    """A date as text."""


def amounts_of(question: str, tokens: Sequence[QuestionToken]) -> Iterator[Amount]:
    """Numbers and dates behind words that compare, and dates that stand alone; no two share a word."""
    taken: set[int] = set()
    for match in BETWEEN.finditer(question):
        for name, bound in (("least", ">="), ("most", "<=")):
            start = match.start() if bound == ">=" else match.start(name)
            within = [at for at, token in enumerate(tokens) if token.start < match.end(name) and token.end > start]
            value = number_of(match[name])
            value = read_date(match[name], True) if value is None else value
            if value is not None and within and taken.isdisjoint(within):
                taken.update(within)
                yield Amount(within[0], within[-1] + 1, bound, value)  # type: ignore[arg-type]
    found = [(match, operator) for pattern, operator in COMPARISONS for match in pattern.finditer(question)]
    for match, operator in (*found, *((match, "=") for match in DATE.finditer(question))):
        number = number_of(match["amount"])
        value = read_date(match["amount"].replace("  ", " "), True) if number is None else number
        # "After minute 118": the noun between is linked by itself.
        start = match.start("amount") if match.groupdict().get("noun") else match.start()
        within = [at for at, token in enumerate(tokens) if token.start < match.end() and token.end > start]
        if value is not None and within and taken.isdisjoint(within):
            taken.update(within)
            more = match.groupdict().get("more") or ""
            kept = "<=" if "less" in more or "fewer" in more else ">=" if more else operator
            yield Amount(within[0], within[-1] + 1, kept, value)  # type: ignore[arg-type]
    for match in OR_MORE.finditer(question):
        value = number_of(match["amount"])
        within = [at for at, token in enumerate(tokens) if token.start < match.end() and token.end > match.start()]
        if value is not None and taken.isdisjoint(within):
            taken.update(within)
            yield Amount(within[0], within[-1] + 1, ">=" if match["more"] == "more" else "<=", value)
