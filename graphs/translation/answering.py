"""A question answered by the rows of a graph, or the reason why the graph cannot answer it.

An empty table is no answer. A word that nothing in the graph means refuses the question, and so does a name that no
node has; what was understood by its meaning alone makes the answer likely, not sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...errors import GraphError, QueryRefused
from ..base import GraphRows
from ..cypher.guard import check, check_schema
from .places import KNOWN
from .plan import to_cypher
from .translate import CypherCandidate, Translator

TRIED = 5
CLOSE = 0.4
"""Two candidates whose scores are nearer may both be meant."""
Certainty = Literal["sure", "likely", "unsure"]


@dataclass(frozen=True, slots=True)
class GraphTable:
    """Rows that answer."""

    cypher: str
    rows: GraphRows
    level: Certainty
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphRefusal:
    reason: str
    tried: tuple[str, ...] = ()
    """The queries that were run and gave nothing."""
    names: tuple[str, ...] = ()
    """What the question names, as the graph spells it."""


def answer_from_graph(
    translator: Translator, question: str, run: Callable[[str], GraphRows], most: int = TRIED
) -> GraphTable | GraphRefusal:
    """``run`` runs a query through the guard. Raises ``GraphError`` where the engine cannot answer."""
    found = translator.candidates(question, most)
    if not found:
        return GraphRefusal("the graph holds nothing yet")
    names = tuple(dict.fromkeys(str(value) for one in found for test in one.plan.tests for value in test.values))
    whole = [one for one in found if not (one.unused or (translator.known and _stray(one)))]
    if not whole and translator.known and all(map(_stray, found)):
        return GraphRefusal(f"nothing in the graph is called {_stray(found[0])}", names=names)
    if not whole:
        words = next((one.unused for one in found if one.unused), ())
        return GraphRefusal(f"the graph does not say what is meant by: {', '.join(words)}", names=names)
    if _is_bare(question, whole[0]):
        return GraphRefusal("it names nothing that would tell some of the graph's nodes from all", names=names)
    near = [one for one in whole[:2] if whole[0].score - one.score < CLOSE]
    tried: list[str] = []
    for one in _with_turned(translator, near):
        if complaints := complaints_of(translator, one.cypher):
            raise GraphError("a query was made that the graph's schema refuses", where=one.cypher, fix=complaints[0])
        tried.append(one.cypher)
        rows = run(one.cypher)
        if not _is_empty(one, rows):
            return GraphTable(one.cypher, rows, *_level(found, one))
    return GraphRefusal("nothing in the graph keeps all conditions", tuple(tried), names)


def _with_turned(translator: Translator, found: Sequence[CypherCandidate]) -> Iterator[CypherCandidate]:
    """Each, and behind it the same with relations of a label to itself in both directions: what is near a thing, it is
    near to."""
    for one in found:
        yield one
        if any(edge.relation.source == edge.relation.target for edge in one.plan.pattern.edges):
            plan = replace(one.plan, either_way=True)
            yield replace(one, cypher=to_cypher(translator.schema, plan), plan=plan)


def complaints_of(translator: Translator, cypher: str) -> list[str]:
    """What the guard and the schema have against a query, as sentences; empty where it may run."""
    try:
        check(cypher)
        return check_schema(cypher, translator.schema.plain())
    except QueryRefused as error:
        return [str(error)]


def _stray(one: CypherCandidate) -> str:
    """A name that no node is known to have."""
    return next((repr(text) for text, worth in one.names if worth < KNOWN), "")


def _is_bare(question: str, one: CypherCandidate) -> bool:
    """All nodes of a label are an answer only where they, or how many there are, are asked for."""
    plan = one.plan
    if plan.tests or plan.measure or plan.order or plan.pattern.edges or plan.limit:
        return False
    return not re.match(r"(?:list|show|which|name|what (?:are|\w+ are there))\b", question.strip(), re.IGNORECASE)


def _is_empty(one: CypherCandidate, rows: GraphRows) -> bool:
    counts = one.plan.measure is not None and not one.plan.shown
    return not rows.rows or (counts and all(cell in (0, None) for cell in rows.rows[0]))


def _level(found: Sequence[CypherCandidate], one: CypherCandidate) -> tuple[Certainty, tuple[str, ...]]:
    reasons = [f"{word!r} was understood by its meaning alone" for word in one.guessed]
    if one.plan.either_way:
        reasons.append("the relation was followed in both directions")
    near = [
        other for other in found if other.plan.pattern.key != one.plan.pattern.key and one.score - other.score < CLOSE
    ]
    if near:
        reasons.append(f"it may also mean: {near[0].cypher}")
    level: Certainty = "unsure" if len(reasons) > 1 or near else "likely" if reasons else "sure"
    return level, tuple(reasons)
