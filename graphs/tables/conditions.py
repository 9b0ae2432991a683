"""The conditions that words make: values of cells and truth values, each of the column that lies nearest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..english.amounts import Operator
from ..english.words import STORES, root
from .draft import LEAST, STEP, WHOLE, Draft, Target, support_of, unsaid
from .kinds import Column, Value
from .model import CellValue, Table
from .plan import NOTHING, ColumnReference, Condition, Path
from .word_links import ColumnName, WordLink

BARE = 0.85
"""What a column's name counts for of which nothing is said, beside a value."""


def add_condition(draft: Draft, link: WordLink, target: Target) -> None:
    """Takes the meaning of these words that lies nearest, where there is one."""
    if link.everything:
        draft.use(link, 0.5)
        return
    best: tuple[float, Condition | None] | None = None
    for value in _join_values(link.values):
        for meant in _value_meanings(draft, link, value):
            best = meant if best is None or meant[0] > best[0] else best
    for name in link.columns:
        path = draft.way(name.table)
        if path is None or name.fit < LEAST or _leads_to_its_own(draft.model.tables[name.table], name.column):
            continue
        column = draft.model.tables[name.table].column(name.column)
        if (
            column.kind == "boolean"
            and name.fit < WHOLE
            and unsaid(draft, column)
            and not _is_kind_of(draft, link, name)
        ):
            continue
        if column.kind == "boolean":
            truth = 0 if draft.intent.negated & set(range(link.start, link.end)) else 1
            worth = name.fit - STEP * len(path) - 0.02
            meaning: tuple[float, Condition | None] = (
                worth,
                Condition(ColumnReference(path, name.column), "=", (truth,)),
            )
        elif column.name.rpartition("_")[2] in STORES and (store := _store_condition(draft, link, path, column)):
            meaning = (name.fit - STEP * len(path), store)
        elif column.kind in ("integer", "number") and _is_nought(draft, link, path, column):
            meaning = (name.fit - STEP * len(path), Condition(ColumnReference(path, name.column), "=", (0,)))
        elif column.kind in ("integer", "number") and _has_some(draft, link, path, column):
            meaning = (name.fit - STEP * len(path), Condition(ColumnReference(path, name.column), ">", (0,)))
        elif column.missing and (operator := _blank(draft, link, column)):
            blank = Condition(ColumnReference(path, name.column), operator, NOTHING)
            meaning = (name.fit - STEP * len(path) + 0.1, blank)
        elif is_modifier(draft, link):
            continue
        else:
            meaning = (BARE * name.fit - STEP * len(path), None)
        best = meaning if best is None or meaning[0] > best[0] else best
    for table in link.tables:
        path = draft.way(table.table)
        if path is not None and table.fit >= LEAST:
            worth = table.fit - STEP * len(path) + 0.1 * (not path)
            best = (worth, None) if best is None or worth > best[0] else best
    if best is not None:
        if (condition := best[1]) is not None:
            if condition.operator == "<>" and (words := _exclusion(draft, link)):
                draft.used |= words
                draft.denied |= words
                draft.conditions += [replace(condition, values=(value,)) for value in condition.values[1:]]
                condition = replace(condition, values=condition.values[:1])
            draft.conditions.append(condition)
            if draft.column(condition.of).kind == "boolean":
                draft.used |= {at for at in [link.start - 1] if _is_knowing(draft, at)}
            if condition.operator == "<>" and not condition.is_blank and draft.column(condition.of).missing:
                draft.guesses.append(f"rows without a {condition.of.column} are left out")
        draft.use(link, best[0])


def _is_knowing(draft: Draft, at: int) -> bool:
    """ "How many know first aid": the verb says no more than that it is so."""
    return at >= 0 and draft.linked.tokens[at].text.casefold() in _KNOWING


_KNOWING = frozenset("know knows speak speaks do does offer offers hold holds need needs want wants".split())  # noqa: SIM905


def _is_kind_of(draft: Draft, link: WordLink, name: ColumnName) -> bool:
    """Whether the words are the first of the one truth value that begins so, before the noun of its table: "knockout
    matches" by ``knockout_stage``."""
    first = [
        column.name
        for column in draft.model.tables[name.table].columns
        if column.kind == "boolean" and root(column.name.partition("_")[0]) == draft.linked.tokens[link.start].root
    ]
    behind = [one for one in draft.linked.links if one.start == link.end]
    said = any(one.table == name.table and one.fit >= WHOLE for each in behind for one in each.tables)
    return said and first == [name.column] and link.end - link.start == 1


def _leads_to_its_own(table: Table, column: str) -> bool:
    """Whether the column joins rows of one table ("reports to"), which no plan does: the word is not understood."""
    return any(key.column == column and key.target == table.name for key in table.foreign)


def _store_condition(draft: Draft, link: WordLink, path: Path, column: Column) -> Condition | None:
    """ "In stock" or "out of stock", where the column is a number."""
    before = [token.text.casefold() for token in draft.linked.tokens[max(0, link.start - 2) : link.start]]
    if column.kind not in ("integer", "number") or (before[-1:] != ["in"] and before != ["out", "of"]):
        return None
    if before == ["out", "of"]:
        draft.used.add(link.start - 2)
    return Condition(ColumnReference(path, column.name), "=" if before == ["out", "of"] else ">", (0,))


def _is_nought(draft: Draft, link: WordLink, path: Path, column: Column) -> bool:
    """ "Without rain", where the column is a number and tells that there was none by its zeros."""
    if link.start - 1 not in draft.intent.negations:
        return False
    table = draft.owner(path).name
    return bool(draft.model.run(f'SELECT 1 FROM "{table}" WHERE "{column.name}" = 0 LIMIT 1'))  # noqa: S608


def _has_some(draft: Draft, link: WordLink, path: Path, column: Column) -> bool:
    """ "Which plans have guests", where the column is a number and tells by its zeros who has none."""
    words = [token.text.casefold() for token in draft.linked.tokens]
    before = link.start - 1
    while before > 0 and words[before] in _ARTICLES:
        before -= 1
    if before <= 0 or words[before] not in _HAVING or before - 1 in draft.intent.negations:
        return False
    table = draft.owner(path).name
    return bool(draft.model.run(f'SELECT 1 FROM "{table}" WHERE "{column.name}" = 0 LIMIT 1'))  # noqa: S608


def join_alternatives(draft: Draft) -> bool:
    """Makes one condition of several values of a column, where the question says "or". Whether the conditions can hold:
    no row has two values in a column."""
    values: dict[ColumnReference, list[tuple[Value, ...]]] = {}
    for one in draft.conditions:
        if one.operator == "=" and one.values not in values.setdefault(one.of, []):
            values[one.of].append(one.values)
    several = {of: tuple(value for each in found for value in each) for of, found in values.items() if len(found) > 1}
    alternatives = [at for at, token in enumerate(draft.linked.tokens) if token.text.casefold() == "or"]
    if not several:
        return True
    draft.used.update(alternatives)
    others = [one for one in draft.conditions if one.operator != "=" or one.of not in several]
    draft.conditions[:] = [*others, *(Condition(of, "=", found) for of, found in several.items())]
    return len(several) == len(alternatives) == 1


_HAVING = frozenset(("have", "has", "had", "having", "with"))
_ARTICLES = frozenset(("a", "an", "any", "some", "been", "ever"))


def _blank(draft: Draft, link: WordLink, column: Column) -> Operator | None:
    """ "With no email", "never serviced": the cell is empty; "who have an email", "who have left": it is not."""
    words = [token.text.casefold() for token in draft.linked.tokens]
    before = link.start - 1
    while before > 0 and words[before] in _ARTICLES:
        before -= 1
    if before in draft.intent.negations:
        return "="
    said = before < link.start - 1 or column.kind == "date"
    return "<>" if before >= 0 and said and words[before] in _HAVING else None


def is_modifier(draft: Draft, link: WordLink) -> bool:
    """Whether the words say which of what follows is meant ("the winning goal"), so that they must be a condition."""
    names_table = any(one.fit >= WHOLE for one in link.tables)
    own = {(one.table, (one.column,)) for one in link.columns if one.fit >= WHOLE}
    follows = any(  # "aisle C" is a column and its value
        one.start == link.end
        and not one.amount
        and own.isdisjoint((value.table, value.columns) for value in one.values)
        for one in draft.linked.links
    )
    return not names_table and follows and not any(one.end == link.start for one in draft.linked.links)


def _join_values(values: Sequence[CellValue]) -> list[tuple[str, tuple[str, ...], tuple[tuple[Value, ...], ...]]]:
    """The values of each column: several where a name is a part of several."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[Value, ...]]] = {}
    for one in values:
        found.setdefault((one.table, one.columns), []).append(one.values)
    return [(table, columns, tuple(each)) for (table, columns), each in found.items()]


def _value_meanings(
    draft: Draft, link: WordLink, value: tuple[str, tuple[str, ...], tuple[tuple[Value, ...], ...]]
) -> Iterator[tuple[float, Condition]]:
    name, columns, values = value
    for path in draft.model.paths[draft.table.name].get(name, ()):
        if len(path) > 2 and draft.model.tables[name].shown != columns:
            continue
        table = draft.model.tables[name]
        own = columns == table.shown or (columns == (table.key,))
        role = max((support_of(draft, link, name, column) for column in columns), default=0.0)
        worth = 1.05 - STEP * len(path) + 0.1 * own + min(0.4, role)
        worth -= sum(unsaid(draft, table.column(column)) for column in columns)
        worth += _attachment(draft, link, name, columns) / (link.end - link.start)
        said = {token.root for token in draft.linked.tokens}
        worth -= 0.15 * sum(max(0.0, draft.mark_of(key, said)) for key in path)
        if len(columns) == 1:
            meant = tuple(dict.fromkeys(one[0] for one in values))
            denied = not path and ((len(meant) == 1 and _is_denied(draft, link)) or bool(_exclusion(draft, link)))
            operator: Operator = "<>" if denied else "="
            yield worth, Condition(ColumnReference(path, columns[0]), operator, meant)
        elif len(values) == 1:
            key = table.key if table.shown == columns and table.key else ""
            yield worth, _person(draft, path, table, columns, values=values[0], key=key)


def _exclusion(draft: Draft, link: WordLink) -> set[int]:
    """The words before a value that leave it out: "not counting", "apart from"."""
    words = [token.text.casefold() for token in draft.linked.tokens]
    end = link.start
    while end and words[end - 1] in _BETWEEN - {"from", "of"}:
        end -= 1
    for form in _EXCLUSIONS:
        if end >= len(form) and tuple(words[end - len(form) : end]) == form:
            return set(range(end - len(form), end))
    return set()


_EXCLUSIONS = tuple(
    tuple(form.split())
    for form in (
        "with the exception of",
        "not counting those from",
        "not counting those in",
        "not counting",
        "not including",
        "without counting",
        "leaving out",
        "leaving aside",
        "apart from",
        "aside from",
        "other than",
        "except for",
        "save for",
        "except",
        "excepting",
        "excluding",
        "exclusive of",
        "ignoring",
        "besides",
        "minus",
        "without",
    )
)


def _is_denied(draft: Draft, link: WordLink) -> bool:
    """ "Not shipped", "not from Oslo": every other value of the column."""
    words = [token.text.casefold() for token in draft.linked.tokens]
    before = link.start - 1
    while before > 0 and words[before] in _BETWEEN:
        before -= 1
    return before >= 0 and (words[before] in ("not", "non") or words[before].endswith(("n't", "n’t")))


_BETWEEN = frozenset(("from", "in", "at", "of", "a", "an", "the", "yet", "live", "lives", "come", "work", "be", "been"))


def _attachment(draft: Draft, link: WordLink, owner: str, columns: tuple[str, ...]) -> float:
    """What the noun before a value says of whose it is: in "goals at stadiums in France", in "tournaments hosted by
    France", the country is a stadium's, a tournament's; the row of a match may repeat the column of its stadium."""
    before = [
        one
        for one in draft.linked.links
        if one.end <= link.start and link.start - one.end <= _NEAR and any(name.fit >= WHOLE for name in one.tables)
    ]
    words = [token.text.casefold() for token in draft.linked.tokens]
    if not before or _AUXILIARIES.intersection(words[before[-1].end : link.start]):
        return 0.0
    nouns = {name.table for name in before[-1].tables if name.fit >= WHOLE}
    if owner in nouns:
        return 0.5
    repeated = (noun for noun in nouns if {*columns} <= {column.name for column in draft.model.tables[noun].columns})
    return 0.4 * any(key.target == noun for noun in repeated for key in draft.model.tables[owner].foreign)


_NEAR = 2
"""Words between a noun and what is said of it."""
_AUXILIARIES = frozenset(("did", "do", "does", "has", "have", "had", "was", "were", "is", "are"))
"""Words behind which something else begins: in "matches did Italy win" it is no match of Italy."""


def _person(
    draft: Draft, path: Path, table: Table, columns: tuple[str, ...], values: tuple[Value, ...], key: str
) -> Condition:
    """A condition on one column says who it is where the names are one person's; the family name first."""
    for column, value in zip(reversed(columns), reversed(values), strict=True):
        tests = " AND ".join(f'"{one}" = ?' for one in columns)
        both = draft.model.run(f'SELECT count(*) FROM "{table.name}" WHERE {tests}', values)[0][0]  # noqa: S608
        alone = draft.model.run(f'SELECT count(*) FROM "{table.name}" WHERE "{column}" = ?', (value,))[0][0]  # noqa: S608
        if both == alone:
            return Condition(ColumnReference(path, column), "=", (value,))
    other = Condition(ColumnReference(path, columns[0]), "=", (values[0],))
    if other not in draft.conditions:
        draft.conditions.append(other)
    return Condition(ColumnReference(path, columns[1]), "=", (values[1],))
