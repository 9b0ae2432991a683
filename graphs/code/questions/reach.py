"""Who is reached over edges of the code graph, step by step, nearest first.

An edge is followed in the direction that its use names: ``"<CALLS"`` from a symbol to its callers, ``">CALLS"`` to what
it calls.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from sqlite3 import Connection

from ..index import CodeGraph
from ..resolution.values import INFERRED, OUTSIDE
from ..symbols import Symbol, find, is_of_tests, symbols_of
from .doubts import doubts, doubts_inside
from .verbs import CodeAnswer, CodeRow, callees, callers, cypher_string, likeliest_first

MOST = 2_000
"""Symbols after which no further ones are looked for."""
DEEPEST = 25
_AT_ONCE = 400
"""Symbols whose edges are read by one query."""

CALLERS = ("<CALLS", ">DECORATES")
CALLEES = (">CALLS", "<DECORATES")
_CERTAINTY = ("exact", "inferred", "unknown")


def callers_within(graph: CodeGraph, name: str, depth: int) -> list[CodeAnswer]:
    """Who calls it, and who calls these, up to ``depth`` calls away, as one tree."""
    return callers(graph, name) if depth == 1 else trees(graph, "callers", name, CALLERS, depth)


def callees_within(graph: CodeGraph, name: str, depth: int) -> list[CodeAnswer]:
    """What it calls, and what these call, up to ``depth`` calls away, as one tree."""
    return callees(graph, name) if depth == 1 else trees(graph, "callees", name, CALLEES, depth)


def trees(graph: CodeGraph, verb: str, name: str, edges: Sequence[str], depth: int) -> list[CodeAnswer]:
    connection = graph.store.connection
    return likeliest_first(_tree(connection, verb, item, edges, depth) for item in find(connection, name)[:5])


def _tree(connection: Connection, verb: str, item: Symbol, edges: Sequence[str], depth: int) -> CodeAnswer:
    rows = tuple(as_tree(reach(connection, [item.id], edges, depth)))
    unseen = doubts(connection, item, unused=not rows) if edges is CALLERS else doubts_inside(connection, item)
    return CodeAnswer(verb, item, rows, cypher(item, edges, depth), doubts=unseen)


def reach(
    connection: Connection,
    starts: Iterable[str],
    edges: Sequence[str],
    depth: int = DEEPEST,
    enters: Callable[[CodeRow], bool] = lambda row: not row.symbol.id.startswith(OUTSIDE),
    until: Set[str] = frozenset(),
) -> list[CodeRow]:
    """Every symbol within ``depth`` steps once, at its least distance over its surest edge, nearest first; not the
    starts. A row for which ``enters`` is false is named and not walked on from; nothing further away is looked for once
    one of ``until`` is reached. ``resolution`` is that of the least sure edge on the way."""
    level = dict.fromkeys(starts, "exact")
    seen = set(level)
    found: list[CodeRow] = []
    for distance in range(1, depth + 1):
        rows: dict[str, CodeRow] = {}
        ends: set[str] = set()
        steps = list(_steps(connection, list(level), edges))
        wrapped = _calls_of_decorated(connection, steps)
        for row in steps:
            if (row.via, row.symbol.id) in wrapped:
                continue
            if (row.symbol.id, row.via) in wrapped:
                ends.add(row.symbol.id)
            sure = max(row.resolution, level[row.via], key=_CERTAINTY.index)
            known = rows.get(row.symbol.id)
            if row.symbol.id not in seen and (known is None or sure < known.resolution):
                near = distance == 1 and sure == row.resolution
                rows[row.symbol.id] = row if near else replace(row, distance=distance, resolution=sure)
        found += sorted(rows.values(), key=lambda row: (row.resolution, is_of_tests(row.symbol), row.symbol.id))
        seen |= rows.keys()
        level = {row.symbol.id: row.resolution for row in rows.values() if enters(row) and row.symbol.id not in ends}
        if not level or len(found) >= MOST or not until.isdisjoint(rows):
            break
    return found[:MOST]


def _calls_of_decorated(connection: Connection, steps: Sequence[CodeRow]) -> set[tuple[str, str]]:
    """Calls of what a decorator was given, by what it made, as ``(wrapper, decorated)``.

    One wrapper calls all that its decorator decorates. Who calls one of them has an edge to it besides that to the
    wrapper, so no way leads through the wrapper to the others.
    """
    calls = [row for row in steps if row.edge == "CALLS" and row.resolution == INFERRED]
    ends = {name for row in calls for name in (row.via, row.symbol.id)}
    found: dict[str, list[str]] = {}
    for decorator, decorated in connection.execute(_DECORATORS, (json.dumps(sorted(ends)),)) if ends else ():
        found.setdefault(decorated, []).append(f"{decorator}.")
    pairs = [pair for row in calls for pair in ((row.via, row.symbol.id), (row.symbol.id, row.via))]
    return {(one, other) for one, other in pairs if any(one.startswith(each) for each in found.get(other, ()))}


_DECORATORS = """SELECT s.name, t.name FROM code_names t JOIN code_edges e ON e.target = t.id
    JOIN code_names s ON s.id = e.source
    WHERE t.name IN (SELECT value FROM json_each(?)) AND e.type = 'DECORATES'"""


def _steps(connection: Connection, names: Sequence[str], edges: Sequence[str]) -> Iterator[CodeRow]:
    """Rows one step away, ``via`` the name that they were found from; one for each pair and kind of edge."""
    incoming = [edge[1:] for edge in edges if edge[0] == "<"]
    outgoing = [edge[1:] for edge in edges if edge[0] == ">"]
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        for types, near, far in ((incoming, "target", "source"), (outgoing, "source", "target")):
            if types:
                yield from _step(connection, some, types, near, far)


def _step(connection: Connection, names: Sequence[str], types: Sequence[str], near: str, far: str) -> Iterator[CodeRow]:
    query = f"""SELECT n.name, e.{far}, e.type, min(e.resolution), min(e.line), group_concat(e.line), e.document_id
        FROM code_names n JOIN code_edges e ON e.{near} = n.id
        WHERE n.name IN ({_marks(names)}) AND e.type IN ({_marks(types)})
        GROUP BY n.id, e.{far}, e.type ORDER BY min(e.line)"""  # noqa: S608
    edges = connection.execute(query, (*names, *types)).fetchall()
    known = symbols_of(connection, (edge[1] for edge in edges)) if edges else {}
    for via, end, kind, resolution, line, places, document in edges:
        lines = (line,) if places.isdigit() else tuple(sorted({*map(int, places.split(","))}))
        yield CodeRow(known[end], kind, resolution, line=line, lines=lines, document=document, via=via)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def as_tree(rows: Iterable[CodeRow]) -> Iterator[CodeRow]:
    """Each row directly below the one that it was found from."""
    below: dict[str, list[CodeRow]] = {}
    for row in rows:
        below.setdefault(row.via if row.distance > 1 else "", []).append(row)
    waiting = below.get("", [])[::-1]
    while waiting:
        row = waiting.pop()
        yield row
        waiting += [each for each in below.get(row.symbol.id, []) if each.distance == row.distance + 1][::-1]


def cypher(item: Symbol, edges: Sequence[str], depth: int) -> str:
    """A query that gives the same symbols on a projection of the graph, where all edges are followed one way."""
    kinds = "|".join(edge[1:] for edge in edges if edge[0] == edges[0][0])
    left, right = ("<-", "-") if edges[0][0] == "<" else ("-", "->")
    path = f"{left}[:{kinds}*1..{min(depth, 8)}]{right}"
    return f"MATCH {node('t', item)}{path}(s) RETURN DISTINCT s.id AS id, s.file_path AS file"


def node(variable: str, item: Symbol) -> str:
    """The pattern of one symbol in a query."""
    return f"({variable}:{item.label} {{id: {cypher_string(item.id)}}})"
