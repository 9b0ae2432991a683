"""The slides of an OpenDocument presentation: each under its title, its shapes from top to bottom, then its notes."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from .layout import Layout
from .odf_styles import DRAW, OFFICE, PRESENTATION, SVG, TEXT, OdfStyles
from .odf_text import OdfStory
from .package import Package

_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,6})?)(cm|mm|in|pt|pc|px)")
_INCHES = {"cm": 1 / 2.54, "mm": 1 / 25.4, "in": 1.0, "pt": 1 / 72, "pc": 1 / 6, "px": 1 / 96}
_BAND = 1 / 3
"""Shapes that begin within so many inches below one another stand on one line."""
_UNSAID = frozenset({"date-time", "page-number", "header", "footer", "page"})
_SHOWN = 20
"""Numbers of hidden slides that are told."""


def write_slides(package: Package, body: Any, styles: OdfStyles, layout: Layout, lost: Counter[str]) -> dict[str, str]:
    """Writes the slides. Each slide is marked with its number as the page. Returns the document's metadata."""
    footers = {one.get(PRESENTATION + "name", ""): one for one in body.iter(PRESENTATION + "footer-decl")}
    said: dict[str, None] = {}
    number = 0
    hidden: list[int] = []
    for number, page in enumerate(body.iterfind(DRAW + "page"), start=1):
        style = page.get(DRAW + "style-name", "")
        if styles.property("drawing-page", style, "drawing-page-properties", PRESENTATION + "visibility") == "hidden":
            hidden.append(number)
            continue
        _Slide(package, styles, layout, lost=lost, number=number, page=page).write()
        footer = footers.get(page.get(PRESENTATION + "use-footer-name", ""))
        if footer is not None and (text := " ".join("".join(footer.itertext()).split())):
            said[text] = None
    if said:
        layout.add("# Header and footer")
        for text in said:
            layout.add(text)
    if hidden:
        numbers = ", ".join(map(str, hidden[:_SHOWN])) + ", …" * (len(hidden) > _SHOWN)
        lost[f"hidden slide| ({numbers})"] += len(hidden)
    return {"slides": str(number)}


class _Slide:
    def __init__(
        self, package: Package, styles: OdfStyles, layout: Layout, lost: Counter[str], number: int, page: Any
    ) -> None:
        self._layout, self._number, self._page = layout, number, page
        self._story = OdfStory(package, styles, layout, lost, page=number)

    def write(self) -> None:
        shapes = [part for part in self._page if part.tag.startswith(DRAW) and _kind(part) not in _UNSAID]
        shapes = [part for part in shapes if part.get(PRESENTATION + "placeholder") != "true"]
        shapes.sort(key=lambda part: (_length(part, "y") // _BAND, _length(part, "x")))
        title = next((part for part in shapes if _kind(part) == "title" and _words(part)), None)
        said = (part for notes in self._page.iterfind(PRESENTATION + "notes") for part in notes)
        notes = [part for part in said if _kind(part) == "notes" and _words(part)]
        comments = list(self._page.iterfind(OFFICE + "annotation"))
        if title is None and not notes and not comments and not any(map(_says, shapes)):
            for part in shapes:
                self._story.shape(part)
            return
        named = _words(title) if title is not None else ""
        self._layout.heading(1, named or f"Slide {self._number}", page=self._number)
        for part in shapes:
            if part is not title:
                self._story.shape(part)
        if notes:
            self._story.settle()
            self._layout.heading(2, "Notes:", page=self._number)
            for part in notes:
                self._story.shape(part)
        self._story.blocks(comments)
        self._story.settle()


def _kind(shape: Any) -> str:
    return str(shape.get(PRESENTATION + "class", ""))


def _words(shape: Any) -> str:
    """All words of a shape, in one line."""
    lines = ("".join(part.itertext()) for part in shape.iter(TEXT + "p", TEXT + "h"))
    return " ".join(" ".join(lines).split())


def _says(shape: Any) -> bool:
    """Whether a shape brings text: its own, that of an object in it, or that of a picture's description."""
    return bool(_words(shape)) or next(shape.iter(DRAW + "object", SVG + "desc", SVG + "title"), None) is not None


def _length(shape: Any, name: str) -> float:
    """Inches, those of the first part for a group; 0 where nothing says it."""
    said = next((place for part in shape.iter() if (place := part.get(SVG + name))), "")
    found = _LENGTH.fullmatch(said)
    return float(found[1]) * _INCHES[found[2]] if found else 0.0
