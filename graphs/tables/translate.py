"""A question as a plan: every table of the library is tried as the one that answers, and the best reading is kept.

For each table the words that were linked get the meaning that lies nearest to it along its foreign keys; the reading
that uses most of the words over the fewest tables is the best. A plan is valid by construction: it is made of what the
schema has. What a reading does not use is told, and too much of it refuses the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from .english import ORDINALS, PLACES, number_of, root
from .intent import Intent, intent_of
from .kinds import Column, Value
from .linking import ColumnName, Link, Linked
from .linking import link as link_words
from .model import CellValue, Table, TableModel
from .plan import Condition, Function, Path, Plan, Reference

STEP, UNSAID = 0.12, 0.06
"""What a step along a foreign key costs, and a word of a column's name that was not said."""
LEAST = 0.44
"""Of a name that must have been said for it to be meant."""
WHOLE = 0.9
"""Of the name of a truth value, which is a condition."""


@dataclass(frozen=True, slots=True)
class Reading:
    plan: Plan
    score: float
    unused: tuple[str, ...]
    """Words of the question that say something and were not used."""
    guesses: tuple[str, ...] = ()
    """What was taken for granted, each a phrase."""
    target: str = ""
    """The table whose rows are told; empty for a value."""


@dataclass
class _Draft:
    """A reading that is being made, with ``table`` as the one that answers."""

    model: TableModel
    linked: Linked
    intent: Intent
    table: Table
    conditions: list[Condition] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    score: float = 0.0
    guesses: list[str] = field(default_factory=list)

    def way(self, name: str) -> Path | None:
        ways = self.model.paths[self.table.name].get(name)
        if not ways:
            return None
        # A way whose keys are named after what they lead to is the plain one; HOME_TEAM has to be said.
        said = {token.root for token in self.linked.tokens}
        return min(ways, key=lambda way: sum(self._marked(key.type, said) for key in way))

    def _marked(self, kind: str, said: set[str]) -> float:
        if kind.startswith("OF_"):
            return 0.0
        words = [root(word) for word in kind.split("_")]
        return 1.0 - 2.0 * all(word in said for word in words) if words else 1.0

    def owner(self, path: Path) -> Table:
        return self.model.tables[path[-1].target] if path else self.table

    def column(self, one: Reference) -> Column:
        return self.owner(one.path).column(one.column)

    def use(self, link: Link, worth: float) -> None:
        self.used.update(range(link.start, link.end))
        self.score += worth * (link.end - link.start)


def read_question(model: TableModel, question: str) -> list[Reading]:
    """The readings, best first; none where nothing is asked of a table."""
    linked = link_words(model, question)
    if not linked.links:
        return []
    intent = intent_of(question, linked.tokens)
    found = [reading for table in model.tables.values() for reading in _readings(_Draft(model, linked, intent, table))]
    best: dict[Plan, Reading] = {}
    for reading in sorted(found, key=lambda one: (-one.score, model.tables[one.plan.table].rows, one.plan.table)):
        best.setdefault(reading.plan, reading)
    return list(best.values())


def _readings(draft: _Draft) -> Iterator[Reading]:
    for target in _targets(draft):
        one = replace(draft, conditions=[], used=set(), guesses=[], score=0.0)
        reading = _with_target(one, *target)
        if reading is not None:
            yield reading


@dataclass(frozen=True, slots=True)
class _Target:
    """The thing that is asked for: rows of the table at ``path``, or ``columns`` of it."""

    path: Path
    columns: tuple[str, ...]
    worth: float
    condition: Condition | None = None
    guess: str = ""


def _targets(draft: _Draft) -> Iterator[tuple[Link | None, _Target]]:
    """The things that may be asked for, with the words that name them."""
    intent, links = draft.intent, draft.linked.links
    ahead = [one for one in links if one.start >= intent.target and one.amount is None]
    if intent.asks:
        yield from _for_question_word(draft)
        if intent.asks != "who":
            return
    first = ahead[:1]
    if first and intent.superlative and intent.superlative.at in range(intent.target, first[0].start):
        first = ahead[:2]
    for one in first:
        gap = [at for at in range(intent.target, one.start) if at not in intent.used and at not in intent.negations]
        if gap and draft.linked.tokens[gap[0]].text.casefold() not in ("same",) and not intent.asks:
            if any(number_of(draft.linked.tokens[at].text) is None for at in gap):
                continue
        for target in _named_targets(draft, one):
            if intent.asks != "who" or not target.columns:
                yield one, target


def _named_targets(draft: _Draft, link: Link) -> Iterator[_Target]:
    for name in link.tables:
        path = draft.way(name.table)
        if path is not None and name.fit >= LEAST:
            yield _Target(path, (), name.fit - STEP * len(path))
    for name in link.columns:
        path = draft.way(name.table)
        if path is None or name.fit < LEAST:
            continue
        table = draft.model.tables[name.table]
        column = table.column(name.column)
        reference = Reference(path, name.column)
        if column.kind == "boolean":
            if name.fit < WHOLE:
                continue
            yield _Target(path, (), name.fit - STEP * len(path), Condition(reference, "=", (1,)))
        elif not _is_key(table, name.column) and not _is_code(draft, column):
            support = _support(draft, link, name.table, name.column)
            yield _Target(path, (name.column,), name.fit + support - STEP * len(path) - 0.05 - _unsaid(draft, column))
    for value in link.values:
        path = draft.way(value.table)
        if path is not None and len(value.columns) == 1 and not draft.linked.tokens[link.start].is_name:
            condition = Condition(Reference(path, value.columns[0]), "=", value.values)
            yield _Target(path, (), 0.9 - STEP * len(path), condition)


def _is_code(draft: _Draft, column: Column) -> bool:
    """Codes are asked for by that word only."""
    last = column.name.rpartition("_")[2]
    return last in ("code", "id", "key", "link", "url") and root(last) not in {one.root for one in draft.linked.tokens}


def _support(draft: _Draft, link: Link, table: str, column: str) -> float:
    """How much the rest of the question says of this column: "in what year was it introduced"."""
    others = (one for one in draft.linked.links if one is not link)
    return sum(0.5 * name.fit for one in others for name in one.columns if (name.table, name.column) == (table, column))


def _for_question_word(draft: _Draft) -> Iterator[tuple[Link | None, _Target]]:
    asks, table = draft.intent.asks, draft.table
    ways = [(name, path) for name in draft.model.tables if (path := draft.way(name)) is not None]
    for name, path in ways:
        owner = draft.model.tables[name]
        if asks == "who" and len(owner.shown) == 2 and owner.shown[0] in ("given_name", "first_name"):
            said = any(one.table == name and one.fit > 0.9 for each in draft.linked.links for one in each.tables)
            yield None, _Target(path, (), 0.2 * said - STEP * len(path))
        for link in draft.linked.links:
            for one in link.columns:
                kind = owner.column(one.column).kind if one.table == name else "boolean"
                time = kind == "date" or (kind == "integer" and "year" in one.column)
                place = any(word in PLACES for word in one.column.split("_"))
                text = kind in ("text", "category") and not one.column.endswith("_name")
                text = text and all(sample[:1].isalpha() for sample in owner.column(one.column).samples)
                if _is_modifier(draft, link):
                    continue
                if one.fit >= LEAST and (
                    (asks == "when" and time) or (asks == "where" and place) or (asks == "who" and text)
                ):
                    yield link, _Target(path, (one.column,), one.fit - STEP * len(path))
    columns = [column for column in table.columns if _answers(asks, column)]
    if asks == "where" and columns:
        yield None, _Target((), tuple(one.name for one in columns[:2]), 0.1)
    if asks == "when" and len(columns) == 1:
        yield None, _Target((), (columns[0].name,), 0.0, guess=f"{columns[0].name} is when")


def _answers(asks: str, column: Column) -> bool:
    if asks == "where":
        return any(word in PLACES for word in column.name.split("_")) and column.kind in ("text", "category")
    return asks == "when" and (column.kind == "date" or column.name == "year")


def _with_target(draft: _Draft, link: Link | None, target: _Target) -> Reading | None:
    intent = draft.intent
    if target.condition is not None:
        draft.conditions.append(target.condition)
    if link is not None:
        draft.use(link, target.worth)
    else:
        draft.score += target.worth
    if target.guess:
        draft.guesses.append(target.guess)
    if not target.path and not target.columns:
        draft.score += 0.15 + 0.05 * draft.table.key.startswith(root_of(draft.table))
    owner = draft.owner(target.path)
    numbers = _numbers(draft, owner, target)
    measure, order, group = None, None, False
    if intent.superlative is not None:
        extreme = _extreme(draft, target)
        if extreme is None:
            return None
        measure, order, group = extreme
    having = numbers.having
    if having is not None:
        measure, group = numbers.measure, True
    for one in draft.linked.links:
        if one.amount is None and not draft.used.issuperset(range(one.start, one.end)):
            _condition(draft, one, target)
    _years(draft)
    _rank(draft, target)
    shown = _shown(draft, owner, target)
    wanted = intent.wanted
    if wanted in ("avg", "sum"):
        numeric = [one for one in shown if draft.column(one).kind in ("integer", "number")]
        if not target.columns or not numeric:
            return None
        measure, shown = (wanted, numeric[0]), ()
    elif wanted == "count" and not group:
        numeric = bool(target.columns) and draft.column(shown[0]).kind in ("integer", "number")
        if numeric and _is_count(shown[0].column):
            pass
        elif numeric:
            draft.score -= 0.2
            measure, shown = ("sum", shown[0]), ()
        elif target.columns:
            measure, shown = ("count", shown[0]), ()
        elif target.path:
            measure, shown = ("count", Reference(target.path[:-1], target.path[-1].column)), ()
        else:
            measure, shown = ("count", None), ()
    elif wanted == "count" and group:
        return None
    if not shown and measure is None:
        return None
    distinct = bool(target.path or target.columns) or measure is not None or not _has_own_key(owner)
    plan = Plan(
        draft.table.name,
        tuple(dict.fromkeys(draft.conditions)),
        shown,
        distinct,
        measure,
        having,
        order,
        intent.superlative.high if intent.superlative else bool(having),
        intent.limit,
    )
    if not plan.conditions and measure is None and order is None and (target.columns or len(draft.linked.links) > 1):
        draft.score -= 0.5
    return _finish(draft, plan, "" if target.columns or not shown else owner.name)


def _finish(draft: _Draft, plan: Plan, target: str) -> Reading:
    tokens, intent = draft.linked.tokens, draft.intent
    said_nothing = draft.used | intent.used | intent.negations
    unused = [at for at in range(len(tokens)) if at not in said_nothing]
    own = not target or target == draft.table.name
    unused += [at for at in intent.negations if not (own and _negates(draft, at))]
    ways = {one.of.path for one in plan.conditions} | {one.path for one in plan.shown}
    said = max((one.fit for each in draft.linked.links for one in each.tables if one.table == plan.table), default=0.0)
    near = any(not one.of.path for one in plan.conditions) or any(not one.path for one in plan.shown)
    score = (
        draft.score - 1.0 * len(unused) - 0.05 * sum(map(len, ways)) + 0.3 * said - 0.2 * (not near and said < LEAST)
    )
    score -= 0.15 * len(draft.guesses)
    return Reading(plan, score, tuple(tokens[at].text for at in sorted(set(unused))), tuple(draft.guesses), target)


def _negates(draft: _Draft, at: int) -> bool:
    """Whether a negation stands before a truth value that it turned around. "Never" is about all rows of something."""
    if draft.linked.tokens[at].text.casefold() not in ("not", "no", "without", "non"):
        return False
    near = range(at + 1, at + 4)
    for one in draft.linked.links:
        if one.start in near and set(range(one.start, one.end)) <= draft.used:
            return any(draft.column(each.of).kind == "boolean" and each.values == (0,) for each in draft.conditions)
    return False


def _has_own_key(table: Table) -> bool:
    return bool(table.key)


def _is_count(column: str) -> bool:
    return column.startswith(("count", "number", "num_", "total")) or column.endswith(("count", "number"))


def _shown(draft: _Draft, owner: Table, target: _Target) -> tuple[Reference, ...]:
    if target.columns:
        names = list(target.columns)
    else:
        key = [owner.key] if owner.key.startswith(root_of(owner)) and owner.key not in owner.shown else []
        names = [*key, *owner.shown] or [column.name for column in owner.columns[:3]]
    return tuple(Reference(target.path, name) for name in names)


def root_of(table: Table) -> str:
    """How the names of the table's own columns begin."""
    from .keys import singular

    return singular(table.name)


# --- what conditions the words make


def _condition(draft: _Draft, link: Link, target: _Target) -> None:
    """Takes the meaning of these words that lies nearest, where there is one."""
    if link.everything:
        draft.use(link, 0.5)
        return
    best: tuple[float, Condition | None] | None = None
    for value in _joined(link.values):
        for one in _value_meanings(draft, link, value):
            best = one if best is None or one[0] > best[0] else best
    for name in link.columns:
        path = draft.way(name.table)
        if path is None or name.fit < LEAST:
            continue
        column = draft.model.tables[name.table].column(name.column)
        if column.kind == "boolean" and name.fit < WHOLE:
            continue
        if column.kind == "boolean":
            truth = 0 if draft.intent.negated & set(range(link.start, link.end)) else 1
            worth = name.fit - STEP * len(path) - 0.02
            meaning = (worth, Condition(Reference(path, name.column), "=", (truth,)))
        elif _is_modifier(draft, link):
            continue
        else:
            meaning = (0.9 * name.fit - STEP * len(path), None)
        best = meaning if best is None or meaning[0] > best[0] else best
    for name in link.tables:
        path = draft.way(name.table)
        if path is not None and name.fit >= LEAST:
            worth = name.fit - STEP * len(path) + 0.1 * (not path)
            best = (worth, None) if best is None or worth > best[0] else best
    if best is not None:
        if best[1] is not None:
            draft.conditions.append(best[1])
        draft.use(link, best[0])


def _is_modifier(draft: _Draft, link: Link) -> bool:
    """Whether the words say which of what follows is meant ("the winning goal"), so that they must be a condition."""
    names_table = any(one.fit >= WHOLE for one in link.tables)
    follows = any(one.start == link.end and not one.amount for one in draft.linked.links)
    return not names_table and follows and not any(one.end == link.start for one in draft.linked.links)


def _joined(values: Sequence[CellValue]) -> list[tuple[str, tuple[str, ...], tuple[tuple[Value, ...], ...]]]:
    """The values of each column: several where a name is a part of several."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[Value, ...]]] = {}
    for one in values:
        found.setdefault((one.table, one.columns), []).append(one.values)
    return [(table, columns, tuple(each)) for (table, columns), each in found.items()]


def _value_meanings(
    draft: _Draft, link: Link, value: tuple[str, tuple[str, ...], tuple[tuple[Value, ...], ...]]
) -> Iterator[tuple[float, Condition]]:
    name, columns, values = value
    for path in draft.model.paths[draft.table.name].get(name, ()):
        if len(path) > 2 and not draft.model.tables[name].shown == columns:
            continue
        table = draft.model.tables[name]
        own = columns == table.shown or (columns == (table.key,))
        role = max((_support(draft, link, name, column) for column in columns), default=0.0)
        worth = 1.05 - STEP * len(path) + 0.1 * own + min(0.4, role)
        worth -= sum(_unsaid(draft, table.column(column)) for column in columns)
        worth += 0.2 * (name in _noun_before(draft, link))
        said = {token.root for token in draft.linked.tokens}
        worth -= 0.15 * sum(max(0.0, draft._marked(key.type, said)) for key in path)
        if len(columns) == 1:
            yield worth, Condition(Reference(path, columns[0]), "=", tuple(dict.fromkeys(one[0] for one in values)))
        elif len(values) == 1:
            key = table.key if table.shown == columns and table.key else ""
            yield worth, _person(draft, path, table, columns, values[0], key)


def _noun_before(draft: _Draft, link: Link) -> set[str]:
    """The tables that the words before a value name: in "stadiums in France" the country is a stadium's."""
    before = [one for one in draft.linked.links if one.end <= link.start and link.start - one.end <= 2]
    return {name.table for one in before[-1:] for name in one.tables if name.fit >= WHOLE}


def _person(
    draft: _Draft, path: Path, table: Table, columns: tuple[str, ...], values: tuple[Value, ...], key: str
) -> Condition:
    """A condition on one column says who it is where the names are one person's; the family name first."""
    for column, value in zip(reversed(columns), reversed(values), strict=True):
        tests = " AND ".join(f'"{one}" = ?' for one in columns)
        both = draft.model.run(f'SELECT count(*) FROM "{table.name}" WHERE {tests}', values)[0][0]  # noqa: S608
        alone = draft.model.run(f'SELECT count(*) FROM "{table.name}" WHERE "{column}" = ?', (value,))[0][0]  # noqa: S608
        if both == alone:
            return Condition(Reference(path, column), "=", (value,))
    other = Condition(Reference(path, columns[0]), "=", (values[0],))
    if other not in draft.conditions:
        draft.conditions.append(other)
    return Condition(Reference(path, columns[1]), "=", (values[1],))


def _unsaid(draft: _Draft, column: Column) -> float:
    """Words of a column's name that the question does not have; those that name a table say less."""
    said = {token.root for token in draft.linked.tokens}
    tables = {root(word) for name in draft.model.tables for word in [root_of(draft.model.tables[name])]}
    words = [root(word) for word in column.name.split("_") if word != "name"]
    return sum((0.02 if word in tables else UNSAID) for word in words if word not in said)


# --- numbers


@dataclass(frozen=True, slots=True)
class _Counted:
    having: tuple[str, int] | None = None
    measure: tuple[Function, Reference | None] | None = None


def _numbers(draft: _Draft, owner: Table, target: _Target) -> _Counted:
    """Makes conditions of amounts, and of numbers before what is counted ("with 32 teams")."""
    counted = _Counted()
    links = draft.linked.links
    for link in links:
        if link.amount is None:
            continue
        before = next((one for one in reversed(links) if one.end <= link.start and link.start - one.end <= 3), None)
        after = next((one for one in links if 0 <= one.start - link.end <= 1), None)
        value = link.amount.value
        column = _measured(draft, before, value) if before is not None else None
        if column is None and after is not None and isinstance(value, int):
            column = _counting_column(draft, after, target) or _measured(draft, after, value)
            if column is not None:
                draft.use(after, 0.9)
            else:
                measure = _count_of(draft, after, target)
                if measure is not None:
                    draft.use(link, 0.8)
                    counted = _Counted((link.amount.operator, value), measure)
                    continue
        elif column is not None and before is not None:
            draft.use(before, 0.9)
        if column is None:
            column = _only_time(draft, target, value)
        times = [at for at in range(link.end, link.end + 1) if at < len(draft.linked.tokens)]
        if column is None and isinstance(value, int) and target.path and times:
            if draft.linked.tokens[times[0]].text.casefold() == "times":
                draft.used |= {*times}
                draft.use(link, 0.8)
                counted = _Counted((link.amount.operator, value), ("count", None))
                continue
        if column is not None:
            draft.conditions.append(_compared(draft, column, link.amount.operator, value))
            draft.use(link, 0.9 - STEP * len(column.path))
    for at, token in enumerate(draft.linked.tokens):
        number = number_of(token.text)
        before = next((one for one in links if one.end == at and one.amount is None), None)
        if number is not None and before is not None and not _is_linked(links, at):
            column = _measured(draft, before, number, WHOLE)
            if column is not None and draft.column(column).kind != "date":
                draft.conditions.append(Condition(column, "=", (number,)))
                draft.used.add(at)
                draft.use(before, 0.9)
                continue
        after = next((one for one in links if one.start == at + 1), None)
        if isinstance(number, int) and number < 1_000 and after is not None and not _is_linked(links, at):
            column = _counting_column(draft, after, target)
            if column is not None and draft.intent.limit <= 1:
                draft.conditions.append(Condition(column, "=", (number,)))
                draft.used.add(at)
                draft.use(after, 0.9)
    return counted


def _is_linked(links: Sequence[Link], at: int) -> bool:
    return any(one.start <= at < one.end for one in links)


def _compared(draft: _Draft, column: Reference, operator: str, value: float | str) -> Condition:
    """A year compared with a date means its first day, or the first of the next."""
    if draft.column(column).kind == "date" and isinstance(value, int):
        next_year = operator in (">", "<=")
        operator = {">": ">=", "<=": "<"}.get(operator, operator)
        value = f"{value + next_year:04d}-01-01"
    return Condition(column, operator, (value,))  # type: ignore[arg-type]


def _fits_value(column: Column, value: float | str) -> bool:
    if column.kind == "date":
        return isinstance(value, str) or (isinstance(value, int) and 1000 <= value <= 2100)
    return column.kind in ("integer", "number") and not isinstance(value, str)


def _measured(draft: _Draft, link: Link, value: float | str, least: float = LEAST) -> Reference | None:
    """The column of numbers or dates that the words before an amount name."""
    found = [
        (name.fit - STEP * len(path), Reference(path, name.column))
        for name in link.columns
        if (path := draft.way(name.table)) is not None
        and name.fit >= least
        and _fits_value(draft.model.tables[name.table].column(name.column), value)
        and not _is_key(draft.model.tables[name.table], name.column)
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _counting_column(draft: _Draft, link: Link, target: _Target) -> Reference | None:
    """A column that counts what the words name: ``count_teams``."""
    found = [
        (STEP * len(path), Reference(path, name.column))
        for name in link.columns
        if (path := draft.way(name.table)) is not None
        and (path == () or path != target.path)
        and _is_count(name.column)
        and draft.model.tables[name.table].column(name.column).kind == "integer"
        and name.fit >= 0.9
    ]
    return min(found, key=lambda one: one[0])[1] if found else None


def _count_of(draft: _Draft, link: Link, target: _Target) -> tuple[Function, Reference | None] | None:
    """What "more than two finals" counts: rows of the table itself, or different things that they lead to."""
    if not target.path and not target.columns:
        return None
    for name in link.tables:
        if name.fit >= 0.9:
            path = draft.way(name.table)
            if path == ():
                draft.use(link, 1.0)
                return "count", None
            if path is not None and path != target.path:
                draft.use(link, 1.0 - STEP * len(path))
                return "count", Reference(path[:-1], path[-1].column)
    held = len(draft.conditions)
    _condition(draft, link, target)
    if len(draft.conditions) > held and not draft.conditions[-1].of.path:
        return "count", None
    del draft.conditions[held:]
    return None


def _only_time(draft: _Draft, target: _Target, value: float | str) -> Reference | None:
    """The column that says when, where the table has one alone."""
    if not (isinstance(value, str) or (isinstance(value, int) and 1000 <= value <= 2100)):
        return None
    for path in dict.fromkeys((target.path, ())):
        times = [one for one in draft.owner(path).columns if one.kind == "date" or one.name == "year"]
        years = [one for one in times if one.name == "year" and isinstance(value, int)]
        if len(times) == 1 or years:
            one = (years or times)[0]
            draft.guesses.append(f"the time is {one.name}")
            return Reference(path, one.name)
    return None


def _years(draft: _Draft) -> None:
    """A year that stands alone ("the 1998 final"): of the column of time that the question names, or the nearest."""
    for at, token in enumerate(draft.linked.tokens):
        if at in draft.used or not re.fullmatch(r"1\d{3}|20\d\d", token.text):
            continue
        found = []
        for name, table in draft.model.tables.items():
            path = draft.way(name)
            for column in table.columns if path is not None else ():
                year = column.kind == "integer" and "year" in column.name.split("_")
                said = max((one.fit for one in _said(draft, name, column.name)), default=0.0)
                if (year or column.kind == "date") and (said >= LEAST or column.name == "year"):
                    found.append((0.5 * said - STEP * len(path or ()), Reference(path or (), column.name)))
        dates = [one for one in draft.table.columns if one.kind == "date"]
        if not found and len(dates) == 1:
            found = [(-0.1, Reference((), dates[0].name))]
        if found:
            worth, reference = max(found, key=lambda one: one[0])
            year_of = int(token.text)
            if draft.column(reference).kind == "date":
                draft.conditions.append(Condition(reference, ">=", (f"{year_of}-01-01",)))
                draft.conditions.append(Condition(reference, "<", (f"{year_of + 1}-01-01",)))
            else:
                draft.conditions.append(Condition(reference, "=", (year_of,)))
            draft.used.add(at)
            draft.score += 0.9 + worth


def _said(draft: _Draft, table: str, column: str) -> list[ColumnName]:
    names = [name for one in draft.linked.links for name in one.columns]
    return [name for name in names if (name.table, name.column) == (table, column)]


def _rank(draft: _Draft, target: _Target) -> None:
    """ "Finished first": a column that holds the rank."""
    tokens = draft.linked.tokens
    for at, token in enumerate(tokens[1:], start=1):
        word = token.text.casefold()
        if word in ORDINALS and ORDINALS[word] > 0 and tokens[at - 1].root in _RANKING:
            names = [one.name for one in draft.table.columns if one.kind == "integer" and one.name in _RANKS]
            if len(names) == 1:
                draft.conditions.append(Condition(Reference((), names[0]), "=", (ORDINALS[word],)))
                draft.used |= {at, at - 1}
                draft.score += 0.9


_RANKING = {root(word) for word in ("finished", "came", "ranked", "placed", "ended")}
_RANKS = ("position", "rank", "place", "standing", "ranking")


# --- extremes

_Extreme = tuple[tuple[Function, Reference | None] | None, Reference | None, bool]
"""What is measured, what is ordered by, and whether rows are grouped for it."""


def _extreme(draft: _Draft, target: _Target) -> _Extreme | None:
    superlative = draft.intent.superlative
    assert superlative is not None
    after = [one for one in draft.linked.links if 0 <= one.start - superlative.at - 1 <= 2 and one.amount is None]
    if superlative.counts:
        return _most(draft, target, after[0]) if after else None
    owner = draft.owner(target.path)
    if superlative.by:
        columns = [one for one in owner.columns if one.kind in ("integer", "number")]
        named_so = [one for one in columns if set(superlative.by) & set(one.name.split("_"))]
        return (None, Reference(target.path, named_so[0].name), False) if len(named_so) == 1 else None
    kinds = ("date",) if superlative.time else ("integer", "number")
    named = [
        (name.fit - STEP * len(path) - 0.01 * (one.start - superlative.at), one, Reference(path, name.column))
        for one in draft.linked.links
        if one.start >= superlative.at or superlative.time
        for name in one.columns
        if (path := draft.way(name.table)) is not None
        and name.fit >= LEAST
        and (
            draft.model.tables[name.table].column(name.column).kind in kinds
            or (superlative.time and "year" in name.column)
        )
        and not _is_key(draft.model.tables[name.table], name.column)
    ]
    if named:
        worth, one, reference = max(named, key=lambda each: each[0])
        if target.columns != (reference.column,):
            draft.use(one, worth)
            return None, reference, False
        if target.path == reference.path:
            draft.use(one, worth)
            return None, reference, False
    if superlative.time:
        times = [one for one in owner.columns if one.kind == "date" or one.name == "year"]
        births = [one for one in times if root("birth") in map(root, one.name.split("_"))]
        word = draft.linked.tokens[superlative.at].text.casefold()
        people = word in ("oldest", "youngest")
        fitting = births if people else [one for one in times if one.name == "year"] or times
        if len(fitting) == 1 and not target.columns:
            return None, Reference(target.path, fitting[0].name), False
        return None
    numbers = [one for one in owner.columns if one.kind in ("integer", "number") and not _is_count(one.name)]
    if superlative.size and len(numbers) == 1 and not target.columns:
        draft.guesses.append(f"the size is {numbers[0].name}")
        return None, Reference(target.path, numbers[0].name), False
    return None


def _is_key(table: Table, column: str) -> bool:
    return column == table.key or any(key.column == column for key in table.foreign)


def _most(draft: _Draft, target: _Target, link: Link) -> _Extreme | None:
    """ "The most goals": a column that counts them, or how many rows there are for each thing that is asked for."""
    counting = _counting_column(draft, link, target)
    if counting is not None and counting.path == target.path:
        draft.use(link, 1.0)
        return None, counting, False
    plain = [
        name
        for name in link.columns
        if name.fit > 0.9
        and (path := draft.way(name.table)) is not None
        and path == target.path
        and not target.columns
        and draft.model.tables[name.table].column(name.column).kind in ("integer", "number")
        and not _is_key(draft.model.tables[name.table], name.column)
    ]
    if plain and target.path == ():
        draft.use(link, 0.8)
        return None, Reference(target.path, plain[0].column), False
    if target.columns and _is_count(target.columns[0]):
        return None
    measure = _count_of(draft, link, target)
    return (measure, None, True) if measure is not None else None
