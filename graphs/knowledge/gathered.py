"""The facts of all documents in one row of arrays, kept with the graph: of an edit only the changed documents are read.

Phrases are numbered in the order of the alphabet, documents stand in the order of their paths, and numbers of mentions
and sentences count within their document, so that what is gathered does not depend on how the library came to be.
"""

from __future__ import annotations

import json
import weakref
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from ...corpus.connection import mapped_rows
from ...corpus.texts import uris
from .letters import known_letters, letters_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARTS = {
    "spelled": 2,
    "mentions": 6,
    "sentences": 4,
    "definitions": 3,
    "abbreviations": 3,
    "sections": 3,
    "pronouns": 4,
}
"""The columns of each part: as ``DocumentFacts`` has them; ``spelled``: the form and the spelling of each phrase."""
_BLOBS = ("mentions", "sentences", "definitions", "sections", "pronouns")
_FORMS = {"spelled": (0,), "mentions": (0,), "sentences": (2,), "abbreviations": (0, 1), "sections": (0,)}
"""Columns that are numbers of phrases; -1 for none."""
_KEPT = "facts of "
_lines: dict[int, list[str]] = {}
"""Those of the arrays of text that are there, by their ids: after an edit the same strings are compared, and have their
hashes already."""
_MOST_ASKED = 500
"""Documents that are asked for by their numbers; of more all are read."""


@dataclass(frozen=True)
class Gathered:
    documents: NDArray[np.int64]
    """``[d, 2]``: document, first passage."""
    forms: list[str]
    """In the order of the alphabet, as the spellings are."""
    letters: NDArray[np.uint32]
    """Of the forms, by ``letters_of``."""
    spellings: list[str]
    rows: Mapping[str, NDArray[np.int32]]
    """Those of every part, document by document."""
    lengths: Mapping[str, NDArray[np.int64]]
    """How many of them each document has."""

    def owners(self, part: str) -> NDArray[np.int64]:
        """The document, as a row, of each row of a part."""
        import numpy as np

        return np.repeat(np.arange(len(self.documents)), self.lengths[part])

    def firsts(self, part: str) -> NDArray[np.int64]:
        """Where each document's rows of a part begin."""
        import numpy as np

        return np.cumsum(self.lengths[part]) - self.lengths[part]

    def sentences_of(self, part: str) -> NDArray[np.int64]:
        """The sentence, among all, of each row of the mentions or pronouns."""
        column = {"mentions": 3, "pronouns": 0}[part]
        found: NDArray[np.int64] = self.rows[part][:, column] + self.firsts("sentences")[self.owners(part)]
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        found: dict[str, NDArray[Any]] = {
            f"{_KEPT}documents": self.documents,
            f"{_KEPT}forms": text_array(self.forms),
            f"{_KEPT}letters": self.letters,
            f"{_KEPT}spellings": text_array(self.spellings),
        }
        for part in PARTS:
            found[f"{_KEPT}{part}"], found[f"{_KEPT}{part}, lengths"] = self.rows[part], self.lengths[part]
        return found


def gathered_of(arrays: Mapping[str, NDArray[Any]]) -> Gathered:
    return Gathered(
        arrays[f"{_KEPT}documents"],
        text_lines(arrays[f"{_KEPT}forms"]),
        arrays[f"{_KEPT}letters"],
        text_lines(arrays[f"{_KEPT}spellings"]),
        rows={part: arrays[f"{_KEPT}{part}"] for part in PARTS},
        lengths={part: arrays[f"{_KEPT}{part}, lengths"] for part in PARTS},
    )


def gather(connection: Connection, before: Gathered | None = None) -> Gathered:
    """``before``: what was gathered of an earlier state of the library, to go on from."""
    import numpy as np

    before = before or _nothing()
    names = uris(connection)
    stored = connection.execute("SELECT document_id, first_passage FROM knowledge_facts").fetchall()
    now = sorted((row for row in stored if row[0] in names), key=lambda row: names[row[0]])
    place = {(document, first): at for at, (document, first) in enumerate(before.documents.tolist())}
    fresh = [document for document, first in now if (document, first) not in place]
    forms, spellings = WordNumbers(before.forms), WordNumbers(before.spellings)
    read, read_lengths = _read(connection, fresh, forms, spellings)
    place.update(
        zip(((d, f) for d, f in now if (d, f) not in place), range(len(place), len(place) + len(fresh)), strict=True)
    )
    order = np.asarray([place[row] for row in now], np.int64)
    rows, lengths = {}, {}
    for part in PARTS:
        pool = np.concatenate([before.lengths[part], read_lengths[part]])
        starts, lengths[part] = (np.cumsum(pool) - pool)[order], pool[order]
        rows[part] = np.concatenate([before.rows[part], read[part]])[segments(starts, lengths[part])]
    documents = np.asarray(now, np.int64).reshape(-1, 2)
    found_forms, number = forms.in_use(rows["spelled"][:, 0])
    letters = known_letters(found_forms, before.letters, number[: len(before.forms)])
    found_spellings, spelling = spellings.in_use(rows["spelled"][:, 1])
    rows["spelled"][:, 1] = spelling[rows["spelled"][:, 1]]
    for part, places in _FORMS.items():
        for column in places:
            rows[part][:, column] = number[rows[part][:, column]]
    return Gathered(documents, found_forms, letters, found_spellings, rows=rows, lengths=lengths)


class WordNumbers:
    """Words with their numbers: those of an earlier state in the order of the alphabet, and new ones behind them."""

    def __init__(self, known: list[str]) -> None:
        self._known, self._new = known, dict[str, int]()

    def of(self, word: str) -> int:
        at = bisect_left(self._known, word)
        if at < len(self._known) and self._known[at] == word:
            return at
        return self._new.setdefault(word, len(self._known) + len(self._new))

    def in_use(self, numbers: NDArray[np.int32]) -> tuple[list[str], NDArray[np.int32]]:
        """The words among these numbers in the order of the alphabet, and for each number its place there; the last one
        is that of -1."""
        import numpy as np

        size = len(self._known)
        used = np.bincount(numbers, minlength=size + len(self._new)) > 0
        kept = np.flatnonzero(used[:size])
        words = self._known if len(kept) == size else [self._known[at] for at in kept.tolist()]
        new = sorted((word, at) for word, at in self._new.items() if used[at])
        before = np.asarray([bisect_left(words, word) for word, _ in new], np.int64)
        place = np.full(size + len(self._new) + 1, -1, np.int32)
        place[kept] = np.arange(len(kept)) + np.searchsorted(before, np.arange(len(kept)), side="right")
        place[[at for _, at in new]] = before + np.arange(len(new))
        if len(new) > _MOST_ASKED:
            return sorted([*words, *(word for word, _ in new)]), place
        words = list(words)
        for word, _ in new:
            insort(words, word)
        return words, place


def _nothing() -> Gathered:
    import numpy as np

    rows = {part: np.zeros((0, columns), np.int32) for part, columns in PARTS.items()}
    lengths = {part: np.zeros(0, np.int64) for part in PARTS}
    return Gathered(np.zeros((0, 2), np.int64), [], letters_of([]), [], rows=rows, lengths=lengths)


def _read(
    connection: Connection, documents: Sequence[int], forms: WordNumbers, spellings: WordNumbers
) -> tuple[dict[str, NDArray[np.int32]], dict[str, NDArray[np.int64]]]:
    """The rows of these documents in their order; phrases that are new get numbers in ``forms`` and ``spellings``."""
    import numpy as np

    found = {row[0]: row[1:] for row in _select_facts(connection, documents)}
    columns = [list(column) for column in zip(*map(found.__getitem__, documents), strict=True)] or [[]] * 7
    with mapped_rows(connection):
        # One text is parsed faster than thousands.
        phrases: list[list[list[str]]] = json.loads(f"[{','.join(columns[0])}]")
        pairs: list[list[list[int]]] = json.loads(f"[{','.join(columns[1])}]")
        spelled = [(forms.of(form), spellings.of(spelling)) for part in phrases for form, spelling in part]
        rows = {
            "spelled": np.asarray(spelled, np.int32).reshape(-1, 2),
            "abbreviations": np.asarray([pair for part in pairs for pair in part], np.int32).reshape(-1, 3),
        }
        lengths = {"spelled": _lengths(phrases), "abbreviations": _lengths(pairs)}
        for part, blobs in zip(_BLOBS, columns[2:], strict=True):
            rows[part] = np.frombuffer(b"".join(blobs), np.int32).reshape(-1, PARTS[part]).copy()
            lengths[part] = _lengths(blobs) // (4 * PARTS[part])
        firsts = np.cumsum(lengths["spelled"]) - lengths["spelled"]
        for part, places in _FORMS.items():
            own = np.repeat(firsts, lengths[part])
            for column in places if part != "spelled" else ():
                local = rows[part][:, column]
                known = np.minimum(local + own, max(0, len(spelled) - 1))
                rows[part][:, column] = np.where(local >= 0, rows["spelled"][known, 0], -1) if len(spelled) else -1
    return rows, lengths


def _select_facts(connection: Connection, documents: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    query = f"SELECT document_id, phrases, abbreviations, {', '.join(_BLOBS)} FROM knowledge_facts"  # noqa: S608
    if len(documents) > _MOST_ASKED:
        return connection.execute(query)
    marks = ", ".join("?" * len(documents))
    return connection.execute(f"{query} WHERE document_id IN ({marks})", documents)


def _lengths(parts: Iterable[Any]) -> NDArray[np.int64]:
    import numpy as np

    return np.fromiter(map(len, parts), np.int64)


def segments(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each start on, as many as its length."""
    import numpy as np

    ends = np.cumsum(lengths)
    return np.repeat(starts - ends + lengths, lengths) + np.arange(int(lengths.sum()))


def text_array(lines: list[str]) -> NDArray[np.uint8]:
    import numpy as np

    found = np.frombuffer("\n".join(lines).encode(errors="replace"), np.uint8)
    return _remember(found, lines)


def text_lines(data: NDArray[np.uint8]) -> list[str]:
    """The lines, which nobody changes."""
    if id(data) not in _lines:
        text = data.tobytes().decode()
        _remember(data, text.split("\n") if text else [])
    return _lines[id(data)]


def _remember(data: NDArray[np.uint8], lines: list[str]) -> NDArray[np.uint8]:
    _lines[id(data)] = lines
    weakref.finalize(data, _lines.pop, id(data), None).atexit = False
    return data
