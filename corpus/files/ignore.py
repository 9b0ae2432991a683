"""What git ignores, told from its files alone: ``.gitignore`` at every level and ``.git/info/exclude``.

Unlike git, this knows no index: a file that is tracked although a pattern matches it counts as ignored.
Source: gitignore(5).
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from .glob import Pattern, compile_pattern, parse

_BYTES = 1_000_000
_LINES = 50_000
"""Of the files of patterns in one folder."""
_WILD, _WILD_BYTES = 2_000, 50_000
"""Patterns of one file that are more than a name, and the characters of all of these."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns that hold below one folder. A larger number comes later in the files and so has the last word."""

    folder: str
    literal: dict[bytes, list[tuple[int, Pattern]]] = field(default_factory=dict)
    """By name, or by path below the folder."""
    wild: list[tuple[int, Pattern, re.Pattern[bytes]]] = field(default_factory=list)
    problem: str = ""
    """Why none of the patterns holds."""

    def verdict(self, inside: str, *, is_folder: bool) -> bool | None:
        """Whether the path ``inside`` the folder is ignored; None when no pattern matches it."""
        path = os.fsencode(inside)
        name = path.rpartition(b"/")[2]
        last, decides = -1, None
        for number, pattern in (*self.literal.get(name, ()), *self.literal.get(b"/" + path, ())):
            if number > last and (is_folder or not pattern.only_folders):
                last, decides = number, pattern
        for number, pattern, expression in reversed(self.wild):
            if number < last:
                break
            if pattern.only_folders and not is_folder:
                continue
            if expression.fullmatch(name if pattern.only_name else path):
                decides = pattern
                break
        return None if decides is None else not decides.negated


Chain = tuple[Rules, ...]
"""From the repository's top down."""


def rules_in(folder: str) -> Chain:
    """The folder's own patterns: one ``Rules``, or none. A file that cannot be read holds no patterns."""
    try:
        lines = [*_lines(f"{folder}/.git/info/exclude"), *_lines(f"{folder}/.gitignore")]
        return (rules_of(folder, lines),) if lines else ()
    except ValueError as error:
        return (Rules(folder, problem=str(error)),)


def rules_above(root: Path) -> Chain:
    """What the repository around ``root`` says; nothing if it ignores ``root`` itself, which was named on purpose."""
    chain: Chain = ()
    for folder in _around(root):
        if is_ignored(chain, str(folder), is_folder=True):
            return ()
        chain += rules_in(str(folder))
    return () if is_ignored(chain, str(root), is_folder=True) else chain


def _around(root: Path) -> list[Path]:
    """The folders above ``root`` from the repository's top down; none for a top or outside of any repository."""
    above: list[Path] = []
    for folder in (root, *root.parents):
        if os.path.exists(folder / ".git"):
            return [] if folder == root else [folder, *reversed(above)]
        if folder != root:
            above.append(folder)
    return []


def is_ignored(chain: Chain, path: str, *, is_folder: bool) -> bool:
    """Whether a path is ignored. ``path`` lies below every folder of ``chain``. The deepest file with a matching
    pattern decides, and in it the last such pattern."""
    for rules in reversed(chain):
        verdict = rules.verdict(path[len(rules.folder) :].lstrip(os.sep), is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def _lines(path: str) -> list[bytes]:
    """Raises ``ValueError`` for a file above the limit."""
    try:
        # A pipe or device of that name must not block; git follows no link here either.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK | os.O_NOFOLLOW)) as file:
            data = file.read(_BYTES + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    except OSError:
        return []
    if len(data) > _BYTES:
        raise ValueError(f"none of its patterns holds: it is above the limit of {_BYTES:,} bytes")
    return [line.removesuffix(b"\r") for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n")]


def rules_of(folder: str, lines: list[bytes]) -> Rules:
    """Reads the rules of a file. Raises ``ValueError`` for more than the limits."""
    if len(lines) > _LINES:
        raise ValueError(f"none of its patterns holds: it is above the limit of {_LINES:,} lines")
    patterns = [(number, pattern) for number, line in enumerate(lines) if (pattern := parse(line))]
    wild = [(number, pattern) for number, pattern in patterns if not pattern.literal]
    if len(wild) > _WILD or sum(len(pattern.text) for _, pattern in wild) > _WILD_BYTES:
        raise ValueError(
            f"none of its patterns holds: those with wildcards are above the limit of {_WILD:,}, or of "
            f"{_WILD_BYTES:,} bytes"
        )
    rules = Rules(folder)
    for number, pattern in patterns:
        if pattern.literal:
            key = pattern.text if pattern.only_name else b"/" + pattern.text
            rules.literal.setdefault(key, []).append((number, pattern))
    for number, pattern in wild:
        if (expression := compile_pattern(pattern)) is not None:
            rules.wild.append((number, pattern, expression))
    return rules
