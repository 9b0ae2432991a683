"""The way from runs of text to rows: raised letters on their line, what stands on one baseline together.

A *piece* is text of one line without a wide gap, a *row* the pieces on one baseline, a *region* the rows of one column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from .pdf_page import Page, PdfStyle, Run
from .superscripts import subscript, superscript

_GAP = 0.9
"""Times the font's size: a wider space parts two pieces."""
_SPACE = 0.16
"""Times the font's size: the smallest space between two words."""
_SCRIPT = 0.86
"""A raised or lowered letter is smaller than this times its neighbour."""
_CAP = 1.7
"""Times the size of plain text: a large first letter of a paragraph."""
_SET_OFF = re.compile(r"(?<=[A-Z])\[([A-Z])\](?=[A-Z])")
"""A capital raised inside of a word: ``LATEX``."""
_ACCENTS = dict(zip("¨´ˆ˜¸ˇ˚¯˘˝", "\u0308\u0301\u0302\u0303\u0327\u030c\u030a\u0304\u0306\u030b", strict=True))
_ACCENT = re.compile(f"([{''.join(_ACCENTS)}])([A-Za-zı])")
"""An accent that was drawn before its letter."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


@dataclass(slots=True)
class PdfPiece:
    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    mono: bool
    alone: bool = False
    """Whether nothing goes on from it: a filled form field."""


@dataclass(slots=True)
class PdfRow:
    pieces: list[PdfPiece]
    y: float
    size: float = field(default=0.0)

    @property
    def x0(self) -> float:
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        return self.pieces[0].x1 if len(self.pieces) == 1 else max(piece.x1 for piece in self.pieces)

    @property
    def alone(self) -> bool:
        return any(piece.alone for piece in self.pieces)

    @property
    def text(self) -> str:
        return self.pieces[0].text if len(self.pieces) == 1 else " ".join(piece.text for piece in self.pieces)


Region = list[PdfRow]


@dataclass(slots=True)
class _Part:
    """A run with its letters put on the line's baseline."""

    text: str
    x0: float
    x1: float
    y: float
    style: PdfStyle
    spaced: bool
    script: bool = False
    alone: bool = False


def rows_of(page: Page, body: float, turn: int) -> list[PdfRow]:
    """The page's rows from top to bottom when it is turned by ``turn`` degrees. ``body`` is the size of the document's
    plain text. Text across the page (-1) stands in rows as it was drawn."""
    runs = [run for run in page.runs if run.turn == turn]
    if turn < 0:
        pieces = [
            PdfPiece(run.text, run.x0, run.x1, y=run.y, size=run.style.size, bold=run.style.bold, mono=run.style.mono)
            for run in runs
        ]
        return [PdfRow([piece], piece.y, piece.size) for piece in pieces]
    return _rows(_pieces(runs, page), body)


def _pieces(runs: Sequence[Run], page: Page) -> list[PdfPiece]:
    lines: dict[int, list[list[_Part]]] = {}
    for part in _parts(runs):
        key = round(part.y / 4)
        for near in (key, key - 1, key + 1):
            line = next((one for one in lines.get(near, ()) if abs(one[0].y - part.y) < 0.32 * part.style.size), None)
            if line is not None:
                line.append(part)
                break
        else:
            lines.setdefault(key, []).append([part])
    rules = sorted(page.drawn.down)
    return [piece for row in lines.values() for line in row for piece in _join_parts(line, rules)]


def _parts(runs: Sequence[Run]) -> list[_Part]:
    """Raised and lowered runs join the baseline of the run that they stand behind."""
    parts: list[_Part] = []
    base: Run | None = None
    for run, following in zip_longest(runs, runs[1:]):
        after = parts[-1] if parts else None
        if base is not None and after is not None and _is_script(run, base, after):
            text = run.text.strip()
            changed = superscript(text) if run.y < base.y else subscript(text)
            parts.append(_Part(changed, run.x0, run.x1, y=base.y, style=base.style, spaced=False, script=True))
            continue
        if following is not None and run.y < following.y and _is_script(run, following, None):
            parts.append(
                _Part(
                    f"{superscript(run.text.strip())} ",
                    run.x0,
                    run.x1,
                    y=following.y,
                    style=following.style,
                    spaced=run.spaced,
                )
            )
            continue
        parts.append(_Part(run.text, run.x0, run.x1, y=run.y, style=run.style, spaced=run.spaced, alone=run.alone))
        base = run
    return parts


def _is_script(run: Run, base: Run, after: _Part | None) -> bool:
    """Whether it is a small one behind ``after``, on the line of ``base``; before ``base`` when that is None."""
    if run.style.size > _SCRIPT * base.style.size or run.turn != base.turn or len(run.text) > 24:
        return False
    off = abs(run.y - base.y) / base.style.size
    apart = run.x0 - after.x1 if after is not None else base.x0 - run.x1
    return 0.08 < off < 0.65 and -0.5 < apart / base.style.size < (0.3 if after is not None else 0.8)


def _join_parts(line: list[_Part], rules: list[tuple[float, float, float]]) -> list[PdfPiece]:
    if len(line) > 1:
        line.sort(key=lambda part: part.x0)
        if any(_RIGHT_TO_LEFT.search(part.text) for part in line):
            line = _from_the_right(line)
    pieces: list[PdfPiece] = []
    group: list[_Part] = []
    for part in line:
        if group and _is_apart(group[-1], part, rules):
            pieces.append(_piece(group))
            group = []
        group.append(part)
    pieces.append(_piece(group))
    return [piece for piece in pieces if piece.text]


def _from_the_right(line: list[_Part]) -> list[_Part]:
    """Stretches of right-to-left text are read from their right end."""
    ordered: list[_Part] = []
    stretch: list[_Part] = []
    for part in line:
        if _RIGHT_TO_LEFT.search(part.text) or (stretch and not any(letter.isalpha() for letter in part.text)):
            stretch.append(part)
            continue
        ordered += stretch[::-1]
        stretch = []
        ordered.append(part)
    return ordered + stretch[::-1]


def _is_apart(before: _Part, part: _Part, rules: list[tuple[float, float, float]]) -> bool:
    gap = max(part.x0 - before.x1, before.x0 - part.x1)
    if gap > _GAP * max(before.style.size, part.style.size):
        return True
    return gap > 0.5 and any(
        before.x1 - 1 < x < part.x0 + 1 and top - 2 < part.y < bottom + 2 for x, top, bottom in rules
    )


def _piece(parts: list[_Part]) -> PdfPiece:
    if len(parts) == 1:
        part = parts[0]
        text, style = _ACCENT.sub(_put_accent, " ".join(part.text.split())), part.style
        return PdfPiece(
            text, part.x0, part.x1, y=part.y, size=style.size, bold=style.bold, mono=style.mono, alone=part.alone
        )
    words: list[str] = []
    before: _Part | None = None
    for part in parts:
        if before is not None:
            gap = max(part.x0 - before.x1, before.x0 - part.x1) / max(before.style.size, part.style.size)
            blank = before.text.endswith(" ") or part.text.startswith(" ")
            if blank or gap > _SPACE or (part.spaced and gap > 0.1 and not part.script):
                words.append(" ")
        words.append(part.text)
        before = part
    weights = dict.fromkeys([part.style for part in parts], 0)
    for part in parts:
        weights[part.style] += len(part.text)
    whole = sum(weights.values()) or 1
    main = max(weights, key=lambda style: weights[style])
    text = _SET_OFF.sub(r"\1", " ".join("".join(words).split()))
    return PdfPiece(
        _ACCENT.sub(_put_accent, text),
        min(part.x0 for part in parts),
        max(part.x1 for part in parts),
        y=parts[0].y,
        size=main.size,
        bold=sum(count for style, count in weights.items() if style.bold) > 0.9 * whole,
        mono=sum(count for style, count in weights.items() if style.mono) > 0.8 * whole,
        alone=any(part.alone for part in parts),
    )


def _put_accent(found: re.Match[str]) -> str:
    accent, letter = found.groups()
    whole = unicodedata.normalize("NFC", ("i" if letter == "ı" else letter) + _ACCENTS[accent])
    return whole if len(whole) == 1 else accent + letter


def _rows(pieces: list[PdfPiece], body: float) -> list[PdfRow]:
    rows: list[PdfRow] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if rows and abs(piece.y - rows[-1].y) < 0.3 * min(piece.size, rows[-1].size):
            rows[-1].pieces.append(piece)
            rows[-1].size = max(rows[-1].size, piece.size)
        else:
            rows.append(PdfRow([piece], piece.y, piece.size))
    for row in rows:
        row.pieces.sort(key=lambda piece: piece.x0)
        if len(row.pieces) > 1 and sum(bool(_RIGHT_TO_LEFT.search(piece.text)) for piece in row.pieces) * 2 > len(
            row.pieces
        ):
            row.pieces.reverse()
    return _without_caps(rows, body)


def _without_caps(rows: list[PdfRow], body: float) -> list[PdfRow]:
    """A large first letter joins the line that it begins."""
    for row in rows:
        for piece in [
            one for one in row.pieces if len(one.text) == 1 and one.text.isalpha() and one.size > _CAP * body
        ]:
            beside = [
                (other.y, first)
                for other in rows
                for first in other.pieces
                if first is not piece
                and piece.y - piece.size < other.y < piece.y + 1
                and -1 < first.x0 - piece.x1 < body
                and first.size < piece.size / _CAP
            ]
            if beside:
                first = min(beside, key=lambda pair: pair[0])[1]
                first.text, first.x0 = piece.text + first.text, piece.x0
                row.pieces.remove(piece)
    return [row for row in rows if row.pieces]
