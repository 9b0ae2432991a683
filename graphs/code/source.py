"""The code graph as nodes and edges for a Cypher engine, one edge for all uses between the same two symbols."""

from __future__ import annotations

import re
from collections.abc import Iterator
from sqlite3 import Connection

from ...corpus.catalog import document_text
from ...corpus.store import Store
from ..base import Edge, Node
from .facts import CLASS, EXTERNAL, FIELD, FUNCTION, GLOBAL, METHOD, OPTION, ROUTE
from .index import CodeGraph
from .questions.options import read_options
from .questions.tested import tests_among
from .resolution.values import EXACT, OUTSIDE, ROUTE_ID
from .symbols import COLUMNS, is_of_tests, symbol

_LINE = re.compile(r"\r\n|\r|\n")
_WITH_CODE = {CLASS, FUNCTION, METHOD, GLOBAL}


class CodeSource:
    name = "code"

    def __init__(self, store: Store) -> None:
        self._graph = CodeGraph(store)

    @property
    def version(self) -> str:
        return str(self._graph.version)

    def nodes(self) -> Iterator[Node]:
        return nodes(self._graph)

    def edges(self) -> Iterator[Edge]:
        return edges(self._graph)


def nodes(graph: CodeGraph) -> Iterator[Node]:
    """Label as in the graph; properties ``name, file_path, line, end_line, signature, doc``, and ``code`` (the text of
    the definition) and ``class`` where they apply. Last come names outside the library, as ``EXTERNAL``, paths of HTTP
    APIs, as ``ROUTE``, and what configures a program, as ``OPTION``."""
    connection = graph.store.connection
    for (document,) in connection.execute("SELECT document_id FROM code_files ORDER BY document_id"):
        text = document_text(graph.store, document)
        starts = [0, *(match.end() for match in _LINE.finditer(text)), len(text)]
        for row in connection.execute(f"SELECT {COLUMNS} WHERE d.document_id = ?", (document,)):
            yield _node(row, text, starts)
    for (name,) in connection.execute("""SELECT name FROM code_names n WHERE name LIKE 'external:%'
            AND EXISTS (SELECT 1 FROM code_edges e WHERE e.target = n.id OR e.source = n.id)"""):
        yield Node(EXTERNAL, name, {"name": name.removeprefix(OUTSIDE)})
    for (name,) in connection.execute("""SELECT name FROM code_names n WHERE name LIKE 'route:%'
            AND EXISTS (SELECT 1 FROM code_edges e WHERE e.source = n.id)"""):
        method, _, path = name.removeprefix(ROUTE_ID).partition(" ")
        yield Node(ROUTE, name, {"name": name.removeprefix(ROUTE_ID), "method": method, "path": path})
    known = {node.id: node for _, node, _ in _options(connection)}
    yield from known.values()


def _options(connection: Connection) -> Iterator[tuple[str, Node, int]]:
    """Who reads an option whose name is written out, the option, and the line."""
    for source, option in read_options(connection):
        if "*" not in option.name and option.name:
            properties = {"name": option.name, "kind": option.kind}
            node = Node(OPTION, f"option:{option.kind} {option.name}", properties)
            yield source.owner(option.line).id, node, option.line


def _node(row: tuple[object, ...], text: str, starts: list[int]) -> Node:
    item = symbol(row)
    properties: dict[str, object] = {
        "name": item.name,
        "file_path": item.file,
        "line": item.line,
        "end_line": item.end_line,
        "signature": item.signature,
        "doc": item.doc,
    }
    if item.label in _WITH_CODE:
        properties["code"] = text[starts[item.line - 1] : starts[item.end_line]].rstrip("\r\n")
    if item.label in (METHOD, FIELD):
        properties["class"] = item.id.split(".")[-2].partition("#")[0]
    return Node(item.label, item.id, properties)


def edges(graph: CodeGraph) -> Iterator[Edge]:
    """Properties ``resolution`` (of the surest use) and ``line`` (of the first)."""
    query = """SELECT e.type, s.name, t.name, min(e.resolution), min(e.line) FROM code_edges e
        JOIN code_names s ON s.id = e.source JOIN code_names t ON t.id = e.target GROUP BY e.source, e.type, e.target"""
    connection = graph.store.connection
    symbols = [symbol(row) for row in connection.execute(f"SELECT {COLUMNS} WHERE d.id IS NOT NULL")]
    labels = {item.id: item.label for item in symbols}
    among = {item.id for item in symbols if is_of_tests(item)}
    tests = tests_among(connection, symbols)
    for kind, source, target, resolution, line in connection.execute(query):
        properties = {"resolution": resolution, "line": line}
        yield Edge(kind, source, target, properties)
        tested = kind == "CALLS" and labels.get(target) in (CLASS, FUNCTION, METHOD)
        if tested and source in tests and target not in among:
            yield Edge("TESTS", source, target, properties)

    first: dict[tuple[str, str], int] = {}
    for source, node, line in _options(connection):
        first.setdefault((source, node.id), line)
    for (source, target), line in first.items():
        yield Edge("CONFIG", source, target, {"resolution": EXACT, "line": line})
