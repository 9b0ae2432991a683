"""Logs as tables: time, level, source and message of each entry; lines that go on with it belong to its message.

A file of which most lines begin with no time is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import text as plain_text
from .content import Content, Pages, clean
from .decode import decode
from .formats import PLAIN, Format

_ISO = r"\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:[ ]?(?:Z|UTC|[+-]\d{2}:?\d{2})\b)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_NAMED = rf"(?:{_DAY}[ ])?{_MONTH}[ ]{{1,2}}\d{{1,2}}[ ]\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d{{1,9}})?(?:[ ]\d{{4}})?"
_LEVEL = r"TRACE|DEBUG|INFO(?:RMATION)?|NOTICE|WARN(?:ING)?|ERROR|ERR|CRIT(?:ICAL)?|FATAL|SEVERE|ALERT|EMERG|PANIC"
_ENTRY = re.compile(
    rf"\[?(?P<time>{_ISO}|{_NAMED})\]?[ \t]*[-:|]?[ \t]*"
    rf"(?P<host>[\w.-]{{1,60}}[ ](?=[\w./-]{{1,60}}(?:\[\d{{1,9}}\])?:[ ]))?"
    rf"(?P<before>\[(?!(?:{_LEVEL})\])[^\]\n]{{1,60}}\][ \t]*|[\w.]{{1,60}}[ ]+(?=(?:{_LEVEL})\b))?"
    rf"(?:\[?\b(?P<level>{_LEVEL})\b\]?[ \t]*[-:|]?[ \t]*)?"
    r"(?P<source>\[[^\]\n]{1,60}\]|[\w./-]{1,60}(?:\[\d{1,9}\])?:(?=[ ])|[\w.]{1,60}(?=[ ]-[ ]))?[ \t]*(?:[-:|][ \t]+)?"
    r"(?P<message>.*)",
    re.IGNORECASE,
)
_ACCESS = re.compile(
    r"(?P<client>[\w.:-]{3,60}) \S{1,60} (?P<user>\S{1,60}) \[(?P<time>[^\]\n]{10,40})\] "
    r"\"(?P<request>[^\"\n]{0,4000})\" "
    r"(?P<status>\d{3}) (?P<bytes>\d{1,18}|-)(?P<more>.*)"
)
_HEAD = 200
"""Lines by which a log is known."""
_LONGEST = 2_000
"""Characters of a message with the lines that go on with it; what goes on further is a row of its own."""


@dataclass
class _Row:
    line: int
    cells: list[str]
    """The last one is the message, where lines can go on with it."""
    more: list[tuple[str, int]] = field(default_factory=list)
    """Lines that go on with the last cell, each with its number."""


def read(data: bytes, form: Format) -> Content:
    """Reads a log as Markdown. Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    lines = clean(decoded.text).split("\n")
    head = [line for line in lines[:_HEAD] if line.strip()]
    kinds = (
        (_ACCESS, ("Time", "Client", "Request", "Status", "Bytes")),
        (_ENTRY, ("Time", "Level", "Source", "Message")),
    )
    known = [kind for kind in kinds if sum(kind[0].match(line) is not None for line in head) * 2 > len(head)]
    if not known:
        return plain_text.read(data, PLAIN)
    pattern, names = known[0]
    rows = list(_access(lines) if pattern is _ACCESS else _entries(lines))
    last = len(names) - 1
    shown = [at for at in range(len(names)) if any(row.cells[at] or (at == last and row.more) for row in rows)]
    pages = Pages()
    pages.add(f"| {' | '.join(names[at] for at in shown)} |\n|{' --- |' * len(shown)}", line=rows[0].line)
    for row in rows:
        pages.space("\n")
        pages.add(f"| {' | '.join(_escape(row.cells[at]) for at in shown)}", line=row.line)
        for text, line in row.more:
            pages.space(" ")
            pages.add(_escape(text), line=line)
        pages.space(" |")
    return Content(pages.text, form.media_type, "", decoded.metadata | {"entries": str(len(rows))}, pages.marks)


def _access(lines: list[str]) -> Iterator[_Row]:
    for number, line in enumerate(lines, start=1):
        if found := _ACCESS.match(line):
            cells = [found["time"], found["client"], found["request"], found["status"], found["bytes"]]
            cells[2] += " " + " ".join(found["more"].split()) if found["more"].strip() else ""
            yield _Row(number, cells)
        elif line.strip():
            yield _Row(number, ["", "", " ".join(line.split()), "", ""])


def _entries(lines: list[str]) -> Iterator[_Row]:
    open_: _Row | None = None
    length = 0
    for number, line in enumerate(lines, start=1):
        text = " ".join(line.split())
        if found := _ENTRY.match(line):
            source = " ".join(filter(None, map(_bare, found.group("host", "before", "source"))))
            cells = [found["time"], found["level"] or "", source, " ".join(found["message"].split())]
        elif not text:
            continue
        elif open_ and length + len(text) < _LONGEST:
            open_.more.append((text, number))
            length += len(text) + 1
            continue
        else:
            cells = [*(open_.cells[:3] if open_ else ("", "", "")), text]
        if open_:
            yield open_
        open_, length = _Row(number, cells), len(cells[3])
    if open_:
        yield open_


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def _bare(source: str | None) -> str:
    shown = (source or "").strip(": ")
    return shown[1:-1] if shown.startswith("[") and shown.endswith("]") else shown
