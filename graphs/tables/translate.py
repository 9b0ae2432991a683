"""A question as a plan: every table of the library is tried as the one that answers, and the best reading is kept.

For each table the words that were linked get the meaning that lies nearest to it along its foreign keys; the reading
that uses most of the words over the fewest tables is the best. A plan is valid by construction: it is made of what the
schema has. What a reading does not use is told, and too much of it refuses the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..english.intent import intent_of
from ..english.words import SHORT_FORMS, TAILS, number_of, root
from .absences import read_absence
from .amounts import add_numbers, add_rank, add_years
from .arithmetic import computed_measure, drafts_with_arithmetic, shown_pair
from .cell_words import counted_words
from .choices import drafts_with_choice
from .column_pairs import drafts_with_pairs
from .conditions import add_condition, join_alternatives
from .deeds import add_undone, use_verbs
from .draft import (
    LEAST,
    STEP,
    WHOLE,
    Draft,
    TableReading,
    Target,
    is_called_like,
    is_code,
    is_key,
    rivals_of,
    root_of,
    support_of,
    unsaid,
)
from .extremes import extreme_of, is_first_by_all
from .grades_of_rows import add_bounds, add_grades
from .header_groups import group_word, use_groups
from .linking import link as link_words
from .measures import add_direction, add_payment, group_of, has_both_signs, measure_of, rates_said
from .model import Table, TableModel
from .plan import ColumnReference, Condition, Function, RowPlan
from .question_words import are_people, has_people, is_of_people, targets_of_word
from .ranges import add_ages, add_weekdays
from .row_nouns import drafts_with_owner, drafts_with_row_noun, is_head, narrows, words_of_rows
from .self_joins import read_self_join
from .states import add_states, is_state
from .who_is import read_person
from .word_links import ColumnName, WordLink


def read_question(model: TableModel, question: str) -> list[TableReading]:
    """The readings, best first; none where nothing is asked of a table."""
    linked = link_words(model, question)
    intent = intent_of(question, linked.tokens, linked.within_names)
    for read_form in (read_absence, read_self_join):
        if (reading := read_form(model, linked, intent)) is not None:
            return [reading]
    if (person := read_person(model, linked, question)) is not None:
        return [person]
    plain = [Draft(model, linked, intent, table) for table in model.tables.values()]
    drafts = [
        *plain,
        *(one for draft in plain for read in _FORMS for one in read(draft)),
    ]
    found = [reading for draft in drafts for reading in _readings(draft)]
    best: dict[RowPlan, TableReading] = {}
    for reading in sorted(found, key=lambda one: (-one.score, model.tables[one.plan.table].rows, one.plan.table)):
        best.setdefault(reading.plan, reading)
    return list(best.values())


_FORMS = (drafts_with_pairs, drafts_with_arithmetic, drafts_with_row_noun, drafts_with_choice, drafts_with_owner)


def _readings(draft: Draft) -> Iterator[TableReading]:
    for target in _targets(draft):
        one = replace(
            draft,
            conditions=[*draft.conditions],
            used=set(),
            denied=set(),
            guesses=[*draft.guesses],
            doubts=[*draft.doubts],
        )
        reading = _with_target(one, *target)
        if reading is not None:
            yield reading


def _targets(draft: Draft) -> Iterator[tuple[WordLink | None, Target]]:
    """The things that may be asked for, with the words that name them."""
    intent, links = draft.intent, draft.linked.links
    ahead = [one for one in links if one.start >= intent.target and one.amount is None]
    if intent.asks:
        yield from targets_of_word(draft)
        if intent.asks != "who":
            return
    if intent.wanted in ("avg", "sum"):
        yield None, Target((), (), 0.0)
    for words, target in counted_words(draft):
        yield WordLink(words.start, words.stop), target
    if draft.whole_rows:
        yield None, Target((), (), 0.0)
        if intent.superlative is not None and not intent.limit:  # one of two rows
            return
        if not draft.conditions and (draft.computed is None or intent.wanted in ("sum", "avg")):
            return
    first = ahead[:1]
    if len(ahead) > 1 and narrows(draft, *ahead[:2]):
        first = ahead[:2]
    measured = range(0)
    if first and intent.superlative and intent.superlative.at in range(intent.target, first[0].start):
        first = ahead[:2]
        if len(first) > 1 and is_head(*first):
            measured, first = range(first[0].start, first[0].end), first[1:]
    for one in first:
        between = [at for at in range(intent.target, one.start) if at not in measured]
        gap = [at for at in between if at not in intent.used and at not in intent.negations]
        gap = [at for at in gap if not any(each.values and each.start <= at < each.end for each in ahead)]
        texts = [draft.linked.tokens[at].text for at in gap]
        odd = any(number_of(text) is None and not is_state(text) for text in texts)
        if odd and texts[0].casefold() != "same" and not intent.asks:
            continue
        for target in _named_targets(draft, one):
            owner = draft.owner(target.path)
            if intent.asks != "who":
                yield one, target
            elif not target.columns and not has_people(draft, owner):
                people = are_people(owner) or is_of_people(owner)
                yield one, target if people else replace(target, doubt="it does not say who")


def _named_targets(draft: Draft, link: WordLink) -> Iterator[Target]:
    if group_word(draft, link) is not None:
        yield Target((), (), LEAST)
        return
    for named in link.tables:
        path = draft.way(named.table)
        also = any(one.table == named.table and is_called_like(draft, one) for one in link.columns)
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
        elif not (
            (is_key(table, name.column) and not _is_own_code(draft, table, name.column))
            or is_code(draft, column)
            or _repeats_a_name(draft, table, name.column)
        ):
            support = support_of(draft, link, name.table, name.column)
            worth = name.fit + support - STEP * len(path) - 0.05 - unsaid(draft, column)
            yield _with_rivals(draft, link, name, Target(path, (name.column,), worth))
    for value in link.values:
        path = draft.way(value.table)
        if path is not None and len(value.columns) == 1 and not draft.linked.tokens[link.start].is_name:
            condition = Condition(ColumnReference(path, value.columns[0]), "=", value.values)
            people = 0.06 * is_of_people(draft.model.tables[value.table])
            yield Target(path, (), 0.9 + people - STEP * len(path), condition)


def _with_rivals(draft: Draft, link: WordLink, name: ColumnName, target: Target) -> Target:
    """ "The fee", where there is a fee per year and a fee for joining: both are shown, and no one is measured without
    a doubt."""
    found = rivals_of(draft, link, name)
    if not found:
        return target
    listed = ", ".join((name.column, *found))
    if draft.intent.wanted == "rows" and draft.intent.superlative is None:
        columns = [one.name for one in draft.owner(target.path).columns if one.name in (name.column, *found)]
        return replace(target, columns=tuple(columns), guess=f"the words may mean {listed}")
    return replace(target, doubt=f"the words may mean {listed}")


def _is_own_code(draft: Draft, table: Table, column: str) -> bool:
    """Whether the table's own key is asked for by its last word: "the code of Ann", "Ann's member number"."""
    last = root(SHORT_FORMS.get(column.rpartition("_")[2], column.rpartition("_")[2]))
    return column == table.key and last in _CODES and last in {one.root for one in draft.linked.tokens}


_CODES = {root(word) for word in ("code", "number", "id", "key")}


def _repeats_a_name(draft: Draft, table: Table, column: str) -> bool:
    """Whether the column is the name of a row that its own table leads to, where rows are counted: two stadiums of one
    name are two."""
    superlative = draft.intent.superlative
    if draft.intent.wanted != "count" and not (superlative is not None and superlative.counts):
        return False
    return any(draft.model.tables[key.target].shown == (column,) for key in table.foreign)


def _with_target(draft: Draft, link: WordLink | None, target: Target) -> TableReading | None:
    intent = draft.intent
    if target.condition is not None:
        draft.conditions.append(target.condition)
    if link is not None:
        draft.use(link, target.worth)
    else:
        draft.score += target.worth
    draft.guesses += [target.guess] if target.guess else []
    draft.doubts += [target.doubt] if target.doubt else []
    if not target.path and not target.columns:
        draft.score += 0.15 + 0.05 * draft.table.key.startswith(root_of(draft.table))
    owner = draft.owner(target.path)
    add_ages(draft)
    add_grades(draft)
    numbers = add_numbers(draft, owner, target)
    add_bounds(draft)
    add_weekdays(draft)
    measure: tuple[Function, ColumnReference | None] | None = None
    order: ColumnReference | None = None
    group = False
    high = intent.superlative is not None and intent.superlative.high
    groups = group_of(draft)
    if groups is None:
        return None
    if intent.superlative is not None and draft.computed is not None:
        order = draft.computed
    elif intent.superlative is not None:
        extreme = extreme_of(draft, target)
        if extreme is None:
            return None
        measure, order, group = extreme
    having = numbers.having
    if having is not None:
        measure, group = numbers.measure, True
    add_undone(draft)
    for one in draft.linked.links:
        if one.amount is None and not draft.used.issuperset(range(one.start, one.end)):
            add_condition(draft, one, target)
    if group and intent.superlative is not None and intent.superlative.rows:
        # "The most common type of death": of the types none is meant, though one may be called so.
        counted = {ColumnReference(target.path, name) for name in target.columns}
        draft.conditions = [one for one in draft.conditions if one.of not in counted]
    add_states(draft)
    use_verbs(draft)
    add_years(draft)
    add_rank(draft, target)
    if not join_alternatives(draft):
        return None
    shown = _shown_columns(draft, owner, target)
    if (
        intent.asks == "who"
        and target.columns
        and any(one.of in shown and one.operator == "=" for one in draft.conditions)
    ):
        return None  # who it is was not said
    if groups and (having is not None or group):
        return None
    if groups and order is not None:  # "The highest price in each category" has no row of its own.
        if shown != (order,):
            return None
        measure, order = ("max" if intent.superlative and intent.superlative.high else "min", order), None
    elif (computed := computed_measure(draft)) is not None:
        measure, shown = computed, ()
    elif intent.wanted != "rows":
        measured = None if group else measure_of(draft, owner, target, shown)
        if measured is None:
            return None
        measure, shown = measured
    elif order is not None and draft.computed is None and has_both_signs(draft, order):
        draft.reversed = add_direction(draft, order)
    high = high != draft.reversed
    if groups:
        if measure is None:
            return None
        shown = groups
    if measure is None or measure[0] == "count":
        add_payment(draft)
    if measure is None and draft.whole_rows:
        beside = [*shown_pair(draft.conditions), *([draft.computed] if draft.computed else [])]
        shown = (*(one for one in shown if one not in beside), *(one for one in beside if one != order))
    use_groups(draft, [*(one.of for one in draft.conditions), *shown])
    given = {one.of for one in draft.conditions if one.operator == "="}
    if measure is None and order is None and given.issuperset(shown):
        return None  # nothing, or only what the question says itself: "What is in drawer C?"
    distinct = bool(target.path or target.columns) or measure is not None
    plan = RowPlan(
        draft.table.name,
        tuple(dict.fromkeys(draft.conditions)),
        shown,
        distinct,
        measure,
        having=having,
        order=order,
        descending=bool(groups or having) or high,
        limit=0 if groups else intent.limit,
        skip=0 if groups or intent.superlative is None else intent.superlative.rank - 1,
    )
    if draft.rivals and plan.order is not None:
        alike = is_first_by_all(draft.model, plan, draft.rivals)
        (draft.guesses if alike else draft.doubts).append(
            f"compared by {plan.order.column} of {', '.join(draft.rivals)}"
        )
    if not plan.conditions and measure is None and order is None and (target.columns or len(draft.linked.links) > 1):
        draft.score -= 0.5
    return _finish(draft, plan, "" if target.columns or not shown else owner.name)


def _finish(draft: Draft, plan: RowPlan, target: str) -> TableReading:
    tokens, intent = draft.linked.tokens, draft.intent
    bounds = {at for at, token in enumerate(tokens) if token.text.casefold() in _BOUNDS} - draft.understood
    said_nothing = draft.used | (intent.used - bounds) | intent.negations
    ends = {one.end for one in draft.linked.links if any(name.fit >= WHOLE for name in one.columns)}
    said_nothing |= words_of_rows(draft) | rates_said(draft)
    said_nothing |= {at for at in ends if at < len(tokens) and tokens[at].text.casefold() in TAILS}
    unused = [at for at in range(len(tokens)) if at not in said_nothing]
    own = not target or target == draft.table.name
    unused += [at for at in intent.negations - draft.denied if not _negates(draft, at, own)]
    ways = {one.of.path for one in plan.conditions} | {one.path for one in plan.shown}
    said = max((one.fit for each in draft.linked.links for one in each.tables if one.table == plan.table), default=0.0)
    near = any(not one.of.path for one in plan.conditions) or any(not one.path for one in plan.shown)
    score = (
        draft.score - 1.0 * len(unused) - 0.05 * sum(map(len, ways)) + 0.3 * said - 0.2 * (not near and said < LEAST)
    )
    score -= 0.15 * len(draft.guesses)
    apart = _left_apart(draft, plan)
    score -= 0.6 * len(apart)
    doubts = (*draft.doubts, *(f"nothing of {name} is asked" for name in apart))
    guesses = (*draft.guesses, *doubts)
    return TableReading(
        plan, score, tuple(tokens[at].text for at in sorted(set(unused))), guesses, target, unsure=bool(doubts)
    )


def _left_apart(draft: Draft, plan: RowPlan) -> list[str]:
    """The tables that the question names and of which the plan has no row, no key and no column."""
    of = [*(one.of for one in plan.conditions), *plan.shown, *([plan.order] if plan.order else [])]
    of += [plan.measure[1]] if plan.measure and plan.measure[1] else []
    words = {root(word) for one in of for word in one.column.split("_")}
    there = {plan.table, *(key.target for one in of for key in one.path)}
    words |= {root(word) for name in there for word in root_of(draft.model.tables[name]).split("_")}
    there |= {key.target for key in draft.table.foreign}
    nouns = {
        tuple(sorted(one.table for one in link.tables if one.fit >= WHOLE))
        for link in draft.linked.links
        if not link.values
    }
    return [
        tables[0]
        for tables in sorted(nouns)
        if tables
        and there.isdisjoint(tables)
        and not any(words & {root(part) for part in root_of(draft.model.tables[one]).split("_")} for one in tables)
    ]


_BOUNDS = frozenset(("above", "below", "than", "before", "after", "since", "until", "till"))
"""Words that compare: where nothing is compared, the question is not understood."""


def _is_plain_not(word: str) -> bool:
    return word.casefold() == "not" or word.casefold().endswith(("n't", "n’t"))


def _negates(draft: Draft, at: int, own: bool) -> bool:
    """Whether a negation stands before a truth value that it turned around, or before a column whose cell is empty.
    Otherwise "never" is about all rows of something."""
    if any(one.is_blank and one.operator == "=" and not one.of.path for one in draft.conditions):
        near = range(at + 1, at + 4)
        if not own and not _is_plain_not(draft.linked.tokens[at].text):
            return False
        return any(one.start in near and set(range(one.start, one.end)) <= draft.used for one in draft.linked.links)
    word = draft.linked.tokens[at].text
    if not own or not (_is_plain_not(word) or word.casefold() in ("no", "without", "non")):
        return False
    near = range(at + 1, at + 4)
    for one in draft.linked.links:
        if one.start in near and set(range(one.start, one.end)) <= draft.used:
            return any(
                each.operator == "<>" or (each.values == (0,) and draft.column(each.of).kind not in ("text", "date"))
                for each in draft.conditions
            )
    return False


def _shown_columns(draft: Draft, owner: Table, target: Target) -> tuple[ColumnReference, ...]:
    if target.columns:
        names = list(target.columns)
    else:
        key = [owner.key] if owner.key.startswith(root_of(owner)) and owner.key not in owner.shown else []
        names = [*key, *owner.shown] or [column.name for column in owner.columns[:3]]
        if not owner.key and not target.path:  # What was asked about, and when it was, tell one row from another.
            named = owner.shown and owner.column(owner.shown[0]).distinct == owner.rows
            times = [column.name for column in owner.columns if column.kind == "date" and not named][:1]
            names = [*times, *names, *(one.of.column for one in draft.conditions if not one.of.path)]
            return tuple(ColumnReference((), name) for name in dict.fromkeys(names))
        denied = {one.of.column for one in draft.conditions if one.operator == "<>" and one.of.path == target.path}
        if owner.key and denied >= set(names):  # what was said of them does not tell which they are
            names = [owner.key, *names]
    return tuple(ColumnReference(target.path, name) for name in names)
