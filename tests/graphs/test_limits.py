"""What a query may cost: it ends at its limits whatever it is, and the next one is answered."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from evidentia.errors import EvidentiaError, GraphError, InputError, QueryRefused
from evidentia.graphs.base import Edge, GraphStore, Node
from evidentia.graphs.cypher.guard import Query, check
from evidentia.graphs.stores.arcadedb import store as arcadedb_store
from evidentia.graphs.stores.arcadedb.store import ArcadeStore
from evidentia.graphs.stores.arcadedb.worker import MEMORY

SEEN = (
    "RETURN size([x IN range(1,9999) | [y IN range(1,9999) | x*y]]) AS x",
    "RETURN size(reduce(s='a', x IN range(1,60) | s + s)) AS x",
    "MATCH (a) RETURN size([(a)-[*1..6]-(b) | [(b)-[*1..6]-(c) | c.name]]) AS x",
)
"""They ran for minutes and to 1.9 GB."""
GROWING = (
    *SEEN,
    "RETURN size(reduce(s=[1], x IN range(1,60) | s + s)) AS x",
    "RETURN size(reduce(s='ab', x IN range(1,60) | replace(s, 'a', s))) AS x",
    "RETURN reduce(s='a', x IN range(1,60) | s + CASE WHEN x > 0 THEN s ELSE '' END) AS x",
    "RETURN reduce(s={a: 1}, x IN range(1,60) | {a: s, b: s}) AS x",
    "WITH range(1,9999) AS r RETURN size([x IN r | [y IN r | x*y]]) AS x",
    "MATCH (a) WITH collect(a) AS l RETURN size([x IN l | [y IN l | x.name + y.name]]) AS n",
    "MATCH p = (a)-[*1..2]-(b) RETURN [x IN nodes(p) | [(x)-->*(c) | c.name]] AS n",
)
MULTIPLYING = (
    "WITH range(1,9999) AS r RETURN any(x IN r WHERE any(y IN r WHERE x = y + 20000)) AS x",
    "RETURN reduce(a=0, x IN range(1,9999) | a + reduce(b=0, y IN range(1,9999) | b + x*y)) AS x",
    "UNWIND range(1,9999) AS a UNWIND range(1,9999) AS b UNWIND range(1,9999) AS c RETURN count(*) AS n",
    "UNWIND range(1,9999) AS a UNWIND range(1,9999) AS b RETURN collect([a,b]) AS x",
    "MATCH (a), (b) RETURN collect(a.name + b.name) AS n",
    "MATCH (a), (b) RETURN a.name + b.name AS n ORDER BY n",
    "MATCH p = (a)-[*1..8]-(b) RETURN count(p) AS n",
    "MATCH p = (a)-[*1..8]-(b) RETURN collect(nodes(p)) AS n",
    "MATCH (a) RETURN [(a)-[*1..8]-(b) | b.name] AS n",
    "MATCH (a) WHERE EXISTS { MATCH (a)-[*1..8]-(b) WHERE b.name = 'nothing' } RETURN count(a) AS n",
    "MATCH (a) RETURN sum(COUNT { (a)-[*1..8]-(b) }) AS n",
    "MATCH (a) WITH collect(a) AS l UNWIND l AS x UNWIND l AS y UNWIND l AS z RETURN count(*) AS n",
    "MATCH (a)-[*1..8]-(b), (b)-[*1..8]-(c) RETURN DISTINCT a, b, c ORDER BY c.name",
)


def fill(store: GraphStore, nodes: int = 5_000) -> None:
    draw = random.Random(0)
    edges = [Edge("CALLS", f"m{draw.randrange(nodes)}", f"m{draw.randrange(nodes)}") for _ in range(4 * nodes)]
    store.load([Node("METHOD", f"m{i}", {"name": f"name{i % 1000}", "code": "x" * 200}) for i in range(nodes)], edges)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArcadeStore]:
    opened = ArcadeStore(tmp_path / "graph")
    fill(opened, 500)
    yield opened
    opened.close()


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arcadedb_store, "read", lambda text: Query(text, (), False, ()))


# --- the guard


@pytest.mark.parametrize("cypher", GROWING)
def test_what_grows_inside_one_row_is_refused(cypher: str) -> None:
    with pytest.raises(QueryRefused, match=r"line 1, column \d+"):
        check(cypher)


@pytest.mark.parametrize(
    "cypher",
    [
        "RETURN reduce(m = 0, x IN [1, 2] | CASE WHEN x > m THEN x ELSE m END) AS x",
        "RETURN reduce(m = [], x IN [1, 2, 1] | CASE WHEN x IN m THEN m ELSE m + x END) AS x",
        "RETURN reduce(m = '', x IN ['a', 'b'] | m + CASE WHEN size(m) = 0 THEN '' ELSE ', ' END + x) AS x",
        "MATCH p = (a)-[*1..3]->(b) RETURN [n IN nodes(p) | [l IN labels(n) | toLower(l)]] AS x",
        "MATCH p = (a)-->(b) RETURN [n IN nodes(p) | [(n)-[:CALLS]->(m) | m.name]] AS x",
        "MATCH (a) WITH collect(a.name) AS l RETURN [x IN l WHERE none(y IN l WHERE y = x + 1)] AS x",
        "RETURN [x IN [1, 2] | [y IN [1, 2] | x * y]] AS x",
    ],
)
def test_loops_that_do_not_multiply_are_allowed(cypher: str) -> None:
    assert check(cypher) == cypher


# --- the process


@pytest.mark.usefixtures("unguarded")
def test_a_query_that_the_engine_cannot_interrupt_is_killed_and_the_next_is_answered(store: ArcadeStore) -> None:
    for _ in range(2):
        with pytest.raises(GraphError, match="stopped after 1 s"):
            store.query(SEEN[2], timeout=1)
        assert store.query("MATCH (n) RETURN count(n)").rows == ((500,),)


@pytest.mark.usefixtures("unguarded")
def test_a_query_that_takes_too_much_memory_is_killed_and_the_next_is_answered(store: ArcadeStore) -> None:
    with pytest.raises(GraphError, match="it took more memory than one may"):
        store.query(SEEN[1], timeout=30)
    assert store.query("MATCH (n) RETURN count(n)").rows == ((500,),)


@pytest.mark.usefixtures("unguarded")
def test_a_limit_between_two_of_the_engines_holds(store: ArcadeStore) -> None:
    with pytest.raises(GraphError, match=r"stopped after 1\.5 s"):
        store.query("UNWIND range(1,9999) AS a UNWIND range(1,9999) AS b RETURN count(a * b)", timeout=1.5)


@pytest.mark.parametrize("rows", [200, 1])
def test_rows_that_are_too_large_to_hand_over_are_refused(store: ArcadeStore, rows: int) -> None:
    text = "WITH reduce(s = '', x IN range(1, 1000) | s + '" + "x" * 500 + "') AS s UNWIND range(1, 200) AS i RETURN s"
    if rows == 1:
        assert store.query(text, max_rows=1).truncated
    else:
        with pytest.raises(GraphError, match="the rows have more than 64 MB"):
            store.query(text, max_rows=rows)


def test_a_parameter_that_cannot_be_handed_over_is_named(store: ArcadeStore) -> None:
    with pytest.raises(InputError, match="a parameter cannot be passed"):
        store.query("RETURN $x AS x", {"x": object()})


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_that_dies_costs_one_query(store: ArcadeStore) -> None:
    store.query("RETURN 1 AS x")
    (pid,) = workers()
    os.kill(pid, signal.SIGSEGV)
    with pytest.raises(GraphError, match=r"broke down over this query \(SIGSEGV\)"):
        store.query("RETURN 1 AS x")
    assert store.query("RETURN 1 AS x").rows == ((1,),)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_process_is_kept_until_the_store_is_closed_and_knows_no_secrets(
    store: ArcadeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVIDENTIA_TOKEN", "secret")
    store.query("RETURN 1 AS x")
    first = workers()
    store.query("RETURN 2 AS x")
    assert workers() == first
    assert b"secret" not in Path(f"/proc/{first[0]}/environ").read_bytes()
    store.close()
    assert not workers()


OWNER = """
import sys, threading
from evidentia.graphs.stores import open_store
from evidentia.graphs.stores.arcadedb import store as arcadedb_store
from evidentia.graphs.cypher.guard import Query
store = open_store("arcadedb", folder=sys.argv[1])
store.query("RETURN 1 AS x")
arcadedb_store.read = lambda text: Query(text, (), False, ())
threading.Thread(target=store.query, args=(sys.argv[2],), kwargs={"timeout": 60}, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_process_is_left_behind_when_the_first_is_killed_in_the_middle_of_a_query(store: ArcadeStore) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(store.folder), SEEN[2]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONSAFEPATH": "1"},
        cwd="/",
    )
    assert owner.stdout
    assert owner.stdout.readline() == b"ready\n"
    pids = workers(owner.pid)  # one asks; another may just be starting
    owner.kill()
    owner.communicate()
    assert pids
    assert wait_for(lambda: all(not Path(f"/proc/{pid}").exists() or state(pid) == "Z" for pid in pids))


def test_many_threads_ask_through_few_processes(store: ArcadeStore) -> None:
    found: list[int] = []

    def ask() -> None:
        found.extend(store.query("MATCH (n) RETURN count(n)", timeout=60).rows[0] for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert sys.platform != "linux" or len(workers()) <= 2
    for thread in threads:
        thread.join()
    assert found == [(500,)] * 30


# --- all of them


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.usefixtures("unguarded")
def test_every_query_ends_at_its_limit_and_within_its_memory(tmp_path: Path) -> None:
    """Those that the guard refuses too: the process is a wall of its own."""
    store = ArcadeStore(tmp_path / "graph")
    fill(store)
    took: dict[str, tuple[float, int]] = {}
    for cypher in (*GROWING, *MULTIPLYING):
        store.query("RETURN 1 AS x", timeout=1)
        with peak() as most:
            started = time.monotonic()
            with suppress(EvidentiaError):
                store.query(cypher, timeout=1)
            took[cypher] = time.monotonic() - started, most[0]
    store.close()
    assert len(took) == 23
    assert not {cypher: cost for cypher, cost in took.items() if cost[0] > 2 or cost[1] > MEMORY}


@pytest.mark.slow
@pytest.mark.neo4j
@pytest.mark.parametrize("cypher", [*GROWING, *MULTIPLYING])
def test_neo4j_is_not_asked_or_ends(neo4j_store: GraphStore, cypher: str) -> None:
    """The server's own clock looks about once in a second."""
    if not neo4j_store.query("MATCH (n) RETURN count(n)").rows[0][0]:
        fill(neo4j_store)
    started = time.monotonic()
    with suppress(EvidentiaError):
        neo4j_store.query(cypher, timeout=1)
    assert time.monotonic() - started < 20


def workers(owner: int | None = None) -> list[int]:
    """Processes that run queries for ``owner``, by default for this one."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == (owner or os.getpid()) and b"arcadedb.worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def peak() -> Iterator[list[int]]:
    """The largest resident size of this process's workers, in bytes."""
    most, over, pids = [0], threading.Event(), workers()

    def look() -> None:
        while not over.wait(0.005):
            for pid in pids:
                try:
                    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                except (OSError, IndexError):
                    continue
                most[0] = max(most[0], pages * os.sysconf("SC_PAGE_SIZE"))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()
