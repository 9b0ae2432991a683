"""A Neo4j database for the tests of this folder: at NEO4J_URI, empty at the start and emptied at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from filelock import FileLock

from evidentia.graphs.stores.neo4j.store import Neo4jStore


@pytest.fixture(scope="module")
def neo4j_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jStore]:
    """One module at a time has it, in whatever process its tests run."""
    if not os.environ.get("NEO4J_URI"):
        pytest.skip("NEO4J_URI is not set, so there is no Neo4j to test with")
    with FileLock(tmp_path_factory.getbasetemp().parent / "neo4j.lock"):
        yield from emptied(Neo4jStore("tests"))


def emptied(store: Neo4jStore) -> Iterator[Neo4jStore]:
    found = store.execute("MATCH (n) RETURN count(n)").rows[0][0]
    if found:
        store.close()
        pytest.fail(f"the database at NEO4J_URI holds {found} nodes; these tests empty it, so give them an empty one")
    yield store
    store.execute("MATCH (n) DETACH DELETE n")
    for kind in ("CONSTRAINT", "INDEX"):
        for (name,) in store.execute(f"SHOW {kind} YIELD name, type WHERE type <> 'LOOKUP' RETURN name").rows:
            store.execute(f"DROP {kind} `{name}` IF EXISTS")
    store.close()
