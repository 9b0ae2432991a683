"""What the tests of PDF draw: lines of text as content streams, and a page's worth of prose."""

from __future__ import annotations

from collections.abc import Callable

from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format

FORM = Format("application/pdf")
MakePdf = Callable[..., bytes]


def text(x: float, y: float, words: str, size: float = 11, font: str = "F1", more: str = "") -> str:
    """Draws ``words`` with their baseline ``y`` points above the page's bottom."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {more} /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n"


def lines(x: float, y: float, *rows: str, size: float = 11, step: float = 14) -> str:
    return "".join(text(x, y - number * step, row, size) for number, row in enumerate(rows))


def page_of(content: Content, words: str) -> int | None:
    at = content.text.index(words)
    return [mark.page for mark in content.marks if mark.start <= at][-1]


FILLER = [
    "The council of the valley meets on the first Monday of each month, in",
    "the old mill, and all who live there may come and be heard. What they",
    "decide is written into a book that lies open in the hall all the year",
    "through, so that nobody can say that he did not know what was decided.",
]
