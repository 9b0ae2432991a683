"""Interfaces that a type satisfies by its methods alone, without naming them, as in Go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from sqlite3 import Connection

from ..facts import CLASS, METHOD, load_facts
from ..languages import language_of
from ..symbols import COLUMNS, Symbol, is_of_tests, symbol
from .reach import reach
from .verbs import CodeRow

_ABSTRACT = r"\b(?:interface|trait|protocol|type)\s+{}\b"


def is_abstract(connection: Connection, item: Symbol) -> bool:
    """Whether a class of the graph is an interface or another name for a type, and so implements nothing."""
    if item.label != CLASS or not item.document:
        return False
    if language_of(item.file).naming.structural:
        return "interface" in _Facts(connection).flags(item)
    return re.search(_ABSTRACT.format(re.escape(item.name)), item.signature) is not None


def by_method_set(connection: Connection, item: Symbol) -> list[CodeRow]:
    """The types that have every method of an interface, by name and number of parameters, those of what is embedded
    included; of a method of an interface, theirs of that name."""
    facts = _Facts(connection)
    if item.label == METHOD:
        query = f"SELECT {COLUMNS} WHERE n.name = ?"
        rows = connection.execute(query, (item.id.rpartition(".")[0],)).fetchall()
        types = by_method_set(connection, symbol(rows[0])) if rows else []
        named = {_methods(connection, row.symbol)[item.name] for row in types}
        return rows_of(named, "OVERRIDES", "stands in for it by its name")
    wanted = _methods(connection, item) if "interface" in facts.flags(item) else {}
    if not wanted:
        return []
    found = []
    for one in _having(connection, facts, wanted):
        methods = _methods(connection, one)
        if all(name in methods and facts.arity(methods[name]) == facts.arity(wanted[name]) for name in wanted):
            found.append(one)
    return rows_of(found, "INHERITS", "has all of its methods")


def _having(connection: Connection, facts: _Facts, wanted: dict[str, Symbol]) -> list[Symbol]:
    """The types that have the rarest of the methods, and those that embed them."""
    query = f"""SELECT {COLUMNS} WHERE n.id IN (SELECT e.source FROM code_edges e JOIN code_names m ON m.id = e.target
        WHERE e.type = 'HAS_METHOD' AND m.last = ?)"""  # noqa: S608
    owners = [[symbol(row) for row in connection.execute(query, (name,))] for name in wanted]
    structural = [[one for one in each if one.document and language_of(one.file).naming.structural] for each in owners]
    rarest = [one for one in min(structural, key=len) if "interface" not in facts.flags(one)]
    below = [row.symbol for row in reach(connection, [one.id for one in rarest], ("<INHERITS",))]
    return list({one.id: one for one in (*rarest, *below) if "interface" not in facts.flags(one)}.values())


def _methods(connection: Connection, item: Symbol) -> dict[str, Symbol]:
    """Name -> the method, that of the type itself before one of what it embeds."""
    above = [row.symbol.id for row in reach(connection, [item.id], (">INHERITS",))]
    found: dict[str, Symbol] = {}
    for name in (item.id, *above):
        for row in reach(connection, [name], (">HAS_METHOD",), 1):
            found.setdefault(row.symbol.name, row.symbol)
    return found


class _Facts:
    """What the files say of their definitions, each file read once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, dict[str, tuple[tuple[str, ...], int]]] = {}

    def flags(self, item: Symbol) -> tuple[str, ...]:
        return self._of(item)[0]

    def arity(self, item: Symbol) -> int:
        return self._of(item)[1]

    def _of(self, item: Symbol) -> tuple[tuple[str, ...], int]:
        if item.document not in self._known:
            query = "SELECT unit, interface FROM code_files WHERE document_id = ?"
            unit, interface = self._connection.execute(query, (item.document,)).fetchone() or ("", "")
            symbols = load_facts(interface).symbols if interface else []
            self._known[item.document] = {f"{unit}.{one.path}": (one.flags, len(one.parameters)) for one in symbols}
        return self._known[item.document].get(item.id, ((), 0))


def rows_of(found: Iterable[Symbol], edge: str, note: str) -> list[CodeRow]:
    """A row that is inferred for each, tests last."""
    return [
        CodeRow(one, edge, "inferred", line=one.line, lines=(one.line,), document=one.document, note=note)
        for one in sorted(found, key=lambda one: (is_of_tests(one), one.id))
    ]
