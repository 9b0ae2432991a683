"""Org files as people see them: headlines with their state, dates and properties, lists, tables, code.

Runs no code block and follows no ``#+INCLUDE``. Source: the syntax at orgmode.org/worg/org-syntax.html.
"""

from __future__ import annotations

import re
from collections import Counter, deque

from . import latex_inline
from .blocks import MarkdownBlocks
from .content import Content, clean, count_phrases
from .decode import decode
from .formats import Format
from .latex_symbols import SYMBOLS
from .layout import Cell
from .superscripts import subscript, superscript

_HEADLINE = re.compile(r"(\*+)[ \t]+(.*)$")
_PRIORITY = re.compile(r"\[#([A-Z0-9]{1,2})\][ \t]*")
_TAGS = re.compile(r"(?:^|[ \t]+):([\w@#%:]+):$")
_KEYWORD = re.compile(r"#\+(\w+)(?:\[[^\]]*\])?:[ \t]*(.*)$")
_BEGIN = re.compile(r"#\+begin_(\w+)(?:[ \t]+(.*))?$", re.IGNORECASE)
_END = re.compile(r"#\+end_(\w+)$", re.IGNORECASE)
_DRAWER = re.compile(r":([\w-]+):$")
_PROPERTY = re.compile(r":([\w-]+)\+?:[ \t]+(.*)$")
_PLANNED = re.compile(r"\b(SCHEDULED|DEADLINE|CLOSED):[ \t]*([<\[][^>\]\n]{1,60}[>\]](?:--[<\[][^>\]\n]{1,60}[>\]])?)")
_ITEM = re.compile(r"(?:[-+]|\*(?=\s)|(?:\d{1,6}|[A-Za-z])[.)])(?:[ \t]+|$)")
_COUNTER = re.compile(r"\[@(\w+)\][ \t]*")
_CHECK = re.compile(r"\[([ xX-])\][ \t]+")
_TERM = re.compile(r"(\S.{0,200}?)[ \t]+::(?:[ \t]+|$)")
_RULE_ROW = re.compile(r"\|-[-+|:]*$")
_WIDTHS = re.compile(r"<[lrc]?\d*>")
_DIRECTIVE_ROW = re.compile(r"[/!_^$#*]")
_NOTE = re.compile(r"\[fn:([\w-]+)\][ \t]+(?=\S)")
_TEXT_ENDS = re.compile(r"[ \t]*(?:\*+ |#\+|# |#$|\||:\s|:[\w-]+:$|-{5,}$|\[fn:)", re.IGNORECASE)
_STATES = ("TODO", "DONE", "NEXT", "WAITING", "CANCELLED", "CANCELED", "HOLD", "STARTED", "INPROGRESS", "IN-PROGRESS")
_CODE = ("src", "example", "export")
_UNSHOWN = ("id", "custom_id", "visibility", "category", "header-args", "created_id")
_TOLD = ("author", "date", "subtitle", "email", "description")
_STAMP = re.compile(r"[<\[](\d{4}-\d{2}-\d{2}[^<>\[\]\n]{0,50})[>\]]")
_REPEATED = re.compile(r"[ \t](?:\+\+|\.\+|\+)(\d{1,4})([hdwmy])(?:/\d+[hdwmy])?|[ \t]--?\d{1,4}[hdwmy]")
_UNITS = {"h": "hour", "d": "day", "w": "week", "m": "month", "y": "year"}

_WORDS = re.compile(r"(?:[^\W_]|[\s.,;:!?%])*+")
"""Text in which nothing is marked."""
_HELD = re.compile("\ue000(\\d{1,6})\ue001")
_SIGNS = str.maketrans("", "", "\ue000\ue001")
_LINK = re.compile(r"\[\[([^\[\]\n]{1,1000})\](?:\[([^\[\]]{1,1000})\])?\]")
_INLINE_CODE = re.compile(r"(?<![\w=~])([=~])(\S(?:[^=~]{0,500}?\S)?)\1(?![\w=~])")
_INLINE_SOURCE = re.compile(r"\bsrc_[\w-]{1,40}(?:\[[^\[\]\n]{0,200}\])?\{([^{}\n]{1,500})\}")
_MATH = re.compile(
    r"\\\(((?:[^\\]{1,1000}+|\\(?![()\[\]])){1,200}+)\\\)|\\\[((?:[^\\]{1,1000}+|\\(?![\[\]])){1,400}+)\\\]"
    r"|\$\$([^$]{1,1000}+)\$\$|(?<![\w$])\$([^\s$](?:[^$\n]{0,500}[^\s$])?)\$(?![\w$])",
    re.DOTALL,
)
_EMPHASIS = [
    re.compile(
        rf"(?<![^\s\-({{'\"/*_+|]){sign}([^\s{sign}](?:[^{sign}]{{0,1000}}[^\s{sign}])?){sign}(?![^\s\-.,;:!?'\")}}/*_+|\]])"
    )
    for sign in (r"\*", "/", "_")
]
_STRUCK = re.compile(r"(?<![^\s\-({'\"])\+([^\s+](?:[^+\n]{0,500}[^\s+])?)\+(?![^\s\-.,;:!?'\")}])")
_RAISED = re.compile(r"(?<=\w)\^\{([^{}\n]{1,50})\}|(?<=\w)\^(\d+)")
_LOWERED = re.compile(r"(?<=\w)_\{([^{}\n]{1,50})\}")
_ENTITY = re.compile(r"\\([A-Za-z]{2,20})(?:\{\}|(?![A-Za-z{]))")
_REFERENCE = re.compile(r"\[fn:([\w-]+)\]")
_NOTED = re.compile(r"\[fn:[\w-]*:([^\[\]]{1,1000})\]")
_TARGET = re.compile(r"<<<?([^<>\n]{1,200})>>>?")
_CITE = re.compile(r"\[cite(?:/[\w/-]+)?:([^\[\]\n]{1,500})\]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|tiff?|bmp)$", re.IGNORECASE)


def read(data: bytes, form: Format) -> Content:
    """Reads Org as Markdown. Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    reader = _Reader(clean(decoded.text).split("\n"))
    reader.read()
    blocks = reader.blocks
    told = decoded.metadata | reader.told
    return Content(
        blocks.pages.text,
        form.media_type,
        blocks.first_heading,
        metadata=told,
        marks=blocks.pages.marks,
        omitted=count_phrases(+reader.lost),
    )


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = [line.rstrip().expandtabs(8) if line[:1] in "\t " else line.rstrip() for line in lines]
        self.blocks = MarkdownBlocks()
        self.lost: Counter[str] = Counter()
        self.told: dict[str, str] = {}
        self._ends: dict[str, deque[int]] = {}
        """Where blocks of a kind end, those ahead."""
        for at, line in enumerate(self.lines):
            if found := _END.match(line.strip()):
                self._ends.setdefault(found[1].lower(), deque()).append(at)
        self._states = set(_STATES)
        self._shift = 0
        """Levels that the title takes."""
        self._lists: list[tuple[int, int]] = []
        """Indents of the open lists' items, outermost first, each with the number of its last item."""
        self._at = 0

    def read(self) -> None:
        self._keywords()
        while self._at < len(self.lines):
            line = self.lines[self._at]
            bare = line.lstrip()
            if not bare:
                self._at += 1
            elif headline := _HEADLINE.match(line):
                self._headline(headline)
            elif begin := _BEGIN.match(bare):
                self._close_lists(len(line) - len(bare))
                self._begin_block(begin)
            elif bare.startswith("#"):
                self._hash(bare)
            elif bare.startswith("|"):
                self._close_lists(len(line) - len(bare))
                self._table()
            elif _DRAWER.match(bare) or _PLANNED.match(bare) or bare.startswith("CLOCK:"):
                self._drawer(bare)
            elif bare.startswith(": ") or bare == ":":
                self._add_fixed()
            elif _ITEM.match(bare) and not (bare.startswith("*") and line == bare):
                self._item(line, bare)
            elif re.fullmatch(r"-{5,}", bare):
                self._at += 1
            else:
                self._paragraph(line)

    def _say(self, text: str) -> str:
        return inline(text, self.lost)

    def _keywords(self) -> None:
        """The file's own title and author stand anywhere; they are shown at its head."""
        told: dict[str, tuple[str, int]] = {}
        for number, line in enumerate(self.lines, start=1):
            found = _KEYWORD.match(line) if line.startswith("#+") else None
            if found is None:
                continue
            name = found[1].lower()
            if name in ("title", *_TOLD) and found[2]:
                before = told.get(name)
                told[name] = (f"{before[0]} {found[2]}" if before else found[2], before[1] if before else number)
            elif name in ("todo", "seq_todo", "typ_todo"):
                self._states.update(re.sub(r"\(.*?\)", "", word) for word in found[2].split() if word != "|")
        if "title" in told:
            self.blocks.heading(1, self._say(told["title"][0]), told["title"][1])
            self._shift = 1
        for name in _TOLD:
            if name in told:
                self.blocks.field(name.capitalize(), self._say(told[name][0]), told[name][1])
        if "author" in told:
            self.told["author"] = told["author"][0]

    def _headline(self, found: re.Match[str]) -> None:
        line, self._at, self._lists = self._at + 1, self._at + 1, []
        text = found[2]
        tags = _TAGS.search(text)
        text = text[: tags.start()] if tags else text
        state, _, rest = text.partition(" ")
        state, text = (state, rest.lstrip()) if state in self._states else ("", text)
        priority = _PRIORITY.match(text)
        text = text[priority.end() :] if priority else text
        if text.startswith("COMMENT ") or text == "COMMENT":
            depth = len(found[1])
            while self._at < len(self.lines):
                inner = _HEADLINE.match(self.lines[self._at])
                if inner and len(inner[1]) <= depth:
                    break
                self._at += 1
            self.lost["commented-out section|"] += 1
            return
        self.blocks.heading(len(found[1]) + self._shift, self._say(text), line)
        self.blocks.field("Status", state, line)
        self.blocks.field("Priority", priority[1] if priority else "", line)
        self.blocks.field("Tags", ", ".join(tags[1].split(":")) if tags else "", line)

    def _hash(self, bare: str) -> None:
        """A comment or a keyword."""
        line, self._at = self._at + 1, self._at + 1
        found = _KEYWORD.match(bare)
        name = found[1].lower() if found else ""
        if name == "caption" and found:
            text = self._say(found[2])
            self.blocks.paragraph(text if text.endswith((".", ":", "?", "!")) else f"{text}:", line)
        elif name == "include":
            self.lost["included file| not followed"] += 1
        elif found is None and not bare.startswith(("# ", "#+")) and bare != "#":
            self._at -= 1
            self._paragraph(self.lines[self._at])

    def _begin_block(self, begin: re.Match[str]) -> None:
        kind, first = begin[1].lower(), self._at + 1
        ends = self._ends.get(kind, deque())
        while ends and ends[0] < first:
            ends.popleft()
        last = ends.popleft() if ends else len(self.lines)
        depth = len(self._lists)
        if kind == "comment":
            self._at = last + 1
        elif kind in _CODE:
            language = (begin[2] or "").split(" ")[0] if kind == "src" else ""
            rows = [re.sub(r"^(\s*),(?=\*|#\+|,)", r"\1", row) for row in self.lines[first:last]]
            margin = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
            self.blocks.code([row[margin:] for row in rows], first + 1, language, depth)
            self._at = last + 1
        else:
            self._at = first
            if last < len(self.lines):
                self.lines[last] = ""
            if kind in ("note", "warning", "tip", "important", "caution") and first < last:
                self.lines[first] = f"{kind.capitalize()}: {self.lines[first].lstrip()}"

    def _drawer(self, bare: str) -> None:
        line = self._at + 1
        drawer = _DRAWER.match(bare)
        self._at += 1
        if drawer is None:
            for name, stamp in _PLANNED.findall(bare):
                self.blocks.field(name.capitalize(), _write_stamps(stamp), line)
            if bare.startswith("CLOCK:"):
                self.blocks.field("Clock", _write_stamps(bare[6:].strip()), line)
            return
        if drawer[1].upper() == "END":
            return
        while self._at < len(self.lines) and self.lines[self._at].strip().upper() != ":END:":
            inner = self.lines[self._at].strip()
            self._at += 1
            if drawer[1].upper() != "PROPERTIES":
                self._at -= 1
                return
            found = _PROPERTY.match(inner)
            if found and found[1].lower() not in _UNSHOWN:
                name = found[1].replace("_", " ").replace("-", " ")
                self.blocks.field(name.capitalize() if name.isupper() else name, self._say(found[2]), self._at)
            elif _HEADLINE.match(inner):
                self._at -= 1
                return
        self._at += 1

    def _add_fixed(self) -> None:
        first = self._at
        while self._at < len(self.lines) and re.match(r"[ \t]*:(?: |$)", self.lines[self._at]):
            self._at += 1
        rows = [line.lstrip()[2:] for line in self.lines[first : self._at]]
        self.blocks.code(rows, first + 1, "", len(self._lists))

    def _close_lists(self, indent: int) -> None:
        while self._lists and self._lists[-1][0] >= indent:
            self._lists.pop()

    def _item(self, line: str, bare: str) -> None:
        indent, sign = len(line) - len(bare), _ITEM.match(bare)
        assert sign is not None
        while self._lists and self._lists[-1][0] > indent:
            self._lists.pop()
        before = self._lists.pop()[1] if self._lists and self._lists[-1][0] == indent else 0
        text = bare[sign.end() :]
        start = _COUNTER.match(text)
        text = text[start.end() :] if start else text
        number = int(start[1]) if start and start[1].isdecimal() and len(start[1]) < 7 else before + 1
        self._lists.append((indent, number))
        first, depth = self._at, len(self._lists)
        self._at += 1
        text = "\n".join([text, *self._rest(indent)])
        label = "-" if sign[0].strip() in ("-", "+", "*") else f"{number}."
        text = _CHECK.sub(lambda found: f"[{found[1].lower()}] ", text, count=1)
        if label == "-" and (term := _TERM.match(text)):
            self.blocks.term(self._say(term[1]), first + 1, depth - 1)
            self.blocks.definition(self._say(text[term.end() :]), first + 1, depth - 1)
        else:
            self.blocks.item(self._say(text), first + 1, label, depth)

    def _rest(self, indent: int) -> list[str]:
        """The lines that go on with the text of an item: deeper than its sign."""
        first = self._at
        while self._at < len(self.lines):
            line = self.lines[self._at]
            bare = line.lstrip()
            if not bare or len(line) - len(bare) <= indent or _ITEM.match(bare) or _TEXT_ENDS.match(bare):
                break
            self._at += 1
        return self.lines[first : self._at]

    def _paragraph(self, line: str) -> None:
        self._close_lists(len(line) - len(line.lstrip()))
        first = self._at
        self._at += 1
        while self._at < len(self.lines):
            line = self.lines[self._at]
            bare = line.lstrip()
            if (
                not bare
                or _TEXT_ENDS.match(line)
                or _PLANNED.match(bare)
                or (_ITEM.match(bare) and not bare[0].isalpha())
            ):
                break
            self._at += 1
        text = "\n".join(self.lines[first : self._at])
        text = _NOTE.sub(lambda found: f"[{found[1]}] ", text.lstrip(), count=1)
        self.blocks.paragraph(self._say(text), first + 1, len(self._lists))

    def _table(self) -> None:
        rows: list[list[Cell]] = []
        lines: list[int] = []
        heads, ruled = 0, False
        while self._at < len(self.lines) and self.lines[self._at].lstrip().startswith("|"):
            bare = self.lines[self._at].strip()
            self._at += 1
            if _RULE_ROW.match(bare):
                heads = len(rows) if rows and not ruled else heads
                ruled = ruled or bool(rows)
                continue
            cells = (
                [cell.strip() for cell in bare.strip("|").split("|")]
                if bare.endswith("|")
                else [cell.strip() for cell in bare[1:].split("|")]
            )
            if all(_WIDTHS.fullmatch(cell) or not cell for cell in cells) or cells[0] in ("/", "!", "^", "_", "$"):
                continue
            cells = cells[1:] if len(cells) > 1 and cells[0] in ("#", "*") else cells
            rows.append([Cell(self._say(cell).replace("\\vert", "|")) for cell in cells])
            lines.append(self._at)
        heads = heads if heads < len(rows) else 0
        self.blocks.table(rows, lines, heads if heads else None)


def inline(text: str, lost: Counter[str]) -> str:
    """Links, emphasis, dates, formulas and entities of one block as people see them; line breaks are kept."""
    if _WORDS.fullmatch(text):
        return text
    held: list[str] = []

    def hold(shown: str) -> str:
        held.append(shown)
        return f"\ue000{len(held) - 1}\ue001"

    text = text.translate(_SIGNS)
    text = _INLINE_SOURCE.sub(lambda found: hold(found[1]), text)
    text = _LINK.sub(lambda found: hold(_link(found[1], found[2], lost)), text)
    text = _INLINE_CODE.sub(lambda found: hold(found[2]), text)
    text = _MATH.sub(lambda found: hold(latex_inline.math(next(part for part in found.groups() if part))), text)
    text = _CITE.sub(lambda found: hold(f"[{', '.join(re.findall(r'@([^;, ]+)', found[1])) or found[1]}]"), text)
    text = _STAMP.sub(lambda found: hold(_write_stamps(found[0])), _TARGET.sub(r"\1", text))
    text = _REFERENCE.sub(r"[\1]", _NOTED.sub(r" (\1)", text))
    for form in _EMPHASIS:
        text = form.sub(r"\1", text)
    text, struck = _STRUCK.subn("", text)
    lost["struck-out part|"] += struck
    text = _RAISED.sub(lambda found: superscript(found[1] or found[2]), text)
    text = _LOWERED.sub(lambda found: subscript(found[1]), text)
    text = _ENTITY.sub(lambda found: SYMBOLS.get(found[1], found[0]), text)
    text = re.sub(r"(?<=\w)---(?=\w)|(?<=\s)---?(?=\s)", "—", text)
    text = re.sub(r"\\\\(?=\n|$)", "", text)
    for _ in range(2):
        text = _HELD.sub(lambda found: held[int(found[1])] if int(found[1]) < len(held) else "", text)
    return text


def _link(target: str, said: str | None, lost: Counter[str]) -> str:
    if said:
        return f"{said} <{target}>" if "://" in target or target.startswith("mailto:") else said
    if _PICTURE.search(target):
        lost["picture| without text"] += 1
        return ""
    return target.removeprefix("file:").removeprefix("mailto:").lstrip("*#")


def _write_stamps(text: str) -> str:
    """``<2025-06-03 Tue 14:00 +1w>`` is ``2025-06-03 Tue 14:00, every week``."""

    def write_repeat(found: re.Match[str]) -> str:
        if not found[1]:
            return ""
        count, unit = int(found[1]), _UNITS[found[2]]
        return f", every {unit}" if count == 1 else f", every {count} {unit}s"

    return _STAMP.sub(lambda found: _REPEATED.sub(write_repeat, found[1]), text).replace("--", "–")
