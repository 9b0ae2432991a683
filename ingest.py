"""Bringing files into a library: read, split, embed, index; and taking them out again.

A run is a row in ``jobs``. All files are read first, then the code graph is made, then the vectors: words and the graph
answer long before the last vector is there. Files and vectors are committed in batches, so a run that is killed keeps
what it had finished, and the next one, or ``repair``, goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .corpus import catalog, jobs, sources, unembedded
from .corpus.catalog import PlacedDocument
from .corpus.files import Found, Skipped, walk
from .corpus.paths import existing, resolve
from .corpus.reading import TOO_SLOW, UNCHANGED, Extract, Limits, Reader, Request
from .corpus.sources import KnownFile
from .corpus.store import Store
from .corpus.vectors import add_vectors
from .errors import InputError, NotFoundError
from .graphs.code import CodeFile, CodeGraph, module_name
from .graphs.code.languages import is_read
from .graphs.knowledge import KnowledgeGraph
from .graphs.tables import TableGraph
from .retrieval.base import Embedder
from .retrieval.dense import hnsw
from .retrieval.dense.index import DENSE, DenseIndex
from .retrieval.dense.retriever import require_embedder

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""``(stage, done, total)``; stages, one after the other: ``reading`` (files), ``code graph`` (files),
``knowledge graph``, ``tables`` (documents), ``embedding`` (passages), ``dense index``."""

BATCH_TEXTS = 1024
"""Texts that are stored in one transaction."""
BATCH_VECTORS = 512
"""Vectors that are: as much as an interruption may cost."""


@dataclass
class AddReport:
    """What a run did, by display name; ``skipped`` holds ``(path, reason)``, ``partial`` ``(path, what its text
    lacks)``."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    partial: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a stranger should know: an earlier run that was cut off and has been made good, and the like."""


_NAMED = 20
"""Files that the code graph could not read whole, of which each is named."""


@dataclass(frozen=True, slots=True)
class _Todo:
    """A file that has to be read."""

    source: int
    root: Path
    found: Found
    before: KnownFile | None


@dataclass
class Ingest:
    store: Store
    embedder: Callable[[], Embedder]
    """Called only when there is something to embed: loading one takes longer than an unchanged run."""
    code: CodeGraph
    knowledge: KnowledgeGraph
    tables: TableGraph
    max_file_bytes: int
    limits: Limits
    """Of reading one file."""
    progress: Progress
    plan: hnsw.Plan
    """Of the graph that a large library is searched by."""
    include: tuple[str, ...] = ()
    """Patterns of files that are read whatever they are called and hold."""

    def add(self, paths: Sequence[str | Path], report: AddReport, *, vectors: bool = True) -> None:
        """Brings files and folders up to date; without ``vectors`` their texts wait for the next run that makes them.
        Raises ``NotFoundError`` for a missing path."""
        roots = [self._root(path) for path in paths]
        with self.store.writing():
            report.notes += self._cut_off()
            with self.store.transaction():
                added = [(sources.source_id(self.store, root), root) for root in roots]
                begun = [jobs.begin(self.store, "add", root.as_posix()) for root in roots]
            self._read(added, report, vectors)
            report.notes += self._derive(vectors)
            jobs.finish(self.store, begun)

    def remove(self, path: str, report: AddReport) -> None:
        """Takes out an added folder, or one document by path or display name. The files themselves stay."""
        with self.store.writing():
            report.notes += self._cut_off()
            root, documents = self._find_owned(path)
            job = jobs.begin(self.store, "remove", root.as_posix())
            with self.store.transaction():
                self._drop(documents, report)
                sources.forget_source(self.store, root)
            self._derive()
            jobs.finish(self.store, [job])

    def repair(self) -> list[str]:
        """Finishes what a killed run left half done; returns one sentence for each thing mended."""
        notes = self._cut_off()
        if notes or self.stale():
            self._derive()
        return notes

    def _cut_off(self) -> list[str]:
        """A sentence for each earlier run that did not end; the caller does what it left undone."""
        cut_off = jobs.give_up(self.store)
        notes = [f"an earlier '{job}' was cut off; what it had finished was kept" for job in cut_off]
        for note in notes:
            log.warning(note)
        return notes

    def stale(self) -> bool:
        return bool(catalog.pending(self.store)) or DENSE.is_stale(self.store)

    def _root(self, path: str | Path) -> Path:
        root = self._there(path)
        if root.is_relative_to(self.store.folder.resolve()) and not root.is_relative_to(self.store.files.resolve()):
            raise InputError("a library cannot be added to itself", where=str(root), fix="name the documents' folder")
        return root

    def _there(self, path: str | Path) -> Path:
        try:
            return existing(path)
        except NotFoundError as error:
            if not sources.source_known(self.store, resolve(path)):
                raise
            raise NotFoundError(
                "it is gone since it was added", where=str(path), fix=f"to forget it, run: evidentia remove {path}"
            ) from error

    def _read(self, added: Sequence[tuple[int, Path]], report: AddReport, vectors: bool) -> None:
        todo: dict[Path, _Todo] = {}
        for source, root in added:
            for one in self._find_changed(source, root, report):
                todo.setdefault(one.found.path, one)
        if todo and vectors:
            self._checked_embedder()
        for batch in self._batches(list(todo.values()), report):
            self._commit(batch, report)
        for _, root in added:
            report.skipped += sources.skipped_files(self.store, root)
            report.partial += sources.partial_files(self.store, root)

    def _find_changed(self, source: int, root: Path, report: AddReport) -> list[_Todo]:
        """What has to be read; what is gone is taken out, and what is passed over noted."""
        entries = list(walk(root, self.max_file_bytes, self.include))
        found = [entry for entry in entries if isinstance(entry, Found)]
        passed_over = [entry for entry in entries if isinstance(entry, Skipped)]
        sources.retry(self.store, TOO_SLOW.format("%"), TOO_SLOW.format(self.limits.seconds))
        known = sources.known_files(self.store, root)
        seen = {entry.path.as_posix() for entry in found}
        gone = sources.vanished_files(known, source, seen, [entry.path for entry in passed_over if entry.failed])
        with self.store.transaction():
            sources.forget_skipped(self.store, gone)
            self._drop(catalog.ids_of(self.store, gone), report)
        todo = [
            _Todo(source, root, entry, before)
            for entry in found
            if not _same(entry, before := known.get(entry.path.as_posix()))
        ]
        changed = {one.found.path.as_posix() for one in todo}
        report.unchanged += sum(bool(known[uri].id) for uri in seen - changed)
        with self.store.transaction():
            for entry in passed_over:
                sources.put_skipped(self.store, source, entry.path, entry.reason)
        return todo

    def _drop(self, ids: list[int], report: AddReport) -> None:
        rows = [catalog.document_row(self.store, document) for document in ids]
        report.removed += [row.name for row in rows if row]
        if ids:
            self.code.update((), ids)
            catalog.remove_documents(self.store, ids)
            self.store.bump()

    def _batches(self, todo: list[_Todo], report: AddReport) -> Iterator[list[tuple[_Todo, Extract]]]:
        batch: list[tuple[_Todo, Extract]] = []
        texts = 0
        requests = [
            Request(
                one.found.path,
                one.root,
                one.before.digest if one.before else "",
                wanted=one.found.wanted,
                most=self.max_file_bytes,
            )
            for one in todo
        ]
        if todo:
            self.progress("reading", 0, len(todo))
        with closing(Reader(self.limits).read(requests)) as outcomes:
            for number, (one, outcome) in enumerate(zip(todo, outcomes, strict=True), start=1):
                self.progress("reading", number, len(todo))
                if isinstance(outcome, Extract):
                    batch.append((one, outcome))
                    texts += sum(map(len, outcome.texts))
                else:
                    self._without_document(one, outcome, report)
                if texts >= BATCH_TEXTS:
                    yield batch
                    batch, texts = [], 0
        if batch:
            yield batch

    def _without_document(self, todo: _Todo, outcome: Skipped | str, report: AddReport) -> None:
        found, before = todo.found, todo.before
        if outcome == UNCHANGED:
            assert before is not None
            catalog.touch(self.store, before.id, found.size, found.mtime_ns)
            report.unchanged += 1
        elif isinstance(outcome, Skipped):
            with self.store.transaction():
                if before and before.id:
                    self._drop([before.id], report)
                sources.put_skipped(
                    self.store, todo.source, found.path, reason=outcome.reason, size=found.size, mtime_ns=found.mtime_ns
                )

    def _commit(self, batch: list[tuple[_Todo, Extract]], report: AddReport) -> None:
        with self.store.transaction():
            for todo, extract in batch:
                sources.forget_skipped(self.store, [extract.document.uri])
                replaced = todo.before.id if todo.before else 0
                passages = catalog.put_document(
                    self.store,
                    todo.source,
                    extract.document,
                    size=todo.found.size,
                    mtime_ns=todo.found.mtime_ns,
                    passages=extract.passages,
                    replaces=replaced,
                )
                unembedded.put(self.store, passages, extract.texts)
                (report.changed if replaced else report.added).append(extract.document.name)
            self.store.bump()

    def _derive(self, vectors: bool = True) -> list[str]:
        """Returns one sentence for each file that the code graph knows in part only."""
        notes = self._update_code()
        self.knowledge.update(partial(self.progress, "knowledge graph"))
        self.tables.update(partial(self.progress, "tables"))
        if not vectors:
            return notes
        self._embed()
        if DENSE.is_stale(self.store):
            self.progress("dense index", 0, 1)
            DenseIndex(self.plan).renew(self.store)
            self.progress("dense index", 1, 1)
        return notes

    def _embed(self) -> None:
        """The texts that have no vector yet, a batch at a time."""
        total = unembedded.count(self.store)
        done = 0
        if total:
            self.progress("embedding", done, total)
        while batch := unembedded.first(self.store, BATCH_VECTORS):
            embedder = self._checked_embedder()

            def count(finished: int) -> None:
                nonlocal done
                done += finished
                self.progress("embedding", done, total)

            vectors = embedder.encode([text for _, _, text in batch], count)
            with self.store.transaction():
                self.store.set("embedder", embedder.fingerprint)
                add_vectors(self.store, [passage for _, passage, _ in batch], vectors)
                unembedded.forget(self.store, [key for key, _, _ in batch])
                self.store.bump()

    def _checked_embedder(self) -> Embedder:
        embedder = self.embedder()
        require_embedder(self.store, embedder)
        return embedder

    def _update_code(self) -> list[str]:
        """Reads the documents whose text has changed since the graph last looked, or that it has never seen."""
        placed, known = catalog.placed_documents(self.store), self.code.modules()
        waiting = catalog.pending(self.store) | {row.key for row in placed if row.key not in known}
        files = [self._code_file(row) for row in placed if row.key in waiting and is_read(row.name, row.media_type)]
        if files:
            files += [self._code_file(row) for row in placed if row.key not in waiting and _is_renamed(row, known)]
        with self.store.transaction():
            if files or self.code.is_outdated or self.code.is_elsewhere:
                self.progress("code graph", 0, len(files))
                self.code.update(files, told=partial(self.progress, "code graph"))
                self.progress("code graph", len(files), len(files))
            catalog.clear_pending(self.store)
        limited = self.code.read_in_part({file.document for file in files})
        notes = [f"the code graph knows {path} in part only: {reason}" for path, reason in limited[:_NAMED]]
        more = len(limited) - len(notes)
        return [*notes, *([f"and {more} more files that the code graph knows in part only"] if more else [])]

    def _code_file(self, row: PlacedDocument) -> CodeFile:
        text = catalog.document_text(self.store, row.key)
        return CodeFile(row.key, row.name, module_name(Path(row.uri), Path(row.root)), text)

    def _find_owned(self, path: str) -> tuple[Path, list[int]]:
        """What ``path`` names: a source, a folder or document below one, or a display name; and its documents."""
        root = resolve(path)
        documents = sources.documents_at(self.store, root, path)
        if not documents and not sources.source_known(self.store, root):
            raise NotFoundError("nothing of that name is in the library", where=path, fix="run: evidentia status")
        return root, documents


def _is_renamed(row: PlacedDocument, known: Mapping[int, str]) -> bool:
    """An unchanged file whose module has another name now, since an ``__init__.py`` beside it came or went."""
    return row.media_type == "text/x-python" and known.get(row.key) != module_name(Path(row.uri), Path(row.root))


def _same(entry: Found, before: KnownFile | None) -> bool:
    """Compares size and time of change, so that an unchanged file is not even opened. One that was opened in vain is
    opened again when it is wanted now."""
    return (
        before is not None
        and bool(before.id or not entry.wanted)
        and (before.size, before.mtime_ns) == (entry.size, entry.mtime_ns)
    )
