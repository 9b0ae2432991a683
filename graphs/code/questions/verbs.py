"""The questions that a code graph answers by look-up: who calls, what is called, where is it, what inherits, who uses.

Every answer names how sure each row is, shows the Cypher query that gives the same rows, and counts the uses that could
not be attributed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from sqlite3 import Connection

from ....errors import NotFoundError
from ..facts import CLASS, EXTERNAL, FIELD, GLOBAL, METHOD
from ..index import CodeGraph
from ..resolution.incomplete import COMPUTED_BASE
from ..resolution.values import INFERRED, OUTSIDE
from ..symbols import Symbol, find, is_of_tests, symbols_of
from .doubts import doubts, doubts_below, doubts_inside, doubts_of_file

USED_BY = ("CALLS", "USES", "IMPORTS", "INHERITS")

_WRITES = "writes it"
_LOOKED_AT = 200
"""Symbols of one name whose rows are compared to find the likeliest."""
_HOPS = 8
"""The longest path that a query may follow."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    symbol: Symbol
    edge: str
    """Edge type; empty for a definition."""
    resolution: str
    """``exact``, ``inferred`` or ``unknown``."""
    line: int
    """1-based line of the first use, in the document ``document``."""
    lines: tuple[int, ...]
    document: int
    distance: int = 1
    """Steps from what was asked about."""
    via: str = ""
    """Id of the symbol one step nearer, where ``distance`` is more than one."""
    note: str = ""
    """What else is to be said of it, a phrase."""


WHOLE = Symbol("", "LIBRARY", "this library", file="", document=0, line=0, end_line=0, signature="", doc="")


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    verb: str
    symbol: Symbol
    """What was asked about; ``WHOLE`` where that is all code."""
    rows: tuple[CodeRow, ...]
    """Sure ones first, then code before tests, then by id."""
    query: str
    """Cypher that gives the same symbols on a projection of the graph (for class hierarchies of up to eight levels)."""
    unattributed: int = 0
    """Calls of a method of this name on objects whose type is not known: any of them may belong here."""
    notes: tuple[str, ...] = ()
    """Sentences that the rows must not be read without."""
    doubts: tuple[str, ...] = ()
    """Why there may be more rows, each with its places; "none" may be said only where there are no doubts."""


def definition(graph: CodeGraph, name: str, limit: int = 20) -> list[CodeAnswer]:
    return [
        CodeAnswer(
            "definition",
            found,
            (CodeRow(found, "", "exact", line=found.line, lines=(found.line,), document=found.document),),
            f"MATCH {_node(found)} RETURN t.id AS id, t.file_path AS file, t.line AS line, t.end_line AS end_line",
        )
        for found in find(graph.store.connection, name)[:limit]
    ]


def callers(graph: CodeGraph, name: str, limit: int = 20) -> list[CodeAnswer]:
    """Who calls it, with the lines of the calls, and what it decorates: decorating is calling, too."""
    return _verb(graph, "callers", name, limit, incoming=("CALLS",), outgoing=("DECORATES",))


def callees(graph: CodeGraph, name: str, limit: int = 20) -> list[CodeAnswer]:
    """What it calls itself, with the lines of the calls."""
    return _verb(graph, "callees", name, limit, outgoing=("CALLS",))


def references(graph: CodeGraph, name: str, limit: int = 20) -> list[CodeAnswer]:
    """Every use: calls, imports, mentions, subclasses, and what it decorates."""
    return _verb(graph, "references", name, limit, incoming=USED_BY, outgoing=("DECORATES",))


def writers(graph: CodeGraph, name: str, limit: int = 20) -> list[CodeAnswer]:
    """Who gives a field or variable a value."""
    found = [one for one in references(graph, name, limit) if one.symbol.label in (FIELD, GLOBAL)]
    if not found:
        raise NotFoundError("the code graph knows no such field or variable", where=name)
    kept = [replace(one, verb="writers", rows=tuple(row for row in one.rows if row.note == _WRITES)) for one in found]
    return likeliest_first(kept)


def members(graph: CodeGraph, name: str, limit: int = 20) -> list[CodeAnswer]:
    """What a module or class defines."""
    return _verb(graph, "members", name, limit, outgoing=("CONTAINS", "HAS_FIELD", "HAS_METHOD"))


def subclasses(graph: CodeGraph, name: str, transitive: bool = True, limit: int = 20) -> list[CodeAnswer]:
    return _verb(graph, "subclasses", name, limit, incoming=("INHERITS",), transitive=transitive, label=CLASS)


def superclasses(graph: CodeGraph, name: str, transitive: bool = True, limit: int = 20) -> list[CodeAnswer]:
    return _verb(graph, "superclasses", name, limit, outgoing=("INHERITS",), transitive=transitive, label=CLASS)


def overrides(graph: CodeGraph, name: str, transitive: bool = True, limit: int = 20) -> list[CodeAnswer]:
    """Methods of subclasses that replace it."""
    return _verb(graph, "overrides", name, limit, incoming=("OVERRIDES",), transitive=transitive, label=METHOD)


def _verb(
    graph: CodeGraph,
    verb: str,
    name: str,
    limit: int,
    *,
    incoming: tuple[str, ...] = (),
    outgoing: tuple[str, ...] = (),
    transitive: bool = False,
    label: str = "",
) -> list[CodeAnswer]:
    connection = graph.store.connection
    found = find(connection, name)
    found = [item for item in found if item.label == label] or found
    answers = []
    for item in found[:_LOOKED_AT]:
        rows = [
            *_rows(connection, item.id, incoming, True, transitive),
            *_rows(connection, item.id, outgoing, False, transitive),
        ]
        if verb == "references" and item.label in (FIELD, GLOBAL):
            rows = _with_writes(connection, item, rows)
        rows.sort(key=lambda row: (row.resolution, is_of_tests(row.symbol), row.symbol.id, row.edge))
        count = _count_unattributed(connection, item) if "CALLS" in incoming else 0
        query = _cypher(item, incoming, outgoing, transitive)
        answers.append(CodeAnswer(verb, item, tuple(rows), query, count))
    answers = likeliest_first(answers)[:limit]
    return [replace(answer, doubts=_doubts(connection, answer)) for answer in answers]


def _with_writes(connection: Connection, item: Symbol, rows: list[CodeRow]) -> list[CodeRow]:
    writers = {row.symbol.id for row in _step(connection, item.id, ("WRITES",), incoming=True)}
    return [replace(row, note=_WRITES) if row.symbol.id in writers else row for row in rows]


def _doubts(connection: Connection, answer: CodeAnswer) -> tuple[str, ...]:
    item = answer.symbol
    match answer.verb:
        case "callers" | "references":
            return doubts(connection, item, unused=not answer.rows)
        case "subclasses" | "overrides":
            return doubts_below(connection, item, unused=not answer.rows)
        case "callees":
            return doubts_inside(connection, item)
        case "superclasses":
            above = [row.symbol for row in answer.rows if row.symbol.document]
            found = [each for one in (item, *above) for each in doubts_inside(connection, one, COMPUTED_BASE)]
            return tuple(dict.fromkeys(found))
    return doubts_of_file(connection, item)


def likeliest_first(answers: Iterable[CodeAnswer]) -> list[CodeAnswer]:
    """What the library defines, no test, and what the verb finds something for: that is what was meant."""
    return sorted(
        answers, key=lambda answer: (answer.symbol.label == EXTERNAL, is_of_tests(answer.symbol), not answer.rows)
    )


def _rows(
    connection: Connection, start: str, types: tuple[str, ...], incoming: bool, transitive: bool
) -> list[CodeRow]:
    found: list[CodeRow] = []
    seen = {start} if transitive else set()
    waiting = [start] if types else []
    while waiting:
        step = [row for row in _step(connection, waiting.pop(), types, incoming) if row.symbol.id not in seen]
        found += step
        if transitive:
            fresh = {row.symbol.id for row in step}
            seen |= fresh
            waiting += sorted(fresh)
    return found


def _step(connection: Connection, name: str, types: tuple[str, ...], incoming: bool) -> list[CodeRow]:
    """One row for all edges of a type between the same two symbols, as sure as the surest of them, in the order of
    their lines."""
    near, far = ("target", "source") if incoming else ("source", "target")
    marks = ", ".join("?" * len(types))
    query = f"""SELECT {far}, type, min(resolution), max(choices), min(document_id), group_concat(line)
        FROM code_edges WHERE {near} = (SELECT id FROM code_names WHERE name = ?) AND type IN ({marks})
        GROUP BY {far}, type"""  # noqa: S608
    edges = connection.execute(query, (name, *types)).fetchall()
    known = symbols_of(connection, (edge[0] for edge in edges)) if edges else {}
    return sorted((_row(known, *edge) for edge in edges), key=_line_of)


_line_of = attrgetter("line")


def _row(
    known: Mapping[int, Symbol], far: int, kind: str, resolution: str, choices: int, document: int, places: str
) -> CodeRow:
    lines: tuple[int, ...] = (int(places),) if places.isdigit() else tuple(sorted({*map(int, places.split(","))}))
    unsure = kind == "CALLS" and resolution == INFERRED and choices > 1
    note = f"one of {choices}" if unsure else ""
    return CodeRow(known[far], kind, resolution, line=lines[0], lines=lines, document=document, note=note)


def _count_unattributed(connection: Connection, item: Symbol) -> int:
    if item.label != METHOD:
        return 0
    query = """SELECT count(*) FROM code_edges WHERE type = 'CALLS'
        AND target = (SELECT id FROM code_names WHERE name = ?)"""
    return int(connection.execute(query, (f"{OUTSIDE}*.{item.name}",)).fetchone()[0])


def _node(item: Symbol) -> str:
    return f"(t:{item.label} {{id: {cypher_string(item.id)}}})"


def cypher_string(text: str) -> str:
    """A string as Cypher writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _cypher(item: Symbol, incoming: Iterable[str], outgoing: Iterable[str], transitive: bool) -> str:
    parts = []
    for types, left, right in ((incoming, "<-", "-"), (outgoing, "-", "->")):
        names = "|".join(types)
        if names and transitive:
            path = f"{left}[:{names}*1..{_HOPS}]{right}"
            parts.append(f"MATCH {_node(item)}{path}(s) RETURN DISTINCT s.id AS id, s.file_path AS file")
        elif names:
            parts.append(
                f"MATCH {_node(item)}{left}[r:{names}]{right}(s) RETURN s.id AS id, type(r) AS edge, "
                "s.file_path AS file, r.line AS line, r.resolution AS resolution"
            )
    return " UNION ".join(parts)
