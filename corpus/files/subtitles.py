"""Subtitles (SubRip, WebVTT) as what is said: sentences go on over cues, each turn of a speaker is a paragraph.

Each cue is marked with its time as the label and its line. Captions that roll, where each cue repeats the line before,
are told once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .content import Content, Pages, clean
from .decode import decode
from .formats import Format

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}[ \t]*-->[ \t]*{_TIME}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,100})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<[\d:.]{5,15}>|\{\\[^{}]{0,100}\}")
_TURN = re.compile(r"(?:[-–—]|>>+)\s*(?=\S)")
_NAMED = re.compile(r"[^\W\d_][\w.'’ -]{0,40}:\s")
_STOP = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_PAUSE = 3_000
"""Milliseconds without a cue that end a paragraph."""
_LONG = 600
"""Characters of a paragraph, behind which it ends with its sentence."""


@dataclass(frozen=True, slots=True)
class _Cue:
    line: int
    """Of its first words, from 1."""
    begin: int
    """Milliseconds."""
    end: int
    lines: tuple[str, ...]


def read(data: bytes, form: Format) -> Content:
    """Reads subtitles. A file without cues is read as plain text. Raises ``ReadError`` for what is not text."""
    decoded = decode(data)
    cues = list(_cues(clean(decoded.text).split("\n")))
    if not cues:
        return Content(decoded.text, "text/plain", "", decoded.metadata)
    pages = Pages()
    before: _Cue | None = None
    voice, length, last = "", 0, ""
    for cue in _unroll(cues):
        for speaker, text in _turns(cue):
            apart = before is not None and cue.begin - before.end >= _PAUSE
            turn = _TURN.match(text)
            changed = (speaker and speaker != voice) or turn or _NAMED.match(text)
            if before is None or apart or changed or (length > _LONG and _STOP.search(last)):
                pages.space("\n\n" if pages.length else "")
                length = 0
            else:
                pages.space(" ")
            said = text[turn.end() :] if turn else text
            shown = f"{speaker}: {said}" if speaker and not length else said
            seconds = cue.begin // 1_000
            clock = f"{seconds // 3_600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
            pages.add(shown, line=cue.line, label=clock)
            voice, length, last, before = speaker or voice, length + len(shown) + 1, shown, cue
    told = decoded.metadata | {"cues": str(len(cues))}
    return Content(pages.text, form.media_type, "", told, pages.marks)


def _cues(lines: list[str]) -> Iterator[_Cue]:
    """A cue is a line of times and those below it, up to a blank one or the next cue."""
    at = 0
    while at < len(lines):
        times = _TIMES.match(lines[at])
        at += 1
        if times is None:
            continue
        first = at
        while at < len(lines) and lines[at].strip() and not _begins(lines, at):
            at += 1
        begin, end = (_milliseconds(times.groups()[first : first + 4]) for first in (0, 4))
        yield _Cue(first + 1, begin, end, tuple(" ".join(line.split()) for line in lines[first:at]))


def _begins(lines: list[str], at: int) -> bool:
    """Whether a cue begins here, with its times or its number."""
    if _TIMES.match(lines[at]):
        return True
    return lines[at].strip().isdecimal() and at + 1 < len(lines) and _TIMES.match(lines[at + 1]) is not None


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (part or "0" for part in parts)
    return 3_600_000 * int(hours) + 60_000 * int(minutes) + 1_000 * int(seconds) + int(rest.ljust(3, "0"))


def _unroll(cues: list[_Cue]) -> Iterator[_Cue]:
    """The cues without the lines that they repeat, where most of them do."""
    bare = [[line for line in map(_bare, cue.lines) if line] for cue in cues]
    repeats = sum(1 for one, after in pairwise(bare) if one and after and one[-1] == after[0])
    if 2 * repeats <= len(cues):
        yield from cues
        return
    last = ""
    for cue, lines in zip(cues, bare, strict=True):
        kept = lines[1:] if lines and lines[0] == last else lines
        last = lines[-1] if lines else last
        if kept:
            yield _Cue(cue.line, cue.begin, cue.end, tuple(kept))


def _bare(line: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", line)).split())


def _turns(cue: _Cue) -> Iterator[tuple[str, str]]:
    """``(speaker, text)`` of a cue's turns; lines of one turn are joined."""
    speaker, words = "", list[str]()
    for line in cue.lines:
        pieces = _VOICE.split(line)
        for number, piece in enumerate(pieces):
            if number % 2:
                name = " ".join(html.unescape(piece).split())
                if words and name != speaker:
                    yield speaker, " ".join(words)
                    words = []
                speaker = name
                continue
            text = _bare(piece)
            if text and words and (_TURN.match(text) or _NAMED.match(text)):
                yield speaker, " ".join(words)
                words = []
            words += [text] if text else []
    if words:
        yield speaker, " ".join(words)
