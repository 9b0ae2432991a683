"""Which modules import which: the importers of a module or name, and circles of imports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from sqlite3 import Connection

from ....corpus.texts import documents_holding
from ..facts import MODULE
from ..index import CodeGraph
from ..resolution.incomplete import COMPUTED_IMPORT
from ..symbols import COLUMNS, Symbol, find, symbol
from .code_texts import code_documents, code_texts
from .doubts import doubts_inside, doubts_of_cycles, doubts_of_imports
from .reach import cypher, reach
from .verbs import WHOLE, CodeAnswer, CodeRow

_CIRCLES = 50
_MEANT = 5


def importers(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The modules that import it or something that it defines."""
    connection = graph.store.connection
    answers = []
    for item in find(connection, name)[:_MEANT]:
        rows = tuple(_importers(connection, item))
        unseen = doubts_of_imports(connection, item, unused=not rows)
        answers.append(CodeAnswer("importers", item, rows, cypher(item, ("<IMPORTS",), 1), doubts=unseen))
    return answers


def imports(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """What a module imports, of the library and from outside."""
    connection = graph.store.connection
    found = [item for item in find(connection, name) if item.label == MODULE] or find(connection, name)
    return [
        CodeAnswer(
            "imports",
            item,
            tuple(reach(connection, [item.id], (">IMPORTS",), 1)),
            cypher(item, (">IMPORTS",), 1),
            doubts=doubts_inside(connection, item, COMPUTED_IMPORT),
        )
        for item in found[:_MEANT]
    ]


def _importers(connection: Connection, item: Symbol) -> list[CodeRow]:
    rows: dict[str, CodeRow] = {}
    for row in reach(connection, [item.id], ("<IMPORTS",), 1):
        if row.symbol.id != item.id:
            rows.setdefault(row.symbol.id, row)
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class _Import:
    source: str
    target: str
    line: int
    document: int
    resolution: str
    late: bool
    """Inside a function or for type checkers only: not carried out while the module is being imported."""


def cycles(graph: CodeGraph) -> list[CodeAnswer]:
    """One answer per knot of modules that import one another while they are imported: a shortest circle in it. Without
    any, one answer that says so."""
    connection = graph.store.connection
    imports = _imports(connection)
    early = _by_source(each for each in imports if not each.late)
    knots = [knot for knot in _knots(early) if len(knot) > 1][:_CIRCLES]
    query = "MATCH p = (m:MODULE)-[:IMPORTS*2..6]->(m) RETURN [n IN nodes(p) | n.id] AS circle LIMIT 20"
    unseen = doubts_of_cycles(connection)
    if not knots:
        late = sum(len(knot) > 1 for knot in _knots(_by_source(imports)))
        note = "There is no import cycle among the modules " + (
            "as far as they could be read" if unseen else "of this library"
        )
        rest = (
            f"; {late} would be one if imports inside functions, and those for type checkers, counted." if late else "."
        )
        return [CodeAnswer("import cycles", WHOLE, (), query, notes=(note + rest,), doubts=unseen)]
    knots.sort(key=lambda knot: (len(knot), min(knot)))
    found = [_describe_circle(connection, _circle(early, knot), len(knot), query) for knot in knots]
    return [*found[:-1], replace(found[-1], doubts=unseen)]


_Graph = dict[str, dict[str, _Import]]
"""Module -> what it imports -> the first line that does."""


def _imports(connection: Connection) -> list[_Import]:
    """Between modules of the library. ``from . import a`` imports the package only as a part of ``a``'s name."""
    rows = connection.execute(
        """SELECT s.name, coalesce(mn.name, tn.name), e.line, e.document_id, min(e.resolution),
            EXISTS (SELECT 1 FROM code_nodes f WHERE f.document_id = e.document_id
                AND f.label IN ('FUNCTION', 'METHOD') AND e.line BETWEEN f.line AND f.end_line),
            tn.name, t.label
        FROM code_edges e JOIN code_names s ON s.id = e.source JOIN code_names tn ON tn.id = e.target
        JOIN code_nodes t ON t.id = e.target
        LEFT JOIN code_nodes m ON m.document_id = t.document_id AND m.label = 'MODULE'
        LEFT JOIN code_names mn ON mn.id = m.id
        WHERE e.type = 'IMPORTS' GROUP BY s.name, 2, e.line, tn.name ORDER BY s.name, e.line, tn.name"""
    ).fetchall()
    below = {(source, line): set[str]() for source, _, line, *_ in rows}
    for source, _, line, *_, target, label in rows:
        if label == "MODULE":
            below[source, line].add(target)
    typing = _typing_lines(connection)
    return [
        _Import(
            source,
            module,
            line,
            document=document,
            resolution=resolution,
            late=bool(late) or line in typing.get(document, ()),
        )
        for source, module, line, document, resolution, late, target, label in rows
        if source != module
        and not (label == "MODULE" and any(other.startswith(f"{target}.") for other in below[source, line]))
    ]


def _typing_lines(connection: Connection) -> dict[int, set[int]]:
    """Document -> the lines below ``if TYPE_CHECKING:``, which are never run."""
    found: dict[int, set[int]] = {}
    for source in code_texts(connection, documents_holding(connection, code_documents(connection), "TYPE_CHECKING")):
        for lines in source.language.never_run(source.text):
            found.setdefault(source.document, set()).update(lines)
    return found


def _by_source(imports: Iterable[_Import]) -> _Graph:
    found: _Graph = {}
    for each in sorted(imports, key=lambda one: one.line):
        found.setdefault(each.source, {}).setdefault(each.target, each)
    return found


def _knots(edges: _Graph) -> list[list[str]]:
    """Strongly connected components (Tarjan), without recursion."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    inside: set[str] = set()
    found: list[list[str]] = []
    for root in sorted(edges):
        if root in order:
            continue
        work = [(root, iter(sorted(edges.get(root, ()))))]
        order[root] = low[root] = len(order)
        stack.append(root)
        inside.add(root)
        while work:
            node, children = work[-1]
            child = next(children, None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    at = stack.index(node)
                    found.append(stack[at:])
                    inside -= set(stack[at:])
                    del stack[at:]
            elif child not in order:
                order[child] = low[child] = len(order)
                stack.append(child)
                inside.add(child)
                work.append((child, iter(sorted(edges.get(child, ())))))
            elif child in inside:
                low[node] = min(low[node], order[child])
    return found


def _circle(edges: _Graph, knot: list[str]) -> list[_Import]:
    """A shortest circle inside a knot."""
    members = set(knot)
    best: list[_Import] = []
    for start in sorted(knot):
        came: dict[str, _Import] = {}
        level = [start]
        while level and start not in came:
            following = []
            for node in level:
                for target, each in edges.get(node, {}).items():
                    if target in members and target not in came:
                        came[target] = each
                        following.append(target)
            level = following
        steps = [came[start]]
        while steps[0].source != start:
            steps.insert(0, came[steps[0].source])
        if not best or len(steps) < len(best):
            best = steps
    return best


def _describe_circle(connection: Connection, circle: list[_Import], size: int, query: str) -> CodeAnswer:
    def node(name: str) -> Symbol:
        return symbol(connection.execute(f"SELECT {COLUMNS} WHERE n.name = ?", (name,)).fetchone())

    rows = tuple(
        CodeRow(
            node(each.target),
            "IMPORTS",
            each.resolution,
            line=each.line,
            lines=(each.line,),
            document=each.document,
            distance=number,
            via=each.source,
        )
        for number, each in enumerate(circle, 1)
    )
    more = size - len(circle)
    notes = (f"{more} more modules hang together with these.",) if more else ()
    return CodeAnswer("imports in a circle", node(circle[0].source), rows, query, notes=notes)
