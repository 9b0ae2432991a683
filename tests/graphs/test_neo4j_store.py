"""The Neo4j store: whose nodes it touches, what the server itself refuses, and how failures read."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from evidentia.errors import EvidentiaError, GraphError, QueryRefused, StorageError
from evidentia.graphs.base import Edge, GraphSchema, Node
from evidentia.graphs.cypher.guard import Query
from evidentia.graphs.stores.neo4j import store as module
from evidentia.graphs.stores.neo4j.store import Neo4jStore

NODES = [Node("CLASS", "a", {"name": "A", "tags": ["x", "y"]}), Node("METHOD", "a.run", {"name": "run", "doc": None})]
EDGES = [Edge("HAS_METHOD", "a", "a.run", {"line": 7})]
SECRET = "do-not-show-me"


@pytest.fixture
def store(neo4j_store: Neo4jStore) -> Iterator[Neo4jStore]:
    neo4j_store.load(NODES, EDGES)
    yield neo4j_store
    neo4j_store.execute("MATCH (n) DETACH DELETE n")


def count(store: Neo4jStore) -> int:
    return int(store.query("MATCH (n) RETURN count(n)").rows[0][0])


# --- results


@pytest.mark.neo4j
def test_nodes_relationships_and_paths_are_plain_values(store: Neo4jStore) -> None:
    ((node, relation, path),) = store.query("MATCH p = (c:CLASS)-[r]->() RETURN c, r, p").rows
    assert node == {"id": "a", "name": "A", "tags": ["x", "y"], "_labels": ["CLASS"]}
    assert relation == {"line": 7, "_type": "HAS_METHOD"}
    assert [each["id"] for each in path] == ["a", "a.run"]


@pytest.mark.neo4j
def test_dates_are_texts(store: Neo4jStore) -> None:
    assert store.query("RETURN date('2020-01-02') AS d").rows == (("2020-01-02",),)


@pytest.mark.neo4j
def test_rows_beyond_the_limit_are_cut_and_it_is_said(store: Neo4jStore) -> None:
    cut = store.query("UNWIND range(1, 1000000) AS x RETURN x", max_rows=3)
    assert (cut.columns, cut.rows, cut.truncated) == (("x",), ((1,), (2,), (3,)), True)
    assert not store.query("UNWIND range(1, 3) AS x RETURN x", max_rows=3).truncated


@pytest.mark.neo4j
def test_the_schema_is_what_was_loaded_and_follows_a_load(store: Neo4jStore) -> None:
    labels = {"CLASS": ("id", "name", "tags"), "METHOD": ("id", "name")}
    assert store.schema() == GraphSchema(labels, (("CLASS", "HAS_METHOD", "METHOD"),))
    store.load([*NODES, Node("FIELD", "a.x")], EDGES)
    assert store.schema().labels["FIELD"] == ("id",)


# --- whose nodes


@pytest.mark.neo4j
def test_a_load_replaces_what_the_library_had_there(store: Neo4jStore) -> None:
    store.load([Node("Entity", "e")], [])
    store.load(NODES[:1], [])
    assert store.query("MATCH (n) RETURN n.id").rows == (("a",),)


@pytest.mark.neo4j
@pytest.mark.parametrize("foreign", ["CREATE (:Customer {id: 1})", "CREATE (:A {id: 'z', _graph: ['other', 'code']})"])
def test_a_database_with_other_nodes_is_refused_and_left_as_it_is(store: Neo4jStore, foreign: str) -> None:
    store.execute(foreign)
    with pytest.raises(GraphError, match="nothing was changed"):
        store.load([], [])
    assert count(store) == 3


@pytest.mark.neo4j
def test_a_load_that_fails_half_way_leaves_the_old_graph(store: Neo4jStore) -> None:
    with pytest.raises(GraphError):
        store.load([Node("Entity", "e"), Node("CLASS", "z", {"a map is no property": {"a": 1}})], [])
    assert store.query("MATCH (n) RETURN n.id ORDER BY n.id").rows == (("a",), ("a.run",))


# --- parts


@pytest.mark.neo4j
def test_a_part_is_replaced_and_the_others_stay_with_their_edges(store: Neo4jStore) -> None:
    written = [Node("PASSAGE", "p"), Node("ENTITY", "e")]
    mentions = [Edge("MENTIONS", "p", "a"), Edge("MENTIONS", "p", "e")]
    store.load_parts({"code": NODES, "knowledge": written}, [*EDGES, *mentions])
    store.execute("MATCH (n:PASSAGE) SET n.untouched = true")
    edited = [Node("CLASS", "a", {"name": "Edited"}), *NODES[1:]]
    store.load_parts({"code": edited}, [*EDGES, *mentions], kept=["knowledge"])
    crossing = (
        "MATCH (e:ENTITY)<-[:MENTIONS]-(p)-[:MENTIONS]->(c:CLASS)-[:HAS_METHOD]->(m) RETURN p.untouched, c.name, m.name"
    )
    assert store.query(crossing).rows == ((True, "Edited", "run"),)
    assert store.query("MATCH ()-[r]->() RETURN count(r)").rows == ((3,),)


@pytest.mark.neo4j
def test_a_part_that_is_behind_leads_to_the_nodes_that_stay(store: Neo4jStore) -> None:
    store.load_parts({"code": NODES, "knowledge": [Node("PASSAGE", "old")]}, EDGES)
    store.load_parts({"knowledge": [Node("PASSAGE", "p")]}, [Edge("MENTIONS", "p", "a.run")], kept=["code"])
    assert store.query("MATCH (p:PASSAGE)-[:MENTIONS]->(m)<--(c) RETURN p.id, m.id, c.id").rows == (
        ("p", "a.run", "a"),
    )
    with pytest.raises(GraphError, match="no node at one end"):
        store.load_parts({"knowledge": [Node("PASSAGE", "p")]}, [Edge("MENTIONS", "p", "gone")], kept=["code"])
    assert count(store) == 3


@pytest.mark.neo4j
def test_a_part_that_is_not_kept_and_not_given_goes(store: Neo4jStore) -> None:
    store.load_parts({"code": NODES, "older": [Node("OLD", "o")]}, [])
    store.load_parts({}, [], kept=["code"])
    assert store.query("MATCH (n) RETURN DISTINCT labels(n)[0] AS label ORDER BY label").rows == (
        ("CLASS",),
        ("METHOD",),
    )


# --- a server that fails


@contextmanager
def line_that_is_cut(after: int) -> Iterator[str]:
    """The address of a relay to the server that hangs up when it has carried so many bytes to it."""
    server = urlsplit(os.environ["NEO4J_URI"])
    carried = 0

    def pump(source: socket.socket, target: socket.socket, counts: bool) -> None:
        nonlocal carried
        with suppress(OSError):
            while data := source.recv(65536):
                carried += len(data) if counts else 0
                if carried > after:
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                upstream = socket.create_connection((server.hostname or "", server.port or 7687))
                for ends in ((client, upstream, True), (upstream, client, False)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"bolt://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.neo4j
def test_a_load_whose_server_goes_away_leaves_the_old_graph_and_can_be_made_again(store: Neo4jStore) -> None:
    many = [Node("CLASS", f"c{number}", {"name": "x" * 100}) for number in range(20_000)]
    with (
        line_that_is_cut(after=1_000_000) as uri,
        closing(Neo4jStore("tests", uri=uri)) as other,
        pytest.raises(GraphError, match="cannot be reached, and nothing was changed"),
    ):
        other.load(many, [])
    assert store.query("MATCH (n) RETURN n.id ORDER BY n.id").rows == (("a",), ("a.run",))
    store.load(many[:3], [])
    assert count(store) == 3


@pytest.mark.parametrize(
    ("code", "said", "kind", "sentence"),
    [
        (
            "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
            "The allocation of an extra 2.0 MiB would use more than the limit",
            GraphError,
            "Neo4j's limit of memory is too small for this, and nothing was changed: bolt://host. Raise "
            "server.memory.heap.max_size and dbms.memory.transaction.total.max there.",
        ),
        (
            "Neo.DatabaseError.Transaction.TransactionLogError",
            "No space left on device",
            StorageError,
            "the disk of Neo4j is full, and nothing was changed: bolt://host. Free some space there.",
        ),
        (
            "Neo.DatabaseError.Transaction.TransactionCommitFailed",
            "Could not apply the transaction to the store after written to log",
            StorageError,
            "Neo4j could not write a change to its disk, and the old graph or the new one is there, whole: bolt://host. "
            "Free some space, restart it.",
        ),
        (
            "Neo.DatabaseError.General.UnknownError",
            "The database has encountered a critical error, and needs to be restarted. Please see database logs.",
            GraphError,
            "Neo4j has stopped its database: bolt://host. Free some space there, and restart it.",
        ),
    ],
)
def test_memory_and_disk_that_do_not_suffice_are_told_in_one_sentence(
    code: str, said: str, kind: type[EvidentiaError], sentence: str
) -> None:
    error = module._in_our_words(SimpleNamespace(code=code, message=said), "bolt://host", ", and nothing was changed")
    assert (type(error), str(error)) == (kind, sentence)


# --- walls


@pytest.mark.neo4j
def test_writes_are_refused_by_the_guard(store: Neo4jStore) -> None:
    with pytest.raises(QueryRefused):
        store.query("MATCH (n) DETACH DELETE n RETURN 1 AS x")


@pytest.mark.neo4j
def test_the_plan_is_checked_too_when_the_guard_is_bypassed(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "read", lambda text: Query(text, (), False, ()))
    with pytest.raises(QueryRefused, match="plans this as"):
        store.query("MATCH (n) DETACH DELETE n RETURN 1 AS x")
    assert count(store) == 2


@pytest.mark.neo4j
def test_the_server_refuses_writes_when_guard_and_plan_are_bypassed(store: Neo4jStore) -> None:
    with pytest.raises(GraphError, match=r"(?i)write"), store._session("READ") as session:
        session.run("CREATE (n:X)").consume()
    assert count(store) == 2


@pytest.mark.neo4j
def test_a_runaway_query_is_stopped_by_the_server(store: Neo4jStore) -> None:
    started = time.perf_counter()
    with pytest.raises(GraphError, match="time limit"):
        store.query("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN sum(a * b)", timeout=1)
    assert time.perf_counter() - started < 20
    assert count(store) == 2


@pytest.mark.neo4j
def test_a_wrong_password_is_one_sentence_without_it(store: Neo4jStore) -> None:
    other = Neo4jStore("tests", password=SECRET)
    with pytest.raises(GraphError, match="refused the user or the password") as failure:
        other.query("RETURN 1 AS x")
    assert SECRET not in str(failure.value)
    other.close()


# --- without a server


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    store = Neo4jStore("tests", uri="bolt://127.0.0.1:1", password=SECRET)
    with pytest.raises(GraphError) as failure:
        store.query("RETURN 1 AS x")
    message = "Neo4j cannot be reached: bolt://127.0.0.1:1. Check NEO4J_URI, and that the server runs."
    assert str(failure.value) == message
    store.close()


@pytest.mark.parametrize("uri", ["nonsense", f"http://neo4j:{SECRET}@host:7474", "bolt://host:port", "bolt://"])
def test_an_address_that_is_not_one_is_refused_without_showing_secrets(uri: str) -> None:
    with pytest.raises(GraphError, match="address of Neo4j is not valid") as failure:
        Neo4jStore("tests", uri=uri)
    assert SECRET not in str(failure.value)


def test_a_query_outside_the_dialect_is_refused_before_connecting() -> None:
    store = Neo4jStore("tests", uri="bolt://127.0.0.1:1")
    with pytest.raises(QueryRefused):
        store.query("CREATE (n)")
    store.close()
