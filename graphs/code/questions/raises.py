"""Where an exception is raised, and who catches it: every ``raise`` or ``throw`` of it or of a class below it, of the
library or of the language's own; every handler of it or of a class above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from sqlite3 import Connection

from ....corpus.texts import named_text
from ....errors import NotFoundError
from ..facts import CLASS, EXTERNAL, MODULE
from ..index import CodeGraph
from ..languages import LANGUAGES
from ..resolution.incomplete import UNKNOWN_RAISE
from ..resolution.values import OUTSIDE
from ..symbols import Symbol, find, is_of_tests
from .doubts import doubts_inside, doubts_of_raises
from .reach import cypher, reach
from .statements import statement_text
from .verbs import CodeAnswer, CodeRow, likeliest_first

_MEANT = 5
_ANYTHING = frozenset(["Exception", "BaseException", "Throwable", "StandardError", "object"])
"""What catches nearly all that is raised; its handlers are named only where it is asked for itself."""


def raises(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """Two answers for each exception of that name: who raises it, and who catches it. Raises ``NotFoundError`` for what
    is neither in the library nor an exception of a language's own."""
    connection = graph.store.connection
    try:
        found = [item for item in find(connection, name) if item.label in (CLASS, EXTERNAL)]
    except NotFoundError:
        found = []
    own = any(name in LANGUAGES.load(language).exceptions for language in LANGUAGES)
    if not own and not any(item.label == CLASS or _is_exception(connection, item) for item in found):
        find(connection, name)
        raise NotFoundError("the code graph knows no such exception", where=name, fix="name a class")
    items = [item for item in found if item.label == CLASS or own or _is_exception(connection, item)][:_MEANT] or [
        Symbol(f"{OUTSIDE}{name}", EXTERNAL, name, file="", document=0, line=0, end_line=0, signature="", doc="")
    ]
    raised = likeliest_first(_raisers(connection, item) for item in items)
    return [answer for one in raised for answer in (one, _handlers(connection, one.symbol))]


def raised_by(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The exceptions that each symbol of that name raises itself. Raises ``NotFoundError``."""
    connection = graph.store.connection
    found = [item for item in find(connection, name) if item.document]
    return likeliest_first(_raised_by(connection, item) for item in found[:_MEANT])


def _raised_by(connection: Connection, item: Symbol) -> CodeAnswer:
    within = [item.id]
    if item.label in (CLASS, MODULE):
        within += [row.symbol.id for row in reach(connection, within, (">CONTAINS", ">HAS_METHOD"))]
    found = [_sure(row) for row in reach(connection, within, (">RAISES",), 1, enters=lambda row: False)]
    rows = _statements(connection, item, found)
    unknown = doubts_inside(connection, item, UNKNOWN_RAISE)
    notes = ("What it calls may raise others.",) if rows else ()
    return CodeAnswer(
        "raised exceptions", item, tuple(rows), cypher(item, (">RAISES",), 1), notes=notes, doubts=unknown
    )


def _statements(connection: Connection, item: Symbol, rows: Sequence[CodeRow]) -> list[CodeRow]:
    """A row for each line of them, in the order of the text, with what stands there."""
    texts = {row.document: named_text(connection, row.document) for row in rows}
    found = []
    for row in rows:
        text = texts[row.document]
        lines = text.text.split("\n") if text else []
        for number in row.lines:
            note = statement_text(lines, number, item.line) if number <= len(lines) else row.note
            found.append(replace(row, line=number, lines=(number,), note=note))
    return sorted(found, key=lambda row: (row.document, row.line))


def _sure(row: CodeRow) -> CodeRow:
    """That a class lies outside the library makes its name no less sure."""
    return replace(row, via="", resolution="exact" if row.resolution == "unknown" else row.resolution)


def _is_exception(connection: Connection, item: Symbol) -> bool:
    """The answer about a name outside the library: whether something raises, catches or extends it."""
    return bool(reach(connection, [item.id], ("<RAISES", "<CATCHES", "<INHERITS"), 1))


def _raisers(connection: Connection, item: Symbol) -> CodeAnswer:
    below = [row.symbol for row in reach(connection, [item.id], ("<INHERITS",))]
    rows = _rows(connection, item, below, "<RAISES", "raises")
    unseen = doubts_of_raises(connection, item, UNKNOWN_RAISE, unused=not rows)
    return CodeAnswer("raises", item, rows, cypher(item, ("<RAISES",), 1), doubts=unseen)


def _handlers(connection: Connection, item: Symbol) -> CodeAnswer:
    above = [row.symbol for row in reach(connection, [item.id], (">INHERITS",)) if row.symbol.name not in _ANYTHING]
    rows = _rows(connection, item, above, "<CATCHES", "catches")
    return CodeAnswer("handlers", item, rows, cypher(item, ("<CATCHES",), 1))


def _rows(connection: Connection, asked: Symbol, others: Sequence[Symbol], edge: str, verb: str) -> tuple[CodeRow, ...]:
    """One row for each definition and class. Those of another class than the one that was asked for say so."""
    found = []
    for item in (asked, *others):
        note = "" if item.id == asked.id else f"{verb} {item.name}"
        rows = reach(connection, [item.id], (edge,), 1, enters=lambda row: False)
        found += [replace(_sure(row), note=note) if note else _sure(row) for row in rows]
    return tuple(sorted(found, key=lambda row: (row.note != "", is_of_tests(row.symbol), row.symbol.id)))
