"""A question as a plan over one table and those that its rows lead to; the plan as SQL, which runs, and as Cypher.

Both are written from the same plan, read only, and give the same rows (a test holds them to it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..cypher.writing import literal, quote_name
from ..english.amounts import Operator
from .kinds import Value
from .model import ForeignKey, TableModel
from .source import property_of

Path = tuple[ForeignKey, ...]
"""Foreign keys one after the other, from the plan's table."""
Function = Literal["count", "avg", "sum", "min", "max"]


@dataclass(frozen=True, slots=True)
class ColumnReference:
    path: Path
    column: str


NOTHING: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    of: ColumnReference
    operator: Operator
    values: tuple[Value, ...]
    """Several for ``=`` only: one of them. ``NOTHING``: the cell is empty, or with ``<>`` is not."""

    @property
    def is_blank(self) -> bool:
        return self.values == NOTHING


@dataclass(frozen=True, slots=True)
class Absence:
    """No row of ``table`` leads by ``key`` to the row."""

    table: str
    key: ForeignKey


@dataclass(frozen=True, slots=True)
class RowPlan:
    """``shown`` of the rows of ``table`` that keep all ``conditions``: distinct, or grouped and counted."""

    table: str
    conditions: tuple[Condition, ...] = ()
    shown: tuple[ColumnReference, ...] = ()
    distinct: bool = True
    measure: tuple[Function, ColumnReference | None] | None = None
    """What is counted, or summed up; of each group of what is shown, or of all where nothing is shown. ``None``: the
    rows of the table."""
    having: tuple[Operator, int] | None = None
    """What the measure must be."""
    order: ColumnReference | None = None
    """Ordered by this, or by the measure where there is one."""
    descending: bool = False
    limit: int = 0
    """0: none."""
    absent: Absence | None = None


@dataclass
class _Writing:
    """Names for the tables of a plan, one for each path."""

    plan: RowPlan
    names: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        measured = [self.plan.measure[1]] if self.plan.measure and self.plan.measure[1] else []
        ordered = [self.plan.order] if self.plan.order else []
        self._name(())
        for one in (*(each.of for each in self.plan.conditions), *self.plan.shown, *measured, *ordered):
            for end in range(1, len(one.path) + 1):
                self._name(one.path[:end])

    def _name(self, path: Path) -> None:
        self.names.setdefault(path, "abcdefghijklmnopqrstuvwxyz"[len(self.names)])

    def joins(self) -> list[tuple[str, ForeignKey, str]]:
        return [(self.names[path[:-1]], path[-1], name) for path, name in self.names.items() if path]


def to_sql(plan: RowPlan) -> tuple[str, list[Value]]:
    """The query, and the values that its question marks stand for."""
    written, values = _Writing(plan), list[Value]()

    def column(one: ColumnReference) -> str:
        return f'{written.names[one.path]}."{one.column}"'

    joins = "".join(
        f' JOIN "{key.target}" AS {there} ON {here}."{key.column}" = {there}."{key.key}"'
        for here, key, there in written.joins()
    )
    tests = []
    for one in plan.conditions:
        if one.is_blank:
            tests.append(f"{column(one.of)} IS{' NOT' if one.operator == '<>' else ''} NULL")
        elif len(one.values) > 1:
            tests.append(f"{column(one.of)} IN ({', '.join('?' * len(one.values))})")
        else:
            tests.append(f"{column(one.of)} {one.operator} ?")
        values += one.values
    if plan.absent:
        key = plan.absent.key
        rows = f'SELECT 1 FROM "{plan.absent.table}" AS z WHERE z."{key.column}" = a."{key.key}"'  # noqa: S608
        tests.append(f"NOT EXISTS ({rows})")
    if plan.order:
        tests.append(f"{column(plan.order)} IS NOT NULL")
    tests += [f"{column(one)} IS NOT NULL" for one in plan.shown[:1] if plan.distinct and not plan.order]
    shown = [column(one) for one in plan.shown]
    measure = _measure(plan, column, "count(*)")
    ordered = [column(plan.order)] if plan.order and plan.order not in plan.shown else []
    text = "SELECT " + ("DISTINCT " if plan.distinct and not measure else "")
    text += ", ".join([*shown, *ordered, *([f"{measure} AS measure"] if measure else [])])
    text += f' FROM "{plan.table}" AS a{joins}' + (f" WHERE {' AND '.join(tests)}" if tests else "")
    if measure and shown:
        text += f" GROUP BY {', '.join(shown)}"
    if plan.having:
        text += f" HAVING {measure} {plan.having[0]} ?"
        values.append(plan.having[1])
    by = "measure" if measure and shown else column(plan.order) if plan.order else ""
    text += f" ORDER BY {by}{' DESC' if plan.descending else ''}" if by else ""
    return text + (f" LIMIT {plan.limit}" if plan.limit else ""), values


def to_cypher(model: TableModel, plan: RowPlan) -> str:
    """The query with its values written in, as people would."""
    written = _Writing(plan)

    def column(one: ColumnReference) -> str:
        return f"{written.names[one.path]}.{quote_name(property_of(one.column))}"

    labels = {(): model.tables[plan.table].label} | {
        path: model.tables[path[-1].target].label for path in written.names if path
    }
    patterns = [f"(a:{quote_name(labels[()])})"]
    bound = {"a"}
    for path, there in written.names.items():
        if path:
            here, end = written.names[path[:-1]], f"({there}:{quote_name(labels[path])})"
            step = f"-[:{quote_name(path[-1].type)}]->{end}"
            if patterns[-1].endswith((f"({here})", f"({here}:{quote_name(labels[path[:-1]])})")) and here in bound:
                patterns[-1] += step
            else:
                patterns.append(f"({here}){step}")
            bound.add(there)
    tests = [_test(model, plan, one, column(one.of)) for one in plan.conditions]
    if plan.absent:
        label = quote_name(model.tables[plan.absent.table].label)
        tests.append(f"NOT (a)<-[:{quote_name(plan.absent.key.type)}]-(:{label})")
    if plan.order:
        tests.append(f"{column(plan.order)} IS NOT NULL")
    tests += [f"{column(one)} IS NOT NULL" for one in plan.shown[:1] if plan.distinct and not plan.order]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    shown = [column(one) for one in plan.shown]
    measure = _measure(plan, column, "count(*)")
    ordered = [column(plan.order)] if plan.order and plan.order not in plan.shown else []
    text = f"MATCH {', '.join(patterns)}{where} "
    if plan.having:
        names = [f"x{number}" for number in range(len(shown))]
        listed = ", ".join(f"{one} AS {name}" for one, name in zip(shown, names, strict=True))
        text += f"WITH {listed}, {measure} AS measure WHERE measure {plan.having[0]} {plan.having[1]} "
        text += f"RETURN {', '.join([*names, 'measure'])}"
    else:
        text += "RETURN " + ("DISTINCT " if plan.distinct and not measure else "")
        text += ", ".join([*shown, *ordered, *([f"{measure} AS measure"] if measure else [])])
    by = "measure" if measure and shown else column(plan.order) if plan.order else ""
    text += f" ORDER BY {by}{' DESC' if plan.descending else ''}" if by else ""
    return text + (f" LIMIT {plan.limit}" if plan.limit else "")


def _measure(plan: RowPlan, column: object, rows: str) -> str:
    if plan.measure is None:
        return ""
    function, of = plan.measure
    if of is None:
        return rows
    return f"{function}({'DISTINCT ' if function == 'count' else ''}{column(of)})"  # type: ignore[operator]


def _test(model: TableModel, plan: RowPlan, one: Condition, column: str) -> str:
    if one.is_blank:
        return f"{column} IS{' NOT' if one.operator == '<>' else ''} NULL"
    owner = one.of.path[-1].target if one.of.path else plan.table
    truth = model.tables[owner].column(one.of.column).kind == "boolean"
    values = [("true" if value else "false") if truth else literal(value) for value in one.values]
    return f"{column} IN [{', '.join(values)}]" if len(values) > 1 else f"{column} {one.operator} {values[0]}"


def columns_of(plan: RowPlan) -> Sequence[str]:
    """What the columns of its rows are called."""
    ordered = [plan.order.column] if plan.order and plan.order not in plan.shown else []
    measured: list[str] = []
    if plan.measure:
        function, of = plan.measure
        measured = [f"{function} of {of.column}" if of and function != "count" else "count"]
    return [*(one.column for one in plan.shown), *ordered, *measured]
