"""Files inside a file (attachments, chapters): each read by the reader of its own format, below a heading."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from os.path import splitext

from ...errors import EvidentiaError, ReadError
from .content import Content
from .exclude import holds_secrets
from .formats import PLAIN, READERS, Format, format_of, format_of_media, unreadable
from .layout import Cell, Layout
from .unpack import inner_name, unpack

_HEADING = re.compile(r"#{1,6}(?= )")
_FENCE = re.compile(r"`{3,}")
_PROSE = frozenset({"text/plain", "text/markdown", "text/x-rst", "text/html", "application/pdf"})
_TABLES = {"text/csv": ",", "text/tab-separated-values": "\t"}
_UNPACKED = 300_000_000
"""Bytes of all archives' members together."""
_CHARACTERS = 20_000_000
"""Of all that is read from inside one file; a document may hold no more."""


@dataclass
class NestingBudget:
    """What the files inside one file may still cost."""

    unpacked: int = _UNPACKED
    characters: int = _CHARACTERS

    def pay(self, size: int) -> None:
        """Takes ``size`` bytes from what is left. Raises ``ReadError`` where that is more than there is."""
        self.unpacked -= size
        if self.unpacked < 0:
            raise ReadError(f"all files inside unpack to more than {_UNPACKED // 1_000_000:,} MB")


def _members_size(data: bytes) -> int:
    """The bytes of all files in a zip archive; 0 for what is none."""
    if not data.startswith(b"PK"):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return 0


def convert(data: bytes, form: Format) -> Content:
    """Converts a file's bytes by the reader that its format names. Raises whatever the reader does."""
    content: Content = READERS.load(form.reader)(data, form)
    return content


def read_inner(name: str, media_type: str, data: bytes, budget: NestingBudget) -> Content:
    """Reads the file ``name`` inside another. Raises ``ReadError``."""
    inner = inner_name(name)
    reason = "may hold a secret" if holds_secrets(inner.lower()) else unreadable(splitext(inner)[1])
    if reason:
        raise ReadError(reason)
    form = format_of(inner) or format_of_media(media_type) or PLAIN
    data = unpack(name, data)
    budget.pay(_members_size(data) + (len(data) if inner != name else 0))
    try:
        content = convert(data, form)
    except (EvidentiaError, MemoryError):
        raise
    except Exception as error:
        raise ReadError(f"its reader failed ({type(error).__name__})") from error
    if len(content.text) > budget.characters:
        raise ReadError(f"the text of all files inside has more than {_CHARACTERS:,} characters")
    budget.characters -= len(content.text)
    return content


def write_inner(layout: Layout, content: Content, level: int, label: str) -> None:
    """Writes ``content`` with its headings ``level`` deeper. Marks keep their page; their label becomes ``label``."""
    if content.media_type in _TABLES:
        _write_table(layout, content, label)
    elif content.media_type not in _PROSE and not content.marks and not _is_laid_out(content.media_type):
        _write_code(layout, content.text, label)
    else:
        _write_blocks(layout, content, level, label)


def _is_laid_out(media_type: str) -> bool:
    """Whether a reader of such files lays text out as Markdown."""
    form = format_of_media(media_type)
    return form is not None and form.reader != PLAIN.reader


def _write_table(layout: Layout, content: Content, label: str) -> None:
    """A table of comma-separated values; one that Python's parser refuses is written as it is."""
    try:
        rows = list(csv.reader(io.StringIO(content.text, newline=""), delimiter=_TABLES[content.media_type]))
    except csv.Error:
        _write_code(layout, content.text, label)
        return
    layout.table([[Cell(cell) for cell in row] for row in rows if any(row)], heads=1, label=label)


def _write_code(layout: Layout, text: str, label: str) -> None:
    fence = "`" * max([3, *(len(ticks) + 1 for ticks in _FENCE.findall(text))])
    if text.strip():
        layout.add(f"{fence}\n{text.strip(chr(10))}\n{fence}", label=label)


def _write_blocks(layout: Layout, content: Content, level: int, label: str) -> None:
    """The text from mark to mark, so that each piece keeps its page."""
    places = [(0, None), *((mark.start, mark.page) for mark in content.marks), (len(content.text), None)]
    pieces = [(content.text[start:end], page) for (start, page), (end, _) in pairwise(places)]
    fence, begun, waiting = "", False, ""
    for piece, page in pieces:
        shifted, fence = _deeper(piece, level, fence)
        text = shifted.rstrip("\n")
        if not text.strip():
            waiting += shifted if begun else ""
        elif begun:
            layout.pages.space(waiting)
            layout.pages.add(text, page=page, label=label)
            waiting = shifted[len(text) :]
        else:
            layout.add(text, page=page, label=label)
            begun, waiting = True, shifted[len(text) :]


def _deeper(text: str, level: int, fence: str) -> tuple[str, str]:
    """``text`` with the headings outside its fences ``level`` deeper, and the fence that is open at its end."""
    if "#" not in text and "`" not in text:
        return text, fence
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if (ticks := _FENCE.match(line)) and (not fence or line.strip() == fence):
            fence = "" if fence else ticks[0]
        elif not fence and (found := _HEADING.match(line)):
            lines[number] = "#" * min(6, len(found[0]) + level) + line[found.end() :]
    return "\n".join(lines), fence
