"""A map of the code: its files by rank, the most used definitions of each, under a budget of tokens.

A file's rank is its PageRank on the graph of files, an edge for what one uses of another and half a one back, so that
what brings many parts together counts beside what many need; tests do not vote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from sqlite3 import Connection

from ....corpus.tokens import tokens
from ...pagerank import edges, personalised_pagerank
from ..index import CodeGraph
from ..symbols import COLUMNS, Symbol, is_of_tests, symbol
from .verbs import WHOLE, CodeAnswer, CodeRow

_DAMPING = 0.85
LONGEST = 100
"""Characters of a signature."""
_BACK = 0.5
_SHOWN = 8
"""Definitions of one file, at most."""
_QUERY = (
    "MATCH (a)-[:CALLS|USES|INHERITS]->(b) WHERE a.file_path <> b.file_path "
    "RETURN b.file_path AS file, count(*) AS uses ORDER BY uses DESC"
)


def overview(graph: CodeGraph, budget: int) -> list[CodeAnswer]:
    """One answer: modules by rank, below each its definitions, until ``budget`` tokens are spent."""
    connection = graph.store.connection
    ranked = _by_rank(connection)
    rows: list[CodeRow] = []
    left = budget
    shown = 0
    for module, share in ranked:
        block = [_row(module, note=f"rank {share:.0%}"), *_definitions(connection, module)]
        fits = _fitting(block, left)
        rows += fits
        left -= sum(map(_cost, fits))
        shown += bool(fits)
        if len(fits) < len(block):
            break
    hidden = len(ranked) - shown
    notes = (f"{hidden} more files are left out; a larger budget shows them.",) if hidden else ()
    return [CodeAnswer("files and definitions", WHOLE, tuple(rows), _QUERY, notes=notes)]


def _fitting(block: list[CodeRow], budget: int) -> list[CodeRow]:
    fits = []
    for row in block:
        budget -= _cost(row)
        if budget < 0:
            break
        fits.append(row)
    return fits


def _cost(row: CodeRow) -> int:
    return tokens(f"{row.symbol.id}  {row.symbol.file}:{row.line}  {row.note}\n")


def _by_rank(connection: Connection) -> list[tuple[Symbol, float]]:
    import numpy as np

    query = f"SELECT {COLUMNS} WHERE d.label = 'MODULE' ORDER BY n.name"
    modules = [item for row in connection.execute(query) if not is_of_tests(item := symbol(row))]
    if not modules:
        return []
    place = {item.document: number for number, item in enumerate(modules)}
    uses = connection.execute(
        """SELECT e.document_id, t.document_id, count(*) FROM code_edges e JOIN code_nodes t ON t.id = e.target
        WHERE e.type IN ('CALLS', 'USES', 'INHERITS') AND t.document_id != e.document_id GROUP BY 1, 2"""
    ).fetchall()
    known = [(place[one], place[other], count**0.5) for one, other, count in uses if one in place and other in place]
    sources = np.array([one for one, _, _ in known], np.int64)
    targets = np.array([other for _, other, _ in known], np.int64)
    weights = np.array([weight for _, _, weight in known], np.float64)
    starts, ends = np.concatenate((sources, targets)), np.concatenate((targets, sources))
    both = edges(starts, ends, np.concatenate((weights, _BACK * weights)), len(modules))
    rank = personalised_pagerank(both, np.ones(len(modules)), _DAMPING)
    order = sorted(range(len(modules)), key=lambda number: (-rank[number], modules[number].id))
    return [(modules[number], float(rank[number])) for number in order]


def _definitions(connection: Connection, module: Symbol) -> Iterator[CodeRow]:
    """The most used ones at the top of a module and their methods, in the order of the file."""
    query = f"""SELECT (SELECT count(*) FROM code_edges e WHERE e.target = n.id AND e.document_id != d.document_id
        AND e.type IN ('CALLS', 'USES', 'INHERITS')) AS uses, {COLUMNS}
        WHERE d.document_id = ? AND d.label IN ('CLASS', 'FUNCTION', 'METHOD')"""  # noqa: S608
    found = [(uses, symbol(tuple(row))) for uses, *row in connection.execute(query, (module.document,)) if uses]
    found = [(uses, item) for uses, item in found if not item.name.startswith("__")]
    most = sorted(found, key=lambda one: (-one[0], one[1].label == "METHOD", one[1].line))[:_SHOWN]
    for _, item in sorted(most, key=lambda one: one[1].line):
        yield replace(_row(item, note=item.signature[:LONGEST]), via=module.id)


def _row(item: Symbol, note: str) -> CodeRow:
    return CodeRow(item, "", "exact", line=item.line, lines=(item.line,), document=item.document, note=note)
