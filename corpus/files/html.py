"""HTML to text laid out as Markdown (headings, lists, definitions, tables, fenced code), block by block.

Words stay as they are written: nothing is escaped but ``|`` in a table, and emphasis leaves its text only. Navigation
and scripts are left out; what people do not see is left out and counted. Each block is marked with its line in
the file. Never loads anything that a page refers to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from .content import Content, Pages, clean, count_phrases
from .decode import decode
from .formats import Format
from .html_inline import WHOLE, inline, target
from .html_table import HtmlGrid
from .html_tree import parse_page
from .html_visible import is_hidden, styles_of

_SKIPPED = frozenset({"head", "script", "style", "noscript", "nav", "map", "datalist", "rp"})
_SKIPPED_ROLES = frozenset({"navigation", "search", "banner"})
_TO_TOP = re.compile(
    r"[\s↑⇑▲^]*(?:(?:(?:back|return|go) )?to (?:the )?(?:top|contents?)|top|nach oben)?[\s↑⇑▲^]*", re.I
)
"""Links that lead back to the beginning and say nothing."""
_SKIPPED_CLASSES = frozenset({"headerlink", "linenos", "line-numbers", "copybutton", "sphinxsidebar"})
_DELETED = frozenset({"del", "s", "strike"})
# fmt: off
_COUNTED = {
    "iframe": "embedded page|", "object": "embedded object|", "embed": "embedded object|", "canvas": "drawing|",
    "svg": "drawing|", "audio": "sound|", "video": "video|",
}
NAMES = frozenset({"hidden part|", "struck-out part|", "picture| without text", *_COUNTED.values()})
"""What may be left out of a page, as it is counted."""
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_BLOCKS = frozenset({
    "html", "body", "main", "article", "section", "header", "footer", "aside", "div", "p", "blockquote", "address",
    "center", "form", "fieldset", "legend", "figure", "figcaption", "dl", "dt", "dd", "details", "summary",
    "hr", "caption", "thead", "tbody", "tfoot", "td", "th", "option", "dialog",
}) | set(_HEADINGS)
# fmt: on
_OPENERS = frozenset({"ul", "ol", "pre", "table", "blockquote", "dl"}) | set(_HEADINGS)
"""What a cell of a table for layout holds; one of a table of data does hardly ever, unless it has header cells."""
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\s*(-?\d{1,7})\b", re.ASCII)
_LAST_LINE = 65_535
"""The parser counts lines no further than this."""
_SPARE = 100_000
"""Characters that merged cells may add to a page, besides twice its own length."""
_APART = "\x1f"
"""Stands between the items of a list in a cell, until the cell ends."""


def read(data: bytes, form: Format) -> Content:
    """Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    root, stripped = parse_page(decoded.text)
    if root is None:
        return Content("", form.media_type, "", decoded.metadata, omitted=stripped)
    writer = _Writer(root, _SPARE + 2 * len(decoded.text))
    writer.write(root)
    named = root.find("head/title")
    title = " ".join((named.text or "").split()) if named is not None else ""
    return Content(
        writer.pages.text,
        form.media_type,
        clean(title or writer.heading),
        metadata=decoded.metadata,
        marks=writer.pages.marks,
        omitted=(*writer.omissions(), *stripped),
    )


def _is_skipped(element: Any) -> bool:
    if element.tag in _SKIPPED or element.get("role") in _SKIPPED_ROLES:
        return True
    if not _SKIPPED_CLASSES.isdisjoint((element.get("class") or "").split()):
        return True
    said = "".join(element.itertext()).strip() if element.tag == "a" else ""
    return said != "" and (element.get("href") or "").startswith("#") and _TO_TOP.fullmatch(said) is not None


def _layout_tables(root: Any) -> set[Any]:
    """Tables that only arrange a page: no header cells of their own, and blocks inside, or a single column."""
    found: set[Any] = set()
    open_: list[tuple[Any, set[str]]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "end":
            if tag == "table" and open_:
                table, seen = open_.pop()
                if table.get("role") in ("presentation", "none") or (
                    "th" not in seen and ("block" in seen or "second" not in seen)
                ):
                    found.add(table)
            continue
        if open_ and tag in _OPENERS:
            open_[-1][1].add("block")
        elif open_ and tag in ("th", "td"):
            open_[-1][1].update({tag} | ({"second"} if element.getprevious() is not None else set()))
        if tag == "table":
            open_.append((element, set()))
    return found


class _Writer:
    def __init__(self, root: Any, budget: int) -> None:
        self.pages = Pages()
        self.heading = ""
        """The first heading."""
        self._styles = styles_of(root)
        self._layout = _layout_tables(root)
        self._lost: Counter[str] = Counter()
        self._at = 1
        """The line of the file that is being read."""
        self._lined = root.sourceline is not None
        self._words: list[str] = []
        self._first = 1
        """The line on which these words begin."""
        self._lead = ""
        self._lists: list[int] = []
        """Open lists, outermost first: the number of the last item, -1 for bullets."""
        self._definitions: list[str] = []
        """Open lists of definitions: whether a term (``dt``) or a definition (``dd``) is read."""
        self._forms = 0
        self._grid: HtmlGrid | None = None
        self._inner = 0
        """Tables inside the cell that is being read."""
        self._in_cell = False
        self._budget = budget
        self._kind = ""
        self._told: set[str] = set()
        """Long forms of abbreviations that have been written."""

    def write(self, root: Any) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._end(element)
            elif _is_skipped(element) or self._is_left_out(element) or self._start(element):
                walker.skip_subtree()
        self._flush()

    def omissions(self) -> tuple[str, ...]:
        return count_phrases(self._lost)

    def _is_left_out(self, element: Any) -> bool:
        if is_hidden(element, self._styles):
            if next((True for text in element.itertext() if text.strip()), False):
                self._lost["hidden part|"] += 1
            return True
        if element.tag in _DELETED:
            self._lost["struck-out part|"] += 1
            return True
        if element.tag in _COUNTED:
            self._lost[_COUNTED[element.tag]] += 1
            return True
        return element.tag == "button" and not self._forms

    def _start(self, element: Any) -> bool:
        """Returns whether the element has been dealt with, all that is in it included."""
        tag, self._at = element.tag, element.sourceline or self._at
        if tag in _BLOCKS:
            self._flush()
            self._lead = _HEADINGS.get(tag, self._lead)
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._say(element.get("alt") or "")
            if "alt" not in element.attrib and element.get("width") != "1":
                self._lost["picture| without text"] += 1
        elif tag in WHOLE:
            self._say(inline(element))
            return True
        elif tag == "pre":
            self._code(element)
            return True
        self._open(element)
        self._say(element.text or "")
        return False

    def _open(self, element: Any) -> None:
        tag = element.tag
        if tag in ("ul", "ol"):
            self._flush()
            self._lists.append(_number(element, "start", 1) - 1 if tag == "ol" else -1)
        elif tag == "li":
            self._flush()
            self._lead = self._bullet(element)
        elif tag in ("dl", "form"):
            self._definitions += [""] if tag == "dl" else []
            self._forms += tag == "form"
        elif tag in ("dt", "dd") and self._definitions:
            self._definitions[-1] = tag
        elif tag == "table":
            self._flush()
            if self._in_cell or (self._grid is not None):
                self._inner += 1
            elif element not in self._layout:
                self._grid = HtmlGrid(self._budget)
        elif self._grid is not None and not self._inner:
            self._open_row(element)

    def _open_row(self, element: Any) -> None:
        assert self._grid is not None
        if element.tag == "tr" or (element.tag in ("td", "th") and not self._grid.rows):
            parent = element.getparent()
            self._grid.begin_row(self._at, header=parent is not None and parent.tag == "thead")
        if element.tag in ("td", "th"):
            self._in_cell = True

    def _end(self, element: Any) -> None:
        tag = element.tag
        if tag == "table":
            self._close_table()
        elif self._grid is not None and not self._inner and tag in ("td", "th", "tr"):
            self._close_cell(element)
        elif tag in _BLOCKS or tag in ("ul", "ol", "li"):
            self._flush()
            self._close(tag)
        elif tag == "a" and not self._lead.startswith("#") and (address := target(element)):
            self._say(f" <{address}>")
        elif tag in ("abbr", "acronym") and (meaning := element.get("title", "").strip()) not in ("", *self._told):
            self._told.add(meaning)
            self._say(f" ({meaning})")
        self._say(element.tail or "")

    def _close(self, tag: str) -> None:
        self._lead = ""
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "dl" and self._definitions:
            self._definitions.pop()
        elif tag in ("dt", "dd") and self._definitions:
            self._definitions[-1] = ""
        elif tag == "form":
            self._forms -= 1

    def _say(self, text: str) -> None:
        if text and not self._words:
            self._first = self._at + text[: len(text) - len(text.lstrip())].count("\n")
        if text.strip() or self._words:
            self._words.append(_SPACE.sub(" ", text))
        self._at += text.count("\n")

    def _take_text(self) -> str:
        text, self._words = "".join(self._words), []
        return text

    def _flush(self) -> None:
        """Ends a block; inside a cell, a word."""
        if self._in_cell:
            self._words.append(" ")
            return
        lines = [" ".join(line.split()) for line in self._take_text().replace(_APART, " ").strip().split("\n")]
        if lines == [""]:
            return
        if self._lead.startswith("#"):
            lines = [" ".join(lines)]
            self.heading = self.heading or lines[0]
        within = self._definitions[-1] if self._definitions and not self._lists and not self._lead else ""
        if within:
            lead = ": " if within == "dd" else ""
            self._emit(lead + " ".join(lines), within, self._first)
            return
        indent = "  " * len(self._lists)
        self._emit((self._lead or indent) + f"\n{indent}".join(lines), "item" if self._lists else "", self._first)
        self._lead = ""

    def _emit(self, text: str, kind: str, line: int) -> None:
        if self.pages.length:
            joins = (kind and kind == self._kind) or (kind == "dd" and self._kind == "dt")
            self.pages.space("\n" if joins else "\n\n")
        self._kind = kind
        self._add(text, line)

    def _add(self, text: str, line: int) -> None:
        self.pages.add(clean(text), line=line if self._lined and line < _LAST_LINE else None)

    def _bullet(self, element: Any) -> str:
        if self._in_cell:
            self._words.append(_APART)
        if not self._lists or self._lists[-1] < 0:
            return "  " * (len(self._lists) - 1) + "- "
        self._lists[-1] = _number(element, "value", self._lists[-1] + 1)
        return "  " * (len(self._lists) - 1) + f"{self._lists[-1]}. "

    def _close_cell(self, element: Any) -> None:
        assert self._grid is not None
        if element.tag == "tr":
            self._grid.end_row()
        elif self._in_cell:
            parts = (" ".join(part.split()) for part in self._take_text().split(_APART))
            columns, rows = _number(element, "colspan", 1), _number(element, "rowspan", 1)
            text = clean("; ".join(part for part in parts if part))
            self._grid.add(text, head=element.tag == "th", columns=columns, rows=rows)
            self._in_cell, self._lead = False, ""

    def _close_table(self) -> None:
        if self._inner:
            self._inner -= 1
            self._flush()
        elif self._grid is None:
            self._flush()
        else:
            grid, self._grid, self._in_cell = self._grid, None, False
            self._budget = grid.budget
            self._flush()
            for kind, line, text in grid.lines():
                self._kind = "row" if kind == "row" else ""
                self._emit(text, "row" if kind == "row" else "", line)
                self._kind = "row" if kind == "header" else self._kind
            self._kind = ""

    def _code(self, element: Any) -> None:
        code = "".join(self._code_texts(element))
        if self._in_cell:
            self._say(f" {code} ")
            return
        self._flush()
        start = self._at + (1 if code.startswith("\n") else 0)
        lines = code.removeprefix("\n").rstrip().split("\n")
        fence = "`" * max([3, *(len(found) + 1 for found in re.findall("`{3,}", code))])
        self._emit(fence, "", start)
        for number, line in enumerate(lines, start=start):
            self.pages.space("\n")
            self._add(line, number)
        self.pages.space(f"\n{fence}")
        self._at += code.count("\n")

    def _code_texts(self, element: Any) -> Iterator[str]:
        """Gives what ``itertext`` does, without what is skipped elsewhere."""
        walker = etree.iterwalk(element, events=("start", "end"))
        for event, part in walker:
            if event == "end":
                yield (part.tail or "") if part is not element else ""
            elif part is not element and (_is_skipped(part) or self._is_left_out(part)):
                walker.skip_subtree()
            else:
                yield "\n" if part.tag == "br" else part.text or ""


def _number(element: Any, name: str, default: int) -> int:
    """An attribute's number, no more than seven digits of it: a page's word is no size."""
    found = _NUMBER.match(element.get(name) or "")
    return max(0, int(found[1])) if found else default
