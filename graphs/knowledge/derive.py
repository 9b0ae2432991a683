"""The way from the facts of all documents to entities and edges: counts of who stands with whom in a sentence.

The outcome is a function of the facts alone, in the order of the documents' paths, so that a graph after any edit
equals one that is made afresh. Linear in the mentions.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...corpus.array_file import Arrays
from ...corpus.store import Store
from .accept import DROPPED, Rows, accept
from .edges import edges
from .facts import NAME, TERM
from .gathered import gather, gathered_of, text_array
from .imports import imported_rows
from .merges import Merge, groups, merges
from .name_parts import name_part_merges
from .name_uses import name_uses
from .pair_counts import changed_pairs, count_pairs
from .references import referring, resolve_pronouns
from .spoken import Spoken, find_unchanged
from .storage import apart
from .titles import title_merges

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "6"


def build(store: Store, before: Arrays | None = None) -> Arrays:
    """``before``: the graph of an earlier state of the library, to go on from."""
    if before is None:
        return _build(store, None)
    with _collection_paused():
        return _build(store, before)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Keeps Python from looking for cycles: an edit makes a hundred thousand small objects, none in a cycle, and each
    search goes over all objects of the process."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _build(store: Store, before: Arrays | None) -> Arrays:
    import numpy as np

    earlier = gathered_of(before) if before else None
    gathered = gather(store.connection, earlier)
    rows = Rows(gathered, imported_rows(store.connection))
    kept, kinds = accept(rows)
    written = rows.spellings(kinds == TERM)
    phrases, spellings = [rows.phrases[at] for at in kept.tolist()], [written[at] for at in kept.tolist()]
    names = kept[kinds[kept] == NAME]
    separated = apart(store.connection)
    number = {phrase: at for at, phrase in enumerate(phrases)}
    found = _merges(rows, kept, kinds[kept], (number, spellings), separated)
    found += title_merges(rows, names.tolist(), separated)
    roots = groups(range(len(phrases)), ((number[one.one], number[one.other]) for one in found))
    uses, pages = name_uses(rows, names, written)
    parts = [
        one
        for one in name_part_merges(uses, {phrase: roots[number[phrase]] for phrase in uses}, pages)
        if tuple(sorted((one.one, one.other))) not in separated
    ]
    found += parts
    roots = groups(roots, ((number[one.one], number[one.other]) for one in parts if not one.only_there))
    entities = _Entities(number, kept, roots, found, size=len(rows.phrases))
    owners = entities.of(rows.mentions[:, 0], rows.mentions[:, 1])
    owners[rows.mentions[:, 5] == DROPPED] = -1
    mentions, definitions = _place_mentions(rows, entities, owners)
    sentences = rows.sentences.copy()
    sentences[:, 3] = entities.of(rows.sentences[:, 3], rows.sentences[:, 0])
    spoken = Spoken(
        gathered.documents,
        phrases,
        kinds[kept] == NAME,
        owners=owners,
        places=rows.mentions[:, 4],
        sentences=sentences,
    )
    unchanged = find_unchanged(before, earlier, spoken) if before and earlier else None
    pairs = changed_pairs(before, unchanged, spoken) if before and unchanged else count_pairs(spoken)
    resolved = resolve_pronouns(rows, spoken, before, unchanged)
    meant = referring(resolved, sentences[:, 3])
    short = np.asarray([number[one.one] for one in parts], np.int64)
    return {
        **gathered.arrays(),
        "documents": gathered.documents[:, 0],
        "phrases": text_array(phrases),
        "spellings": text_array(spellings),
        "kinds": kinds[kept].astype(np.int8),
        "entity": np.asarray(roots, np.int64),
        "head": _heads(np.asarray(roots, np.int64), mentions, short, len(phrases)),
        "mentions": mentions,
        "sentences": sentences.astype(np.int32),
        "definitions": definitions,
        "sections": _sections(rows, entities),
        **resolved.arrays(),
        "references": meant,
        **_imported_arrays(rows, entities),
        "merges": np.asarray(
            [(number[m.one], number[m.other], m.document, m.sentence, m.only_there) for m in found], np.int64
        ).reshape(-1, 5),
        "reasons": text_array([merge.reason for merge in found]),
        "owners": owners.astype(np.int32),
        **edges(pairs, spoken, meant),
    }


def _merges(
    rows: Rows,
    kept: NDArray[np.int64],
    kinds: NDArray[np.int64],
    spelled: tuple[Mapping[str, int], Sequence[str]],
    separated: Collection[tuple[str, str]],
) -> list[Merge]:
    """``spelled``: the number of each phrase that is kept, and how it is written."""
    number, spellings = spelled
    listed = kinds.tolist()
    return merges(
        number,
        spellings,
        _PhrasesOfKind(number, listed, TERM),
        names=_PhrasesOfKind(number, listed, NAME),
        headings={rows.phrases[at] for at in kept[rows.only_heads[kept]].tolist()},
        defined=rows.definitions_of_abbreviations(),
        letters=rows.letters[kept],
        apart=separated,
    )


@dataclass(frozen=True, slots=True)
class _PhrasesOfKind:
    """Those of one kind, without a set of them: few are asked for after an edit."""

    number: Mapping[str, int]
    kinds: Sequence[int]
    kind: int

    def __contains__(self, phrase: object) -> bool:
        at = self.number.get(phrase)  # type: ignore[call-overload]
        return at is not None and self.kinds[at] == self.kind


class _Entities:
    """Which entity a phrase is, in each document."""

    def __init__(
        self,
        number: Mapping[str, int],
        kept: NDArray[np.int64],
        roots: Sequence[int],
        found: Sequence[Merge],
        size: int,
    ) -> None:
        import numpy as np

        self.rank = np.full(size + 1, -1, np.int64)  # the last one is that of -1
        self.rank[kept] = np.arange(len(kept))
        self._entity = np.append(np.asarray(roots, np.int64), -1)
        there = sorted(
            (one.document * max(1, len(kept)) + number[one.one], int(self._entity[number[one.other]]))
            for one in found
            if one.only_there
        )
        self._places = np.asarray([place for place, _ in there], np.int64)
        self._targets = np.asarray([entity for _, entity in there], np.int64)
        self._size = max(1, len(kept))

    def of(self, phrases: NDArray[np.int64], documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """The entity of each phrase in the document beside it; -1 for what is none."""
        import numpy as np

        ranks = self.rank[phrases]
        found: NDArray[np.int64] = self._entity[ranks]
        if len(self._places):
            keys = documents * self._size + ranks
            at = np.minimum(np.searchsorted(self._places, keys), len(self._places) - 1)
            found = np.where((self._places[at] == keys) & (ranks >= 0), self._targets[at], found)
        return found

    def anywhere(self, phrases: NDArray[np.int64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = self._entity[self.rank[phrases]]
        return found


def _place_mentions(
    rows: Rows, entities: _Entities, owner: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Mentions ``[n, 6]`` of entities (entity, phrase, document, start, end, sentence) by entity and place; definitions
    ``[k, 3]`` with the mention's row."""
    import numpy as np

    raw = rows.mentions
    held = np.flatnonzero(owner >= 0)
    by_place = held[np.argsort(raw[held, 1] << 32 | raw[held, 2], kind="stable")]
    # The entity and the place in one number: numpy sorts numbers several times as fast as by several keys.
    order = by_place[np.sort(owner[by_place] * len(raw) + np.arange(len(by_place))) % max(1, len(raw))]
    back = np.full(len(raw), -1, np.int64)
    back[order] = np.arange(len(order))
    mentions = np.column_stack([owner[order], entities.rank[raw[order, 0]], raw[order, 1:5]])
    definitions = rows.definitions.copy()
    definitions[:, 0] = back[definitions[:, 0]]
    definitions = definitions[definitions[:, 0] >= 0]
    definitions = definitions[np.argsort(definitions[:, 0], kind="stable")]
    return mentions.astype(np.int32), definitions.astype(np.int32)


def _sections(rows: Rows, entities: _Entities) -> NDArray[np.int32]:
    """``[n, 4]``: entity, document, first and last passage; by entity and place, each once."""
    import numpy as np

    found = rows.sections.copy()
    found[:, 0] = entities.of(found[:, 0], found[:, 1])
    return np.unique(found[found[:, 0] >= 0], axis=0).astype(np.int32).reshape(-1, 4)


def _imported_arrays(rows: Rows, entities: _Entities) -> dict[str, NDArray[np.int32]]:
    """``told`` ``[t, 2]``: entity, row of the imported entity; ``relations`` ``[r, 3]``: both ends, row of the imported
    relation."""
    import numpy as np

    found = rows.imported
    number = {form: at for at, form in enumerate(rows.phrases)} if found.relations else {}

    def numbers(forms: Iterable[str]) -> NDArray[np.int64]:
        return np.asarray([number[form] for form in forms], np.int64)

    told = np.column_stack([entities.anywhere(rows.told), [row[2] for row in found.entities]])
    sources = entities.anywhere(numbers(row[0] for row in found.relations))
    targets = entities.anywhere(numbers(row[1] for row in found.relations))
    relations = np.column_stack([sources, targets, [row[2] for row in found.relations]])
    return {
        "told": told.astype(np.int32).reshape(-1, 2),
        "relations": relations[sources != targets].astype(np.int32).reshape(-1, 3),
    }


def _heads(
    entity: NDArray[np.int64], mentions: NDArray[np.int32], short: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """The phrase that is shown for each entity: the one with most mentions, the first of equals; a whole name before
    its parts, which are ``short``."""
    import numpy as np

    counts = np.bincount(mentions[:, 1], minlength=size)
    is_part = np.zeros(size, np.bool_)
    is_part[short] = True
    order = np.lexsort((np.arange(size), -counts, is_part, entity))
    head = np.full(size, -1, np.int64)
    owners, first = np.unique(entity[order], return_index=True)
    head[owners] = order[first]
    return head
