"""Which paths an HTTP API has, and what handles each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from sqlite3 import Connection

from ..index import CodeGraph
from ..resolution.values import ROUTE_ID
from ..symbols import COLUMNS, is_of_tests, symbol
from .doubts import doubts_of_library
from .verbs import WHOLE, CodeAnswer, CodeRow

_READ = (
    "Read are Flask, FastAPI, Starlette, Django's path(), Express, and in Go net/http, gorilla, chi, gin and echo, "
    "where the path is written out; a prefix that another file gives to a router (include, register_blueprint, "
    "app.use) is not part of the paths."
)
_PART = re.compile(r"<(?:path:)[^>]*>|\{\w+:path\}|<[^>]*>|\{[^}]*\}|:\w+|\*")
"""A parameter in a path."""
_QUERY = "MATCH (r:ROUTE)-[:ROUTES]->(h) RETURN r.name AS route, h.id AS handler, h.file_path AS file"


def routes(graph: CodeGraph, path: str) -> list[CodeAnswer]:
    """All, or those that a request of ``path`` (``/users/5``, ``GET /users``) may reach."""
    connection = graph.store.connection
    rows = sorted(_rows(connection), key=lambda row: (is_of_tests(row.symbol), row.note.partition(" ")[2], row.note))
    found = _routes_to(rows, path.strip()) if path.strip() else rows
    subject = replace(WHOLE, name=path.strip()) if path.strip() else WHOLE
    known = (f"{len(rows)} routes are known.",) if rows and not found else ()
    notes = () if path.strip() and found else (*known, _READ)
    return [CodeAnswer("routes", subject, tuple(found), _QUERY, notes=notes, doubts=doubts_of_library(connection))]


def _rows(connection: Connection) -> Iterator[CodeRow]:
    query = f"""SELECT r.name, e.resolution, e.line, e.document_id, {COLUMNS} JOIN code_edges e ON e.target = n.id
        JOIN code_names r ON r.id = e.source WHERE e.type = 'ROUTES'"""
    for route, resolution, line, document, *row in connection.execute(query):
        handler, note = symbol(tuple(row)), str(route).removeprefix(ROUTE_ID)
        yield CodeRow(handler, "ROUTES", resolution, line=line, lines=(line,), document=document, note=note)


def _routes_to(rows: list[CodeRow], asked: str) -> list[CodeRow]:
    """The routes of the path as it is declared, else by one that it fits, else by its end."""
    method, _, path = asked.rpartition(" ")
    path = path.rstrip("/") or "/"
    fitting = [
        row for row in rows if method.upper() in ("", "ANY") or row.note.startswith((f"{method.upper()} ", "ANY "))
    ]
    declared = {id(row): row.note.partition(" ")[2].rstrip("/") or "/" for row in fitting}
    for fits in (
        lambda known: known == path,
        lambda known: _pattern(known).fullmatch(path),
        lambda known: path.endswith(known) and known != "/",
        lambda known: re.search(_pattern(known).pattern + "$", path) and known != "/",
    ):
        if found := [row for row in fitting if fits(declared[id(row)])]:
            return found
    return []


def _pattern(path: str) -> re.Pattern[str]:
    literal = [re.escape(text) for text in _PART.split(path)]
    anything = [".+" if "path" in part[0] else "[^/]+" for part in _PART.finditer(path)]
    return re.compile("".join(a + b for a, b in zip(literal, [*anything, ""], strict=True)))
