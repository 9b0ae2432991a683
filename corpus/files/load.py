"""One file to one document, by the format that its name tells."""

from __future__ import annotations

from dataclasses import replace
from hashlib import file_digest, sha256
from pathlib import Path

from ...errors import InputError, ReadError
from ..document import Document
from .content import Content
from .exclude import data_reason, text_reason
from .formats import PLAIN, SQLITE, Format, format_of
from .head import LEFT_OUT, TableHead, is_read_in_part, read_head
from .nested import convert
from .secrets import describe_masked, mask
from .unpack import inner_name, unpack
from .walk import Skipped


def read(path: Path, root: Path, *, wanted: bool = False, most: int = 0) -> Document:
    """Reads a file as a document. ``root`` is the folder that was added, or the file itself. Secrets are masked
    (``secrets.py``). ``most``: bytes of a table of separated values that are read (``head.py``); 0 for all.

    Raises ``ReadError`` for a file that cannot be read as its type, or that is not worth it (``exclude.py``) unless it
    is ``wanted``; ``InputError`` for one that lies outside ``root``.
    """
    path, root = path.resolve(), root.resolve()
    if not path.is_relative_to(root):
        raise InputError("the file lies outside the folder that was added", where=str(path))
    form = format_of(inner_name(path.name)) or PLAIN
    try:
        head = _head(path, most)
        data = head.data if head else _bytes(path)
        inner = unpack(path.name, data)
        _refuse("" if wanted else data_reason(inner))
        content = convert(inner, form)
        content = _say_cut(content, head) if head else content
        _refuse("" if wanted else text_reason(content.text, content.media_type))
    except ReadError as error:
        raise ReadError(error.what, where=str(path), fix=error.fix) from error
    content = _mask_secrets(replace(content, omitted=(*content.omitted, *_logs_beside(path, form))))
    return Document(
        uri=path.as_posix(),
        name=path.name if path == root else f"{root.name}/{path.relative_to(root).as_posix()}".lstrip("/"),
        text=content.text,
        media_type=content.media_type,
        digest=head.digest if head else sha256(data).hexdigest(),
        title=content.title or path.name,
        metadata=dict(content.metadata) | ({"omitted": "; ".join(content.omitted)} if content.omitted else {}),
        marks=content.marks,
    )


def _head(path: Path, most: int) -> TableHead | None:
    """The first rows of a table that is larger than ``most``."""
    return read_head(path, most) if most and is_read_in_part(path.name) and path.stat().st_size > most else None


def _say_cut(content: Content, head: TableHead) -> Content:
    metadata = {**content.metadata, LEFT_OUT: str(head.left_out)}
    return replace(content, metadata=metadata, omitted=(*content.omitted, head.omission))


def _logs_beside(path: Path, form: Format) -> tuple[str, ...]:
    """What a program that has a database open has written beside it: no part of the file yet."""
    if form != SQLITE:
        return ()
    found = (path.with_name(f"{path.name}-{kind}") for kind in ("wal", "journal"))
    return tuple(f"what only {one.name} holds" for one in found if one.is_file() and one.stat().st_size)


def _refuse(reason: str) -> None:
    if reason:
        raise ReadError(reason)


def _mask_secrets(content: Content) -> Content:
    text, lines = mask(content.text, content.media_type)
    title, _ = mask(content.title, content.media_type)
    return (
        replace(content, text=text, title=title, omitted=(*content.omitted, describe_masked(lines)))
        if lines
        else content
    )


def read_safely(path: Path, root: Path, *, wanted: bool = False, most: int = 0) -> Document | Skipped:
    """Reads a file as a document, or says why the file was passed over. Raises ``MemoryError`` alone."""
    try:
        return read(path, root, wanted=wanted, most=most)
    except InputError as error:
        return Skipped(path, f"{error.what}; {error.fix}" if error.fix else error.what)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (a damaged file may make a library raise anything there is)
        return Skipped(path, f"its reader failed ({type(error).__name__}: {error})")


def digest(path: Path) -> str:
    """The SHA-256 of the file, in hex; empty for one that cannot be read."""
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise ReadError("not a regular file" if path.exists() else "the file is gone")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError((error.strerror or "cannot be read").lower()) from error
