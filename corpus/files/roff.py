"""Manual pages (man and mdoc macros of roff) as they are shown: sections, options with their meaning, examples.

Includes (``.so``) are not followed, macros that a page defines are not run. A file that is no roff is plain text.
Source: man(7), mdoc(7), groff(7), tbl(1).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from . import text as plain_text
from .blocks import MarkdownBlocks
from .content import Content, clean, count_phrases
from .decode import decode
from .formats import PLAIN, Format
from .roff_inline import calls_of, plain, words
from .roff_mdoc import line_of
from .roff_names import BULLETS, CODE_BEGINS, CODE_ENDS, FONTS, LEVELS, LISTS, MANUALS, PARAGRAPHS, SKIPPED, is_roff
from .roff_table import table_of

_REQUEST = re.compile(r"[.'][ \t]*(?:([A-Za-z0-9_%@?^!#&*()$=<>,;/|~+-]+)[ \t]*(.*)|\\[\"#].*|)$")
_GOES_ON = re.compile(r"(?<!\\)\\$")
_NUMBERED = re.compile(r"[(\[]?(\d{1,3})[.)\]]{0,2}$")
_DEEPEST = 20
_LONGEST = 200
"""Characters of a string that the page defines."""


def read(data: bytes, form: Format) -> Content:
    """Reads a manual page as Markdown. Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    source = clean(decoded.text)
    if not is_roff(source):
        return plain_text.read(data, PLAIN)
    reader = _Reader(source.split("\n"))
    reader.read()
    pages, title, more = reader.blocks.pages, reader.title, count_phrases(+reader.lost)
    return Content(pages.text, form.media_type, title, metadata=decoded.metadata, marks=pages.marks, omitted=more)


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self._calls = calls_of(lines)
        self.blocks = MarkdownBlocks()
        self.lost: Counter[str] = Counter()
        self.title = ""
        self.name = ""
        """Of the page, as mdoc's ``.Nm`` shows it."""
        self._strings: dict[str, str] = {}
        self._macros: set[str] = set()
        """Those that the page defines itself."""
        self._words: list[tuple[str, int]] = []
        """Lines of the open paragraph, each with its number."""
        self._lead = ""
        """``term``, ``definition`` or an item's label that the open paragraph has."""
        self._terms: list[tuple[str, int]] = []
        self._within = False
        """Whether the last definition still goes on."""
        self._code: list[tuple[str, int]] | None = None
        self._depth = 0
        """Of indents (``.RS``)."""
        self._lists: list[list[object]] = []
        """mdoc's open lists: kind, number of the last item."""
        self._held = False
        """Whether the last ``.ie`` held."""
        self._nested = 0
        """Conditions that are open on one line."""
        self._at = 0

    def read(self) -> None:
        while self._at < len(self.lines):
            line = self.lines[self._at]
            self._at += 1
            parts = [line]
            while _GOES_ON.search(parts[-1]) and self._at < len(self.lines):
                parts[-1] = parts[-1][:-1]
                parts.append(self.lines[self._at])
                self._at += 1
            self._line("".join(parts))
        self._flush()
        self._end_code()

    def _plain(self, text: str) -> str:
        return plain(text, self._strings)

    def _line(self, line: str) -> None:
        found = _REQUEST.match(line) if line[:1] in (".", "'") else None
        if found and (found[1] is not None or line.strip(".' \t") == "" or "\\" in line[:6]):
            if found[1]:
                self._request(found[1], found[2] or "")
            return
        if self._code is not None:
            self._code.append((self._plain(line), self._at))
        elif not line.strip():
            self._paragraph()
        else:
            self._say(self._plain(line), line[0] in " \t")

    def _say(self, text: str, apart: bool = False) -> None:
        if self._code is not None:
            self._code.append((text, self._at))
        elif self._lead == "tag":
            self._terms.append((" ".join(text.split()), self._at))
            self._lead = "definition"
        elif text.strip():
            if apart and self._words and not self._lead:
                self._flush()
            self._words.append((text, self._at))

    def _paragraph(self) -> None:
        if self._lead == "tag":
            return
        if self._lead == "definition" and not self._words and self._terms:
            return
        self._flush()

    def _flush(self) -> None:
        """Writes the open paragraph."""
        said, self._words = self._words, []
        lead, self._lead = self._lead, ""
        if lead in ("definition", "tag"):
            self._define(said)
        elif said and lead:
            self.blocks.item(self._join_lines(said), said[0][1], lead, max(self._inside(), 1))
        elif said:
            self.blocks.paragraph(self._join_lines(said), said[0][1], self._inside())

    def _inside(self) -> int:
        """How deep a paragraph stands. Deeper than 1 outside of lists would be code in Markdown."""
        outer = len(self._lists) - sum(kind[0] == "tag" for kind in self._lists)
        return min(outer, 5) or int(self._within or self._depth > 0)

    def _define(self, said: list[tuple[str, int]]) -> None:
        terms, self._terms = [term for term in self._terms if term[0]], []
        depth = min(len(self._lists) - sum(kind[0] == "tag" for kind in self._lists), 5)
        if terms and not said:
            self.blocks.paragraph(", ".join(term for term, _ in terms), terms[0][1])
        elif terms:
            self.blocks.term(", ".join(term for term, _ in terms), terms[0][1], depth)
            self.blocks.definition(self._join_lines(said), said[0][1], depth)
            self._within = True
        elif said:
            self.blocks.paragraph(self._join_lines(said), said[0][1], depth)

    def _join_lines(self, said: list[tuple[str, int]]) -> str:
        """Lines with a line break for each line of the file between them."""
        text, at = "", said[0][1]
        for shown, line in said:
            text += "\n" * (line - at) + shown
            at = line
        return text

    def _request(self, name: str, rest: str) -> None:
        if name in ("ig", "de", "de1", "am", "dei", "am1"):
            if name != "ig":
                self._macros.update(words(rest)[:1])
            ends = words(rest)[name != "ig" :]
            self._skip_to(ends[0] if ends else ".")
        elif name in ("if", "ie", "el", "while"):
            self._conditional(name, rest)
        elif name in ("ds", "as"):
            key, _, value = rest.lstrip().partition(" ")
            before = "" if name == "ds" else self._strings.get(key, "")
            shown = self._plain(value.lstrip().removeprefix('"'))
            self._strings[key] = (before + shown)[:_LONGEST]
        elif name == "TS":
            self._table()
        elif name in ("TH", "Dt"):
            self._page(words(rest), name)
        elif name in LEVELS:
            self._heading(name, rest)
        elif name in CODE_BEGINS or name in CODE_ENDS:
            self._fill(name in CODE_ENDS)
        elif name in ("TP", "TQ", "IP", "It"):
            self._begin_item(name, rest)
        elif name in ("Bl", "El", "Bd", "Ed", "D1", "Dl"):
            self._display(name, rest)
        elif name in ("RS", "RE"):
            self._flush_text()
            self._depth = max(0, self._depth + (1 if name == "RS" else -1)) if self._depth < 5 or name == "RE" else 5
        elif name in PARAGRAPHS:
            if name == "SY":
                self._flush()
                self._words.append((self._plain(" ".join(words(rest))), self._at))
            elif self._code is not None and name != "br":
                self._code.append(("", self._at))
            else:
                self._paragraph()
                self._within = self._within and (
                    bool(self._lists) or self._depth > 0 or name not in ("PP", "P", "LP", "HP")
                )
        elif name in ("so", "mso"):
            self.lost["included file| not followed"] += 1
        elif name in ("EQ", "PS"):
            self._skip_to({"EQ": "EN", "PS": "PE"}[name])
            self.lost["formula|" if name == "EQ" else "drawing|"] += 1
        elif name not in SKIPPED:
            self._write_macro(name, rest)

    def _flush_text(self) -> None:
        if self._lead not in ("tag", "definition") or self._words:
            self._flush()

    def _skip_to(self, end: str) -> None:
        """Goes on behind the next call of ``end``; without one nothing is left out, so that the page is read."""
        self._at = self._next_call(end, self._at - 1) + 1

    def _next_call(self, name: str, otherwise: int) -> int:
        """The index of the next line that calls ``name``, whatever space stands behind its control character."""
        places = self._calls.get(name, [])
        at = bisect_left(places, self._at)
        return places[at] if at < len(places) else otherwise

    def _conditional(self, name: str, rest: str) -> None:
        """Reads it as a terminal shows it: ``n`` holds, ``t`` does not; what cannot be told here does not hold."""
        test, _, body = rest.lstrip().partition(" ")
        if name == "el":
            holds, body = not self._held, rest.lstrip()
        else:
            holds = test in ("n", "!t", "1", "\\n(.g", "(\\n(.g", "\\n[.g]", "!'po4a'hide'")
            self._held = holds
        body = body.lstrip()
        if self._nested > _DEEPEST:
            return
        self._nested += 1
        if body.startswith("\\{"):
            if holds:
                body = body[2:].lstrip("\\").strip()
                if body:
                    self._line(body.replace("\\}", ""))
            else:
                self._skip_group(body)
        elif holds and body:
            self._line(body.replace("\\}", ""))
        self._nested -= 1

    def _skip_group(self, line: str) -> None:
        depth = line.count("\\{") - line.count("\\}")
        while depth > 0 and self._at < len(self.lines):
            line = self.lines[self._at]
            self._at += 1
            depth += line.count("\\{") - line.count("\\}")

    def _page(self, parts: Sequence[str], name: str) -> None:
        shown = [self._plain(part) for part in parts]
        if not shown:
            return
        self.title = shown[0].lower() if shown[0].isupper() else shown[0]
        section = shown[1] if len(shown) > 1 else ""
        self.title += f"({section})" if section else ""
        self.blocks.heading(1, self.title, self._at)
        said = [part for part in (*reversed(shown[3:5]), shown[2] if len(shown) > 2 else "") if part]
        said = said or ([MANUALS[section[:1]]] if section[:1] in MANUALS else [])
        self.blocks.paragraph(", ".join(said), self._at)

    def _heading(self, name: str, rest: str) -> None:
        self._flush()
        self._end_code()
        self._depth, self._lists, self._within = 0, [], False
        line = self._at
        text = self._plain(" ".join(words(rest)))
        if not text and self._at < len(self.lines):
            text = self._plain(self.lines[self._at])
            self._at += 1
        self.blocks.heading(LEVELS[name], text, line)

    def _fill(self, again: bool) -> None:
        if again:
            self._end_code()
        elif self._code is None:
            self._flush_text()
            if self._lead in ("tag", "definition"):
                self._flush()
            self._code = []

    def _end_code(self) -> None:
        rows, self._code = self._code, None
        if rows is None:
            return
        self.blocks.numbered_code(rows, "", self._inside())

    def _begin_item(self, name: str, rest: str) -> None:
        if self._code is not None:
            self._end_code()
        if name == "TQ" and self._terms and not self._words:
            self._lead = "tag"
            return
        keeps = name == "It" and self._terms and not self._words and self._lead == "definition"
        if not keeps:
            self._flush()
        if name in ("TP", "TQ"):
            self._lead = "tag"
            return
        if name == "IP":
            told = words(rest)
            mark = " ".join(self._plain(told[0]).split()) if told else ""
            self._set_label(mark)
            return
        current = self._lists[-1] if self._lists else ["tag", 0]
        if current[0] == "enum":
            number = int(str(current[1])) + 1
            current[1] = number
            self._lead = f"{number}."
        elif current[0] in ("tag", "column"):
            self._terms.append((" ".join(self._mdoc(rest).split()), self._at))
            self._lead = "definition"
        else:
            self._lead = "-"
            if rest.strip():
                self._say(self._mdoc(rest))

    def _set_label(self, mark: str) -> None:
        number = _NUMBERED.match(mark)
        if not mark:
            self._lead = ""
        elif mark in BULLETS:
            self._lead = "-"
        elif number:
            self._lead = f"{number[1]}."
        else:
            self._terms.append((mark, self._at))
            self._lead = "definition"

    def _display(self, name: str, rest: str) -> None:
        if name == "Bl":
            self._flush_text()
            if self._lead == "definition":
                self._flush()
            kind = re.search(r"-(tag|bullet|enum|item|dash|hyphen|hang|ohang|inset|diag|column)", rest)
            self._lists.append([LISTS.get(kind[1], "bullet") if kind else "bullet", 0])
        elif name == "El":
            self._flush()
            self._lists, self._within = self._lists[:-1], False
        elif name == "Bd":
            if "-literal" in rest or "-unfilled" in rest:
                self._fill(again=False)
            else:
                self._paragraph()
        elif name == "Ed":
            self._end_code() if self._code is not None else self._paragraph()
        else:
            self._flush()
            self.blocks.code([self._mdoc(rest)], self._at, "", self._inside())

    def _mdoc(self, rest: str) -> str:
        return line_of(rest, self.name, self._strings)

    def _write_macro(self, name: str, rest: str) -> None:
        """Macros that write their arguments, in whatever font."""
        if name in FONTS:
            parts = words(rest)
            if not parts:
                return
            gap = " " if name in ("B", "I", "R", "SM", "SB") else ""
            self._say(self._plain(gap.join(parts)))
        elif name in ("UR", "MT", "UE", "ME", "OP", "MR"):
            self._write_link(name, rest)
        elif name == "Nm" and not self.name and rest.strip():
            self.name = self._plain(words(rest)[0])
            self._say(self._mdoc(f"Nm {rest}"))
        elif name == "Nd":
            self._say(f"— {self._mdoc(rest)}")
        elif name in self._macros:  # what it does is not known; what it is given is text
            self._say(self._plain(" ".join(words(rest))))
        elif name[0].isupper() or name[0] == "%":
            shown = self._mdoc(f"{name} {rest}")
            closes = shown[:1] in ".,;:)]" and self._words and self._code is None and self._lead != "tag"
            if closes:
                before, line = self._words[-1]
                self._words[-1] = (before + shown, line)
            else:
                self._say(shown)

    def _write_link(self, name: str, rest: str) -> None:
        parts = [self._plain(part) for part in words(rest)]
        if name == "OP":
            self._say(f"[{' '.join(parts)}]")
        elif name == "MR":
            self._say(f"{parts[0]}({parts[1]}){''.join(parts[2:])}" if len(parts) > 1 else " ".join(parts))
        elif name in ("UR", "MT") and parts:
            self._say(f"<{parts[0]}>")
        elif parts and self._words:
            before, line = self._words[-1]
            self._words[-1] = (before + "".join(parts), line)

    def _table(self) -> None:
        self._flush_text()
        if self._lead == "definition":
            self._flush()
        first = self._at
        self._at = self._next_call("TE", len(self.lines))
        rows, lines, heads = table_of(self.lines[first : self._at], first + 1, self._plain)
        self._at += 1
        self.blocks.table(rows, lines, heads)
