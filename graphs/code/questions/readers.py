"""Where a variable of the environment, an option or another setting is read: by its name, as it stands in the code.

Three kinds of places are told apart, the surest first: where the name is looked up (``process.env.NAME``,
``getenv("NAME")``, ``config["NAME"]``), where it only stands as a text, and where a constant of that name is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from ....corpus.texts import documents_holding, texts_with
from ....errors import NotFoundError
from ..facts import FIELD, GLOBAL
from ..index import CodeGraph
from ..symbols import COLUMNS, Symbol, find, is_of_tests, symbol
from .code_texts import CodeText, code_documents, code_texts
from .verbs import CodeAnswer, CodeRow, cypher_string, references

_LOOKING_UP = r"\w*(?:env|var|opt|conf|sett|flag|param|get|fetch|look|read|has|require|define)\w*!?"
_READ, _NAMED = "is looked up", "stands as a text"
_CONSTANTS = 5
"""Constants that hold the name and are followed."""
_OTHERS = 3
"""Files that are no code and are named."""


def readers(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """One answer: the places that read it, code before tests. Raises ``NotFoundError`` where no code has the name."""
    connection, asked = graph.store.connection, name.strip().strip("`'\"$")
    known = code_documents(connection)
    rows = [
        row for text in code_texts(connection, documents_holding(connection, known, asked)) for row in _in(text, asked)
    ]
    holders = dict.fromkeys(item.id for row in rows if row.note == _NAMED for item in _constants_at(graph, row))
    for name_of in [asked, *holders][: 1 + _CONSTANTS]:
        rows += _of_constants(graph, name_of, {(row.document, row.line) for row in rows})
    if not rows:
        raise NotFoundError("no code reads a setting of that name", where=asked)
    rows.sort(key=lambda row: (is_of_tests(row.symbol), *_order(row), row.symbol.file, row.line))
    read = {row.document for row in rows} | set(known)
    others = [text.name for text in texts_with(connection, asked) if text.document not in read]
    more = f" and {len(others) - _OTHERS} more" if len(others) > _OTHERS else ""
    notes = (f"Also named in {', '.join(others[:_OTHERS])}{more}.",) if others else ()
    whole = Symbol(asked, "", asked, file="", document=0, line=0, end_line=0, signature="", doc="")
    return [CodeAnswer("places", whole, tuple(rows), _query(asked), notes=notes)]


def _query(name: str) -> str:
    return f"MATCH (f) WHERE f.code CONTAINS {cypher_string(name)} RETURN f.id AS id, f.file_path AS file"


def _order(row: CodeRow) -> tuple[bool, bool]:
    return row.note != _READ, row.note == _NAMED


def _in(source: CodeText, name: str) -> Iterator[CodeRow]:
    """One row for each definition and kind of place in a file."""
    found: dict[tuple[str, str], list[int]] = {}
    owners: dict[str, Symbol] = {}
    shell = source.language.name == "Bash"
    for number, line in enumerate(source.text.split("\n"), 1):
        if name in line and (how := _how(line, name, shell)):
            owner = source.owner(number)
            owners[owner.id] = owner
            found.setdefault((owner.id, how), []).append(number)
    for (owner_id, how), lines in found.items():
        sure = "exact" if how == _READ else "inferred"
        where, document = tuple(lines), source.document
        yield CodeRow(owners[owner_id], "READS", sure, line=where[0], lines=where, document=document, note=how)


def _how(line: str, name: str, shell: bool) -> str:
    """What a line does with the name; empty where it is only spoken of."""
    if re.match(r"\s*(?://|#(?!\[)|\*|/\*|--(?!-?\w)|<!--)", line):
        return ""
    plain = re.escape(name)
    inner = rf"(?:[^\"'`]*[\s,|])?{plain}(?:[\s,|=][^\"'`]*)?" if name.startswith("-") else plain
    quoted = rf"[\"'`]{inner}[\"'`]"
    member = rf"(?i:\benv(?:iron)?\s*\??\.\s*){plain}\b" + (rf"|\$\{{?{plain}\b" if shell else "")
    called = rf"\b(?i:{_LOOKING_UP})\s*\(\s*(?:[&\w.]+\s*,\s*)?{quoted}"
    item = rf"[\w)\]]\s*\[\s*:?{quoted}\s*\](?!\s*=(?!=))"
    if re.search(rf"{member}|{called}|{item}|{quoted}\s*(?:not\s+)?in\b", line):
        return _READ
    return _NAMED if re.search(quoted, line) else ""


def _constants_at(graph: CodeGraph, row: CodeRow) -> list[Symbol]:
    """The constants and fields that are bound in a line where the name stands as a text."""
    query = f"SELECT {COLUMNS} WHERE d.document_id = ? AND d.line IN (SELECT value FROM json_each(?))"  # noqa: S608
    found = graph.store.connection.execute(query, (row.document, json.dumps(row.lines)))
    return [item for item in map(symbol, found) if item.label in (GLOBAL, FIELD)]


def _of_constants(graph: CodeGraph, name: str, known: set[tuple[int, int]]) -> list[CodeRow]:
    """The uses of constants and fields that are called so."""
    if not name.replace(".", "").isidentifier():
        return []
    try:
        items = [item for item in find(graph.store.connection, name) if item.label in (GLOBAL, FIELD)]
    except NotFoundError:
        return []
    ids = {item.id for item in items}
    found = [one for one in references(graph, name) if one.symbol.id in ids] if items else []
    uses = [row for one in found for row in one.rows if row.edge != "IMPORTS" and (row.document, row.line) not in known]
    return [replace(row, note=row.note or f"uses {name.rpartition('.')[2]}") for row in uses]
