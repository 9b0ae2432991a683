"""The n-gram index of a library: passages as documents, made from the catalog at the store's revision.

Built at the first search, not while files are added, for each ``Kind`` that is asked for. Each revision is a
generation: a ``.words`` file (vocabulary, names of the segments, what is taken out of them) and one file per segment,
which later generations share. A reader that holds an older generation keeps it. When the library is being written or is
read-only, the index is brought up to date in memory only. Large segments are merged in a thread behind the search.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any, Generic
from weakref import WeakKeyDictionary

from ...corpus.store import Store
from ...errors import EvidentiaError, LibraryIncompatible, LibraryLocked
from . import files
from .index import NgramIndex
from .kinds import WORDS, Kind, Source, T
from .segments import MOST_TOKENS, Segment, Segments, segment
from .tokens import Tokens, WordTokenizer

log = logging.getLogger(__name__)

_ROW = "SELECT file, revision FROM generations WHERE kind = ?"
_PASSAGES = (
    'SELECT d.id, p.id, p.start, p."end", d.digest, p.heading, d.title, d.name FROM passages p '
    "JOIN documents d ON d.id = p.document_id ORDER BY d.id, p.id"
)
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
    """Where it is stored; empty while it is in memory only."""

    @cached_property
    def documents(self) -> dict[int, tuple[int, int, int]]:
        return self.segments.documents()

    @cached_property
    def tokens(self) -> int:
        return self.segments.tokens

    @property
    def mean(self) -> float:
        """Tokens per document."""
        return self.tokens / max(1, len(self.documents))

    def tokens_of(self, key: int) -> Tokens:
        """Of one passage; the characters count from its start."""
        place, number, _ = self.documents[key]
        return self.segments.tokens_of(place, number)


@dataclass
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    corpus: Corpus[Any] | None = None


_OPEN: WeakKeyDictionary[Store, dict[tuple[str, str], _Slot]] = WeakKeyDictionary()


def words(store: Store) -> Corpus[WordTokenizer]:
    """The index that needs no model; see ``current``."""
    return current(store, WORDS)


def current(store: Store, kind: Kind[T]) -> Corpus[T]:
    """The index of the store's present revision, built or brought up to date first where it is not.

    Raises ``StorageError`` for a damaged file. One of another tokenizer is made anew, which the log says.
    """
    slot = _OPEN.setdefault(store, {}).setdefault((kind.name, kind.tokenizer(()).fingerprint), _Slot())
    with slot.lock:
        if slot.corpus is None or slot.corpus.revision != store.revision:
            slot.corpus = _load(store, kind, slot.corpus)
            if slot.corpus.revision != store.revision:
                slot.corpus = _refresh(store, kind, slot.corpus)
                if slot.corpus.segments.unmerged:
                    # Not a daemon: what it writes shall be complete when the process ends.
                    threading.Thread(target=_merge, args=(store.folder, kind, slot, slot.corpus), name=MERGING).start()
        return slot.corpus


def _refresh(store: Store, kind: Kind[T], old: Corpus[T]) -> Corpus[T]:
    with _writing(store) as allowed:
        if not allowed:
            return _updated(store, kind, old)
        # Another process may have done it just before.
        old = _load(store, kind, old)
        return old if old.revision == store.revision else _save(store, kind, old, _updated(store, kind, old))


def _merge(folder: Path, kind: Kind[T], slot: _Slot, old: Corpus[T]) -> None:
    """Puts ``old`` with its large segments merged in its place, if that is still its own."""
    new = replace(old, segments=old.segments.merged(old.tokenizer.size), file="")
    try:
        store = Store(folder)
        try:
            with slot.lock, _writing(store) as allowed:
                if slot.corpus is old:
                    row = store.connection.execute(_ROW, (kind.name,)).fetchone()
                    stored = allowed and row == (old.file, old.revision)
                    slot.corpus = _save(store, kind, old, new) if stored else new
        finally:
            store.close()
    except EvidentiaError as error:
        log.warning("the segments of the n-gram index stay as they are: %s", error)


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


def _updated(store: Store, kind: Kind[T], old: Corpus[T]) -> Corpus[T]:
    """``old`` without the passages that are gone or changed, with those that are new."""
    revision, extras = store.revision, kind.extras(store)
    rows = store.connection.execute(_PASSAGES).fetchall()
    live = {key: _stamp(digest, start, end, *extras.get(key, ())) for _, key, start, end, digest, *_ in rows}
    have = {key: stamp for key, (_, _, stamp) in old.documents.items()}
    segments = old.segments.without(key for key, stamp in have.items() if live.get(key) != stamp)
    fresh = [row for row in rows if have.get(row[1]) != live[row[1]]]
    tokens = ((key, kind.tokens(old.tokenizer, source)) for key, source in _sources(store, fresh, extras))
    for batch in _batches(tokens):
        keys = list(batch)
        new = segment(list(batch.values()), keys, [live[key] for key in keys], old.tokenizer.size)
        segments = segments.plus(new)
    return Corpus(old.tokenizer, segments.merged(old.tokenizer.size, QUICK), revision)


def _stamp(digest: str, *parts: object) -> int:
    named = ":".join((digest, *map(str, parts)))
    return int.from_bytes(blake2b(named.encode(), digest_size=8).digest())


def _sources(
    store: Store, rows: list[tuple[Any, ...]], extras: Mapping[int, tuple[str, ...]]
) -> Iterator[tuple[int, Source]]:
    for document, passages in groupby(rows, key=lambda row: row[0]):
        found = store.connection.execute("SELECT text FROM documents WHERE id = ?", (document,)).fetchone()
        for _, key, start, end, _, heading, title, name in passages if found else ():
            named = heading or ("" if title == PurePosixPath(name).name else title)
            yield key, Source(found[0][start:end], named, extras.get(key, ()))


def _batches(documents: Iterable[tuple[int, Tokens]]) -> Iterator[dict[int, Tokens]]:
    """As many at a time as one segment holds."""
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


def _load(store: Store, kind: Kind[T], held: Corpus[T] | None) -> Corpus[T]:
    """The stored generation, or ``held`` where that is as new; an empty one where there is none to go on with."""
    row = store.connection.execute(_ROW, (kind.name,)).fetchone()
    if held is not None and (row is None or held.revision >= row[1]):
        return held
    if row is None:
        return Corpus(kind.tokenizer(()))
    try:
        return _read(store, kind, *row)
    except (LibraryIncompatible, FileNotFoundError) as error:
        log.warning("the n-gram index is made anew: %s", error)
        return Corpus(kind.tokenizer(()))


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
    return files.read(path, fingerprint)


def _save(store: Store, kind: Kind[T], old: Corpus[T], new: Corpus[T]) -> Corpus[T]:
    """Writes what is not stored yet and switches to it. The caller holds the writer's lock."""
    import numpy as np

    fingerprint, parts, stem = new.tokenizer.fingerprint, [], f"{kind.name}-{new.revision}-{token_hex(4)}"
    for place, part in enumerate(new.segments.parts):
        name = part.file or f"{stem}-{place}.segment"
        # What this process holds, a newer generation of another one may have swept away.
        if not part.file or not (store.folder / name).exists():
            arrays = {name: getattr(part.index, name) for name in _ARRAYS}
            arrays |= {"keys": part.keys, "stamps": part.stamps, "spans": part.spans}
            files.write(store.folder / name, fingerprint, {}, arrays)
        parts.append(replace(part, file=name))
    gone = {f"gone{place}": np.asarray(sorted(part.index.gone), np.int64) for place, part in enumerate(parts)}
    learnt = np.frombuffer("\n".join(new.tokenizer.learnt).encode(), np.uint8)
    name, names = f"{stem}.words", [part.file for part in parts]
    files.write(store.folder / name, fingerprint, {"segments": names}, {"words": learnt, **gone})
    with store.transaction() as connection:
        row = (kind.name, name, new.revision)
        connection.execute("INSERT OR REPLACE INTO generations VALUES (?, ?, ?, '{}')", row)
    before = {old.file, *(part.file for part in old.segments.parts)}
    _sweep(store, kind.name, keep={name, *names} | before)
    return replace(new, segments=Segments(tuple(parts)), file=name)


def _sweep(store: Store, kind: str, keep: set[str]) -> None:
    for path in store.folder.glob(f"{kind}-*"):
        if path.name not in keep:
            path.unlink(missing_ok=True)
