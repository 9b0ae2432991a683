"""What a LaTeX file defines itself, and how the arguments of a macro are told apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_BUDGET = 100_000
"""Characters that the file's own macros may write in all."""
_MACRO = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?\s*(?:\[(?P<count>\d)\])?(?:\[(?P<default>[^\]\n]{0,200})\])?\s*(?=\{)"
    r"|\\def\s*\\(?P<def>[A-Za-z]+)\s*(?P<places>(?:#\d)*)(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{\s*\\(?P<operator>[A-Za-z]+)\s*\}\s*(?=\{)"
)
_ACRONYM = re.compile(r"\\(?:newacronym|acrodef|acro|DeclareAcronym)(?:\[[^\]\n]*\])?\{([^{}\n]{1,100})\}")


@dataclass(frozen=True, slots=True)
class Macro:
    count: int
    """Arguments."""
    default: str | None
    """Of the first one, where it may be left out."""
    body: str


@dataclass
class Known:
    """What a file defines."""

    macros: dict[str, Macro] = field(default_factory=dict)
    acronyms: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Short and long form, by name."""
    labels: dict[str, str] = field(default_factory=dict)
    """What a reference to a label shows."""
    lost: Counter[str] = field(default_factory=Counter)
    budget: int = _BUDGET


def pairs(text: str) -> dict[int, int]:
    """For each opening brace its closing one."""
    found: dict[int, int] = {}
    open_: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match[0] == "{":
            open_.append(match.start())
        elif match[0] == "}" and open_:
            found[open_.pop()] = match.start()
    return found


def argument(text: str, at: int, closed: dict[int, int]) -> tuple[str, int]:
    """The argument that stands at ``at``, behind spaces, and where it ends: a group, a macro or one character."""
    while at < len(text) and text[at] in " \t\n":
        at += 1
    if at >= len(text) or text[at] == "}":
        return "", at
    if text[at] == "{":
        end = closed.get(at, len(text))
        return text[at + 1 : end], end + 1
    found = re.compile(r"\\(?:[A-Za-z]+|.)|.", re.DOTALL).match(text, at)
    return (found[0], found.end()) if found else ("", at)


def option(text: str, at: int) -> tuple[str | None, int]:
    """What stands in brackets at ``at``; None where none do."""
    behind = at
    while behind < len(text) and text[behind] in " \t":
        behind += 1
    if behind >= len(text) or text[behind] != "[":
        return None, at
    depth = 0
    for found in re.compile(r"\\.|[{}\]]", re.DOTALL).finditer(text, behind, behind + 500):
        if found[0] == "]" and depth <= 0:
            return text[behind + 1 : found.start()], found.end()
        depth += (found[0] == "{") - (found[0] == "}")
    return None, at


def definitions(text: str, known: Known) -> str:
    """The text without the macros and acronyms that it defines, which ``known`` learns; its lines stay."""
    pieces: list[str] = []
    done = 0
    closed = pairs(text)
    for found in _MACRO.finditer(text):
        if found.start() < done:
            continue
        body, end = argument(text, found.end(), closed)
        name = found["name"] or found["def"] or found["operator"]
        count = int(found["count"] or 0) or (found["places"] or "").count("#")
        if len(body) <= 2_000:
            known.macros[name] = Macro(count, found["default"], body)
        pieces += text[done : found.start()], "\n" * text.count("\n", found.start(), end)
        done = end
    for found in _ACRONYM.finditer(text):
        short, at = argument(text, found.end(), closed)
        shown, _ = option(text, found.end())
        if "acro{" in found[0] or "acrodef" in found[0]:
            known.acronyms[found[1]] = (shown or found[1], short)
        else:
            known.acronyms[found[1]] = (short, argument(text, at, closed)[0])
    return "".join((*pieces, text[done:]))
