"""PDF, read as people see it: columns in order, headings, paragraphs over pages, tables, form fields and notes.

    bytes ─► pdf_page ─► pdf_layout ─► pdf_running ─► pdf_columns ─► pdf_tables, pdf_blocks ─► pdf_join, pdf_write
             runs        rows          headers out    regions        blocks                    text, marks

Pages are read a stretch at a time: memory beyond the text itself is bounded whatever their number.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from ...errors import ReadError
from . import pdf_extras, pdf_ocr
from .content import Content, clean, count_phrases
from .formats import Format
from .pdf_blocks import CODE, PARAGRAPH, TABLE, PdfBlock, PdfBody, blocks, body_of, plain_title, usual_steps
from .pdf_columns import regions, turned_regions
from .pdf_drawing import Turn
from .pdf_hyphens import PdfWords
from .pdf_layout import Region, rows_of
from .pdf_page import Page, PageReader
from .pdf_page_breaks import join
from .pdf_running import PdfSheet, strip_number, take_out
from .pdf_write import Writer, note

_PDFIUM = threading.Lock()
"""PDFium may be called by one thread at a time."""
_PASSWORD = 4
_STRETCH = 200
"""Pages whose rows are held at a time."""
_OPEN = 8
"""Blocks at a stretch's end that the next may go on."""
_PICTURE = 0.03
"""Share of the page from which a picture is told of."""
_LOGO = 3
"""Pages with a picture at the same place: a letterhead."""
_FEW = 12
"""Words on a page that a picture covers: a stamp on a scan."""
_RUNNING = 5
"""Headers and footers whose text is kept once."""
SCAN, OCR = "text layer of a scan", "read by OCR"


def read(data: bytes, form: Format) -> Content:
    """Reads a PDF as Markdown. Each page is marked with its number. Raises ``ReadError`` for a PDF that is broken,
    locked or all pictures."""
    import pypdfium2

    with _PDFIUM:
        try:
            with pypdfium2.PdfDocument(data) as document:
                document.init_forms()
                title = clean(document.get_metadata_value("Title")).strip()
                reading = _Reading(pdf_extras.bookmarks(document))
                count = len(document)
                for start in range(0, count, _STRETCH):
                    reading.stretch(document, range(start, min(start + _STRETCH, count)))
        except pypdfium2.PdfiumError as error:
            if error.err_code == _PASSWORD:
                raise ReadError("the PDF is protected with a password", fix="save a copy without one") from error
            raise ReadError("the PDF is damaged or not a PDF", fix="open it in a viewer and save it anew") from error
    text = reading.end()
    if not text.strip():
        raise ReadError(
            "the PDF holds no text, only images or empty pages",
            fix='run it through text recognition (OCR), or install the extra: pip install "evidentia[ocr]"',
        )
    return Content(
        text,
        form.media_type,
        title,
        metadata={"pages": str(count)},
        marks=reading.writer.pages.marks,
        omitted=reading.omissions(count),
    )


class _Reading:
    """What is known of the document so far."""

    def __init__(self, bookmarks: dict[int, dict[str, int]]) -> None:
        self._labels: dict[int, str] = {}
        self._words = PdfWords()
        self.writer = Writer(self._words, self._labels)
        self._titles = bookmarks
        self._reader = PageReader()
        self._styles: Counter[tuple[float, bool, bool]] = Counter()
        self._blocks: list[PdfBlock] = []
        self._hidden: Counter[str] = Counter()
        self._pictured: list[int] = []
        self._late: list[int] = []
        self._pictures: list[tuple[int, tuple[int, ...]]] = []
        self._failed: list[int] = []
        self._running: Counter[str] = Counter()
        self._first_running: dict[str, int] = {}
        self._ran: set[int] = set()

    def stretch(self, document: Any, indexes: Iterable[int]) -> None:
        shown = [self._page(document, index) for index in indexes]
        for page, _ in shown:
            for run in page.runs:
                self._styles[run.style.size, run.style.bold, run.style.mono] += len(run.text)
        size = body_of(self._styles, {}).size
        sheets = [PdfSheet(page.number, page.height, rows_of(page, size, page.turn)) for page, _ in shown]
        take_out(sheets)
        columns = [
            [*regions(sheet.rows, page), *turned_regions(page, size)]
            for (page, _), sheet in zip(shown, sheets, strict=True)
        ]
        body = body_of(self._styles, usual_steps(chain.from_iterable(columns)))
        for sheet in sheets:
            self._learn(sheet)
        for (page, notes), found in zip(shown, columns, strict=True):
            self._lay_out(page, found, body)
            self._blocks += [note(text, page.number) for text in notes]
        self.writer.write(self._blocks[:-_OPEN])
        self._blocks = self._blocks[-_OPEN:]

    def _page(self, document: Any, index: int) -> tuple[Page, list[str]]:
        import pypdfium2

        number = index + 1
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            self._failed.append(number)
            return Page.empty(number), []
        try:
            turn = Turn.of(page)
            shown = self._reader.page(page, number, pdf_extras.links(page, turn))
            notes = pdf_extras.read(page, turn, shown)
            self._look_at_pictures(page, shown)
        finally:
            page.close()
        self._hidden += shown.hidden
        return shown, notes

    def _look_at_pictures(self, page: Any, shown: Page) -> None:
        area = shown.width * shown.height
        if shown.scan:
            self._labels[shown.number] = SCAN
            return
        words = sum(run.text.count(" ") + 1 for run in shown.runs)
        covered = shown.drawn.largest_picture > 0.5 * area
        if (not words and (shown.drawn.pictures or shown.drawn.paths > 50)) or (covered and words < _FEW):
            found = pdf_ocr.runs(page, shown)
            if found:
                shown.runs.extend(found)
                self._labels[shown.number] = OCR
            elif pdf_ocr.is_there() and pdf_ocr.is_late():
                self._late.append(shown.number)
            else:
                self._pictured.append(shown.number)
            return
        for box in shown.drawn.pictures:
            if (box[2] - box[0]) * (box[3] - box[1]) > _PICTURE * area:
                self._pictures.append((shown.number, tuple(round(side) for side in box)))

    def _learn(self, sheet: PdfSheet) -> None:
        for row in sheet.rows:
            self._words.learn(row.text)
        for row in sheet.running:
            text = strip_number(row.text)
            self._ran.add(sheet.number)
            self._running[text] += 1
            self._first_running.setdefault(text, sheet.number)

    def _lay_out(self, page: Page, columns: list[Region], body: PdfBody) -> None:
        titles = {plain_title(title): level for title, level in self._titles.get(page.number, {}).items()}
        last = self._blocks[-1].table if self._blocks else None
        before = last.columns if last else None
        for region in columns:
            fresh = True
            for block in blocks(region, page.number, body, drawn=page.drawn, titles=titles, before=before):
                join(self._blocks, block, body, fresh=fresh)
                fresh = fresh and (block.kind in (TABLE, CODE) or (block.kind == PARAGRAPH and block.size < body.size))
            before = None

    def end(self) -> str:
        """The whole text."""
        self.writer.write(self._blocks)
        self._blocks = []
        pages = len(self._ran)
        for text, count in self._running.most_common(_RUNNING):
            if count > 1 and 3 * count > pages and len(text) > 3 and text.casefold() not in self.writer.headings:
                self.writer.write([note(f"Header or footer: {text}", self._first_running[text])])
        if self.writer.pages.length:
            self.writer.pages.space("\n")
        return self.writer.pages.text

    def omissions(self, count: int) -> tuple[str, ...]:
        places = Counter(box for _, box in self._pictures)
        pictures = [page for page, box in self._pictures if places[box] < _LOGO]
        scans = [page for page, label in self._labels.items() if label == SCAN]
        recognised = [page for page, label in self._labels.items() if label == OCR]
        return (
            *_name_pages(
                "page| that are pictures" if len(self._pictured) > 1 else "page that is a picture", self._pictured
            ),
            *_name_pages("page| not read by OCR for want of time", self._late),
            *_name_pages(f"page| {OCR}", recognised),
            *_name_pages(f"page| read from the {SCAN}", scans),
            *_name_pages("damaged page|", self._failed),
            *_name_pages("picture|", pictures),
            *count_phrases({_name_hidden(reason): number for reason, number in self._hidden.items()}),
            *((f"running headers and footers of {len(self._ran):,} pages",) if self._ran else ()),
        )


def _name_hidden(reason: str) -> str:
    return "hidden annotation|" if reason == pdf_extras.HIDDEN else f"word| that people do not see ({reason})"


def _name_pages(name: str, pages: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"{phrase} ({ranges(pages)})" for phrase in count_phrases({name: len(pages)} if pages else {}))


def ranges(pages: Sequence[int]) -> str:
    """Writes the numbers of pages as ranges.

    >>> ranges([2, 3, 4, 7])
    '2-4, 7'
    """
    found: list[list[int]] = []
    for page in sorted(set(pages)):
        if found and page == found[-1][1] + 1:
            found[-1][1] = page
        else:
            found.append([page, page])
    shown = [f"{first}-{last}" if last > first else f"{first}" for first, last in found[:12]]
    return ", ".join([*shown, "…"] if len(found) > 12 else shown)
