"""The n-gram index of a library: passages as documents, made from the catalog at the store's revision.

Built at the first search, not while files are added, for each ``Kind`` that is asked for. Each revision is a
generation: a ``.words`` file (vocabulary, names of the segments, what is taken out of them) and one file per segment,
which later generations share. Large segments are merged in a thread behind the search.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any, Generic

from ...corpus.catalog import DocumentRow, document_rows, text_or_none
from ...corpus.derived import Derived, Generation, Slot, generation_of, writing
from ...corpus.passages import PassageRow, passage_rows
from ...corpus.store import Store
from ...errors import EvidentiaError, LibraryIncompatible
from . import array_files
from .index import NgramIndex
from .kinds import WORDS, IndexedText, Kind, T
from .segments import MOST_TOKENS, Segment, Segments, segment
from .tokens import Tokens, WordTokenizer

log = logging.getLogger(__name__)

_ARRAYS = ("text", "rows", "first", "starts")

QUICK = 2**18
"""Tokens: segments that are merged within a search, in a few tenths of a second; larger ones afterwards."""
MERGING = "evidentia-ngram-merging"


@dataclass(frozen=True)
class Corpus(Generic[T]):
    """The index with the tokenizer that its ids belong to; documents are passages by their row id."""

    tokenizer: T
    segments: Segments = field(default_factory=Segments)
    revision: int = 0
    file: str = ""
    """Its name, whether it has been written or is in memory only."""
    before: frozenset[str] = frozenset()
    """The files of the one that it was made from."""

    @property
    def files(self) -> frozenset[str]:
        return frozenset({self.file, *(part.file for part in self.segments.parts)})

    @cached_property
    def documents(self) -> dict[int, tuple[int, int, int]]:
        return self.segments.documents()

    @cached_property
    def tokens(self) -> int:
        return self.segments.tokens

    @property
    def mean(self) -> float:
        """The mean number of tokens in a document."""
        return self.tokens / max(1, len(self.documents))

    def tokens_of(self, key: int) -> Tokens:
        """The tokens of one passage; the characters count from its start."""
        place, number, _ = self.documents[key]
        return self.segments.tokens_of(place, number)


def words(store: Store) -> Corpus[WordTokenizer]:
    """The index that needs no model; see ``current``."""
    return current(store, WORDS)


def current(store: Store, kind: Kind[T]) -> Corpus[T]:
    """The index of the store's present revision, built or brought up to date first where it is not.

    Raises ``StorageError`` for a damaged file. One of another tokenizer is made anew, which the log says.
    """
    return DerivedCorpus(kind).current(store)


class DerivedCorpus(Derived[Corpus[T], Corpus[T]]):
    """The n-gram index as a kind of derived thing: it grows by segments."""

    def __init__(self, kind: Kind[T]) -> None:
        self.of, self.kind, self.version = kind, kind.name, kind.tokenizer(()).fingerprint

    def fits(self, generation: Generation) -> bool:
        """This is always true: the tokenizer's fingerprint stands in the files."""
        return True

    def build(self, store: Store, held: Corpus[T] | None) -> Corpus[T]:
        return name_files(self.kind, _update(store, self.of, self._latest(store, held)))

    def _latest(self, store: Store, held: Corpus[T] | None) -> Corpus[T]:
        """The stored generation, or ``held`` where that is as new; an empty one where there is none to go on with."""
        there = generation_of(store, self.kind)
        if held is not None and (there is None or held.revision >= there.revision):
            return held
        return self.read_present(store)[1] or Corpus(self.of.tokenizer(()))

    def read(self, store: Store, generation: Generation) -> Corpus[T] | None:
        try:
            return _read(store, self.of, generation.file, generation.revision)
        except (LibraryIncompatible, FileNotFoundError) as error:
            log.warning("the n-gram index is made anew: %s", error)
            return None

    def write(self, store: Store, made: Corpus[T], revision: int) -> Generation:
        import numpy as np

        fingerprint, parts = made.tokenizer.fingerprint, made.segments.parts
        for part in parts:
            # A newer generation of another process may have swept away what this one holds.
            if not (store.folder / part.file).exists():
                arrays = {name: getattr(part.index, name) for name in _ARRAYS}
                arrays |= {"keys": part.keys, "stamps": part.stamps, "spans": part.spans}
                array_files.write(store.folder / part.file, fingerprint, {}, arrays)
        gone = {f"gone{place}": np.asarray(sorted(part.index.gone), np.int64) for place, part in enumerate(parts)}
        learnt = np.frombuffer("\n".join(made.tokenizer.learnt).encode(), np.uint8)
        array_files.write(
            store.folder / made.file,
            fingerprint,
            {"segments": [part.file for part in parts]},
            {"words": learnt, **gone},
        )
        return Generation(made.file, revision, "{}")

    def further_files(self, made: Corpus[T]) -> set[str]:
        return {*made.files, *made.before}

    def load(self, made: Corpus[T]) -> Corpus[T]:
        return made

    def improve(self, store: Store, slot: Slot[Corpus[T]]) -> None:
        if slot.value is not None and slot.value.segments.needs_merging:
            # Not a daemon: what it writes shall be complete when the process ends.
            threading.Thread(target=merge, args=(store.folder, self, slot, slot.value), name=MERGING).start()


def merge(folder: Path, kind: DerivedCorpus[T], slot: Slot[Corpus[T]], old: Corpus[T]) -> None:
    """Puts ``old`` with its large segments merged in its place, if that is still its own."""
    merged = replace(old, segments=old.segments.merge(old.tokenizer.size), before=old.files)
    new = name_files(kind.kind, merged)
    try:
        store = Store(folder)
        try:
            with slot.lock, writing(store, kind.kind) as allowed:
                if slot.value is old:
                    there = generation_of(store, kind.kind)
                    if allowed and there and (there.file, there.revision) == (old.file, old.revision):
                        kind.switch(store, new, new.revision)
                    slot.value = new
        finally:
            store.close()
    except EvidentiaError as error:
        log.warning("the segments of the n-gram index stay as they are: %s", error)


def _update(store: Store, kind: Kind[T], old: Corpus[T]) -> Corpus[T]:
    """``old`` without the passages that are gone or changed, with those that are new."""
    revision, extras = store.revision, kind.extras(store)
    documents = {row.key: row for row in document_rows(store)}
    rows = sorted((row for row in passage_rows(store) if row.document in documents), key=attrgetter("document", "key"))
    live = {
        row.key: _stamp(documents[row.document].digest, row.start, row.end, *extras.get(row.key, ())) for row in rows
    }
    have = {key: stamp for key, (_, _, stamp) in old.documents.items()}
    segments = old.segments.without(key for key, stamp in have.items() if live.get(key) != stamp)
    fresh = [row for row in rows if have.get(row.key) != live[row.key]]
    tokens = ((key, kind.tokens(old.tokenizer, source)) for key, source in _sources(store, documents, fresh, extras))
    for batch in _batches(tokens):
        keys = list(batch)
        new = segment(list(batch.values()), keys, [live[key] for key in keys], old.tokenizer.size)
        segments = segments.plus(new)
    return Corpus(old.tokenizer, segments.merge(old.tokenizer.size, QUICK), revision, before=old.files)


def _stamp(digest: str, *parts: object) -> int:
    named = ":".join((digest, *map(str, parts)))
    return int.from_bytes(blake2b(named.encode(), digest_size=8).digest())


def _sources(
    store: Store,
    documents: Mapping[int, DocumentRow],
    rows: list[PassageRow],
    extras: Mapping[int, tuple[str, ...]],
) -> Iterator[tuple[int, IndexedText]]:
    for key, passages in groupby(rows, key=attrgetter("document")):
        document, text = documents[key], text_or_none(store, key)
        if text is None:
            continue
        title = "" if document.title == PurePosixPath(document.name).name else document.title
        for row in passages:
            yield row.key, IndexedText(text[row.start : row.end], row.heading or title, extras.get(row.key, ()))


def _batches(documents: Iterable[tuple[int, Tokens]]) -> Iterator[dict[int, Tokens]]:
    """Gives as many at a time as one segment holds."""
    batch: dict[int, Tokens] = {}
    room = MOST_TOKENS
    for key, tokens in documents:
        room -= len(tokens.ids) + 1
        if room < 0 and batch:
            yield batch
            batch, room = {}, MOST_TOKENS - len(tokens.ids) - 1
        batch[key] = tokens
    if batch:
        yield batch


def _read(store: Store, kind: Kind[T], file: str, revision: int) -> Corpus[T]:
    path, fingerprint = store.folder / file, kind.tokenizer(()).fingerprint
    detail, arrays = _read_file(path, fingerprint)
    learnt = arrays["words"].tobytes().decode().split("\n")
    tokenizer = kind.tokenizer(learnt if learnt != [""] else [])
    parts = [_read_segment(store, name, fingerprint) for name in detail["segments"]]
    masked = (part.without(arrays[f"gone{place}"].tolist()) for place, part in enumerate(parts))
    return Corpus(tokenizer, Segments(tuple(masked)), revision, file)


def _read_segment(store: Store, name: str, fingerprint: str) -> Segment:
    import numpy as np

    _, arrays = _read_file(store.folder / name, fingerprint)
    none = np.zeros(0, np.int64)
    index = NgramIndex(arrays["text"], arrays["rows"], arrays["first"], arrays["starts"], none)
    return Segment(index, arrays["keys"], arrays["stamps"], arrays["spans"], name)


def _read_file(path: Path, fingerprint: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing")
    return array_files.read(path, fingerprint)


def name_files(kind: str, corpus: Corpus[T]) -> Corpus[T]:
    """Gives names to the files of the corpus that have not been written yet."""
    stem = f"{kind}-{corpus.revision}-{token_hex(4)}"
    parts = tuple(
        part if part.file else replace(part, file=f"{stem}-{place}.segment")
        for place, part in enumerate(corpus.segments.parts)
    )
    return replace(corpus, segments=Segments(parts), file=f"{stem}.words")
