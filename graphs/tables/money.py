"""The column of a table that holds amounts of money, by its name."""

from __future__ import annotations

from .kinds import Column
from .model import Table

_AMOUNTS = frozenset("amount price cost fee total sum payment salary wage revenue income paid balance value".split())  # noqa: SIM905
_STATES = frozenset(("balance", "price", "value"))
"""Of those the ones that nobody pays: they say how much there is."""


def is_amount(table: Table, column: Column) -> bool:
    """A number that is summed up where a question names the table alone: "fees in total"."""
    leads = column.name == table.key or any(key.column == column.name for key in table.foreign)
    return column.kind in ("integer", "number") and not leads and bool(_AMOUNTS & {*column.name.split("_")})


def money_column(table: Table) -> str:
    """The one amount that a row is about; empty where there is none, or several."""
    found = [one.name for one in table.columns if is_amount(table, one)]
    moved = [name for name in found if not _STATES & {*name.split("_")}]
    return next((names[0] for names in (moved, found) if len(names) == 1), "")
