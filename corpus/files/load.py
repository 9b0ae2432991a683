"""One file to one document, by the format that its name tells."""

from __future__ import annotations

from hashlib import sha256
from importlib import import_module
from pathlib import Path

from ...errors import InputError, ReadError
from ..document import Document
from .content import Content
from .formats import PLAIN, format_of
from .walk import Skipped


def read(path: Path, root: Path) -> Document:
    """``root`` is the folder that was added, or the file itself.

    Raises ``ReadError`` for a file that cannot be read as its type, ``InputError`` for one that lies outside ``root``.
    """
    path, root = path.resolve(), root.resolve()
    if not path.is_relative_to(root):
        raise InputError("the file lies outside the folder that was added", where=str(path))
    form = format_of(path.name) or PLAIN
    module, _, function = form.reader.partition(":")
    try:
        data = _bytes(path)
        content: Content = getattr(import_module(f".{module}", __package__), function)(data, form)
    except ReadError as error:
        raise ReadError(error.what, where=str(path), fix=error.fix) from error
    return Document(
        uri=path.as_posix(),
        name=_display_name(path, root),
        text=content.text,
        media_type=content.media_type,
        digest=sha256(data).hexdigest(),
        title=content.title or path.name,
        metadata=content.metadata,
        marks=content.marks,
    )


def read_safely(path: Path, root: Path) -> Document | Skipped:
    """Instead of raising, says why the file was passed over. Raises ``MemoryError`` alone."""
    try:
        return read(path, root)
    except InputError as error:
        return Skipped(path, f"{error.what}; {error.fix}" if error.fix else error.what)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (a damaged file may make a library raise anything there is)
        return Skipped(path, f"its reader failed ({type(error).__name__}: {error})")


def digest(path: Path) -> str:
    """SHA-256 of the file, hex; empty for one that cannot be read."""
    try:
        return sha256(_bytes(path)).hexdigest()
    except ReadError:
        return ""


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise ReadError("not a regular file" if path.exists() else "the file is gone")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError((error.strerror or "cannot be read").lower()) from error


def _display_name(path: Path, root: Path) -> str:
    return path.name if path == root else f"{root.name}/{path.relative_to(root).as_posix()}".lstrip("/")
