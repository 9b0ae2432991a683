"""What makes a file of C a text that its grammar reads, where it does not: macros and conditional compilation.

Each gives a text of the same lines. It is only used where fewer syntax errors are left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

_BARE_MACRO = re.compile(r"(?m)^[ \t]*(?:[A-Z][A-Z0-9]*_[A-Z0-9_]+|Py_[A-Z_]+)(?:\([^()\n]*\))?[ \t]*(?=\r?$|//|/\*)")
_CONVENTION = re.compile(
    r"(?m)^((?:static |extern |inline )*[A-Za-z_][\w ]*?[ *])"
    r"(?:[A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?)(?=[ \t]*\r?\n?[ \t]*[a-zA-Z_]\w*[ \t]*\()"
)
_CONDITION = re.compile(r"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif|error|warning|pragma)\b")


def blank(text: str) -> str:
    """Spaces stand for all but the line ends."""
    return re.sub(r"[^\r\n]", " ", text)


def bare_macros(text: str) -> str:
    """Without the lines that are one macro's name, which lack a semicolon: ``Py_BEGIN_ALLOW_THREADS``."""
    return _BARE_MACRO.sub(lambda found: blank(found[0]), text)


def conventions(text: str) -> str:
    """Without macros between the type of a function and its name: ``int WINAPI f(``."""
    return _CONVENTION.sub(lambda found: found[1] + blank(found[0][len(found[1]) :]), text)


def all_branches(text: str) -> str:
    """The directives of conditional compilation are taken out: all branches stand one behind the other."""
    return _without(text, lambda branches: True)


def whole_branches(text: str) -> str:
    """These directives are taken out; later branches stay where each is some whole statements or items."""
    return _without(text, lambda branches: all(map(_is_whole, branches)))


def first_branches(text: str) -> str:
    """These directives are taken out, and what stands in all but their first branches."""
    return _without(text, lambda branches: False)


def _is_whole(branch: str) -> bool:
    plain = re.sub(r"//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/", "", branch).strip()
    balanced = all(plain.count(one) == plain.count(other) for one, other in ("()", "{}", "[]"))
    return not plain or (balanced and plain[-1] in ";},:")


def _without(text: str, keeps: Callable[[Sequence[str]], bool]) -> str:
    """The text without directives. ``keeps``: whether of these branches of a condition all are kept."""
    lines = text.split("\n")
    open_groups: list[list[int]] = []
    """The lines of the directives of each condition around, so far."""
    continued = False
    for place, line in enumerate(lines):
        found = None if continued or "#" not in line else _CONDITION.match(line)
        if found or continued:
            lines[place] = blank(line)
            continued = line.rstrip().endswith("\\")
        if found is None:
            continue
        if found[1].startswith("if"):
            open_groups.append([place])
        elif open_groups and found[1].startswith("el"):
            open_groups[-1].append(place)
        elif open_groups and found[1] == "endif":
            marks = [*open_groups.pop(), place]
            parts = ["\n".join(lines[start + 1 : end]) for start, end in pairwise(marks)]
            if len(parts) > 1 and not keeps(parts):
                lines[marks[1] : place] = map(blank, lines[marks[1] : place])
    return "\n".join(lines)
