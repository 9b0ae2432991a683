"""Bringing files into a library: read, split, embed, index; and taking them out again.

A run is a row in ``jobs``. Files are committed in batches, so a run that is killed keeps what it had finished, and the
next one goes on from there. What is derived (dense index, code graph) is brought up to date at the end, or by
``repair`` when a run did not get that far.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .corpus import catalog
from .corpus.catalog import Known
from .corpus.files import Found, Skipped, walk
from .corpus.paths import existing, resolved
from .corpus.reading import TOO_SLOW, UNCHANGED, Extract, Limits, Reader, Request
from .corpus.store import Store
from .errors import InputError, NotFoundError
from .graphs.code import CodeFile, CodeGraph, module_name
from .graphs.code.languages import is_read
from .retrieval import dense, hnsw
from .retrieval.base import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""``(stage, done, total)``; stages: ``reading``, ``embedding``, ``code graph``, ``dense index``."""

BATCH_TEXTS = 1024


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
class _Read:
    found: Found
    known: Known | None
    extract: Extract


@dataclass
class Ingest:
    store: Store
    embedder: Callable[[], Embedder]
    """Called only when there is something to embed: loading one takes longer than an unchanged run."""
    code: CodeGraph
    max_file_bytes: int
    limits: Limits
    """Of reading one file."""
    progress: Progress
    plan: hnsw.Plan
    """Of the graph that a large library is searched by."""
    include: tuple[str, ...] = ()
    """Patterns of files that are read whatever they are called and hold."""
    _texts: int = 0
    _encoded: int = 0

    def add(self, path: str | Path, report: AddReport) -> None:
        """Brings one file or folder up to date. Raises ``NotFoundError`` for a missing path."""
        root = self._there(path)
        if root.is_relative_to(self.store.folder.resolve()):
            raise InputError("a library cannot be added to itself", where=str(root), fix="name the documents' folder")
        with self.store.writing():
            report.notes += self.repair()
            with self.store.transaction():
                source = catalog.source_id(self.store, root)
                job = self._begin("add", root)
            self._files(source, root, report)
            report.notes += self._derive()
            self._finish(job)

    def remove(self, path: str, report: AddReport) -> None:
        """Takes out an added folder, or one document by path or display name. The files themselves stay."""
        with self.store.writing():
            report.notes += self.repair()
            root, documents = self._owned(path)
            job = self._begin("remove", root)
            self._remove(root, documents, report)
            self._derive()
            self._finish(job)

    def repair(self) -> list[str]:
        """Finishes what a killed run left half done; returns one sentence for each thing mended."""
        rows = self.store.connection.execute("SELECT id, action, target FROM jobs WHERE state = 'running'").fetchall()
        notes = [
            f"an earlier '{action} {target}' was cut off; what it had finished was kept" for _, action, target in rows
        ]
        if rows or self.stale():
            self._derive()
        with self.store.transaction() as connection:
            connection.execute("UPDATE jobs SET state = 'cut off' WHERE state = 'running'")
        for note in notes:
            log.warning(note)
        return notes

    def stale(self) -> bool:
        waiting = self.store.connection.execute("SELECT 1 FROM pending LIMIT 1").fetchone()
        return waiting is not None or dense.is_stale(self.store)

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

    def _finish(self, job: int) -> None:
        self.store.connection.execute(
            "UPDATE jobs SET state = 'done', finished_at = datetime('now') WHERE id = ?", (job,)
        )

    def _files(self, source: int, root: Path, report: AddReport) -> None:
        entries = list(walk(root, self.max_file_bytes, self.include))
        found = [entry for entry in entries if isinstance(entry, Found)]
        passed_over = [entry for entry in entries if isinstance(entry, Skipped)]
        catalog.retry(self.store, TOO_SLOW.format("%"), TOO_SLOW.format(self.limits.seconds))
        known = catalog.known_files(self.store, root)
        seen = {entry.path.as_posix() for entry in found}
        self._forget(catalog.gone(known, source, seen, [entry.path for entry in passed_over if entry.failed]), report)
        todo = [(entry, before) for entry in found if not _same(entry, before := known.get(entry.path.as_posix()))]
        changed = {entry.path.as_posix() for entry, _ in todo}
        report.unchanged += sum(bool(known[uri].id) for uri in seen - changed)
        with self.store.transaction():
            for entry in passed_over:
                catalog.put_skipped(self.store, source, entry.path, entry.reason)
        for batch in self._batches(source, root, todo, report):
            self._commit(source, batch, report)
        report.skipped += catalog.skipped(self.store, root)
        report.partial += catalog.partial(self.store, root)

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

    def _batches(
        self, source: int, root: Path, todo: list[tuple[Found, Known | None]], report: AddReport
    ) -> Iterator[list[_Read]]:
        batch: list[_Read] = []
        texts = 0
        requests = [Request(found.path, root, before.digest if before else "", found.wanted) for found, before in todo]
        with closing(Reader(self.limits).read(requests)) as outcomes:
            for number, ((found, before), outcome) in enumerate(zip(todo, outcomes, strict=True), start=1):
                self.progress("reading", number, len(todo))
                if isinstance(outcome, Extract):
                    batch.append(_Read(found, before, outcome))
                    texts += sum(map(len, outcome.texts))
                else:
                    self._without_document(source, found, before, outcome, report)
                if texts >= BATCH_TEXTS:
                    yield batch
                    batch, texts = [], 0
        if batch:
            yield batch

    def _without_document(
        self, source: int, found: Found, before: Known | None, outcome: Skipped | str, report: AddReport
    ) -> None:
        if outcome == UNCHANGED:
            assert before is not None
            catalog.touch(self.store, before.id, found.size, found.mtime_ns)
            report.unchanged += 1
        elif isinstance(outcome, Skipped):
            with self.store.transaction():
                if before and before.id:
                    self._drop([before.id], report)
                catalog.put_skipped(self.store, source, found.path, outcome.reason, found.size, found.mtime_ns)

    def _commit(self, source: int, batch: list[_Read], report: AddReport) -> None:
        texts = [text for read in batch for windows in read.extract.texts for text in windows]
        vectors = self._embedded(texts) if texts else None
        with self.store.transaction() as connection:
            owners: list[int] = []
            for read in batch:
                connection.execute("DELETE FROM skipped WHERE uri = ?", (read.extract.document.uri,))
                keys = catalog.put_document(
                    self.store,
                    source,
                    read.extract.document,
                    read.found.size,
                    read.found.mtime_ns,
                    read.extract.passages,
                    replaces=read.known.id if read.known else 0,
                )
                owners += [key for key, windows in zip(keys, read.extract.texts, strict=True) for _ in windows]
                (report.changed if read.known and read.known.id else report.added).append(read.extract.document.name)
            if vectors is not None:
                catalog.add_vectors(self.store, owners, vectors)
            self.store.bump()

    def _embedded(self, texts: list[str]) -> NDArray[np.float32]:
        embedder = self.embedder()
        dense.require_embedder(self.store, embedder)
        self.store.set("embedder", embedder.fingerprint)
        self._texts += len(texts)

        def count(finished: int) -> None:
            self._encoded += finished
            self.progress("embedding", self._encoded, self._texts)

        return embedder.encode(texts, count)

    def _derive(self) -> list[str]:
        """Returns one sentence for each file that the code graph knows in part only."""
        notes = self._update_code()
        if dense.is_stale(self.store):
            self.progress("dense index", 0, 1)
            dense.build(self.store, self.plan)
            self.progress("dense index", 1, 1)
        return notes

    def _update_code(self) -> list[str]:
        """From the documents whose text has changed since the graph last looked, or that it has never seen."""
        rows = self.store.connection.execute(
            "SELECT d.id, d.name, d.uri, s.root, d.text, d.media_type FROM documents d "
            "JOIN sources s ON s.id = d.source_id LEFT JOIN code_files f ON f.document_id = d.id "
            "WHERE f.document_id IS NULL OR d.id IN (SELECT document_id FROM pending)"
        )
        files = [
            CodeFile(key, name, module_name(Path(uri), Path(root)), text)
            for key, name, uri, root, text, media_type in rows
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
