"""Rows to which no row of another table leads: "Which patients have never had a visit?", "Who has no orders?", "Which
juniors have never paid for storage?".

Read before anything else, since a negation about another table turns the question around: what stands before it says
which rows are asked for, what stands behind it which rows must not be there, and every word must be understood as one
of the two or as one that says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..english.intent import Intent
from ..english.words import kin, root
from .amounts import add_years
from .conditions import add_condition
from .draft import WHOLE, Draft, TableReading, Target, root_of
from .model import ForeignKey, Table, TableModel
from .plan import Absence, ColumnReference, Condition, RowPlan
from .times import compare
from .word_links import Linked, WordLink

_DENIALS = frozenset(
    ("never", "no", "not", "without", "any", "anything", "anyone", "ever", "yet", "single", "none", "n't", "nothing")
)
_LIGHT = frozenset(
    """
    had have has having been made done received placed with there at all paid bought got seen used taken given a an
    """.split()  # noqa: SIM905
)
_NAMES = ("given_name", "first_name", "name", "full_name", "last_name", "family_name")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The rows that are asked for, as the words before the negation say."""

    table: Table
    words: frozenset[int]
    conditions: tuple[Condition, ...] = ()


@dataclass
class _Missing:
    """The rows that must not be there, as the words behind the negation say."""

    words: set[int] = field(default_factory=set)
    conditions: list[Condition] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    is_said: bool = False
    """Whether the table is named, or a thing that its rows lead to."""
    is_named: bool = False


def read_absence(model: TableModel, linked: Linked, intent: Intent) -> TableReading | None:
    """``None`` where the question is of another kind, or one of its words is not understood."""
    words = [token.text.casefold() for token in linked.tokens]
    at = next((n for n in sorted(intent.negations) if words[n] != "nor"), None)
    if at is None or intent.superlative is not None or intent.group is not None or intent.wanted in ("avg", "sum"):
        return None
    found: list[tuple[int, int, int, _Asked, Table, ForeignKey, _Missing]] = []
    for asked in _candidates(model, linked, intent, at):
        for other, key in _leading_to(model, asked.table):
            missing = _missing(model, linked, intent, at, asked=asked, leading=(other, key))
            if missing is not None:
                found.append((len(missing.guesses), -missing.is_said, len(found), asked, other, key, missing))
    if not found:
        return None
    *_, asked, other, key, missing = min(found)
    if missing.guesses and sum(one[0] == len(missing.guesses) for one in found) > 1:
        return None
    absent = Absence(other.name, key, tuple(missing.conditions))
    return _reading(intent, asked, absent, missing)


def _reading(intent: Intent, asked: _Asked, absent: Absence, missing: _Missing) -> TableReading:
    counted = intent.wanted == "count"
    plan = RowPlan(
        asked.table.name,
        asked.conditions,
        shown=() if counted else tuple(ColumnReference((), name) for name in _telling_columns(asked.table)),
        distinct=counted,
        measure=("count", None) if counted else None,
        absent=absent,
    )
    guesses, unsure = tuple(missing.guesses), bool(missing.guesses) and not missing.is_said
    return TableReading(plan, 9.0, (), guesses, asked.table.name, unsure=unsure)


def _candidates(model: TableModel, linked: Linked, intent: Intent, at: int) -> Iterator[_Asked]:
    """The tables whose rows may be asked for, each with the words that say which of them."""
    before = [one for one in linked.links if one.end <= at and one.start >= intent.target]
    for table, named in _targets(model, intent, before):
        draft = Draft(model, linked, replace(intent, negated=frozenset()), table)
        for link in before:
            if not named & set(range(link.start, link.end)):
                add_condition(draft, link, Target((), (), 0.0))
        if not any(condition.of.path for condition in draft.conditions):
            yield _Asked(table, frozenset(draft.used) | named, tuple(dict.fromkeys(draft.conditions)))


def _targets(model: TableModel, intent: Intent, before: Sequence[WordLink]) -> Iterator[tuple[Table, frozenset[int]]]:
    if intent.asks == "who":
        yield from ((one, frozenset()) for one in model.tables.values() if {*_NAMES} & {c.name for c in one.columns})
        return
    for link in before:
        for one in link.tables:
            if one.fit >= WHOLE:
                yield model.tables[one.table], frozenset(range(link.start, link.end))
    if before and not any(one.fit >= WHOLE for one in before[0].tables):
        # "Which juniors": a sort of things stands for the things.
        yield from (
            (model.tables[value.table], frozenset[int]()) for value in before[0].values if len(value.columns) == 1
        )


def _leading_to(model: TableModel, target: Table) -> Iterator[tuple[Table, ForeignKey]]:
    for other in model.tables.values():
        keys = [key for key in other.foreign if key.target == target.name and other.name != target.name]
        if len(keys) == 1 and other.whole:
            yield other, keys[0]


def _missing(
    model: TableModel, linked: Linked, intent: Intent, at: int, asked: _Asked, leading: tuple[Table, ForeignKey]
) -> _Missing | None:
    other, key = leading
    found = _Missing()
    behind = range(at + 1, len(linked.tokens))
    nouns = {root(word) for word in root_of(other).split("_")}
    objects = {root(root_of(model.tables[one.target])) for one in other.foreign if one is not key}
    objects |= {root(one.type.rpartition("_")[2]) for one in other.foreign if one is not key}
    for n in behind:
        word = linked.tokens[n].root
        if n not in asked.words and (word in nouns | objects or any(kin(word, noun) for noun in nouns)):
            found.words.add(n)
            found.is_said = True
            found.is_named = found.is_named or word in nouns
    draft = Draft(model, linked, replace(intent, negated=frozenset(), negations=frozenset()), other)
    draft.used |= found.words | set(range(at + 1))
    for link in linked.links:
        if link.start > at and not set(range(link.start, link.end)) <= draft.used:
            _add(draft, link, key)
    add_years(draft)
    if any(one.of.path[:1] == (key,) for one in draft.conditions):
        return None
    found.words |= draft.used - set(range(at + 1))
    found.conditions = list(dict.fromkeys(draft.conditions))
    found.guesses = list(draft.guesses)
    unused = [
        n
        for n, token in enumerate(linked.tokens)
        if n not in intent.used | intent.negations | asked.words | found.words
        and token.text.casefold() not in _DENIALS | _LIGHT
    ]
    if unused:
        # One verb behind the negation can only be what the one table that leads there tells: "never borrowed".
        known = found.is_said or found.conditions or at + 2 == len(linked.tokens)
        own = {asked.table.name, other.name}
        near = [one for one in linked.links if one.start <= at + 1 < one.end]
        tables = {each.table for one in near for each in one.columns}
        tables |= {each.table for one in near for each in one.tables} | {
            each.table for one in near for each in one.values
        }
        linked_to = not own.isdisjoint(tables)
        known = known and not linked_to and linked.tokens[at].text.casefold() not in ("no", "without")
        sole = len([*_leading_to(model, asked.table)]) == 1
        if not (sole or found.is_named) or unused != [at + 1] or not known:
            return None
        found.guesses.append(f"{linked.tokens[at + 1].text!r} was taken for a row of {other.name}")
    elif not found.is_said and not (found.conditions and sum(1 for _ in _leading_to(model, asked.table)) == 1):
        return None
    return found


def _add(draft: Draft, link: WordLink, key: ForeignKey) -> None:
    """What the words say of the rows that must not be there."""
    if link.amount is None:
        known, held = set(draft.used), len(draft.conditions)
        add_condition(draft, link, Target((), (), 0.0))
        if len(draft.conditions) == held and not any(one.fit >= WHOLE for one in link.tables):
            draft.used = known  # the name of a column says nothing of which rows must not be there
        return
    times = [one for one in draft.table.columns if one.kind == "date" or one.name == "year"]
    if len(times) == 1 and (conditions := compare(draft, ColumnReference((), times[0].name), link.amount)):
        draft.conditions += conditions
        draft.use(link, 0.9)


def _telling_columns(table: Table) -> list[str]:
    telling = [one.name for one in table.columns if one.kind in ("text", "category") and one.name != table.key]
    speaks = bool(table.key) and table.column(table.key).kind in ("text", "category")
    told = [*table.shown] if speaks or set(table.shown) - {table.key} else telling[:1]
    return list(dict.fromkeys([*([table.key] if table.key else []), *told])) or [table.columns[0].name]
