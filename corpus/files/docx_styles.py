"""Styles of a Word file, each with what it takes over from those that it is based on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .package import local

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = W + "val"
_OFF = frozenset({"0", "false", "off", "none"})
_DEEPEST = 20
"""Styles that may be based on one another."""
_HEADING = re.compile(r"heading ([1-9])")


@dataclass(frozen=True, slots=True)
class DocxLook:
    """What is said about a stretch of text; None where nothing is."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: str | None = None
    """``superscript``, ``subscript`` or ``baseline``."""

    def over(self, below: DocxLook) -> DocxLook:
        """This look where it says something, else what is ``below``."""
        return DocxLook(
            below.hidden if self.hidden is None else self.hidden,
            below.struck if self.struck is None else self.struck,
            below.raised if self.raised is None else self.raised,
        )


PLAIN = DocxLook()


@dataclass(frozen=True, slots=True)
class DocxStyle:
    name: str = ""
    outline: int | None = None
    """Level of a heading, from 0."""
    number: str | None = None
    """Id of the numbering that its paragraphs take part in."""
    level: int | None = None
    look: DocxLook = field(default=PLAIN)


def look_of(properties: Any) -> DocxLook:
    """The look that an ``rPr`` element gives; that of none where there is none."""
    if properties is None:
        return PLAIN
    hidden: bool | None = None
    struck: bool | None = None
    raised = None
    for one in properties:
        tag = one.tag
        if tag == W + "vanish" or tag == W + "webHidden":
            hidden = is_on(one) and tag == W + "vanish"
        elif tag in (W + "strike", W + "dstrike"):
            struck = is_on(one) or bool(struck)
        elif tag == W + "vertAlign":
            raised = one.get(_VAL)
    return DocxLook(hidden, struck, raised) if (hidden, struck, raised) != (None, None, None) else PLAIN


def is_on(switch: Any) -> bool:
    return switch is not None and switch.get(_VAL, "1") not in _OFF


def value(element: Any, name: str) -> str | None:
    """The ``w:val`` of a child."""
    found = element.find(W + name) if element is not None else None
    return found.get(_VAL) if found is not None else None


def whole(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


class DocxStyles:
    def __init__(self, root: Any) -> None:
        """``root`` of ``styles.xml``, or None."""
        every = [one for one in root if local(one.tag) == "style"] if root is not None else []
        self._elements = {one.get(W + "styleId", ""): one for one in every}
        self._known: dict[str, DocxStyle] = {"": DocxStyle()}
        self.default = next(
            (
                one.get(W + "styleId", "")
                for one in every
                if one.get(W + "type") == "paragraph" and one.get(W + "default") in ("1", "true", "on")
            ),
            "",
        )

    def style(self, key: str, depth: int = 0) -> DocxStyle:
        if key not in self._known:
            element = self._elements.get(key)
            if element is None or depth > _DEEPEST:
                return DocxStyle()
            below = self.style(value(element, "basedOn") or "", depth + 1)
            self._known[key] = self._make_style(element, below)
        return self._known[key]

    @staticmethod
    def _make_style(element: Any, below: DocxStyle) -> DocxStyle:
        name = (value(element, "name") or "").lower()
        properties = element.find(W + "pPr")
        numbering = properties.find(W + "numPr") if properties is not None else None
        outline = whole(value(properties, "outlineLvl"))
        heading = _HEADING.match(name)
        if outline is None and heading:
            outline = int(heading[1]) - 1
        elif outline is None and name == "title":
            outline = 0
        number, level = value(numbering, "numId"), whole(value(numbering, "ilvl"))
        return DocxStyle(
            name,
            below.outline if outline is None else outline,
            below.number if number is None else number,
            below.level if level is None else level,
            look_of(element.find(W + "rPr")).over(below.look),
        )
