"""What a git repository said of files at another time: their text at a revision, and who changed one last.

Like ``history`` it runs no git and opens no configuration, and is run as a program, in a process that its caller ends.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .history import first_line, limit_memory, open_objects, repository

if TYPE_CHECKING:
    from dulwich.object_store import DiskObjectStore

LARGEST = 2_000_000
"""Bytes of a file that is read from a revision."""
MOST = 5_000
"""Entries of a revision's tree that are looked at."""
SECONDS = 15.0
_REVISION = re.compile(r"(?P<base>[\w./@-]+?)(?P<steps>(?:\^|~\d{0,5})*)")
_STEP = re.compile(r"\^|~\d*")


def texts(folder: Path, revision: str, known: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """``(path, text at the revision)`` of the files that are not as ``known`` says (path below the repository's top ->
    git's id of the present text), and ``(path, None)`` of those that were not there; last ``("", number)`` where so
    many files were not looked at, by their number, their size or the time. Raises ``LookupError`` for a
    revision that does not exist."""
    from dulwich.object_store import iter_tree_contents

    objects, commit = _commit(folder, revision)
    missing = set(known)
    suffixes = {Path(path).suffix for path in known}
    until, unread = time.monotonic() + SECONDS, 0
    for number, entry in enumerate(iter_tree_contents(objects, commit.tree)):
        path = entry.path.decode(errors="replace")
        if Path(path).suffix not in suffixes or entry.mode & 0o170000 != 0o100000:
            continue
        missing.discard(path)
        if known.get(path) == entry.sha.decode():
            continue
        if number > MOST or time.monotonic() > until:
            unread += 1
            continue
        data = objects[entry.sha].as_raw_string()
        if path in known and len(data) <= LARGEST:
            yield path, data.decode(errors="replace")
        elif path not in known:
            yield path, ""
        else:
            unread += 1
    for path in sorted(missing):
        yield path, None
    if unread:
        yield "", str(unread)


def last_change(folder: Path, path: str) -> dict[str, str | int] | None:
    """The last change of one file, by its path below the repository's top: ``commit``, ``author``, ``time`` (seconds
    since 1970) and ``summary`` (the first line of the message)."""
    from dulwich.walk import Walker

    objects, head = _commit(folder, "HEAD")

    def there(commit: Any) -> list[Any]:
        return [parent for parent in commit.parents if parent in objects]

    for entry in Walker(objects, [head.id], paths=[path.encode()], max_entries=1, get_parents=there):
        commit: Any = entry.commit
        lines = commit.message.decode(errors="replace").strip().splitlines() or [""]
        author = commit.author.decode(errors="replace").partition(" <")[0].strip()
        found: dict[str, str | int] = {"commit": commit.id.decode()[:10], "author": author[:200]}
        return found | {"time": int(commit.author_time), "summary": lines[0][:200]}
    return None


def _commit(folder: Path, revision: str) -> tuple[DiskObjectStore, Any]:
    found = repository(folder)
    head = open_objects(found[1]) if found else None
    parsed = _REVISION.fullmatch(revision)
    if found is None or head is None or parsed is None:
        raise LookupError(revision)
    objects: Any = head[0]
    commit = objects[_by_name(found[1], objects, head[1], parsed["base"])]
    while hasattr(commit, "object"):  # an annotated tag
        commit = objects[commit.object[1]]
    for step in _STEP.findall(parsed["steps"]):
        for _ in range(int(step[1:] or 1) if step[0] == "~" else 1):
            if not commit.parents:
                raise LookupError(revision)
            commit = objects[commit.parents[0]]
    if not hasattr(commit, "tree"):
        raise LookupError(revision)
    return objects, commit


def _by_name(git: Path, objects: Any, head: Any, name: str) -> Any:
    from dulwich.refs import DiskRefsContainer

    if name in ("HEAD", "@"):
        return head
    shared = git / "commondir"
    common = git / first_line(shared) if shared.is_file() else git
    refs: Any = DiskRefsContainer(common, worktree_path=git)
    for prefix in ("refs/heads/", "refs/tags/", "refs/remotes/", ""):
        try:
            return refs[f"{prefix}{name}".encode()]
        except (KeyError, ValueError):
            continue
    if re.fullmatch("[0-9a-f]{4,64}", name):
        matches = list(dict.fromkeys(objects.iter_prefix(name.encode())))
        if len(matches) == 1:
            return matches[0]
    raise LookupError(name)


def main() -> None:
    """``texts FOLDER REVISION`` reads ``known`` as JSON from stdin and prints one JSON list per line; ``last FOLDER
    PATH`` prints one JSON value. Exit code 3: there is no such revision or repository."""
    limit_memory()
    verb, folder, argument = sys.argv[1:]
    try:
        if verb == "texts":
            for path, text in texts(Path(folder), argument, json.load(sys.stdin)):
                sys.stdout.write(f"{json.dumps([path, text])}\n")
        else:
            sys.stdout.write(json.dumps(last_change(Path(folder), argument)))
    except (LookupError, OSError):
        raise SystemExit(3) from None


if __name__ == "__main__":
    main()
