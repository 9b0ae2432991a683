"""PowerPoint files: each slide under its title, its shapes from top to bottom, then its notes.

Hidden slides are left out and counted. Each slide is marked with its number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .content import Content, count_phrases
from .docx_inline import _join_pieces
from .drawing import chart_rows, diagram_items, text_of
from .formats import Format
from .html_inline import _ABSOLUTE, _bare
from .layout import Cell, Layout, head_rows
from .numerals import numeral
from .omml import linear
from .package import OfficeRelation, Package, local, open_package

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BAND = 300_000
"""Shapes that begin within so much (a third of an inch) below one another stand on one line."""
_TITLES = frozenset({"title", "ctrTitle"})
_UNSAID = frozenset({"dt", "sldNum", "sldImg", "hdr"})
"""Places for the date and the slide's number."""
_DEEPEST = 40
_SCHEME = re.compile("(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)")
_FORMS = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman",
          "romanUc": "upperRoman"}  # fmt: skip
_SIGNS = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}"}


def read(data: bytes, form: Format) -> Content:
    """Reads slides as Markdown. Raises ``ReadError``."""
    with open_package(data) as package:
        deck = _Deck(package)
        shown = deck.write()
        layout = deck.layout
        omitted = count_phrases(deck.lost)
        if deck.hidden:
            numbers = ", ".join(map(str, deck.hidden[:20])) + ", …" * (len(deck.hidden) > 20)
            omitted = (f"{len(deck.hidden)} hidden slide{'s' * (len(deck.hidden) > 1)} ({numbers})", *omitted)
        return Content(
            layout.pages.text,
            form.media_type,
            layout.heading_1st,
            metadata={"slides": str(shown)},
            marks=layout.pages.marks,
            omitted=omitted,
        )


class _Deck:
    def __init__(self, package: Package) -> None:
        self.package, self.layout, self.lost = package, Layout(), Counter[str]()
        self.hidden: list[int] = []
        self.footers: dict[str, None] = {}
        self._layouts: dict[str, tuple[Any, Any]] = {}

    def write(self) -> int:
        """Returns the number of slides."""
        main = self.package.main()
        relations = self.package.relations(main)
        listed = self.package.xml(main).iter(P + "sldId")
        names = [one.target for sld in listed if (one := relations.get(sld.get(R + "id", ""))) is not None]
        authors = self._authors(relations)
        for number, name in enumerate(names, start=1):
            root = self.package.xml_if_there(name)
            if root is None:
                self.lost["slide| that the file does not hold"] += 1
            elif root.get("show") in ("0", "false"):
                self.hidden.append(number)
            else:
                _Slide(self, number, name, root).write(authors)
        if self.footers:
            self.layout.add("# Header and footer")
            for text in self.footers:
                self.layout.add(text)
        return len(names)

    def _authors(self, relations: Mapping[str, OfficeRelation]) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in relations.values():
            if (
                one.kind in ("commentAuthors", "authors")
                and (root := self.package.xml_if_there(one.target)) is not None
            ):
                found |= {author.get("id", ""): author.get("name", "") for author in root}
        return found

    def frames(self, relations: Mapping[str, OfficeRelation]) -> tuple[Any, Any]:
        """The slide layout and the master of a slide."""
        name = next((one.target for one in relations.values() if one.kind == "slideLayout"), "")
        if name not in self._layouts:
            above = self.package.relations(name) if self.package.has(name) else {}
            master = next((one.target for one in above.values() if one.kind == "slideMaster"), "")
            self._layouts[name] = (self.package.xml_if_there(name), self.package.xml_if_there(master))
        return self._layouts[name]


class _Slide:
    def __init__(self, deck: _Deck, number: int, name: str, root: Any) -> None:
        self._deck, self._number, self._root = deck, number, root
        self._relations = deck.package.relations(name)
        self._slots, self._styles = _Slots(*deck.frames(self._relations)), deck.frames(self._relations)

    def write(self, authors: Mapping[str, str]) -> None:
        tree = next(self._root.iter(P + "spTree"), None)
        shapes = list(_shapes(tree, 0, self._deck.lost)) if tree is not None else []
        shapes.sort(key=lambda shape: (self._place(shape)[1] // _BAND, self._place(shape)[0]))
        titles = [shape for shape in shapes if _kind(shape) in _TITLES and text_of(shape).strip()]
        begun = self._deck.layout.pages.length
        named = " ".join(_text(titles[0], self._relations).split()) if titles else ""
        heading = [(1, named or f"Slide {self._number}")]
        for shape in shapes:
            if shape not in titles[:1]:
                tag = local(shape.tag)
                if tag == "sp":
                    self._text_shape(shape, heading)
                elif tag == "graphicFrame":
                    self._graphic(shape, heading)
                elif tag == "pic":
                    self._picture(shape, heading)
        if named or self._deck.layout.pages.length > begun:
            self._open(heading)
        self._notes(heading)
        self._comments(authors, heading)

    def _open(self, heading: list[tuple[int, str]]) -> None:
        """A slide without a title and text is not mentioned."""
        while heading:
            self._deck.layout.heading(*heading.pop(), page=self._number)

    def _picture(self, shape: Any, heading: list[tuple[int, str]]) -> None:
        named = next(shape.iter(P + "cNvPr"), None)
        text = " ".join((named.get("descr") or "").split()) if named is not None else ""
        kinds = {local(one.tag) for one in shape.iter()}
        if kinds & {"videoFile", "audioFile", "quickTimeFile"}:
            self._deck.lost["video or sound|"] += 1
        elif text:
            self._open(heading)
            self._deck.layout.add(text, page=self._number)
        else:
            self._deck.lost["picture| without text"] += 1

    def _text_shape(self, shape: Any, heading: list[tuple[int, str]]) -> None:
        kind = _kind(shape)
        if kind in _UNSAID:
            return
        if kind == "ftr":
            if said := " ".join(text_of(shape).split()):
                self._deck.footers[said] = None
            return
        body = next(shape.iter(P + "txBody"), None)
        if body is None or not any((part.text or "").strip() for part in body.iter("{*}t")):
            return
        self._open(heading)
        counts: dict[int, int] = {}
        chain = self._slots.styles(shape)
        for paragraph in body.iterfind(A + "p"):
            text = _line(paragraph, self._relations)
            if not text:
                continue
            properties = paragraph.find(A + "pPr")
            level = _whole(properties.get("lvl") if properties is not None else None)
            label = _label(properties, level, chain, counts)
            if label:
                self._deck.layout.item(level, label, text, page=self._number)
            else:
                self._deck.layout.add(text, page=self._number)

    def _graphic(self, shape: Any, heading: list[tuple[int, str]]) -> None:
        layout, place, package = self._deck.layout, self._number, self._deck.package
        table = next(shape.iter(A + "tbl"), None)
        if table is not None:
            self._open(heading)
            rows = list(_rows(table, self._relations))
            layout.table(rows, head_rows(rows), page=place)
            return
        for part in shape.iter("{*}chart", "{*}relIds"):
            is_chart = local(part.tag) == "chart"
            related = self._relations.get(part.get(R + "id" if is_chart else R + "dm", ""))
            if related is None or not package.has(related.target):
                self._deck.lost["chart|" if is_chart else "SmartArt|"] += 1
                continue
            self._open(heading)
            if is_chart:
                title, told = chart_rows(package.xml(related.target))
                layout.add(title, page=place)
                layout.table(told, page=place)
            else:
                for level, text in diagram_items(package.xml(related.target)):
                    layout.item(level, "-", text, page=place)
            return
        if next(shape.iter("{*}oleObj"), None) is not None:
            self._deck.lost["embedded object|"] += 1

    def _notes(self, heading: list[tuple[int, str]]) -> None:
        for one in self._relations.values():
            root = self._deck.package.xml_if_there(one.target) if one.kind == "notesSlide" else None
            if root is None:
                continue
            for shape in root.iter(P + "sp"):
                lines = [_line(line, {}) for line in shape.iter(A + "p")]
                if _kind(shape) == "body" and any(lines):
                    self._open(heading)
                    self._deck.layout.heading(2, "Notes:", page=self._number)
                    for line in lines:
                        self._deck.layout.add(line, page=self._number)

    def _comments(self, authors: Mapping[str, str], heading: list[tuple[int, str]]) -> None:
        for one in self._relations.values():
            root = self._deck.package.xml_if_there(one.target) if one.kind == "comments" else None
            for comment in root.iter("{*}cm", "{*}reply") if root is not None else ():
                bodies = [child for child in comment if local(child.tag) in ("text", "txBody")]
                text = " ".join(" ".join(bodies[0].itertext()).split()) if bodies else ""
                if text:
                    self._open(heading)
                    author = authors.get(comment.get("authorId", ""), "") or "unknown"
                    self._deck.layout.add(f"Comment by {author}: {text}", page=self._number)

    def _place(self, shape: Any) -> tuple[int, int]:
        own = _offset(shape)
        return own if own is not None else self._slots.place(shape)


class _Slots:
    """Where a layout and its master put their placeholders, and how these show their paragraphs."""

    def __init__(self, layout: Any, master: Any) -> None:
        self._layout, self._master = (list(one.iter(P + "sp")) if one is not None else [] for one in (layout, master))
        styles = next(master.iter(P + "txStyles"), None) if master is not None else None
        self._body = styles.find(P + "bodyStyle") if styles is not None else None

    def _above(self, shape: Any) -> Iterator[Any]:
        own = _slot(shape)
        if own is None:
            return
        kind, index = own.get("type", "obj"), own.get("idx", "0")
        for one in self._layout:
            slot = _slot(one)
            if slot is not None and slot.get("idx", "0") == index:
                kind = slot.get("type", kind)
                yield one
                break
        wanted = {"ctrTitle": "title", "obj": "body", "subTitle": "body"}.get(kind, kind)
        for one in self._master:
            slot = _slot(one)
            if slot is not None and slot.get("type", "body") == wanted:
                yield one
                break

    def place(self, shape: Any) -> tuple[int, int]:
        return next((place for one in self._above(shape) if (place := _offset(one)) is not None), (0, 0))

    def styles(self, shape: Any) -> list[Any]:
        """Lists of paragraph styles, the nearest first."""
        above = list(self._above(shape))
        own = _slot(shape)
        lists = [next(one.iter(A + "lstStyle"), None) for one in (shape, *above)]
        if own is not None and own.get("type", "obj") in ("body", "obj", "subTitle"):
            lists.append(self._body)
        return [one for one in lists if one is not None]


def _shapes(tree: Any, depth: int, lost: Counter[str]) -> Iterator[Any]:
    """Shapes, those of groups in their place; what is not shown (``hidden``) is counted."""
    for shape in tree:
        tag = local(shape.tag)
        named = next((one for child in shape for one in child if local(one.tag) == "cNvPr"), None)
        if named is not None and named.get("hidden") in ("1", "true"):
            lost["hidden part|"] += bool(text_of(shape).strip())
        elif tag == "grpSp" and depth < _DEEPEST:
            yield from _shapes(shape, depth + 1, lost)
        elif tag == "AlternateContent":
            chosen = next(iter(shape), None)
            if chosen is not None and depth < _DEEPEST:
                yield from _shapes(chosen, depth + 1, lost)
        elif tag == "contentPart":
            lost["drawing| by hand"] += 1
        else:
            yield shape


def _slot(shape: Any) -> Any:
    return next(shape.iter(P + "ph"), None)


def _kind(shape: Any) -> str:
    slot = _slot(shape)
    return slot.get("type", "obj") if slot is not None else ""


def _offset(shape: Any) -> tuple[int, int] | None:
    found = next(shape.iter(A + "off"), None)
    return (_whole(found.get("x")), _whole(found.get("y"))) if found is not None else None


def _whole(text: str | None) -> int:
    try:
        return int(text or 0)
    except ValueError:
        return 0


def _label(own: Any, level: int, styles: list[Any], counts: dict[int, int]) -> str:
    """``-`` for a bullet, a number as it is shown, or nothing."""
    level = min(max(level, 0), 8)
    for properties in (own, *(one.find(f"{A}lvl{level + 1}pPr") for one in styles)):
        for mark in properties if properties is not None else ():
            tag = local(mark.tag)
            if tag not in ("buNone", "buChar", "buBlip", "buAutoNum"):
                continue
            for deeper in [one for one in counts if one > level]:
                del counts[deeper]
            if tag != "buAutoNum":
                counts.pop(level, None)
                return "" if tag == "buNone" else "-"
            counts[level] = counts[level] + 1 if level in counts else _whole(mark.get("startAt")) or 1
            scheme = _SCHEME.match(mark.get("type", ""))
            if scheme is None:
                return f"{counts[level]}."
            return _SIGNS[scheme[2]].format(numeral(counts[level], _FORMS[scheme[1]]))
    return ""


def _text(shape: Any, relations: Mapping[str, OfficeRelation]) -> str:
    return "\n".join(filter(None, (_line(paragraph, relations) for paragraph in shape.iter(A + "p"))))


def _line(paragraph: Any, relations: Mapping[str, OfficeRelation]) -> str:
    pieces: list[tuple[str, str]] = []
    for part in paragraph:
        tag = local(part.tag)
        if tag in ("r", "fld"):
            properties = part.find(A + "rPr")
            text = "".join(one.text or "" for one in part.iterfind(A + "t"))
            look = dict(properties.attrib) if properties is not None else {}
            if look.get("strike", "noStrike") != "noStrike" or (tag == "fld" and part.get("type") == "slidenum"):
                continue
            raised = _whole(look.get("baseline"))
            pieces.append(("superscript" if raised > 0 else "subscript" if raised < 0 else "", text))
            link = properties.find(A + "hlinkClick") if properties is not None else None
            related = relations.get(link.get(R + "id", "")) if link is not None else None
            if related is not None and related.external and _ABSOLUTE.fullmatch(related.target):
                pieces.append(("", f" <{related.target}>" if _bare(related.target) not in _bare(text) else ""))
        elif tag == "br":
            pieces.append(("", "\n"))
        else:
            pieces += (("", f" {linear(one)} ") for one in part.iter("{*}oMath"))
    return _join_pieces(pieces)


def _rows(table: Any, relations: Mapping[str, OfficeRelation]) -> Iterator[list[Cell]]:
    properties = table.find(A + "tblPr")
    labels = (
        properties is not None
        and properties.get("firstCol") in ("1", "true")
        and properties.get("firstRow") in (None, "0", "false")
    )
    for row in table.iterfind(A + "tr"):
        cells = []
        for at, cell in enumerate(row.iterfind(A + "tc")):
            if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
                continue
            wide, tall = _whole(cell.get("gridSpan")) or 1, _whole(cell.get("rowSpan")) or 1
            cells.append(Cell(_text(cell, relations).replace("\n", " "), wide, tall, labels and at == 0))
        yield cells
