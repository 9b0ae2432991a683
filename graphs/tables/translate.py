"""A question as a plan: every table of the library is tried as the one that answers, and the best reading is kept.

For each table the words that were linked get the meaning that lies nearest to it along its foreign keys; the reading
that uses most of the words over the fewest tables is the best. A plan is valid by construction: it is made of what the
schema has. What a reading does not use is told, and too much of it refuses the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...corpus.phases import phase_of
from ..english.intent import intent_of
from ..english.names import singular
from ..english.words import OF_MONEY, PEOPLE, PLACES, TAILS, number_of
from .absences import read_absence
from .amounts import add_numbers, add_rank, add_years
from .conditions import add_condition, is_modifier, join_alternatives
from .draft import (
    LEAST,
    STEP,
    WHOLE,
    Draft,
    TableReading,
    Target,
    is_code,
    is_count,
    is_key,
    leads_elsewhere,
    root_of,
    support_of,
    unsaid,
)
from .extremes import extreme_of
from .kinds import Column
from .linking import WordLink
from .linking import link as link_words
from .model import Table, TableModel
from .plan import ColumnReference, Condition, RowPlan


def read_question(model: TableModel, question: str) -> list[TableReading]:
    """The readings, best first; none where nothing is asked of a table."""
    linked = link_words(model, question)
    if not linked.links:
        return []
    intent = intent_of(question, linked.tokens)
    if (absence := read_absence(model, linked, intent)) is not None:
        return [absence]
    found = [reading for table in model.tables.values() for reading in _readings(Draft(model, linked, intent, table))]
    best: dict[RowPlan, TableReading] = {}
    for reading in sorted(found, key=lambda one: (-one.score, model.tables[one.plan.table].rows, one.plan.table)):
        best.setdefault(reading.plan, reading)
    return list(best.values())


def _readings(draft: Draft) -> Iterator[TableReading]:
    for target in _targets(draft):
        one = replace(draft, conditions=[], used=set(), guesses=[], score=0.0)
        reading = _with_target(one, *target)
        if reading is not None:
            yield reading


def _targets(draft: Draft) -> Iterator[tuple[WordLink | None, Target]]:
    """The things that may be asked for, with the words that name them."""
    intent, links = draft.intent, draft.linked.links
    ahead = [one for one in links if one.start >= intent.target and one.amount is None]
    if intent.asks:
        yield from _for_question_word(draft)
        if intent.asks != "who":
            return
    if intent.wanted in ("avg", "sum"):
        yield None, Target((), (), 0.0)
    first = ahead[:1]
    if first and intent.superlative and intent.superlative.at in range(intent.target, first[0].start):
        first = ahead[:2]
    for one in first:
        gap = [at for at in range(intent.target, one.start) if at not in intent.used and at not in intent.negations]
        odd = any(number_of(draft.linked.tokens[at].text) is None for at in gap)
        if odd and draft.linked.tokens[gap[0]].text.casefold() != "same" and not intent.asks:
            continue
        for target in _named_targets(draft, one):
            if intent.asks != "who" or (not target.columns and not _has_people(draft, draft.owner(target.path))):
                yield one, target


def _named_targets(draft: Draft, link: WordLink) -> Iterator[Target]:
    for named in link.tables:
        path = draft.way(named.table)
        # "The stock of SKU-1" is what the table's column of that name says, not a row of the table.
        also = any(one.table == named.table == one.column.casefold() for one in link.columns)
        if path is not None and named.fit >= LEAST and not also:
            yield Target(path, (), named.fit - STEP * len(path))
    for name in link.columns:
        path = draft.way(name.table)
        if path is None or name.fit < LEAST:
            continue
        table = draft.model.tables[name.table]
        column = table.column(name.column)
        reference = ColumnReference(path, name.column)
        if column.kind == "boolean":
            if name.fit < WHOLE:
                continue
            yield Target(path, (), name.fit - STEP * len(path), Condition(reference, "=", (1,)))
        elif not is_key(table, name.column) and not is_code(draft, column):
            support = support_of(draft, link, name.table, name.column)
            yield Target(path, (name.column,), name.fit + support - STEP * len(path) - 0.05 - unsaid(draft, column))
    for value in link.values:
        path = draft.way(value.table)
        if path is not None and len(value.columns) == 1 and not draft.linked.tokens[link.start].is_name:
            condition = Condition(ColumnReference(path, value.columns[0]), "=", value.values)
            yield Target(path, (), 0.9 - STEP * len(path), condition)


def _for_question_word(draft: Draft) -> Iterator[tuple[WordLink | None, Target]]:
    asks, table = draft.intent.asks, draft.table
    ways = [(name, path) for name in draft.model.tables if (path := draft.way(name)) is not None]
    for name, path in ways:
        owner = draft.model.tables[name]
        if asks == "who" and _are_people(owner):
            said = any(one.table == name and one.fit > 0.9 for each in draft.linked.links for one in each.tables)
            yield None, Target(path, (), 0.2 * said - STEP * len(path))
        for link in draft.linked.links:
            for one in link.columns:
                kind = owner.column(one.column).kind if one.table == name else "boolean"
                time = kind == "date" or (kind == "integer" and "year" in one.column)
                place = any(word in PLACES for word in one.column.split("_"))
                text = kind in ("text", "category") and not one.column.endswith("_name")
                text = text and all(sample[:1].isalpha() for sample in owner.column(one.column).samples)
                if is_modifier(draft, link) or (one.table == name and leads_elsewhere(owner, one.column)):
                    continue
                if one.fit >= LEAST and (
                    (asks == "when" and time)
                    or (asks == "where" and place)
                    or (asks == "who" and text)
                    or (asks == "much" and kind in ("integer", "number") and not is_key(owner, one.column))
                ):
                    yield link, Target(path, (one.column,), one.fit - STEP * len(path))
    columns = [column for column in table.columns if _answers(asks, column)]
    if asks == "where" and columns:
        yield None, Target((), tuple(one.name for one in columns[:2]), 0.1)
    if asks == "when" and len(columns) == 1:
        yield None, Target((), (columns[0].name,), 0.0, guess=f"{columns[0].name} is when")


def _has_people(draft: Draft, table: Table) -> bool:
    """Whether each row has somebody, who is then asked for: an order has a customer."""
    tables = draft.model.tables
    return not _are_people(table) and any(_are_people(tables[name]) for name in draft.model.paths[table.name])


def _are_people(table: Table) -> bool:
    names = len(table.shown) == 2 and table.shown[0] in ("given_name", "first_name")
    return names or (singular(table.name) in PEOPLE and table.shown in (("name",), ("full_name",)))


def _answers(asks: str, column: Column) -> bool:
    if asks == "where":
        return any(word in PLACES for word in column.name.split("_")) and column.kind in ("text", "category")
    return asks == "when" and (column.kind == "date" or column.name == "year")


def _with_target(draft: Draft, link: WordLink | None, target: Target) -> TableReading | None:
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
    numbers = add_numbers(draft, owner, target)
    measure, order, group = None, None, False
    if intent.superlative is not None:
        extreme = extreme_of(draft, target)
        if extreme is None:
            return None
        measure, order, group = extreme
    having = numbers.having
    if having is not None:
        measure, group = numbers.measure, True
    for one in draft.linked.links:
        if one.amount is None and not draft.used.issuperset(range(one.start, one.end)):
            add_condition(draft, one, target)
    add_years(draft)
    add_rank(draft, target)
    if not join_alternatives(draft):
        return None
    shown = _shown_columns(draft, owner, target)
    wanted = intent.wanted
    if wanted in ("avg", "sum"):
        numeric = [one for one in shown if draft.column(one).kind in ("integer", "number")]
        if not target.columns:
            numeric = [ColumnReference(target.path, one.name) for one in owner.columns if _is_amount(owner, one)]
            if len(numeric) != 1 or not draft.score:
                return None
            draft.guesses.append(f"what is meant is {numeric[0].column}")
            draft.used |= {at for at, token in enumerate(draft.linked.tokens) if token.text.casefold() in OF_MONEY}
        if not numeric:
            return None
        measure, shown = (wanted, numeric[0]), ()
    elif wanted == "count" and not group:
        measurable = bool(target.columns) and draft.column(shown[0]).kind in ("integer", "number")
        if measurable and (phase := phase_of(intent.question)) and (other := _of_phase(owner, phase)):
            shown = (ColumnReference(target.path, other),)
            draft.conditions = [one for one in draft.conditions if one.of != shown[0]]
        if measurable and is_count(shown[0].column):
            pass
        elif measurable:
            draft.score -= 0.2
            measure, shown = ("sum", shown[0]), ()
        elif target.columns:
            measure, shown = ("count", shown[0]), ()
        elif target.condition is not None and (pieces := _pieces_of(draft.table)):
            measure, shown = ("sum", ColumnReference((), pieces)), ()
        elif target.path:
            measure, shown = ("count", ColumnReference(target.path[:-1], target.path[-1].column)), ()
        else:
            measure, shown = ("count", None), ()
    elif wanted == "count" and group:
        return None
    if not shown and measure is None:
        return None
    distinct = bool(target.path or target.columns) or measure is not None or not owner.key
    plan = RowPlan(
        draft.table.name,
        tuple(dict.fromkeys(draft.conditions)),
        shown,
        distinct,
        measure,
        having=having,
        order=order,
        descending=intent.superlative.high if intent.superlative else bool(having),
        limit=intent.limit,
    )
    if not plan.conditions and measure is None and order is None and (target.columns or len(draft.linked.links) > 1):
        draft.score -= 0.5
    return _finish(draft, plan, "" if target.columns or not shown else owner.name)


_PIECES = frozenset(("quantity", "qty", "pieces", "units", "copies", "anzahl", "menge", "stück"))


def _pieces_of(table: Table) -> str:
    """The column that says how many of a thing a row is about: "how many oars" are its sum, not the rows."""
    found = [
        one.name for one in table.columns if one.kind in ("integer", "number") and _PIECES & {*one.name.split("_")}
    ]
    return found[0] if len(found) == 1 else ""


def _of_phase(table: Table, phase: str) -> str:
    """The only column that says what is left, or what was taken, of an amount."""
    found = [one.name for one in table.columns if one.kind in ("integer", "number") and phase_of(one.name) == phase]
    return found[0] if len(found) == 1 else ""


_AMOUNTS = frozenset("amount price cost fee total sum payment salary wage revenue income paid balance value".split())  # noqa: SIM905


def _is_amount(table: Table, column: Column) -> bool:
    """A number that is summed up where a question names the table alone: "fees in total"."""
    return (
        column.kind in ("integer", "number")
        and not is_key(table, column.name)
        and bool(_AMOUNTS & {*column.name.split("_")})
    )


def _finish(draft: Draft, plan: RowPlan, target: str) -> TableReading:
    tokens, intent = draft.linked.tokens, draft.intent
    said_nothing = draft.used | intent.used | intent.negations
    ends = {one.end for one in draft.linked.links if any(name.fit >= WHOLE for name in one.columns)}
    unused = [
        at
        for at in range(len(tokens))
        if at not in said_nothing and not (at in ends and tokens[at].text.casefold() in TAILS)
    ]
    own = not target or target == draft.table.name
    unused += [at for at in intent.negations if not (own and _negates(draft, at))]
    ways = {one.of.path for one in plan.conditions} | {one.path for one in plan.shown}
    said = max((one.fit for each in draft.linked.links for one in each.tables if one.table == plan.table), default=0.0)
    near = any(not one.of.path for one in plan.conditions) or any(not one.path for one in plan.shown)
    score = (
        draft.score - 1.0 * len(unused) - 0.05 * sum(map(len, ways)) + 0.3 * said - 0.2 * (not near and said < LEAST)
    )
    score -= 0.15 * len(draft.guesses)
    return TableReading(plan, score, tuple(tokens[at].text for at in sorted(set(unused))), tuple(draft.guesses), target)


def _negates(draft: Draft, at: int) -> bool:
    """Whether a negation stands before a truth value that it turned around, or before a column whose cell is empty.
    Otherwise "never" is about all rows of something."""
    if any(one.is_blank and one.operator == "=" and not one.of.path for one in draft.conditions):
        near = range(at + 1, at + 4)
        return any(one.start in near and set(range(one.start, one.end)) <= draft.used for one in draft.linked.links)
    if draft.linked.tokens[at].text.casefold() not in ("not", "no", "without", "non"):
        return False
    near = range(at + 1, at + 4)
    for one in draft.linked.links:
        if one.start in near and set(range(one.start, one.end)) <= draft.used:
            return any(
                each.operator == "<>" or (draft.column(each.of).kind == "boolean" and each.values == (0,))
                for each in draft.conditions
            )
    return False


def _shown_columns(draft: Draft, owner: Table, target: Target) -> tuple[ColumnReference, ...]:
    if target.columns:
        names = list(target.columns)
    else:
        key = [owner.key] if owner.key.startswith(root_of(owner)) and owner.key not in owner.shown else []
        names = [*key, *owner.shown] or [column.name for column in owner.columns[:3]]
        denied = {one.of.column for one in draft.conditions if one.operator == "<>" and one.of.path == target.path}
        if owner.key and denied >= set(names):  # what was said of them does not tell which they are
            names = [owner.key, *names]
    return tuple(ColumnReference(target.path, name) for name in names)
