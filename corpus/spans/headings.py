"""The path of headings above a place, shared by the formats that have headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..document import Place

_LONGEST = 200
"""Characters of one heading: every passage below repeats it."""

_NUMBER = r"\d{1,3}(?:\.\d{1,3}){1,5}"
_NUMBERED = re.compile(
    rf"(?P<number>{_NUMBER})(?:\.\s+(?=\S)|\s+(?=[^\W\d_a-z]|`|\w+_))(?P<title>\S.{{0,90}}?)\s*$"
    r"|(?:Chapter|Appendix|Part|Section|Kapitel|Anhang|Teil|Abschnitt)\s(?:\d{1,3}|[A-Z]|[IVX]{1,6})(?:[.:]\s+|\s+[–—-]\s+)(?P<named>\S.{0,90}?)\s*$"
)
_ATX = re.compile(r"(#{1,6})\s")
_UNDERLINE = re.compile(r"\n[ \t]*([=\-~^\"'`#*+:.])\1{2,}[ \t]*$")
_SENTENCE_ENDS = (".", ",", ";", ":", "!")


@dataclass(frozen=True, slots=True)
class NumberedHeading:
    level: int
    title: int
    """Where its title begins."""
    number: tuple[int, ...] = ()
    """Of "3.2"; nothing of a chapter."""

    def follows(self, last: tuple[int, ...]) -> bool:
        """Whether its number may come after the one of the heading before: "9.15 Welcome" is a time of day."""
        return len(self.number) != 2 or self.number[1] < 2 or self.number == (*last[:1], *(n + 1 for n in last[1:2]))


def numbered_heading(line: str) -> NumberedHeading | None:
    """The heading of plain text that its number tells: "3.2. Title", "Appendix B. Title"."""
    found = _NUMBERED.fullmatch(line)
    if found is None or line.rstrip().endswith(_SENTENCE_ENDS):
        return None
    if not found["number"]:
        return NumberedHeading(1, found.start("named"))
    number = tuple(map(int, found["number"].split(".")))
    return NumberedHeading(len(number), found.start("title"), number)


def heading_of(shown: str, styles: list[str], *, begins: bool = False, first: bool = False) -> tuple[int, int, int]:
    """The level of a heading, 0 for anything else, and where its title lies; underlined ones by the order in which
    their styles appear, numbered ones of plain text where a passage ``begins``, a time of day only as the ``first``."""
    atx = _ATX.match(shown)
    if atx and "\n" not in shown:
        return len(atx[1]), 0, len(shown)
    under = _UNDERLINE.search(shown)
    if under is None or shown.count("\n") != 1:
        numbered = numbered_heading(shown) if begins else None
        if numbered is None or not (first or numbered.follows(())):
            return 0, 0, len(shown)
        return numbered.level, numbered.title, len(shown)
    if under[1] not in styles:
        styles.append(under[1])
    return 1 + styles.index(under[1]), 0, under.start()


_BARE_NUMBER = re.compile(r"#*[ \t]*(?:§ ?|[^\W\d_]+[ \t]+)?(?:\d{1,4}|[IVXLC]{1,8})[.:)]?[ \t#]*")


def is_bare_number(title: str) -> bool:
    """Whether a heading is a number with the word for its kind alone: "Amendment XXVII", "Chapter 3". The title may
    follow as a heading of its own."""
    return _BARE_NUMBER.fullmatch(title) is not None


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    place: Place


class HeadingPath:
    """The headings that are open at a place: ``str`` gives them as one line, ``places`` where they stand."""

    def __init__(self) -> None:
        self._open: list[_Heading] = []

    def enter(self, level: int, title: str, place: Place, *, joins: bool = False) -> None:
        """Opens a heading of ``level``, 1 being the highest, and closes the headings of this level and below, but for
        the bare number right above that it ``joins``."""
        if not (joins and self._open and self._open[-1].level == level and is_bare_number(self._open[-1].title)):
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
