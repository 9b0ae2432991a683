"""Cuts a stretch into units that no sentence crosses: paragraphs, list items, table rows, headings, docstring entries
and statements. Decides by what lines look like, so that it works inside any passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .lines import FENCE, ITEM, RULE, Line, fence_end, lines

Unit = tuple[int, int, bool]
"""(start, end, whether sentences are to be looked for inside)."""

CODE_KINDS = frozenset({"function", "class", "module", "code"})
_ENTRY = re.compile(r"\*{0,2}[\w.]+(?:, \*{0,2}[\w.]+)* ?(?:\([^)]*\))? ?:(?:\s|$)|[\w.]+ ?: ")
_FIELD = re.compile(r":[\w ]+:(?!`)|:\s|@\w+|#{1,6} |>>> |\.\.\. |\.\. |\|.*\||\+[-=+]+\+$")
_DOCSTRING = re.compile(r"[rRuU]{0,2}(\"\"\"|''')")
_COMMENT = re.compile(r"(?:#|//|--|;+|\*)(?:\s|$)")
COLUMNS = re.compile(r"\S {2,}\S.*\S {2,}\S")
"""The header of columns in the output of a program, which is no title."""
LABELLED = re.compile(r"(?!https?:)[^\W\d_][\w.'’/&-]*(?: [\w.'’()/&-]+){0,4}:(?=[ \t]+\S)")
"""A line of a label and its value: "Deposit: none"."""
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_RECORD_END = re.compile(r"([}\]],)\s*(?=[{\[\"])")
_RECORD_CHARS = 240
_TERM_CHARS = 60
_STATEMENT_LINES = 40
_ENTRY_WORDS = 60


def units(text: str, start: int, end: int, kind: str) -> Iterator[Unit]:
    rows = lines(text, start, end)
    if kind == "data":
        yield from _records(text, rows)
    else:
        yield from (_code(rows) if kind in CODE_KINDS else _structured_units(rows))


def _records(text: str, rows: Sequence[Line]) -> Iterator[Unit]:
    """Lines; one that holds many records of JSON is cut between them."""
    for row in rows:
        if not row.text:
            continue
        start = row.start
        if row.end - row.start > _RECORD_CHARS:
            for match in _RECORD_END.finditer(text, row.start, row.end):
                yield start, match.end(1), False
                start = match.end()
        if start < row.end:
            yield start, row.end, False


def _code(rows: Sequence[Line]) -> Iterator[Unit]:
    """Statements, runs of comment lines as prose, and docstrings as structured text with their marks apart."""
    index = 0
    while index < len(rows):
        row = rows[index]
        if not row.text:
            index += 1
        elif opened := _DOCSTRING.match(row.text):
            found, index = _docstring(rows, index, opened)
            yield from found
        elif _COMMENT.match(row.text):
            last = index
            while last + 1 < len(rows) and _COMMENT.match(rows[last + 1].text):
                last += 1
            yield row.start, rows[last].end, True
            index = last + 1
        else:
            after = _statement_end(rows, index)
            yield row.start, rows[after - 1].end, False
            index = after


def _statement_end(rows: Sequence[Line], index: int) -> int:
    """Index after the statement that begins in line ``index``: it goes on while brackets are open."""
    depth = 0
    for after in range(index, min(index + _STATEMENT_LINES, len(rows))):
        bare = rows[after].text
        depth += sum((letter in _OPEN) - (letter in _CLOSE) for letter in bare)
        if depth <= 0 and not bare.endswith("\\"):
            return after + 1 if bare else after
    return index + 1


def _docstring(rows: Sequence[Line], index: int, opened: re.Match[str]) -> tuple[list[Unit], int]:
    """The units of the docstring that opens in line ``index``, and the index after it."""
    row, mark = rows[index], opened[1]
    inner_start = row.start + opened.end()
    closing, last = row.text.find(mark, opened.end()), index
    while closing < 0 and last + 1 < len(rows):
        last += 1
        closing = rows[last].text.find(mark)
    inner: list[Line] = []
    for number in range(index, last + 1):
        line = rows[number]
        begin = inner_start if number == index else line.start
        finish = line.start + closing if number == last and closing >= 0 else line.end
        bare = line.text[begin - line.start : finish - line.start]
        lead = len(bare) - len(bare.lstrip())
        bare = bare.strip()
        inner.append(Line(begin + lead, begin + lead + len(bare), line.indent, bare))
    found = [(row.start, inner_start, False), *_structured_units(inner)]
    if closing >= 0:
        found.append((rows[last].start + closing, rows[last].end, False))
    return found, last + 1


def _structured_units(rows: Sequence[Line]) -> Iterator[Unit]:
    """Paragraphs and what else lines begin. A unit takes lines until one begins something of its own."""
    width = max((len(row.text) for row in rows), default=0)
    index = 0
    while index < len(rows):
        row = rows[index]
        if not row.text:
            index += 1
        elif FENCE.match(row.text):
            after = fence_end(rows, index)
            yield row.start, row.end, False
            yield from _code(rows[index + 1 : after])
            index = after
        else:
            after = _unit_end(rows, index, width)
            last = rows[after - 1]
            yield from (
                _entry(rows[index:after]) if _is_entry(rows, index) else [(row.start, last.end, not _is_row(row))]
            )
            index = after


def _unit_end(rows: Sequence[Line], index: int, width: int) -> int:
    first = rows[index]
    after = index + 1
    if _is_row(first) or RULE.match(first.text):
        return after
    if after < len(rows) and _underlines(rows[after], first):
        return after + 1
    if _is_entry(rows, index):
        while after < len(rows) and rows[after].text and rows[after].indent > first.indent:
            after += 1
        return after
    if after < len(rows) and _is_term(first, rows[after]):
        return after
    while after < len(rows) and not _begins(rows, after, first, width):
        after += 1
    return after


def _is_term(row: Line, below: Line) -> bool:
    """A short line without a full stop over a deeper one: a term above its definition, as in manual pages."""
    deeper = bool(below.text) and below.indent >= row.indent + 2
    return deeper and len(row.text) < _TERM_CHARS and row.text[-1] not in ".!?,;" and not ITEM.match(row.text)


def _begins(rows: Sequence[Line], index: int, first: Line, width: int) -> bool:
    """Whether line ``index`` cannot belong to the unit that ``first`` began."""
    row, before = rows[index], rows[index - 1]
    if not row.text or row.indent < first.indent or RULE.match(row.text):
        return True
    if ITEM.match(row.text) or _FIELD.match(row.text) or FENCE.match(row.text) or _is_entry(rows, index):
        return True
    if index + 1 < len(rows) and _underlines(rows[index + 1], row):
        return True
    if LABELLED.match(row.text) and LABELLED.match(first.text) and row.indent == first.indent:
        return True
    if row.indent > before.indent and before.text.endswith(":"):
        return True
    title = len(before.text) < width / 2 and before.text[-1].isalnum()
    return title and row.text[0].isupper() and row.indent == before.indent and not ITEM.match(first.text)


def _underlines(row: Line, title: Line) -> bool:
    if COLUMNS.search(title.text):
        return False
    same = row.text[:1] and row.text[0] in "=-~^\"'`#*+:." and not row.text.strip(row.text[0])
    return bool(same) and len(row.text) >= 3 and row.indent <= title.indent + 1 and not RULE.match(title.text)


def _is_row(row: Line) -> bool:
    """A table's row, a doctest line or a heading: complete in itself."""
    return row.text.startswith(("|", ">>> ", "... ", "+-", "+=")) or bool(re.match(r"#{1,6} ", row.text))


def _is_entry(rows: Sequence[Line], index: int) -> bool:
    """``name : type`` or ``name (type): text`` over deeper lines: a parameter and its description."""
    row = rows[index]
    deeper = index + 1 < len(rows) and bool(rows[index + 1].text) and rows[index + 1].indent > row.indent
    return deeper and len(row.text) < 120 and bool(_ENTRY.match(row.text))


def _entry(rows: Sequence[Line]) -> list[Unit]:
    """One unit; of a long description only the first lines stay with the name."""
    words = 0
    for index, row in enumerate(rows):
        words += len(row.text.split())
        if index and words > _ENTRY_WORDS and rows[index - 1].text.endswith("."):
            return [(rows[0].start, rows[index - 1].end, False), (row.start, rows[-1].end, True)]
    return [(rows[0].start, rows[-1].end, False)]
