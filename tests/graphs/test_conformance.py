"""One mini graph and 75 queries with the rows they must give, on every engine, through the public store.

The battery lies beside the repository (``../shared/cypher/conformance.json``) or where EVIDENTIA_CONFORMANCE points.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidentia.errors import GraphError, QueryRefused
from evidentia.graphs.base import Edge, GraphRows, GraphStore, Node
from evidentia.graphs.stores import open_store

BESIDE = Path(__file__).resolve().parents[2] / ".." / "shared" / "cypher" / "conformance.json"
FILE = Path(os.environ.get("EVIDENTIA_CONFORMANCE", BESIDE))
BATTERY: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"queries": []}

WRITES = re.compile(r"\b(CREATE|MERGE|SET|REMOVE|FOREACH|DETACH|EXPLAIN)\b")
REFUSED = ("LOAD CSV / apoc (must be refused)",)
NOT_ON_ARCADEDB = (  # what ArcadeDB does not have: Neo4j's schema procedure, and Neo4j's words for two kinds of index
    "db.schema.nodeTypeProperties",
    "CREATE FULLTEXT INDEX",
    "db.index.fulltext.queryNodes",
    "CREATE VECTOR INDEX",
    "db.index.vector.queryNodes",
)

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the conformance battery is not there: {FILE}")


@pytest.fixture(scope="module", params=["arcadedb", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    if request.param == "neo4j":
        opened: GraphStore = request.getfixturevalue("neo4j_store")
    else:
        opened = open_store("arcadedb", folder=tmp_path_factory.mktemp("graph"))
    nodes = [Node(n["label"], n["id"], {"name": n["name"], "code": n["code"]}) for n in BATTERY["nodes"]]
    opened.load(nodes, [Edge(e["type"], e["from"], e["to"]) for e in BATTERY["edges"]])
    for statement in BATTERY["setup"]:
        opened.execute(statement)
    yield opened
    if request.param == "arcadedb":
        opened.close()


@pytest.mark.parametrize("case", BATTERY["queries"], ids=lambda case: case["feature"])
def test_a_query_gives_the_rows_of_the_battery(store: GraphStore, case: dict[str, Any]) -> None:
    if case["feature"] in REFUSED:
        with pytest.raises(QueryRefused):
            store.query(case["cypher"], case["params"])
    elif store.name == "arcadedb" and case["feature"] in NOT_ON_ARCADEDB:
        with pytest.raises(GraphError):
            run(store, case)
    else:
        assert_rows(run(store, case), case)


def run(store: GraphStore, case: dict[str, Any]) -> GraphRows:
    """Reads go through the guard; what the guard must refuse goes through ``execute``, in the order of the file."""
    if WRITES.search(case["cypher"]):
        with pytest.raises(QueryRefused):
            store.query(case["cypher"], case["params"])
        return store.execute(case["cypher"], case["params"])
    return store.query(case["cypher"], case["params"])


def assert_rows(found: GraphRows, case: dict[str, Any]) -> None:
    if case["rows"] is None:
        return
    rows, expected = [list(row) for row in found.rows], case["rows"]
    if not case["ordered"]:
        rows, expected = sorted(rows, key=repr), sorted(expected, key=repr)
    assert rows == expected
