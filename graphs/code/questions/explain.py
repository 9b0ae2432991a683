"""Everything about one symbol on one page: definition, members, callers, callees, tests, prose, last change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from sqlite3 import Connection

from ....corpus.texts import texts_with
from ..facts import CLASS, MODULE
from ..index import CodeGraph
from ..symbols import Symbol, is_of_tests
from . import verbs
from .changes import last_change
from .impact import effects
from .verbs import CodeAnswer, CodeRow

_SHOWN = 8
"""Rows of a section."""
_PROSE = 3
"""Documents that are named."""


def explain(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The sections of the likeliest symbol of that name, those without rows left out."""
    definition = verbs.definition(graph, name)[0]
    item = definition.symbol
    if not item.document:
        return [definition, *_with_rows(verbs.callers(graph, item.id)[:1])]
    members = verbs.members(graph, item.id)[:1] if item.label in (CLASS, MODULE) else []
    above = verbs.superclasses(graph, item.id)[:1] if item.label == CLASS else []
    users = [
        replace(one, rows=tuple(row for row in one.rows if not is_of_tests(row.symbol)))
        for one in (verbs.references if item.label != "METHOD" else verbs.callers)(graph, item.id)[:1]
    ]
    sections = [*above, *members, *users, *verbs.callees(graph, item.id)[:1], effects(graph, item, [item], 1)[1]]
    change = last_change(graph.store.connection, item)
    sections.append(_prose(graph.store.connection, item))
    sections.append(CodeAnswer("last change", item, (change,) if change else (), ""))
    return [definition, *_with_rows(sections)]


def _with_rows(sections: list[CodeAnswer]) -> Iterator[CodeAnswer]:
    for one in sections:
        if one.rows:
            more = len(one.rows) - _SHOWN
            notes = (f"{more} more: evidentia graph {one.verb} {one.symbol.id}",) if more > 0 else ()
            yield replace(one, rows=one.rows[:_SHOWN], notes=notes)


def _prose(connection: Connection, item: Symbol) -> CodeAnswer:
    """Documents that are no code of the graph and name it, the ones that do so most often first."""
    word = re.compile(rf"(?<![\w.]){re.escape(item.name)}(?!\w)|\.{re.escape(item.name)}\b")
    code = {row[0] for row in connection.execute("SELECT document_id FROM code_files")}
    found = []
    for document, name, text in texts_with(connection, item.name):
        if document in code:
            continue
        places = [match.start() for match in word.finditer(text)]
        if places:
            line = 1 + text.count("\n", 0, places[0])
            symbol = Symbol(
                name, "DOCUMENT", name, file=name, document=document, line=line, end_line=line, signature="", doc=""
            )
            found.append((len(places), CodeRow(symbol, "NAMES", "exact", line=line, lines=(line,), document=document)))
    rows = tuple(row for _, row in sorted(found, key=lambda one: (-one[0], one[1].symbol.id))[:_PROSE])
    return CodeAnswer("documents", item, rows, "")
