"""How one definition comes to run another: the shortest chain of calls, with the line of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from sqlite3 import Connection

from ..facts import CLASS, METHOD
from ..index import CodeGraph
from ..languages import language_of
from ..resolution.values import OUTSIDE
from ..symbols import Symbol, find, is_of_tests, without_tests
from .doubts import doubts
from .reach import CALLEES, CALLERS, node, reach
from .verbs import CodeAnswer, CodeRow

_AROUND = (*CALLEES, ">USES", ">CONTAINS")
"""What may lead on where no call is seen: a function that is passed on, or one that is defined inside."""
_Search = Callable[[CodeGraph, Sequence[Symbol], Sequence[Symbol], Sequence[str]], list[CodeRow]]
_MEANT = 4
"""Of several symbols of one name, how many are tried."""
_NAMED = 3
_BY_NAME = "One step is taken by its name alone: the type of the object is not known there."
_NOT_ALL_CALLS = "Not every step is a call: an edge of another kind is named."


def path(graph: CodeGraph, start: str, end: str) -> list[CodeAnswer]:
    """One answer: the steps from ``start`` to ``end``, none where no way is known. Raises ``NotFoundError``."""
    connection = graph.store.connection
    starts, ends = (without_tests(find(connection, name))[:_MEANT] for name in (start, end))
    for one in starts:  # the likeliest first, even where another one's way is shorter
        for edges, find_steps, notes in _WAYS:
            if steps := find_steps(graph, _run_by(connection, one), ends, edges):
                first = next(item for item in _run_by(connection, one) if item.id == steps[0].via)
                return [CodeAnswer("steps", first, tuple(steps), _cypher(first, steps[-1].symbol), notes=notes)]
    notes = tuple(_gaps(graph, starts, ends))
    unseen = doubts(connection, ends[0], unused=True)
    return [CodeAnswer("steps", starts[0], (), _cypher(starts[0], ends[0]), notes=notes, doubts=unseen)]


def _run_by(connection: Connection, item: Symbol) -> list[Symbol]:
    """It, and the constructors of a class, since they are what a call of a class runs; of a method that calls nothing
    itself, such as that of an interface, those that stand in for it.

    Further on no override is stepped to: an edge CALLS leads to each that a call can arrive at, and a call of
    ``super`` arrives at one alone."""
    if item.label == METHOD and not reach(connection, [item.id], CALLEES, 1):
        return [item, *(row.symbol for row in reach(connection, [item.id], ("<OVERRIDES",)))]
    if item.label != CLASS:
        return [item]
    names = {item.name if name == "." else name for name in language_of(item.file).naming.constructors}
    members = [row.symbol for row in reach(connection, [item.id], (">HAS_METHOD",), 1)]
    return [item, *(member for member in members if member.name in names)]


def _shortest(
    graph: CodeGraph, starts: Sequence[Symbol], ends: Sequence[Symbol], edges: Sequence[str]
) -> list[CodeRow]:
    wanted = {item.id for item in ends}
    found = reach(graph.store.connection, [item.id for item in starts], edges, until=wanted)
    rows = {row.symbol.id: row for row in found}
    hits = [row for row in rows.values() if row.symbol.id in wanted]
    if not hits:
        return []
    steps = [min(hits, key=lambda row: (row.distance, row.resolution))]
    while steps[0].distance > 1:
        steps.insert(0, rows[steps[0].via])
    return steps


def _with_bridge(
    graph: CodeGraph, starts: Sequence[Symbol], ends: Sequence[Symbol], edges: Sequence[str]
) -> list[CodeRow]:
    """A way with one step that only the name of a method tells: a call on an object of unknown type. Names that objects
    of Python itself have, such as ``send``, tell nothing."""
    there = {row.symbol.id: row for row in reach(graph.store.connection, [item.id for item in starts], edges)}
    back = {row.symbol.id: row for row in reach(graph.store.connection, [item.id for item in ends], CALLERS)}
    methods = [(row.distance, row.symbol) for row in back.values()] + [(0, item) for item in ends]
    bridges = [
        (call.distance + left, item.id, call, item)
        for left, item in methods
        if item.label == METHOD and item.name not in language_of(item.file).naming.common
        if (call := there.get(f"{OUTSIDE}*.{item.name}")) is not None and not is_of_tests(item)
    ]
    if not bridges:
        return []
    call, item = min(bridges, key=lambda bridge: bridge[:2])[2:]
    steps = [replace(call, symbol=item, note="by its name alone")]
    while steps[0].distance > 1:
        steps.insert(0, there[steps[0].via])
    while (onward := back.get(steps[-1].symbol.id)) is not None:
        reached_next = next((item for item in ends if item.id == onward.via), None) or back[onward.via].symbol
        steps.append(replace(onward, symbol=reached_next, via=onward.symbol.id, distance=len(steps) + 1))
    return steps


def _gaps(graph: CodeGraph, starts: Sequence[Symbol], ends: Sequence[Symbol]) -> list[str]:
    """What the missing way may hang on."""
    subject = f"No call path is known from {starts[0].id} to {ends[0].id}"
    back = _shortest(graph, ends, starts, CALLEES)
    turned = [f"The other way round there is one, of {len(back)} steps."] if back else []
    rows = reach(graph.store.connection, [item.id for item in starts], CALLEES)
    names = {f"{OUTSIDE}*.{item.name}" for item in ends}
    calls = [row for row in rows if row.symbol.id in names]
    if calls:
        places = ", ".join(f"{row.via} (line {row.line})" for row in calls[:_NAMED])
        return [f"{subject}, but {places} calls a method of that name on an object of unknown type.", *turned]
    unknown = sum(row.symbol.id.startswith(f"{OUTSIDE}*") for row in rows)
    reason = f"; {unknown} names are called on objects of unknown type on the way" if unknown else ""
    return [f"{subject}{reason}.", *turned]


def _cypher(start: Symbol, end: Symbol) -> str:
    return f"MATCH p = {node('a', start)}-[:CALLS*1..8]->{node('b', end)} " + (
        "RETURN [n IN nodes(p) | n.id] AS path ORDER BY length(p) LIMIT 1"
    )


_WAYS: tuple[tuple[Sequence[str], _Search, tuple[str, ...]], ...] = (
    (CALLEES, _shortest, ()),
    (CALLEES, _with_bridge, (_BY_NAME,)),
    (_AROUND, _shortest, (_NOT_ALL_CALLS,)),
)
"""The surest first: edges, how they are followed, and what is to be said of the steps."""
