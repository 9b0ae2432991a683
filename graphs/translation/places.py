"""Where in a graph the values and numbers of a question may stand: which property of which label or relationship."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..english.amounts import Amount
from .asked import NamedValue
from .evidence import SAID, SchemaElement, SchemaEvidence
from .schema import PropertyKind, SchemaProperty, TypedSchema

LONG_TEXTS = frozenset(("text", "body", "content", "description", "overview", "summary", "plot", "comment", "message"))
"""Properties that hold sentences, which nothing is called by."""
KNOWN, SHOWN, ANY = 1.0, 0.35, 0.05
"""Worth of a property that is known to have the value, of the one that tells people what a thing is, of any other."""
BEFORE, BESIDE, BEHIND = 4, 2, 2
"""Words before a value within which its property is named, or its label, and words behind it."""
TO_END = 0.3
"""What it is worth to be the end of the relation that is named before the value."""


@dataclass(frozen=True, slots=True)
class ValuePlace:
    """``worth``: how sure it is that the value is this property's, from 0 to 1."""

    owner: str
    """A label, or a relationship's type."""
    property: str
    value: str
    worth: float
    test: str = "="


Known = Callable[[str], Iterable[tuple[str, str, str]]]
"""A text to the labels, properties and values of nodes that are called so, as the graph spells them."""


@dataclass(frozen=True, slots=True)
class QuestionPlaces:
    """For each value and each number of a question: owner -> its best place there."""

    values: tuple[Mapping[str, ValuePlace], ...]
    amounts: tuple[Mapping[str, ValuePlace], ...]


def find_places(schema: TypedSchema, evidence: SchemaEvidence, known: Known | None = None) -> QuestionPlaces:
    question = evidence.question
    owners = _owners(schema)
    values = tuple(_places_of_value(schema, owners, evidence, one, known=known) for one in question.values)
    amounts = tuple(_places_of_amount(owners, evidence, one) for one in question.amounts)
    return QuestionPlaces(values, amounts)


def _owners(schema: TypedSchema) -> Mapping[str, tuple[SchemaProperty, ...]]:
    return {**{one.type: one.properties for one in schema.relations if one.properties}, **schema.labels}


def _places_of_value(
    schema: TypedSchema,
    owners: Mapping[str, tuple[SchemaProperty, ...]],
    evidence: SchemaEvidence,
    value: NamedValue,
    known: Known | None,
) -> Mapping[str, ValuePlace]:
    found: dict[str, ValuePlace] = {}
    held = {(label, name): spelled for label, name, spelled in (known(value.text) if known else ())}
    folded = value.text.casefold()
    ends = _ends_said(schema, evidence, value)
    for owner, properties in owners.items():
        shown = schema.display(owner) if owner in schema.labels else ""
        shown = "" if shown.casefold() in LONG_TEXTS else shown
        # Said beside the value, a label means the property that tells which one it is.
        own = SchemaElement("label" if owner in schema.labels else "relation", owner, owner)
        owned = _near(evidence, own, value.start, value.end, before=BESIDE)
        ended = TO_END * (owner in ends)
        # What is asked for is seldom what the value names, unless it stands beside it.
        asked = owner in evidence.asked and owned < SAID - 0.3
        for one in properties:
            if not _may_hold(one.kind, value):
                continue
            said = _near(evidence, SchemaElement("property", owner, one.name), value.start, value.end)
            sample = next((each for each in one.samples if each.casefold() == folded), None)
            spelled = held.get((owner, one.name), sample if value.test == "=" else None)
            if spelled is None and value.test != "=" and any(folded in each.casefold() for each in one.samples):
                spelled = value.text
            worth = KNOWN if spelled is not None else SHOWN * (0.5 if asked else 1.0) if one.name == shown else ANY
            worth = min(1.2, worth + 0.45 * said + (0.35 * owned + ended) * (one.name == shown))
            if owner not in found or worth > found[owner].worth:
                found[owner] = ValuePlace(owner, one.name, spelled or value.text, worth, value.test)
    return found


def _ends_said(schema: TypedSchema, evidence: SchemaEvidence, value: NamedValue) -> frozenset[str]:
    """The labels at the end of the relation that is named before a value: "docked at Bergen" ends in a harbour."""
    labels = {one.name: strengths for one, strengths in evidence.by_name.items() if one.kind == "label"}
    found = set()
    for relation in schema.relations:
        strengths = evidence.by_name[SchemaElement("relation", relation.type, relation.type)]
        near = range(value.start - 1, max(-1, value.start - 1 - BEFORE), -1)
        verb = next((at for at in near if strengths[at] >= SAID), 0)
        if verb:
            # The label that stands before the verb is the other end: "ships that docked at Bergen".
            said = ({one for one, each in labels.items() if each[at] >= SAID} for at in range(verb - 1, -1, -1))
            subject = next(filter(None, said), set())
            ends = {relation.source, relation.target}
            found |= ends - subject or ends
    return frozenset(found)


def _may_hold(kind: PropertyKind, value: NamedValue) -> bool:
    if kind == "date":
        return value.text[:1].isdigit() and value.test == "="
    if kind in ("number", "boolean"):
        return False
    return kind == "text" or (kind == "list" and value.test != "STARTS WITH")


def _places_of_amount(
    owners: Mapping[str, tuple[SchemaProperty, ...]], evidence: SchemaEvidence, amount: Amount
) -> Mapping[str, ValuePlace]:
    found: dict[str, ValuePlace] = {}
    for owner, properties in owners.items():
        for one in properties:
            if not _may_count(one, amount):
                continue
            said = _near(evidence, SchemaElement("property", owner, one.name), amount.start, amount.end)
            time = one.kind == "date" or "year" in one.name.casefold()
            year = isinstance(amount.value, str) or (isinstance(amount.value, int) and 1000 <= amount.value <= 2100)
            worth = min(1.0, 0.1 + 0.9 * said + 0.2 * (time and year))
            if owner not in found or worth > found[owner].worth:
                found[owner] = ValuePlace(owner, one.name, str(amount.value), worth, amount.operator)
    return found


def _may_count(one: SchemaProperty, amount: Amount) -> bool:
    if isinstance(amount.value, str):
        return one.kind == "date"
    year = isinstance(amount.value, int) and 1000 <= amount.value <= 2100
    return one.kind == "number" or (one.kind == "date" and year)


def _near(evidence: SchemaEvidence, element: SchemaElement, start: int, end: int, *, before: int = BEFORE) -> float:
    """How much of the element is named around these words; what is nearer says more."""
    name, meaning = evidence.by_name[element], evidence.by_meaning[element]
    best = 0.0
    for at in (*range(max(0, start - before), start), *range(end, min(len(name), end + BEHIND))):
        away = start - at if at < start else at - end + 1
        said = max(float(name[at]), 0.7 * float(meaning[at]))
        best = max(best, said * (1.05 - 0.1 * away - 0.05 * (at >= end)))
    return best
