"""LaTeX as it is printed: headings, lists, tables with their captions, code, formulas as text.

Nothing is run: no ``\\input`` is followed, and macros that the file defines are put in to a bound.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from .blocks import MarkdownBlocks
from .content import Content, clean, count_phrases
from .decode import decode
from .formats import Format
from .latex_inline import math, text_of
from .latex_macros import KnownMacros, argument, definitions, option, pairs
from .latex_names import BOXES, DRAWN, FLOATS, FORMULAS, LISTS, SECTIONS, STATED, TABLES, UNSHOWN, VERBATIM
from .latex_table import rows_of

_LEFT_OUT = re.compile(r"\\iffalse(?![A-Za-z]).*?(?:\\fi(?![A-Za-z])|\Z)", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
_TOKEN = re.compile(
    r"\\(?P<edge>begin|end)\s*\{(?P<name>[^{}\n]{1,40})\}"
    rf"|\\(?P<section>{'|'.join(SECTIONS)}|frametitle|framesubtitle|addchap|addsec)\*?(?=\s*[\[{{])"
    r"|\\(?P<item>item|bibitem)(?![A-Za-z])|\\(?P<caption>caption(?:of\{\w+\})?\*?)(?=\s*[\[{])"
    r"|(?P<gap>\n[ \t]*\n\s*|\\(?:par|maketitle|tableofcontents|newpage|clearpage|pagebreak|bigskip|medskip|smallskip"
    r"|listoftables|listoffigures|appendix|printindex|noindent|frontmatter|mainmatter|backmatter)(?![A-Za-z]))"
    r"|(?P<formula>\\\[|\$\$)|(?P<verb>\\(?:verb|lstinline)\*?(?P<mark>[^A-Za-z\s*{\[])[^\n]{0,2000}?(?P=mark))"
)
_LABEL = re.compile(r"\\label\s*\{([^{}\n]{1,200})\}")
_TITLE = 300
"""Characters of a section's title that a reference shows."""
_LOOK = 20_000
"""Characters in which a float's caption is looked for."""


@dataclass
class _List:
    kind: str
    number: int = 0


def read(data: bytes, form: Format) -> Content:
    """Reads LaTeX as Markdown. Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    known = KnownMacros()
    source = definitions(_strip_comments(clean(decoded.text)), known)
    reader = _Reader(source, known)
    reader.read()
    told = dict(decoded.metadata) | ({"author": reader.author} if reader.author else {})
    pages = reader.blocks.pages
    return Content(
        pages.text,
        form.media_type,
        reader.blocks.first_heading,
        metadata=told,
        marks=pages.marks,
        omitted=count_phrases(+known.lost),
    )


def _strip_comments(text: str) -> str:
    """Without comments and what ``\\iffalse`` leaves out; each line keeps its number. Code is left alone."""
    lines: list[str] = []
    code = ""
    for line in text.split("\n"):
        if code:
            code = "" if f"\\end{{{code}}}" in line else code
            lines.append(line)
            continue
        begun = re.search(r"\\begin\{(\w+\*?)\}", line)
        if begun and begun[1] in VERBATIM:
            code = begun[1] if f"\\end{{{begun[1]}}}" not in line else ""
            lines.append(line)
            continue
        if "%" in line and r"\verb" not in line and r"\url" not in line and r"\href" not in line:
            shown = _COMMENT.sub(r"\1", line, count=1)
            line = shown if shown.strip() or not line.strip() else "%"
        lines.append(line)
    text = "\n".join(lines)
    text = _LEFT_OUT.sub(lambda found: "\n" * found[0].count("\n"), text)
    # A line that is a comment whole is no gap between paragraphs.
    return re.sub(r"\n%(?=\n)", "\n\\\\relax ", text) if "\n%" in text else text


class _Reader:
    def __init__(self, text: str, known: KnownMacros) -> None:
        self.text = text
        self.known = known
        self.blocks = MarkdownBlocks()
        self.author = ""
        self._closed = pairs(text)
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._lists: list[_List] = []
        self._lead: tuple[str, int] | None = None
        """Label of the item that begins with the next paragraph; an empty one is a definition."""
        self._raw: list[str] = []
        self._first = 0
        """Where the open paragraph begins."""
        self._counts: dict[str, int] = {}
        self._captioned: set[int] = set()
        self._prefix = ""
        self._end = len(text)
        used = [at for at, name in enumerate(SECTIONS) if re.search(rf"\\{name}\*?\s*[\[{{]", text)]
        self._base = min(used, default=0)
        self._titled = 0

    def _line(self, at: int) -> int:
        return bisect_right(self._breaks, at - 1) + 1

    def read(self) -> None:
        begin = self.text.find("\\begin{document}")
        at = begin + 16 if begin >= 0 else 0
        finish = self.text.find("\\end{document}", at)
        self._end = finish if finish >= 0 else len(self.text)
        self._number()
        self._title(begin if begin >= 0 else 0)
        self._first = at
        while found := _TOKEN.search(self.text, at, self._end):
            self._raw.append(self.text[at : found.start()])
            at = self._token(found)
        self._raw.append(self.text[at : self._end])
        self._flush()

    def _number(self) -> None:
        """What references show: the title of a section, the number of anything else."""
        counts: dict[str, int] = {}
        shown, section = "", 0
        """What a label shows now; where the title of the section begins that it would show."""
        form = re.compile(
            r"\\(?P<edge>begin|end)\{(?P<name>[\w*]+)\}|\\(?P<section>part|chapter|(?:sub){0,2}section|paragraph)\*?(?=\{)"
            r"|\\caption|\\label\{(?P<label>[^{}\n]{1,200})\}"
        )
        for found in form.finditer(self.text):
            name = (found["name"] or "").rstrip("*")
            if found["section"]:
                section, shown = found.end(), ""
            elif found["label"] and found["label"] not in self.known.labels:
                if section and not shown:
                    raw, _ = argument(self.text, section, self._closed, _TITLE)
                    shown = f"“{' '.join(text_of(raw, KnownMacros(self.known.macros)).split())}”"
                self.known.labels[found["label"]] = shown
            elif found["edge"] == "begin" and (name in FLOATS or name in FORMULAS or name in STATED):
                kind = FLOATS.get(name, name)
                counts[kind] = counts.get(kind, 0) + 1
                section, shown = 0, f"({counts[kind]})" if name in FORMULAS else str(counts[kind])

    def _title(self, begin: int) -> None:
        for name in ("title", "author", "date"):
            found = re.search(rf"\\{name}\s*(?:\[[^\[\]\n]{{0,200}}\]\s*)?(?=\{{)", self.text)
            if found is None:
                continue
            raw, end = argument(self.text, found.end(), self._closed)
            shown = " ".join(text_of(re.sub(r"\s{0,20}\\and(?![A-Za-z])", ", ", raw), self.known).split())
            line = self._line(found.start())
            if name == "title":
                self.blocks.heading(1, shown, line)
                self._titled = 1
            elif shown:
                self.blocks.field(name.capitalize(), shown, line)
                self.author = shown if name == "author" else self.author
            if found.start() >= begin:
                self.text = (
                    self.text[: found.start()] + re.sub(r"[^\n]", " ", self.text[found.start() : end]) + self.text[end:]
                )

    def _token(self, found: re.Match[str]) -> int:
        """Deals with what was found; returns where reading goes on."""
        if found["verb"]:
            self._raw.append(found[0])
            return found.end()
        if found["gap"] is not None:
            if found[0] == "\\noindent":
                return found.end()
            self._flush()
            return self._begin(found.end())
        if found["edge"] == "begin":
            return self._environment(found["name"], found.end())
        if found["edge"] == "end":
            self._flush()
            name = found["name"]
            if name.rstrip("*") in LISTS and self._lists:
                self._lists.pop()
            self._prefix, self._lead = "", None
            return self._begin(found.end())
        if found["section"]:
            return self._section(found["section"], found.end())
        if found["item"]:
            return self._item(found["item"], found.end())
        if found["caption"]:
            return self._caption(found.start(), found.end())
        closing = {"\\[": "\\]", "$$": "$$"}[found["formula"]]
        end = self.text.find(closing, found.end(), self._end)
        end = end if end >= 0 else self._end
        self._flush()
        self._formula(found.end(), end)
        return self._begin(min(end + 2, self._end))

    def _begin(self, at: int) -> int:
        """A paragraph may begin here."""
        self._first = at
        return at

    def _flush(self) -> None:
        raw, self._raw = "".join(self._raw), []
        if not raw.strip():
            return
        text = text_of(raw, self.known)
        depth = len(self._lists)
        if not text.strip():
            return
        line = self._line(self._first)
        if self._lead is not None:
            (label, _), self._lead = self._lead, None
            if label:
                self.blocks.item(text, line, label, max(depth, 1))
            else:
                self.blocks.definition(text, line, max(depth - 1, 0))
            return
        prefix, self._prefix = self._prefix, ""
        self.blocks.paragraph(prefix + text.lstrip("\n ") if prefix else text, line, depth)

    def _formula(self, start: int, end: int) -> None:
        raw = _LABEL.sub("", self.text[start:end])
        shown = math(
            re.sub(r"\\\\(?:\[[^\[\]]{0,50}\])?|\\(?:nonumber|notag)(?![A-Za-z])", " ", raw).replace("&", " "),
            self.known,
        )
        self.blocks.paragraph(" ".join(shown.split()), self._line(start), len(self._lists))

    def _environment(self, name: str, at: int) -> int:
        bare = name.rstrip("*")
        if name in VERBATIM:
            return self._code(name, at)
        if name in FORMULAS or name in TABLES or bare in DRAWN or bare in UNSHOWN:
            closing = f"\\end{{{name}}}"
            end = self.text.find(closing, at, self._end)
            end = end if end >= 0 else self._end
            after = min(end + len(closing), self._end)
            self._flush()
            if name in TABLES:
                end, after = self._table(name, at)
            elif bare in DRAWN:
                self.known.lost["drawing|"] += 1
            elif bare not in UNSHOWN:
                self._formula(at, end)
            return self._begin(after)
        self._flush()
        told, after = option(self.text, at)
        if bare in LISTS:
            start = re.search(r"start\s*=\s*(\d{1,6})", told or "")
            self._lists.append(_List(bare, int(start[1]) - 1 if start else 0))
            if bare in ("thebibliography", "labeling", "acronym") and self.text.startswith("{", after):
                _, after = argument(self.text, after, self._closed)
            if bare == "thebibliography":
                self.blocks.heading(self._titled + 1, "References", self._line(at))
        elif bare in FLOATS:
            self._float(bare, after)
        elif bare == "abstract":
            self.blocks.heading(self._titled + 1, "Abstract", self._line(at))
        elif bare in STATED:
            named = f" ({text_of(told, self.known)})" if told else ""
            self._prefix = f"{bare.capitalize()}{named}: "
        elif bare == "frame":
            return self._begin(self._frame(after))
        elif bare in BOXES:
            named, after = argument(self.text, after, self._closed) if self.text.startswith("{", after) else ("", after)
            if bare == "block":
                self.blocks.heading(self._titled + 3, text_of(named, self.known), self._line(at))
        return self._begin(after)

    def _frame(self, at: int) -> int:
        if not self.text.startswith("{", at):
            return at
        title, after = argument(self.text, at, self._closed)
        self.blocks.heading(self._titled + 2, text_of(title, self.known), self._line(at))
        return after

    def _code(self, name: str, at: int) -> int:
        self._flush()
        told, at = option(self.text, at)
        language = re.search(r"language\s*=\s*\{?(?:\[[^\]]*\])?([\w+#-]+)", told or "")
        caption = re.search(r"(?:caption|title)\s*=\s*(\{[^{}]*\}|[^,\]]*)", told or "")
        shown = language[1].lower() if language else ""
        if name == "minted":
            shown, at = argument(self.text, at, self._closed)
        closing = f"\\end{{{name}}}"
        end = self.text.find(closing, at)
        end = end if end >= 0 else self._end
        if caption:
            self.blocks.paragraph(f"{text_of(caption[1].strip('{} '), self.known)}:", self._line(at), len(self._lists))
        self.blocks.code(self.text[at:end].split("\n"), self._line(at), shown, len(self._lists))
        return self._begin(min(end + len(closing), len(self.text)))

    def _float(self, name: str, at: int) -> None:
        """The caption stands above, wherever the file has it, so that it governs the table."""
        kind = FLOATS[name]
        self._counts[kind] = self._counts.get(kind, 0) + 1
        ends = self.text.find(f"\\end{{{name}", at, at + _LOOK)
        found = re.compile(r"\\caption\*?").search(self.text, at, ends if ends >= 0 else at)
        if found:
            _, after = option(self.text, found.end())
            raw, behind = argument(self.text, after, self._closed, _LOOK)
            if behind > ends:  # It is never closed, or has the float inside.
                return
            shown = " ".join(text_of(raw, self.known).split()).rstrip(".")
            self._captioned.add(found.start())
            self.blocks.paragraph(f"{kind} {self._counts[kind]}: {shown}:", self._line(found.start()))

    def _caption(self, start: int, at: int) -> int:
        _, after = option(self.text, at)
        raw, after = argument(self.text, after, self._closed)
        if start not in self._captioned:
            self._flush()
            self.blocks.paragraph(text_of(raw, self.known), self._line(start))
        return self._begin(after)

    def _table(self, name: str, at: int) -> tuple[int, int]:
        """Where the table ends, and its closing line."""
        form = re.compile(rf"\\(begin|end)\{{{re.escape(name)}\}}")
        depth, end, after = 1, self._end, self._end
        for found in form.finditer(self.text, at, self._end):
            depth += 1 if found[1] == "begin" else -1
            if not depth:
                end, after = found.span()
                break
        if name == "longtable":
            self._float(name, at)
        _, start = option(self.text, at)
        for _ in range(TABLES[name]):
            _, start = option(self.text, start)
            _, start = argument(self.text, start, self._closed)
        raw = self.text[start:end]
        caption = re.search(r"\\caption\*?(?:\[[^\[\]]{0,500}\])?(?=\{)", raw)
        if caption:
            closed = pairs(raw)
            _, behind = argument(raw, caption.end(), closed)
            gone = re.compile(r"\s*(?:\\label\{[^{}]*\})?\s*(?:\\\\|\\tabularnewline)?").match(raw, behind)
            behind = gone.end() if gone else behind
            raw = raw[: caption.start()] + re.sub(r"[^\n]", " ", raw[caption.start() : behind]) + raw[behind:]
        rows = rows_of(_LABEL.sub("", raw), self._line(start), self.known)
        self.blocks.table(rows.cells, rows.lines, rows.heads)
        return end, after

    def _section(self, name: str, at: int) -> int:
        self._flush()
        _, after = option(self.text, at)
        raw, after = argument(self.text, after, self._closed)
        place = {"frametitle": 3, "framesubtitle": 4, "addchap": 1, "addsec": 2}.get(name, -1)
        order = place if place >= 0 else SECTIONS.index(name)
        self.blocks.heading(max(1, order - self._base + 1 + self._titled), text_of(raw, self.known), self._line(at))
        return self._begin(after)

    def _item(self, name: str, at: int) -> int:
        self._flush()
        line = self._line(at)
        told, after = option(self.text, at)
        current = self._lists[-1] if self._lists else _List("itemize")
        depth = max(len(self._lists), 1)
        if name == "bibitem":
            key, after = argument(self.text, after, self._closed)
            self._lead = (f"- [{told or key}]", line)
        elif current.kind in ("description", "labeling") and told:
            self.blocks.term(text_of(told, self.known).strip().rstrip(":"), line, depth - 1)
            self._lead = ("", line)
        elif current.kind in ("enumerate", "compactenum", "inparaenum") and told is None:
            current.number += 1
            self._lead = (f"{current.number}.", line)
        else:
            self._lead = (f"- {text_of(told, self.known)}" if told else "-", line)
        return self._begin(after)
