"""A question answered by rows, or the reason why these tables cannot answer it.

An empty table is no answer, and neither are rows that leave a word of the question out: a word that nothing in the
tables means refuses the question. What is taken for granted makes an answer likely, and two readings that are equally
near and give different rows make it unsure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ..english.intent import NEGATIONS
from ..english.names import GENERIC
from ..english.words import DECIDING
from .attributes import tell_apart, tell_once
from .blanks import with_blanks
from .cash_books import CashReading, read_cash
from .comparing import ValueComparison, may_compare, read_comparison, set_against, sets_against
from .date_parts import tell_whole_dates
from .draft import TableReading
from .kinds import Column
from .linking import link
from .model import TableModel
from .objections import objection_to, tells_none_apart
from .plan import ColumnReference, ComputedColumn, RowPlan, columns_of, compared_cypher, to_cypher, to_sql
from .standing import standing_of, with_standing
from .translate import read_question
from .word_links import Linked

MOST = 1_000
"""Rows of an answer."""
NEAR = 0.1
"""Readings whose scores are nearer than this may both be meant."""
TRIED = 6
"""Readings that are looked at for another answer."""

Level = Literal["sure", "likely", "unsure"]
LEVELS: tuple[Level, ...] = ("sure", "likely", "unsure")


@dataclass(frozen=True, slots=True)
class TableAnswer:
    plan: RowPlan
    cypher: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    level: Level
    reasons: tuple[str, ...]
    documents: tuple[str, ...]
    """Display names of the documents that the rows are of."""
    plain: bool
    """One row of one table is looked up, as it stands in the text."""
    named: str = ""
    """Which of two rows it is that is asked for."""
    note: str = ""
    """What is to be said beside a number of rows: how many of them did not take place."""
    result: int | float | None = None
    """What the values of the rows make, set against each other."""
    kinds: tuple[Column | None, ...] = ()
    """What the values of ``columns`` are, where they are those of a column; as many as these, or none."""


@dataclass(frozen=True, slots=True)
class TableRefusal:
    reason: str


def answer_question(model: TableModel, question: str) -> TableAnswer | TableRefusal:
    comparison = read_comparison(link(model, question), question) if may_compare(question) else None
    if comparison is None and sets_against(question):
        return TableRefusal("it is not understood what is set against what")
    if comparison is not None:
        return _compare(model, comparison)
    cash = read_cash(model, link(model, question), question)
    return (_add_up(model, cash) if cash is not None else None) or _answer(model, question, single=True)


def _add_up(model: TableModel, cash: CashReading) -> TableAnswer | None:
    """What came in, went out, or was left; ``None`` where no row says so."""
    sums = [(name, plan, model.run(*to_sql(plan))[0][0]) for name, plan in cash.plans]
    if sums[0][2] is None:
        return None
    _, plan, value = sums[0]
    both = len(sums) > 1
    rows = tuple((name, each or 0) for name, _, each in sums) if both else ((value,),)
    return TableAnswer(
        plan,
        compared_cypher(model, [(name, each) for name, each, _ in sums]) if both else to_cypher(model, plan),
        ("name", "value") if both else tuple(columns_of(plan)),
        rows,
        truncated=False,
        level="likely",
        reasons=(cash.guess,),
        documents=(model.tables[plan.table].document,),
        plain=False,
        result=round(value - (sums[1][2] or 0), 10) if both else None,
    )


def _compare(model: TableModel, comparison: ValueComparison) -> TableAnswer | TableRefusal:
    for pair in comparison.questions:
        one, other = (_answer(model, question) for question in pair)
        if isinstance(one, TableRefusal) or isinstance(other, TableRefusal):
            continue
        values = [_single_number(one), _single_number(other)]
        if _shape(one.plan) != _shape(other.plan) or values[0] is None or values[1] is None:
            continue
        numbers = [value for value in values if value is not None]
        result = set_against(numbers, comparison.sort)
        if result is not None:
            named = list(zip(comparison.names, (one.plan, other.plan), strict=True))
            return TableAnswer(
                one.plan,
                compared_cypher(model, named),
                ("name", "value"),
                tuple(zip(comparison.names, numbers, strict=True)),
                truncated=False,
                level=max(one.level, other.level, key=LEVELS.index),
                reasons=tuple(dict.fromkeys((*one.reasons, *other.reasons))),
                documents=tuple(dict.fromkeys((*one.documents, *other.documents))),
                plain=False,
                result=result,
            )
    return TableRefusal(
        f"{' and '.join(comparison.names)} have no one number each that could be set against the other's"
    )


def _single_number(answer: TableAnswer) -> int | float | None:
    value = answer.rows[0][-1] if len(answer.rows) == 1 and len(answer.rows[0]) == 1 else None
    return value if isinstance(value, int | float) else None


def _shape(plan: RowPlan) -> tuple[object, ...]:
    """What must be the same for two values to be of one kind; whose they are may be found along different keys."""
    return plan.table, plan.shown, plan.measure, plan.order, plan.having, plan.absent


def _answer(model: TableModel, question: str, *, single: bool = False) -> TableAnswer | TableRefusal:
    """``single``: the sum of one row is its value."""
    readings = read_question(model, question)
    if not readings:
        return TableRefusal("the question names nothing that the tables hold rows or columns of")
    best = readings[0]
    reasons, unsure = list(best.guesses), best.unsure
    if best.unused:
        denied = any(word.casefold() in NEGATIONS or word.endswith(("n't", "n’t")) for word in best.unused)
        if denied or not _is_relation(model, link(model, question), best):
            return TableRefusal(f"the tables do not say what is meant by: {', '.join(best.unused)}")
        reasons.append(f"{best.unused[0]!r} was taken for what joins the two")
        # Of somebody who is not named, any deed could be told.
        unsure = question.casefold().startswith("who ")
    used = _tables(model, best.plan)
    if cut := [table for table in used if not model.tables[table].whole]:
        return TableRefusal(f"{cut[0]} has more rows than the {model.tables[cut[0]].rows:,} that are read")
    if objection := objection_to(model, best.plan, question):
        return TableRefusal(objection)
    wanted = _name_values(model, best, question)
    wanted = _look_up_single(model, wanted) if single else wanted
    standing = standing_of(model, wanted, question)
    table = model.tables[wanted.table]
    telling = {*table.shown, *([table.key] if table.key else [])}
    if standing is not None and (
        best.target == table.name or telling & {one.column for one in wanted.shown if not one.path}
    ):
        wanted = with_standing(model, wanted, standing)
    wanted, repeated_things = tell_once(model, wanted, question)
    wanted, parted = tell_whole_dates(model, wanted, question)
    wanted, left_empty, counted_out = with_blanks(model, wanted)
    reasons += [left_empty] if left_empty else []
    for doubt in filter(None, (repeated_things, parted, counted_out)):
        unsure = True
        reasons.append(doubt)
    plan, rows = _run(model, wanted)
    if not rows:
        return TableRefusal("no row keeps all conditions")
    if plan.measure and not plan.shown and (rows[0][0] is None or (rows[0][0] == 0 and plan.measure[0] == "count")):
        if rows[0][0] is None:
            return TableRefusal("no row keeps all conditions")
        unsure = unsure or bool(reasons)
        reasons.append("no row keeps all conditions")
    if tells_none_apart(model, wanted, len(rows)):
        unsure = True
        reasons.append("the number is the same for all")
    if plan.skip and (len(rows) > 1 or _share_a_place(model, plan)):
        unsure = True
        reasons.append("several have that place")
    if repeated := _repeating_table(model, plan):
        unsure = True
        reasons.append(f"a row of {repeated} counts as often as rows lead to it")
    reasons += _unclear_dates(model, plan)
    counted = plan.measure[1] if plan.measure is not None and plan.measure[0] == "count" else ColumnReference((), "")
    counts = not plan.shown and (counted is None or (not counted.path and counted.column in telling))
    if standing is not None and plan.measure is not None and not counts:
        reasons.append(f"among the rows are {standing}")
    level: Level = "unsure" if unsure else "likely" if reasons else "sure"
    for other in readings[1:TRIED]:
        if not other.unused and best.score - other.score < NEAR and not _agree(rows, _run(model, other.plan)[1]):
            level = "unsure"
            reasons.append(f"it may also mean: {to_cypher(model, other.plan)}")
            break
    documents = tuple(dict.fromkeys(model.tables[table].document for table in used))
    plain = len(used) == 1 and len(rows) == 1 and plan.measure is None and plan.order is None
    plain = plain and len(model.run(*to_sql(replace(plan, distinct=False)), most=2)) == 1
    return TableAnswer(
        plan,
        to_cypher(model, plan),
        tuple(columns_of(plan)),
        tuple(rows),
        truncated=len(rows) >= MOST,
        level=level,
        reasons=tuple(reasons),
        documents=documents,
        plain=plain,
        named=_first_of_two(plan, rows),
        note=f"of which {standing}" if standing is not None and counts else "",
        kinds=_kinds(model, plan),
    )


def _look_up_single(model: TableModel, plan: RowPlan) -> RowPlan:
    """The plan without its sum or average where one row keeps the conditions: its value is looked up."""
    if plan.measure is None or plan.measure[0] == "count" or plan.shown or plan.having or not plan.conditions:
        return plan
    of = plan.measure[1]
    if of is None:
        return plan
    single = replace(plan, measure=None, shown=(of,))
    return single if len(model.run(*to_sql(replace(single, distinct=False)), most=2)) == 1 else plan


def _kinds(model: TableModel, plan: RowPlan) -> tuple[Column | None, ...]:
    """The columns whose values the plan's rows hold; a number of rows is of none."""
    measured = [None if plan.measure[0] == "count" else plan.measure[1]] if plan.measure else []
    ordered = [plan.order] if plan.order and plan.order not in plan.shown else []
    return tuple(None if one is None else _column(model, plan, one) for one in (*plan.shown, *ordered, *measured))


def _column(model: TableModel, plan: RowPlan, one: ColumnReference) -> Column | None:
    """The column; the first of two that are added or set off, where both have one unit."""
    owner = model.tables[one.path[-1].target if one.path else plan.table]
    if not isinstance(one, ComputedColumn):
        return owner.column(one.column)
    left, right = owner.column(one.left), owner.column(one.right)
    return left if left.unit == right.unit and one.sign != "*" else None


def _tables(model: TableModel, plan: RowPlan) -> list[str]:
    of = [*(one.of for one in plan.conditions), *plan.shown, *([plan.order] if plan.order else [])]
    of += [plan.measure[1]] if plan.measure and plan.measure[1] else []
    names = [plan.table, *(key.target for one in of for key in one.path)]
    names += [plan.absent.table] if plan.absent else []
    return list(dict.fromkeys(names))


def _first_of_two(plan: RowPlan, rows: Sequence[tuple[Any, ...]]) -> str:
    if plan.order is None or plan.limit or plan.measure or len(rows) != 2 or rows[0][-1] == rows[1][-1]:
        return ""
    return str(rows[0][0])


def _unclear_dates(model: TableModel, plan: RowPlan) -> list[str]:
    """Dates that read in two ways, in columns by which rows are chosen or put in order."""
    of = [*(one.of for one in plan.conditions), *([plan.order] if plan.order else [])]
    owners = [(one, model.tables[one.path[-1].target if one.path else plan.table]) for one in of]
    columns = [table.column(one.column) for one, table in owners if not isinstance(one, ComputedColumn)]
    return [f"{one.unclear!r} was read with the day first" for one in dict.fromkeys(columns) if one.unclear]


_ASKS_DAYS = re.compile(r"\b(?:which|what) (?:days?|dates?)\b", re.IGNORECASE)


def _name_values(model: TableModel, reading: TableReading, question: str) -> RowPlan:
    """Numbers and dates of several rows are shown with what they are of."""
    plan = reading.plan
    if reading.target or plan.measure or plan.order or len(plan.shown) != 1:
        return plan
    one = plan.shown[0]
    owner = model.tables[one.path[-1].target if one.path else plan.table]
    kind = owner.column(one.column).kind
    if kind not in ("integer", "number", "date") or (kind == "date" and _ASKS_DAYS.search(question)):
        return plan
    if len(_run(model, plan)[1]) < 2:
        return plan
    names = (ColumnReference(one.path, name) for name in owner.shown if name != one.column)
    return tell_apart(model, replace(plan, shown=(*names, one)))


def _run(model: TableModel, plan: RowPlan) -> tuple[RowPlan, list[tuple[Any, ...]]]:
    """The plan with its limit moved behind those that are equal to the last one within it, and its rows."""
    if plan.limit:
        rows = model.run(*to_sql(replace(plan, limit=0)), most=MOST)[plan.skip :]
        end = plan.limit
        while 0 < end < len(rows) and rows[end][-1] == rows[plan.limit - 1][-1] and plan.order not in plan.shown:
            end += 1
        return replace(plan, limit=end), rows[:end]
    return plan, model.run(*to_sql(plan), most=MOST)


def _share_a_place(model: TableModel, plan: RowPlan) -> bool:
    """Whether the row before the one that is told is equal to it, so that people may count them as one place."""
    rows = model.run(*to_sql(replace(plan, skip=0, limit=plan.skip + 1)))
    return len(rows) > plan.skip and rows[-1][-1] == rows[-2][-1]


def _repeating_table(model: TableModel, plan: RowPlan) -> str:
    """The table whose rows are summed up, or averaged, more than once each: a stadium for each of its matches."""
    if plan.measure is None or plan.measure[0] not in ("avg", "sum") or not (of := plan.measure[1]) or not of.path:
        return ""
    key = ColumnReference(of.path, of.path[-1].key)
    rows = replace(plan, shown=(), measure=("count", None), having=None, limit=0)
    counts = [model.run(*to_sql(replace(rows, measure=("count", one))))[0][0] for one in (None, key)]
    return of.path[-1].target if counts[0] > counts[1] else ""


def _agree(rows: Sequence[tuple[Any, ...]], others: Sequence[tuple[Any, ...]]) -> bool:
    """Whether both say the same, be it that one has more columns."""
    if not others:
        return True
    first = {frozenset(map(str, row)) for row in rows}
    second = {frozenset(map(str, row)) for row in others}
    if len(first) != len(second):
        return False
    return all(any(one <= other or other <= one for other in second) for one in first)


def _is_relation(model: TableModel, linked: Linked, reading: TableReading) -> bool:
    """Whether the one word that is left can only be what joins the two things that the question speaks of: a verb
    ("wrote") between two tables that one foreign key, or one table alone, joins."""
    if len(reading.unused) != 1 or not reading.unused[0].isalpha() or reading.unused[0] != reading.unused[0].lower():
        return False
    if reading.unused[0] in DECIDING:
        return False
    at = next(at for at, token in enumerate(linked.tokens) if token.text == reading.unused[0])
    before = linked.tokens[at - 1].text.casefold() if at else ""
    if before not in _BEFORE_VERBS and not any(one.start < at <= one.end for one in linked.links):
        return False
    ends = _ends(model, reading.plan)
    if len(ends) > 2:  # What one of them leads to is a property of it: the tournament of a match.
        led_to = {key.target for name in ends for key in model.tables[name].foreign}
        ends -= led_to
    who = linked.tokens[0].text.casefold() == "who"
    if len(ends) != 2 or (who and not reading.plan.shown[0].path):
        return False
    one, other = sorted(ends)
    direct = [key for a, b in ((one, other), (other, one)) for key in model.tables[a].foreign if key.target == b]
    joining = [
        table.name
        for table in model.tables.values()
        if table.name not in ends and ends <= {key.target for key in table.foreign}
    ]
    return len(direct) + len(joining) == 1


_BEFORE_VERBS = frozenset(("did", "does", "do", "has", "have", "had", "who", "that"))
""""Were" is none: that goals were disallowed says something of them alone."""


def _ends(model: TableModel, plan: RowPlan) -> set[str]:
    """The tables that the question speaks of; one that only joins them is none."""
    of = [*(one.of for one in plan.conditions), *plan.shown, *([plan.order] if plan.order else [])]
    found = {_spoken_of(model, one.path[-1].target if one.path else plan.table, one.column) for one in of}
    if plan.measure is not None:
        counted = plan.measure[1] or ColumnReference((), "")
        owner = model.tables[counted.path[-1].target if counted.path else plan.table]
        key = next((key for key in owner.foreign if key.column == counted.column), None)
        found.add(key.target if key else _spoken_of(model, owner.name, counted.column))
    return found


def _spoken_of(model: TableModel, owner: str, column: str) -> str:
    """The table that a column is really of: ``stadium_name`` of a match is a stadium's; a ``name`` is anybody's."""
    if column in GENERIC:
        return owner
    keys = model.tables[owner].foreign
    own = (key.target for key in keys if any(one.name == column for one in model.tables[key.target].columns))
    return next(own, owner)
