"""What has changed since a revision of git, as definitions of the graph; and who changed a file last.

Git's objects are read by a program of our own in a process that is ended when it takes too long: see
``graphs/git/revisions.py``.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from ....corpus.files.secrets import mask
from ....corpus.texts import FileState, file_states, uri_of, uris
from ....errors import InputError, NotFoundError, Stopped
from ...git import revisions
from ...git.history import repository
from ..index import CodeGraph
from ..languages import language_of
from ..storage import mentioning
from ..symbols import Symbol
from .code_texts import CodeText, code_documents, code_texts
from .impact import effects
from .verbs import WHOLE, CodeAnswer, CodeRow, cypher_string

TIMEOUT = 20.0
_ACCURATE = 2_000
"""Lines up to which two texts are compared without leaving out frequent lines."""
_COMPARED = 10_000
"""Lines between the first and the last difference, above which all of them count as changed."""
_NAMED = 12
_MENTIONS = 5
_ASKED = 100
"""Ids in the query that is shown."""


@dataclass(frozen=True, slots=True)
class Changes:
    rows: tuple[CodeRow, ...]
    removed: tuple[str, ...]
    """Ids of definitions that were there and are not any more."""
    unread: int = 0
    """Files that were not compared."""


def impact_of_diff(graph: CodeGraph, revision: str, depth: int) -> list[CodeAnswer]:
    """The definitions that differ from ``revision``, who is affected by that, and the tests to run.

    What is compared is the library, as it was brought up to date last. Raises ``InputError`` where no added folder lies
    in a git repository, ``NotFoundError`` for a revision that does not exist.
    """
    connection = graph.store.connection
    changed = changes_since(connection, revision)
    subject = replace(WHOLE, name=f"changes since {revision}")
    notes = []
    if changed.removed:
        gone = [_with_mentions(connection, name) for name in changed.removed[:_NAMED]]
        more = f" and {len(changed.removed) - _NAMED} more" if len(changed.removed) > _NAMED else ""
        notes.append(f"Gone since then: {'; '.join(gone)}{more}.")
    if changed.unread:
        notes.append(f"{changed.unread} files were not compared: the repository is too large for the time that it has.")
    if edited := _count_edited(connection):
        notes.append(f"{edited} files were edited after they were added: run evidentia add first.")
    ids = ", ".join(cypher_string(row.symbol.id) for row in changed.rows[:_ASKED])
    query = f"MATCH (n) WHERE n.id IN [{ids}] RETURN n.id AS id, n.file_path AS file, n.line AS line"
    first = CodeAnswer("changed definitions", subject, changed.rows, query, notes=tuple(notes))
    symbols = [row.symbol for row in changed.rows]
    return [first, *(effects(graph, subject, symbols, depth) if symbols else ())]


def last_change(connection: Connection, item: Symbol) -> CodeRow | None:
    """The commit that touched the file of ``item`` last; ``None`` where nothing is known."""
    uri = uri_of(connection, item.document)
    file = Path(uri) if uri else None
    found = repository(file.parent) if file else None
    if not file or not found or not file.is_relative_to(found[0]):
        return None
    try:
        told = json.loads(_read_git("last", found[0], file.relative_to(found[0]).as_posix()))
    except NotFoundError:
        return None
    if told is None:
        return None
    day = datetime.fromtimestamp(told["time"], UTC).date().isoformat()
    commit = Symbol(
        f"commit {told['commit']}",
        "COMMIT",
        told["commit"],
        file=item.file,
        document=0,
        line=0,
        end_line=0,
        signature="",
        doc=told["summary"],
    )
    return CodeRow(
        commit, "", "exact", line=item.line, lines=(), document=0, note=f"{day}, {told['author']}: {told['summary']}"
    )


def changes_since(connection: Connection, revision: str) -> Changes:
    """The definitions that differ from a revision, and those that are gone. Raises ``InputError`` where no added folder
    lies in a git repository, ``NotFoundError`` for a revision that does not exist."""
    tops = _repositories(connection)
    if not tops:
        raise InputError("no folder of this library lies in a git repository", fix="add the repository's folder")
    rows: list[CodeRow] = []
    removed: list[str] = []
    unread = 0
    for top, files in tops.items():
        known = {path: _blob(source.text) for path, source in files.items()}
        for line in _read_git("texts", top, revision, json.dumps(known)).splitlines():
            path, before = json.loads(line)
            if not path:
                unread += int(before)
                continue
            if path not in files:
                # What is still there was only never read, as hidden files are.
                removed += [] if (top / path).exists() else [path]
                continue
            source = files[path]
            earlier = mask(before or "", "text/x-python")[0]  # as the library does with what it stores
            rows += _differing(source, earlier)
            removed += _names_gone(source, earlier)
    rows.sort(key=lambda row: (row.symbol.file, row.line))
    return Changes(tuple(rows), tuple(removed), unread)


def unchanged_files(revision: str, paths: Iterable[str]) -> set[str]:
    """Those of the files, by absolute path, that are on the disk as they were at a revision."""
    below: dict[Path, dict[str, str]] = {}
    for path in paths:
        file = Path(path)
        found = repository(file.parent) if file.is_file() else None
        if found:
            data = file.read_bytes()
            below.setdefault(found[0], {})[file.relative_to(found[0]).as_posix()] = _blob_of(data)
    same: set[str] = set()
    for top, known in below.items():
        lines = _read_git("texts", top, revision, json.dumps(known)).splitlines()
        other = {json.loads(line)[0] for line in lines}
        same.update((top / path).as_posix() for path in known if path not in other)
    return same


def _repositories(connection: Connection) -> dict[Path, dict[str, CodeText]]:
    """Top of a repository -> path below it -> the stored file."""
    known = uris(connection)
    tops: dict[Path, Path | None] = {}
    found: dict[Path, dict[str, CodeText]] = {}
    for source in code_texts(connection):
        file = Path(known[source.document])
        if file.parent not in tops:
            lies = repository(file.parent) if file.parent.is_dir() else None
            tops[file.parent] = lies[0] if lies else None
        if top := tops[file.parent]:
            found.setdefault(top, {})[file.relative_to(top).as_posix()] = source
    return found


def _with_mentions(connection: Connection, name: str) -> str:
    """A definition that is gone, and where its name still stands."""
    last = name.rpartition(".")[2].partition("#")[0]
    word = re.compile(rf"\b{re.escape(last)}\b")
    places = [
        f"{source.name}:{1 + source.text.count(chr(10), 0, match.start())}"
        for source in code_texts(connection, list(mentioning(connection, last))[:_MENTIONS])
        for match in word.finditer(source.text)
    ]
    more = ", …" if len(places) > _MENTIONS else ""
    return f"{name} (its name still stands at {', '.join(places[:_MENTIONS])}{more})" if places else name


def _count_edited(connection: Connection) -> int:
    """Code files whose size or time is not what was seen when they were added."""
    code = set(code_documents(connection))
    return sum(_differs(file) for file in file_states(connection) if file.document in code)


def _differs(before: FileState) -> bool:
    try:
        now = Path(before.uri).stat()
    except OSError:
        return True
    return (now.st_size, now.st_mtime_ns) != (before.size, before.mtime_ns)


def _blob(text: str) -> str:
    """Git's id of a file with that text."""
    return _blob_of(text.encode(errors="replace"))


def _blob_of(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _read_git(verb: str, folder: Path, argument: str, given: str = "") -> str:
    command = [sys.executable, "-P", "-m", revisions.__name__, verb, str(folder), argument]
    options: dict[str, Any] = {"input": given, "capture_output": True, "text": True, "encoding": "utf-8"}
    try:
        done = subprocess.run(command, timeout=TIMEOUT, check=False, **options)
    except subprocess.TimeoutExpired as error:
        raise Stopped(f"the repository was not read within {TIMEOUT:g} seconds", where=str(folder)) from error
    if done.returncode:
        raise NotFoundError("there is no such revision", where=argument, fix="name a commit, a branch, a tag or HEAD~1")
    return str(done.stdout)


def _differing(source: CodeText, before: str) -> Iterator[CodeRow]:
    """The innermost definitions around lines that are new or next to lines that are gone."""
    lines: dict[Symbol, list[int]] = {}
    for line in _changed_lines(before.splitlines(), source.text.splitlines()):
        if owner := _around(source, line):
            lines.setdefault(owner, []).append(line)
    for item, at in lines.items():
        shown = f"line {at[0]}" if len(at) == 1 else f"lines {at[0]}-{at[-1]}"
        yield CodeRow(item, "", "exact", line=at[0], lines=(at[0],), document=source.document, note=f"{shown} changed")


def _changed_lines(before: list[str], after: list[str]) -> Iterator[int]:
    same = _alike(zip(before, after, strict=False))
    rest = min(_alike(zip(reversed(before), reversed(after), strict=False)), min(len(before), len(after)) - same)
    before, inside = before[same : len(before) - rest], after[same : len(after) - rest]
    longest = max(len(before), len(inside))
    if longest > _COMPARED:
        yield from (line for line in range(same + 1, same + len(inside) + 1) if after[line - 1].strip())
        return
    matcher = difflib.SequenceMatcher(None, before, inside, autojunk=longest > _ACCURATE)
    for kind, _, _, start, end in matcher.get_opcodes():
        if kind in ("replace", "insert"):
            yield from (line for line in range(same + start + 1, same + end + 1) if after[line - 1].strip())
        elif kind == "delete":
            yield min(same + start + 1, len(after))


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs are of equal lines, from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _around(source: CodeText, line: int) -> Symbol | None:
    """The innermost definition, a variable too; ``None`` for a line of the module itself, such as an import."""
    around = [item for item in source.symbols[1:] if item.line <= line <= item.end_line]
    return max(around, key=lambda item: (item.line, -item.end_line), default=None)


def _names_gone(source: CodeText, before: str) -> Iterable[str]:
    module = source.symbols[0].id
    there = {item.id for item in source.symbols}
    facts = language_of(source.name).read(source.name, module, before)
    return [name for one in facts.symbols[1:] if (name := f"{module}.{one.path}") not in there]
