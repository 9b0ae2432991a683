"""PDF: the text of each page in the order in which the file draws it. No text recognition: a scan has no text."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from itertools import pairwise
from statistics import mode
from typing import Any

from ...errors import ReadError
from .content import Content, Pages, clean
from .formats import Format

_PDFIUM = threading.Lock()
"""PDFium may be called by one thread at a time."""
_PASSWORD = 4
_HYPHEN = re.compile("[\x02\ufffe](?=[A-Z0-9])")
"""PDFium's mark for a hyphen at a line's end, where what follows says that the hyphen belongs to the word."""
_PARAGRAPH = 1.35
"""Times the page's most frequent distance of lines, from which a blank line is set between two."""


def read(data: bytes, form: Format) -> Content:
    """Each page is marked with its number. Raises ``ReadError`` for a PDF that is broken, locked or a scan."""
    import pypdfium2

    pages = Pages()
    with _PDFIUM:
        try:
            with pypdfium2.PdfDocument(data) as document:
                for number, page in enumerate(document, start=1):
                    pages.add(_text(page), page=number)
                count = len(document)
                title = clean(document.get_metadata_value("Title")).strip()
        except pypdfium2.PdfiumError as error:
            raise _explained(error) from error
    if not pages.text.strip():
        raise ReadError(
            "the PDF holds no text, only images or empty pages", fix="run it through text recognition (OCR)"
        )
    return Content(pages.text, form.media_type, title, {"pages": str(count)}, pages.marks)


def _explained(error: Any) -> ReadError:
    if error.err_code == _PASSWORD:
        return ReadError("the PDF is protected with a password", fix="save a copy without one")
    return ReadError("the PDF is damaged or not a PDF", fix="open it in a viewer and save it anew")


def _text(page: Any) -> str:
    """The page's lines, paragraphs apart, with a blank line at its end; empty for a page without text."""
    textpage = page.get_textpage()
    raw = textpage.get_text_bounded()
    lines = raw.split("\r\n")
    breaks = _breaks(textpage, lines) if len(raw) == textpage.count_chars() else set()
    text = clean(
        _HYPHEN.sub("-", "".join(("\n\n" if index in breaks else "\n") + line for index, line in enumerate(lines)))
    )
    return f"{text.strip()}\n\n" if text.strip() else ""


def _breaks(textpage: Any, lines: list[str]) -> set[int]:
    """Indexes of the lines that stand clearly further below the one before than lines on this page do."""
    steps = dict(_steps(textpage, lines))
    usual = mode([round(step) for step in steps.values() if step > 1] or [0])
    return {index for index, step in steps.items() if step > _PARAGRAPH * usual > 0}


def _steps(textpage: Any, lines: list[str]) -> Iterator[tuple[int, float]]:
    """Index of a line, and how far in points its first letter stands below the last letter of the line before."""
    places, at = [], 0
    for index, line in enumerate(lines):
        bare = line.strip()
        if bare:
            first = at + line.index(bare)
            places.append((index, _bottom(textpage, first), _bottom(textpage, first + len(bare) - 1)))
        at += len(line) + 2
    for (_, _, before), (index, below, _) in pairwise(places):
        yield index, before - below


def _bottom(textpage: Any, index: int) -> float:
    return float(textpage.get_charbox(index, loose=True)[1])
