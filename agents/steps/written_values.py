"""The value of a field, a constant or a case of an enum, from the line that defines it or from the comment above, where
no text states it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...corpus import catalog
from ...corpus.document import Evidence
from ...corpus.places import line_breaks, span_at
from ...corpus.quotes import quote_holds
from ...corpus.store import Store
from ...corpus.texts import documents_holding
from ...errors import NotFoundError
from ...graphs.code.facts import FIELD, GLOBAL
from ...graphs.code.questions.code_texts import code_documents, code_texts
from ...graphs.code.symbols import Symbol, is_of_tests
from ...questions.question import Question
from ..answer import Answer, Citation
from ..tools.asked import AskedGraph
from ..tools.forms import is_code_like

_ASKS = re.compile(
    r"\bdefaults?\b|\bvalues?\b|\b(?:what|which) (?:number|code)\b|\bequals?\b|\bset to\b", re.IGNORECASE
)
_VALUE = r"""(-?\d[\w.]*(?:\s*[*+-]\s*\d[\w.]*)*|"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|true|false|True|False|null|nil|None)"""
_ENDING = r"\s*(?:[,;)}\]]|$|//|#|/\*|<<)"
_BY_DEFAULT = re.compile(rf"@default(?:Value)?[:\s]+{_VALUE}|\bdefaults?\s*(?:to|is|:|=)\s*{_VALUE}", re.IGNORECASE)
_COMMENT = re.compile(r"\s*(?:/\*|\*|//|#|--)")
_MEANT = 8
_ABOVE = 30
"""Lines of a comment at most."""


@dataclass(frozen=True, slots=True)
class _Written:
    symbol: Symbol
    value: str
    start: int
    end: int


def answer(store: Store, graph: AskedGraph, asked: Question) -> Answer | None:
    """``None`` where the question asks for no value, or names nothing whose definition has one written out."""
    names = [name.strip("`()") for name in (*asked.identifiers, *filter(is_code_like, asked.names))]
    if not names or not _ASKS.search(asked.text):
        return None
    for name in names:
        found = [one for item in _variables(graph, name) if (one := _read_value(store, item)) is not None]
        if found:
            return _say(store, asked, found)
    entries = [one for name in names if is_code_like(name) for one in _entries(store, name)]
    if not entries:
        return None
    said = _say(store, asked, [one for one, _ in entries])
    if all(of_defaults for _, of_defaults in entries):
        return said
    return replace(
        said, fit="unsure", reasons=("an entry of that name has the value; whether it is meant, is not known",)
    )


def _entries(store: Store, name: str) -> Iterator[tuple[_Written, bool]]:
    """The entries of that name in literals of code that is no test, each on a line of its own (``max_wait: 3,``), and
    whether the literal is called after defaults."""
    entry = re.compile(
        rf"^[ \t]*:?[\"'`]?{re.escape(name)}[\"'`]?\s*(?::|=>)\s*{_VALUE}[ \t]*(?:,|//|#|$)", re.MULTILINE
    )
    documents = documents_holding(store.connection, code_documents(store.connection), name)
    for source in code_texts(store.connection, documents):
        if is_of_tests(source.symbols[0]):
            continue
        for found in entry.finditer(source.text):
            line = source.text.count("\n", 0, found.start()) + 1
            end = source.text.find("\n", found.start())
            owner = replace(source.owner(line), document=source.document)
            written = _Written(owner, found[1], found.start(), len(source.text) if end < 0 else end)
            yield written, re.search("default", _line_around(source.text, found.start()), re.IGNORECASE) is not None


def _line_around(text: str, at: int) -> str:
    """The nearest line above that stands further out than the one at ``at``."""
    lines = text[: text.find("\n", at) if "\n" in text[at:] else len(text)].split("\n")
    depth = len(lines[-1]) - len(lines[-1].lstrip())
    return next((each for each in reversed(lines[:-1]) if each.strip() and len(each) - len(each.lstrip()) < depth), "")


def _variables(graph: AskedGraph, name: str) -> Iterator[Symbol]:
    try:
        found = graph.verb("definition", name)
    except NotFoundError:
        return
    items = [one.symbol for one in found if one.symbol.label in (FIELD, GLOBAL) and not is_of_tests(one.symbol)]
    yield from items[:_MEANT]


def _read_value(store: Store, item: Symbol) -> _Written | None:
    row = catalog.document_row(store, item.document)
    document = catalog.load_document(store, row.uri) if row else None
    if document is None:
        return None
    breaks = [0, *line_breaks(document.text), len(document.text)]
    start, end = breaks[item.line - 1], breaks[min(item.line, len(breaks) - 1)]
    line = document.text[start:end]
    plain = re.compile(rf"(?<!\w){re.escape(item.name)}\b[^=\n]*?(?::=|=|:)\s*{_VALUE}{_ENDING}")
    if found := plain.search(line.rstrip()):
        return _Written(item, found[1], start, end)
    first = item.line - 1
    while first > max(item.line - _ABOVE, 0) and _COMMENT.match(document.text[breaks[first - 1] : breaks[first]]):
        first -= 1
    if found := _BY_DEFAULT.search(document.text[breaks[first] : start]):
        return _Written(item, found[1] or found[2], breaks[first], end)
    return None


def _say(store: Store, asked: Question, found: list[_Written]) -> Answer:
    citations: list[Citation] = []
    lines: list[str] = []
    for number, one in enumerate(found, start=1):
        citation = _citation(store, number, one)
        citations.append(citation)
        lines.append(f"{one.symbol.id}: {one.value} ({citation.place}) [{number}]")
    values = list(dict.fromkeys(one.value for one in found))
    why = ("the value that its definition has written out",)
    several = (*why, "several definitions have that name") if len(values) > 1 else why
    short = values[0] if len(values) == 1 else ""
    return Answer(
        asked.text,
        "\n".join(lines),
        "quoted",
        tuple(citations),
        short=short,
        fit="likely" if short else "unsure",
        reasons=several,
    )


def _citation(store: Store, number: int, one: _Written) -> Citation:
    row = catalog.document_row(store, one.symbol.document)
    document = catalog.load_document(store, row.uri) if row else None
    assert document is not None  # its value was read from it
    text = document.text[one.start : one.end]
    start = one.start + len(text) - len(text.lstrip())
    end = start + len(text.strip())
    span = span_at(document, start, end, line_breaks(document.text))
    evidence = Evidence(
        document.text[start:end],
        score=1.0,
        retriever="graph",
        why=f"definition of {one.symbol.id}",
        span=span,
        name=document.name,
        heading=one.symbol.id,
        kind="code",
    )
    return Citation(number, evidence.quote, evidence, quote_holds(store, evidence))
