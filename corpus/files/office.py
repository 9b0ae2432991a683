"""Word and PowerPoint files, by markitdown's converters for them: local bytes in, text laid out as Markdown out.

Only these two converters are used, without plugins, captions or anything else that could reach a network.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...errors import EvidentiaError, ReadError
from .content import Content, Pages, clean
from .formats import Format
from .text import title

_COMPOUND = b"\xd0\xcf\x11\xe0"
"""How a file begins that Office has encrypted, and one of the formats before 2007."""
_UNPACKED = 300_000_000
"""Bytes: the converters hold several times this in memory."""
_PLAIN: dict[str, Any] = {
    "escape_asterisks": False,
    "escape_underscores": False,
    "table_infer_header": True,
    "strip": ["a", "b", "strong", "em", "i", "u", "s", "del", "sup", "sub", "img", "code"],
}
"""Words as they are written, without signs for emphasis, links or pictures."""
_SLIDE = re.compile(r"^<!-- Slide number: (\d+) -->$", re.MULTILINE)
_PICTURE = re.compile(r"^!\[([^\]]*)\]\([^)]*\)$", re.MULTILINE)


def read_document(data: bytes, form: Format) -> Content:
    """Word has no pages until it is printed, so there are no marks. Raises ``ReadError``."""
    text = _converted("DocxConverter", data, form)
    return Content(text, form.media_type, title(text, "text/markdown"))


def read_presentation(data: bytes, form: Format) -> Content:
    """Each slide is marked with its number and begins with its title, or else ``Slide 3``, as a heading.

    Raises ``ReadError``.
    """
    pages = Pages()
    _, *parts = _SLIDE.split(_converted("PptxConverter", data, form))
    for number, slide in zip(parts[::2], parts[1::2], strict=True):
        pages.add(_slide(int(number), slide), page=int(number))
    return Content(
        pages.text, form.media_type, title(pages.text, "text/markdown"), {"slides": str(len(parts) // 2)}, pages.marks
    )


def _slide(number: int, text: str) -> str:
    text = _PICTURE.sub(r"\1", text).strip()
    if not text:
        return ""
    heading = "" if text.startswith("# ") else f"# Slide {number}\n\n"
    return f"{heading}{text}\n\n"


@contextmanager
def conversion(data: bytes) -> Iterator[io.BytesIO]:
    """The bytes of an Office file for a library to read. Whatever the library raises comes out as ``ReadError``: on a
    damaged file that may be any exception there is."""
    _check(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield io.BytesIO(data)
    except (EvidentiaError, MemoryError):
        raise
    except Exception as error:
        raise ReadError(
            "the Office file is damaged, or of another kind than its name says",
            fix="open it in its program and save it anew",
        ) from error


def _check(data: bytes) -> None:
    if data.startswith(_COMPOUND):
        raise ReadError(
            "the file is protected with a password or older than Office 2007", fix="save a plain copy of it"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise ReadError(
            "the file is not an Office file, or is cut off", fix="open it in its program and save it anew"
        ) from error
    if unpacked > _UNPACKED:
        raise ReadError(f"it unpacks to {unpacked // 1_000_000:,} MB, above the limit of {_UNPACKED // 1_000_000:,} MB")


def _converted(converter: str, data: bytes, form: Format) -> str:
    with conversion(data) as stream:
        from markitdown import StreamInfo, converters

        result = getattr(converters, converter)().convert(stream, StreamInfo(mimetype=form.media_type), **_PLAIN)
        return clean(result.markdown)
