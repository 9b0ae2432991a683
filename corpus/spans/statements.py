"""Statements: what is found, read, quoted and checked. A statement is a span and the spans that govern it.

A list's lead-in governs its items, a header row the rows below it, a heading what stands under it, a term its
definition, a key the values below it, a question its answer, a speaker what was said, a signature its docstring.
Everything is told by the layout of the stored text, so that offsets are verbatim. Knows nothing of documents and
questions; what governs a whole passage is added by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..document import Place
from . import simple_table
from .cells import pipe_cells, separator_of, value_cells
from .headings import heading_of, is_bare_number
from .labels import is_clause_title, label_further_down, label_of
from .laid_out import apart, laid_statements, layouts
from .lines import FENCE, ITEM, RULE, lines
from .records import Record, records
from .rst import OBJECT
from .sections import SECTION, array_of
from .sentence import sentences
from .statement import Statement as Statement
from .statement import StatementCell as StatementCell
from .units import CODE_KINDS, Unit, units

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_RULED = re.compile(r"^[ \t]*" + simple_table.BORDER.pattern, re.MULTILINE)
_HEADED = re.compile(rf"{_DELIMITER.pattern}|\+(?:=+\+)+")
"""What stands below a header row: a line of dashes, or of ``=`` in a grid table."""
_SIGNATURE = re.compile(r"(?:async\s+)?(?:def|class)\s")
_REMARK = re.compile(r"(?:#|;|!|//)[#;!/ \t]*[^\W\d_][^=:{}\[\]]*$")
"""A comment in words among settings."""
_MARKS = re.compile(r"[\s\"'`#*/\\{}\[\]();,<>=~_.:|+-]*$")
"""Nothing but signs: a rule, a fence, a bracket, the quotes of a docstring."""
_ANCHOR = re.compile(r"(?:<a\s[^<>]*>\s*</a>\s*)+|<!--.*-->", re.DOTALL)
_DIRECTIVE = re.compile(
    r"\.\.\s+(?:[\w:-]+::|(?:auto\w+|code|code-block|contents|currentmodule|figure|highlight|image|include|index|literalinclude"
    r"|only|prompt|py:(?:current)?module|raw|sourcecode|toctree)::[^\n]*)(?:\n[ \t]+:[\w-]+:[^\n]*)*"
)
"""A directive of reStructuredText that says nothing itself."""
_SAYING_NOTHING = (_DELIMITER, RULE, _MARKS, _ANCHOR, _DIRECTIVE)
"""A rule, a bracket, an anchor, a directive that shows what stands elsewhere."""
_DEFINITION = (": ", ":\t")
_LONGEST_LABEL, _LONGEST_TERM = 240, 90
"""Characters of a governor, beyond which a heading or lead-in governs nothing; of a term."""
_DATUM = re.compile(
    r"^\W*\d[\d.,/:-]*\d(?!\d)\D|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^\d{1,2}\.? [^\W\d]{3,}|\d[.,]\d|[$€£¥@]"
    r"|^[A-Z]{1,4}-?\d{3,}"
)
"""What no column is called: a date, an amount, a number with its unit, an address, a code."""
_HEADING_WORDS = 6
"""Of a line without a mark right above a list, which is its heading."""
_CLAUSE_LEVEL = 7
"""Of the title of a clause on a line of its own: below all headings."""
_NEXT = ("prose",)
"""What a sentence that ends in a colon governs where no list follows: one paragraph."""


def statements(text: str, kind: str = "section", header: str = "") -> list[Statement]:
    """The statements of a passage ``text`` of that kind, in order; together they cover all but white space.

    ``header`` is the header row of a table that began in an earlier passage.
    """
    if kind == "table" and not _has_pipes(text):
        return list(_values(text, header))
    if kind == "data":
        return list(_data(text))
    if kind in CODE_KINDS:
        return list(_code(text, kind))
    return list(_structured_statements(text, header if kind == "table" else ""))


def _has_pipes(text: str) -> bool:
    return text.lstrip().startswith(("|", "#", "+", "=")) or "\n|" in text or _RULED.search(text) is not None


@dataclass(frozen=True, slots=True)
class _Opener:
    """A line that governs what follows it: deeper lines, and at its own depth those of the kinds ``governs``."""

    indent: int
    place: Place
    governs: tuple[str, ...] = ()


@dataclass
class _Open:
    """What governs the next unit of structured text."""

    columns: list[str]
    headings: list[tuple[int, Place]] = field(default_factory=list)
    question: Place | None = None
    openers: list[_Opener] = field(default_factory=list)
    header: Place | None = None

    def enter(self, level: int, place: Place, *, joins: bool = False) -> None:
        """Opens a heading, which closes those of its level and below, but for the bare number that it ``joins``."""
        if not joins:
            self.leave(level)
        self.headings.append((level, place))
        self.openers, self.question = [], None
        self.end_table()

    def leave(self, level: int) -> None:
        self.headings = [entry for entry in self.headings if entry[0] < level]

    def end_table(self) -> None:
        self.header, self.columns = None, []

    def close(self, indent: int, kind: str) -> None:
        """Ends what does not govern a unit of this kind at this indent."""
        while self.openers and not (
            indent > self.openers[-1].indent or (indent == self.openers[-1].indent and kind in self.openers[-1].governs)
        ):
            self.openers.pop()

    def above(self, *more: Place | None) -> tuple[Place, ...]:
        places = [*(place for _, place in self.headings), self.question, *(one.place for one in self.openers), *more]
        return tuple(place for place in places if place and place[1] - place[0] <= _LONGEST_LABEL)


def _structured_statements(text: str, header: str) -> Iterator[Statement]:
    laid = dict(apart(text, layouts(text), units(text, 0, len(text), "section")))
    parts = list(laid)
    state = _Open(_names(header))
    fence_until, levels = -1, list[str]()
    simple = simple_table.table_parts(text, parts)
    said = False
    for index, unit in enumerate(parts):
        start, end, _ = unit
        following = parts[index + 1] if index + 1 < len(parts) else None
        shown = text[start:end]
        level, first, last = heading_of(shown, levels, begins=not said, first=not index)
        said = said or not level
        if start < fence_until:
            yield Statement(start, end, "label" if _MARKS.fullmatch(shown) else "code", state.above())
        elif index in simple:
            yield from _simple_rows(text, unit, simple[index], state)
        elif layout := laid[unit]:
            state.close(_indent(text, start), "table")
            yield from (found := list(laid_statements(text, layout, state.above())))
            state.openers.append(_Opener(_indent(text, start), (found[-1].start, found[-1].end)))
        elif FENCE.match(shown):
            state.close(_indent(text, start), "fence")
            fence_until = _fence_end(text, start)
            yield Statement(start, end, "label", state.above())
        elif level:
            joins = bool(index) and _is_number_of(text, parts[index - 1], level, state)
            yield Statement(start, end, "label", state.above())
            state.enter(level, (start + first, start + last), joins=joins)
        elif any(form.fullmatch(shown) for form in _SAYING_NOTHING):
            yield Statement(start, end, "label", state.above())
        elif shown.startswith("|"):
            state.close(_indent(text, start), "table")
            yield _row(text, unit, following, state)
        else:
            state.end_table()
            yield from _prose(text, unit, following, state, laid=following is not None and laid[following] is not None)


def _is_number_of(text: str, before: Unit, level: int, state: _Open) -> bool:
    """Whether the unit before is a heading of this level that tells a number alone, whose title follows."""
    above = state.headings[-1:]
    place = (before[0], before[1])
    number = above[0][1] if above else place
    return above == [(level, number)] and number[1] == place[1] and is_bare_number(text[slice(*place)])


def _simple_rows(text: str, unit: Unit, part: simple_table.TableUnit, state: _Open) -> Iterator[Statement]:
    start, end, _ = unit
    state.close(_indent(text, start), "table")
    if not part.body:
        yield Statement(start, end, "label", state.above())
        return
    header = simple_table.cells(text, part.header, part.columns) if part.header else ()
    names = [text[slice(*place)] for place in header]
    for place, values in simple_table.rows(text, start, end, part.columns):
        yield Statement(*place, "row", state.above(part.header), _cells(names, values))


def _row(text: str, unit: Unit, following: Unit | None, state: _Open) -> Statement:
    start, end, _ = unit
    if following and _HEADED.fullmatch(text[following[0] : following[1]]):
        names = _names(text[start:end])
        if _has_keys(names):
            state.header, state.columns = None, []
            return Statement(start, end, "row", state.above(), _cells([], pipe_cells(text, start, end)))
        state.header, state.columns = (start, end), names
        return Statement(start, end, "label", state.above())
    return Statement(start, end, "row", state.above(state.header), _cells(state.columns, pipe_cells(text, start, end)))


def _has_keys(names: Sequence[str]) -> bool:
    """Whether what stands where a header would is a key and its value, as in a form: "Invoice date | 3 March 2025"."""
    return len(names) == 2 and (names[0].endswith(":") or bool(_DATUM.search(names[1]) and names[0][:1].isalpha()))


def _names(header: str) -> list[str]:
    return [header[start:end] for start, end in pipe_cells(header, 0, len(header))] if header else []


def _cells(names: Sequence[str], values: Sequence[Place]) -> tuple[StatementCell, ...]:
    return tuple(StatementCell(names[at] if at < len(names) else "", value) for at, value in enumerate(values))


def _prose(text: str, unit: Unit, following: Unit | None, state: _Open, *, laid: bool) -> Iterator[Statement]:
    """A list item, a definition, or a paragraph; what announces the next unit becomes its governor."""
    start, end, prose = unit
    shown, indent = text[start:end], _indent(text, start)
    kind = "item" if ITEM.match(shown) else "definition" if shown.startswith(_DEFINITION) else "prose"
    state.close(indent, kind)
    places = sentences(text, start, end, "section") if prose else [(start, end)]
    governs = _governs(text, unit, following, kind, laid=laid)
    asks = kind == "prose" and len(places) == 1 and shown.rstrip("*_ ").endswith("?")
    label = label_of(text, start, end, listed=kind == "item") if len(places) > 1 and kind != "definition" else None
    asked: Place | None = None
    """A question governs the sentence behind it, at the beginning of a paragraph all of them."""
    if asks:
        state.question = None
    for number, place in enumerate(places):
        if number and label and kind == "prose":
            label = label_further_down(text, place, label)
        last = number == len(places) - 1
        before = places[number - 1] if number and _asks(text, places[number - 1]) else None
        asked = before or (asked if asked == places[0] else None)
        titles = is_clause_title(text[slice(*place)])
        if titles:
            state.leave(_CLAUSE_LEVEL)
        if titles or asks or (last and governs is not None) or (_asks(text, place) and not last):
            yield Statement(*place, "label", state.above())
        else:
            governors = state.above(label if label and label[0] < place[0] and label != asked else None, asked)
            yield Statement(*place, "item" if kind == "item" else "sentence", governors)
    if kind == "prose":
        state.openers = [one for one in state.openers if one.governs is not _NEXT]
    if len(places) == 1 and is_clause_title(shown):
        state.enter(_CLAUSE_LEVEL, places[0])
    elif asks:
        state.question = places[-1]
    elif kind == "item":
        state.openers.append(_Opener(indent, places[0]))
    elif governs is not None:
        state.openers.append(_Opener(indent, places[-1], governs))


def _asks(text: str, place: Place) -> bool:
    return text[slice(*place)].rstrip("*_\"”’') ").endswith("?")


def _governs(text: str, unit: Unit, following: Unit | None, kind: str, *, laid: bool) -> tuple[str, ...] | None:
    """What the unit announces at its own depth (deeper lines besides): a lead-in ends in a colon, a term stands alone
    above its definition. ``None`` when it announces nothing."""
    if following is None or kind == "definition":
        return None
    prose = kind == "prose" and following[2] and not heading_of(text[following[0] : following[1]], [])[0]
    shown, after = text[unit[0] : unit[1]], text[following[0] : following[1]]
    deeper = _indent(text, following[0]) > _indent(text, unit[0])
    if deeper and kind == "prose" and OBJECT.match(shown):
        return ()
    next_line = text.count("\n", unit[1], following[0]) <= 1
    listed = laid or bool(ITEM.match(after) or after.startswith("|") or FENCE.match(after))
    alone = kind == "prose" and "\n" not in shown and len(shown) <= _LONGEST_TERM and next_line
    if alone and after.startswith(_DEFINITION):
        return ("definition",)
    if shown.rstrip("*_` ").endswith((":", "：")):
        if kind == "item":
            return () if deeper else None
        return ("item", "table", "fence") if listed or deeper else _NEXT if prose else None
    if alone and deeper and not listed and shown[-1] not in ".!?;,":
        return ()
    if alone and (laid or ITEM.match(after)) and shown[-1] not in ".!?;," and len(shown.split()) <= _HEADING_WORDS:
        return ("item", "table") if laid else ("item",)
    return None


def _indent(text: str, at: int) -> int:
    """The indent of the line that ``at`` lies in."""
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin : text.find("\n", at) if "\n" in text[at:] else len(text)]
    return _column(line) or (0 if begin else _lost_indent(text))


def _column(line: str) -> int:
    return len(line[: len(line) - len(line.lstrip())].expandtabs(4))


@lru_cache(maxsize=64)
def _lost_indent(text: str) -> int:
    """The indent that the first line had in its document where it was cut off with the passage: that of the least
    indented lines below, where the lines right behind it are deeper still, as below a term."""
    others = [_column(line) for line in text.split("\n")[1:] if line.strip()]
    return min(others) if others and others[0] > min(others) else 0


def _fence_end(text: str, start: int) -> int:
    opened = FENCE.match(text[start:].partition("\n")[0])
    mark = opened[1] if opened else "```"
    closing = re.compile(rf"^[ \t]*{re.escape(mark)}[`~]*[ \t]*$", re.MULTILINE).search(text, start + len(mark))
    return closing.end() if closing else len(text)


def _values(text: str, header: str) -> Iterator[Statement]:
    """Rows of separated values; the first of them names the columns unless ``header`` does."""
    rows = [row for row in lines(text) if row.text]
    top: tuple[Place, ...] = ()
    if rows and not header:
        header, top = rows[0].text, ((rows[0].start, rows[0].end),)
        yield Statement(rows[0].start, rows[0].end, "label")
        rows = rows[1:]
    separator = separator_of(header)
    names = [header[start:end] for start, end in value_cells(header, 0, len(header), separator)]
    for row in rows:
        yield Statement(row.start, row.end, "row", top, _cells(names, value_cells(text, row.start, row.end, separator)))


def _data(text: str) -> Iterator[Statement]:
    """Lines of settings, each governed by the keys above it: those less indented, and the ``[section]``. Records are
    rows."""
    section: tuple[Place, ...] = ()
    array, item = "", tuple[Place, ...]()
    above: list[_Opener] = []
    rows = records(text)
    parts = list(_around(rows, units(text, 0, len(text), "data")))
    for index, (start, end, record) in enumerate(parts):
        shown, indent = text[start:end], _indent(text, start)
        while above and above[-1].indent >= indent:
            above.pop()
        governors = (*section, *(one.place for one in above))
        deeper = index + 1 < len(parts) and _indent(text, parts[index + 1][0]) > indent
        remark = _remark(text, parts[index - 1][0], parts[index - 1][1], start) if index else ()
        if record is not None:
            cells = tuple(StatementCell(re.sub(r"[_:.-]+", " ", key), place) for key, place in record.cells)
            yield Statement(start, end, "row", governors, cells)
        elif SECTION.match(shown) and not indent:
            array = array_of(shown, array)
            item = ((start, end),) if shown.startswith("[[") else item if array else ()
            section, above = (item if shown.startswith("[[") else (*item, (start, end))), []
            yield Statement(start, end, "label")
        elif _MARKS.fullmatch(shown):
            yield Statement(start, end, "label", governors)
        else:
            yield Statement(start, end, "label" if deeper else "value", (*governors, *remark))
            short = end - start <= _LONGEST_LABEL
            if array and section == item and len(item) == 1 and short and not shown.startswith("#"):
                section = item = (*item, (start, end))
            elif short:
                above.append(_Opener(indent, (start, end)))


def _remark(text: str, first: int, last: int, start: int) -> tuple[Place, ...]:
    """The remark on the line above a setting, unless it is a setting that was commented out."""
    shown = text[first:last]
    close = text.count("\n", last, start) == 1
    is_one = _REMARK.match(shown) and not _REMARK.match(text, start) and len(shown) <= _LONGEST_LABEL
    return ((first, last),) if close and is_one else ()


def _around(rows: Sequence[Record], parts: Iterable[Unit]) -> Iterator[tuple[int, int, Record | None]]:
    """Each record, and what of the units stands outside of all, in order."""
    waiting = list(reversed(rows))
    for start, end, _ in parts:
        at = start
        while waiting and waiting[-1].start < end:
            record = waiting[-1]
            if at < record.start:
                yield at, record.start, None
            if record.start >= start:
                yield record.start, record.end, record
            at = max(at, record.end)
            if record.end > end:
                break
            waiting.pop()
        if at < end:
            yield at, end, None


def _code(text: str, kind: str) -> Iterator[Statement]:
    """Statements, comments and docstrings, governed by the signatures of the definitions that they stand in."""
    above: list[_Opener] = []
    for start, end in sentences(text, 0, len(text), kind):
        shown, indent = text[start:end], _indent(text, start)
        while above and above[-1].indent >= indent:
            above.pop()
        governors = tuple(one.place for one in above)
        yield Statement(start, end, "label" if _MARKS.fullmatch(shown) else "code", governors)
        if _SIGNATURE.match(shown) and end - start <= _LONGEST_LABEL:
            above.append(_Opener(indent, (start, end)))
