"""The text of a statement on one line, and the condition that it stands under.

Read from the lines of a definition, by brackets and indentation, so it is the same for every language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 100
"""Characters of a statement or of a condition that are shown."""
_MOST = 8
"""Lines of one statement."""
_CONDITION = re.compile(
    r"^[}\s]*(if|else|elif|elsif|case|default|when|while|for|unless|except|catch|rescue|switch|match|with|finally)\b"
)


def statement_text(lines: Sequence[str], number: int, first: int, start: int = 0) -> str:
    """The statement that begins in line ``number``, of a definition from line ``first``, and its condition."""
    before = lines[number - 1][:start]
    under = short_line(before) if _CONDITION.match(before) else condition(lines, number, first)
    return f"`{short_line(_whole(lines, number, start))}`" + (f" under `{under}`" if under else "")


def _whole(lines: Sequence[str], number: int, start: int) -> str:
    """The statement with the lines that its open brackets take in."""
    said = [lines[number - 1][start:]]
    for line in lines[number : number + _MOST]:
        text = " ".join(said)
        if sum(map(text.count, "([{")) <= sum(map(text.count, ")]}")):
            break
        said.append(line.strip())
    return " ".join(said).replace("( ", "(").replace(" )", ")")


def condition(lines: Sequence[str], number: int, first: int) -> str:
    """The nearest line above, further out, that decides whether line ``number`` is run; with ``else``, also what that
    belongs to."""
    if _CONDITION.match(lines[number - 1]):
        return ""
    depth = _depth(lines[number - 1])
    for place in range(number - 1, first, -1):
        line = lines[place - 1]
        if not line.strip() or _depth(line) >= depth:
            continue
        depth = _depth(line)
        if found := _CONDITION.match(line):
            opened = _above(lines, place, first, depth) if found[1] in ("else", "default", "finally") else ""
            return f"{short_line(line)} of {opened}" if opened else short_line(line)
    return ""


def _above(lines: Sequence[str], place: int, first: int, depth: int) -> str:
    """The condition at the same depth that an ``else`` belongs to."""
    for above in range(place - 1, first, -1):
        line = lines[above - 1]
        if line.strip() and _depth(line) <= depth and (found := _CONDITION.match(line)) and found[1] != "else":
            return short_line(line)
    return ""


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def short_line(line: str) -> str:
    """On one line, without the brackets and marks that only open or close a block."""
    plain = re.sub(r"^[}\s]+|\s*\{\s*$|[;\s]+$", "", " ".join(line.split()))
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
