"""The schema card: what the tables hold, with kinds, units, keys and sample values, for people and for models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import NotFoundError
from ..english.names import property_name, singular
from .model import Table, TableModel


@dataclass(frozen=True, slots=True)
class TableCard:
    name: str
    label: str
    document: str
    rows: int
    whole: bool
    key: str
    columns: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    """Name, kind, unit and sample values."""
    edges: tuple[tuple[str, str, str], ...]
    """Type, the label that it leads to, and the column that it is made of."""

    def lines(self) -> Iterator[str]:
        whole = "" if self.whole else "; cut short: questions are not answered from it"
        yield f"(:{self.label})  {self.name}, {self.rows:,} rows of {self.document}{whole}"
        for name, kind, unit, samples in self.columns:
            key = ", key" if name == self.key else ""
            shown = ", ".join(one if len(one) <= 40 else f"{one[:39]}…" for one in samples)
            yield f"  {name}: {kind}{f' ({unit})' if unit else ''}{key}{f', such as {shown}' if shown else ''}"
        for kind, label, column in self.edges:
            yield f"  (:{self.label})-[:{kind}]->(:{label})  by {column}"


def cards(model: TableModel, name: str = "") -> list[TableCard]:
    """The cards of all tables, or of the one of that name or label. Raises ``NotFoundError`` where there is none."""
    wanted = singular(property_name(name)) if name else ""
    found = [table for table in model.tables.values() if not name or wanted == singular(table.name)]
    if not found:
        raise NotFoundError(
            "no table of that name" if name else "the library holds no table",
            where=name,
            fix="add CSV, TSV, spreadsheet, SQLite or Parquet files" if not name else "",
            suggestions=tuple(model.tables)[:10],
        )
    return [_card(model, table) for table in found]


def _card(model: TableModel, table: Table) -> TableCard:
    columns = tuple((one.name, one.kind, one.unit, one.samples) for one in table.columns)
    edges = tuple((key.type, model.tables[key.target].label, key.column) for key in table.foreign)
    return TableCard(
        table.name,
        table.label,
        table.document,
        rows=table.rows,
        whole=table.whole,
        key=table.key,
        columns=columns,
        edges=edges,
    )
