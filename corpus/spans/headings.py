"""The path of headings above a place, shared by the formats that have headings."""

from __future__ import annotations

from dataclasses import dataclass

from ..document import Place

_LONGEST = 200
"""Characters of one heading: every passage below repeats it."""


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    place: Place


class HeadingPath:
    """The headings that are open at a place: ``str`` gives them as one line, ``places`` where they stand."""

    def __init__(self) -> None:
        self._open: list[_Heading] = []

    def enter(self, level: int, title: str, place: Place) -> None:
        """Opens a heading of ``level``, 1 being the highest, and closes the headings of this level and below."""
        self.close(level)
        self._open.append(_Heading(level, " ".join(title[: 2 * _LONGEST].split())[:_LONGEST], place))

    def close(self, level: int) -> None:
        """Ends the headings of this level and below."""
        self._open = [heading for heading in self._open if heading.level < level]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of the open headings, outermost first; a heading that is longer than a line governs nothing."""
        return tuple(one.place for one in self._open if one.place[1] - one.place[0] <= 2 * _LONGEST)

    def __str__(self) -> str:
        return " > ".join(heading.title for heading in self._open)
