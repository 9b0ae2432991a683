"""Files that somebody hands over: each drop waits in a folder of its own until it is whole, then all of its files go
into the library's folder of files. Knows neither HTTP nor what a library does with them.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..corpus.connection import mapped_errors
from ..errors import InputError, NotFoundError

MOST_FILES = 500
"""Of one drop."""
MOST_BYTES = 500_000_000
"""Of all files of one drop together."""
MOST_DROPS = 4
"""That wait at once."""
STALE = 3600.0
"""Seconds after which a drop that nothing was added to is thrown away."""
NAME_BYTES = 200

_REFUSED = re.compile(r'[<>:"|?*]')
"""What some system lets no file be called."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Uploads:
    files: Path
    """Where files go that have come; people find them there again."""
    incoming: Path
    """Where drops wait."""
    max_file_bytes: int

    @contextmanager
    def receive(self, drop: str, name: str) -> Iterator[Part]:
        """What is written is a file of the drop once the block has ended, and nothing if it ends in an error. ``name``
        is one that ``clean_name`` gave.

        Raises ``InputError`` for what is too much.
        """
        folder = self._begin(drop)
        with mapped_errors(folder):
            others = {each.name: each.stat().st_size for each in folder.iterdir() if each.name != name}
            if len(others) >= MOST_FILES:
                raise InputError(f"more than {MOST_FILES} files at once", where=name, fix="add them in several drops")
            handle, part = tempfile.mkstemp(prefix=".part-", dir=folder)
        try:
            with mapped_errors(folder):
                with os.fdopen(handle, "wb") as file:
                    yield Part(file, name, self.max_file_bytes, MOST_BYTES - sum(others.values()))
                os.replace(part, folder / name)
                os.utime(folder)
        finally:
            with suppress(OSError):
                os.unlink(part)

    def take_in(self, drop: str) -> list[Path]:
        """Moves the files of a drop to where they stay, each in place of one of its name, and gives where they lie.

        Raises ``NotFoundError`` for a drop that has none.
        """
        folder = self.incoming / drop
        with mapped_errors(folder):
            names = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
            names = [name for name in names if not name.startswith(".")]
            if not names:
                raise NotFoundError("no file of this drop has arrived", where=drop, fix="drop the files again")
            self.files.mkdir(mode=0o700, exist_ok=True)
            for name in names:
                os.replace(folder / name, self.files / name)
        self.discard(drop)
        return [self.files / name for name in names]

    def holds(self, file: Path) -> bool:
        """Whether ``file`` is the path of one that has come, there or gone; a link is not one."""
        return file.parent == self.files and not file.is_symlink()

    def delete(self, file: Path) -> None:
        """Deletes a file that has come, if it is still there."""
        with mapped_errors(self.files):
            file.unlink(missing_ok=True)

    def discard(self, drop: str) -> None:
        shutil.rmtree(self.incoming / drop, ignore_errors=True)

    def stored_files(self) -> list[Path]:
        """The files that have come, whenever."""
        with mapped_errors(self.files):
            self.files.mkdir(mode=0o700, exist_ok=True)
            return sorted(each for each in self.files.iterdir() if each.is_file() and each.name[0] != ".")

    def _begin(self, drop: str) -> Path:
        folder = self.incoming / drop
        if not folder.is_dir():
            with mapped_errors(folder):
                self.incoming.mkdir(mode=0o700, exist_ok=True)
                waiting = [each for each in self.incoming.iterdir() if not self._throw_away(each)]
                if len(waiting) >= MOST_DROPS:
                    raise InputError("too many drops are under way", fix="wait until one of them has ended")
                folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _throw_away(self, folder: Path) -> bool:
        stale = time.time() - folder.stat().st_mtime > STALE
        if stale:
            self.discard(folder.name)
        return stale


@dataclass(slots=True)
class Part:
    """A file that is coming."""

    file: BinaryIO
    name: str
    most: int
    """Bytes it may have."""
    room: int
    """Bytes that are left to its drop."""
    size: int = 0

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.most:
            raise InputError(f"the file is larger than {self.most:,} bytes", where=self.name, fix="add a smaller one")
        if self.size > self.room:
            what = f"the files of one drop are larger than {MOST_BYTES:,} bytes together"
            raise InputError(what, where=self.name, fix="add them in several drops")
        self.file.write(data)


def clean_name(given: str) -> str:
    """A file's name that leads nowhere and can be written on every system.

    Raises ``InputError`` where nothing is left, and for hidden files, which nothing reads and which may hold secrets.

    >>> clean_name("../../notes/Plan: b.md")
    'Plan_ b.md'
    """
    last = unicodedata.normalize("NFC", given.encode(errors="replace").decode()).replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = _REFUSED.sub("_", shown).strip().rstrip(". ")
    if not name or name.startswith("."):
        what = "hidden files are passed over" if name else "the file has no name"
        raise InputError(what, where=ascii(given), fix="rename it")
    return _shorten(f"_{name}" if _RESERVED.match(name) else name)


def _shorten(name: str) -> str:
    """The end, which says what kind of file it is, stays."""
    stem, suffix = os.path.splitext(name)
    suffix = suffix if len(suffix.encode()) <= 20 else ""
    stem = name.removesuffix(suffix)
    return stem.encode()[: NAME_BYTES - len(suffix.encode())].decode(errors="ignore") + suffix
