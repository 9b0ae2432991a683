"""The columns of a table that hold amounts of money, by their names."""

from __future__ import annotations

from .kinds import Column
from .model import Table

_AMOUNTS = frozenset("amount price cost fee total sum payment salary wage revenue income paid balance value".split())  # noqa: SIM905
_STATES = frozenset(("balance", "price", "value"))
"""Of those the ones that nobody pays: they say how much there is."""
_IN = frozenset(
    "in income received receipt receipts credit earned revenue takings einnahme einnahmen einzahlung".split()  # noqa: SIM905
)
_OUT = frozenset(
    "out expense expenses spent expenditure debit withdrawal withdrawals ausgabe ausgaben auszahlung payments".split()  # noqa: SIM905
)
_WRAPPING = frozenset("money paid amount gbp eur usd chf".split())  # noqa: SIM905
_NUMBERS = ("integer", "number")
_INCOMES = frozenset(("income", "deposit", "deposits"))
_EXPENSES = frozenset(
    "expense expenses expenditure spending payment payments withdrawal withdrawals".split()  # noqa: SIM905
)


def is_amount(table: Table, column: Column) -> bool:
    """A number that is summed up where a question names the table alone: "fees in total"."""
    leads = column.name == table.key or any(key.column == column.name for key in table.foreign)
    return column.kind in ("integer", "number") and not leads and bool(_AMOUNTS & {*column.name.split("_")})


def money_column(table: Table) -> str:
    """The one amount that a row is about; empty where there is none, or several."""
    found = [one.name for one in table.columns if is_amount(table, one)]
    moved = [name for name in found if not _STATES & {*name.split("_")}]
    return next((names[0] for names in (moved, found) if len(names) == 1), "")


def column_of_money(table: Table, noun: str) -> str:
    """What a noun such as "expense" means: of a cash book the side that it says, of another table its one amount."""
    pair = cash_pair(table)
    if pair is None:
        return money_column(table)
    return pair[0] if noun in _INCOMES else pair[1] if noun in _EXPENSES else ""


def cash_pair(table: Table) -> tuple[str, str] | None:
    """The one column of what came in, and the one of what went out."""
    sides = [[one.name for one in table.columns if _is_side(one, names)] for names in (_IN, _OUT)]
    return (sides[0][0], sides[1][0]) if all(len(side) == 1 for side in sides) else None


def _is_side(column: Column, names: frozenset[str]) -> bool:
    words = {*column.name.split("_")} - _WRAPPING
    return column.kind in _NUMBERS and bool(words) and words <= names
