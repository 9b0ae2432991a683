"""reStructuredText as structural blocks: underlined headings, directives, literal blocks, tables, lists, paragraphs.

Source: the docutils reStructuredText specification, as far as cutting needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..document import Document, Passage
from .headings import HeadingPath
from .lines import ITEM, Line, blank_end, body_end, lines
from .pack import Block, pack

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*$")
_DIRECTIVE = re.compile(r"\.\.\s+([\w:-]+)::")
_VERBATIM = re.compile(
    "code|code-block|sourcecode|highlight|literalinclude|parsed-literal|doctest|testcode|testsetup|testoutput|ipython|plot"
    "|math|graphviz|raw|prompt|productionlist"
)
OBJECT = re.compile(
    r"\.\.\s+(?!versi|index|highl|rst-class|deprecat)(?:[\w-]+:[\w:-]+|attribute|class|(?:cls|class|static)?method|(?:cmd)?option|command"
    r"|confval|data|decorator|describe|directive|envvar|exception|function|glossary-entry|macro|member|module|object"
    r"|program|property|role|setting|signal|type|var)::\s+(\S[^\n]*)"
)
"""A directive that describes something by its name: it governs what stands below it, as a term its definition."""
_OBJECT_LEVEL = 100
"""Levels of objects are below those of all headings; each column deeper is one more."""
_TABLE = frozenset({"table", "list-table", "csv-table"})
_GRID = re.compile(r"\+[-=+]{2,}\+$|=+(?:\s+=+)+$")


def split(document: Document) -> list[Passage]:
    return pack(document.text, blocks(document.text))


def blocks(text: str) -> Iterator[Block]:
    rows = lines(text)
    path, styles = HeadingPath(), list[str]()
    index = 0
    while (index := blank_end(rows, index)) < len(rows):
        path.close(_OBJECT_LEVEL + rows[index].indent)
        title, described = _title(rows, index), OBJECT.match(rows[index].text)
        if described and body_end(rows, index + 1, rows[index].indent) > index + 1:
            after = _signatures_end(rows, index)
            path.enter(
                _OBJECT_LEVEL + rows[index].indent,
                described[1].partition("(")[0],
                (rows[index].start, rows[after - 1].end),
            )
            kind = "heading"
        elif title is not None:
            level, after = _level(styles, rows, index, title), title + 2
            path.enter(level, rows[title].text, (rows[title].start, rows[title].end))
            kind = "heading"
        else:
            kind, after = _next(rows, index)
        yield Block(rows[index].start, rows[after - 1].end, kind, str(path), path.places)
        index = after


def _signatures_end(rows: Sequence[Line], index: int) -> int:
    """Index after the lines that name an object: further signatures stand below the first, before a blank line."""
    after = index + 1
    while after < len(rows) and rows[after].text and not rows[after].text.startswith(":"):
        after += 1
    return after if after < len(rows) and not rows[after].text else index + 1


def _title(rows: Sequence[Line], index: int) -> int | None:
    """The line of the title when a heading, with or without an overline, begins in line ``index``."""
    if _is_underlined(rows, index):
        return index
    over = _ADORNMENT.match(rows[index].text)
    same = index + 2 < len(rows) and rows[index + 2].text == rows[index].text
    return index + 1 if over and same and rows[index + 1].text and len(rows[index].text) >= 3 else None


def _is_underlined(rows: Sequence[Line], index: int) -> bool:
    if index + 1 >= len(rows) or rows[index].indent or rows[index + 1].indent:
        return False
    under = rows[index + 1].text
    if not _ADORNMENT.match(under) or _ADORNMENT.match(rows[index].text):
        return False
    return len(under) >= min(len(rows[index].text), 4)


def _level(styles: list[str], rows: Sequence[Line], index: int, title: int) -> int:
    """Levels are the order in which styles (the character, and whether there is an overline) first appear."""
    style = rows[title + 1].text[0] + ("over" if title > index else "")
    if style not in styles:
        styles.append(style)
    return styles.index(style) + 1


def _next(rows: Sequence[Line], index: int) -> tuple[str, int]:
    """Kind of the block that begins in line ``index``, and the index after it (its last line has text)."""
    row = rows[index]
    if row.text.startswith(".."):
        found = _DIRECTIVE.match(row.text)
        directive = found[1] if found else ""
        kind = "table" if directive in _TABLE else "code" if _VERBATIM.fullmatch(directive) else "prose"
        return kind, max(body_end(rows, index + 1, row.indent), index + 1)
    if _GRID.match(row.text):
        return "table", _table_end(rows, index)
    if row.text.startswith(">>>"):
        return "code", _while_text(rows, index)
    if ITEM.match(row.text):
        return "list", _list_end(rows, index)
    after = _while_text(rows, index)
    if rows[after - 1].text.endswith("::"):
        # The literal block belongs to the sentence that announces it.
        body = body_end(rows, after, row.indent)
        return ("code", body) if body > after and rows[body - 1].text else ("prose", after)
    return "prose", after


def _while_text(rows: Sequence[Line], index: int) -> int:
    after = index + 1
    while after < len(rows) and rows[after].text and not _is_underlined(rows, after):
        after += 1
    return after


def _table_end(rows: Sequence[Line], index: int) -> int:
    """A grid ends at a blank line; a simple table after its third border, or at a blank line after a border."""
    after = index + 1
    border = rows[index].text
    while after < len(rows):
        blank_after = after + 1 == len(rows) or not rows[after + 1].text
        if rows[after].text == border and blank_after:
            return after + 1
        if not rows[after].text and border.startswith("+"):
            return after
        after += 1
    return _while_text(rows, index)


def _list_end(rows: Sequence[Line], index: int) -> int:
    """A list goes on over deeper lines, items of its level, and blank lines between these."""
    indent, after, last = rows[index].indent, index, index
    while after < len(rows):
        row = rows[after]
        if row.text and row.indent <= indent and not ITEM.match(row.text):
            break
        if row.text:
            last = after
        after += 1
    return last + 1
