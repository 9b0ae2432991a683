"""What is found by a name that is no symbol: the files that are called so and the code that names them, the commands
that are registered so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from sqlite3 import Connection

from ....corpus.texts import documents_holding, named_text, names
from ....errors import NotFoundError
from ..index import CodeGraph
from ..resolution.values import OUTSIDE
from ..symbols import Symbol, is_file_of_tests, is_of_tests
from .code_texts import CodeText, code_documents, code_texts
from .reach import reach
from .verbs import CodeAnswer, CodeRow

_MOST = 50


def files(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The files of any kind whose name, with or without its suffix, is the one asked for. Raises ``NotFoundError``."""
    asked = name.strip().lower()
    found = [(document, path) for document, path in names(graph.store.connection).items() if _is_called(path, asked)]
    if not found:
        raise NotFoundError("no file is called so", where=name)
    found.sort(key=lambda one: (is_file_of_tests(one[1]), one[1]))
    rows = [_file_row(graph.store.connection, document, path) for document, path in found[:_MOST]]
    return [CodeAnswer("files", _subject(name), tuple(rows), "")]


def file_users(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The code in which a file's name, with or without its suffix, stands as a text: who runs, loads or renders it.
    Raises ``NotFoundError`` where no file is called so, and where no code names it."""
    connection, asked = graph.store.connection, name.strip().lower()
    called = [path.rpartition("/")[2] for path in names(connection).values() if _is_called(path, asked)]
    if not called:
        raise NotFoundError("no file is called so", where=name)
    ways = "|".join(re.escape(each) for file in dict.fromkeys(called) for each in (file, file.partition(".")[0]))
    quoted = re.compile(rf"[\"'`](?:[^\"'`\s]*/)?(?:{ways})[\"'`]")
    stems = {file.partition(".")[0] for file in called}
    documents = sorted(
        {each for stem in stems for each in documents_holding(connection, code_documents(connection), stem)}
    )
    rows = [row for source in code_texts(connection, documents) for row in _rows_naming(source, quoted)]
    if not rows:
        raise NotFoundError("no code names that file", where=name)
    rows.sort(key=lambda row: (is_of_tests(row.symbol), row.symbol.file, row.line))
    notes = ("By its name as a text; a name that is put together is not seen.",)
    return [CodeAnswer("places", _subject(name), tuple(rows), "", notes=notes)]


def _rows_naming(source: CodeText, quoted: re.Pattern[str]) -> Iterator[CodeRow]:
    for number, line in enumerate(source.text.split("\n"), 1):
        if quoted.search(line) and not re.match(r"\s*(?://|#|\*|/\*|--)", line):
            owner = source.owner(number)
            yield CodeRow(owner, "USES", "inferred", line=number, lines=(number,), document=source.document)


def _is_called(path: str, asked: str) -> bool:
    """``send`` for ``send.lua``, and for ``send-3.lua`` too, where a number or a kind stands between."""
    last = path.lower().rpartition("/")[2]
    stem = last.partition(".")[0] or last
    return (
        asked in (last, last.rpartition(".")[0], stem) or re.fullmatch(rf"{re.escape(asked)}[-.]\d+", stem) is not None
    )


def _file_row(connection: Connection, document: int, path: str) -> CodeRow:
    item = Symbol(path, "FILE", path.rpartition("/")[2], path, document, line=1, end_line=1, signature="", doc="")
    found = named_text(connection, document)
    note = head_comment(found.text) if found else ""
    return CodeRow(item, "", "exact", line=1, lines=(1,), document=document, note=note)


_COMMENT = re.compile(
    r"\s*(?:#![^\n]*\n\s*)?(?:<!--(.+?)-->|/\*+(.+?)\*/|--\[\[(.+?)\]\]|((?:[ \t]*(?://|#|--|;|%)[^\n]*\n?)+))",
    re.DOTALL,
)
_MARKS = re.compile(r"^[ \t]*(?://+!?|#+|--+|;+|%+|\*+)[ \t]?", re.MULTILINE)
_OF_TOOLS = re.compile(r"(?i)copyright|\(c\)|spdx|licen[cs]e|frozen_string_literal|-\*-|coding[:=]|eslint|jshint|@ts-")
"""What tools and lawyers want of a file, not what it is for."""
_LONGEST = 300
"""Characters of a comment that are shown."""


def head_comment(text: str) -> str:
    """The comment that a file of any language begins with, on one line, cut where it is long; empty without one."""
    found = _COMMENT.match(text)
    if found is None:
        return ""
    said = " ".join(_MARKS.sub("", next(filter(None, found.groups()), "")).split())
    if _OF_TOOLS.match(said):
        return ""
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"


def _subject(name: str) -> Symbol:
    return Symbol(name, "", name, file="", document=0, line=0, end_line=0, signature="", doc="")


def commands(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """Where a command of a command line is registered: by its name as a text beside words like command, and by a
    decorator ``….command`` of a function that is called so. Raises ``NotFoundError``."""
    connection, asked = graph.store.connection, name.strip().strip("`'\"")
    holding = documents_holding(connection, code_documents(connection), asked)
    rows = [row for text in code_texts(connection, holding) for row in _registrations(graph, text, asked)]
    if not rows:
        raise NotFoundError("no code registers a command of that name", where=name)
    rows.sort(key=lambda row: (is_of_tests(row.symbol), row.resolution, row.symbol.file, row.line))
    return [CodeAnswer("places", _subject(name), tuple(rows), "")]


_COMMAND = r"(?i:comm?(?:an)?ds?|cmds?|subcommand|subparser|add_parser|verb|usage|\buse\b|\bcli\b|task)"


def _registrations(graph: CodeGraph, source: CodeText, name: str) -> Iterator[CodeRow]:
    # Cobra and commander write what follows a command into the same text: "reload [flags]", "reload <file>".
    quoted = re.compile(rf"[\"'`]{re.escape(name)}(?:\s+[<\[][^\"'`]*|:[^\"'`]*)?[\"'`]")
    lines = source.text.split("\n")
    for number, line in enumerate(lines, 1):
        if not quoted.search(line) or re.match(r"\s*(?://|#|\*|/\*)", line):
            continue
        before = next(
            (each for each in reversed(lines[max(number - 4, 0) : number - 1]) if re.search(r"[({]\s*$", each)), ""
        )
        if re.search(_COMMAND, line) or (re.search(_COMMAND, before) and re.search(r"(?i)\bname\b|^\s*[\"'`]", line)):
            yield CodeRow(source.owner(number), "", "exact", line=number, lines=(number,), document=source.document)
    for item in source.symbols:
        if item.name in (name, name.replace("-", "_")) and item.label == "FUNCTION":
            above = reach(graph.store.connection, [item.id], ("<DECORATES",), 1, enters=lambda row: False)
            if any(row.symbol.id.removeprefix(OUTSIDE).endswith(".command") for row in above):
                note = "a decorator registers it"
                yield CodeRow(item, "", "exact", line=item.line, lines=(item.line,), document=item.document, note=note)
