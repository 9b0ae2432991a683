"""What a page of a PDF shows: runs of text in one style, in points from the upper left corner, and what is drawn.

PDFium's functions are called in bulk, and for the ends of words only, for a page has thousands of characters. Knows
nothing of columns or paragraphs.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat, zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .pdf_drawing import Box, PdfDrawing, Proof, Turn, drawing

_GAP = 0.75
"""Times the font's size: a wider space parts two runs."""
_TINY = 1.5
"""Points: nobody reads smaller letters."""
_SLANT = 8
"""Degrees from the upright at which text is a stamp across the page."""
COLOUR = "in the colour of the page"
_SCAN = 0.5
"""Share of the page that a scan's picture covers."""
_GLYPHS = 200_000
"""Characters of one page that are read."""
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_SIGNS = {
    **_LIGATURES,
    0x02: "-",
    0xFFFE: "-",
    0xAD: "-",
    **dict.fromkeys(map(ord, "\r\n\t\xa0\u2002\u2003\u2009"), " "),
}
_BOLD = re.compile(r"bold|black|heavy|demi|[-_]bd|cmb|sfbx|sfb\d|ecbx", re.IGNORECASE)
_MONO = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|cmsltt|sftt|ectt|lmtt|fixed", re.IGNORECASE)
_FIXED_PITCH, _FORCE_BOLD = 1, 1 << 18
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_WORD = re.compile(r"[^\s\x00]+")


@dataclass(frozen=True, slots=True)
class PdfStyle:
    size: float
    """Points."""
    bold: bool = False
    mono: bool = False


@dataclass(slots=True)
class Run:
    """Characters of one style on one baseline without a wide gap. ``y`` is the baseline, counted downwards."""

    text: str
    x0: float
    x1: float
    y: float
    style: PdfStyle
    turn: int = 0
    """Degrees by which the page must be turned to read it; -1 for text across the page."""
    spaced: bool = False
    """Whether a space stands before it."""
    alone: bool = False
    """Whether nothing goes on from it: a filled form field."""


@dataclass(slots=True)
class Page:
    number: int
    width: float
    height: float
    runs: list[Run]
    drawn: PdfDrawing
    turn: int = 0
    hidden: Counter[str] = field(default_factory=Counter)
    """Words that people do not see, by the reason."""
    scan: bool = False
    """Whether the text is the invisible layer of a scanned page."""

    @classmethod
    def empty(cls, number: int) -> Page:
        return cls(number, 0.0, 0.0, [], PdfDrawing())


@dataclass(slots=True)
class _Look:
    """How one text object is drawn."""

    style: PdfStyle
    y: float
    turn: int
    mode: int
    reason: str = ""
    """Why people do not see it; empty when they do."""


@dataclass(slots=True)
class _Words:
    """Words, each within one text object: characters ``first`` to ``last``, both included."""

    text: str
    """The page's text, one character for each of PDFium's."""
    first: list[int]
    last: list[int]
    address: list[int]


def _bulk(name: str, *arguments: Any, result: Any = ctypes.c_int) -> Any:
    """The function of PDFium that takes plain addresses: converting pointers would cost more than the call."""
    from pypdfium2 import raw

    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


class PageReader:
    """Reads pages one after the other. Callers hold the lock of PDFium."""

    def __init__(self) -> None:
        handle, number = ctypes.c_void_p, ctypes.c_int
        self._loose = _bulk("FPDFText_GetLooseCharBox", handle, number, handle)
        self._tight = _bulk("FPDFText_GetCharBox", handle, number, *[handle] * 4)
        self._object = _bulk("FPDFText_GetTextObject", handle, number, result=ctypes.c_size_t)
        self._unicode = _bulk("FPDFText_GetUnicode", handle, number, result=ctypes.c_uint)
        self._matrix = _bulk("FPDFText_GetMatrix", handle, number, handle)
        self._origin = _bulk("FPDFText_GetCharOrigin", handle, number, handle, handle)
        self._size = _bulk("FPDFText_GetFontSize", handle, number, result=ctypes.c_double)
        self._mode = _bulk("FPDFTextObj_GetTextRenderMode", handle)
        self._font = _bulk("FPDFTextObj_GetFont", handle, result=ctypes.c_size_t)
        self._fill = _bulk("FPDFPageObj_GetFillColor", *[handle] * 5)
        self._stroke = _bulk("FPDFPageObj_GetStrokeColor", *[handle] * 5)
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._styles: dict[tuple[float, bool, bool], PdfStyle] = {}

    def page(self, page: Any, number: int, links: Sequence[tuple[Box, str]] = ()) -> Page:
        """Reads one page. ``page`` is pypdfium2's; ``links`` are places on it, as shown, with their targets."""
        turn = Turn.of(page)
        drawn = drawing(page, turn)
        found = Page(number, turn.width, turn.height, runs=[], drawn=drawn, turn=turn.degrees)
        textpage = page.get_textpage()
        try:
            handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
            count = min(textpage.count_chars(), _GLYPHS)
            self._fonts.clear()
            words = self._words(handle, self._text(textpage.raw, handle, count))
            if not words.first:
                return found
            looks = self._looks(handle, words, turn, drawn, found)
            self._prove(handle, words, looks, Proof(page, turn))
            left, right = self._ends(handle, words, turn, looks)
        finally:
            textpage.close()
        for address in words.address:
            if looks[address].reason:
                found.hidden[looks[address].reason] += 1
        found.runs.extend(_runs(words, looks, left, right, _targets(words, looks, left, right, links)))
        return found

    def _text(self, textpage: Any, handle: Any, count: int) -> str:
        """Exactly one character for each of PDFium's."""
        from pypdfium2 import raw

        buffer = (ctypes.c_ushort * (count + 1))()
        raw.FPDFText_GetText(textpage, 0, count, buffer)
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        if len(text) != count or "\x00" in text or "\ufffd" in text:
            codes = map(self._unicode, repeat(handle), range(count))
            text = "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)
        return text

    def _words(self, handle: Any, text: str) -> _Words:
        spans = [match.span() for match in _WORD.finditer(text)]
        first, last = [start for start, _ in spans], [end - 1 for _, end in spans]
        begins = list(map(self._object, repeat(handle), first))
        # An object's characters stand together: the end of a word needs a look only where another one follows.
        ends = [
            address if address == following else self._object(handle, end)
            for address, following, end in zip_longest(begins, begins[1:], last)
        ]
        if begins == ends and all(begins):
            return _Words(text, first, last, begins)
        words = _Words(text, [], [], [])
        for start, end, address, other in zip(first, last, begins, ends, strict=True):
            parts = [(start, end, address)] if address == other else self._parts(handle, start, end)
            for low, high, owner in parts:
                if owner:
                    words.first.append(low)
                    words.last.append(high)
                    words.address.append(owner)
        return words

    def _parts(self, handle: Any, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """A word cut where another text object begins."""
        owners = list(map(self._object, repeat(handle), range(start, end + 1)))
        low = 0
        for index in range(1, len(owners) + 1):
            if index == len(owners) or owners[index] != owners[low]:
                yield start + low, start + index - 1, owners[low]
                low = index

    def _looks(self, handle: Any, words: _Words, turn: Turn, drawn: PdfDrawing, page: Page) -> dict[int, _Look]:
        numbers = np.zeros(6, np.float32)
        place = np.zeros(2)
        paint = np.zeros(4, np.uint32)
        at, x, colour = numbers.ctypes.data, place.ctypes.data, paint.ctypes.data
        looks: dict[int, _Look] = {}
        seen: list[tuple[_Look, int, float, float, list[int]]] = []
        before = 0
        for address, index in zip(words.address, words.first, strict=True):
            if address == before or address in looks:
                continue
            before = address
            self._matrix(handle, index, at)
            self._origin(handle, index, x, x + 8)
            a, b, c, d, _, _ = numbers.tolist()
            mode = self._mode(address)
            known = (self._stroke if mode in (1, 5) else self._fill)(
                address, colour, colour + 4, colour + 8, colour + 12
            )
            bold, mono = self._face(self._font(address))
            scale = abs(d) if not c and d else math.hypot(c, d) or math.hypot(a, b)
            size = round(self._size(handle, index) * scale, 1)
            key = (size, bold or mode == 2, mono)
            style = self._styles.get(key) or self._styles.setdefault(key, PdfStyle(*key))
            ox, oy = place.tolist()
            upright = 0 if not b and a > 0 else _upright(a, b)
            if upright == turn.degrees == 0:
                y = turn.box[3] - oy
            else:
                y = (turn if upright in (turn.degrees, -1) else turn.further(upright)).point(ox, oy)[1]
            look = looks[address] = _Look(style, y, upright, mode)
            seen.append((look, address, ox, oy, paint.tolist() if known else [0, 0, 0, 255]))
        page.scan = _is_scan(words, looks, drawn, page)
        for look, address, ox, oy, rgba in seen:
            look.reason = _why_hidden(look, address, ox, y=oy, rgba=rgba, turn=turn, drawn=drawn, scan=page.scan)
        return looks

    def _prove(self, handle: Any, words: _Words, looks: dict[int, _Look], proof: Proof) -> None:
        """Looks at what seems to have the colour of its ground: areas may be cut, so that it is seen after all."""
        suspects = {address for address, look in looks.items() if look.reason == COLOUR}
        box = np.zeros(4)
        left_right_low_high = [box.ctypes.data + 8 * number for number in (0, 2, 1, 3)]
        for address, first, last in zip(words.address, words.first, words.last, strict=True):
            if address in suspects:
                suspects.remove(address)
                corners = []
                for index in (first, last):
                    self._tight(handle, index, *left_right_low_high)
                    corners.append(box.copy())
                low, high = np.minimum(*corners), np.maximum(*corners)
                if proof.shows((low[0], low[1], high[2], high[3])):
                    looks[address].reason = ""

    def _face(self, font: int) -> tuple[bool, bool]:
        """Whether the font is bold, and whether all its letters are equally wide."""
        if font not in self._fonts:
            from pypdfium2 import raw

            pointer = ctypes.cast(font, raw.FPDF_FONT)
            buffer = ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(pointer, buffer, 200)
            name = buffer.value.decode("latin-1").rpartition("+")[2]
            flags = max(0, raw.FPDFFont_GetFlags(pointer)) if font else 0
            bold = bool(_BOLD.search(name)) or bool(flags & _FORCE_BOLD)
            self._fonts[font] = bold, bool(flags & _FIXED_PITCH) or bool(_MONO.search(name))
        return self._fonts[font]

    def _ends(self, handle: Any, words: _Words, turn: Turn, looks: dict[int, _Look]) -> tuple[list[float], list[float]]:
        """Where each word begins and ends along its line. A turned one's box is that of its ink."""
        count = len(words.first)
        boxes = np.zeros((2 * count, 4), np.float32)
        base = boxes.ctypes.data
        list(map(self._loose, repeat(handle), words.first, range(base, base + 16 * count, 16)))
        list(map(self._loose, repeat(handle), words.last, range(base + 16 * count, base + 32 * count, 16)))
        ends = turn.across(boxes.astype(np.float64))
        if {look.turn for look in looks.values()} != {0}:
            self._turn_ends(handle, words, turn, looks, ends)
        return (
            np.minimum(ends[:count, 0], ends[count:, 0]).tolist(),
            np.maximum(ends[:count, 1], ends[count:, 1]).tolist(),
        )

    def _turn_ends(
        self, handle: Any, words: _Words, turn: Turn, looks: dict[int, _Look], ends: NDArray[np.float64]
    ) -> None:
        tight = np.zeros((1, 4))
        left_right_low_high = [tight.ctypes.data + 8 * number for number in (0, 2, 3, 1)]
        for number, index in enumerate((*words.first, *words.last)):
            upright = looks[words.address[number % len(words.first)]].turn
            if upright:
                self._tight(handle, index, *left_right_low_high)
                own = turn if upright in (turn.degrees, -1) else turn.further(upright)
                ends[number] = own.across(tight)[0]


def _upright(a: float, b: float) -> int:
    angle = math.degrees(math.atan2(b, a))
    return round(angle / 90) * 90 % 360 if abs(math.remainder(angle, 90)) <= _SLANT else -1


def _is_scan(words: _Words, looks: dict[int, _Look], drawn: PdfDrawing, page: Page) -> bool:
    """Most of the text is invisible, or the page's picture lies above it."""
    if drawn.largest_picture < _SCAN * page.width * page.height:
        return False
    below = {address for address, look in looks.items() if look.mode in (3, 7) or drawn.below_picture(address)}
    return 2 * sum(address in below for address in words.address) > len(words.address)


def _why_hidden(
    look: _Look, address: int, x: float, y: float, rgba: Sequence[int], turn: Turn, drawn: PdfDrawing, *, scan: bool
) -> str:
    if look.style.size < _TINY:
        return "tiny"
    left, bottom, right, top = turn.box
    if not (left - 2 < x < right + 2 and bottom - 2 < y < top + 2):
        return "outside the page"
    if scan and (look.mode in (3, 7) or drawn.below_picture(address)):
        return ""
    if look.mode in (3, 7) or rgba[3] < 8:
        return "invisible"
    middle = look.style.size / 4
    return COLOUR if drawn.hides(address, x + middle, y + middle, tuple(rgba[:3])) else ""


def _targets(
    words: _Words, looks: dict[int, _Look], left: list[float], right: list[float], links: Sequence[tuple[Box, str]]
) -> dict[int, str]:
    """The target of each link, by the last character of its last word, unless it is the link's own text."""
    found: dict[int, str] = {}
    if not links:
        return found
    said, before = "", ""
    for number, address in enumerate(words.address):
        x, y = (left[number] + right[number]) / 2, looks[address].y - looks[address].style.size / 4
        target = next((uri for box, uri in links if box[0] <= x <= box[2] and box[1] <= y <= box[3]), "")
        if target != before:
            if before and not _says(said, before):
                found[words.last[number - 1]] = before
            said = ""
        if target:
            said += words.text[words.first[number] : words.last[number] + 1]
        before = target
    if before and not _says(said, before):
        found[words.last[-1]] = before
    return found


def _says(text: str, target: str) -> bool:
    bare = re.sub(r"\W+", "", text.translate(_SIGNS)).lower()
    return bool(bare) and bare in re.sub(r"\W+", "", target).lower() and ("." in text or "@" in text)


def _runs(
    words: _Words, looks: dict[int, _Look], left: list[float], right: list[float], targets: dict[int, str]
) -> Iterator[Run]:
    """Words that stand beside one another in one style are one run; a link's last word ends one."""
    run: Run | None = None
    begin = end = 0
    for address, first, last, x0, x1 in zip(words.address, words.first, words.last, left, right, strict=True):
        look = looks[address]
        if look.reason:
            continue
        target = targets.get(end - 1, "") if run is not None else ""
        if (
            run is not None
            and not target
            and run.style is look.style
            and abs(run.y - look.y) < 0.2
            and run.turn == look.turn
        ):
            near = _GAP * look.style.size
            if -near < x0 - run.x1 < near and first >= end:
                end = last + 1
                run.x1 = max(run.x1, x1)
                continue
            if look.turn < 0 or (first - end < 3 and _RIGHT_TO_LEFT.search(words.text, begin, last + 1)):
                end = last + 1
                run.x0, run.x1 = min(run.x0, x0), max(run.x1, x1)
                continue
        if run is not None:
            run.text = _run_text(words.text[begin:end], target)
            yield run
        begin, end = first, last + 1
        spaced = first > 0 and words.text[first - 1].isspace()
        run = Run("", x0, x1, y=look.y, style=look.style, turn=look.turn, spaced=spaced)
    if run is not None:
        run.text = _run_text(words.text[begin:end], targets.get(end - 1, ""))
        yield run


def _run_text(text: str, target: str) -> str:
    text = text.translate(_SIGNS)
    return f"{text} <{target}>" if target else text
