"""The blocks of an OpenDocument text: headings with their numbers, lists, tables, notes, comments, frames, charts."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Any

from . import odf_styles
from .docx import _DEEPEST, _UNNUMBERED, _flat
from .layout import Cell, Layout, head_rows
from .mathml import linear
from .odf_inline import OdfInline, OdfLine
from .odf_styles import CHART, DRAW, LINK, OFFICE, STYLE, TABLE, TEXT, OdfStyles, whole
from .package import Package, local

_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_INDEXES = frozenset({
    TEXT + "table-of-content", TEXT + "illustration-index", TEXT + "table-index", TEXT + "object-index",
    TEXT + "user-index", TEXT + "alphabetical-index",
})  # fmt: skip
_OPEN = frozenset({TEXT + "index-body", TEXT + "bibliography", TEXT + "numbered-paragraph", DRAW + "a", DRAW + "g"})
"""Elements whose content is read as if they were not there."""
_ROWS = frozenset({TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"})
_REPEATS = 1_000
"""Times that a row or cell of a text's table is repeated, at most."""
_CELLS = 500_000
"""Cells of all tables of a text that repetition may lead to."""


class OdfStory:
    """The text of one part of the file."""

    def __init__(
        self,
        package: Package,
        styles: OdfStyles,
        layout: Layout,
        lost: Counter[str],
        *,
        furniture: bool = False,
        page: int | None = None,
        depth: int = 0,
    ) -> None:
        self.lost = lost
        self._package, self._styles, self._layout = package, styles, layout
        self._furniture, self._page, self._depth = furniture, page, depth
        self._inline = OdfInline(styles, lost)
        self._waiting: list[str] = []
        """Notes and comments whose place is below the list or paragraph that they belong to."""
        self._outline = odf_styles.Counter(styles.outline)
        self._lists: dict[str, odf_styles.Counter] = {}
        """Counts of lists by their id, and the last by its style."""
        self._cells = 0

    def blocks(self, parent: Any) -> None:
        for element in parent:
            tag = element.tag
            if tag == TEXT + "p":
                self._paragraph(element)
            elif tag == TEXT + "h":
                self._heading(element)
            elif tag == TEXT + "list":
                self._list(element, 0, element.get(TEXT + "style-name", ""), self._counter(element))
            elif tag == TABLE + "table":
                self._table(element)
            elif tag == TEXT + "section" and element.get(TEXT + "display") == "none":
                self.lost["hidden part|"] += bool("".join(element.itertext()).strip())
            elif tag == TEXT + "section":
                self.blocks(element)
            elif tag in _INDEXES:
                self.lost["table| of contents"] += 1
            elif tag == TEXT + "tracked-changes":
                self.lost["deleted part|"] += sum(1 for _ in element.iter(TEXT + "deletion"))
            elif tag in _OPEN:
                self.blocks(element)
            elif tag == OFFICE + "annotation":
                self._comment(element)
            elif tag.startswith(DRAW):
                self.shape(element)

    def settle(self) -> None:
        """Writes the notes and comments that wait."""
        waiting, self._waiting = self._waiting, []
        for text in waiting:
            self._layout.add(text, page=self._page)

    def _paragraph(self, element: Any) -> None:
        line = self._inline.line(element)
        style = element.get(TEXT + "style-name", "")
        if not (self._furniture and line.numbered and sum(map(str.isalpha, line.text)) <= _UNNUMBERED):
            self.settle()
            if self._styles.is_named(style, "Title"):
                self._layout.heading(1, line.text, page=self._page)
            else:
                self._layout.add(line.text, page=self._page)
        self._after(line)

    def _heading(self, element: Any, label: str = "") -> None:
        line = self._inline.line(element)
        level = whole(element.get(TEXT + "outline-level"), 1)
        if not label and element.get(TEXT + "is-list-header") != "true" and line.text:
            label = self._outline.next(level - 1)
        self.settle()
        if line.text:
            self._layout.heading(level, f"{label.strip('-')} {line.text}", page=self._page)
        self._after(line)

    def _counter(self, element: Any) -> odf_styles.Counter:
        style = element.get(TEXT + "style-name", "")
        before = element.get(TEXT + "continue-list") or (
            f" {style}" if element.get(TEXT + "continue-numbering") == "true" else ""
        )
        counter = self._lists.get(before) if before else None
        counter = counter or odf_styles.Counter(
            self._styles.lists.get(style) or [odf_styles.OdfLevel(bullet=True)] * 10
        )
        self._lists[f" {style}"] = counter
        if key := element.get("{http://www.w3.org/XML/1998/namespace}id"):
            self._lists[key] = counter
        return counter

    def _list(self, element: Any, level: int, style: str, counter: odf_styles.Counter) -> None:
        if level and element.get(TEXT + "continue-numbering") != "true":
            counter.restart(level)
        for item in element:
            if item.tag not in (TEXT + "list-item", TEXT + "list-header"):
                continue
            own = [child for child in item if child.tag in (TEXT + "p", TEXT + "h")]
            label = ""
            if own and item.tag == TEXT + "list-item":
                label = counter.next(level, item.get(TEXT + "start-value"))
            for child in item:
                if child.tag == TEXT + "list":
                    self._inner_list(child, level + 1, style, counter)
                elif child.tag == TEXT + "h":
                    self._heading(child, label if child is own[0] else "")
                elif child.tag == TEXT + "p":
                    line = self._inline.line(child)
                    first = child is own[0]
                    if first and label:
                        self._layout.item(level, label, line.text, page=self._page)
                    else:
                        self._layout.add(line.text, page=self._page)
                    self._after(line)
                else:
                    self.blocks([child])

    def _inner_list(self, element: Any, level: int, style: str, counter: odf_styles.Counter) -> None:
        own = element.get(TEXT + "style-name", style)
        if own != style and own in self._styles.lists:
            counter = odf_styles.Counter(self._styles.lists[own])
        self._list(element, level, own, counter)

    def _after(self, line: OdfLine) -> None:
        for mark, body in line.notes:
            self._waiting.append(f"[{mark}] {self._plain(body)}" if mark else f"Note: {self._plain(body)}")
        for comment in line.comments:
            self._comment(comment)
        for part in line.below:
            self.shape(part)

    def _comment(self, element: Any) -> None:
        author = " ".join((element.findtext(_CREATOR) or "").split()) or "unknown"
        if text := self._plain([part for part in element if part.tag in (TEXT + "p", TEXT + "list")]):
            self._waiting.append(f"Comment by {author}: {text}")

    def _plain(self, parent: Any) -> str:
        """All that is in a note, a comment or a cell, in one line."""
        if self._depth >= _DEEPEST:
            return ""
        layout = Layout()
        story = self._inside(layout)
        story.blocks(parent)
        self._waiting += story._waiting
        return _flat(layout.pages.text)

    def _inside(self, layout: Layout) -> OdfStory:
        story = OdfStory(
            self._package,
            self._styles,
            layout,
            self.lost,
            furniture=self._furniture,
            page=self._page,
            depth=self._depth + 1,
        )
        story._lists = self._lists
        return story

    def shape(self, element: Any) -> None:
        """A frame or a drawing with the text in it."""
        if self._depth >= _DEEPEST:
            return
        tag = local(element.tag)
        if tag in ("g", "a"):
            for child in element:
                if child.tag.startswith(DRAW):
                    self.shape(child)
        elif tag == "frame":
            self._frame(element)
        elif tag != "control":
            story = self._inside(self._layout)
            story.blocks([part for part in element if part.tag in (TEXT + "p", TEXT + "list")])
            self._waiting += story._waiting

    def _frame(self, frame: Any) -> None:
        parts = {local(part.tag): part for part in reversed(frame)}
        said = " ".join(" ".join((parts[name].text or "") for name in ("title", "desc") if name in parts).split())
        if "table" in parts:
            self._table(parts["table"])
        elif "text-box" in parts:
            story = self._inside(self._layout)
            story.blocks(parts["text-box"])
            self._waiting += story._waiting
        elif "object" in parts:
            self._object(parts["object"], said)
        elif "plugin" in parts:
            self.lost["video or sound|"] += 1
        elif said:
            self._layout.add(said, page=self._page)
        elif "image" in parts:
            self.lost["picture| without text"] += 1
        elif parts:
            self.lost["embedded object|"] += 1

    def _object(self, element: Any, said: str) -> None:
        """A formula, a chart, or a document of another kind."""
        name = posixpath.normpath(element.get(LINK + "href") or "").lstrip("./")
        root = self._package.xml_if_there(f"{name}/content.xml") if name else next(iter(element), None)
        if root is not None and local(root.tag) == "math":
            self._layout.add(linear(root), page=self._page)
            return
        chart = next(root.iter(CHART + "chart"), None) if root is not None else None
        if chart is None:
            self.lost["embedded object|"] += 1
            self._layout.add(said, page=self._page)
            return
        title = chart.find(CHART + "title")
        self._layout.add(" ".join("".join(title.itertext()).split()) if title is not None else said, page=self._page)
        for table in chart.iter(TABLE + "table"):
            self._write_table(list(_rows(table)))

    def _table(self, table: Any) -> None:
        if self._depth >= _DEEPEST:
            return
        rows = list(_rows(table))
        if max((_width(row) for row, _ in rows), default=0) <= 1 or any(map(_is_frame, rows)):
            for row, _ in rows:
                for cell in _cells(row):
                    self.blocks(cell)
            return
        self.settle()
        self._write_table(rows)
        self.settle()

    def _write_table(self, rows: list[tuple[Any, bool]]) -> None:
        told: list[list[Cell]] = []
        heads = 0
        for row, is_head in rows:
            cells = []
            for cell in _cells(row):
                wide = whole(cell.get(TABLE + "number-columns-spanned"), 1)
                tall = whole(cell.get(TABLE + "number-rows-spanned"), 1)
                times = min(whole(cell.get(TABLE + "number-columns-repeated"), 1), _REPEATS)
                cells += [Cell(self._plain(cell), max(1, wide), max(1, tall))] * times
            if any(cell.text for cell in cells):
                times = min(whole(row.get(TABLE + "number-rows-repeated"), 1), _REPEATS)
                self._cells += times * len(cells)
                if self._cells > _CELLS:
                    self.lost["row| beyond measure"] += 1
                    continue
                told += [cells] * times
                heads += is_head
        self._layout.table(told, heads or head_rows(told), page=self._page)


def _rows(table: Any) -> Iterator[tuple[Any, bool]]:
    """Each row, and whether it stands in the table's head."""
    waiting = [(child, False) for child in reversed(table)]
    while waiting:
        element, is_head = waiting.pop()
        if element.tag == TABLE + "table-row":
            yield element, is_head
        elif element.tag in _ROWS:
            is_head = is_head or element.tag == TABLE + "table-header-rows"
            waiting += [(child, is_head) for child in reversed(element)]


def _cells(row: Any) -> Iterator[Any]:
    """Cells that are not covered by another's span."""
    return (cell for cell in row if cell.tag == TABLE + "table-cell")


def _width(row: Any) -> int:
    return sum(1 for cell in row if cell.tag in (TABLE + "table-cell", TABLE + "covered-table-cell"))


def _is_frame(row: tuple[Any, bool]) -> bool:
    """Whether a cell holds a table of its own: the outer one only arranges the page."""
    tables = (cell.find(TABLE + "table") for cell in _cells(row[0]))
    return any(one is not None and len(list(one.iter(TABLE + "table-cell"))) > 1 for one in tables)


def furniture(package: Package, styles: OdfStyles, pages: Any, used: set[str], lost: Counter[str]) -> list[str]:
    """What headers and footers of the kinds of pages in use say, each once. ``pages`` holds all kinds."""
    layout = Layout()
    for master in pages if pages is not None else ():
        if master.get(STYLE + "name") not in used:
            continue
        for part in master:
            if local(part.tag).startswith(("header", "footer")) and part.get(STYLE + "display") != "false":
                story = OdfStory(package, styles, layout, lost, furniture=True)
                story.blocks(part)
                story.settle()
    return list(dict.fromkeys(block.strip() for block in layout.pages.text.split("\n\n") if block.strip()))
