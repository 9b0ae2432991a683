"""The table of contents of a library: the headings of all documents as trees, each with how its section begins.

It costs what splitting knows already, and says what is where before anything is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...corpus.document import Evidence
from ...corpus.passages import PassageRow, rows_of_document
from ...corpus.phrases.names import normal
from .headings import heading_form
from .quotes import Quotes

DOCUMENTS, ENTRIES = 25, 60
"""Documents of one answer, and headings with a quote of all of them together."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    depth: int
    """1 for a heading that stands below no other."""
    heading: str
    opening: Evidence


@dataclass(frozen=True, slots=True)
class Outline:
    """One document."""

    name: str
    title: str
    entries: tuple[OutlineEntry, ...]
    hidden: int
    """Headings that are not shown."""


def outlines(quotes: Quotes, name: str, depth: int) -> tuple[list[Outline], int]:
    """Those of the documents whose name or title has these words (all, where there are none), and how many there are;
    of a document without headings its beginning."""
    graph = quotes.graph
    rows = [row for row in range(len(graph.documents)) if not name or _is_meant(quotes, row, name)]
    shown = rows[:DOCUMENTS]
    share = max(1, ENTRIES // max(1, len(shown)))
    return [_outline(quotes, row, depth, share) for row in shown], len(rows)


def _is_meant(quotes: Quotes, row: int, name: str) -> bool:
    _, shown, title, _ = quotes.document(row)
    wanted = normal(name)
    return bool(wanted) and (wanted in normal(title) or wanted in normal(shown) or shown.endswith(name))


def _outline(quotes: Quotes, row: int, depth: int, most: int) -> Outline:
    _, name, title, _ = quotes.document(row)
    parts = rows_of_document(quotes.store, int(quotes.graph.documents[row]))
    found = list(_sections(parts))
    fitting = [one for one in found if one[0] <= depth] or [(1, title or name, 0, max(0, len(parts) - 1))]
    entries = tuple(
        OutlineEntry(level, heading, _opening(quotes, row, heading, (first, last)))
        for level, heading, first, last in fitting[:most]
        if parts
    )
    return Outline(name, title, entries, hidden=max(0, len(found) - len(entries)))


def _opening(quotes: Quotes, row: int, heading: str, places: tuple[int, int]) -> Evidence:
    form = heading_form(heading) or normal(heading)
    return quotes.opening((row, *places), [form, normal(heading)], f"stands below the heading {heading}")


def _sections(parts: Sequence[PassageRow]) -> Iterator[tuple[int, str, int, int]]:
    """``(depth, heading, first passage, last passage)`` of every heading, subsections included, in order."""
    paths = [part.heading.split(" > ") if part.heading else [] for part in parts]
    before: list[str] = []
    for at, path in enumerate(paths):
        same = 0
        while same < min(len(path), len(before)) and path[same] == before[same]:
            same += 1
        for level in range(same, len(path)):
            stem = path[: level + 1]
            last = at
            while last + 1 < len(paths) and paths[last + 1][: level + 1] == stem:
                last += 1
            yield level + 1, path[level], at, last
        before = path
