"""The first rows of a table of separated values that is too large to be read whole. The file is gone through a piece at
a time, so that gigabytes take no more memory than the head."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from ...errors import ReadError
from .formats import format_of

LEFT_OUT = "rows_left_out"
"""Of a document's metadata: how many lines of the file its text lacks."""
_PIECE = 1 << 20
_SEPARATED = ("text/csv", "text/tab-separated-values")


@dataclass(frozen=True, slots=True)
class TableHead:
    data: bytes
    """Whole rows."""
    digest: str
    """The SHA-256 of the whole file, in hex."""
    lines: int
    """Of the head."""
    left_out: int
    """Lines behind it."""

    @property
    def omission(self) -> str:
        return f"lines {self.lines + 1:,} to {self.lines + self.left_out:,}: a file this large is read at its head only"


def is_read_in_part(name: str) -> bool:
    """Whether files of that name are read in part where they are too large: a part of a table is a table."""
    form = format_of(name)
    return form is not None and form.media_type in _SEPARATED


def read_head(path: Path, most: int) -> TableHead:
    """Reads the rows within the first ``most`` bytes. Raises ``ReadError`` for a file that has none, and for text of
    two bytes a character."""
    try:
        with path.open("rb") as file:
            return _head(file, most)
    except OSError as error:
        raise ReadError((error.strerror or "cannot be read").lower()) from error


def _head(file: IO[bytes], most: int) -> TableHead:
    data = file.read(most)
    if b"\0" in data:
        raise ReadError(f"above the limit of {most:,} bytes a file", fix="save it as UTF-8 to have its first rows read")
    end = _end_of_rows(data)
    if not end:
        raise ReadError(f"its first row is longer than the limit of {most:,} bytes a file")
    summed, ends, last = sha256(data), data.count(b"\n"), data[-1:]
    while piece := file.read(_PIECE):
        summed.update(piece)
        ends, last = ends + piece.count(b"\n"), piece[-1:]
    lines = data.count(b"\n", 0, end)
    return TableHead(data[:end], summed.hexdigest(), lines, ends + (last != b"\n") - lines)


def _end_of_rows(data: bytes) -> int:
    """Behind the last line that ends outside of quotes; where these are never closed, behind the last line."""
    last = end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while end and quotes % 2:
        before = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
        quotes -= data.count(b'"', before, end)
        end = before
    return end if 2 * end > last else last
