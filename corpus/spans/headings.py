"""The path of headings above a place, shared by the formats that have headings."""

from __future__ import annotations

_LONGEST = 200
"""Characters of one heading: every passage below repeats it."""


class HeadingPath:
    """``enter`` a heading of a level (1 is the highest) and read the path as one line."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, title: str) -> str:
        self._open = [entry for entry in self._open if entry[0] < level]
        self._open.append((level, " ".join(title[: 2 * _LONGEST].split())[:_LONGEST]))
        return str(self)

    def __str__(self) -> str:
        return " > ".join(title for _, title in self._open)
