"""AsciiDoc as people see it: headings, lists, definitions, tables, code; comments and directives left out.

Never follows an ``include::``. Source: the language's description at docs.asciidoctor.org.
"""

from __future__ import annotations

import re
from collections import Counter

from .asciidoc_inline import attributes, inline
from .asciidoc_lines import (
    ADMONITION,
    ADMONITIONS,
    ANCHOR_LINE,
    ATTRIBUTE,
    AUTHOR,
    BLOCK_MACRO,
    CHECK,
    CONDITION,
    FENCE,
    HEADING,
    LIST_LINE,
    LISTED,
    REVISION,
    RULE,
    TABLE,
    TERM,
    TITLE,
    split_attributes,
    titles,
)
from .asciidoc_table import table_of
from .blocks import MarkdownBlocks
from .content import Content, clean, count_phrases
from .decode import decode
from .formats import Format

_LEFT_OUT = {
    "video": "video|",
    "audio": "sound|",
    "include": "included file| not followed",
    "gist": "included file| not followed",
}
_UNDERLINE = {"=": 1, "-": 2, "~": 3, "^": 4}
_DEEPEST = 12
"""Blocks inside one another that are told apart."""
_MARKED_AS_CODE = ("source", "listing", "literal", "console", "shell")


def read(data: bytes, form: Format) -> Content:
    """Reads AsciiDoc as Markdown. Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    writer = _Reader(clean(decoded.text).split("\n"))
    writer.read()
    metadata, omitted = decoded.metadata | writer.told, count_phrases(+writer.lost)
    pages, title = writer.blocks.pages, writer.blocks.first_heading
    return Content(pages.text, form.media_type, title, metadata=metadata, marks=pages.marks, omitted=omitted)


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = [line.rstrip() for line in lines]
        self.blocks = MarkdownBlocks()
        self.lost: Counter[str] = Counter()
        self.told: dict[str, str] = {}
        self.known: dict[str, str] = {}
        self._titles = titles(self.lines)
        self._style: list[str] = []
        """Positional parts of the attribute lines above the next block."""
        self._named: dict[str, str] = {}
        self._lists: list[str] = []
        """Markers of the open lists, outermost first."""
        self._numbers: list[int] = []
        self._at = 0

    def read(self) -> None:
        self._header()
        self._span(len(self.lines), 0)

    def _say(self, text: str) -> str:
        return inline(text, self.known, self._titles, self.lost)

    def _header(self) -> None:
        """The title with the lines of author and revision below it."""
        at = 0
        while at < len(self.lines) and (
            not self.lines[at] or self.lines[at].startswith("//") or ATTRIBUTE.match(self.lines[at])
        ):
            found = ATTRIBUTE.match(self.lines[at])
            at = self._attribute(found, at, len(self.lines)) if found else at + 1
        if at == len(self.lines) or not self.lines[at].startswith(("= ", "# ")):
            self._at = 0 if at == len(self.lines) else at
            return
        self.blocks.heading(1, self._say(self.lines[at][2:]), at + 1)
        at += 1
        if (
            at < len(self.lines)
            and self._is_words(at)
            and (found := AUTHOR.match(self.lines[at].partition(";")[0].strip()))
        ):
            self.blocks.field("Author", self.lines[at], at + 1)
            self.told["author"] = found[1]
            at += 1
            if at < len(self.lines) and (revision := REVISION.match(self.lines[at])):
                number, rest = revision["number"] or "", revision["rest"]
                self.blocks.field("Version", ", ".join(part for part in (number, rest) if part), at + 1)
                at += 1
        self._at = at

    def _is_words(self, at: int) -> bool:
        line = self.lines[at]
        return bool(line) and line[0].isalpha() and not CONDITION.match(line) and "::" not in line

    def _attribute(self, found: re.Match[str], at: int, end: int) -> int:
        """Sets or unsets what line ``at`` names; returns the line behind its value, which may go on."""
        first = at
        at += 1
        while at < end and self.lines[at - 1].endswith("\\"):
            at += 1
        name = found[2].lower()
        if found[1] or found[3]:
            self.known.pop(name, None)
        else:
            value = " ".join(part.rstrip("\\ ").strip() for part in (found[4] or "", *self.lines[first + 1 : at]))
            self.known[name] = attributes(value, self.known)[:2_001]
        return at

    def _span(self, end: int, level: int, depth: int = 0) -> None:
        """The lines up to ``end``; ``depth`` is that of the list in which they stand."""
        while self._at < end:
            line = self.lines[self._at]
            if not line:
                # Blank lines end a list unless one of its items follows.
                while self._at < end and not self.lines[self._at]:
                    self._at += 1
                at = self._at
                if at < end and not (
                    LISTED.match(self.lines[at].lstrip())
                    or TERM.match(self.lines[at].lstrip())
                    or self.lines[at] == "+"
                ):
                    self._lists, self._numbers = self._lists[:depth], self._numbers[:depth]
            elif not self._directive(line, end):
                self._block(line, end, level, depth)
        self._lists, self._numbers = self._lists[:depth], self._numbers[:depth]

    def _directive(self, line: str, end: int) -> bool:
        """What says something about the file or the next block, and nothing to people."""
        if line.startswith("//") and not line.startswith("////"):
            self._at += 1
        elif found := ATTRIBUTE.match(line):
            self._at = self._attribute(found, self._at, end)
        elif condition := CONDITION.match(line):
            self._conditional(condition, end)
        elif ANCHOR_LINE.match(line):
            self._at += 1
        elif (listed := LIST_LINE.match(line)) and self._at + 1 < end:
            self._attribute_line(attributes(listed[1], self.known))
            self._at += 1
        else:
            return False
        return True

    def _attribute_line(self, text: str) -> None:
        for number, part in enumerate(split_attributes(text)):
            name, is_named, value = part.partition("=")
            if is_named and re.fullmatch(r"[\w-]+", name.strip()):
                self._named[name.strip()] = value.strip().strip("\"'")
            elif number < 4:
                self._style.append(part.strip().strip("\"'"))

    def _conditional(self, found: re.Match[str], end: int) -> None:
        kind, names, body = found.groups()
        self._at += 1
        if kind in ("endif", "ifeval"):
            return
        known = [name.strip().lower() in self.known for name in re.split(r"[,+]", names)]
        holds = all(known) if "+" in names else any(known)
        holds = holds if kind == "ifdef" else not holds
        if body:
            if holds:
                self._at -= 1
                self.lines[self._at] = body
            return
        if not holds:
            open_ = 1
            while self._at < end and open_:
                inner = CONDITION.match(self.lines[self._at])
                if inner:
                    open_ += -1 if inner[1] == "endif" else int(not inner[3] or inner[1] == "ifeval")
                self._at += 1
            self.lost["part| for other outputs"] += 1

    def _take_style(self) -> tuple[list[str], dict[str, str]]:
        style, named, self._style, self._named = self._style, self._named, [], {}
        return style, named

    def _block(self, line: str, end: int, level: int, depth: int) -> None:
        heading = HEADING.match(line)
        if heading and not depth:
            self._take_style()
            self._lists, self._numbers = [], []
            self.blocks.heading(len(heading[1]), self._say(heading[2]), self._at + 1)
            self._at += 1
        elif (fence := FENCE.match(line)) and (fence[1] != "--" or level < _DEEPEST):
            self._add_delimited(fence, end, level, depth)
        elif TABLE.match(line):
            self._table(line, end)
        elif (title := TITLE.match(line)) and not LISTED.match(line):
            said = self._say(title[1])
            self.blocks.paragraph(said if said.endswith((".", ":", "?", "!")) else f"{said}:", self._at + 1, depth)
            self._at += 1
        elif RULE.match(line):
            self._take_style()
            self._at += 1
        elif macro := BLOCK_MACRO.match(line):
            self._macro(macro, depth)
        elif line.strip() == "+":
            self._at += 1
            self._continue_item(end, level)
        elif not self._add_item(line, end, level, depth):
            self._paragraph(end, max(depth, len(self._lists)) if line[0].isspace() else depth)

    def _macro(self, found: re.Match[str], depth: int) -> None:
        name, _, body = found.groups()
        self._take_style()
        if name == "image":
            self.blocks.paragraph(self._say(f"image:{found[2]}[{body}]"), self._at + 1, depth)
        elif name in _LEFT_OUT:
            self.lost[_LEFT_OUT[name]] += 1
        self._at += 1

    def _continue_item(self, end: int, level: int) -> None:
        """The block after a ``+`` belongs to the item above."""
        while self._at < end and (line := self.lines[self._at]):
            if line.strip() == "+":
                self._at += 1
            elif not self._directive(line, end):
                break
        if self._at < end and self.lines[self._at]:
            lists, numbers = list(self._lists), list(self._numbers)
            self._block(self.lines[self._at], end, level + 1, len(self._lists))
            self._lists, self._numbers = lists, numbers

    def _add_delimited(self, fence: re.Match[str], end: int, level: int, depth: int) -> None:
        style, named = self._take_style()
        opened, first = self.lines[self._at], self._at + 1
        closing = "```" if fence[1] == "```" else opened
        last = next((at for at in range(first, end) if self.lines[at] == closing), end)
        kind = style[0].partition("#")[0].partition("%")[0].partition(".")[0] if style else ""
        sign = fence[1][0] if fence[1] != "--" else ""
        self._at = last + 1
        if sign == "/" or kind == "comment":
            return
        if sign in ("-", ".", "`") or kind in _MARKED_AS_CODE:
            language = fence[2] or (style[1] if len(style) > 1 and kind == "source" else named.get("language", ""))
            rows = [
                re.sub(r"[ \t]*(?://|#|--|;;)?[ \t]*(?:<(?:\d+|\.)>[ \t]*)+$", "", row)
                for row in self.lines[first:last]
            ]
            self.blocks.code(rows, first + 1, language, depth)
        elif sign == "+":
            self.blocks.code(self.lines[first:last], first + 1, "", depth) if kind != "stem" else self.blocks.paragraph(
                self._say("stem:[" + " ".join(self.lines[first:last]).replace("]", "\\]") + "]"), first + 1, depth
            )
        elif level >= _DEEPEST:
            self.blocks.paragraph(self._say("\n".join(self.lines[first:last])), first + 1, depth)
        else:
            self._at = first
            if kind.upper() in ADMONITIONS:
                self._admonish(kind)
            lists, numbers = self._lists, self._numbers
            self._lists, self._numbers = lists[:depth], numbers[:depth]
            self._span(last, level + 1, depth)
            self._lists, self._numbers = lists, numbers
            self._at = last + 1
            if kind in ("quote", "verse") and len(style) > 1:
                self.blocks.paragraph("— " + ", ".join(self._say(part) for part in style[1:] if part), first, depth)

    def _admonish(self, kind: str) -> None:
        """The name stands before the block's first line of text."""
        at = self._at
        while at < len(self.lines) and not self.lines[at]:
            at += 1
        if at < len(self.lines) and self.lines[at][0].isalpha():
            self.lines[at] = f"{kind.capitalize()}: {self.lines[at]}"
        else:
            self.blocks.paragraph(f"{kind.capitalize()}:", at)

    def _table(self, line: str, end: int) -> None:
        style, named = self._take_style()
        first = self._at + 1
        last = next((at for at in range(first, end) if self.lines[at] == line), end)
        self._at = last + 1
        options = f"{named.get('options', '')} {named.get('opts', '')} {' '.join(style)}"
        form = {",": "csv", ":": "dsv"}.get(line[0], named.get("format", ""))
        columns, separator = named.get("cols", ""), named.get("separator", "")
        lines = self.lines[first:last]
        table = table_of(lines, first + 1, columns, options=options, form=form, separator=separator, sign=line[0])
        rows = [
            [type(cell)(self._say(cell.text), cell.columns, cell.rows, cell.head) for cell in row] for row in table.rows
        ]
        self.blocks.table(rows, table.lines, table.heads)

    def _add_item(self, line: str, end: int, level: int, depth: int) -> bool:
        """An item or a term begins here."""
        bare = line.lstrip()
        listed = LISTED.match(bare)
        term = None if listed else TERM.match(bare)
        if listed is None and (term is None or "::" in term[1]):
            return False
        sign = re.sub(r"\d+", "1", listed[1]) if listed else term[2] if term else ""
        _, named = self._take_style()
        if sign in self._lists[depth:]:
            at = self._lists.index(sign, depth)
            self._lists, self._numbers = self._lists[: at + 1], self._numbers[: at + 1]
        else:
            start = named.get("start", "1")
            self._lists.append(sign)
            self._numbers.append(int(start) - 1 if start.isdecimal() and len(start) < 7 else 0)
        place = len(self._lists)
        first = self._at
        self._at += 1
        if listed:
            text = [listed[2], *self._rest(end)]
            label = "-"
            if sign[0] in ".1<":
                self._numbers[-1] = int(listed[1][:-1]) if sign == "1." else self._numbers[-1] + 1
                label = f"{self._numbers[-1]}."
            text[0] = CHECK.sub(lambda found: "[ ] " if found[1] == " " else "[x] ", text[0], count=1)
            self.blocks.item(self._say("\n".join(text)), first + 1, label, place)
        elif term:
            self._define(term, first, end, place)
        return True

    def _define(self, term: re.Match[str], first: int, end: int, place: int) -> None:
        self.blocks.term(self._say(term[1]), first + 1, place - 1)
        text = [term[3]] if term[3] else []
        if not text:
            while self._at < end and not self.lines[self._at]:
                self._at += 1
            first = self._at
            if self._at < end and (self._begins(self._at) or self.lines[self._at] == "+"):
                return
        text += self._rest(end)
        self.blocks.definition(self._say("\n".join(text)), first + 1, place - 1)

    def _rest(self, end: int) -> list[str]:
        """The lines that go on with the text of an item."""
        first = self._at
        while self._at < end and self.lines[self._at] and self.lines[self._at] != "+" and not self._begins(self._at):
            self._at += 1
        return self.lines[first : self._at]

    def _begins(self, at: int) -> bool:
        line = self.lines[at]
        bare = line.lstrip()
        return bool(
            LISTED.match(bare) or TERM.match(bare) or FENCE.match(line) or TABLE.match(line)
            or LIST_LINE.match(line) or ANCHOR_LINE.match(line) or line.startswith("//") or CONDITION.match(line)
            or BLOCK_MACRO.match(line)
        )  # fmt: skip

    def _paragraph(self, end: int, depth: int) -> None:
        style, _ = self._take_style()
        first = self._at
        self._at += 1
        literal = self.lines[first][0].isspace()
        while self._at < end and self.lines[self._at] and (literal or not self._ends(self._at, depth)):
            self._at += 1
        lines = [line for line in self.lines[first : self._at] if not line.startswith("//")] or [""]
        kind = style[0].partition("#")[0].partition("%")[0] if style else ""
        if literal or kind in _MARKED_AS_CODE:
            language = style[1] if len(style) > 1 and kind == "source" else ""
            self.blocks.code(lines, first + 1, language, depth)
            return
        level = _UNDERLINE.get(lines[1][0], 0) if len(lines) == 2 and lines[1].strip(lines[1][0]) == "" else 0
        if level and abs(len(lines[0]) - len(lines[1])) <= 2 and not depth:
            self.blocks.heading(level, self._say(lines[0]), first + 1)
            return
        text = ADMONITION.sub(lambda found: f"{found[1].capitalize()}: ", "\n".join(lines), count=1)
        text = f"{kind.capitalize()}: {text}" if kind.upper() in ADMONITIONS else text
        self.blocks.paragraph(self._say(text), first + 1, depth)
        if kind in ("quote", "verse") and len(style) > 1:
            self.blocks.paragraph("— " + ", ".join(self._say(part) for part in style[1:] if part), first, depth)

    def _ends(self, at: int, depth: int) -> bool:
        line = self.lines[at]
        if depth and (LISTED.match(line.lstrip()) or TERM.match(line.lstrip())):
            return True
        if TABLE.match(line) or LIST_LINE.match(line) or CONDITION.match(line) or line == "+":
            return True
        underlines = abs(len(line) - len(self.lines[at - 1])) <= 2
        return bool(FENCE.match(line)) and (line in ("--", "```") or not underlines)
