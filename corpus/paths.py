"""Paths as users name them, made absolute, or refused in a sentence. Reads no file."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError, NotFoundError
from ..settings import redact


def resolve(path: str | Path) -> Path:
    """The absolute path, whether or not anything is there. Raises ``InputError`` for what can be the path of
    nothing."""
    named = str(path)
    if not named:
        raise InputError("a path is empty", fix="name a file or folder, . for the present one")
    if is_address(named):
        raise InputError("an address is no path", where=redact(named), fix="only evidentia add takes one")
    try:
        named.encode()
        return Path(named).resolve()
    except UnicodeEncodeError as error:
        raise InputError("the path is not valid UTF-8", where=ascii(named), fix="rename it") from error
    except OSError as error:
        raise InputError(f"the path cannot be read ({error.strerror})", where=named, fix="check it") from error
    except ValueError as error:
        raise InputError(f"the path cannot be read ({error})", where=ascii(named), fix="check it") from error
    except RuntimeError as error:  # Python before 3.13 says so of links that lead in a circle
        raise InputError("the path is a loop of links", where=named, fix="name what it should lead to") from error


def is_address(path: str | Path) -> bool:
    """Whether an SQL address was named; it may hold a password."""
    return "://" in str(path)


def existing(path: str | Path) -> Path:
    """The absolute path of what is there. Raises ``NotFoundError`` when nothing is there, ``InputError`` when the
    system does not let it be looked at."""
    root = resolve(path)
    try:
        root.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFoundError("no such file or folder", where=str(path), fix="check the path") from error
    except OSError as error:
        raise InputError(f"the path cannot be read ({error.strerror})", where=str(path), fix="check it") from error
    return root
