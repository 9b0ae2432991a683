"""The embedded graph store: what a load promises, what a query may do, and what a crash leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from evidentia.errors import GraphError, InputError, LibraryLocked, QueryRefused, StorageError
from evidentia.graphs.base import Edge, GraphSchema, Node
from evidentia.graphs.cypher.guard import Query
from evidentia.graphs.stores import open_store
from evidentia.graphs.stores.arcadedb import store as arcadedb_store
from evidentia.graphs.stores.arcadedb.store import ArcadeStore

NODES = [
    Node("CLASS", "a", {"name": "A", "tags": ["x", "y"], "size": 3}),
    Node("METHOD", "a.run", {"name": "run", "doc": None}),
    Node("METHOD", "a.stop", {"name": "stop", "quoted": 'it\'s "ü" \\ (#1:0)'}),
]
EDGES = [
    Edge("HAS_METHOD", "a", "a.run", {"line": 7}),
    Edge("HAS_METHOD", "a", "a.stop"),
    Edge("CALLS", "a.run", "a.stop"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArcadeStore]:
    opened = ArcadeStore(tmp_path / "graph")
    opened.load(NODES, EDGES)
    yield opened
    opened.close()


def many(count: int) -> list[Node]:
    return [Node("N", str(i), {"name": f"n{i}"}) for i in range(count)]


# --- results


def test_a_node_is_a_map_of_its_properties_with_its_labels(store: ArcadeStore) -> None:
    found = store.query("MATCH (n:CLASS) RETURN n")
    assert found.columns == ("n",)
    assert found.rows == (({"id": "a", "name": "A", "tags": ["x", "y"], "size": 3, "_labels": ["CLASS"]},),)


def test_a_relationship_is_a_map_with_its_type(store: ArcadeStore) -> None:
    assert store.query("MATCH (:CLASS)-[r]->({id: 'a.run'}) RETURN r").rows == (({"line": 7, "_type": "HAS_METHOD"},),)


def test_a_path_is_the_list_of_its_nodes(store: ArcadeStore) -> None:
    ((path, nested),) = store.query(
        "MATCH p = (:CLASS)-[:HAS_METHOD]->()-[:CALLS]->() RETURN p, {inside: [p]} AS nested"
    ).rows
    assert [node["id"] for node in path] == ["a", "a.run", "a.stop"]
    assert nested == {"inside": [path]}


def test_any_text_comes_back_as_it_was(store: ArcadeStore) -> None:
    found = store.query("MATCH p = (n {id: 'a.stop'}) RETURN n.quoted, $p AS p", {"p": "LIMIT 1 '; //"})
    assert found.rows == (('it\'s "ü" \\ (#1:0)', "LIMIT 1 '; //"),)


def test_a_property_that_is_none_is_absent(store: ArcadeStore) -> None:
    assert store.query("MATCH (n {id: 'a.run'}) RETURN n.doc, keys(n)").rows[0][0] is None
    assert "doc" not in store.schema().labels["METHOD"]


def test_columns_are_known_without_rows(store: ArcadeStore) -> None:
    found = store.query("MATCH (n:NOTHING) RETURN n.x AS x, n.y")
    assert (found.columns, found.rows) == (("x", "n.y"), ())


def test_rows_beyond_the_limit_are_cut_and_it_is_said(store: ArcadeStore) -> None:
    cut = store.query("MATCH (n) RETURN n.id", max_rows=2)
    exact = store.query("MATCH (n) RETURN n.id", max_rows=3)
    assert (len(cut.rows), cut.truncated) == (2, True)
    assert (len(exact.rows), exact.truncated) == (3, False)


def test_a_capped_path_is_said(store: ArcadeStore) -> None:
    found = store.query("MATCH (:CLASS)-[*]->(m) RETURN count(m)")
    assert found.rows == ((3,),)
    assert "at most 8 hops" in found.notes[0]


def test_the_schema_is_what_was_loaded(store: ArcadeStore) -> None:
    assert store.schema() == GraphSchema(
        {"CLASS": ("id", "name", "size", "tags"), "METHOD": ("id", "name", "quoted")},
        (("CLASS", "HAS_METHOD", "METHOD"), ("METHOD", "CALLS", "METHOD")),
    )


@pytest.mark.parametrize(
    "pattern",
    [
        "(x)-[:CALLS]->(m {name: 'stop'})",
        "(x)-->(y)-[r:CALLS]->(m:METHOD {id: 'a.stop'})",
        "(m)--(x)--(y {name: 'A'})",
    ],
)
def test_starting_at_the_pinned_end_gives_the_same_rows(
    store: ArcadeStore, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned = store.query(f"MATCH {pattern} RETURN x.id, m.id")
    monkeypatch.setattr(arcadedb_store, "anchor_first", lambda text: text)
    assert sorted(store.query(f"MATCH {pattern} RETURN x.id, m.id").rows) == sorted(turned.rows)


# --- loading


def test_a_schema_whose_generation_vanishes_while_it_is_read_is_read_from_the_next(
    store: ArcadeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = store._loaded_name
    before = loaded()
    store.load([Node("OTHER", "o", {"name": "O"})], [])
    names = iter([before])
    monkeypatch.setattr(store, "_loaded_name", lambda: next(names, loaded()))
    assert set(store.schema().labels) == {"OTHER"}


def test_a_graph_that_was_never_loaded_says_so(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no graph has been loaded"):
        ArcadeStore(tmp_path).query("MATCH (n) RETURN n")


def test_a_load_replaces_everything_also_for_readers_that_are_open(store: ArcadeStore, tmp_path: Path) -> None:
    other = ArcadeStore(tmp_path / "graph")
    assert other.query("MATCH (n) RETURN count(n)").rows == ((3,),)
    store.load(many(10), [])
    assert other.query("MATCH (n) RETURN count(n)").rows == ((10,),)
    assert other.schema().relations == ()
    other.close()


def test_an_empty_graph_is_a_graph(store: ArcadeStore) -> None:
    store.load([], [])
    assert store.query("MATCH (n) RETURN count(n)").rows == ((0,),)


def test_one_generation_stays_on_disk(store: ArcadeStore, tmp_path: Path) -> None:
    for _ in range(3):
        store.load(NODES, EDGES)
    assert len(list((tmp_path / "graph").glob("generation-*"))) == 1


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        ([*NODES, Node("CLASS", "a")], [], "two nodes have the same id"),
        (NODES, [Edge("CALLS", "a", "nowhere")], "no node at one end"),
        ([Node("A`B", "x")], [], "cannot be a label"),
        (NODES, [Edge("", "a", "a.run")], "cannot be a label or relationship type"),
    ],
)
def test_a_load_that_cannot_be_done_leaves_the_old_graph(
    store: ArcadeStore, nodes: list[Node], edges: list[Edge], message: str
) -> None:
    with pytest.raises(GraphError, match=message):
        store.load(nodes, edges)
    assert store.query("MATCH (n) RETURN count(n)").rows == ((3,),)


def test_a_second_writer_is_told_so(store: ArcadeStore, tmp_path: Path) -> None:
    with filelock.FileLock(tmp_path / "graph" / "lock"), pytest.raises(LibraryLocked):
        store.load(NODES, EDGES)


def test_execute_writes_and_the_schema_follows(store: ArcadeStore) -> None:
    found = store.execute("MATCH (a:CLASS) CREATE (a)-[:HAS_FIELD]->(f:FIELD {id: 'a.x'}) RETURN f.id AS id")
    assert (found.columns, found.rows) == (("id",), (("a.x",),))
    assert store.query("MATCH (f:FIELD) RETURN f.id").rows == (("a.x",),)
    assert ("CLASS", "HAS_FIELD", "FIELD") in store.schema().relations


def test_a_failed_execute_changes_nothing(store: ArcadeStore) -> None:
    with pytest.raises(GraphError):
        store.execute("CREATE (:CLASS {id: 'b'}) CREATE (:CLASS {id: 'a'})")
    assert store.query("MATCH (n) RETURN count(n)").rows == ((3,),)


# --- walls


def test_writes_are_refused_by_the_guard(store: ArcadeStore) -> None:
    with pytest.raises(QueryRefused):
        store.query("MATCH (n) DETACH DELETE n RETURN 1 AS x")


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (n:X) RETURN n",
        "MATCH (n) SET n.x = 1 RETURN n",
        "MATCH (n) DETACH DELETE n",
        "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "LOAD CSV FROM 'http://127.0.0.1:1/' AS line RETURN line",
        "RETURN size(range(1, 2000000000)) AS n",
    ],
)
def test_the_engine_refuses_too_when_the_guard_is_bypassed(
    store: ArcadeStore, cypher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arcadedb_store, "read", lambda text: Query(text, (), False, ()))
    monkeypatch.setattr(arcadedb_store, "anchor_first", lambda text: text)
    with pytest.raises(GraphError):
        store.query(cypher)
    assert store.query("MATCH (n) RETURN count(n)").rows == ((3,),)


def test_a_runaway_query_is_stopped_by_the_engine(store: ArcadeStore) -> None:
    store.load(many(300), [])
    started = time.perf_counter()
    with pytest.raises(GraphError, match="stopped after 1 s"):
        store.query(
            "MATCH (a), (b), (c), (d) WHERE a.id < b.id AND b.id < c.id AND c.id < d.id RETURN count(*)", timeout=1
        )
    assert time.perf_counter() - started < 20
    assert store.query("MATCH (n) RETURN count(n)").rows == ((300,),)


@pytest.mark.parametrize("timeout", [0, -1, 100_000])
def test_a_timeout_out_of_range_is_refused(store: ArcadeStore, timeout: float) -> None:
    with pytest.raises(InputError, match="out of range"):
        store.query("RETURN 1 AS x", timeout=timeout)


@pytest.mark.parametrize("cypher", ["RETURN 1 / 0 AS x", "MATCH (n) RETURN m", "RETURN $missing AS x"])
def test_an_error_of_the_engine_is_one_sentence(store: ArcadeStore, cypher: str) -> None:
    with pytest.raises(GraphError) as failure:
        store.query(cypher)
    assert failure.value.status == 400
    assert "com.arcadedb" not in str(failure.value)
    assert "\n" not in str(failure.value)


# --- threads and processes


def test_threads_share_one_store_while_it_is_reloaded(store: ArcadeStore) -> None:
    seen: set[int] = set()

    def read() -> None:
        for _ in range(40):
            seen.add(store.query("MATCH (n) RETURN count(n)").rows[0][0])

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        store.load(many(50), [])
        store.load(NODES, EDGES)
    for thread in threads:
        thread.join()
    assert seen <= {3, 50}


def in_another_process(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        cwd="/",
    )


READER = """
import sys
from evidentia.graphs.stores import open_store
store = open_store("arcadedb", folder=sys.argv[1])
print(store.query("MATCH (n) RETURN count(n)").rows[0][0], flush=True)
sys.stdin.readline()
"""


def test_other_processes_read_the_same_graph_at_the_same_time(store: ArcadeStore, tmp_path: Path) -> None:
    others = [in_another_process(READER, tmp_path / "graph") for _ in range(2)]
    assert [other.stdout.readline() for other in others if other.stdout] == ["3\n", "3\n"]
    assert store.query("MATCH (n) RETURN count(n)").rows == ((3,),)
    for other in others:
        other.communicate()


LOADER = """
import sys
from evidentia.graphs.stores import open_store
from evidentia.graphs.base import Edge, Node
store = open_store("arcadedb", folder=sys.argv[1])
print("ready", flush=True)
nodes = [Node("N", str(i), {"name": f"n{i}"}) for i in range(5000)]
while True:
    store.load(nodes, (Edge("E", str(i), str(i + 1)) for i in range(4999)))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_a_kill_at_any_moment_of_a_load_leaves_a_whole_graph(store: ArcadeStore, tmp_path: Path) -> None:
    for delay in (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.9):
        loader = in_another_process(LOADER, tmp_path / "graph")
        assert loader.stdout
        loader.stdout.readline()
        time.sleep(delay)
        loader.kill()
        loader.communicate()
        ((nodes, edges),) = store.query("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)").rows
        assert (nodes, edges) in {(3, 3), (5000, 4999)}
    store.load(NODES, EDGES)
    assert store.query("MATCH (n) RETURN count(n)").rows == ((3,),)
    assert len(list((tmp_path / "graph").glob("generation-*"))) == 1


def test_a_store_is_opened_by_name(tmp_path: Path) -> None:
    assert open_store("arcadedb", folder=tmp_path).name == "arcadedb"
    with pytest.raises(InputError, match="no graph store has this name: kuzu"):
        open_store("kuzu")


def test_a_graph_whose_files_were_touched_is_not_whole(store: ArcadeStore) -> None:
    assert store.is_whole()
    file = next(store.folder.glob("generation-*/data/CLASS*.bucket"))
    os.truncate(file, 10)
    assert not store.is_whole()
    store.load(NODES, EDGES)
    assert store.is_whole()
    (store.folder / "current").write_bytes(b"\xff")
    assert not store.is_whole()
    with pytest.raises(GraphError, match="no graph has been loaded"):
        store.query("MATCH (n) RETURN n")
    store.load(NODES, EDGES)
    assert len(store.query("MATCH (n) RETURN n.id AS id").rows) == len(NODES)


def test_without_space_for_a_view_the_folder_is_named(store: ArcadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.mkdtemp", lambda prefix: str(store.folder / "nowhere"))
    with pytest.raises(StorageError, match="nowhere"):
        store.query("MATCH (n) RETURN n")


def test_a_query_that_is_no_text_is_refused(store: ArcadeStore) -> None:
    with pytest.raises(InputError, match="UTF-8"):
        store.query("MATCH (n) WHERE n.name = '\ud800' RETURN n")
