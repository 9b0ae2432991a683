"""Bringing files into a library: read, split, embed, index; and taking them out again.

A run is a row in ``jobs``. All files are read first, then the code graph is made, then the vectors: words and the graph
answer long before the last vector is there. Files and vectors are committed in batches, so a run that is killed keeps
what it had finished, and the next one, or ``repair``, goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .corpus import catalog, unembedded
from .corpus.catalog import Known
from .corpus.files import Found, Skipped, walk
from .corpus.paths import existing, resolved
from .corpus.reading import TOO_SLOW, UNCHANGED, Extract, Limits, Reader, Request
from .corpus.store import Store
from .corpus.vectors import add_vectors
from .errors import InputError, NotFoundError
from .graphs.code import CodeFile, CodeGraph, module_name
from .graphs.code.languages import is_read
from .graphs.knowledge import KnowledgeGraph
from .retrieval.base import Embedder
from .retrieval.dense import hnsw
from .retrieval.dense.index import DENSE, DenseIndex
from .retrieval.dense.retriever import require_embedder

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""``(stage, done, total)``; stages, one after the other: ``reading`` (files), ``code graph`` (files),
``knowledge graph`` (documents), ``embedding`` (passages), ``dense index``."""

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


@dataclass(frozen=True, slots=True)
class _Todo:
    """A file that has to be read."""

    source: int
    root: Path
    found: Found
    before: Known | None


@dataclass
class Ingest:
    store: Store
    embedder: Callable[[], Embedder]
    """Called only when there is something to embed: loading one takes longer than an unchanged run."""
    code: CodeGraph
    knowledge: KnowledgeGraph
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
                sources = [(catalog.source_id(self.store, root), root) for root in roots]
                jobs = [self._begin("add", root) for root in roots]
            self._read(sources, report, vectors)
            report.notes += self._derive(vectors)
            self._finish(jobs)

    def remove(self, path: str, report: AddReport) -> None:
        """Takes out an added folder, or one document by path or display name. The files themselves stay."""
        with self.store.writing():
            report.notes += self._cut_off()
            root, documents = self._owned(path)
            job = self._begin("remove", root)
            self._remove(root, documents, report)
            self._derive()
            self._finish([job])

    def repair(self) -> list[str]:
        """Finishes what a killed run left half done; returns one sentence for each thing mended."""
        notes = self._cut_off()
        if notes or self.stale():
            self._derive()
        return notes

    def _cut_off(self) -> list[str]:
        """A sentence for each earlier run that did not end; the caller does what it left undone."""
        rows = self.store.connection.execute("SELECT action, target FROM jobs WHERE state = 'running'").fetchall()
        notes = [
            f"an earlier '{action} {target}' was cut off; what it had finished was kept" for action, target in rows
        ]
        with self.store.transaction() as connection:
            connection.execute("UPDATE jobs SET state = 'cut off' WHERE state = 'running'")
        for note in notes:
            log.warning(note)
        return notes

    def stale(self) -> bool:
        waiting = self.store.connection.execute("SELECT 1 FROM pending LIMIT 1").fetchone()
        return waiting is not None or DENSE.is_stale(self.store)

    def _root(self, path: str | Path) -> Path:
        root = self._there(path)
        if root.is_relative_to(self.store.folder.resolve()):
            raise InputError("a library cannot be added to itself", where=str(root), fix="name the documents' folder")
        return root

    def _there(self, path: str | Path) -> Path:
        try:
            return existing(path)
        except NotFoundError as error:
            if not catalog.source_known(self.store, resolved(path)):
                raise
            raise NotFoundError(
                "it is gone since it was added", where=str(path), fix=f"to forget it, run: evidentia remove {path}"
            ) from error

    def _begin(self, action: str, target: Path) -> int:
        cursor = self.store.connection.execute(
            "INSERT INTO jobs (action, target, state) VALUES (?, ?, 'running')", (action, target.as_posix())
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _finish(self, jobs: Iterable[int]) -> None:
        self.store.connection.executemany(
            "UPDATE jobs SET state = 'done', finished_at = datetime('now') WHERE id = ?", ((job,) for job in jobs)
        )

    def _read(self, sources: Sequence[tuple[int, Path]], report: AddReport, vectors: bool) -> None:
        todo: dict[Path, _Todo] = {}
        for source, root in sources:
            for one in self._changed(source, root, report):
                todo.setdefault(one.found.path, one)
        if todo and vectors:
            self._checked_embedder()
        for batch in self._batches(list(todo.values()), report):
            self._commit(batch, report)
        for _, root in sources:
            report.skipped += catalog.skipped(self.store, root)
            report.partial += catalog.partial(self.store, root)

    def _changed(self, source: int, root: Path, report: AddReport) -> list[_Todo]:
        """What has to be read; what is gone is taken out, and what is passed over noted."""
        entries = list(walk(root, self.max_file_bytes, self.include))
        found = [entry for entry in entries if isinstance(entry, Found)]
        passed_over = [entry for entry in entries if isinstance(entry, Skipped)]
        catalog.retry(self.store, TOO_SLOW.format("%"), TOO_SLOW.format(self.limits.seconds))
        known = catalog.known_files(self.store, root)
        seen = {entry.path.as_posix() for entry in found}
        self._forget(catalog.gone(known, source, seen, [entry.path for entry in passed_over if entry.failed]), report)
        todo = [
            _Todo(source, root, entry, before)
            for entry in found
            if not _same(entry, before := known.get(entry.path.as_posix()))
        ]
        changed = {one.found.path.as_posix() for one in todo}
        report.unchanged += sum(bool(known[uri].id) for uri in seen - changed)
        with self.store.transaction():
            for entry in passed_over:
                catalog.put_skipped(self.store, source, entry.path, entry.reason)
        return todo

    def _forget(self, uris: list[str], report: AddReport) -> None:
        with self.store.transaction() as connection:
            connection.executemany("DELETE FROM skipped WHERE uri = ?", [(uri,) for uri in uris])
            query = "SELECT id FROM documents WHERE uri = ?"
            rows = [connection.execute(query, (uri,)).fetchone() for uri in uris]
            self._drop([row[0] for row in rows if row], report)

    def _drop(self, ids: list[int], report: AddReport) -> None:
        for document in ids:
            report.removed.append(
                self.store.connection.execute("SELECT name FROM documents WHERE id = ?", (document,)).fetchone()[0]
            )
        if ids:
            self.code.update((), ids)
            catalog.remove_documents(self.store, ids)
            self.store.bump()

    def _batches(self, todo: list[_Todo], report: AddReport) -> Iterator[list[tuple[_Todo, Extract]]]:
        batch: list[tuple[_Todo, Extract]] = []
        texts = 0
        requests = [
            Request(one.found.path, one.root, one.before.digest if one.before else "", one.found.wanted) for one in todo
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
                catalog.put_skipped(self.store, todo.source, found.path, outcome.reason, found.size, found.mtime_ns)

    def _commit(self, batch: list[tuple[_Todo, Extract]], report: AddReport) -> None:
        with self.store.transaction() as connection:
            for todo, extract in batch:
                connection.execute("DELETE FROM skipped WHERE uri = ?", (extract.document.uri,))
                replaced = todo.before.id if todo.before else 0
                passages = catalog.put_document(
                    self.store,
                    todo.source,
                    extract.document,
                    todo.found.size,
                    todo.found.mtime_ns,
                    extract.passages,
                    replaces=replaced,
                )
                unembedded.put(self.store, passages, extract.texts)
                (report.changed if replaced else report.added).append(extract.document.name)
            self.store.bump()

    def _derive(self, vectors: bool = True) -> list[str]:
        """Returns one sentence for each file that the code graph knows in part only."""
        notes = self._update_code()
        self.knowledge.update(partial(self.progress, "knowledge graph"))
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
        """From the documents whose text has changed since the graph last looked, or that it has never seen."""
        rows = self.store.connection.execute(
            "SELECT d.id, d.name, d.uri, s.root, d.media_type FROM documents d "
            "JOIN sources s ON s.id = d.source_id LEFT JOIN code_files f ON f.document_id = d.id "
            "WHERE f.document_id IS NULL OR d.id IN (SELECT document_id FROM pending)"
        ).fetchall()
        files = [
            CodeFile(key, name, module_name(Path(uri), Path(root)), catalog.document_text(self.store, key))
            for key, name, uri, root, media_type in rows
            if is_read(name, media_type)
        ]
        files += self._renamed({file.document for file in files}) if files else []
        with self.store.transaction() as connection:
            if files or self.code.is_outdated or self.code.is_elsewhere:
                self.progress("code graph", 0, len(files))
                self.code.update(files)
                self.progress("code graph", len(files), len(files))
            connection.execute("DELETE FROM pending")
        limited = self.code.limited({file.document for file in files})
        return [f"the code graph knows {path} in part only: {reason}" for path, reason in limited]

    def _renamed(self, known: set[int]) -> list[CodeFile]:
        """Unchanged files whose module has another name now, since an ``__init__.py`` beside them came or went."""
        rows = self.store.connection.execute(
            "SELECT d.id, d.name, d.uri, s.root FROM documents d JOIN sources s ON s.id = d.source_id "
            "WHERE d.media_type = 'text/x-python'"
        ).fetchall()
        before = self.code.modules()
        named = [(key, name, module_name(Path(uri), Path(root))) for key, name, uri, root in rows]
        text = "SELECT text FROM documents WHERE id = ?"
        return [
            CodeFile(key, name, module, self.store.connection.execute(text, (key,)).fetchone()[0])
            for key, name, module in named
            if key not in known and before.get(key) != module
        ]

    def _owned(self, path: str) -> tuple[Path, list[int]]:
        """What ``path`` names: a source, a folder or document below one, or a display name; and its documents."""
        root = resolved(path)
        documents = catalog.documents_at(self.store, root, path)
        if not documents and not catalog.source_known(self.store, root):
            raise NotFoundError("nothing of that name is in the library", where=path, fix="run: evidentia status")
        return root, documents

    def _remove(self, root: Path, documents: list[int], report: AddReport) -> None:
        with self.store.transaction() as connection:
            self._drop(documents, report)
            connection.execute("DELETE FROM sources WHERE root = ?", (root.as_posix(),))


def _same(entry: Found, before: Known | None) -> bool:
    """By size and time of change, so that an unchanged file is not even opened. One that was opened in vain is opened
    again when it is wanted now."""
    return (
        before is not None
        and bool(before.id or not entry.wanted)
        and (before.size, before.mtime_ns) == (entry.size, entry.mtime_ns)
    )
