"""The conditions that a question makes of a pattern: values, numbers, truth values, and what must not be there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..english.amounts import Amount
from ..english.intent import NEGATIONS
from .asked import NamedValue
from .draft import PlanDraft, node_at
from .evidence import SchemaElement
from .patterns import GraphPattern, PatternEdge
from .places import ValuePlace
from .plan import PropertyReference, PropertyTest

MEANT = 0.25
"""Worth of the property of a number: below, nothing says that it is meant."""


def place_values(draft: PlanDraft) -> None:
    question = draft.question
    words = [one.text.casefold() for one in question.tokens]
    for value, places in zip(question.values, draft.ranker.places.values, strict=True):
        place = draft.ranker.best_place(places, draft.pattern)
        reference = draft.place_of(place.owner) if place else None
        if place is None or reference is None:
            continue
        label = place.owner
        if not reference.of_edge and draft.pattern.nodes.count(label) > 1 and reference.place == draft.target:
            others = [at for at, one in enumerate(draft.pattern.nodes) if one == label and at != draft.target]
            reference = replace(reference, place=others[0])
        of = replace(reference, name=place.property)
        held = next((one for one in draft.tests if one.of == of and one.test in ("=", "IN")), None)
        draft.used.update(range(value.start, value.end))
        draft.spent.add((place.owner, place.property))
        if held is not None and value.test == "=":
            if "or" in words or not _branch(draft, of):
                draft.used.update(at for at, word in enumerate(words) if word == "or")
                draft.tests[draft.tests.index(held)] = PropertyTest(of, "IN", (*held.values, place.value))
                continue
            of = replace(of, place=len(draft.pattern.nodes) - 1)
        denied = _denials(words, value) if value.test == "=" else set()
        draft.used |= denied
        test = "<>" if denied else value.test
        if not of.of_edge and draft.ranker.schema.property(place.owner, place.property).kind == "list":
            draft.used -= denied
            test = "HOLDS"
        draft.tests.append(PropertyTest(of, test, (place.value,)))  # type: ignore[arg-type]


def _denials(words: Sequence[str], value: NamedValue) -> set[int]:
    """The words shortly before a value that deny it. "Never" and "without" say it of all that there is, which no
    condition does."""
    return {at for at in range(max(0, value.start - 3), value.start) if words[at] in ("not", "non", "except")}


def _branch(draft: PlanDraft, of: PropertyReference) -> bool:
    """Gives the pattern the leaf a second time, for another value: "starring A and B". Whether it could."""
    if of.of_edge or draft.pattern.degree(of.place) != 1 or of.place == draft.target:
        return False
    edge = next(one for one in draft.pattern.edges if of.place in (one.source, one.target))
    new = len(draft.pattern.nodes)
    ends = (new if edge.source == of.place else edge.source, new if edge.target == of.place else edge.target)
    draft.pattern = GraphPattern(
        (*draft.pattern.nodes, draft.pattern.nodes[of.place]),
        (*draft.pattern.edges, PatternEdge(edge.relation, *ends)),
    )
    return True


def place_amounts(draft: PlanDraft) -> tuple[Amount, int] | None:
    """Numbers as conditions; what "more than three genres" counts is given back with its node."""
    having = None
    for amount, places in zip(draft.question.amounts, draft.ranker.places.amounts, strict=True):
        place = draft.ranker.best_place(places, draft.pattern)
        counted = node_at(draft, range(amount.end, amount.end + 2))
        if counted is not None and draft.pattern.edges and counted != draft.target and (not place or place.worth < 0.8):
            having = amount, counted
            draft.used.update(range(amount.start, amount.end))
            continue
        reference = draft.place_of(place.owner) if place else None
        if place is None or reference is None:
            continue
        of = replace(reference, name=place.property)
        draft.used.update(range(amount.start, amount.end) if place.worth >= MEANT else ())
        draft.spent.add((place.owner, place.property))
        draft.tests += _amount_tests(draft, of, place, amount)
    return having


def _amount_tests(draft: PlanDraft, of: PropertyReference, place: ValuePlace, amount: Amount) -> list[PropertyTest]:
    kind = next((one.kind for one in draft.ranker.schema.labels.get(place.owner, ()) if one.name == of.name), "number")
    if kind != "date" or len(str(amount.value)) not in (4, 7):
        return [PropertyTest(of, amount.operator, (amount.value,))]
    start, end = _period(str(amount.value))
    if amount.operator == "=":
        return [PropertyTest(of, ">=", (start,)), PropertyTest(of, "<", (end,))]
    if amount.operator in (">", "<="):
        return [PropertyTest(of, ">=" if amount.operator == ">" else "<", (end,))]
    return [PropertyTest(of, amount.operator, (start,))]


def _period(text: str) -> tuple[str, str]:
    """The first day of a year or a month, and of the next one.

    >>> _period("2021-12"), _period("1998")
    (('2021-12-01', '2022-01-01'), ('1998-01-01', '1999-01-01'))
    """
    year, _, month = text.partition("-")
    if not month:
        return f"{year}-01-01", f"{int(year) + 1}-01-01"
    following = f"{int(year) + 1}-01" if month == "12" else f"{year}-{int(month) + 1:02d}"
    return f"{text}-01", f"{following}-01"


def add_truths(draft: PlanDraft) -> None:
    """Truth values that the question names, and properties that it denies: "without a homepage"."""
    words = [one.text.casefold() for one in draft.question.tokens]
    for at, label in enumerate(draft.pattern.nodes):
        for one in draft.ranker.schema.labels[label]:
            word = draft.word_of(SchemaElement("property", label, one.name))
            if word is None or (label, one.name) in draft.spent:
                continue
            denied = [place for place in range(max(0, word - 3), word) if words[place] in NEGATIONS]
            if one.kind == "boolean":
                draft.tests.append(PropertyTest(PropertyReference(at, one.name), "=", (not denied,)))
            elif denied and words[denied[-1]] in ("no", "without"):
                draft.tests.append(PropertyTest(PropertyReference(at, one.name), "IS NULL"))
            else:
                continue
            draft.used.update((word, *denied))
            draft.spent.add((label, one.name))


def find_absences(draft: PlanDraft) -> frozenset[int]:
    """The leaves before whose name the question says no."""
    words = [one.text.casefold() for one in draft.question.tokens]
    told = {one.of.place for one in draft.tests if not one.of.of_edge}
    found = set()
    for at in range(len(draft.pattern.nodes)):
        word = draft.label_word(at)
        if word is None or at == draft.target or at in told or draft.pattern.degree(at) != 1:
            continue
        denied = [place for place in range(max(0, word - 4), word) if words[place] in NEGATIONS]
        if denied and denied[-1] not in draft.used:
            found.add(at)
            draft.used.add(denied[-1])
    return frozenset(found)
