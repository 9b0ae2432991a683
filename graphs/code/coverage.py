"""How many edges are proven, guessed or lead outside. The counts of a library go along with its edges, since counting
them all takes longer than most edits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from sqlite3 import Connection

_COUNTS = """SELECT type, resolution, target IN (SELECT id FROM code_names WHERE name GLOB 'external:[*]*'), count(*)
    FROM code_edges {} GROUP BY 1, 2, 3"""
_SOME = "WHERE document_id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class CodeCoverage:
    counts: tuple[tuple[str, str, int], ...]
    """(edge type, resolution, number of edges)."""
    nameless: int
    """Of the unknown ones, calls of a method on an object whose type is not known (``external:*.name``)."""
    unreadable: int
    """Files that could not be read whole."""
    gaps: int = 0
    """Calls that nobody can attribute, or only by an attribute's name."""

    def total(self, resolution: str, kind: str = "") -> int:
        return sum(count for edge, certainty, count in self.counts if certainty == resolution and kind in ("", edge))


class EdgeCounts:
    """The edges of a library, counted by type, resolution and whether their target is but the name of an attribute."""

    def __init__(self, connection: Connection, known: str = "") -> None:
        """``known``: what ``dump`` gave. Without it all edges are counted, once they are there."""
        self._connection = connection
        self._counts = Counter({tuple(key): count for *key, count in json.loads(known)}) if known else None

    def take(self, documents: Collection[int]) -> None:
        """Before the edges of these documents go."""
        if self._counts is not None:
            self._counts.subtract(self._of(documents))

    def give(self, documents: Collection[int]) -> None:
        """After their edges have come."""
        if self._counts is not None:
            self._counts.update(self._of(documents))

    def dump(self) -> str:
        counts = self._all() if self._counts is None else self._counts
        return json.dumps([[*key, count] for key, count in sorted(counts.items()) if count])

    def _of(self, documents: Collection[int]) -> Counter[tuple[str, ...]]:
        rows = self._connection.execute(_COUNTS.format(_SOME), (json.dumps(sorted(documents)),))
        return Counter({tuple(key): count for *key, count in rows})

    def _all(self) -> Counter[tuple[str, ...]]:
        return Counter({tuple(key): count for *key, count in self._connection.execute(_COUNTS.format(""))})


def coverage_of(stored: str, unreadable: int, gaps: int) -> CodeCoverage:
    """``stored``: what ``EdgeCounts.dump`` gave."""
    rows = json.loads(stored or "[]")
    counts: dict[tuple[str, str], int] = {}
    for kind, resolution, _, count in rows:
        counts[kind, resolution] = counts.get((kind, resolution), 0) + count
    nameless = sum(count for _, _, is_nameless, count in rows if is_nameless)
    return CodeCoverage(tuple((*key, count) for key, count in counts.items()), nameless, unreadable, gaps)
