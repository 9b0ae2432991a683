"""What was added: folders and files that a user named, what the last run saw of each file, what it passed over."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import schema
from .soundness import row_sum
from .store import Store


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the last run saw of one file, to tell whether it has to be read again."""

    id: int
    """The document's row id; 0 for a file that was skipped."""
    size: int
    mtime_ns: int
    digest: str
    source: int
    """The source that brought it: a file may lie below two added folders."""


_BELOW = "substr(uri || '/', 1, length(:root)) = :root"


def source_id(store: Store, root: Path) -> int:
    store.connection.execute("INSERT OR IGNORE INTO sources (root) VALUES (?)", (root.as_posix(),))
    return int(store.connection.execute("SELECT id FROM sources WHERE root = ?", (root.as_posix(),)).fetchone()[0])


def source_known(store: Store, root: Path) -> bool:
    query = "SELECT 1 FROM sources WHERE root = ?"
    return store.connection.execute(query, (root.as_posix(),)).fetchone() is not None


def known_files(store: Store, root: Path) -> dict[str, KnownFile]:
    """Everything at or below ``root``, by uri; what other readers made has neither size nor digest."""
    rows = store.connection.execute(
        f"SELECT uri, id, size, mtime_ns, digest, source_id, reading FROM documents WHERE {_BELOW} "  # noqa: S608
        f"UNION ALL SELECT uri, 0, size, mtime_ns, '', source_id, reading FROM skipped WHERE {_BELOW}",
        {"root": f"{root.as_posix().rstrip('/')}/"},
    )
    return {
        uri: KnownFile(key, size, mtime_ns, digest, source)
        if reading == schema.READING
        else KnownFile(key, -1, mtime_ns, "", source)
        for uri, key, size, mtime_ns, digest, source, reading in rows
    }


def vanished_files(
    known: dict[str, KnownFile], source: int, seen: Container[str], unreadable: Iterable[Path]
) -> list[str]:
    """The files of this source, and vanished ones of another, that were not ``seen``; not those below a folder that
    could not be read this time."""
    unknown = tuple(f"{path.as_posix()}/" for path in unreadable)
    return [
        uri
        for uri, before in known.items()
        if uri not in seen
        and not f"{uri}/".startswith(unknown)
        and (before.source == source or not os.path.lexists(uri))
    ]


def skipped_files(store: Store, root: Path) -> list[tuple[str, str]]:
    """``(uri, reason)`` of what could not be read at or below ``root``."""
    rows = store.connection.execute("SELECT uri, reason FROM skipped ORDER BY uri")
    return [(uri, reason) for uri, reason in rows if _below(uri, root)]


def partial_files(store: Store, root: Path | None = None) -> list[tuple[str, str]]:
    """``(uri, what the text lacks)`` of documents (at or below ``root``) that could be read in part only."""
    rows = store.connection.execute(
        "SELECT uri, json_extract(metadata, '$.omitted') AS omitted FROM documents "
        "WHERE omitted IS NOT NULL ORDER BY uri"
    )
    return [(uri, omitted) for uri, omitted in rows if root is None or _below(uri, root)]


def put_skipped(store: Store, source: int, path: Path, reason: str, size: int = -1, mtime_ns: int = 0) -> None:
    """Notes a file that was passed over. One that was opened in vain has ``size`` and ``mtime_ns``, so that it is tried
    again only when it changes."""
    row = (source, path.as_posix(), reason, size, mtime_ns, row_sum(path.as_posix(), reason), schema.READING)
    store.connection.execute("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def retry(store: Store, kind: str, reason: str) -> None:
    """Has files tried again that were passed over for a reason of this ``kind`` (a pattern of SQL's LIKE), those of
    this very ``reason`` apart: a limit has been changed."""
    store.connection.execute("UPDATE skipped SET size = -1 WHERE reason LIKE ? AND reason != ?", (kind, reason))


def documents_at(store: Store, root: Path, name: str) -> list[int]:
    """The ids of the documents at or below ``root``, or of the display name ``name``, or of a source at ``root``."""
    rows = store.connection.execute(
        "SELECT d.id, d.uri, d.name, s.root FROM documents d JOIN sources s ON s.id = d.source_id"
    )
    return [key for key, uri, shown, source in rows if source == root.as_posix() or shown == name or _below(uri, root)]


def _below(uri: str, root: Path) -> bool:
    return f"{uri}/".startswith(f"{root.as_posix().rstrip('/')}/")


def roots(store: Store) -> list[str]:
    """The added folders and files, those deepest in others first."""
    return [str(root) for (root,) in store.connection.execute("SELECT root FROM sources ORDER BY length(root) DESC")]


def forget_source(store: Store, root: Path) -> None:
    store.connection.execute("DELETE FROM sources WHERE root = ?", (root.as_posix(),))


def forget_skipped(store: Store, uris: Iterable[str]) -> None:
    store.connection.executemany("DELETE FROM skipped WHERE uri = ?", ((uri,) for uri in uris))
