"""Word files: paragraphs under their headings, lists with their numbers, tables, notes, comments, text boxes.

Read from the XML itself: converters by way of HTML lose the numbers of lists, merged cells, headers and equations.
Word has no pages until it is printed, so there are no marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from .content import Content, count_phrases
from .docx_inline import DocxInline, DocxLine, Marks, R
from .docx_numbering import Numbering
from .docx_styles import DocxStyle, DocxStyles, W, is_on, value, whole
from .drawing import chart_rows, diagram_items
from .formats import Format
from .layout import Cell, Layout, head_rows
from .package import Package, local, open_package

_FURNITURE = "Header and footer"
_UNNUMBERED = 12
"""Letters that may stand around the number of a page: ``Page 3 of 10``."""
_DEEPEST = 30
"""Text boxes, notes and tables inside one another."""


def read(data: bytes, form: Format) -> Content:
    """Raises ``ReadError``."""
    with open_package(data) as package:
        book = _Book(package)
        book.write()
        text = book.layout.pages.text
        return Content(text, form.media_type, book.layout.heading_1st, omitted=count_phrases(book.lost))


class _Book:
    def __init__(self, package: Package) -> None:
        self.package, self.main = package, package.main()
        self.layout, self.lost, self.marks = Layout(), Counter[str](), Marks()
        self.relations = package.relations(self.main)
        related: dict[str, str] = {}
        for one in self.relations.values():
            related.setdefault(one.kind, one.target)
        part = {kind: package.xml_if_there(name) for kind, name in related.items() if kind in _PARTS}
        self.styles, self.numbering = DocxStyles(part.get("styles")), Numbering(part.get("numbering"))
        settings = part.get("settings")
        self.two_sided = settings is not None and is_on(settings.find(W + "evenAndOddHeaders"))
        self.notes = {
            kind: {one.get(W + "id", ""): one for one in (part[f"{kind}s"] if part.get(f"{kind}s") is not None else ())}
            for kind in ("footnote", "endnote")
        }
        self.parts = {kind: related.get(f"{kind}s", "") for kind in ("footnote", "endnote", "comment")}
        comments = part.get("comments")
        self.comments = {one.get(W + "id", ""): one for one in (comments if comments is not None else ())}

    def write(self) -> None:
        body = self.package.xml(self.main).find(W + "body")
        if body is None:
            raise KeyError("body")
        story = _Story(self, self.main, self.layout)
        story.blocks(body)
        story.settle()
        self._furniture(body)

    def _furniture(self, body: Any) -> None:
        """Headers and footers, each once, those that people see."""
        names: dict[str, None] = {}
        for kind in ("headerReference", "footerReference"):
            for section in body.iter(W + "sectPr"):
                for one in section.iterfind(W + kind):
                    shown = {
                        "first": is_on(section.find(W + "titlePg")), "even": self.two_sided
                    }.get(one.get(W + "type", "default"), True)  # fmt: skip
                    related = self.relations.get(one.get(R + "id", ""))
                    if shown and related is not None:
                        names[related.target] = None
        layout = Layout()
        for name in names:
            root = self.package.xml_if_there(name)
            if root is not None:
                story = _Story(self, name, layout, furniture=True)
                story.blocks(root)
                story.settle()
        said = list(dict.fromkeys(block.strip() for block in layout.pages.text.split("\n\n") if block.strip()))
        if said:
            self.layout.add(f"# {_FURNITURE}")
            for block in said:
                self.layout.add(block)


_PARTS = frozenset({"styles", "numbering", "settings", "footnotes", "endnotes", "comments"})


class _Story:
    """The text of one part of the file."""

    def __init__(self, book: _Book, part: str, layout: Layout, *, furniture: bool = False, depth: int = 0) -> None:
        self._book, self._layout, self._furniture, self._depth = book, layout, furniture, depth
        self._relations = book.relations if part == book.main else book.package.relations(part)
        self._part = part
        self._inline = DocxInline(book.styles, self._relations, book.lost, book.marks)
        self._waiting: list[tuple[str, Any]] = []
        """Notes and comments whose place is below the list or paragraph that they belong to."""
        self._contents = False

    def blocks(self, parent: Any) -> None:
        for element in _unwrap(parent, self):
            if element.tag == W + "p":
                self._paragraph(element)
            elif element.tag == W + "tbl":
                self._table(element)

    def contents(self) -> None:
        """A table of contents: it says what the headings say."""
        if not self._contents:
            self._book.lost["table| of contents"] += 1
            self._contents = True

    def count_lost(self, what: str) -> None:
        self._book.lost[what] += 1

    def settle(self) -> None:
        """Writes the notes and comments that wait."""
        waiting, self._waiting = self._waiting, []
        for lead, text in waiting:
            self._layout.add(f"{lead} {text}")

    def _paragraph(self, paragraph: Any) -> None:
        properties = paragraph.find(W + "pPr")
        styles = self._book.styles
        style = styles.style(value(properties, "pStyle") or styles.default)
        if style.name.startswith("toc ") and style.name[4:].isdigit():
            self._inline.line(paragraph, style.look)
            self.contents()
            return
        self._contents = False
        line = self._inline.line(paragraph, style.look)
        label, level = self._number(properties, style) if line.text else ("", 0)
        outline = whole(value(properties, "outlineLvl"))
        outline = style.outline if outline is None else outline
        dropped = self._furniture and line.numbered and sum(map(str.isalpha, line.text)) <= _UNNUMBERED
        if not dropped:
            if not label or (outline is not None and outline < 9):
                self.settle()
            if outline is not None and outline < 9 and line.text:
                self._layout.heading(outline + 1, f"{label.strip('-')} {line.text}")
            elif label:
                self._layout.item(level, label, line.text)
            else:
                self._layout.add(line.text)
        self._collect(line)
        self._below(line)

    def _number(self, properties: Any, style: DocxStyle) -> tuple[str, int]:
        """The label of a list's item, and its level."""
        numbering = self._book.numbering
        own = properties.find(W + "numPr") if properties is not None else None
        number = value(own, "numId") or style.number
        if number is None or not numbering.is_numbered(number):
            bullet = style.name.startswith("list bullet") and number is None
            return ("-" if bullet else ""), 0
        level = whole(value(own, "ilvl"))
        if level is None:
            of_style = numbering.level_of(number, value(properties, "pStyle") or "")
            level = of_style if of_style is not None else style.level or 0
        return numbering.next(number, level), level

    def _collect(self, line: DocxLine) -> None:
        book = self._book
        for kind, key, mark in line.notes:
            element = book.notes[kind].get(key)
            if element is not None and self._depth < _DEEPEST:
                self._waiting.append((f"[{mark}]" if mark else "Note:", self._plain(element, book.parts[kind])))
        for key in line.comments:
            element = book.comments.get(key)
            if element is not None and self._depth < _DEEPEST:
                author = element.get(W + "author") or "unknown"
                self._waiting.append((f"Comment by {author}:", self._plain(element, book.parts["comment"])))

    def _plain(self, element: Any, part: str) -> str:
        """All that is in a note, a comment or a cell, in one line."""
        layout = Layout()
        story = _Story(self._book, part, layout, depth=self._depth + 1)
        story._inline = self._inline if part == self._part else story._inline
        story.blocks(element)
        self._waiting += story._waiting
        return _flat(layout.pages.text)

    def _below(self, line: DocxLine) -> None:
        for part in line.below:
            tag = local(part.tag)
            related = self._relations.get(part.get(R + "id" if tag == "chart" else R + "dm", ""))
            if tag == "txbxContent":
                if self._depth < _DEEPEST:
                    story = _Story(
                        self._book, self._part, self._layout, furniture=self._furniture, depth=self._depth + 1
                    )
                    story.blocks(part)
                    self._waiting += story._waiting
            elif related is None or not self._book.package.has(related.target):
                self.count_lost("chart|" if tag == "chart" else "SmartArt|")
            elif tag == "chart":
                title, rows = chart_rows(self._book.package.xml(related.target))
                self._layout.add(title)
                self._layout.table(rows)
            else:
                for level, text in diagram_items(self._book.package.xml(related.target)):
                    self._layout.item(level, "-", text)

    def _table(self, table: Any) -> None:
        if self._depth >= _DEEPEST:
            return
        rows = [
            row
            for row in _unwrap(table, self)
            if row.tag == W + "tr" and _in(row, "del") is None and not is_on(_in(row, "hidden"))
        ]
        cells = [[cell for cell in _unwrap(row, self) if cell.tag == W + "tc"] for row in rows]
        if max(map(len, cells), default=0) <= 1 or any(map(self._is_frame, chain.from_iterable(cells))):
            for cell in chain.from_iterable(cells):
                self.blocks(cell)
            return
        self.settle()
        spans = [list(_places(row, own)) for row, own in zip(rows, cells, strict=True)]
        told: list[list[Cell]] = []
        for number, row in enumerate(spans):
            told.append([])
            before = whole(value(rows[number].find(W + "trPr"), "gridBefore")) or 0
            told[-1] += [Cell("")] * min(before, 60)
            for column, wide, merged, cell in row:
                if merged == "continue":
                    continue
                tall = _tall(spans, number, column) if merged else 1
                text = self._plain(cell, self._part)
                told[-1].append(Cell(text, wide, tall, _is_bold(cell)))
        heads = sum(1 for row in rows[:6] if is_on(_in(row, "tblHeader")))
        self._layout.table(_mark_labels(told), heads or head_rows(told))
        self.settle()

    @staticmethod
    def _is_frame(cell: Any) -> bool:
        """Whether a cell holds a table of its own: the outer one only arranges the page."""
        inner = cell.find(W + "tbl")
        return inner is not None and len(inner.findall(f"{W}tr/{W}tc")) > 1


def _unwrap(parent: Any, story: _Story) -> Iterator[Any]:
    """The children, with what stands around them taken away: content controls, tracked insertions, tags."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        name = local(element.tag)
        if name == "sdt":
            if next(
                (True for one in element.iter(W + "docPartGallery") if one.get(W + "val") == "Table of Contents"), False
            ):
                story.contents()
                continue
            content = element.find(W + "sdtContent")
            waiting += reversed(content) if content is not None else ()
        elif name in ("customXml", "ins", "smartTag", "moveTo"):
            waiting += reversed(element)
        elif name == "AlternateContent":
            waiting += reversed(next(iter(element), ()))
        elif name == "altChunk":
            story.count_lost("embedded document|")
        else:
            yield element


def _places(row: Any, cells: list[Any]) -> Iterator[tuple[int, int, str, Any]]:
    """``(column, columns, merged, cell)``; merged is ``restart``, ``continue`` or empty."""
    column = whole(value(row.find(W + "trPr"), "gridBefore")) or 0
    for cell in cells:
        properties = cell.find(W + "tcPr")
        wide = max(1, min(whole(value(properties, "gridSpan")) or 1, 200))
        merge = properties.find(W + "vMerge") if properties is not None else None
        merged = "" if merge is None else merge.get(W + "val", "continue")
        yield column, wide, merged, cell
        column += wide


def _tall(rows: list[list[tuple[int, int, str, Any]]], number: int, column: int) -> int:
    below = number + 1
    while below < len(rows) and any(at == column and merged == "continue" for at, _, merged, _ in rows[below]):
        below += 1
    return below - number


def _mark_labels(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Bold cells are labels where they are the first of each row and others are not bold."""
    firsts = all(row and row[0].head for row in rows) and len(rows) > 1
    others = any(cell.head for row in rows for cell in row[1:])
    return [
        [Cell(one.text, one.columns, one.rows, firsts and not others and at == 0) for at, one in enumerate(row)]
        for row in rows
    ]


def _is_bold(cell: Any) -> bool:
    runs = [run for run in cell.iter(W + "r") if run.find(W + "t") is not None]
    return bool(runs) and all(is_on(run.find(f"{W}rPr/{W}b")) for run in runs)


def _in(row: Any, name: str) -> Any:
    properties = row.find(W + "trPr")
    return properties.find(W + name) if properties is not None else None


def _flat(text: str) -> str:
    """Items of a list are set apart by ``;``, paragraphs by a space."""
    blocks = []
    for block in text.split("\n\n"):
        lines = [line.strip() for line in block.split("\n")]
        items = [line.removeprefix("- ") for line in lines]
        blocks.append(
            ("; " if len(items) > 1 and (lines[0][:2] == "- " or lines[0][:1].isdigit()) else " ").join(items)
        )
    return " ".join(blocks).lstrip("# ") if text.startswith("#") else " ".join(blocks)
