"""The part of a Python text that parses, where all of it does not: what stands in the way is taken out by statements.

Around the line of a syntax error first that line goes, with what hangs on it, then the body of the function or class
around it, then that of the next one out, then the statement at the top. A ``pass`` stands for what is gone, so that all
other lines keep their numbers. The number of attempts is bounded. A pure function of the text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

MOST = 24
"""Attempts."""
_CHARACTERS = 6_000_000
"""Read in all attempts together."""
_HEADER = re.compile(r"\s*(?:async\s+def|def|class)\b")
_GOES_ON = re.compile(r"(?:else|elif|except|finally|case)\b|[)\]}]")

Lines = tuple[int, int]
"""First and last, counted from 0."""


def whole_part(text: str, parse: Callable[[str], ast.Module]) -> tuple[ast.Module, list[range]] | None:
    """The tree of what parses, and the lines (from 1) that were left out; ``None`` where hardly anything would be left.
    ``parse`` raises as ``ast.parse`` does."""
    lines = text.split("\n")
    gone: set[int] = set()
    for _ in range(min(MOST, 1 + _CHARACTERS // max(len(text), 1))):
        try:
            return parse("\n".join(lines)), _ranges(gone)
        except SyntaxError as error:
            at = min(max(_line(error), 1), len(lines)) - 1
            stands = not _TOO_DEEP.match(error.msg)
        for first, last in _around(lines, at):
            fresh = {number for number in range(first, last + 1) if number not in gone and lines[number].strip()}
            if fresh - {number for number in fresh if lines[number].strip() == "pass"}:
                _take_out(lines, first, last, stands=stands)
                gone |= fresh
                break
        else:
            return None
    return None


def _line(error: SyntaxError) -> int:
    """A block that is missing is told of the line behind."""
    missing = _MISSING.search(error.msg) if isinstance(error, IndentationError) else None
    return int(missing[1]) if missing else error.lineno or 1


_MISSING = re.compile(r"expected an indented block after .* on line (\d+)$")
_TOO_DEEP = re.compile(r"unexpected indent|unindent does not match")


def _around(lines: Sequence[str], at: int) -> Iterator[Lines]:
    """What may be taken out because of an error in line ``at``, from little to much."""
    while at > 0 and not lines[at].strip():
        at -= 1
    depth = _indent(lines[at])
    yield at, _end(lines, at, depth)
    head = at
    while depth > 0 and head > 0:
        head -= 1
        if lines[head].strip() and _indent(lines[head]) < depth:
            depth = _indent(lines[head])
            if _HEADER.match(lines[head]):
                end = _end(lines, head, depth)
                if head < end and lines[head].rstrip().endswith(":"):
                    yield head + 1, end
                yield head, end
    while head > 0 and (not lines[head].strip() or _indent(lines[head]) or _GOES_ON.match(lines[head])):
        head -= 1
    yield head, _end(lines, head, 0)
    yield max(head - 1, 0), _end(lines, head, 0)  # an error may be seen only behind what makes it


def _end(lines: Sequence[str], at: int, depth: int) -> int:
    """The last line that hangs on the statement in line ``at``: deeper ones, and those that go on with it."""
    end = at
    for number in range(at + 1, len(lines)):
        text = lines[number]
        if text.strip():
            if _indent(text) < depth or (_indent(text) == depth and not _GOES_ON.match(text.lstrip())):
                break
            end = number
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _take_out(lines: list[str], first: int, last: int, *, stands: bool) -> None:
    """``stands``: whether a statement may stand there at all, at that depth."""
    indent = lines[first][: _indent(lines[first])]
    lines[first : last + 1] = [f"{indent}pass" if stands else "", *[""] * (last - first)]


def _ranges(numbers: set[int]) -> list[range]:
    found: list[range] = []
    for number in sorted(numbers):
        if found and found[-1].stop == number + 1:
            found[-1] = range(found[-1].start, number + 2)
        else:
            found.append(range(number + 1, number + 2))
    return found
