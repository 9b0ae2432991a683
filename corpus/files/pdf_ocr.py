"""Pages that are pictures, read by RapidOCR where the extra ``ocr`` is installed. Its models come with the package."""

from __future__ import annotations

import signal
from functools import cache
from importlib.util import find_spec
from typing import Any

from .pdf_page import Page, PdfStyle, Run

_LONGEST = 2_000
"""Pixels of the picture's longer side."""
_RESERVE = 20.0
"""Seconds that are left to what is not text recognition."""
_SURE = 0.5
"""Lines below this probability are left out."""


def is_there() -> bool:
    return find_spec("rapidocr") is not None


def is_late() -> bool:
    """Whether the process that reads files will soon be over its time (``corpus/reading/worker.py`` sets its timer)."""
    return 0 < signal.getitimer(signal.ITIMER_REAL)[0] < _RESERVE


def runs(page: Any, shown: Page) -> list[Run]:
    """Finds lines of text in the picture of the page (pypdfium2's); none without the extra, or without time for it."""
    if not is_there() or is_late():
        return []
    scale = min(3.0, _LONGEST / max(shown.width, shown.height))
    picture = page.render(scale=scale).to_numpy()
    found = _engine()(picture)
    lines: list[Run] = []
    for box, text, sure in zip(
        *(part if part is not None else () for part in (found.boxes, found.txts, found.scores)), strict=True
    ):
        if sure < _SURE or not text.strip():
            continue
        xs, ys = [float(x) / scale for x, _ in box], [float(y) / scale for _, y in box]
        size = round(0.8 * (max(ys) - min(ys)))
        lines.append(Run(text, min(xs), max(xs), y=max(ys) - 0.25 * size, style=PdfStyle(float(size)), turn=shown.turn))
    return lines


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "warning"})
