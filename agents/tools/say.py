"""Answers made of the rows of a verb: a sentence that counts them, the query that gives them, and the lines of code.

Exact rows come first; what is inferred or could not be attributed is said, never passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from ...corpus import catalog
from ...corpus.document import Document, Evidence
from ...corpus.places import line_breaks, span_at
from ...corpus.quotes import quote_holds
from ...corpus.store import Store
from ...graphs.code import CodeAnswer, CodeRow, Symbol
from ...graphs.code.languages import language_of
from ...graphs.code.symbols import is_of_tests
from ..answer import Answer, Citation
from .lines import certainty, count_rows

if TYPE_CHECKING:
    from .base import Verb

LINES = 6
"""Lines of one row that are named."""
SHOWN = 12
"""Rows named in the text; all of them are in the first citation."""

_COMMENT = 120
"""Lines of a comment at most."""
_CODE_NAME = re.compile(r"_|[a-z][A-Z]")
COLUMNS = ("symbol", "edge", "resolution", "file", "line")


def say_docstring(store: Store, question: str, symbol: Symbol) -> Answer | None:
    """Answers with the first sentence of its docstring, or ``None`` when it has none."""
    document = _document(store, symbol.document)
    if document is None or not symbol.doc:
        return None
    breaks = [0, *line_breaks(document.text), len(document.text)]
    sentence = re.compile(r"[\s*/#!-]+".join(map(re.escape, symbol.doc.split())))
    start = breaks[symbol.line - 1]
    # A comment stands above, a docstring below; below, what is defined may have words of the comment, too.
    above = list(sentence.finditer(document.text, breaks[max(symbol.line - 1 - _COMMENT, 0)], start))
    quoted = above[-1] if above else sentence.search(document.text, start)
    if quoted is None:
        return None
    citation = _citation(
        store, 1, document, start=quoted.start(), end=quoted.end(), symbol=symbol, why=f"docstring of {symbol.id}"
    )
    text = f"{symbol.name} is a {symbol.label.lower()} at {symbol.file}:{symbol.line}: {symbol.doc} [1]"
    return Answer(question, text, "quoted", (citation,))


def say_definitions(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer:
    """Answers with the places of all symbols of that name."""
    shown = found[:SHOWN]
    citations = [_rows_citation(1, found[0], [row for one in shown for row in one.rows])]
    lines = []
    for one in shown:
        citation = definition_head(store, len(citations) + 1, one.symbol)
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


def say_list(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer:
    """Answers with the rows of the likeliest symbol, and the names of the others; of symbols of one name in several
    languages, with those of the likeliest in each."""
    groups = _by_language(found)
    if len(groups) > 1:
        several = [(name, _say_one(store, question, verb, group)) for name, group in groups.items()]
        told = [replace(one, text=f"{name}: {one.text}") for name, one in several]
        return reduce(_join, told)
    return _say_one(store, question, verb, found)


def _by_language(found: Sequence[CodeAnswer]) -> dict[str, list[CodeAnswer]]:
    """The answers by language, the likeliest first; tests count with the others of the first one's language."""
    first = found[0].symbol
    groups: dict[str, list[CodeAnswer]] = {}
    for one in found:
        told = one.symbol.document and (is_of_tests(first) or not is_of_tests(one.symbol))
        name = language_of((one.symbol if told else first).file).name if first.document else ""
        groups.setdefault(name, []).append(one)
    return groups


def _say_one(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer:
    best, others = found[0], [other.symbol for other in found[1:]]
    inside = [row for row in best.rows if row.symbol.document]
    outside = [row for row in best.rows if not row.symbol.document]
    citations = [_rows_citation(1, best, best.rows)]
    named = []
    names = _names_apart([row.symbol for row in inside])
    for row in inside[:SHOWN]:
        citation = _line(
            store,
            len(citations) + 1,
            document_id=row.document,
            line=row.line,
            symbol=row.symbol,
            why=f"{row.edge} {row.symbol.id}, {row.resolution}",
        )
        if citation:
            citations.append(citation)
            named.append(f"{names[row.symbol.id]}{_in_brackets(row)} [{citation.number}]")
    subject = _subject(best.symbol)
    count = "one" if len(inside) == 1 else str(len(inside))
    lines = [
        f"{subject} {verb.says.format(count)} [1]: {', '.join(named)}"
        if inside
        else f"{subject} {verb.nothing} [1]"
        if not best.doubts
        else f"It cannot be told whether {subject} {verb.nothing} [1], because"
    ]
    if len(inside) > SHOWN:
        lines.append(f"… and {len(inside) - SHOWN} more; all are in the rows of [1]")
    if outside:
        others_named = ", ".join(dict.fromkeys(_outside(row.symbol) for row in outside))
        lines.append(f"Outside this library or not resolved: {others_named} [1]")
    if inside and best.doubts:
        lines.append("There may be more:")
    lines += best.doubts
    if others:
        lines.append(
            f"Other symbols of that name: {', '.join(symbol.id for symbol in others[:5])}"
            + (" …" if len(others) > 5 else "")
        )
    return Answer(
        question, "\n".join(lines), "rows", tuple(citations), metadata={"query": best.query, "columns": COLUMNS}
    )


def say_rows(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer:
    """Answers with all that a verb found, one row a line, each with its line of code."""
    rows = [row for one in found for row in one.rows]
    citations = [_rows_citation(1, found[0], rows)]
    lines: list[str] = []
    for one, before in zip(found, [None, *found], strict=False):
        none = f"it cannot be told whether there are {one.verb} [1]" if one.doubts else f"no {one.verb} [1]"
        count = f"{count_rows(one)} [1]" if one.rows else none
        same = before is not None and before.symbol.id == one.symbol.id
        lines += [count if same else f"{_subject(one.symbol)}: {count}", *one.notes]
        for row in one.rows[:SHOWN]:
            why = f"{row.edge or one.verb} {row.symbol.id}, {row.resolution}"
            citation = _line(
                store, len(citations) + 1, document_id=row.document, line=row.line, symbol=row.symbol, why=why
            )
            if citation:
                citations.append(citation)
            place = f" at {citation.place} [{citation.number}]" if citation else ""
            lines.append(f"- {row.symbol.id}{place}{_in_brackets(row)}")
        if len(one.rows) > SHOWN:
            lines.append(f"… and {len(one.rows) - SHOWN} more; all are in the rows of [1]")
        if one.doubts:
            lines += ["There may be more:" if one.rows else "The reasons:", *one.doubts]
    return Answer(
        question, "\n".join(lines), "rows", tuple(citations), metadata={"query": found[0].query, "columns": COLUMNS}
    )


def say_raises(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer:
    """Answers with who raises it, and then who catches it."""
    raised = say_list(store, question, verb, [one for one in found if one.verb == verb.name])
    caught = [one for one in found if one.verb != verb.name and one.symbol == found[0].symbol and one.rows]
    return _join(raised, say_rows(store, question, verb, caught)) if caught else raised


def _join(first: Answer, second: Answer) -> Answer:
    shift = len(first.citations)
    text = re.sub(r"\[(\d+)\]", lambda mark: f"[{int(mark[1]) + shift}]", second.text)
    later = tuple(replace(one, number=one.number + shift) for one in second.citations)
    return replace(first, text=f"{first.text}\n{text}", citations=(*first.citations, *later))


def say_explanation(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer | None:
    """Answers with the first sentence of its docstring, then the sections. ``None`` where it has none and may be a
    plain word."""
    symbol = found[0].symbol
    documented = say_docstring(store, question, symbol)
    if documented is None and not _CODE_NAME.search(symbol.name):
        return None
    sections = say_rows(store, question, verb, [one for one in found[1:] if one.rows]) if found[1:] else None
    if documented is None:
        first = say_definitions(store, question, verb, found[:1])
        return replace(sections, text=f"{first.text.partition(' [')[0]}\n{sections.text}") if sections else first
    if sections is None:
        return documented
    return _join(documented, sections)


_ASKS_DEFAULT = re.compile(r"\bdefaults?\b", re.IGNORECASE)
_STATES = re.compile(r"default|\b\d|\b(?:true|false|nil|null|none)\b", re.IGNORECASE)
_TEXT = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_SHORT_NAME = re.compile(r"\W[A-Za-z]\W")


def say_flags(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer:
    """Answers with the declarations; unsure where a default is asked for and none of them states one."""
    said = say_rows(store, question, verb, found)
    if not _ASKS_DEFAULT.search(question) or any(_states_default(row.note) for row in found[0].rows):
        return said
    missing = "no declaration states its default"
    return replace(said, text=f"{said.text}\nIts default is not stated there.", fit="unsure", reasons=(missing,))


def _states_default(statement: str) -> bool:
    """Whether a declaration has a value beside its names and its help, or says the word."""
    texts = [text for text in _TEXT.findall(statement) if not _SHORT_NAME.fullmatch(text)]
    values = [text for text in texts if " " not in text and not text.startswith(('"-', "'-"))]
    return len(values) > 1 or _STATES.search(_TEXT.sub("", statement)) is not None or "default" in statement.lower()


def say_file_heads(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer | None:
    """Answers with the comments that the files begin with; where none has one, with how the first begins, unsure."""
    told = tuple(row for row in found[0].rows if row.note)
    if told:
        return say_rows(store, question, verb, [replace(found[0], rows=told)])
    item = found[0].rows[0].symbol
    document = _document(store, item.document)
    if document is None or not document.text.strip():
        return None
    end = [0, *line_breaks(document.text), len(document.text)][: HEAD + 1][-1]
    citation = _citation(store, 1, document, start=0, end=end, symbol=item, why=f"the beginning of {item.file}")
    text = f"No comment at the head of {item.file} says what it is for. It begins so:\n{citation.quote.rstrip()} [1]"
    return Answer(question, text, "quoted", (citation,), fit="unsure", reasons=("only the code is here",))


def say_returns(store: Store, question: str, verb: Verb, found: Sequence[CodeAnswer]) -> Answer | None:
    """Answers with the first sentence of its docstring, then its return statements. ``None`` for what is no function
    here."""
    if not found[0].rows:
        return None
    rows = say_rows(store, question, verb, found[:1])
    documented = say_docstring(store, question, found[0].symbol)
    return _join(replace(documented, status="rows"), rows) if documented else rows


def _subject(symbol: Symbol) -> str:
    if not symbol.document:
        return symbol.id or symbol.name
    return f"{symbol.id} ({symbol.file}:{symbol.line})"


def _in_brackets(row: CodeRow) -> str:
    """The remarks on a row: how sure it is, where else it stands, what else there is to say."""
    lines = f"lines {', '.join(map(str, row.lines[:LINES]))}{', …' if len(row.lines) > LINES else ''}"
    said = (certainty(row), lines if len(row.lines) > 1 else "", row.note)
    return f" ({', '.join(filter(None, said))})" if any(said) else ""


def _short(symbol: Symbol) -> str:
    """Its own name, a method's and a nested class's with the name of its owner."""
    parts = symbol.id.split(".")
    return (
        ".".join(parts[-2:])
        if symbol.label in ("METHOD", "FIELD") or (parts[-2:-1] and parts[-2][:1].isupper())
        else parts[-1]
    )


def _names_apart(symbols: Sequence[Symbol]) -> dict[str, str]:
    """Short names by id, those that several have with as much of their ids in front as tells them apart."""
    names = {symbol.id: _short(symbol) for symbol in symbols}
    for _ in range(_LONGER):
        shared = {name for name, count in Counter(names.values()).items() if count > 1}
        for full, name in names.items():
            if name in shared:
                names[full] = ".".join(full.split(".")[-name.count(".") - 2 :])
    return names


_LONGER = 4
"""Parts of an id that are put in front at most."""


def _outside(symbol: Symbol) -> str:
    """``external:*.reverse`` is a method of which only the name is known."""
    name = symbol.id.removeprefix("external:")
    return f"{name[2:]} of an object of unknown type" if name.startswith("*.") else name


def _rows_citation(number: int, found: CodeAnswer, rows: Iterable[CodeRow]) -> Citation:
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
    breaks = [0, *line_breaks(document.text), len(document.text)]
    text = document.text[breaks[line - 1] : breaks[line]]
    start = breaks[line - 1] + len(text) - len(text.lstrip())
    return _citation(store, number, document, start=start, end=start + len(text.strip()), symbol=symbol, why=why)


HEAD = 30
"""Lines of a definition's head at most."""


def definition_head(store: Store, number: int, symbol: Symbol) -> Citation | None:
    """The definition from its decorators to the end of its parameters, verbatim."""
    document = _document(store, symbol.document)
    if document is None:
        return None
    breaks = [0, *line_breaks(document.text), len(document.text)]
    begin = end = breaks[symbol.line - 1]
    for line in range(symbol.line, min(symbol.line + HEAD, symbol.end_line + 1, len(breaks))):
        end = breaks[line]
        said = document.text[begin:end].rstrip()
        open_brackets = sum(said.count(one) for one in "([") - sum(said.count(one) for one in ")]")
        if open_brackets <= 0 and not document.text[breaks[line - 1] : end].lstrip().startswith("@"):
            break
    start = end - len(document.text[begin:end].lstrip())
    stop = start + len(document.text[start:end].rstrip())
    return _citation(store, number, document, start=start, end=stop, symbol=symbol, why=f"definition of {symbol.id}")


def _citation(
    store: Store, number: int, document: Document, start: int, end: int, symbol: Symbol, why: str
) -> Citation:
    span = span_at(document, start, end, line_breaks(document.text))
    evidence = Evidence(
        document.text[start:end],
        score=1.0,
        retriever="graph",
        why=why,
        span=span,
        name=document.name,
        heading=symbol.id,
        kind="code",
    )
    return Citation(number, evidence.quote, evidence, quote_holds(store, evidence))


def _document(store: Store, document_id: int) -> Document | None:
    row = catalog.document_row(store, document_id)
    return catalog.load_document(store, row.uri) if row else None
