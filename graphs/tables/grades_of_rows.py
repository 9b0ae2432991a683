"""Rows by a degree and a number: "older than 60", "heavier than 20 kg", "weigh less than 5", "victims under 18".

The adjective or verb says of what it is, as a superlative does; "under 18" alone is an age where the rows are people.
"""

from __future__ import annotations

from ..english.amounts import Operator
from ..english.grades import Grade, comparative_grade, verb_grade
from ..english.words import number_of
from .amounts import use_unit
from .draft import Draft, Target
from .extremes import by_grade
from .plan import ColumnReference, Condition
from .question_words import are_people
from .times import compare
from .word_links import WordLink

OLDEST = 120
"""Years."""


def add_grades(draft: Draft) -> None:
    """ "Older than 60": an adjective before "than" and a number."""
    tokens = draft.linked.tokens
    for at in range(len(tokens) - 2):
        grade = comparative_grade(tokens[at].text)
        value = number_of(tokens[at + 2].text) if tokens[at + 1].text.casefold() == "than" else None
        if grade is None or value is None or at in draft.used:
            continue
        column = _column_of(draft, grade)
        if column is not None:
            operator: Operator = ">" if grade.high else "<"
            draft.conditions.append(Condition(column, operator, (value,)))
            draft.used |= {at, at + 1, at + 2}
            draft.score += 2.7
            use_unit(draft, WordLink(at, at + 3), draft.column(column))
            draft.used |= {n for n in (at + 3,) if n < len(tokens) and tokens[n].text.casefold() in ("years", "year")}


def add_bounds(draft: Draft) -> None:
    """ "Weigh less than 5", "under 18": amounts that nothing else was made of."""
    tokens = draft.linked.tokens
    for link in draft.linked.links:
        if link.amount is None or isinstance(link.amount.value, str):
            continue
        verb = verb_grade(tokens[link.start - 1].text) if link.start else None
        if link.start in draft.used:  # "weigh less than 2000 lbs", by the unit
            measured = {part for one in draft.conditions for part in one.of.column.split("_")}
            draft.used |= {link.start - 1} if verb is not None and measured & {*verb.by} else set()
            continue
        column = _column_of(draft, verb) if verb is not None else None
        if column is not None:
            draft.used.add(link.start - 1)
        elif link.amount.value <= OLDEST and are_people(draft.table) and link.end == len(tokens):
            column = _age(draft)
        if column is not None:
            draft.conditions += compare(draft, column, link.amount)
            use_unit(draft, link, draft.column(column))
            draft.use(link, 0.9)


def _column_of(draft: Draft, grade: Grade) -> ColumnReference | None:
    if grade.aged:
        return _age(draft)
    found = by_grade(draft, Target((), (), 0.0), grade.by)
    return found[1] if found is not None else None


def _age(draft: Draft) -> ColumnReference | None:
    ages = [
        one.name for one in draft.table.columns if one.kind in ("integer", "number") and "age" in one.name.split("_")
    ]
    return ColumnReference((), ages[0]) if len(ages) == 1 else None
