"""One mini graph and a hundred queries with the rows they must give, on every engine, through the public store.

The battery is ``conformance.json`` beside this file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidentia.errors import GraphError, QueryRefused
from evidentia.graphs.base import Edge, GraphRows, GraphStore, Node
from evidentia.graphs.stores import open_store

BATTERY: dict[str, Any] = json.loads(Path(__file__).with_name("conformance.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["arcadedb", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    if request.param == "neo4j":
        opened: GraphStore = request.getfixturevalue("neo4j_store")
    else:
        opened = open_store("arcadedb", folder=tmp_path_factory.mktemp("graph"))
    opened.load([Node(**node) for node in BATTERY["nodes"]], [Edge(**edge) for edge in BATTERY["edges"]])
    yield opened
    if request.param == "arcadedb":
        opened.close()


@pytest.mark.parametrize("case", BATTERY["queries"], ids=lambda case: case["feature"])
def test_a_query_gives_the_rows_of_the_battery(store: GraphStore, case: dict[str, Any]) -> None:
    if case.get("refused"):
        with pytest.raises(QueryRefused):
            store.query(case["cypher"], case["params"])
    elif store.name not in case.get("engines", [store.name]):
        with pytest.raises(GraphError):
            run(store, case)
    else:
        assert_rows(run(store, case), case)


def run(store: GraphStore, case: dict[str, Any]) -> GraphRows:
    """Reads go through the guard; what the guard must refuse goes through ``execute``, in the order of the file."""
    if case.get("writes"):
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
