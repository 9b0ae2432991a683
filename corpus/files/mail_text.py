"""The plain text of a mail as paragraphs: lines that were wrapped for the way are joined again, quotes stay marked.

Source: RFC 3676 (format=flowed).
"""

from __future__ import annotations

import re

_QUOTED = re.compile(r"(?:> ?)+")
_NARROWEST, _WIDEST = 40, 110
"""Characters of the longest line of text that a program has wrapped."""
_OPENS = re.compile(r"[-*+•|#]|\d{1,3}[.)]|[^\W\d_][\w.'’ -]{0,40}:\s")
"""What begins a line of its own: an item, a table's row, ``From: ``."""
_SIGNATURE = "-- "


def paragraphs(text: str, *, flowed: bool = False, joined: bool = False) -> str:
    """Writes the text of a mail in paragraphs. ``flowed`` lines are joined as the format says (``joined``: without the
    space, its DelSp), of others those of quotes that were wrapped to one width."""
    lines = [_split_depth(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if flowed:
        lines = [(depth, line.removeprefix(" ")) for depth, line in lines]
        runs = _join_flowed(lines, joined=joined)
    else:
        runs = _unwrap(lines)
    return _write_runs(runs)


def _split_depth(line: str) -> tuple[int, str]:
    """How many signs of quotation stand before a line, and the line."""
    found = _QUOTED.match(line)
    return (found[0].count(">"), line[found.end() :]) if found and not line.startswith(">From ") else (0, line)


def _join_flowed(lines: list[tuple[int, str]], *, joined: bool) -> list[tuple[int, str]]:
    """A line that ends with a space goes on in the next of its depth, except for the signature's mark."""
    runs: list[tuple[int, list[str]]] = []
    open_ = False
    for depth, line in lines:
        if open_ and runs[-1][0] == depth and line != _SIGNATURE:
            runs[-1][1].append(line)
        else:
            runs.append((depth, [line]))
        open_ = line.endswith(" ") and line != _SIGNATURE
        if open_ and joined:
            runs[-1][1][-1] = line[:-1]
    return [(depth, "".join(pieces)) for depth, pieces in runs]


def _unwrap(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Quoted lines whose next word had no room are joined with the next."""
    widest: dict[int, int] = {}
    for depth, line in lines:
        if len(line) <= _WIDEST:
            widest[depth] = max(widest.get(depth, 0), len(line.rstrip()))
    runs: list[tuple[int, list[str]]] = []
    before = ""
    for depth, line in lines:
        bare = line.strip()
        full = len(before) + 1 + len(bare.partition(" ")[0]) > max(widest.get(depth, 0), _NARROWEST)
        if depth and runs and runs[-1][0] == depth and before and bare and full and not _OPENS.match(bare):
            runs[-1][1].append(bare)
        else:
            runs.append((depth, [line]))
        before = bare
    return [(depth, " ".join(pieces) if len(pieces) > 1 else pieces[0]) for depth, pieces in runs]


def _write_runs(runs: list[tuple[int, str]]) -> str:
    """Lines of one depth stand together. The signature stands apart: its mark below a line would make it a heading."""
    written: list[str] = []
    before = 0
    for depth, line in runs:
        if depth != before and written and written[-1]:
            written.append("")
        bare = line.rstrip()
        if depth and bare:
            written.append("> " * depth + bare.strip())
        elif bare == "--":
            written += [*([""] if written and written[-1] else []), bare, ""]
        else:
            written.append(bare)
        before = depth
    return "\n".join(written).strip("\n")
