"""Where an option of the command line is declared: the statement that gives its name and says what it is for.

Read from the texts, so it is the same for every language and every library of options: a declaration is a call, or a
literal, that holds the option's name as a text, or a constant that is this text, and beside it either a text of several
words (its help) or a word for options in what is called. Fields of clap and parameters of typer give their own names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from ....corpus.texts import documents_holding
from ....errors import NotFoundError
from ..facts import GLOBAL
from ..index import CodeGraph
from ..symbols import Symbol, find, is_of_tests
from .code_texts import CodeText, code_documents, code_texts
from .verbs import CodeAnswer, CodeRow

_BEFORE, _AFTER = 1_000, 2_000
"""Characters in which the statement begins before the name, and ends behind it."""
_LONGEST = 300
"""Characters of a statement that are shown."""
_CONSTANTS = 2
"""Constants in a declaration that are shown with their values."""
_OPTION = re.compile(
    r"(?i:flag|option|argument|add_?arg|\barg\b|switch|\bopts?\b)|\.on\b"
    r"|\.(?:Var|String|Int|Uint|Bool|Float|Duration|Count)\w*$"
)
_HELP = re.compile(r"\"[^\"\n]*[A-Za-z]+[ -]+[a-z]+[^\"\n]*\"|'[^'\n]*[A-Za-z]+[ -]+[a-z]+[^'\n]*'")
_NAMED = re.compile(r"\b(?i:name|long)\s*[:=]\s*$")
_TAG = re.compile(r"\b(?:long|name|flag|arg)[:=]$")
_CONSTANT = re.compile(r"^[ \t]*(?:[a-z]+[ \t]+)*(\w+)\b(?:[ \t]*:[^=\n]*|[ \t]+\w+)?[ \t]*=[ \t]*$")
"""What stands before the text that a constant is; its name."""
_FIELD = (
    r"#\[(?:arg|clap|structopt)\([^\]]*\blong\b(?!\s*=)[^\]]*\](?:\s*(?:#\[[^\]]*\]|//[^\n]*))*"
    r"\s*(?:pub\b\S*\s+)?{}\s*:[^\n]*"
)
"""A field of Rust, by its name, from the attribute that makes an option of it."""
_PARAMETER = r"\b{}\s*:\s*(?:[^=\n]*=\s*typer\.Option\(|(?:\w+\.)?Annotated\[[^=]*?typer\.Option\()"
_ENTRY = r"(?:([\"'])|\b){}(?(1)\1)\s*:\s*\{{"
_OF_ENTRY = re.compile(r"\b(?:describe|alias|shortFlag)\s*:")
"""What an entry of yargs or meow has and no other does."""
_SCRIPTS = frozenset([".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"])
_WITHOUT_BRACKETS = re.compile(r"^\s*[\w.@]+\s+(?:[\"'][^\"'\n]*[\"'],\s*)*$")


def flags(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """One answer: the declarations of an option of that name, with or without its dashes, and the constants in them.
    Raises ``NotFoundError`` where no code declares one."""
    asked = name.strip("`'\" ").lstrip("-")
    texts = list(_holding(graph, asked))
    rows = [row for text in texts for row in _entries(graph, text, asked)]
    rows = rows or [row for text in texts for row in _declarations(graph, text, asked)]
    spelled = asked.replace("-", "_")
    rows += [row for text in _holding(graph, spelled) for row in _named_by_fields(graph, text, spelled)]
    if not rows:
        raise NotFoundError("no code declares an option of the command line that is called so", where=name)
    subject = Symbol(name, "", name, file="", document=0, line=0, end_line=0, signature="", doc="")
    return [CodeAnswer("declarations", subject, tuple(dict.fromkeys(rows)), "")]


def _holding(graph: CodeGraph, word: str) -> Iterator[CodeText]:
    connection = graph.store.connection
    texts = code_texts(connection, documents_holding(connection, code_documents(connection), word))
    return (text for text in texts if not is_of_tests(text.symbols[0]))


def _named_by_fields(graph: CodeGraph, source: CodeText, name: str) -> Iterator[CodeRow]:
    """Options that are called like the field or parameter which holds them."""
    pattern = {".rs": _FIELD, ".py": _PARAMETER}.get(PurePath(source.name).suffix)
    for found in re.finditer(pattern.format(re.escape(name)), source.text) if pattern else ():
        end = found.end()
        if found[0].endswith("("):
            end = _parameter_end(source.text, found.start())
            if re.search(r"[\"']--", source.text[found.start() : end]):
                continue  # it has another name
        yield from _declaration(graph, source, found.start(), source.text[found.start() : end])


def _entries(graph: CodeGraph, source: CodeText, name: str) -> Iterator[CodeRow]:
    """Options that are entries of a literal: ``size: {alias: "s", default: 3}``, as yargs and meow take them."""
    if PurePath(source.name).suffix not in _SCRIPTS:
        return
    for found in re.finditer(_ENTRY.format(re.escape(name)), source.text):
        statement = source.text[found.start() : _behind_closing_bracket(source.text, found.end() - 1)]
        if _OF_ENTRY.search(statement):
            yield from _declaration(graph, source, found.start(), statement)


def _parameter_end(text: str, start: int) -> int:
    """Where a parameter that begins at ``start`` ends: at a comma or bracket of those around it."""
    waiting = 0
    for place in range(start, min(start + _AFTER, len(text))):
        waiting += (text[place] in "([{") - (text[place] in ")]}")
        if waiting < 0 or (waiting == 0 and text[place] == ","):
            return place
    return _line_end(text, start)


def _declaration(graph: CodeGraph, source: CodeText, start: int, statement: str) -> Iterator[CodeRow]:
    number = source.text.count("\n", 0, start) + 1
    yield _row(source.owner(number), source, number, f"`{_one_line(statement)}`")
    yield from _constants(graph, source, statement)


def _by_constant(graph: CodeGraph, defined: CodeText, constant: str) -> Iterator[CodeRow]:
    """Declarations of the option whose name is this constant's text."""
    pattern = re.compile(rf"(?<![\w.])(?:\w+(?:\.|::))?{constant}\b(?!\s*(?::?=[^=]|:))")
    for source in _holding(graph, constant):
        for found in pattern.finditer(source.text):
            if source.document != defined.document and not _brings(source.text, found[0], constant):
                continue
            start, end = statement_around(source.text, found.start(), found.end())
            statement = source.text[start:end]
            head = source.text[start : found.start()].rstrip().removesuffix("(")
            if _OPTION.search(head) and (_HELP.search(statement) or "default" in statement):
                yield from _declaration(graph, source, start, statement)


def _brings(text: str, written: str, constant: str) -> bool:
    """Whether a name that another file defines is imported; what is written alone may be of the same package."""
    owner = re.split(r"\.|::", written)[0]
    words = rf"^.*\b(?:import|use|require|from|as)\b.*\b{owner}\b|[\"/]{owner}\"\s*$"
    return owner == constant or re.search(words, text, re.MULTILINE) is not None


def _declarations(graph: CodeGraph, source: CodeText, name: str) -> Iterator[CodeRow]:
    quoted = re.compile(rf"([\"'`])(?:-\w(?:,\s*|[ |/]+))?(-{{0,2}}){re.escape(name)}(?:[\s=,:<\[|/][^\"'`\n]*)?\1")
    for found in quoted.finditer(source.text):
        line = source.text.rfind("\n", 0, found.start()) + 1
        if found[1] == "`" and _is_in_text(source.text[line : found.start()]):
            continue
        if constant := _CONSTANT.match(source.text[line : found.start()]):
            yield from _by_constant(graph, source, constant[1])
            continue
        start, end = statement_around(source.text, found.start(), found.end())
        statement = source.text[start:end]
        if _declares(source.text, start, statement, found):
            yield from _declaration(graph, source, start, statement)


def _is_in_text(before: str) -> bool:
    """Whether a text in quotes is open at the end of this part of a line: what follows is prose."""
    return any(before.replace(f"\\{quote}", "").count(quote) % 2 for quote in "\"'")


def _row(symbol: Symbol, source: CodeText, line: int, note: str) -> CodeRow:
    return CodeRow(symbol, "", "exact", line=line, lines=(line,), document=source.document, note=note)


def _declares(text: str, start: int, statement: str, found: re.Match[str]) -> bool:
    begin, before = text.rfind("\n", 0, found.start()) + 1, text[start : found.start()]
    if re.match(r"\s*(?://|#(?!\[)|\*|/\*|--)", text[begin : found.start()]):
        return False
    # A tag of a field of Go: `long:"size" description:"…"`; a row of getopt_long: {"size", required_argument, …}.
    if _TAG.search(before) or "_argument" in statement:
        return True
    head = re.split(r"[({\[]", statement, maxsplit=1)[0] if _brackets(statement) else before
    of_options = _OPTION.search(head.rstrip()) is not None
    rest = statement.replace(found[0], "", 1)
    helped = _HELP.search(rest) is not None
    return (of_options and (helped or bool(found[2]) or _NAMED.search(before) is not None)) or (
        helped and found[2] == "--"
    )


def _brackets(statement: str) -> bool:
    return statement.rstrip().endswith((")", "}", "]"))


def statement_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The innermost call or literal around ``text[start:end]``, from the beginning of its line; the line where a call
    has no brackets.

    >>> text = 'x = 1\\nparser.add_argument(\\n  "--size", default=3)\\n'
    >>> text[slice(*statement_around(text, 29, 37))]
    'parser.add_argument(\\n  "--size", default=3)'
    """
    line = text.rfind("\n", 0, start) + 1
    if _WITHOUT_BRACKETS.match(text[line:start]) or _TAG.search(text[line:start]):
        return _without_indent(text, line, _line_end(text, end))
    opened = _opening_bracket(text, start)
    if opened < 0:
        return _without_indent(text, line, _line_end(text, end))
    return _without_indent(text, text.rfind("\n", 0, opened) + 1, _behind_closing_bracket(text, opened))


def _without_indent(text: str, start: int, end: int) -> tuple[int, int]:
    return end - len(text[start:end].lstrip()), end


def _line_end(text: str, at: int) -> int:
    """The end of the line, or of the last one that a comma goes on in."""
    while True:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if not text[at:end].rstrip().endswith(",") or end == len(text):
            return end
        at = end + 1


def _opening_bracket(text: str, at: int) -> int:
    """Where the innermost bracket around ``at`` opens; -1 where there is none near."""
    open_ones = 0
    for place in range(at - 1, max(at - _BEFORE, 0) - 1, -1):
        if text[place] in ")]}":
            open_ones += 1
        elif text[place] in "([{":
            # A list of names alone (``names={"-s", "--size"}``) belongs to what stands around it.
            if open_ones == 0 and not re.search(r"(?:[=:]|\[\]string)\s*$", text[max(place - 20, 0) : place]):
                return place
            open_ones = max(open_ones - 1, 0)
    return -1


def _behind_closing_bracket(text: str, opened: int) -> int:
    """Behind the bracket that closes the one at ``opened``; texts in quotes are passed over."""
    waiting, quote = 0, ""
    for place in range(opened, min(opened + _AFTER, len(text))):
        each = text[place]
        if quote:
            quote = "" if each == quote and text[place - 1] != "\\" else quote
        elif each in "\"'`":
            quote = each
        elif each in "([{":
            waiting += 1
        elif each in ")]}" and (waiting := waiting - 1) == 0:
            return place + 1
    return _line_end(text, opened)


def _constants(graph: CodeGraph, source: CodeText, statement: str) -> Iterator[CodeRow]:
    """The constants of the library that a declaration names: its default may be one."""
    plain = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "", statement)
    pattern = r"(?<![.\w])(?:\w+\.)?[A-Za-z]\w*(?:[A-Z_]\w*)(?!\w|\s*[.(:{])"
    shown = 0
    for written in dict.fromkeys(re.findall(pattern, plain)):
        name = written.rpartition(".")[2]
        if not _brings(source.text, written, name):
            continue
        item = _constant(graph, source, written)
        if item is not None and shown < _CONSTANTS:
            same_file = item.document == source.document
            text = source if same_file else next(code_texts(graph.store.connection, [item.document]))
            line = text.text.split("\n")[item.line - 1]
            yield _row(item, text, item.line, f"`{_one_line(line)}`")
            shown += 1


def _constant(graph: CodeGraph, source: CodeText, written: str) -> Symbol | None:
    """The constant of that name in this file, in the one that stands before its dot, or the only one there is."""
    owner, _, name = written.rpartition(".")
    try:
        found = [item for item in find(graph.store.connection, name) if item.label == GLOBAL and item.document]
    except NotFoundError:
        return None
    near = [
        item for item in found if (PurePath(item.file).stem == owner if owner else item.document == source.document)
    ]
    return near[0] if near else found[0] if len(found) == 1 else None


def _one_line(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
