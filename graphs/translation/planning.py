"""A pattern made a plan: which of its nodes is asked for, what is shown of it, and the conditions, counts and order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..english.amounts import Amount
from ..english.intent import NEGATIONS
from ..english.names import name_roots, property_name, singular
from ..english.words import PEOPLE
from .asked import GraphQuestion, NamedValue
from .evidence import SAID, SchemaElement, SchemaEvidence
from .patterns import GraphPattern, PatternEdge
from .places import ValuePlace
from .plan import GraphPlan, PropertyReference, PropertyTest
from .ranking import PatternRanker

SOME = 0.5
"""Of a name: it may be meant."""
_BY_WORDS = frozenset(("by", "in", "on"))
_ASCENDING = frozenset(("ascending", "asc", "lowest", "smallest", "least", "fewest", "earliest", "oldest", "shortest"))
_THEIR = frozenset(("their", "its", "his", "her", "and", "corresponding", "respective", "along", "with", "the"))


@dataclass
class PlanDraft:
    ranker: PatternRanker
    pattern: GraphPattern
    target: int = 0
    tests: list[PropertyTest] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Words that conditions, order and counts are made of."""
    spent: set[tuple[str, str]] = field(default_factory=set)
    """Owners and properties of conditions, which are not asked for themselves."""

    @property
    def evidence(self) -> SchemaEvidence:
        return self.ranker.evidence

    @property
    def question(self) -> GraphQuestion:
        return self.ranker.evidence.question

    def word_of(self, element: SchemaElement, least: float = SAID) -> int | None:
        """The first word that names it."""
        said = self.evidence.by_name.get(element)
        if said is None:
            return None
        return next((at for at, strength in enumerate(said) if strength >= least), None)

    def label_word(self, node: int, least: float = SAID) -> int | None:
        label = self.pattern.nodes[node]
        return self.word_of(SchemaElement("label", label, label), least)

    def place_of(self, owner: str) -> PropertyReference | None:
        """The first node of that label, or edge of that type."""
        for at, label in enumerate(self.pattern.nodes):
            if label == owner:
                return PropertyReference(at, "")
        found = (at for at, one in enumerate(self.pattern.edges) if one.relation.type == owner)
        return next((PropertyReference(at, "", True) for at in found), None)


def plan_question(ranker: PatternRanker, pattern: GraphPattern) -> GraphPlan:
    draft = PlanDraft(ranker, pattern)
    draft.target = _target(draft)
    _orient(draft)
    _place_values(draft)
    having = _place_amounts(draft)
    _test_truths(draft)
    absent = _absences(draft)
    shown = _shown(draft, absent)
    plan = GraphPlan(draft.pattern, draft.target, tuple(dict.fromkeys(draft.tests)), shown, absent=absent)
    plan = _with_measure(draft, plan, having)
    return replace(plan, limit=draft.question.limit)


def _target(draft: PlanDraft) -> int:
    """The node that is named first behind the word that asks, that of people for "who"; one that a value tells is
    known, not asked for."""
    question, nodes = draft.question, range(len(draft.pattern.nodes))
    display = draft.ranker.schema.display
    told = {
        one.owner
        for one in _best_places(draft, draft.ranker.places.values)
        if one and one.owner in draft.pattern.nodes and one.property == display(one.owner)
    }
    if question.intent.asks == "who":
        people = [at for at in nodes if singular(property_name(draft.pattern.nodes[at])) in PEOPLE]
        loose = [at for at in nodes if draft.pattern.nodes[at] not in told]
        for at in (*sorted(people, key=lambda one: draft.pattern.nodes[one] in told), *loose):
            return at
    ahead = [(word, at) for at in nodes if (word := draft.label_word(at, SOME)) is not None]
    # "The top 5 harbours by number of ships" asks for harbours.
    first = 0 if question.top and question.intent.wanted == "count" else question.intent.target
    late = [one for one in ahead if one[0] >= first] or ahead
    loose = [one for one in late if draft.pattern.nodes[one[1]] not in told] or late
    if late and late[0] not in loose and question.intent.wanted != "count":
        # "What is the address of user 'Bob'?" asks of Bob what he has.
        first = min(late)
        if not loose or first == min(loose):
            return first[1]
    if loose:
        return min(loose)[1]
    return next((at for at in nodes if draft.pattern.nodes[at] not in told), 0)


def _best_places(draft: PlanDraft, places: Sequence[object]) -> list[ValuePlace | None]:
    return [draft.ranker.best_place(one, draft.pattern) for one in places]  # type: ignore[arg-type]


def _orient(draft: PlanDraft) -> None:
    """Turns a relation of a label to itself so that the one who does it stands before the verb, behind it with "by"."""
    for at, edge in enumerate(draft.pattern.edges):
        if edge.relation.source != edge.relation.target:
            continue
        element = SchemaElement("relation", edge.relation.type, edge.relation.type)
        verb = draft.word_of(element, SOME)
        if verb is None:
            continue
        text = [one.text.casefold() for one in draft.question.tokens]
        passive = "by" in text[verb + 1 : verb + 3]
        noun = text[verb].endswith(("ers", "er", "ors", "or")) and "of" in text[verb + 1 : verb + 2]
        inverted = any(word in ("do", "does", "did") for word in text[:verb]) and not noun
        # The node that is asked for is the one that does it, but for "followed by X" and "whom does X follow".
        doer, done_to = (edge.source, edge.target) if draft.target == edge.source else (edge.target, edge.source)
        named = any(one.end in (verb, verb - 1) and not passive for one in draft.question.values)
        if passive != (inverted or named):
            doer, done_to = done_to, doer
        edges = list(draft.pattern.edges)
        edges[at] = PatternEdge(edge.relation, doer, done_to)
        draft.pattern = GraphPattern(draft.pattern.nodes, tuple(edges))


def _place_values(draft: PlanDraft) -> None:
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
                draft.tests[draft.tests.index(held)] = PropertyTest(of, "IN", (*held.values, place.value))
                continue
            of = replace(of, place=len(draft.pattern.nodes) - 1)
        denied = _is_denied(words, value)
        test = "<>" if denied and value.test == "=" else value.test
        draft.tests.append(PropertyTest(of, test, (place.value,)))  # type: ignore[arg-type]


def _is_denied(words: Sequence[str], value: NamedValue) -> bool:
    return bool(NEGATIONS & set(words[max(0, value.start - 3) : value.start]))


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


def _place_amounts(draft: PlanDraft) -> tuple[Amount, int] | None:
    """Numbers as conditions; what "more than three genres" counts is given back with its node."""
    having = None
    for amount, places in zip(draft.question.amounts, draft.ranker.places.amounts, strict=True):
        place = draft.ranker.best_place(places, draft.pattern)
        counted = _node_at(draft, range(amount.end, amount.end + 2))
        if counted is not None and draft.pattern.edges and counted != draft.target and (not place or place.worth < 0.8):
            having = amount, counted
            draft.used.update(range(amount.start, amount.end))
            continue
        reference = draft.place_of(place.owner) if place else None
        if place is None or reference is None:
            continue
        of = replace(reference, name=place.property)
        draft.used.update(range(amount.start, amount.end))
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


def _node_at(draft: PlanDraft, words: range) -> int | None:
    for at, label in enumerate(draft.pattern.nodes):
        said = draft.evidence.by_name[SchemaElement("label", label, label)]
        if any(said[word] >= SAID for word in words if word < len(said)):
            return at
    return None


def _test_truths(draft: PlanDraft) -> None:
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


def _absences(draft: PlanDraft) -> frozenset[int]:
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


def _shown(draft: PlanDraft, absent: frozenset[int]) -> tuple[PropertyReference, ...]:
    """The properties that the question names, else what tells which nodes they are."""
    found: dict[PropertyReference, int] = {}
    used = set(draft.used)
    kinds = [("label", one) for one in draft.pattern.nodes]
    kinds += [("relation", one.relation.type) for one in draft.pattern.edges]
    said = (draft.evidence.by_name[SchemaElement(kind, name, name)] for kind, name in kinds)  # type: ignore[arg-type]
    taken = {at for strengths in said for at, strength in enumerate(strengths) if strength >= SAID}
    for at, label in enumerate(draft.pattern.nodes):
        if at in absent:
            continue
        for one in draft.ranker.schema.labels[label]:
            words = _words_of(draft, label, one.name)
            again = len(words) > len(name_roots(property_name(one.name)))  # besides its condition
            if not words or words & used or words <= taken or ((label, one.name) in draft.spent and not again):
                continue
            others = [_words_of(draft, label, each.name) for each in draft.ranker.schema.labels[label]]
            longer = any(words < each for each in others)  # "profile image URL" is not the URL
            if not longer and (at == draft.target or min(words) not in found.values()):
                found[PropertyReference(at, one.name)] = min(words)
        word = draft.label_word(at)
        before = draft.question.tokens[word - 1].text.casefold() if word else ""
        if at != draft.target and word is not None and before in _THEIR - {"the", "with"}:
            shown = draft.ranker.schema.display(label)
            found.setdefault(PropertyReference(at, shown), word)
    target = draft.ranker.schema.display(draft.pattern.nodes[draft.target])
    if not any(one.place == draft.target for one in found):
        found = {PropertyReference(draft.target, target): -1, **found}
    if draft.pattern.nodes[draft.target] in draft.ranker.schema.namesakes:
        found.setdefault(PropertyReference(draft.target, "id"), -1)
    return tuple(sorted(found, key=lambda one: (one.place != draft.target, found[one])))


def _words_of(draft: PlanDraft, owner: str, name: str) -> set[int]:
    said = draft.evidence.by_name[SchemaElement("property", owner, name)]
    return {at for at, strength in enumerate(said) if strength >= SAID}


def _with_measure(draft: PlanDraft, plan: GraphPlan, having: tuple[Amount, int] | None) -> GraphPlan:
    intent = draft.question.intent
    target = PropertyReference(plan.target, "")
    shown = _names_only(draft, plan)
    if having is not None:
        amount, counted = having
        value = amount.value if not isinstance(amount.value, str) else 0
        measure = ("count", PropertyReference(counted, ""))
        return replace(plan, shown=shown, measure=measure, having=(amount.operator, value))  # type: ignore[arg-type]
    number, each = _number_said(draft), _each(draft)
    if each is not None and intent.wanted != "rows":
        plan = replace(plan, target=each)
        shown = _names_only(draft, plan)
    if intent.wanted in ("avg", "sum") and number is not None:
        best = bool(intent.superlative) or draft.question.top
        grouped = each is not None or (best and (number.of_edge or number.place != plan.target))
        descending, measure = _descends(draft), (intent.wanted, number)
        return replace(plan, shown=shown if grouped else (), measure=measure, descending=descending)  # type: ignore[arg-type]
    if intent.wanted == "count" and each is not None and target.place != each:
        return replace(plan, shown=shown, measure=("count", target))
    extreme = intent.superlative
    ranked = draft.question.top or extreme is not None
    if ranked and (intent.wanted == "count" or (extreme is not None and extreme.counts)):
        start = extreme.at + 1 if extreme is not None and extreme.counts else intent.target
        counted = _node_at(draft, range(start, start + 3))
        if counted is not None and counted != plan.target and plan.pattern.edges:
            counts = PropertyReference(counted, "")
            return replace(plan, shown=shown, measure=("count", counts), descending=_descends(draft))
    if intent.wanted == "count" and not ranked:
        return replace(plan, shown=(), measure=("count", target))
    order = _order(draft, plan, number)
    if order is None:
        return plan
    named = tuple(one for one in plan.shown if one not in shown and one != order)
    return replace(plan, shown=(*shown, *named), order=order, descending=_descends(draft))


def _names_only(draft: PlanDraft, plan: GraphPlan) -> tuple[PropertyReference, ...]:
    return (PropertyReference(plan.target, draft.ranker.schema.display(plan.pattern.nodes[plan.target])),)


def _each(draft: PlanDraft) -> int | None:
    """The node of which each has a number of its own: "per harbour"."""
    words = [one.text.casefold() for one in draft.question.tokens]
    at = next((at for at, word in enumerate(words) if word in ("each", "per", "every")), None)
    return None if at is None else _node_at(draft, range(at + 1, at + 3))


def _number_said(draft: PlanDraft) -> PropertyReference | None:
    """The number that the question names; of an edge, too."""
    found = []
    for at, label in enumerate(draft.pattern.nodes):
        found += [(PropertyReference(at, one.name), label, one) for one in draft.ranker.schema.labels[label]]
    for at, edge in enumerate(draft.pattern.edges):
        kind = edge.relation.type
        found += [(PropertyReference(at, one.name, True), kind, one) for one in edge.relation.properties]
    said = []
    for reference, owner, one in found:
        word = draft.word_of(SchemaElement("property", owner, one.name), SOME)
        if word is not None and one.kind in ("number", "date") and (owner, one.name) not in draft.spent:
            strength = float(draft.evidence.by_name[SchemaElement("property", owner, one.name)][word])
            said.append((strength, reference))
    return max(said, key=lambda one: one[0], default=(0.0, None))[1]


def _order(draft: PlanDraft, plan: GraphPlan, number: PropertyReference | None) -> PropertyReference | None:
    """What an extreme, "top" or "by" orders the rows by."""
    extreme = draft.question.intent.superlative
    words = [one.text.casefold() for one in draft.question.tokens]
    if extreme is None and not draft.question.top and not {"sorted", "ordered", "descending", "ascending"} & set(words):
        return None
    if extreme is not None and extreme.by:
        named = [
            PropertyReference(plan.target, one.name)
            for one in draft.ranker.schema.labels[plan.pattern.nodes[plan.target]]
            if set(property_name(one.name).split("_")) & set(extreme.by)
        ]
        if named:
            return named[0]
    if extreme is not None and extreme.time and number is None:
        dates = [one.name for one in draft.ranker.schema.labels[plan.pattern.nodes[plan.target]] if one.kind == "date"]
        return PropertyReference(plan.target, dates[0]) if len(dates) == 1 else None
    return number


def _descends(draft: PlanDraft) -> bool:
    extreme = draft.question.intent.superlative
    if extreme is not None:
        return extreme.high
    return not _ASCENDING & {one.text.casefold() for one in draft.question.tokens}
