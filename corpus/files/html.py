"""HTML to text laid out as Markdown (headings, lists, tables, fenced code), each block marked with its line there.

Words stay as they are written: nothing is escaped, links and emphasis leave their text only. Navigation, scripts and
forms' controls are left out. Never loads anything that a page refers to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from lxml import etree

from ...errors import ReadError
from .content import Content, Pages, clean
from .decode import decode
from .formats import Format

# fmt: off
_SKIPPED = frozenset({
    "head", "script", "style", "template", "noscript", "svg", "nav", "footer", "button", "select", "textarea",
    "input", "iframe", "object", "canvas", "audio", "video", "dialog", "map",
})
# fmt: on
_SKIPPED_ROLES = frozenset({"navigation", "search", "contentinfo", "banner"})
_SKIPPED_CLASSES = frozenset({"headerlink", "linenos", "line-numbers", "copybutton", "sphinxsidebar"})
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
# fmt: off
_BLOCKS = frozenset({
    "html", "body", "main", "article", "section", "header", "aside", "div", "p", "blockquote", "address",
    "center", "form", "fieldset", "legend", "figure", "figcaption", "dl", "dt", "dd", "details", "summary",
    "hr", "caption", "thead", "tbody", "tfoot", "td", "th",
}) | set(_HEADINGS)
# fmt: on
_OPENERS = frozenset({"ul", "ol", "pre", "table", "blockquote", "dl"}) | set(_HEADINGS)
"""What a cell of a table for layout holds, and one of a table of data hardly ever."""
_SPACE = re.compile(r"\s+")
_LAST_LINE = 65_535
"""The parser counts lines no further than this."""


def read(data: bytes, form: Format) -> Content:
    """Raises ``ReadError`` for what is not text, or nested more than 2,000 deep."""
    decoded = decode(data)
    root = _parsed(decoded.text)
    if root is None:
        return Content("", form.media_type, "", decoded.metadata)
    writer = _Writer()
    writer.write(root)
    named = root.find("head/title")
    title = " ".join((named.text or "").split()) if named is not None else ""
    return Content(
        writer.pages.text, form.media_type, clean(title or writer.heading), decoded.metadata, writer.pages.marks
    )


def _parsed(text: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    root = etree.fromstring(text.encode(), parser)
    if any("depth" in entry.message for entry in parser.error_log):
        raise ReadError("the page is nested too deeply")
    return root


def _is_skipped(element: Any) -> bool:
    if element.tag in _SKIPPED or "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return True
    return element.get("role") in _SKIPPED_ROLES or not _SKIPPED_CLASSES.isdisjoint(element.get("class", "").split())


class _Writer:
    def __init__(self) -> None:
        self.pages = Pages()
        self.heading = ""
        """The first heading."""
        self._at = 1
        """The line of the file that is being read."""
        self._words: list[str] = []
        self._first = 1
        """The line on which these words begin."""
        self._lead = ""
        self._lists: list[int] = []
        """Open lists, outermost first: the number of the last item, -1 for bullets."""
        self._row: list[str] | None = None
        self._row_line = 1
        self._rows = 0
        """Rows of the open table so far."""
        self._kind = ""

    def write(self, root: Any) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._end(element)
            elif _is_skipped(element) or self._start(element):
                walker.skip_subtree()
        self._flush()

    def _start(self, element: Any) -> bool:
        """Returns whether the element has been dealt with, all that is in it included."""
        tag, self._at = element.tag, element.sourceline or self._at
        if tag in _OPENERS and self._row is not None:
            self._abandon_row()
        if tag in _BLOCKS:
            self._flush()
            self._lead = _HEADINGS.get(tag, self._lead)
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._say(element.get("alt", ""))
        elif tag == "pre":
            self._code(element)
            return True
        else:
            self._open(tag)
        self._say(element.text or "")
        return False

    def _open(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._flush()
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._flush()
            self._lead = self._bullet()
        elif tag == "table":
            self._flush()
            self._rows = 0
        elif tag == "tr":
            self._close_row()
            self._row, self._row_line = [], self._at

    def _end(self, element: Any) -> None:
        tag = element.tag
        if tag in ("td", "th") and self._row is not None:
            self._row.append(" ".join(self._taken().split()))
        elif tag in ("tr", "table"):
            self._close_row()
        elif tag in _BLOCKS or tag in ("ul", "ol", "li"):
            self._flush()
            self._lead = ""
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
        self._say(element.tail or "")

    def _say(self, text: str) -> None:
        if text and not self._words:
            self._first = self._at + text[: len(text) - len(text.lstrip())].count("\n")
        if text.strip() or self._words:
            self._words.append(_SPACE.sub(" ", text))
        self._at += text.count("\n")

    def _taken(self) -> str:
        text, self._words = "".join(self._words), []
        return text

    def _flush(self) -> None:
        """Ends a block; inside a cell, a word."""
        if self._row is not None:
            self._words.append(" ")
            return
        lines = [" ".join(line.split()) for line in self._taken().strip().split("\n")]
        if lines == [""]:
            return
        if self._lead.startswith("#"):
            lines = [" ".join(lines)]
            self.heading = self.heading or lines[0]
        indent = "  " * len(self._lists)
        self._emit((self._lead or indent) + f"\n{indent}".join(lines), "item" if self._lists else "", self._first)
        self._lead = ""

    def _emit(self, text: str, kind: str, line: int) -> None:
        if self.pages.length:
            self.pages.space("\n" if kind and kind == self._kind else "\n\n")
        self._kind = kind
        self.pages.add(clean(text), line=line if line < _LAST_LINE else None)

    def _bullet(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "  " * (len(self._lists) - 1) + "- "
        self._lists[-1] += 1
        return "  " * (len(self._lists) - 1) + f"{self._lists[-1]}. "

    def _close_row(self) -> None:
        if self._row is None:
            self._flush()
            return
        rest = self._taken().strip()
        cells = [*self._row, *([rest] if rest else [])]
        self._row = None
        if any(cells):
            self._emit(f"| {' | '.join(cells)} |", "row", self._row_line)
            if not self._rows:
                self.pages.space("\n|" + " --- |" * len(cells))
            self._rows += 1

    def _abandon_row(self) -> None:
        """The table is one for layout: what is in its cells are blocks."""
        cells, self._row = self._row or [], None
        self._words = list(chain.from_iterable((cell, "\n") for cell in cells)) + self._words
        self._flush()

    def _code(self, element: Any) -> None:
        self._flush()
        code = "".join(_code_texts(element))
        start = self._at + (1 if code.startswith("\n") else 0)
        lines = code.removeprefix("\n").rstrip().split("\n")
        fence = "`" * max([3, *(len(found) + 1 for found in re.findall("`{3,}", code))])
        self._emit(fence, "", start)
        for number, line in enumerate(lines, start=start):
            self.pages.space("\n")
            self.pages.add(clean(line), line=number if number < _LAST_LINE else None)
        self.pages.space(f"\n{fence}")
        self._at += code.count("\n")


def _code_texts(element: Any) -> Iterator[str]:
    """As ``itertext``, without what is skipped elsewhere."""
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, part in walker:
        if event == "end":
            yield (part.tail or "") if part is not element else ""
        elif part is not element and _is_skipped(part):
            walker.skip_subtree()
        else:
            yield "\n" if part.tag == "br" else part.text or ""
