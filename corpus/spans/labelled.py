"""Records of lines: runs of ``KEY : value`` in plain text, such as what a device or a program says of its state.

Such a run is a record where its colons (or its values) stand below one another, or where another run of the same keys
stands beside it. What names the record governs each of its lines: the values of NAME, HOST or MODEL, or else of its
first key. Only places are told. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..document import Place
from .lines import Line, lines

LEAST, LONGEST = 3, 200
"""Lines of a record; characters of a line, beyond which it is a text with a label."""
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


@dataclass(frozen=True, slots=True)
class _Field:
    line: Line
    key: str
    padded: bool
    colon: int
    """The column of the colon."""
    value: int | None
    """The column of the value."""


def labelled_records(text: str) -> list[LabelledRecord]:
    """Finds the records of a text, in order and apart from one another."""
    if text.count(":") < LEAST:
        return []
    runs = [run for run in _runs(lines(text)) if len(run) >= LEAST]
    return [_record(run) for run in runs if _is_aligned(run) or any(_are_alike(run, other) for other in runs)]


def _runs(rows: Sequence[Line]) -> Iterator[list[_Field]]:
    """Lines right below one another that are fields; where the first key comes again, the next record begins."""
    fields = [_field(row) for row in rows]
    for is_field, beside in groupby(fields, key=lambda one: one is not None):
        if not is_field:
            continue
        run = list[_Field]()
        for field in beside:
            assert field is not None
            if run and (field.line.indent != run[0].line.indent or field.key == run[0].key):
                yield run
                run = []
            run.append(field)
        yield run


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


def _are_alike(run: Sequence[_Field], other: Sequence[_Field]) -> bool:
    """Whether two runs are records of one kind: they begin with the same key and share most of the others."""
    if run is other or run[0].key != other[0].key:
        return False
    keys, others = ({field.key for field in one} for one in (run, other))
    distinct = len(keys) == len(run) and len(others) == len(other)  # in a talk the same names come again and again
    return distinct and 2 * len(keys & others) > max(len(keys), len(others))


def _record(run: Sequence[_Field]) -> LabelledRecord:
    places = tuple((field.line.start, field.line.end) for field in run)
    told = [field for field in run if field.value is not None]
    naming = [field for field in told if _NAMING.fullmatch(field.key)][:MOST_NAMES] or told[:1]
    names = tuple((field.line.start + (field.value or 0), field.line.end) for field in naming)
    return LabelledRecord(places[0][0], places[-1][1], places, names)
