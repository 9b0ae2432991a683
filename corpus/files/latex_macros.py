"""What a LaTeX file defines itself, and how the arguments of a macro are told apart."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field

_BUDGET = 100_000
"""Characters that the file's own macros may write in all."""
_MACRO = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*(?:\{\s*)?\\(?P<name>[A-Za-z]+)\s*(?:\}\s*)?(?:\[(?P<count>\d)\]\s*)?"
    r"(?:\[(?P<default>[^\]\n]{0,200})\]\s*)?(?=\{)"
    r"|\\def\s*\\(?P<def>[A-Za-z]+)\s*(?P<places>(?:#\d)*)(?=\{)"
    r"|\\DeclareMathOperator\*?\s*\{\s*\\(?P<operator>[A-Za-z]+)\s*\}\s*(?=\{)"
)
_ACRONYM = re.compile(r"\\(?:newacronym|acrodef|acro|DeclareAcronym)(?:\[[^\[\]\n]{0,200}\])?\{([^{}\n]{1,100})\}")
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|.", re.DOTALL)
_GROUP = r"\{(?:[^\\{}]++|\\.|%s)*+\}"
_OPTION = re.compile(rf"\[((?:[^\\{{\]]++|\\.|{_GROUP % (_GROUP % (_GROUP % '(?!)'))})*+)\]", re.DOTALL)
"""Groups inside it may hold a bracket. Nothing is tried twice, so that a bracket that is never closed costs little."""
_LONGEST = 500
"""Characters of an option, and of the long form of an acronym."""


@dataclass(frozen=True, slots=True)
class Macro:
    count: int
    """Arguments."""
    default: str | None
    """Of the first one, where it may be left out."""
    body: str


@dataclass
class KnownMacros:
    """What a file defines."""

    macros: dict[str, Macro] = field(default_factory=dict)
    acronyms: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Short and long form, by name."""
    labels: dict[str, str] = field(default_factory=dict)
    """What a reference to a label shows."""
    lost: Counter[str] = field(default_factory=Counter)
    budget: int = _BUDGET


def pairs(text: str) -> dict[int, int]:
    """Finds for each opening brace its closing one."""
    found: dict[int, int] = {}
    open_: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match[0] == "{":
            open_.append(match.start())
        elif match[0] == "}" and open_:
            found[open_.pop()] = match.start()
    return found


def argument(text: str, at: int, closed: dict[int, int], longest: int = sys.maxsize) -> tuple[str, int]:
    """The argument that stands at ``at``, behind spaces, and where it ends: a group, a macro or one character.

    ``longest`` bounds the characters of a group that are given.
    """
    while at < len(text) and text[at] in " \t\n":
        at += 1
    if at >= len(text) or text[at] == "}":
        return "", at
    if text[at] == "{":
        end = closed.get(at, len(text))
        return text[at + 1 : min(end, at + 1 + longest)], end + 1
    found = _TOKEN.match(text, at)
    return (found[0], found.end()) if found else ("", at)


def option(text: str, at: int) -> tuple[str | None, int]:
    """What stands in brackets at ``at``; None where none do."""
    behind = at
    while behind < len(text) and text[behind] in " \t":
        behind += 1
    if behind >= len(text) or text[behind] != "[" or text.find("]", behind, behind + _LONGEST) < 0:
        return None, at
    found = _OPTION.match(text, behind, behind + _LONGEST)
    return (found[1], found.end()) if found else (None, at)


def definitions(text: str, known: KnownMacros) -> str:
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
        short, at = argument(text, found.end(), closed, _LONGEST)
        shown, _ = option(text, found.end())
        if "acro{" in found[0] or "acrodef" in found[0]:
            known.acronyms[found[1]] = (shown or found[1], short)
        else:
            known.acronyms[found[1]] = (short, argument(text, at, closed, _LONGEST)[0])
    return "".join((*pieces, text[done:]))
