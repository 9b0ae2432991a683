"""Answers from the code graph: the rows of a query that is shown, and the very lines of code behind them.

Exact rows come first; what is inferred or could not be attributed is said, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..corpus import catalog, words
from ..corpus.document import Document, Evidence
from ..corpus.spans.examples import MANUALS
from ..corpus.spans.units import CODE_KINDS
from ..corpus.store import Store
from ..errors import NotFoundError
from ..graphs.code import CodeAnswer, Row, Symbol
from ..graphs.served import ServedGraph
from ..retrieval.question import Question
from .base import Answer, Citation
from .check import quote_holds
from .route import Route

SHOWN = 12
"""Rows named in the text; all of them are in the first citation."""

LOOKED_AT, PLACES, ABOUT = 6, 3, 0.35
"""Hits among which most must be code, how many of them are shown, and the share of the question's words that one must
have."""
BEST_MATCHES = 2
"""Of several symbols of one name, how many a question that mentions it is taken to mean."""
_CODE_WORD = re.compile(r"`([\w.]+)(?:\(\))?`|\b([A-Za-z]\w*(?:[._]\w+)+|[a-z]+[A-Z]\w*)\b")

COLUMNS = ("symbol", "edge", "resolution", "file", "line")

_SAYS = {
    "callees": ("calls {} of this library's symbols", "calls nothing of this library"),
    "callers": ("is called by {}", "is called by nothing that is known"),
    "subclasses": ("has these subclasses, {} in all", "has no subclass that is known"),
    "references": ("is used by {}", "is used by nothing that is known"),
}


def answer(store: Store, graph: ServedGraph, way: Route, question: str) -> Answer | None:
    """``None`` when the symbol is unknown and was not written like code: the question is then searched for instead."""
    assert way.verb is not None
    try:
        found = graph.verb("definition" if way.verb == "describe" else way.verb, way.symbol)
    except NotFoundError as error:
        return Answer(question, f"Not found here: {error}", "not_found") if way.certain else None
    best = found[0]
    if way.verb == "describe":
        return _described(store, question, best.symbol)
    if way.verb == "definition":
        return _defined(store, question, found)
    return _listed(store, question, way.verb, best, others=[other.symbol for other in found[1:]])


def definitions(store: Store, graph: ServedGraph, question: str) -> list[Evidence]:
    """The passages that define the symbols which ``question`` names in code's spelling, best match of each first."""
    return _defining(store, graph, ["".join(match) for match in _CODE_WORD.findall(question)])


def _defining(store: Store, graph: ServedGraph, names: Iterable[str]) -> list[Evidence]:
    symbols = [answer.symbol for name in dict.fromkeys(names) for answer in _known(graph, name)[:BEST_MATCHES]]
    query = """SELECT p.id FROM passages p WHERE p.document_id = ? AND p.line <= ? AND p.end_line >= ?
        ORDER BY p.end_line - p.line LIMIT 1"""
    found: list[Evidence] = []
    for symbol in symbols:
        row = store.connection.execute(query, (symbol.document, symbol.line, symbol.line)).fetchone()
        found += catalog.evidence(store, [(row[0], 1.0)], "graph", f"defines {symbol.id}") if row else []
    return found


def places(store: Store, graph: ServedGraph, asked: Question, hits: Sequence[Evidence]) -> Answer | None:
    """The definitions that the question names or that were found for it, whole, by their places, where no statement
    answers; ``None`` where neither names nor hits are code."""
    names = [*asked.identifiers, *(word for name in asked.names for word in name.split())]
    named = _defining(store, graph, [name.strip("`()") for name in names])
    first = [hit for hit in hits if hit.span][:LOOKED_AT]
    found = [hit for hit in first if hit.kind in CODE_KINDS and not hit.name.endswith(MANUALS)]
    stems = set(words.stems(asked.text))
    shares = [
        len(stems & set(words.stems(f"{hit.name} {hit.heading} {hit.quote}"))) / (len(stems) or 1) for hit in found
    ]
    if not named and (2 * len(found) < len(first) or max(shares, default=0.0) < ABOUT):
        return None
    shown = list({hit.key: hit for hit in (*named, *found)}.values())[:PLACES]
    citations = tuple(
        Citation(number, hit.quote, hit, quote_holds(store, hit)) for number, hit in enumerate(shown, start=1)
    )
    lines = [f"{one.evidence.heading or one.evidence.name}: {one.place} [{one.number}]" for one in citations]
    text = "\n".join(["Nothing states the answer; the code that it is about is here:", *lines])
    why = ("nothing states it; the code is here",)
    return Answer(asked.text, text, "quoted", citations, fit="unsure", reasons=why)


def _known(graph: ServedGraph, name: str) -> list[CodeAnswer]:
    try:
        return graph.verb("definition", name)
    except NotFoundError:
        return []


def _described(store: Store, question: str, symbol: Symbol) -> Answer | None:
    """The first sentence of its docstring, or ``None`` when it has none."""
    document = _document(store, symbol.document)
    if document is None or not symbol.doc:
        return None
    breaks = [0, *catalog.line_breaks(document.text)]
    sentence = re.compile(r"\s+".join(map(re.escape, symbol.doc.split())))
    found = sentence.search(document.text, breaks[symbol.line - 1])
    if found is None:
        return None
    citation = _citation(store, 1, document, found.start(), found.end(), symbol, f"docstring of {symbol.id}")
    text = f"{symbol.name} is a {symbol.label.lower()} at {symbol.file}:{symbol.line}: {symbol.doc} [1]"
    return Answer(question, text, "quoted", (citation,))


def _defined(store: Store, question: str, found: Sequence[CodeAnswer]) -> Answer:
    shown = found[:SHOWN]
    citations = [_rows_citation(1, found[0], [row for one in shown for row in one.rows])]
    lines = []
    for one in shown:
        citation = _line(
            store,
            len(citations) + 1,
            one.symbol.document,
            one.symbol.line,
            one.symbol,
            f"definition of {one.symbol.id}",
        )
        if citation:
            citations.append(citation)
            lines.append(
                f"{one.symbol.label.lower()} {one.symbol.id} is defined at {citation.place} [{citation.number}]"
            )
    if len(found) > len(shown):
        lines.append(f"… and {len(found) - len(shown)} more of that name")
    return Answer(
        question, "\n".join(lines), "rows", tuple(citations), metadata={"query": found[0].query, "columns": COLUMNS}
    )


def _listed(store: Store, question: str, verb: str, best: CodeAnswer, others: Sequence[Symbol]) -> Answer:
    inside = [row for row in best.rows if row.symbol.document]
    outside = [row for row in best.rows if not row.symbol.document]
    citations = [_rows_citation(1, best, best.rows)]
    named = []
    for row in inside[:SHOWN]:
        citation = _line(
            store,
            len(citations) + 1,
            row.document,
            row.line,
            row.symbol,
            f"{row.edge} {row.symbol.id}, {row.resolution}",
        )
        if citation:
            citations.append(citation)
            named.append(
                f"{_short(row.symbol)}{'' if row.resolution == 'exact' else f' ({row.resolution})'} [{citation.number}]"
            )
    says, nothing = _SAYS[verb]
    subject = f"{best.symbol.id} ({best.symbol.file}:{best.symbol.line})" if best.symbol.document else best.symbol.id
    lines = [
        f"{subject} {says.format(_counted(len(inside)))} [1]: {', '.join(named)}"
        if inside
        else f"{subject} {nothing} [1]"
    ]
    if len(inside) > SHOWN:
        lines.append(f"… and {len(inside) - SHOWN} more; all are in the rows of [1]")
    if outside:
        names = ", ".join(dict.fromkeys(_outside(row.symbol) for row in outside))
        lines.append(f"Outside this library or not resolved: {names} [1]")
    if best.unattributed:
        lines.append(
            f"{best.unattributed} further calls of a method named {best.symbol.name} are on objects of unknown type "
            "and may belong here"
        )
    if others:
        lines.append(
            f"Other symbols of that name: {', '.join(symbol.id for symbol in others[:5])}"
            + (" …" if len(others) > 5 else "")
        )
    return Answer(
        question, "\n".join(lines), "rows", tuple(citations), metadata={"query": best.query, "columns": COLUMNS}
    )


def _short(symbol: Symbol) -> str:
    """Its own name, a method's and a nested class's with the name of its owner."""
    parts = symbol.id.split(".")
    return (
        ".".join(parts[-2:])
        if symbol.label in ("METHOD", "FIELD") or (parts[-2:-1] and parts[-2][:1].isupper())
        else parts[-1]
    )


def _outside(symbol: Symbol) -> str:
    """``external:*.reverse`` is a method of which only the name is known."""
    name = symbol.id.removeprefix("external:")
    return f"{name[2:]} of an object of unknown type" if name.startswith("*.") else name


def _counted(number: int) -> str:
    return "one" if number == 1 else str(number)


def _rows_citation(number: int, found: CodeAnswer, rows: Iterable[Row]) -> Citation:
    table = tuple((row.symbol.id, row.edge, row.resolution, row.symbol.file, row.line) for row in rows)
    quote = "\n".join(" | ".join(map(str, row)) for row in table)
    evidence = Evidence(
        quote,
        1.0,
        "graph",
        f"{len(table)} row{'s' * (len(table) != 1)}",
        name="code graph",
        kind="rows",
        query=found.query,
        rows=table,
    )
    return Citation(number, quote, evidence, verified=True)


def _line(store: Store, number: int, document_id: int, line: int, symbol: Symbol, why: str) -> Citation | None:
    """The line of code, without its indentation, verbatim."""
    document = _document(store, document_id)
    if document is None:
        return None
    breaks = [0, *catalog.line_breaks(document.text), len(document.text)]
    text = document.text[breaks[line - 1] : breaks[line]]
    start = breaks[line - 1] + len(text) - len(text.lstrip())
    return _citation(store, number, document, start, start + len(text.strip()), symbol, why)


def _citation(
    store: Store, number: int, document: Document, start: int, end: int, symbol: Symbol, why: str
) -> Citation:
    span = catalog.span_at(document, start, end, catalog.line_breaks(document.text))
    evidence = Evidence(document.text[start:end], 1.0, "graph", why, span, document.name, symbol.id, "code")
    return Citation(number, evidence.quote, evidence, quote_holds(store, evidence))


def _document(store: Store, document_id: int) -> Document | None:
    row = store.connection.execute("SELECT uri FROM documents WHERE id = ?", (document_id,)).fetchone()
    return catalog.load_document(store, row[0]) if row else None
