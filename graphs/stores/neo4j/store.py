"""The graph store for teams: Neo4j 5 through the official driver.

One database holds the graphs of one library. Neo4j's community edition has a single database, and queries are not
rewritten to see only a part of it: ``labels(n)``, counts and paths mean what they say. So a database that holds
anything else is refused by ``load``, never cleaned: each node that we write carries the property ``_graph``, the
library and the part of its graph; ``load`` deletes the library's own nodes only, and stops at a node of none or of
another. Give every library its own server, or its own database on an edition that has several.

Reading is guarded three times: by the syntax tree, by Neo4j's own plan (``EXPLAIN`` must call it a read), and by a
session that the server holds to reading.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from ....errors import GraphError, MissingExtra, QueryError, QueryRefused, StorageError
from ...base import Edge, GraphRows, GraphSchema, Node
from ...cypher.guard import read
from .writing import OWNER, GraphWriter, group_parts

_WHOLE = "graph"
"""The one part of a graph that has no parts."""
_MOST_KNOWN = 1_000
_UNCHANGED, _EITHER = "nothing was changed", "the old graph or the new one is there, whole"
_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


class Neo4jStore:
    """``graph`` names the library; ids are unique per label.

    What is not given comes from NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD and NEO4J_DATABASE. Connects on first use. Safe
    to share between threads.
    """

    name = "neo4j"

    def __init__(
        self,
        graph: str = "evidentia",
        *,
        uri: str = "",
        user: str = "",
        password: str = "",
        database: str = "",
    ) -> None:
        self.library = graph
        self._uri = uri or os.environ.get("NEO4J_URI", "bolt://127.0.0.1:7687")
        self._database = database or os.environ.get("NEO4J_DATABASE") or None
        auth = (user or os.environ.get("NEO4J_USER", "neo4j"), password or os.environ.get("NEO4J_PASSWORD", ""))
        self._reads: set[str] = set()
        """Texts that Neo4j plans as reads."""
        self._schema: tuple[tuple[int, int], GraphSchema] | None = None
        with self._errors():
            self._driver = _driver_module().GraphDatabase.driver(
                self._uri, auth=auth, connection_timeout=5.0, notifications_min_severity="OFF"
            )

    def load(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        self.load_parts({_WHOLE: nodes}, edges)

    def load_parts(
        self, parts: Mapping[str, Iterable[Node]], edges: Iterable[Edge], kept: Collection[str] = ()
    ) -> None:
        """One transaction, so the server's heap must hold the whole change, and what ends it leaves the old graph."""
        groups = group_parts(parts)
        with self._session("WRITE", _UNCHANGED) as session:
            self._refuse_foreign(session)
            _create_indexes(session, {label for labels in groups.values() for label in labels})
            known = [label for (label,) in session.run("CALL db.labels()")]
            with session.begin_transaction() as transaction:
                writer = GraphWriter(transaction, self.library)
                writer.delete([*kept])
                writer.create_nodes(groups)
                writer.create_edges(edges, known)
                transaction.commit()
        self._schema = None

    def query(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, timeout: float = 5.0, max_rows: int = 200
    ) -> GraphRows:
        query = read(cypher)
        started = time.perf_counter()
        with self._session("READ") as session:
            self._refuse_unless_read(session, query.text, dict(params or {}))
            result = session.run(_driver_module().Query(query.text, timeout=timeout), dict(params or {}))
            columns = tuple(result.keys())
            records = [record.values() for record in islice(result, max_rows + 1)]
            result.consume()
        rows = tuple(tuple(map(_plain, record)) for record in records[:max_rows])
        return GraphRows(columns, rows, len(records) > max_rows, time.perf_counter() - started, query.notes)

    def execute(self, cypher: str, params: Mapping[str, Any] | None = None) -> GraphRows:
        started = time.perf_counter()
        with self._session("WRITE") as session:
            result = session.run(cypher, dict(params or {}))
            columns, rows = tuple(result.keys()), tuple(tuple(map(_plain, record.values())) for record in result)
        return GraphRows(columns, rows, False, time.perf_counter() - started)

    def schema(self) -> GraphSchema:
        """The schema of the whole database; read again when its counts of nodes or relationships have changed."""
        with self._session("READ") as session:
            nodes = session.run("MATCH (n) RETURN count(n)").single(strict=True)[0]
            edges = session.run("MATCH ()-[r]->() RETURN count(r)").single(strict=True)[0]
            if self._schema is None or self._schema[0] != (nodes, edges):
                self._schema = ((nodes, edges), _schema(session))
        return self._schema[1]

    def is_whole(self) -> bool:
        with self._session("READ") as session:
            text = f"MATCH (n) WHERE n.{OWNER}[0] = $library RETURN true LIMIT 1"
            return session.run(text, library=self.library).single() is not None

    def close(self) -> None:
        self._driver.close()

    @contextmanager
    def _session(self, mode: str, outcome: str = "") -> Iterator[Any]:
        with self._errors(outcome), self._driver.session(database=self._database, default_access_mode=mode) as session:
            yield session

    @contextmanager
    def _errors(self, outcome: str = "") -> Iterator[None]:
        """Maps the driver's exceptions to ours; neither password nor user is part of any message. ``outcome`` says what
        a failure leaves behind."""
        exceptions = _driver_module().exceptions
        server = _server(self._uri)
        left = f", and {outcome}" if outcome else ""
        try:
            yield
        except exceptions.AuthError as error:
            raise GraphError(
                "Neo4j refused the user or the password", where=server, fix="check NEO4J_USER and NEO4J_PASSWORD"
            ) from error
        except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
            if isinstance(error, exceptions.IncompleteCommit):
                left = f", and {_EITHER}"
            raise GraphError(
                f"Neo4j cannot be reached{left}", where=server, fix="check NEO4J_URI, and that the server runs"
            ) from error
        except exceptions.Neo4jError as error:
            raise _in_our_words(error, server, left) from error
        except exceptions.DriverError as error:
            raise GraphError(f"the connection to Neo4j failed{left}", where=f"{server}, {error}") from error

    def _refuse_unless_read(self, session: Any, text: str, params: dict[str, Any]) -> None:
        """Refuses what Neo4j's own plan, asked for once for each text, does not call a read: data do not decide it."""
        if text not in self._reads:
            kind = session.run(f"EXPLAIN {text}", params).consume().query_type
            if kind != "r":
                raise QueryRefused(f"Neo4j plans this as kind {kind!r}, not as a read", fix="use MATCH … RETURN")
            if len(self._reads) >= _MOST_KNOWN:
                self._reads.clear()
            self._reads.add(text)

    def _refuse_foreign(self, session: Any) -> None:
        text = f"MATCH (n) WHERE n.{OWNER} IS NULL OR n.{OWNER}[0] <> $library RETURN n.{OWNER} AS owner LIMIT 1"
        found = session.run(text, library=self.library).single()
        if found:
            owner = f"the library {found['owner'][0]}" if found["owner"] else "nodes that Evidentia did not write"
            raise GraphError(
                f"the database {self._database or 'of this server'} holds {owner}, and nothing was changed",
                fix="give this library a database of its own (NEO4J_DATABASE) or another server (NEO4J_URI)",
            )


def _create_indexes(session: Any, labels: Collection[str]) -> None:
    """On ``id`` and ``name``, where there is none. An index and no constraint: the ids are known to be unique, and a
    constraint would look each of them up again."""
    found = session.run("SHOW INDEXES YIELD labelsOrTypes, properties RETURN labelsOrTypes AS labels, properties")
    there = {(tuple(row["labels"] or ()), tuple(row["properties"] or ())) for row in found}
    wanted = [(label, key) for label in sorted(labels) for key in ("id", "name") if ((label,), (key,)) not in there]
    if wanted:
        with session.begin_transaction() as transaction:
            for label, key in wanted:
                transaction.run(f"CREATE INDEX IF NOT EXISTS FOR (n:`{label}`) ON (n.{key})").consume()
            transaction.commit()
        session.run("CALL db.awaitIndexes(60)").consume()


def _driver_module() -> Any:
    try:
        import neo4j
    except ImportError as error:
        raise MissingExtra("neo4j", "neo4j") from error
    return neo4j


def _in_our_words(error: Any, server: str, left: str) -> GraphError | StorageError:
    code, said = error.code or "", str(getattr(error, "message", None) or error).strip()
    first_line = said.splitlines()[0].rstrip(".") if said else type(error).__name__
    if "TransactionTimedOut" in code:
        return GraphError(
            "the query was stopped at its time limit",
            fix="make it narrower: start at a named node, or follow fewer hops",
        )
    if "Memory" in code:
        return GraphError(
            f"Neo4j's limit of memory is too small for this{left}",
            where=server,
            fix="raise server.memory.heap.max_size and dbms.memory.transaction.total.max there",
        )
    if "space" in said.lower() and ("disk" in said.lower() or "left on device" in said.lower()):
        return StorageError(f"the disk of Neo4j is full{left}", where=server, fix="free some space there")
    if code.endswith("TransactionCommitFailed"):
        return StorageError(
            f"Neo4j could not write a change to its disk, and {_EITHER}",
            where=server,
            fix="free some space, restart it",
        )
    if "needs to be restarted" in said:
        return GraphError("Neo4j has stopped its database", where=server, fix="free some space there, and restart it")
    if code.startswith("Neo.ClientError.Statement."):
        return QueryError("the query cannot be run", where=first_line, fix="change it, or its parameters")
    if "DatabaseUnavailable" in code:
        return GraphError(f"Neo4j's database is not available{left}", where=server, fix="see the server's log")
    return GraphError(f"Neo4j could not run this{left}", where=first_line)


def _server(uri: str) -> str:
    """Scheme, host and port, without anything secret that the address may hold."""
    try:
        parts = urlsplit(uri)
        server = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:  # a port that is no number
        parts, server = urlsplit(""), ""
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise GraphError("the address of Neo4j is not valid", where=server, fix="set NEO4J_URI like bolt://host:7687")
    return server


def _schema(session: Any) -> GraphSchema:
    keys: dict[str, set[str]] = {}
    for labels, key in session.run("MATCH (n) UNWIND keys(n) AS k RETURN DISTINCT labels(n) AS l, k"):
        for label in labels:
            keys.setdefault(label, set()).update({key} - {OWNER})
    found = session.run(
        "MATCH (a)-[r]->(b) WITH DISTINCT labels(a) AS la, type(r) AS t, labels(b) AS lb UNWIND la AS x UNWIND lb AS y "
        "RETURN DISTINCT x, t, y"
    )
    relations = tuple(sorted(tuple(record.values()) for record in found))
    return GraphSchema({label: tuple(sorted(names)) for label, names in sorted(keys.items())}, relations)


def _plain(value: Any) -> Any:
    from neo4j.graph import Node as Vertex
    from neo4j.graph import Path, Relationship

    if isinstance(value, Vertex):
        return {**_plain(dict(value)), "_labels": sorted(value.labels)}
    if isinstance(value, Relationship):
        return {**_plain(dict(value)), "_type": value.type}
    if isinstance(value, Path):
        return [_plain(node) for node in value.nodes]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if key != OWNER}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.iso_format() if hasattr(value, "iso_format") else value
