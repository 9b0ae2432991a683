"""One sheet of a workbook, cell by cell, as the program shows it: numbers by their formats, formulas by their last
result, merged cells, notes and links; hidden rows and columns are left out and counted.

The sheet is read piece by piece, so that a large one takes little memory beyond its own text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ...errors import ReadError
from .content import clean
from .number_format import BUILT_IN, show_number, shown_text
from .package import OfficeRelation, Package, local

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MOST_ROWS, MOST_CELLS = 200_000, 4_000_000
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_SPACE = re.compile(r"\s+")

Box = tuple[int, int, int, int]
"""First row, first column, last row, last column; from 1, inclusive."""


@dataclass
class Sheet:
    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    """Number of each row that holds something, and its cells by column (from 1)."""
    numbers: set[tuple[int, int]] = field(default_factory=set)
    """Row and column of cells that hold numbers, among the first rows."""
    merged: list[Box] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Place and text."""
    lost: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Book:
    """What all sheets of a workbook share."""

    strings: Sequence[str]
    formats: Sequence[str]
    """Number formats by the cell's style."""
    since_1904: bool


def read_book(package: Package, main: str) -> Book:
    folder = main.rpartition("/")[0]
    kinds = {one.kind: one.target for one in package.relations(main).values()}
    root = package.xml(main)
    properties = next((one for one in root if local(one.tag) == "workbookPr"), None)
    since = properties is not None and properties.get("date1904") in ("1", "true")
    strings = package.xml_if_there(kinds.get("sharedStrings", f"{folder}/sharedStrings.xml"))
    styles = package.xml_if_there(kinds.get("styles", f"{folder}/styles.xml"))
    texts = [_text(one) for one in strings] if strings is not None else []
    return Book(texts, _formats(styles) if styles is not None else [], since)


def _formats(styles: Any) -> list[str]:
    parts = {local(part.tag): part for part in styles}
    own = {
        int(one.get("numFmtId", "0")): one.get("formatCode", "General")
        for one in parts.get("numFmts", ())
        if one.get("numFmtId", "").isdigit()
    }
    codes = (one.get("numFmtId", "0") for one in parts.get("cellXfs", ()))
    return [own.get(int(code), BUILT_IN.get(int(code), "General")) if code.isdigit() else "General" for code in codes]


def _text(element: Any) -> str:
    """The text of a string, without the sounds of Japanese signs; struck-out runs are left out."""
    found = []
    for part in element:
        name = local(part.tag)
        if name == "t":
            found.append(part.text or "")
        elif name == "r" and part.find("{*}rPr/{*}strike") is None:
            found += [text.text or "" for text in part.iter("{*}t")]
    return "".join(found)


def read_sheet(package: Package, name: str, book: Book) -> Sheet:
    """Reads the cells of one sheet. Raises ``ReadError`` for more than ``MOST_CELLS`` cells."""
    sheet = Sheet()
    relations = package.relations(name)
    links: dict[str, str] = {}
    hidden: set[int] = set()
    cells = 0
    with package.stream(name) as stream:
        for _, element in etree.iterparse(stream, events=("end",), resolve_entities=False, no_network=True):
            tag = local(element.tag)
            if tag == "row":
                cells += len(element)
                if cells > MOST_CELLS:
                    raise ReadError(f"a sheet has more than {MOST_CELLS:,} cells", fix="save it as CSV")
                _row(sheet, element, book, hidden)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                hidden |= set(range(_whole(element.get("min")), min(_whole(element.get("max")), 16_384) + 1))
            elif tag == "mergeCell" and (box := _box(element.get("ref", ""))):
                sheet.merged.append(box)
            elif tag == "hyperlink" and (one := relations.get(element.get(R + "id", ""))) and one.external:
                links[element.get("ref", "").partition(":")[0]] = one.target
    if hidden:
        sheet.lost["hidden column|"] += len(hidden)
    _link(sheet, links)
    sheet.notes = list(_notes(package, relations))
    for one in relations.values():
        if one.kind == "drawing":
            kinds = Counter(inner.kind for inner in package.relations(one.target).values())
            sheet.lost["picture| without text"] += kinds["image"]
            sheet.lost["chart|"] += kinds["chart"]
    return sheet


def _row(sheet: Sheet, element: Any, book: Book, hidden: set[int]) -> None:
    number = _whole(element.get("r")) or (sheet.rows[-1][0] + 1 if sheet.rows else 1)
    if element.get("hidden") in ("1", "true"):
        sheet.lost["hidden row|"] += 1
        return
    if len(sheet.rows) >= MOST_ROWS:
        sheet.lost[f"row| beyond the first {MOST_ROWS:,} of a sheet"] += 1
        return
    cells: dict[int, str] = {}
    column = 0
    for cell in element:
        place = _PLACE.match(cell.get("r", ""))
        column = column_number(place[1]) if place else column + 1
        if column in hidden:
            continue
        text, is_number = _value(sheet, cell, book)
        if text:
            cells[column] = text
            if is_number and len(sheet.rows) < 100:
                sheet.numbers.add((number, column))
    if cells:
        sheet.rows.append((number, cells))


def _value(sheet: Sheet, cell: Any, book: Book) -> tuple[str, bool]:
    """What the cell shows, and whether it is a number."""
    parts = {local(part.tag): part for part in cell}
    kind, raw = cell.get("t", "n"), (parts["v"].text or "" if "v" in parts else "")
    style = _whole(cell.get("s"))
    code = book.formats[style] if style < len(book.formats) else "General"
    if not raw and "f" in parts:
        sheet.lost["formula| without a stored result"] += 1
        return _line(f"={parts['f'].text or ''}"), False
    if kind == "s":
        index = _whole(raw)
        return _line(shown_text(book.strings[index], code) if index < len(book.strings) else ""), False
    if kind == "inlineStr":
        return _line(_text(parts["is"]) if "is" in parts else ""), False
    if kind == "b":
        return ("TRUE" if raw == "1" else "FALSE") if raw else "", False
    if kind in ("str", "e", "d"):
        return _line(raw), False
    return _line(show_number(raw, code, since_1904=book.since_1904)) if raw else "", True


def _line(text: str) -> str:
    return _SPACE.sub(" ", clean(text)).strip()


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _box(reference: str) -> Box | None:
    first, _, last = reference.partition(":")
    corners = [_PLACE.match(place) for place in (first, last or first)]
    if not all(corners):
        return None
    (left, top), (right, bottom) = ((column_number(c[1]), int(c[2])) for c in corners if c)
    return top, left, bottom, right


def _link(sheet: Sheet, links: Mapping[str, str]) -> None:
    """Targets stand in angle brackets behind the text of their cells."""
    rows = dict(sheet.rows)
    for reference, target in links.items():
        place = _PLACE.match(reference)
        cells = rows.get(int(place[2])) if place else None
        column = column_number(place[1]) if place else 0
        if cells and column in cells and target not in cells[column]:
            cells[column] += f" <{_line(target)}>"


def _notes(package: Package, relations: Mapping[str, OfficeRelation]) -> Iterator[tuple[str, str]]:
    """The conversation that has a member of its own, else the notes of old."""
    kinds = {one.kind for one in relations.values()}
    wanted = "threadedComment" if "threadedComment" in kinds else "comments"
    for one in relations.values():
        root = package.xml_if_there(one.target) if one.kind == wanted else None
        for note in root.iter("{*}comment", "{*}threadedComment") if root is not None else ():
            text = _line(" ".join(part.text or "" for part in note.iter("{*}t", "{*}text")))
            if text:
                yield note.get("ref", ""), text


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of ``B3``, from 1; zeros for anything else."""
    place = _PLACE.match(reference)
    return (int(place[2]), column_number(place[1])) if place else (0, 0)


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
