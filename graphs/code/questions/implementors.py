"""What implements an interface: the classes that inherit from it, those that have all that a protocol asks for, and the
methods that stand in for one of its methods."""

from __future__ import annotations

from sqlite3 import Connection

from ..facts import CLASS, METHOD
from ..index import CodeGraph
from ..languages import language_of
from ..symbols import COLUMNS, Symbol, find, symbol
from .doubts import doubts_below
from .method_sets import by_method_set, is_abstract, rows_of
from .reach import cypher, reach
from .verbs import CodeAnswer, CodeRow, likeliest_first

_MEANT = 5
_PROTOCOLS = ("external:typing.Protocol", "external:typing_extensions.Protocol")


def implementors(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The subclasses of a class, the classes with all methods of a protocol, the overrides of a method."""
    connection = graph.store.connection
    found = [item for item in find(connection, name) if item.label in (CLASS, METHOD)] or find(connection, name)
    return likeliest_first(_answer(connection, item) for item in found[:_MEANT])


def _answer(connection: Connection, item: Symbol) -> CodeAnswer:
    edges = ("<OVERRIDES",) if item.label == METHOD else ("<INHERITS",)
    rows = [row for row in reach(connection, [item.id], edges) if not is_abstract(connection, row.symbol)]
    known = {row.symbol.id for row in rows} | {item.id}
    structural = by_method_set if item.document and language_of(item.file).naming.structural else _structural
    rows += [row for row in structural(connection, item) if row.symbol.id not in known]
    unseen = doubts_below(connection, item, unused=not rows)
    return CodeAnswer("implementors", item, tuple(rows), cypher(item, edges, 8), doubts=unseen)


def _structural(connection: Connection, item: Symbol) -> list[CodeRow]:
    """Classes that define every method of a protocol, by the methods' names alone."""
    bases = {row.symbol.id for row in reach(connection, [item.id], (">INHERITS",), 1)}
    if item.label != CLASS or not bases & set(_PROTOCOLS):
        return []
    wanted = {row.symbol.name for row in reach(connection, [item.id], (">HAS_METHOD",), 1)}
    if not wanted:
        return []
    marks = ", ".join("?" * len(wanted))
    query = f"""SELECT {COLUMNS} WHERE n.id IN (
        SELECT e.source FROM code_edges e JOIN code_names m ON m.id = e.target
        WHERE e.type = 'HAS_METHOD' AND m.last IN ({marks})
        GROUP BY e.source HAVING count(DISTINCT m.last) = ?)"""  # noqa: S608
    found = [symbol(row) for row in connection.execute(query, (*sorted(wanted), len(wanted)))]
    return rows_of(found, "INHERITS", "has all of its methods")
