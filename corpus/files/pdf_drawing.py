"""What is drawn on a page of a PDF besides text: ruled lines, filled areas and pictures, and what they hide."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

_OBJECTS = 20_000
"""Things drawn on one page that are looked at."""
_SEGMENTS = 400
"""Strokes of one path that are looked at: more are a drawing, not a table's lines."""
_LINES = 3_000
"""Lines, and areas, of one page that are kept: more are a drawing."""
_DEPTH = 4
"""Forms in forms."""
_THIN = 3.0
"""Points: a filled area thinner than this is a line."""
_SAME = 24
"""Steps of 255 by which two colours differ that nobody can tell apart."""

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in the page's own space."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How the page's own space becomes points from the upper left corner of the page as it is shown."""

    degrees: int
    box: Box

    @classmethod
    def of(cls, page: Any) -> Turn:
        left, bottom, right, top = page.get_bbox()  # what stands on a node above the page counts as well
        left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
        return cls(page.get_rotation() % 360, (left, bottom, right, top))

    def further(self, degrees: int) -> Turn:
        return Turn(degrees, self.box)

    @property
    def width(self) -> float:
        left, bottom, right, top = self.box
        return top - bottom if self.degrees % 180 else right - left

    @property
    def height(self) -> float:
        left, bottom, right, top = self.box
        return right - left if self.degrees % 180 else top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box
        if self.degrees == 90:
            return y - bottom, x - left
        if self.degrees == 180:
            return right - x, y - bottom
        return (top - y, right - x) if self.degrees == 270 else (x - left, top - y)

    def across(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turns ``(n, 4)`` of left, top, right, bottom into ``(n, 2)``: where each begins and ends along the line."""
        first = {0: 0, 90: 3, 180: 2, 270: 1}[self.degrees]
        last = {0: 2, 90: 1, 180: 0, 270: 3}[self.degrees]
        ends = boxes[:, [first, last]]
        left, bottom, right, top = self.box
        moved = {0: ends - left, 90: ends - bottom, 180: right - ends, 270: top - ends}[self.degrees]
        return np.sort(moved, axis=1)

    def rect(self, box: Box) -> Box:
        """Left, top, right, bottom as shown."""
        (x0, y0), (x1, y1) = self.point(box[0], box[1]), self.point(box[2], box[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


@dataclass(slots=True)
class PdfDrawing:
    """Lines are ``(place, from, to)``: a horizontal one's ``y`` with its ends in ``x``, and the other way round."""

    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    """Left, top, right, bottom as shown."""
    largest_picture: float = 0.0
    """Square points."""
    paths: int = 0
    _order: dict[int, int] = field(default_factory=dict)
    _areas: list[tuple[int, Box, tuple[int, int, int]]] = field(default_factory=list)
    _covers: list[tuple[int, Box]] = field(default_factory=list)
    _last_picture: int = -1

    def below_picture(self, text: int) -> bool:
        """Whether the page's largest picture was drawn after the text object at this address."""
        return self._order.get(text, 1 << 60) < self._last_picture

    def hides(self, text: int, x: float, y: float, colour: tuple[int, ...]) -> bool:
        """Whether the text object at ``x``, ``y`` of the page's own space has the colour of what it stands on, or an
        area was drawn over it. Where areas are drawn this is a guess, for they may be cut: see ``Proof``."""
        if not self._areas and min(colour) < 255 - _SAME:
            return False
        order = self._order.get(text, 1 << 60)
        ground: tuple[int, ...] | None = (255, 255, 255)
        for number, box, filled in self._areas:
            if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                if number > order:
                    return True
                ground = filled
        for number, box in self._covers:
            if number < order and box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                ground = None
        return ground is not None and max(abs(a - b) for a, b in zip(ground, colour, strict=True)) < _SAME


class Proof:
    """What the page looks like, drawn when it is first asked."""

    def __init__(self, page: Any, turn: Turn) -> None:
        self._page, self._turn = page, turn
        self._scale = min(2.0, 2_000 / max(turn.width, turn.height, 1.0))
        self._grey: NDArray[np.uint8] | None = None

    def shows(self, box: Box) -> bool:
        """Whether anything stands out in the box of the page's own space."""
        if self._grey is None:
            self._grey = self._page.render(scale=self._scale, grayscale=True, may_draw_forms=False).to_numpy()
        left, top, right, bottom = (round(side * self._scale) for side in self._turn.rect(box))
        part = self._grey[max(0, top) : bottom + 1, max(0, left) : right + 1]
        return bool(part.size) and int(part.max()) - int(part.min()) > _SAME


def drawing(page: Any, turn: Turn) -> PdfDrawing:
    from pypdfium2 import raw

    drawn = PdfDrawing()
    for number, (item, kind, outer) in enumerate(_objects(raw, page.raw)):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            drawn._order[ctypes.cast(item, ctypes.c_void_p).value or 0] = number
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            drawn.paths += 1
            _path(raw, drawn, number, item=item, outer=outer, turn=turn)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            _picture(raw, drawn, number, item=item, outer=outer, turn=turn)
        elif kind == raw.FPDF_PAGEOBJ_SHADING:
            drawn._covers.append((number, _bounds(raw, item, outer)))
    return drawn


def _objects(raw: Any, page: Any) -> Iterator[tuple[Any, int, Matrix | None]]:
    """Everything drawn, in its order, with the matrix of the form that it stands in."""
    left = _OBJECTS

    def walk(
        count: int, get: Any, owner: Any, outer: Matrix | None, depth: int
    ) -> Iterator[tuple[Any, int, Matrix | None]]:
        nonlocal left
        for index in range(max(0, count)):
            if left <= 0:
                return
            left -= 1
            item = get(owner, index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_FORM and depth:
                inner = _product(_matrix(raw, item), outer)
                yield from walk(raw.FPDFFormObj_CountObjects(item), raw.FPDFFormObj_GetObject, item, inner, depth - 1)
            else:
                yield item, kind, outer

    yield from walk(raw.FPDFPage_CountObjects(page), raw.FPDFPage_GetObject, page, None, _DEPTH)


def _matrix(raw: Any, item: Any) -> Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(inner: Matrix, outer: Matrix | None) -> Matrix:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    A, B, C, D, E, F = outer
    return a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F


def _move(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(raw: Any, item: Any, outer: Matrix | None) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    box = left.value, bottom.value, right.value, top.value
    if outer is None:
        return box
    xs, ys = zip(*(_move(outer, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _picture(raw: Any, drawn: PdfDrawing, number: int, item: Any, outer: Matrix | None, turn: Turn) -> None:
    box = _bounds(raw, item, outer)
    shown = turn.rect(box)
    clipped = max(shown[0], 0), max(shown[1], 0), min(shown[2], turn.width), min(shown[3], turn.height)
    drawn._covers.append((number, box))
    if clipped[0] < clipped[2] and clipped[1] < clipped[3]:
        drawn.pictures.append(clipped)
        area = (clipped[2] - clipped[0]) * (clipped[3] - clipped[1])
        if area >= drawn.largest_picture:
            drawn.largest_picture, drawn._last_picture = area, number


def _path(raw: Any, drawn: PdfDrawing, number: int, item: Any, outer: Matrix | None, turn: Turn) -> None:
    if max(len(drawn.across), len(drawn.down), len(drawn._areas)) > _LINES:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    box = _bounds(raw, item, outer)
    left, top, right, bottom = turn.rect(box)
    wide, high = right - left, bottom - top
    if min(wide, high) < _THIN:
        if wide > high and wide > _THIN:
            drawn.across.append(((top + bottom) / 2, left, right))
        elif high > _THIN:
            drawn.down.append(((left + right) / 2, top, bottom))
        return
    count = raw.FPDFPath_CountSegments(item)
    if fill.value and not stroke.value and count <= 6:
        parts = [ctypes.c_uint() for _ in range(4)]
        if raw.FPDFPageObj_GetFillColor(item, *parts) and parts[3].value > 250:
            drawn._areas.append((number, box, (parts[0].value, parts[1].value, parts[2].value)))
    elif stroke.value and count <= _SEGMENTS:
        _strokes(raw, drawn, item, count=count, matrix=_product(_matrix(raw, item), outer), turn=turn)


def _strokes(raw: Any, drawn: PdfDrawing, item: Any, count: int, matrix: Matrix, turn: Turn) -> None:
    """The upright and level strokes of a path: a grid may be one path."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        at = turn.point(*_move(matrix, x.value, y.value))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = before = at
            continue
        ends = [(before, at)] if kind == raw.FPDF_SEGMENT_LINETO else []
        if raw.FPDFPathSegment_GetClose(segment):
            ends.append((at, start))
        for (x0, y0), (x1, y1) in ends:
            if abs(y0 - y1) < 1 and abs(x0 - x1) > _THIN:
                drawn.across.append((y0, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) < 1 and abs(y0 - y1) > _THIN:
                drawn.down.append((x0, min(y0, y1), max(y0, y1)))
        before = at
