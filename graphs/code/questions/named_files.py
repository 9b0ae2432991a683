"""What is found by a name that is no symbol: the files that are called so, the commands that are registered so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....corpus.texts import documents_holding, names
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
    rows = [_file_row(document, path) for document, path in found[:_MOST]]
    return [CodeAnswer("files", _subject(name), tuple(rows), "")]


def _is_called(path: str, asked: str) -> bool:
    """``send`` for ``send.lua``, and for ``send-3.lua`` too, where a number or a kind stands between."""
    last = path.lower().rpartition("/")[2]
    stem = last.partition(".")[0] or last
    return (
        asked in (last, last.rpartition(".")[0], stem) or re.fullmatch(rf"{re.escape(asked)}[-.]\d+", stem) is not None
    )


def _file_row(document: int, path: str) -> CodeRow:
    item = Symbol(path, "FILE", path.rpartition("/")[2], path, document, line=1, end_line=1, signature="", doc="")
    return CodeRow(item, "", "exact", line=1, lines=(1,), document=document)


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
