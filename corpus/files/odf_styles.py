"""Styles of an OpenDocument file: what of them matters to text. Raised, hidden, struck out; numbers of lists; pages.

Source: OpenDocument 1.3 part 3 (OASIS), chapters 16 and 20.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .numerals import numeral

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, STYLE, TEXT, TABLE, DRAW, SVG, PRESENTATION = (
    _SPACE % name for name in ("office", "style", "text", "table", "drawing", "svg-compatible", "presentation")
)
CHART, MANIFEST = _SPACE % "chart", _SPACE % "manifest"
FO = _SPACE % "xsl-fo-compatible"
LINK = "{http://www.w3.org/1999/xlink}"
_DEEPEST = 30
"""Styles that build on one another."""
_LEVELS = 10
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


@dataclass(frozen=True, slots=True)
class OdfLook:
    raised: str = ""
    """``superscript``, ``subscript`` or empty."""
    hidden: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class OdfLevel:
    """A level of a list. ``form`` is empty where no number is shown."""

    bullet: bool = False
    form: str = ""
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1
    """How many levels' numbers are shown, this one's included."""


class OdfStyles:
    def __init__(self, groups: Iterable[Any]) -> None:
        """``groups`` are elements that hold styles, the file's common ones first."""
        self._styles: dict[tuple[str, str], Any] = {}
        self.lists: dict[str, list[OdfLevel]] = {}
        self.outline = [OdfLevel()] * _LEVELS
        for group in groups:
            for one in group:
                if one.tag == STYLE + "style":
                    self._styles[one.get(STYLE + "family", ""), one.get(STYLE + "name", "")] = one
                elif one.tag == TEXT + "list-style":
                    self.lists[one.get(STYLE + "name", "")] = _levels(one)
                elif one.tag == TEXT + "outline-style":
                    self.outline = _levels(one)
        self._looks: dict[tuple[str, str], OdfLook] = {}

    def _chain(self, family: str, name: str) -> list[Any]:
        found: list[Any] = []
        while len(found) < _DEEPEST and (one := self._styles.get((family, name))) is not None:
            found.append(one)
            name = one.get(STYLE + "parent-style-name", "")
        return found

    def look(self, family: str, name: str, outer: OdfLook) -> OdfLook:
        """The look of text in this style within ``outer``."""
        if (family, name) not in self._looks:
            self._looks[family, name] = _look(self._chain(family, name))
        own = self._looks[family, name]
        if own == OdfLook():
            return outer
        return OdfLook(own.raised or outer.raised, own.hidden or outer.hidden, own.struck or outer.struck)

    def is_named(self, paragraph: str, name: str) -> bool:
        """Whether a paragraph's style is the common one of this name, or made from it alone."""
        return any(one.get(STYLE + "name") == name for one in self._chain("paragraph", paragraph)[:2])

    def property(self, family: str, name: str, group: str, key: str) -> str:
        """An attribute of the properties ``group`` of a style; empty where none says it."""
        for one in self._chain(family, name):
            properties = one.find(STYLE + group)
            if properties is not None and (said := properties.get(key)) is not None:
                return str(said)
        return ""

    def master(self, paragraph: str) -> str:
        """The kind of page that a paragraph begins."""
        one = self._styles.get(("paragraph", paragraph))
        return str(one.get(STYLE + "master-page-name", "")) if one is not None else ""


def _look(chain: list[Any]) -> OdfLook:
    position, hidden, struck = "", "", ""
    for one in chain:
        properties = one.find(STYLE + "text-properties")
        if properties is not None:
            position = position or properties.get(STYLE + "text-position", "")
            hidden = hidden or properties.get(TEXT + "display", "")
            struck = struck or properties.get(STYLE + "text-line-through-style", "")
            struck = struck or properties.get(STYLE + "text-line-through-type", "")
    height = position.partition(" ")[0]
    up = height == "super" or (height.rstrip("%").isdecimal() and height.strip("0%") != "")
    down = height == "sub" or height.startswith("-")
    return OdfLook("superscript" if up else "subscript" if down else "", hidden == "none", struck not in ("", "none"))


def _levels(element: Any) -> list[OdfLevel]:
    levels = [OdfLevel()] * _LEVELS
    for one in element:
        at = whole(one.get(TEXT + "level"), 1) - 1
        if 0 <= at < _LEVELS:
            kind = one.tag.removeprefix(TEXT)
            levels[at] = OdfLevel(
                kind.endswith(("bullet", "image")),
                _FORMS.get(one.get(STYLE + "num-format", ""), "") if not kind.endswith("bullet") else "",
                one.get(STYLE + "num-prefix", ""),
                after=one.get(STYLE + "num-suffix", ""),
                start=whole(one.get(TEXT + "start-value"), 1),
                shown=whole(one.get(TEXT + "display-levels"), 1),
            )
    return levels


class Counter:
    """Counts the items of one list, level by level."""

    def __init__(self, levels: list[OdfLevel]) -> None:
        self._levels = levels
        self._counts: list[int | None] = [None] * _LEVELS

    def restart(self, level: int) -> None:
        for below in range(min(level, _LEVELS), _LEVELS):
            self._counts[below] = None

    def next(self, level: int, start: str | None = None) -> str:
        """The label of the next item: its number as printed, ``-`` for a bullet, empty for neither."""
        level = min(max(level, 0), _LEVELS - 1)
        here = self._levels[level]
        now = self._counts[level]
        first = here.start if now is None else now + 1
        self._counts[level] = whole(start, first) if start else first
        self.restart(level + 1)
        if here.bullet:
            return "-"
        if not here.form:
            return ""
        numbers = []
        for above in range(max(0, level + 1 - here.shown), level + 1):
            count, one = self._counts[above], self._levels[above]
            if one.form:
                numbers.append(numeral(one.start if count is None else count, one.form))
        return f"{here.before}{'.'.join(numbers)}{here.after}".strip()


def whole(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else default
