"""Records of lines: runs of ``KEY : value`` in plain text, such as what a device or a program says of its state.

Such a run is a record where its colons (or its values) stand below one another, or where another run of the same keys
stands beside it; in converted documents, where each line is a paragraph, a blank line stands behind each. What names
the record governs each of its lines: the line that stands alone above it, the values of NAME, HOST or MODEL, or else of
its first key. Only places are told. Linear in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..document import Place
from .lines import ITEM, Line, lines

LEAST, LONGEST = 3, 200
"""Lines of a record; characters of a line, beyond which it is a text with a label."""
LEAST_HEADED, MOST_HEADS, LONGEST_HEAD = 1, 3, 90
"""Lines of a record that lines above it name; of these, and their characters."""
LEAST_ALIKE = 3
"""Records with heads and the same first key that make each of them one, whatever else they tell."""
MOST_NAMES = 3
"""Lines that name a record; further ones are properties."""
_LINE = re.compile(
    r"(?P<key>[^\W\d_][\w./()%#&'’-]*(?: [\w./()%#&'’-]+){0,3})(?P<pad>[ \t.]*):(?:(?P<gap>[ \t]+)(?P<value>\S.*))?"
)
_NAMING = re.compile(
    r"(?:[\w.-]+ )?(?:\w*name|\w*titel|host|model|modell|type|typ|id|title|label"
    r"|device|gerät|machine|product|unit|asset)",
    re.IGNORECASE,
)
_ALIGNED = 0.8
"""Share of the lines whose colons, or values, stand below one another."""


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    start: int
    end: int
    lines: tuple[Place, ...]
    names: tuple[Place, ...]
    """The values that say what it is a record of."""
    heads: tuple[Place, ...] = ()
    """The lines above its own that name it: "Ann Low", "Treasurer"."""
    spaced: bool = False
    """Whether a blank line stands behind each line."""


@dataclass(frozen=True, slots=True)
class _Field:
    line: Line
    key: str
    padded: bool
    colon: int
    """The column of the colon."""
    value: int | None
    """The column of the value."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Fields right below one another, or each behind a blank line (``spaced``), and the lines above that name them."""

    fields: tuple[_Field, ...]
    spaced: bool
    heads: tuple[Place, ...]

    @property
    def is_long_enough(self) -> bool:
        return len(self.fields) >= (LEAST_HEADED if self.heads else LEAST)


def labelled_records(text: str) -> list[LabelledRecord]:
    """Finds the records of a text, in order and apart from one another."""
    if text.count(":") < LEAST:
        return []
    runs = [run for run in _runs(lines(text)) if run.is_long_enough]
    headed = Counter(run.fields[0].key for run in runs if run.heads)
    kept = [
        run
        for run in runs
        if (not run.spaced and len(run.fields) >= LEAST and _is_aligned(run.fields))
        or (run.heads and not run.spaced and headed[run.fields[0].key] >= LEAST_ALIKE)
        or any(_are_alike(run, other) for other in runs)
    ]
    return [_record(run) for run in kept]


def _runs(rows: Sequence[Line]) -> Iterator[_Run]:
    """Where the first key comes again, the next record begins."""
    run, gaps, blank = list[_Field](), set[int](), 0
    above, heads = list[Line](), tuple[Place, ...]()
    """The lines since the last blank one or field; those that name the run."""
    for row in rows:
        if not row.text:
            blank += 1
            continue
        field = _field(row)
        goes_on = bool(run) and field is not None and blank <= 1 and row.indent == run[0].line.indent
        if goes_on and gaps == {1} and not blank and len(run) > 1:  # the last line begins one without blank lines
            yield _Run(tuple(run[:-1]), True, heads)
            run, gaps, heads = run[-1:], set(), ()
        if goes_on and field is not None and (field.key == run[0].key or (gaps and gaps != {blank})):
            goes_on = False
        if run and not goes_on:
            yield _Run(tuple(run), gaps == {1}, heads)
            run = []
        if field is None:
            above = [*(above if not blank else []), row]
        elif goes_on:
            run.append(field)
            gaps.add(blank)
        else:
            named = len(above) <= (MOST_HEADS if not blank else 1) and blank <= 1 and all(map(_is_head, above))
            run, gaps = [field], set()
            heads = tuple((one.start, one.end) for one in above) if named else ()
        above, blank = (above if field is None else []), 0
    if run:
        yield _Run(tuple(run), gaps == {1}, heads)


def _is_head(row: Line) -> bool:
    return (
        0 < len(row.text) <= LONGEST_HEAD
        and (row.text[0].isalnum() or row.text.startswith("**"))
        and row.text.rstrip("*_ ")[-1:] not in (*".:;,!?", "")
        and not ITEM.match(row.text)
    )


def _field(row: Line) -> _Field | None:
    found = _LINE.fullmatch(row.text) if 0 < len(row.text) <= LONGEST else None
    if found is None:
        return None
    value = found.start("value") if found["value"] else None
    padded = len(found["pad"]) > 1 or len(found["gap"] or "") > 1
    return _Field(row, found["key"].lower(), padded, found.end("pad"), value)


def _is_aligned(run: Sequence[_Field]) -> bool:
    """Whether keys of different lengths are filled up to one column."""
    if len({len(field.key) for field in run}) == 1 or not any(field.padded for field in run):
        return False
    values = [field.value for field in run if field.value is not None]
    return any(
        len(columns) >= LEAST and max(map(columns.count, columns)) >= _ALIGNED * len(columns)
        for columns in ([field.colon for field in run], values)
    )


def _are_alike(run: _Run, other: _Run) -> bool:
    """Whether two runs are records of one kind: they begin with the same key and share most of the others; all of them
    where they are short."""
    if run is other or run.fields[0].key != other.fields[0].key:
        return False
    keys, others = ({field.key for field in one.fields} for one in (run, other))
    # In a talk the same names come again and again.
    distinct = len(keys) == len(run.fields) and len(others) == len(other.fields)
    short = min(len(keys), len(others)) < LEAST
    return distinct and (keys == others if short else 2 * len(keys & others) > max(len(keys), len(others)))


def _record(run: _Run) -> LabelledRecord:
    places = tuple((field.line.start, field.line.end) for field in run.fields)
    told = [field for field in run.fields if field.value is not None]
    naming = [field for field in told if _NAMING.fullmatch(field.key)][:MOST_NAMES]
    naming = naming or ([] if run.heads else told[:1])
    names = tuple((field.line.start + (field.value or 0), field.line.end) for field in naming)
    start = (run.heads or places)[0][0]
    return LabelledRecord(start, places[-1][1], places, names, heads=run.heads, spaced=run.spaced)
