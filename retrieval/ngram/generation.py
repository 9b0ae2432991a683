"""The n-gram index of a library: passages as documents, made from the catalog at the store's revision.

Built at the first search, not while files are added. Each revision is a generation: a ``.words`` file (vocabulary,
names of the segments, what is taken out of them) and one file per segment, which later generations share. A reader that
holds an older generation keeps it. When the library is being written or is read-only, the index is brought up to date
in memory only.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from weakref import WeakKeyDictionary

from ...errors import LibraryLocked
from ..store import Store
from ..words import STOPWORDS
from . import files
from .index import NgramIndex
from .segments import MOST_TOKENS, Segment, Segments, segment
from .tokens import Tokens, WordTokenizer

log = logging.getLogger(__name__)

_ROW = "SELECT file, revision FROM generations WHERE kind = 'ngram'"
_PASSAGES = (
    'SELECT d.id, p.id, p.start, p."end", d.digest FROM passages p JOIN documents d ON d.id = p.document_id '
    "ORDER BY d.id, p.id"
)
_ARRAYS = ("text", "rows", "first", "starts")


@dataclass(frozen=True)
class Corpus:
    """The index with the tokenizer that its ids belong to; documents are passages by their row id."""

    segments: Segments = field(default_factory=Segments)
    tokenizer: WordTokenizer = field(default_factory=WordTokenizer)
    revision: int = 0

    @cached_property
    def documents(self) -> dict[int, tuple[int, int, int]]:
        return self.segments.documents()

    @cached_property
    def tokens(self) -> int:
        return self.segments.tokens

    @cached_property
    def stopwords(self) -> frozenset[int]:
        """Their token ids, as far as they occur."""
        known = self.tokenizer.vocabulary
        return frozenset(known[word] for word in STOPWORDS if word in known)

    def tokens_of(self, key: int) -> Tokens:
        """Of one passage; the characters count from its start."""
        place, number, _ = self.documents[key]
        return self.segments.tokens_of(place, number)


@dataclass
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    corpus: Corpus | None = None


_OPEN: WeakKeyDictionary[Store, _Slot] = WeakKeyDictionary()


def current(store: Store) -> Corpus:
    """The index of the store's present revision, built or brought up to date first where it is not.

    Raises ``StorageError`` for a damaged file, ``LibraryIncompatible`` for one of another tokenizer.
    """
    slot = _OPEN.setdefault(store, _Slot())
    with slot.lock:
        if slot.corpus is None or slot.corpus.revision != store.revision:
            slot.corpus = _load(store, slot.corpus)
            if slot.corpus.revision != store.revision:
                slot.corpus = _refresh(store, slot.corpus)
        return slot.corpus


def _refresh(store: Store, old: Corpus) -> Corpus:
    with _writing(store) as allowed:
        if not allowed:
            return _updated(store, old)
        # Another process may have done it just before.
        old = _load(store, old)
        return old if old.revision == store.revision else _save(store, old, _updated(store, old))


@contextmanager
def _writing(store: Store) -> Iterator[bool]:
    """Whether the generation can be written now; holds the writer's lock meanwhile."""
    if store.read_only:
        log.warning("the n-gram index is kept in memory: the library's folder is read-only")
        yield False
        return
    with ExitStack() as held:
        try:
            held.enter_context(store.writing())
        except LibraryLocked:
            log.warning("the n-gram index is kept in memory: the library is being written")
            yield False
            return
        yield True


def _updated(store: Store, old: Corpus) -> Corpus:
    """``old`` without the passages that are gone or changed, with those that are new."""
    revision = store.revision
    rows = store.connection.execute(_PASSAGES).fetchall()
    live = {key: _stamp(digest, start, end) for _, key, start, end, digest in rows}
    have = {key: stamp for key, (_, _, stamp) in old.documents.items()}
    segments = old.segments.without(key for key, stamp in have.items() if live.get(key) != stamp)
    fresh = [row[:4] for row in rows if have.get(row[1]) != live[row[1]]]
    for batch in _batches(store, old.tokenizer, fresh):
        keys = list(batch)
        new = segment(list(batch.values()), keys, [live[key] for key in keys], old.tokenizer.size)
        segments = segments.plus(new)
    return Corpus(segments.merged(old.tokenizer.size), old.tokenizer, revision)


def _stamp(digest: str, start: int, end: int) -> int:
    return int.from_bytes(blake2b(f"{digest}:{start}:{end}".encode(), digest_size=8).digest())


def _batches(
    store: Store, tokenizer: WordTokenizer, rows: list[tuple[int, int, int, int]]
) -> Iterator[dict[int, Tokens]]:
    """Passages by key with their tokens, as many at a time as one segment holds."""
    batch: dict[int, Tokens] = {}
    room = MOST_TOKENS
    for document, passages in groupby(rows, key=lambda row: row[0]):
        found = store.connection.execute("SELECT text FROM documents WHERE id = ?", (document,)).fetchone()
        for _, key, start, end in passages if found else ():
            tokens = tokenizer.learn(found[0][start:end])
            room -= len(tokens.ids) + 1
            if room < 0 and batch:
                yield batch
                batch, room = {}, MOST_TOKENS - len(tokens.ids) - 1
            batch[key] = tokens
    if batch:
        yield batch


def _load(store: Store, held: Corpus | None) -> Corpus:
    """The stored generation, or ``held`` where that is as new; an empty one where there is none."""
    row = store.connection.execute(_ROW).fetchone()
    if held is not None and (row is None or held.revision >= row[1]):
        return held
    if row is None:
        return Corpus()
    path = store.folder / row[0]
    if not path.exists():
        log.warning("the n-gram index is made anew: %s is missing", path)
        return Corpus()
    tokenizer = WordTokenizer()
    detail, arrays = files.read(path, tokenizer.fingerprint)
    words = arrays["words"].tobytes().decode().split("\n")
    tokenizer = WordTokenizer.of(words if words != [""] else [])
    if not all((store.folder / name).exists() for name in detail["segments"]):
        log.warning("the n-gram index is made anew: a segment of %s is missing", path)
        return Corpus()
    parts = [_read_segment(store, name, tokenizer.fingerprint) for name in detail["segments"]]
    masked = (part.without(arrays[f"gone{place}"].tolist()) for place, part in enumerate(parts))
    return Corpus(Segments(tuple(masked)), tokenizer, row[1])


def _read_segment(store: Store, name: str, fingerprint: str) -> Segment:
    import numpy as np

    _, arrays = files.read(store.folder / name, fingerprint)
    none = np.zeros(0, np.int64)
    index = NgramIndex(arrays["text"], arrays["rows"], arrays["first"], arrays["starts"], none)
    return Segment(index, arrays["keys"], arrays["stamps"], arrays["spans"], name)


def _save(store: Store, old: Corpus, new: Corpus) -> Corpus:
    """Writes what is not stored yet and switches to it. The caller holds the writer's lock."""
    import numpy as np

    fingerprint, parts = new.tokenizer.fingerprint, []
    for place, part in enumerate(new.segments.parts):
        name = part.file or f"ngram-{new.revision}-{place}.segment"
        # What this process holds, a newer generation of another one may have swept away.
        if not part.file or not (store.folder / name).exists():
            arrays = {kind: getattr(part.index, kind) for kind in _ARRAYS}
            arrays |= {"keys": part.keys, "stamps": part.stamps, "spans": part.spans}
            files.write(store.folder / name, fingerprint, {}, arrays)
        parts.append(replace(part, file=name))
    gone = {f"gone{place}": np.asarray(sorted(part.index.gone), np.int64) for place, part in enumerate(parts)}
    words = np.frombuffer("\n".join(new.tokenizer.vocabulary).encode(), np.uint8)
    name, names = f"ngram-{new.revision}.words", [part.file for part in parts]
    files.write(store.folder / name, fingerprint, {"segments": names}, {"words": words, **gone})
    with store.transaction() as connection:
        connection.execute("INSERT OR REPLACE INTO generations VALUES ('ngram', ?, ?, '{}')", (name, new.revision))
    before = {f"ngram-{old.revision}.words", *(part.file for part in old.segments.parts)}
    _sweep(store, keep={name, *names} | before)
    return replace(new, segments=Segments(tuple(parts)))


def _sweep(store: Store, keep: set[str]) -> None:
    for path in store.folder.glob("ngram-*"):
        if path.name not in keep:
            path.unlink(missing_ok=True)
