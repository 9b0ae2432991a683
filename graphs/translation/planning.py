"""A pattern made a plan: which of its nodes is asked for, what is shown of it, and the conditions, counts and order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..english.amounts import Amount
from ..english.intent import NEGATIONS
from ..english.names import name_roots, property_name, singular
from ..english.words import DECIDING, PEOPLE
from .conditions import add_truths, find_absences, place_amounts, place_values
from .draft import SOME, PlanDraft, best_places, node_at
from .evidence import SAID, SchemaElement
from .patterns import GraphPattern, PatternEdge
from .plan import GraphPlan, PropertyReference
from .ranking import PatternRanker

_ASCENDING = frozenset(("ascending", "asc", "lowest", "smallest", "least", "fewest", "earliest", "oldest", "shortest"))
_THEIR = frozenset(("their", "its", "his", "her", "and", "corresponding", "respective", "along", "with", "the"))


def plan_question(ranker: PatternRanker, pattern: GraphPattern) -> tuple[GraphPlan, tuple[str, ...]]:
    """The plan, and the words of the question that decide which rows are meant and that it does not use."""
    draft = PlanDraft(ranker, pattern)
    draft.target = _target(draft)
    _orient(draft)
    place_values(draft)
    having = place_amounts(draft)
    add_truths(draft)
    absent = find_absences(draft)
    shown = _shown(draft, absent)
    plan = GraphPlan(draft.pattern, draft.target, tuple(dict.fromkeys(draft.tests)), shown, absent=absent)
    plan = _with_measure(draft, plan, having)
    return replace(plan, limit=draft.question.limit), tuple(_left_out(draft, plan))


def _left_out(draft: PlanDraft, plan: GraphPlan) -> Iterator[str]:
    question, intent = draft.question, draft.question.intent
    for at, token in enumerate(question.tokens):
        word = token.text.casefold()
        denies = word in NEGATIONS or word.endswith(("n't", "n’t"))
        if (denies or word in DECIDING) and at not in draft.used:
            yield token.text
    for amount in question.amounts:
        if amount.start not in draft.used:
            yield str(amount.value)
    ranked = plan.order is not None or (plan.measure is not None and plan.shown)
    if intent.superlative is not None and not ranked:
        yield question.tokens[intent.superlative.at].text
    if intent.wanted in ("avg", "sum") and (plan.measure is None or plan.measure[0] != intent.wanted):
        yield "average" if intent.wanted == "avg" else "total"
    if intent.wanted == "count" and plan.measure is None and not ranked:
        yield "number"


def _target(draft: PlanDraft) -> int:
    """The node that is named first behind the word that asks, that of people for "who"; one that a value tells is
    known, not asked for."""
    question, nodes = draft.question, range(len(draft.pattern.nodes))
    display = draft.ranker.schema.display
    told = {
        one.owner
        for one in best_places(draft, draft.ranker.places.values)
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
        counted = node_at(draft, range(start, start + 3))
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
    return None if at is None else node_at(draft, range(at + 1, at + 3))


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
