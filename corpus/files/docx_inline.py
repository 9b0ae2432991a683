"""What stands inside a Word file's paragraphs as text: runs, fields, links, equations, check boxes, marks of notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .docx_styles import DocxLook, DocxStyles, W, is_on, look_of, value
from .html_inline import address_behind
from .omml import linear
from .package import OfficeRelation, local
from .superscripts import subscript, superscript

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OPEN = frozenset({"ins", "moveTo", "smartTag", "customXml", "bdo", "dir", "sdtContent", "fldSimple", "Choice"})
"""Elements whose content is read as if they were not there."""
_SYMBOLS = {
    "F0FE": "[x]", "F0FD": "[x]", "F052": "[x]", "F051": "[x]", "F078": "[x]", "F0A8": "[ ]", "F06F": "[ ]",
    "F0A3": "[ ]", "F071": "[ ]", "F0E0": "→", "F0E8": "→", "F0DF": "←", "F0FC": "✓", "F0FB": "✗", "F0B0": "°",
    "F0B1": "±", "F0B4": "×", "F0A3/Symbol": "≤", "F0B3/Symbol": "≥", "F06D/Symbol": "µ", "F0B0/Symbol": "°",
    "F0AE/Symbol": "→", "F0B7/Symbol": "•", "F0D7/Symbol": "·", "F0B9/Symbol": "≠", "F0BB/Symbol": "≈",
    "F061/Symbol": "α", "F062/Symbol": "β", "F067/Symbol": "γ", "F064/Symbol": "δ", "F044/Symbol": "Δ",
    "F057/Symbol": "Ω", "F070/Symbol": "π", "F073/Symbol": "σ", "F053/Symbol": "Σ", "F06C/Symbol": "λ",
}  # fmt: skip
_BOXES = str.maketrans({"☒": "[x]", "☑": "[x]", "☐": "[ ]", "\u00ad": None, "\u2011": "-"})
_TARGET = re.compile(r'HYPERLINK\s+"([^"]*)"', re.IGNORECASE)
_PAGES = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)


@dataclass
class DocxLine:
    """One paragraph."""

    text: str = ""
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """``(footnote or endnote, id, mark)`` of what it refers to."""
    comments: list[str] = field(default_factory=list)
    below: list[Any] = field(default_factory=list)
    """Text boxes, charts and drawings that are anchored in it."""
    numbered: bool = False
    """Whether the number of a page stands in it."""


@dataclass
class _Field:
    instruction: str = ""
    result: bool = False
    box: str = ""
    """``[x]`` or ``[ ]`` of a check box."""
    begun: int = 0
    """The number of pieces before its result."""


class DocxInline:
    """One part of a file: fields may reach over paragraphs."""

    def __init__(
        self, styles: DocxStyles, relations: Mapping[str, OfficeRelation], lost: Counter[str], marks: Marks
    ) -> None:
        self._styles, self._relations, self._lost, self._marks = styles, relations, lost, marks
        self._fields: list[_Field] = []
        self._line = DocxLine()
        self._pieces: list[tuple[str, str]] = []
        self._look = DocxLook()
        self._kept = True
        """Whether the run before was kept: what is hidden or struck out in several runs counts once."""

    def line(self, paragraph: Any, look: DocxLook) -> DocxLine:
        """``look`` is that of its style."""
        self._line, self._pieces, self._look, self._kept = DocxLine(), [], look, True
        for open_field in self._fields:
            open_field.begun = 0
        self._children(paragraph)
        while self._fields and not self._fields[-1].result:
            self._fields.pop()
        self._line.text = _join_pieces(self._pieces)
        return self._line

    def _children(self, parent: Any) -> None:
        for child in parent:
            self._child(child)

    def _child(self, element: Any) -> None:
        tag = element.tag
        if tag == W + "r":
            self._run(element)
        elif tag == W + "hyperlink":
            begun = len(self._pieces)
            self._children(element)
            related = self._relations.get(element.get(R + "id", ""))
            if related is not None and related.external:
                self._link(related.target, begun)
        elif tag == M + "oMath":
            self._say(f" {linear(element)} ")
        elif tag == M + "oMathPara":
            self._children(element)
        elif tag == W + "sdt":
            self._control(element)
        elif tag in (W + "del", W + "moveFrom"):
            self._lost["deleted part|"] += next((1 for _ in element.iter(W + "delText", W + "t")), 0)
        elif tag == W + "fldSimple":
            self._simple_field(element)
        elif local(tag) in _OPEN:
            self._children(element)
        elif local(tag) == "AlternateContent":
            self._alternatives(element)
        elif tag == W + "commentReference":
            self._line.comments.append(element.get(W + "id", ""))

    def _alternatives(self, element: Any) -> None:
        first = next((one for one in element if local(one.tag) == "Choice"), None)
        chosen = first if first is not None else next(iter(element), None)
        for child in chosen if chosen is not None else ():
            self._in_run(child)

    def _control(self, element: Any) -> None:
        """A content control: a check box, or whatever was filled in; its prompt is not."""
        properties, content = element.find(W + "sdtPr"), element.find(W + "sdtContent")
        for one in properties if properties is not None else ():
            if local(one.tag) == "checkbox":
                state = next((part for part in one if local(part.tag) == "checked"), None)
                on = state is not None and next(iter(state.attrib.values()), "1") not in ("0", "false")
                self._say("[x]" if on else "[ ]")
                return
            if one.tag == W + "showingPlcHdr" and is_on(one):
                return
        if content is not None:
            self._children(content)

    def _simple_field(self, element: Any) -> None:
        if _PAGES.match(element.get(W + "instr", "")):
            self._line.numbered = True
            return
        begun = len(self._pieces)
        self._children(element)
        if target := _TARGET.search(element.get(W + "instr", "")):
            self._link(target[1], begun)

    def _run(self, run: Any) -> None:
        properties = run.find(W + "rPr")
        look = self._look
        if properties is not None:
            style = value(properties, "rStyle")
            look = look_of(properties).over(self._styles.style(style).look.over(look) if style else look)
        if look.hidden or look.struck:
            if next((True for part in run.iter(W + "t") if (part.text or "").strip()), False):
                self._lost["hidden part|" if look.hidden else "struck-out part|"] += self._kept
                self._kept = False
            for part in run:
                if part.tag in (W + "fldChar", W + "instrText"):
                    self._in_run(part)
            return
        raised_ = look.raised if look.raised in ("superscript", "subscript") else ""
        for part in run:
            self._in_run(part, raised_ or "")
        self._kept = True

    def _in_run(self, part: Any, style: str = "") -> None:
        tag = part.tag
        if tag == W + "t":
            self._say(part.text or "", style)
        elif tag in (W + "tab", W + "ptab"):
            self._say("\t")
        elif tag in (W + "br", W + "cr"):
            self._say("\n" if part.get(W + "type", "textWrapping") == "textWrapping" else " ")
        elif tag == W + "noBreakHyphen":
            self._say("-")
        elif tag == W + "sym":
            code, font = part.get(W + "char", "").upper(), part.get(W + "font", "")
            self._say(_SYMBOLS.get(f"{code}/{font}") or _SYMBOLS.get(code) or _letter(code))
        elif tag == W + "fldChar":
            self._field(part)
        elif tag == W + "instrText":
            if self._fields and not self._fields[-1].result:
                self._fields[-1].instruction += part.text or ""
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            kind, key = local(tag).removesuffix("Reference"), part.get(W + "id", "")
            mark = "" if is_on(part) and part.get(W + "customMarkFollows") in ("1", "true") else self._marks.next(kind)
            self._line.notes.append((kind, key, mark))
            self._say(f"[{mark}]" if mark else "")
        elif tag in (W + "drawing", W + "pict", W + "object"):
            self._drawing(part)
        elif tag == W + "ruby":
            self._ruby(part)
        else:
            self._child(part)

    def _ruby(self, element: Any) -> None:
        base, reading = element.find(W + "rubyBase"), element.find(W + "rt")
        if base is not None:
            self._children(base)
        said = "".join(part.text or "" for part in reading.iter(W + "t")) if reading is not None else ""
        self._say(f" ({said})" if said else "")

    def _field(self, part: Any) -> None:
        kind = part.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(box=_form_box(part), begun=len(self._pieces)))
        elif kind == "separate" and self._fields:
            self._fields[-1].result, self._fields[-1].begun = True, len(self._pieces)
            if _PAGES.match(self._fields[-1].instruction):
                self._line.numbered = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if ended.box:
                self._say(ended.box)
            if target := _TARGET.search(ended.instruction):
                self._link(target[1], ended.begun)

    def _drawing(self, drawing: Any) -> None:
        alternative, picture = "", False
        for part in _visible_parts(drawing):
            tag = local(part.tag)
            if tag == "txbxContent" or tag == "chart" or tag == "relIds":
                self._line.below.append(part)
            elif tag == "docPr" and not alternative:
                alternative = part.get("descr") or ""
            elif tag == "textpath":
                self._say(f" {part.get('string') or ''} ")
            elif tag == "imagedata" or tag == "pic":
                picture = True
            elif tag == "shape" and not alternative:
                alternative = part.get("alt") or ""
            elif tag == "OLEObject" and "Equation" not in part.get("ProgID", ""):
                self._lost["embedded object|"] += 1
                picture = False
        if alternative.strip():
            self._say(f" {' '.join(alternative.split())} ")
        elif picture:
            self._lost["picture| without text"] += 1

    def _link(self, target: str, begun: int) -> None:
        self._say(address_behind(target, "".join(piece for _, piece in self._pieces[begun:])))

    def _say(self, text: str, style: str = "") -> None:
        if text and not any(not one.result or _PAGES.match(one.instruction) for one in self._fields):
            self._pieces.append((style, text))


class Marks:
    """Numbers of notes, in the order in which they are referred to: 1, 2 … for footnotes, i, ii … for endnotes."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def next(self, kind: str) -> str:
        from .numerals import roman

        self._counts[kind] += 1
        return roman(self._counts[kind]) if kind == "endnote" else str(self._counts[kind])


def _visible_parts(drawing: Any) -> Iterator[Any]:
    """The parts of a drawing, without those for programs that know less, and without what is in its text boxes."""
    waiting = [drawing]
    while waiting:
        part = waiting.pop()
        yield part
        if local(part.tag) != "txbxContent":
            waiting += [child for child in reversed(part) if local(child.tag) != "Fallback"]


def _form_box(begin: Any) -> str:
    """The box of an old form field."""
    for box in begin.iter(W + "checkBox"):
        checked, default = box.find(W + "checked"), box.find(W + "default")
        return "[x]" if is_on(checked if checked is not None else default) else "[ ]"
    return ""


def _letter(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return (
        chr(number - 0xF000 if 0xF020 <= number < 0xF100 else number)
        if 31 < number < 0xD800 or number >= 0xE000
        else ""
    )


def _join_pieces(pieces: list[tuple[str, str]]) -> str:
    """Raised and lowered pieces are taken together before they are written."""
    text: list[str] = []
    run, style = "", ""
    for kind, piece in [*pieces, ("end", "")]:
        if kind == style:
            run += piece
            continue
        if style in ("superscript", "subscript"):
            turned = superscript(run) if style == "superscript" else subscript(run)
            text.append(turned + (" " if run[-1:].isspace() else ""))
        else:
            text.append(run)
        run, style = piece, kind
    lines = ("".join(text)).translate(_BOXES).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()
