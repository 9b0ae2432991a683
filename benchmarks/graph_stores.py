"""The graph engines on one synthetic graph (10,000 nodes, 40,000 edges): load, point look-up, callers, two hops.

The load is told in nodes and in edges per second: the nodes are loaded by themselves, then all, and what that takes
longer is the edges'. ``again_s`` replaces the whole graph by itself.
Each through the public store, guard included, next to a plain SQLite edge table with two indexes, which is what the
fixed questions cost without a query language. Neo4j takes part when NEO4J_URI names an empty database.

    python benchmarks/graph_stores.py [--json] [--nodes 10000] [--edges 40000]
"""

from __future__ import annotations

import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evidentia.evaluation.report import arguments, report
from evidentia.graphs.base import Edge, GraphStore, Node
from evidentia.graphs.stores import open_store

QUESTIONS = {
    "point": ("MATCH (n:METHOD {id: $id}) RETURN n.name", "SELECT name FROM nodes WHERE id = :id"),
    "callers": (
        "MATCH (x)-[:CALLS]->(m:METHOD {id: $id}) RETURN x.id",
        "SELECT source FROM edges WHERE target = :id",
    ),
    "two hops": (
        "MATCH (a:METHOD {id: $id})-[:CALLS]->()-[:CALLS]->(c) RETURN count(DISTINCT c)",
        "SELECT count(DISTINCT b.target) FROM edges a JOIN edges b ON b.source = a.target WHERE a.source = :id",
    ),
}
Ask = Callable[[str, str], Any]


def graph(nodes: int, edges: int) -> tuple[list[Node], list[Edge]]:
    draw = random.Random(0)
    made = [Node("METHOD", f"m{i}", {"name": f"name{i % 1000}", "line": i}) for i in range(nodes)]
    return made, [Edge("CALLS", f"m{draw.randrange(nodes)}", f"m{draw.randrange(nodes)}") for _ in range(edges)]


def sqlite_asker(folder: Path, nodes: list[Node], edges: list[Edge]) -> Ask:
    (folder / "edges.db").unlink(missing_ok=True)
    database = sqlite3.connect(folder / "edges.db")
    database.execute("CREATE TABLE nodes (id TEXT PRIMARY KEY, name TEXT)")
    database.execute("CREATE TABLE edges (source TEXT, target TEXT)")
    database.executemany("INSERT INTO nodes VALUES (?, ?)", [(n.id, n.properties["name"]) for n in nodes])
    database.executemany("INSERT INTO edges VALUES (?, ?)", [(e.source, e.target) for e in edges])
    database.executescript("CREATE INDEX a ON edges (source, target); CREATE INDEX b ON edges (target, source)")
    database.commit()
    return lambda question, name: database.execute(QUESTIONS[question][1], {"id": name}).fetchall()


def store_asker(store: GraphStore, nodes: list[Node], edges: list[Edge]) -> Ask:
    store.load(nodes, edges)
    return lambda question, name: store.query(QUESTIONS[question][0], {"id": name}).rows


def measure(prepare: Callable[[list[Node], list[Edge]], Ask], nodes: list[Node], edges: list[Edge]) -> dict[str, float]:
    """What a load costs, then the median milliseconds of 200 different look-ups per question."""
    times = []
    for some, links in (([], []), (nodes, []), ([], []), (nodes, edges), (nodes, edges)):
        started = time.perf_counter()
        ask = prepare(some, links)
        times.append(time.perf_counter() - started)
    _, only_nodes, _, whole, again = times
    found = {
        "load_s": whole,
        "again_s": again,
        "nodes_per_s": len(nodes) / only_nodes,
        "edges_per_s": len(edges) / max(whole - only_nodes, 1e-9),
    }
    for question in QUESTIONS:
        times = []
        for node in random.Random(1).sample(nodes, min(200, len(nodes))):
            started = time.perf_counter()
            ask(question, node.id)
            times.append(time.perf_counter() - started)
        found[f"{question.replace(' ', '_')}_ms"] = statistics.median(times) * 1000
    return found


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--nodes", type=int, default=10_000)
    parser.add_argument("--edges", type=int, default=40_000)
    options = parser.parse_args()
    nodes, edges = graph(options.nodes, options.edges)
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["sqlite"] = measure(lambda n, e: sqlite_asker(Path(folder), n, e), nodes, edges)
        stores: dict[str, dict[str, Any]] = {"arcadedb": {"folder": Path(folder) / "graph"}}
        if os.environ.get("NEO4J_URI"):
            stores["neo4j"] = {"graph": "benchmark"}
        for name, where in stores.items():
            store = open_store(name, **where)
            found[name] = measure(lambda n, e, store=store: store_asker(store, n, e), nodes, edges)  # type: ignore[misc]
            store.load([], [])
            store.close()
    columns = list(found["sqlite"])
    report(
        options.json,
        f"Graph stores, {options.nodes:,} nodes and {options.edges:,} edges",
        ["", *columns],
        [[name, *row.values()] for name, row in found.items()],
        {f"{name}_{column}": value for name, row in found.items() for column, value in row.items()},
    )


if __name__ == "__main__":
    main()
