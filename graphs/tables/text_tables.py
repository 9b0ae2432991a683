"""Tables within texts: those of letters, notes and pages, and records of lines that are alike.

They are read where they tell of things as a sheet does: some rows of short cells below a header. A text with more than
a few is a manual, whose tables explain, and has none for this purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ...corpus.files.formats import PLAIN, format_of
from ...corpus.spans.labelled import LabelledRecord, labelled_records
from ...corpus.spans.lines import FENCE
from ..english.names import singular

TEXTS = (
    PLAIN.media_type,
    *(
        found.media_type
        for name in ("a.docx", "a.odt", "a.rtf", "a.md", "a.html", "a.pdf", "a.eml")
        if (found := format_of(name)) is not None
    ),
)
"""Documents that may hold such tables."""
MOST_IN_TEXT, LEAST_ROWS, MOST_COLUMNS = 12, 3, 20
_SHORT = 40
"""Characters of a cell, in the middle of all, in a table that tells of things."""
_LONGEST_TEXT = 2_000_000
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"\*\*|__|`|\[([^\]]*)\]\([^)]*\)")
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<title>.*?)[ \t#]*")
_SECTION, _ASIDE = re.compile(r"^(?:§ ?)?\d+(?:\.\d+)*[.):]?\s+(?=\D)"), re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class TextTable:
    """``name`` is the heading above it, else empty; a row is its line of the text, from 1, and its cells."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def text_tables(text: str) -> list[TextTable]:
    """The tables of a text in their order; none of a text with more than ``MOST_IN_TEXT``."""
    if len(text) > _LONGEST_TEXT:
        return []
    lines = text.split("\n")
    found = [*(_pipe_tables(lines) if "|" in text else ()), *_record_tables(text, lines)]
    found = [one for one in found if _tells_of_things(one)]
    return found if len(found) <= MOST_IN_TEXT else []


def _pipe_tables(lines: Sequence[str]) -> Iterator[TextTable]:
    heading, fence, at = "", "", 0
    while at < len(lines):
        line = lines[at]
        if (mark := FENCE.match(line.strip())) and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and (title := _HEADING.fullmatch(line)):
            heading = _plain_title(title["title"])
        elif not fence and "|" in line and at + 1 < len(lines) and _RULE.fullmatch(_with_outer_bars(lines[at + 1])):
            end = next((end for end in range(at + 2, len(lines)) if "|" not in lines[end]), len(lines))
            rows = tuple((number + 1, _cells(lines[number])) for number in range(at + 2, end))
            yield TextTable(heading, _cells(line), rows)
            at = end - 1
        at += 1


def _plain_title(title: str) -> str:
    """The title without its number and what stands in brackets: "Boats" of "2. Boats (updated in March)"."""
    return _ASIDE.sub("", _SECTION.sub("", without_marks(title))).strip() or title


def _with_outer_bars(line: str) -> str:
    bare = line.strip()
    return f"{'' if bare.startswith('|') else '|'}{bare}{'' if bare.endswith('|') else '|'}" if "|" in bare else bare


def _cells(line: str) -> tuple[str, ...]:
    cells = _BAR.split(_with_outer_bars(line))[1:-1]
    return tuple(map(without_marks, cells))


def without_marks(cell: str) -> str:
    """The text of a cell without the marks of Markdown."""
    return " ".join(_MARKS.sub(r"\1", cell.replace("\\|", "|")).split())


def _record_tables(text: str, lines: Sequence[str]) -> Iterator[TextTable]:
    """A table for each run of records with the same first key, one row for each; the lines above it name the row."""
    run: list[LabelledRecord] = []
    for record in labelled_records(text):
        if run and (_key(text, run[0], 0) != _key(text, record, 0) or bool(run[0].heads) != bool(record.heads)):
            yield _table_of(text, lines, run)
            run = []
        run.append(record)
    if run:
        yield _table_of(text, lines, run)


def _key(text: str, record: LabelledRecord, number: int) -> str:
    return text[slice(*record.lines[number])].partition(":")[0].strip(" .\t")


def _table_of(text: str, lines: Sequence[str], run: Sequence[LabelledRecord]) -> TextTable:
    keys = list(dict.fromkeys(_key(text, record, at) for record in run for at in range(len(record.lines))))
    first = text.count("\n", 0, run[0].start)
    above = next((line.strip() for line in reversed(lines[:first]) if line.strip()), "")
    name = above.strip("#*_: ") if len(above) <= _LONGEST_NAME and above[-1:] not in (*".;,", "") else ""
    heads = max(len(record.heads) for record in run)
    rows = list[tuple[int, tuple[str, ...]]]()
    for record in run:
        values = [text[slice(*place)].partition(":")[2].strip() for place in record.lines]
        fields = {_key(text, record, at): value for at, value in enumerate(values)}
        named = [text[slice(*place)].strip("*_ ") for place in record.heads]
        cells = (*named, *[""] * (heads - len(named)), *(fields.get(key, "") for key in keys))
        rows.append((text.count("\n", 0, record.lines[0][0]) + 1, cells))
    noun = singular(name) if name and name != singular(name) and " " not in name else "name"
    return TextTable(name, (*[noun, "role", "address"][:heads], *keys), tuple(rows))


def _tells_of_things(table: TextTable) -> bool:
    width = len(table.header)
    lengths = [len(cell) for _, cells in table.rows for cell in cells if cell]
    return (
        1 < width <= MOST_COLUMNS
        and len(table.rows) >= LEAST_ROWS
        and sum(map(bool, table.header)) >= width - 1
        and bool(lengths)
        and median(lengths) <= _SHORT
    )
