"""What makes a file of C a text that its grammar reads, where it does not: macros and conditional compilation.

Each gives a text of the same lines. It is only used where fewer syntax errors are left.
"""

from __future__ import annotations

import re

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
    """Without the directives of conditional compilation: all branches one behind the other."""
    return _without(text, branches=True)


def first_branches(text: str) -> str:
    """Without these directives and what stands in all but their first branches."""
    return _without(text, branches=False)


def _without(text: str, *, branches: bool) -> str:
    lines = text.split("\n")
    inside: list[bool] = []
    """For each condition around whether it is in a later branch."""
    continued = False
    for place, line in enumerate(lines):
        found = _CONDITION.match(line)
        if found or continued:
            lines[place] = blank(line)
            continued = line.rstrip().endswith("\\")
        elif not branches and any(inside):
            lines[place] = blank(line)
        if found is None:
            continue
        if found[1].startswith("if"):
            inside.append(False)
        elif inside and found[1].startswith("el"):
            inside[-1] = True
        elif inside and found[1] == "endif":
            inside.pop()
    return "\n".join(lines)
