"""What stands inside the paragraphs of an OpenDocument file as text: spans, links, notes, fields, frames in a line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .docx_inline import _join_pieces
from .html_inline import address_behind
from .odf_styles import DRAW, LINK, OFFICE, PRESENTATION, TEXT, OdfLook, OdfStyles, whole
from .package import local

_UNSAID = frozenset({
    TEXT + "soft-page-break", TEXT + "placeholder", TEXT + "script", OFFICE + "annotation-end", TEXT + "ruby-text",
    TEXT + "tracked-changes", PRESENTATION + "footer", PRESENTATION + "header", PRESENTATION + "date-time",
})  # fmt: skip
_NUMBERS = frozenset({TEXT + "page-number", TEXT + "page-count", TEXT + "page-continuation"})
_HIDDEN = frozenset({TEXT + "hidden-text", TEXT + "hidden-paragraph"})
_MOST_SPACES = 100


@dataclass
class OdfLine:
    """One paragraph."""

    text: str = ""
    notes: list[tuple[str, Any]] = field(default_factory=list)
    """Mark and element of each note that it refers to."""
    comments: list[Any] = field(default_factory=list)
    below: list[Any] = field(default_factory=list)
    """Frames and shapes that are anchored in it."""
    numbered: bool = False
    """Whether the number of a page stands in it."""


class OdfInline:
    def __init__(self, styles: OdfStyles, lost: Counter[str]) -> None:
        self._styles, self._lost = styles, lost
        self._line = OdfLine()
        self._pieces: list[tuple[str, str]] = []
        self._kept = True
        """Whether the text before was kept: what is left out in several spans counts once."""

    def line(self, paragraph: Any) -> OdfLine:
        self._line, self._pieces, self._kept = OdfLine(), [], True
        look = self._styles.look("paragraph", paragraph.get(TEXT + "style-name", ""), OdfLook())
        self._children(paragraph, look)
        self._line.text = _join_pieces(self._pieces)
        return self._line

    def _children(self, parent: Any, look: OdfLook) -> None:
        self._say(parent.text, look)
        for child in parent:
            self._child(child, look)
            self._say(child.tail, look)

    def _child(self, element: Any, look: OdfLook) -> None:
        tag = element.tag
        if tag == TEXT + "span":
            self._children(element, self._styles.look("text", element.get(TEXT + "style-name", ""), look))
        elif tag == TEXT + "a":
            self._link(element, look)
        elif tag == TEXT + "s":
            self._say(" " * min(whole(element.get(TEXT + "c"), 1), _MOST_SPACES), look)
        elif tag == TEXT + "tab":
            self._say("\t", look)
        elif tag == TEXT + "line-break":
            self._pieces.append(("", "\n"))
        elif tag == TEXT + "note":
            self._note(element)
        elif tag == OFFICE + "annotation":
            self._line.comments.append(element)
        elif tag == TEXT + "ruby":
            self._ruby(element, look)
        elif tag in _NUMBERS:
            self._line.numbered = True
        elif tag in _HIDDEN and element.get(TEXT + "is-hidden") != "false":
            self._lost["hidden part|"] += 1
        elif tag.startswith(DRAW):
            self._line.below.append(element)
        elif tag not in _UNSAID:
            self._children(element, look)

    def _say(self, text: str | None, look: OdfLook) -> None:
        if not text:
            return
        if look.hidden or look.struck:
            if text.strip():
                self._lost["hidden part|" if look.hidden else "struck-out part|"] += self._kept
                self._kept = False
            return
        self._pieces.append((look.raised, text.replace("\n", " ")))
        self._kept = self._kept or bool(text.strip())

    def _link(self, element: Any, look: OdfLook) -> None:
        begun = len(self._pieces)
        self._children(element, look)
        text = "".join(piece for _, piece in self._pieces[begun:])
        if address := address_behind(element.get(LINK + "href") or "", text):
            self._pieces.append(("", address))

    def _note(self, element: Any) -> None:
        citation, body = element.find(TEXT + "note-citation"), element.find(TEXT + "note-body")
        mark = " ".join("".join(citation.itertext()).split()) if citation is not None else ""
        if body is not None:
            self._line.notes.append((mark, body))
        self._pieces.append(("", f"[{mark}]" if mark else ""))

    def _ruby(self, element: Any, look: OdfLook) -> None:
        for part in element:
            if local(part.tag) == "ruby-base":
                self._children(part, look)
            elif said := "".join(part.itertext()).strip():
                self._say(f" ({said})", look)
