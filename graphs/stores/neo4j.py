"""The graph store for teams: Neo4j 5 through the official driver.

One database holds the graphs of one library. Neo4j's community edition has a single database, and queries are not
rewritten to see only a part of it: ``labels(n)``, counts and paths mean what they say. So a database that holds
anything else is refused by ``load``, never cleaned: each node that we write carries the property ``_graph``, a list
that begins with the library; ``load`` deletes nodes with its own list only, and stops at a node with none or of another
library.
Give every library its own server, or its own database on an edition that has several.

Reading is guarded three times: by the syntax tree, by Neo4j's own plan (``EXPLAIN`` must call it a read), and by a
session that the server holds to reading.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from ...errors import GraphError, MissingExtra, QueryError, QueryRefused
from ..base import Edge, GraphRows, GraphSchema, Node
from ..cypher.guard import read
from .grouping import Groups, group

OWNER = "_graph"
"""The property that marks our nodes; never shown in results and schemas."""
_BATCH = 5_000
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
        self.owner = [graph, "code"]
        self._uri = uri or os.environ.get("NEO4J_URI", "bolt://127.0.0.1:7687")
        self._database = database or os.environ.get("NEO4J_DATABASE") or None
        auth = (user or os.environ.get("NEO4J_USER", "neo4j"), password or os.environ.get("NEO4J_PASSWORD", ""))
        self._schema: tuple[tuple[int, int], GraphSchema] | None = None
        with self._errors():
            self._driver = _driver_module().GraphDatabase.driver(
                self._uri, auth=auth, connection_timeout=5.0, notifications_min_severity="OFF"
            )

    def load(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """One transaction, so the server's heap must hold the whole change."""
        groups = group(nodes, edges)
        with self._session("WRITE") as session:
            self._refuse_foreign(session)
            for label in groups.nodes:
                unique = f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.id IS UNIQUE"
                session.run(unique).consume()
                session.run(f"CREATE INDEX IF NOT EXISTS FOR (n:`{label}`) ON (n.name)").consume()
            session.run("CALL db.awaitIndexes(60)").consume()
            with session.begin_transaction() as transaction:
                transaction.run(f"MATCH (n) WHERE n.{OWNER} = $owner DETACH DELETE n", owner=self.owner).consume()
                self._write(transaction, groups)
                transaction.commit()

    def query(
        self, cypher: str, params: Mapping[str, Any] | None = None, *, timeout: float = 5.0, max_rows: int = 200
    ) -> GraphRows:
        query = read(cypher)
        started = time.perf_counter()
        with self._session("READ") as session:
            kind = session.run(f"EXPLAIN {query.text}", dict(params or {})).consume().query_type
            if kind != "r":
                raise QueryRefused(f"Neo4j plans this as kind {kind!r}, not as a read", fix="use MATCH … RETURN")
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
            text = f"MATCH (n) WHERE n.{OWNER} = $owner RETURN true LIMIT 1"
            return session.run(text, owner=self.owner).single() is not None

    def close(self) -> None:
        self._driver.close()

    @contextmanager
    def _session(self, mode: str) -> Iterator[Any]:
        with self._errors(), self._driver.session(database=self._database, default_access_mode=mode) as session:
            yield session

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Maps the driver's exceptions to ``GraphError``; neither password nor user is part of any message."""
        exceptions = _driver_module().exceptions
        server = _server(self._uri)
        try:
            yield
        except exceptions.AuthError as error:
            raise GraphError(
                "Neo4j refused the user or the password", where=server, fix="check NEO4J_USER and NEO4J_PASSWORD"
            ) from error
        except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
            raise GraphError(
                "Neo4j cannot be reached", where=server, fix="check NEO4J_URI, and that the server runs"
            ) from error
        except exceptions.Neo4jError as error:
            if "TransactionTimedOut" in (error.code or ""):
                raise GraphError(
                    "the query was stopped at its time limit",
                    fix="make it narrower: start at a named node, or follow fewer hops",
                ) from error
            said = str(getattr(error, "message", None) or error).strip()
            first_line = said.splitlines()[0].rstrip(".") if said else type(error).__name__
            if (error.code or "").startswith("Neo.ClientError.Statement."):
                fix = "change it, or its parameters"
                raise QueryError("the query cannot be run", where=first_line, fix=fix) from error
            raise GraphError("Neo4j could not run this", where=first_line) from error
        except exceptions.DriverError as error:
            raise GraphError("the connection to Neo4j failed", where=f"{server}, {error}") from error

    def _refuse_foreign(self, session: Any) -> None:
        text = f"MATCH (n) WHERE n.{OWNER} IS NULL OR n.{OWNER}[0] <> $library RETURN n.{OWNER} AS owner LIMIT 1"
        found = session.run(text, library=self.owner[0]).single()
        if found:
            owner = f"the library {found['owner'][0]}" if found["owner"] else "nodes that Evidentia did not write"
            raise GraphError(
                f"the database {self._database or 'of this server'} holds {owner}, and nothing was changed",
                fix="give this library a database of its own (NEO4J_DATABASE) or another server (NEO4J_URI)",
            )

    def _write(self, transaction: Any, groups: Groups) -> None:
        for label, rows in groups.nodes.items():
            text = f"UNWIND $rows AS row CREATE (n:`{label}`) SET n = row, n.{OWNER} = $owner"
            for part in _parts(rows):
                transaction.run(text, rows=part, owner=self.owner).consume()
        for (source, kind, target), links in groups.edges.items():
            text = (
                f"UNWIND $rows AS row MATCH (a:`{source}` {{id: row[0]}}) MATCH (b:`{target}` {{id: row[1]}}) "
                f"CREATE (a)-[r:`{kind}`]->(b) SET r = row[2]"
            )
            for part in _parts(links):
                transaction.run(text, rows=part).consume()


def _driver_module() -> Any:
    try:
        import neo4j
    except ImportError as error:
        raise MissingExtra("neo4j", "neo4j") from error
    return neo4j


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


def _parts(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


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
