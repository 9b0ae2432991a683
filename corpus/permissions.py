"""Whose business a library is: only the one's who made it. Folders are 0700 and files 0600, whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
FOLDERS = ("graph", "sessions", "files", ".incoming")
FILES = ("library.db*", "lock", "lock.pid", "*.npz", "*.part", "*.segment", "*.words", "dense-*", "*.safetensors")
"""What the library makes in its folder. Other things that lie there are not ours to change."""


def make(file: Path) -> None:
    """Makes an empty file that nobody else can read, where there is none yet. What SQLite makes beside its file takes
    the file's own mode."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def tighten(path: Path) -> None:
    """Takes all rights on a file or folder from others, if it is ours and no folder that is meant to be shared. Never
    gives any."""
    if os.name == "nt":
        return
    try:
        found = path.lstat()
        shared = stat.S_ISLNK(found.st_mode) or found.st_mode & stat.S_ISVTX
        if found.st_mode & OTHERS and found.st_uid == os.geteuid() and not shared:
            path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    except FileNotFoundError:
        pass


def tighten_library(folder: Path) -> None:
    """Tightens the folder and all that the library made in it."""
    tighten(folder)
    for pattern in FILES:
        for path in folder.glob(pattern):
            tighten(path)
    for name in FOLDERS:
        tighten_tree(folder / name)


def find_strange(folder: Path) -> Path | None:
    """Finds something that has the name of what the library makes and is neither file nor folder: a link, by which
    another file would be written, or a pipe, which would be read without end."""
    for pattern in FILES:
        for path in folder.glob(pattern):
            if not stat.S_ISREG(path.lstat().st_mode):
                return path
    for name in FOLDERS:
        if (folder / name).is_symlink():
            return folder / name
        if name != "files":  # people's own
            for path in _below(folder / name):
                if path.is_symlink() or not (path.is_file() or path.is_dir() or not path.exists()):
                    return path
    return None


def tighten_tree(folder: Path) -> None:
    for path in _below(folder):
        tighten(path)


def _below(folder: Path) -> Iterator[Path]:
    yield folder
    for root, folders, files in os.walk(folder):
        yield from (Path(root, name) for name in (*folders, *files))
