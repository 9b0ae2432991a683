"""Where an exception is raised: every ``raise`` statement of it or of a class below it, of the library or a builtin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from ....corpus.texts import documents_holding
from ....errors import NotFoundError
from ..facts import CLASS
from ..index import CodeGraph
from ..languages import LANGUAGES
from ..resolution.values import OUTSIDE, is_test
from ..symbols import Symbol, find
from .code_texts import CodeText, code_documents, code_texts
from .doubts import doubts_of_name
from .reach import cypher, reach
from .verbs import CodeAnswer, CodeRow, likeliest_first

_MEANT = 5
_UNSEEN = "A raise of a variable, or of what a call returns, is not counted."


def raises(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """Raises ``NotFoundError`` for what is neither in the library nor an exception of Python's own."""
    connection = graph.store.connection
    try:
        found = [item for item in find(connection, name) if item.label in (CLASS, "EXTERNAL")]
    except NotFoundError:
        found = []
    if not found and not any(name in LANGUAGES.load(language).exceptions for language in LANGUAGES):
        find(connection, name)
        raise NotFoundError("the code graph knows no such exception", where=name, fix="name a class")
    items = found[:_MEANT] or [
        Symbol(f"{OUTSIDE}{name}", "EXTERNAL", name, file="", document=0, line=0, end_line=0, signature="", doc="")
    ]
    return likeliest_first(_answer(connection, item) for item in items)


def _answer(connection: Connection, item: Symbol) -> CodeAnswer:
    below = [row.symbol for row in reach(connection, [item.id], ("<INHERITS",))] if item.document else []
    rows = [row for source in _mentioning(connection, [item, *below]) for row in _raise_rows(source, item, below)]
    rows.sort(key=lambda row: (row.note != "", is_test(row.symbol.id), row.symbol.id))
    unseen = doubts_of_name(connection, item, unused=not rows)
    query = cypher(item, ("<CALLS", "<USES"), 1)
    return CodeAnswer("raises", item, tuple(rows), query, notes=(_UNSEEN,), doubts=unseen)


@dataclass(frozen=True, slots=True)
class _Mentioning:
    source: CodeText
    lines: Mapping[str, set[int]]
    """Of each class, by id: the lines of this file that name it, as the graph resolved them."""


def _mentioning(connection: Connection, items: Sequence[Symbol]) -> Iterator[_Mentioning]:
    """The files that name one of the classes."""
    lines: dict[int, dict[str, set[int]]] = {}
    query = """SELECT e.document_id, e.line FROM code_edges e JOIN code_names n ON n.id = e.target
        WHERE n.name = ? AND e.type IN ('CALLS', 'USES')"""
    for item in items:
        for document, line in connection.execute(query, (item.id,)):
            lines.setdefault(document, {}).setdefault(item.id, set()).add(line)
    if not items[0].document:
        for document in documents_holding(connection, code_documents(connection), items[0].name):
            lines.setdefault(document, {})
    for source in code_texts(connection, lines.keys()):
        yield _Mentioning(source, lines[source.document])


def _raise_rows(found: _Mentioning, asked: Symbol, below: Sequence[Symbol]) -> Iterator[CodeRow]:
    """One row for each definition and class that it raises. Those of a subclass say so."""
    source = found.source
    raised = source.language.raises(source.text)
    for item in (asked, *below):
        note = "" if item.id == asked.id else f"raises {item.name}"
        by_owner: dict[Symbol, list[int]] = {}
        for name, line in raised:
            if name == item.name and _means(found, item, line):
                by_owner.setdefault(source.owner(line), []).append(line)
        for owner, at in by_owner.items():
            yield CodeRow(owner, "RAISES", "exact", line=at[0], lines=tuple(at), document=source.document, note=note)


def _means(found: _Mentioning, item: Symbol, line: int) -> bool:
    """A name that is raised is the class where the graph says so; a builtin where the file defines no such name."""
    if item.document or found.lines:
        return line in found.lines.get(item.id, ())
    return all(one.name != item.name for one in found.source.symbols)
