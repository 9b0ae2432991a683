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


Sign = Literal["*", "+", "-"]


@dataclass(frozen=True, slots=True)
class ComputedColumn(ColumnReference):
    """What two columns of one row make; ``column`` is how it is called."""

    left: str
    sign: Sign
    right: str


NOTHING: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    of: ColumnReference
    operator: Operator
    values: tuple[Value, ...]
    """Several for ``=`` only: one of them. ``NOTHING``: the cell is empty, or with ``<>`` is not."""
    other: ColumnReference | None = None
    """A column of the same row that it is compared with, in place of values."""
    or_blank: bool = False
    """An empty cell keeps it, too; for one value only."""

    @property
    def is_blank(self) -> bool:
        return self.values == NOTHING and self.other is None


@dataclass(frozen=True, slots=True)
class Absence:
    """No row of ``table`` that keeps all ``conditions`` leads by ``key`` to the row."""

    table: str
    key: ForeignKey
    conditions: tuple[Condition, ...] = ()


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
    skip: int = 0
    """Rows that come before those: 1 for the second largest."""
    absent: Absence | None = None


@dataclass
class _Writing:
    """Names for the tables of a plan, one for each path."""

    plan: RowPlan
    names: dict[Path, str] = field(default_factory=dict)
    letters: str = "abcdefghijklmnopqrstuvwxyz"

    def __post_init__(self) -> None:
        measured = [self.plan.measure[1]] if self.plan.measure and self.plan.measure[1] else []
        ordered = [self.plan.order] if self.plan.order else []
        self._name(())
        for one in (*(each.of for each in self.plan.conditions), *self.plan.shown, *measured, *ordered):
            for end in range(1, len(one.path) + 1):
                self._name(one.path[:end])

    def _name(self, path: Path) -> None:
        self.names.setdefault(path, self.letters[len(self.names)])

    def joins(self) -> list[tuple[str, ForeignKey, str]]:
        return [(self.names[path[:-1]], path[-1], name) for path, name in self.names.items() if path]


def to_sql(plan: RowPlan) -> tuple[str, list[Value]]:
    """The query, and the values that its question marks stand for."""
    written, values = _Writing(plan), list[Value]()

    def column(one: ColumnReference) -> str:
        return _sql_column(written, one)

    tests = _sql_tests(written, plan.conditions, values)
    if plan.absent:
        tests.append(_sql_absence(plan.absent, values))
    if plan.order:
        tests.append(f"{column(plan.order)} IS NOT NULL")
    tests += [f"{column(one)} IS NOT NULL" for one in plan.shown[:1] if plan.distinct and not plan.order]
    shown = [column(one) for one in plan.shown]
    measure = _measure(plan, column, "count(*)")
    ordered = [column(plan.order)] if plan.order and plan.order not in plan.shown else []
    text = "SELECT " + ("DISTINCT " if plan.distinct and not measure else "")
    text += ", ".join([*shown, *ordered, *([f"{measure} AS measure"] if measure else [])])
    text += f' FROM "{plan.table}" AS a{_sql_joins(written)}' + (f" WHERE {' AND '.join(tests)}" if tests else "")
    if measure and shown:
        text += f" GROUP BY {', '.join(shown)}"
    if plan.having:
        text += f" HAVING {measure} {plan.having[0]} ?"
        values.append(plan.having[1])
    by = "measure" if measure and shown else column(plan.order) if plan.order else ""
    text += f" ORDER BY {by}{' DESC' if plan.descending else ''}" if by else ""
    text += f" LIMIT {plan.limit}" if plan.limit else ""
    return text + (f" OFFSET {plan.skip}" if plan.skip and plan.limit else ""), values


def _sql_column(written: _Writing, one: ColumnReference) -> str:
    owner = written.names[one.path]
    if isinstance(one, ComputedColumn):
        return f'({owner}."{one.left}" {one.sign} {owner}."{one.right}")'
    return f'{owner}."{one.column}"'


def _cypher_column(written: _Writing, one: ColumnReference) -> str:
    owner = written.names[one.path]
    if isinstance(one, ComputedColumn):
        left, right = (f"{owner}.{quote_name(property_of(name))}" for name in (one.left, one.right))
        return f"({left} {one.sign} {right})"
    return f"{owner}.{quote_name(property_of(one.column))}"


def _sql_joins(written: _Writing) -> str:
    return "".join(
        f' JOIN "{key.target}" AS {there} ON {here}."{key.column}" = {there}."{key.key}"'
        for here, key, there in written.joins()
    )


def _sql_tests(written: _Writing, conditions: Sequence[Condition], values: list[Value]) -> list[str]:
    """The conditions, whose values are put behind ``values``."""
    tests = []
    for one in conditions:
        column = _sql_column(written, one.of)
        if one.other is not None:
            tests.append(f"{column} {one.operator} {_sql_column(written, one.other)}")
        elif one.is_blank:
            tests.append(f"{column} IS{' NOT' if one.operator == '<>' else ''} NULL")
        elif len(one.values) > 1:
            tests.append(f"{column} IN ({', '.join('?' * len(one.values))})")
        else:
            test = f"{column} {one.operator} ?"
            tests.append(f"({test} OR {column} IS NULL)" if one.or_blank else test)
        values += one.values
    return tests


def _writing_of(absent: Absence) -> _Writing:
    """Names of its own, from the end of the alphabet."""
    return _Writing(RowPlan(absent.table, absent.conditions), letters="zyxwvuts")


def _sql_absence(absent: Absence, values: list[Value]) -> str:
    written = _writing_of(absent)
    tests = [f'z."{absent.key.column}" = a."{absent.key.key}"', *_sql_tests(written, absent.conditions, values)]
    rows = f'SELECT 1 FROM "{absent.table}" AS z{_sql_joins(written)} WHERE {" AND ".join(tests)}'  # noqa: S608
    return f"NOT EXISTS ({rows})"


def to_cypher(model: TableModel, plan: RowPlan) -> str:
    """The query with its values written in, as people would."""
    written = _Writing(plan)

    def column(one: ColumnReference) -> str:
        return _cypher_column(written, one)

    patterns = _patterns(model, written)
    tests = [_test(model, written, one) for one in plan.conditions]
    if plan.absent:
        tests.append(_cypher_absence(model, plan.absent))
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
    text += f" SKIP {plan.skip}" if plan.skip else ""
    return text + (f" LIMIT {plan.limit}" if plan.limit else "")


def _patterns(model: TableModel, written: _Writing) -> list[str]:
    """The tables of the plan, joined along its keys."""
    labels = {path: model.tables[path[-1].target if path else written.plan.table].label for path in written.names}
    first = written.names[()]
    patterns = [f"({first}:{quote_name(labels[()])})"]
    bound = {first}
    for path, there in written.names.items():
        if path:
            here, end = written.names[path[:-1]], f"({there}:{quote_name(labels[path])})"
            step = f"-[:{quote_name(path[-1].type)}]->{end}"
            if patterns[-1].endswith((f"({here})", f"({here}:{quote_name(labels[path[:-1]])})")) and here in bound:
                patterns[-1] += step
            else:
                patterns.append(f"({here}){step}")
            bound.add(there)
    return patterns


def _cypher_absence(model: TableModel, absent: Absence) -> str:
    kind = quote_name(absent.key.type)
    if not absent.conditions:
        return f"NOT (a)<-[:{kind}]-(:{quote_name(model.tables[absent.table].label)})"
    written = _writing_of(absent)
    first, *others = _patterns(model, written)
    tests = [_test(model, written, one) for one in absent.conditions]
    return f"NOT EXISTS {{ MATCH {', '.join([f'(a)<-[:{kind}]-{first}', *others])} WHERE {' AND '.join(tests)} }}"


def compared_cypher(model: TableModel, named: Sequence[tuple[str, RowPlan]]) -> str:
    """One value of each plan, under the name of what it is of."""
    parts = []
    for name, plan in named:
        matched, _, shown = to_cypher(model, plan).rpartition(" RETURN ")
        value = shown.removeprefix("DISTINCT ").removesuffix(" AS measure")
        parts.append(f"{matched} RETURN DISTINCT {literal(name)} AS name, {value} AS value")
    return " UNION ALL ".join(parts)


def _measure(plan: RowPlan, column: object, rows: str) -> str:
    if plan.measure is None:
        return ""
    function, of = plan.measure
    if of is None:
        return rows
    written: str = column(of)  # type: ignore[operator]
    within = written[1:-1] if isinstance(of, ComputedColumn) else written
    return f"{function}({'DISTINCT ' if function == 'count' else ''}{within})"


def _test(model: TableModel, written: _Writing, one: Condition) -> str:
    column = _cypher_column(written, one.of)
    if one.other is not None:
        return f"{column} {one.operator} {_cypher_column(written, one.other)}"
    if one.is_blank:
        return f"{column} IS{' NOT' if one.operator == '<>' else ''} NULL"
    owner = one.of.path[-1].target if one.of.path else written.plan.table
    truth = model.tables[owner].column(one.of.column).kind == "boolean"
    values = [("true" if value else "false") if truth else literal(value) for value in one.values]
    if len(values) > 1:
        return f"{column} IN [{', '.join(values)}]"
    test = f"{column} {one.operator} {values[0]}"
    return f"({test} OR {column} IS NULL)" if one.or_blank else test


def columns_of(plan: RowPlan) -> Sequence[str]:
    """What the columns of its rows are called."""
    ordered = [plan.order.column] if plan.order and plan.order not in plan.shown else []
    measured: list[str] = []
    if plan.measure:
        function, of = plan.measure
        measured = [f"{function} of {of.column}" if of and function != "count" else "count"]
    return [*(one.column for one in plan.shown), *ordered, *measured]
