"""A question as a plan over one pattern of a graph, and the plan as Cypher: read only, and true to the schema that the
pattern was taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..cypher.writing import literal, quote_name
from ..english.amounts import Operator
from .patterns import GraphPattern
from .schema import TypedSchema

Measure = Literal["count", "avg", "sum"]
TextTest = Literal["CONTAINS", "STARTS WITH", "ENDS WITH"]
BlankTest = Literal["IS NULL", "IS NOT NULL"]
Cell = str | int | float | bool


@dataclass(frozen=True, slots=True)
class PropertyReference:
    place: int
    """Of a node or an edge of the pattern."""
    name: str
    """Empty: the node itself."""
    of_edge: bool = False


@dataclass(frozen=True, slots=True)
class PropertyTest:
    of: PropertyReference
    test: Operator | TextTest | BlankTest | Literal["IN", "HOLDS"]
    """``HOLDS``: a list has the value."""
    values: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphPlan:
    pattern: GraphPattern
    target: int
    """The node that is asked for."""
    tests: tuple[PropertyTest, ...] = ()
    shown: tuple[PropertyReference, ...] = ()
    measure: tuple[Measure, PropertyReference] | None = None
    """Of each group of what is shown; of all where nothing is."""
    having: tuple[Operator, int | float] | None = None
    """What the measure must be."""
    order: PropertyReference | None = None
    """Ordered by this, or by the measure where something is shown with it."""
    descending: bool = True
    limit: int = 0
    absent: frozenset[int] = frozenset()
    """Leaves of the pattern that must not be there."""
    either_way: bool = False
    """Relations of a label to itself are followed in both directions."""


def to_cypher(schema: TypedSchema, plan: GraphPlan) -> str:
    nodes = dict(enumerate("abcdefghijklmnopqrstuvwxyz"[: len(plan.pattern.nodes)]))
    told = {one.place for one in (*(each.of for each in plan.tests), *plan.shown, *_more(plan)) if one.of_edge}
    edges = {at: f"r{at}" for at in sorted(told)}

    def written(one: PropertyReference) -> str:
        name = edges[one.place] if one.of_edge else nodes[one.place]
        return f"{name}.{quote_name(one.name)}" if one.name else name

    patterns = ", ".join(_paths(plan, nodes, edges))
    tests = [_test(one, written(one.of)) for one in plan.tests]
    tests += [f"NOT EXISTS {{ {_absent_edge(plan, at, nodes)} }}" for at in _absent_edges(plan)]
    if plan.order:
        tests.append(f"{written(plan.order)} IS NOT NULL")
    where = f" WHERE {' AND '.join(dict.fromkeys(tests))}" if tests else ""
    text = f"MATCH {patterns}{where} "
    if plan.measure:
        return text + _measured(plan, nodes, written)
    shown = [written(one) for one in plan.shown] or [nodes[plan.target]]
    by = written(plan.order) if plan.order else ""
    text += f"RETURN DISTINCT {', '.join(dict.fromkeys([*shown, *([by] if by else [])]))}"
    text += f" ORDER BY {by}{' DESC' if plan.descending else ''}" if by else ""
    return text + (f" LIMIT {plan.limit}" if plan.limit else "")


def _measured(plan: GraphPlan, nodes: dict[int, str], written: Callable[[PropertyReference], str]) -> str:
    """The rest of a query that counts or sums up: of each node that is asked for, since several may have one name, or
    of all."""
    assert plan.measure is not None
    function, of = plan.measure
    target, text = nodes[plan.target], ""
    if function != "count" and not of.of_edge and plan.pattern.edges:
        # A node that several paths lead to counts once.
        text = f"WITH DISTINCT {', '.join(dict.fromkeys([nodes[of.place], *([target] if plan.shown else [])]))} "
    measure = f"{function}({'DISTINCT ' if function == 'count' else ''}{written(of)}) AS measure"
    if not plan.shown:
        return f"{text}RETURN {measure}"
    having = f"WHERE measure {plan.having[0]} {plan.having[1]} " if plan.having else ""
    shown = [written(one) for one in plan.shown if one.place == plan.target and not one.of_edge] or [target]
    order = f" ORDER BY measure{' DESC' if plan.descending else ''}"
    text += f"WITH {target}, {measure} {having}RETURN {', '.join(shown)}, measure{order}"
    return text + (f" LIMIT {plan.limit}" if plan.limit else "")


def _more(plan: GraphPlan) -> Iterator[PropertyReference]:
    if plan.measure:
        yield plan.measure[1]
    if plan.order:
        yield plan.order


def _ends(plan: GraphPlan, edge: int) -> tuple[int, int]:
    return plan.pattern.edges[edge].source, plan.pattern.edges[edge].target


def _absent_edges(plan: GraphPlan) -> list[int]:
    return [at for at, one in enumerate(plan.pattern.edges) if plan.absent & {one.source, one.target}]


def _paths(plan: GraphPlan, nodes: dict[int, str], edges: dict[int, str]) -> list[str]:
    """The pattern as paths, the first from one of its ends."""
    left = [at for at in range(len(plan.pattern.edges)) if at not in _absent_edges(plan)]
    if not left:
        return [_node(plan, plan.target, nodes, labels=True)]
    bound: set[int] = set()
    found = []
    while left:
        ends = [place for one in left for place in _ends(plan, one)]
        start = next((one for one in ends if one in bound), None)
        at = next((one for one in ends if ends.count(one) == 1), ends[0]) if start is None else start
        text = _node(plan, at, nodes, labels=at not in bound)
        bound.add(at)
        while step := [one for one in left if at in _ends(plan, one)]:
            edge = plan.pattern.edges[step[0]]
            left.remove(step[0])
            other = edge.target if edge.source == at else edge.source
            text += _arrow(plan, step[0], edges, forward=edge.source == at)
            text += _node(plan, other, nodes, labels=other not in bound)
            bound.add(other)
            at = other
        found.append(text)
    return found


def _absent_edge(plan: GraphPlan, at: int, nodes: dict[int, str]) -> str:
    one = plan.pattern.edges[at]
    gone = plan.absent & {one.source, one.target}
    ends = [
        f"(:{quote_name(plan.pattern.nodes[end])})" if end in gone else f"({nodes[end]})"
        for end in (one.source, one.target)
    ]
    return f"{ends[0]}-[:{quote_name(one.relation.type)}]->{ends[1]}"


def _arrow(plan: GraphPlan, at: int, edges: dict[int, str], *, forward: bool) -> str:
    inside = f"-[{edges.get(at, '')}:{quote_name(plan.pattern.edges[at].relation.type)}]-"
    relation = plan.pattern.edges[at].relation
    if plan.either_way and relation.source == relation.target:
        return inside
    return f"{inside}>" if forward else f"<{inside}"


def _node(plan: GraphPlan, at: int, nodes: dict[int, str], *, labels: bool) -> str:
    return f"({nodes[at]}:{quote_name(plan.pattern.nodes[at])})" if labels else f"({nodes[at]})"


def _test(one: PropertyTest, written: str) -> str:
    if one.test in ("IS NULL", "IS NOT NULL"):
        return f"{written} {one.test}"
    if one.test == "HOLDS":
        return " AND ".join(f"{literal(value)} IN {written}" for value in one.values)
    if one.test == "IN" or len(one.values) > 1:
        return f"{written} IN [{', '.join(map(literal, one.values))}]"
    if one.test == "CONTAINS":
        return f"toLower({written}) CONTAINS {literal(str(one.values[0]).lower())}"
    return f"{written} {one.test} {literal(one.values[0])}"
