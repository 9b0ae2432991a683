"""The history of a git repository, read from its object files by a library that runs nothing.

A repository from a stranger may name programs in its configuration, and git runs them (transports of missing objects,
signatures, hooks, filters). Here its configuration is not even opened: what HEAD points to and the objects below are
all that is read. Run as a program, in a process of its own, since a hostile object may take any time and memory.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dulwich.object_store import DiskObjectStore
    from dulwich.objects import Commit, ObjectID

MOST_COMMITS = 5_000
MOST_FILES = 30
"""A commit that touches more files (a rename, a licence header) relates none of them."""
MOST_AUTHOR = 200
"""Characters of an author's name that are kept."""
SECONDS = 15.0
MEMORY = 1_000_000_000
"""Bytes that this process may take for itself; packs that are only mapped do not count."""


def repository(folder: Path) -> tuple[Path, Path] | None:
    """The working tree that ``folder`` lies in, and its git directory."""
    for top in (folder, *folder.parents):
        there = top / ".git"
        if there.is_dir():
            return top, there
        if there.is_file() and (named := first_line(there)).startswith(
            "gitdir:"
        ):  # a linked working tree or a submodule
            return top, top / named.removeprefix("gitdir:").strip()
    return None


def first_line(file: Path) -> str:
    with file.open(errors="replace") as opened:
        return opened.readline(4096).strip()


def changes(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """``(author, paths)`` of the commits that lead to HEAD, the latest first: merges left out, and those of many files.
    Paths are absolute, POSIX form, below ``folder``, and of files that are still there."""
    found = repository(folder)
    head = found and open_objects(found[1])
    if not found or not head:
        return
    below = f"{folder.as_posix().rstrip('/')}/"
    until = time.monotonic() + SECONDS
    for commit, names in _commits(*head):
        if time.monotonic() > until:
            return
        if 0 < len(names) <= MOST_FILES:
            paths = [f"{found[0].as_posix()}/{name.decode(errors='replace')}" for name in names]
            author = commit.author.decode(errors="replace").partition(" <")[0].strip()
            yield author[:MOST_AUTHOR], [path for path in paths if path.startswith(below) and os.path.lexists(path)]


def open_objects(git: Path) -> tuple[DiskObjectStore, ObjectID] | None:
    """The objects of a git directory, and what HEAD points to."""
    from dulwich.object_format import SHA1, SHA256
    from dulwich.object_store import DiskObjectStore
    from dulwich.refs import HEADREF, DiskRefsContainer

    shared = git / "commondir"  # a linked working tree has a HEAD of its own, and shares the rest
    common = git / first_line(shared) if shared.is_file() else git
    try:
        head = DiskRefsContainer(common, worktree_path=git)[HEADREF]
    except KeyError:  # no commit yet, or a store of references of a kind that is not known
        return None
    return DiskObjectStore(common / "objects", object_format=SHA256 if len(head) > 40 else SHA1), head


def _commits(objects: DiskObjectStore, head: ObjectID) -> Iterator[tuple[Commit, list[bytes]]]:
    """Commits with one parent or none, and the names that each one touched. A clone may lack parents and trees."""
    from dulwich.diff_tree import tree_changes
    from dulwich.walk import Walker

    def there(commit: Commit) -> list[ObjectID]:
        return [parent for parent in commit.parents if parent in objects]

    for entry in Walker(objects, [head], max_entries=MOST_COMMITS, get_parents=there):
        commit: Any = entry.commit
        parents = there(commit)
        if len(commit.parents) > 1 or len(parents) < len(commit.parents):
            continue
        try:
            before = objects[parents[0]].tree if parents else None  # type: ignore[attr-defined]
            touched = [change.new or change.old for change in tree_changes(objects, before, commit.tree)]
        except KeyError:
            continue
        yield commit, [side.path for side in touched if side is not None and side.path]


def limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def main() -> None:
    """Prints one JSON list ``[author, paths]`` per line for the folder that is the one argument."""
    limit_memory()
    for author, paths in changes(Path(sys.argv[1])):
        sys.stdout.write(f"{json.dumps([author, paths])}\n")


if __name__ == "__main__":
    main()
