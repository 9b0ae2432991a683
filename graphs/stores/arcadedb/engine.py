"""ArcadeDB itself: importing it, its errors in our words, bulk loading, results and schemas as plain values.

Everything here works on one open database; generations and readers are ``store``'s business.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ....errors import GraphError, InputError, MissingExtra, QueryError, StorageError
from ...base import GraphSchema
from ..grouping import Groups, Row

CYPHER = "opencypher"
_PATH = re.compile(r"\(#\d+:\d+\)(?:<?-\[#\d+:\d+\]->?\(#\d+:\d+\))*")
_SAMPLE = 1_000
"""Nodes per label whose keys are read when a schema is worked out from the data."""


def import_engine() -> Any:
    # Its own log goes to a file in the user's state folder; on the console it would mix with answers.
    os.environ.setdefault("ARCADEDB_LOG_CONSOLE", "0")
    try:
        import arcadedb
    except ImportError as error:
        raise MissingExtra("arcadedb", "cypher") from error
    return arcadedb


class OutOfMemory(GraphError):
    """The engine is not to be used any more."""


@contextmanager
def engine_errors() -> Iterator[None]:
    """Maps the engine's exceptions to ``GraphError``, or ``QueryError`` where the query is at fault."""
    engine = import_engine()
    try:
        yield
    except engine.ArcadeDBError as error:
        raise _in_our_words(error) from error
    except UnicodeEncodeError as error:
        raise InputError("this is not valid text (UTF-8)", where=ascii(error.object), fix="write it anew") from error


_ASKED_WRONGLY = re.compile(r"\.(?:Arithmetic\w*|Command(?:Parsing|Semantic|ParameterMissing))Exception$")
"""Exceptions that say that the query, and not the engine, is at fault."""


def _in_our_words(error: Exception) -> GraphError | StorageError:
    # A text such as ``Query failed: com.arcadedb.exception.Some: message`` names an exception's class and message.
    found = re.search(r"((?:\w+\.)+\w*Exception): (.*)", str(error), re.DOTALL)
    named = [(found[1], found[2])] if found else [("", str(error))]
    chain: list[tuple[str, str]] = getattr(error, "java_chain", None) or named
    if "No space left on device" in str(error):
        return StorageError("the disk is full, so the graph could not be written", fix="free some space")
    if any(kind.endswith("OutOfMemoryError") for kind, _ in chain):
        return OutOfMemory("the graph engine has no memory left", fix="close what else runs, or make the graph smaller")
    late = next((message for kind, message in chain if kind.endswith(".TimeoutException")), "")
    if late:
        took = re.search(r"(\d+)ms", late)
        return GraphError(
            f"the query was stopped after {int(took[1]) // 1000 if took else 0} s",
            fix="make it narrower: start at a named node, or follow fewer hops",
        )
    told = [message for _, message in chain if message and message not in ("null", "None")]
    if told and any(_ASKED_WRONGLY.search(kind) for kind, _ in chain):
        return QueryError("the query cannot be run", where=told[0].rstrip("."), fix="change it, or its parameters")
    return GraphError("the graph engine could not run this", where=told[-1].rstrip(".") if told else chain[0][0])


def create(folder: Path, groups: Groups) -> None:
    """Makes a database in ``folder`` and fills it, without a write-ahead log: a crash leaves nothing to be used."""
    with engine_errors(), import_engine().create_database(str(folder)) as database:
        for label, rows in groups.nodes.items():
            _create_label(database, label, rows)
        for kind in {kind for _, kind, _ in groups.edges}:
            database.command("sql", f"CREATE EDGE TYPE `{kind}`")
        records: dict[str, str] = {}
        with database.graph_batch() as batch:
            for label, rows in groups.nodes.items():
                records.update(zip((row["id"] for row in rows), batch.create_vertices(label, rows), strict=True))
            for (_, kind, _), edges in groups.edges.items():
                sources, targets, properties = zip(*edges, strict=True)
                ends = [[records[name] for name in names] for names in (sources, targets)]
                batch.new_edges(ends[0], kind, ends[1], properties if any(properties) else None)


def _create_label(database: Any, label: str, rows: list[Row]) -> None:
    database.command("sql", f"CREATE VERTEX TYPE `{label}`")
    for key, kind in (("id", "UNIQUE"), ("name", "NOTUNIQUE")):
        if all(isinstance(row.get(key, ""), str) for row in rows):
            database.command("sql", f"CREATE PROPERTY `{label}`.`{key}` STRING")
            database.command("sql", f"CREATE INDEX ON `{label}` (`{key}`) {kind}")


def schema_of(database: Any) -> GraphSchema:
    """Read back from the data; property names from a sample of each label's nodes."""
    labels = [row.get("label") for row in database.query(CYPHER, "CALL db.labels() YIELD label RETURN label")]
    keys = {label: _keys(database, label) for label in labels}
    rows = database.query(
        CYPHER, "MATCH (a)-[r]->(b) UNWIND labels(a) AS x UNWIND labels(b) AS y RETURN DISTINCT x, type(r) AS t, y"
    )
    found = {(row.get("x"), row.get("t"), row.get("y")) for row in rows}
    return GraphSchema({label: names for label, names in keys.items() if names}, tuple(sorted(found)))


def _keys(database: Any, label: str) -> tuple[str, ...]:
    escaped = label.replace("`", "``")
    text = f"MATCH (n:`{escaped}`) WITH n LIMIT {_SAMPLE} UNWIND keys(n) AS k RETURN DISTINCT k"
    return tuple(sorted(row.get("k") for row in database.query(CYPHER, text)))


def edge_types(database: Any) -> frozenset[str]:
    rows = database.query("sql", "SELECT name FROM schema:types WHERE type = 'edge'")
    return frozenset(row.get("name") for row in rows)


def plain_rows(
    database: Any, found: Iterable[Any], limit: int, *, columns: tuple[str, ...], edges: frozenset[str], paths: bool
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...], bool]:
    """(columns, rows, truncated): at most ``limit`` rows are read, and one more to know whether there were others."""
    rows: list[tuple[Any, ...]] = []
    for record in found:
        if len(rows) == limit:
            return columns, tuple(rows), True
        row: Row = record.to_dict()
        columns = columns or tuple(row)
        rows.append(tuple(_plain(database, row.get(column), edges, paths) for column in columns))
    return columns, tuple(rows), False


def _plain(database: Any, value: Any, edges: frozenset[str], paths: bool) -> Any:
    if isinstance(value, dict):
        return _plain_record(database, value, edges, paths)
    if isinstance(value, list | tuple | set):
        return [_plain(database, each, edges, paths) for each in value]
    if paths and isinstance(value, str) and _PATH.fullmatch(value):  # the engine gives a path as text
        return [_node(database, record) for record in re.findall(r"\((#\d+:\d+)\)", value)]
    return value


def _plain_record(database: Any, value: Mapping[str, Any], edges: frozenset[str], paths: bool) -> Row:
    rest = {key: _plain(database, each, edges, paths) for key, each in value.items() if key not in ("@rid", "@type")}
    if "@rid" not in value:
        return rest
    kind = str(value["@type"])
    return {**rest, "_type": kind} if kind in edges else {**rest, "_labels": sorted(kind.split("~"))}


def _node(database: Any, record: str) -> Row:
    found = database.lookup_by_rid(record)
    return {**found.to_dict(), "_labels": sorted(found.get_type_name().split("~"))}
