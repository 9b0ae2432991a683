"""Content lines of iCalendar and vCard: ``NAME;PARAMETER=x:value``, folded lines joined. Source: RFC 5545, RFC 6350."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...errors import ReadError

_NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)(?:=("[^"\n]*"|[^;:",\n]*)((?:,(?:"[^"\n]*"|[^;:",\n]*))*))?')
_ESCAPE = re.compile(r"\\([\\;,:nN\"])")
_MOST = 500_000
"""Lines of one file."""


@dataclass(frozen=True, slots=True)
class ContentEntry:
    name: str
    """In capitals, without its group."""
    parameters: Mapping[str, str]
    """By names in capitals; several values of one are joined by commas."""
    value: str
    """As it is written."""
    line: int
    """Its first, from 1."""

    @property
    def text(self) -> str:
        return unescape(self.value)


def entries(source: str) -> Iterator[ContentEntry]:
    """Reads the lines that are properties, in order. Raises ``ReadError`` for a file with too many lines."""
    for text, line in _unfold(source.split("\n")):
        found = _NAME.match(text)
        if found is None:
            continue
        at = found.end()
        parameters: dict[str, str] = {}
        while parameter := _PARAMETER.match(text, at):
            key = parameter[1].upper() if parameter[2] is not None else "TYPE"
            value = (parameter[2] if parameter[2] is not None else parameter[1]) + (parameter[3] or "")
            value = value.replace('"', "")
            parameters[key] = f"{parameters[key]},{value}" if key in parameters else value
            at = parameter.end()
        if text[at : at + 1] != ":":
            continue
        value = text[at + 1 :]
        if "QUOTED-PRINTABLE" in (parameters.get("ENCODING", "") + parameters.get("TYPE", "")).upper():
            value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
            value = value.replace("\r\n", "\\n").replace("\n", "\\n")
        yield ContentEntry(found[1].upper(), parameters, value, line)


def _unfold(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Lines with those that go on with them: they begin with a space, or follow a quoted-printable ``=``."""
    if len(lines) > _MOST:
        raise ReadError(f"the file has more than {_MOST:,} lines")
    parts: list[str] = []
    first = 0
    quoted = soft = False
    for number, line in enumerate(lines, start=1):
        if parts and (line[:1] in (" ", "\t") or soft):
            parts.append(line if soft else line[1:])
        else:
            if parts:
                yield "".join(parts), first
            parts, first = [line], number
            quoted = "QUOTED-PRINTABLE" in line.upper()
        soft = quoted and parts[-1].endswith("=")
        if soft:
            parts[-1] = parts[-1][:-1]
    if parts:
        yield "".join(parts), first


def unescape(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def parts_of(value: str, separator: str = ";") -> list[str]:
    """The parts of a structured value, unescaped."""
    return [unescape(part).strip() for part in re.split(rf"(?<!\\){separator}", value)]
