"""Which files below a folder are worth reading, and for every other one why not. Opens a file only to tell text from
binary where its name does not; reads nothing else of it.

Never an entry of their own: what programs leave behind (``__pycache__``, ``.git``) and hidden files.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import NotFoundError
from .decode import is_binary
from .formats import format_of, unreadable
from .ignore import Chain, is_ignored, rules_above, rules_in

# fmt: off
_VENDORED = frozenset({
    "node_modules", "bower_components", "jspm_packages", "vendor", "vendored", "third_party", "third-party",
    "thirdparty", "external_libs", "venv", "site-packages", "dist-packages", "htmlcov",
})
# fmt: on
_BUILT = frozenset({"build", "dist"})
"""Build outputs, unless they are Python packages of that name."""
_LITTER = frozenset({"__pycache__", "CVS", "__MACOSX", "Thumbs.db", "desktop.ini"})
_SHOWN = frozenset({".github", ".gitlab", ".circleci", ".gitlab-ci.yml", ".travis.yml", ".pre-commit-config.yaml"})
"""Hidden names that hold what people write about a project."""
# fmt: off
_LOCKS = frozenset({
    "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum", "gradle.lockfile",
    "packages.lock.json", "bun.lockb",
})
# fmt: on
_GENERATED = (".min.js", ".min.mjs", ".min.css", ".bundle.js", ".chunk.js", ".js.map", ".css.map")
_SECRET_SUFFIXES = (".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk")
_SECRETS = frozenset({"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"})
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Found:
    path: Path
    size: int
    """Bytes."""
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a folder with everything in it."""

    path: Path
    reason: str
    failed: bool = False
    """The system refused: what lies there is unknown, not gone."""


def walk(root: Path, max_bytes: int) -> Iterator[Found | Skipped]:
    """Every folder's files by name, then its folders by name. ``root`` may be one file.

    ``root`` was named on purpose: no rule about names holds for it, only for what lies below. Links are not followed.
    Raises ``NotFoundError`` when there is no ``root``.
    """
    root = root.resolve()
    try:
        status = root.stat()
    except FileNotFoundError as error:
        raise NotFoundError("no such file or folder", where=str(root), fix="check the path") from error
    except OSError as error:
        yield _failed(root, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folders(root, max_bytes)
    else:
        yield _file(str(root), root.name, status, max_bytes)


def _folders(root: Path, max_bytes: int) -> Iterator[Found | Skipped]:
    waiting: list[tuple[str, Chain]] = [(str(root), rules_above(root))]
    while waiting:
        folder, chain = waiting.pop()
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            yield _failed(folder, error)
            continue
        own = rules_in(folder) if any(entry.name in (".gitignore", ".git") for entry in entries) else ()
        yield from (Skipped(_path(f"{folder}/.gitignore"), rules.problem) for rules in own if rules.problem)
        chain += own
        inner: list[tuple[str, Chain]] = []
        for entry in entries:
            if not _is_litter(entry.name):
                found = _entry(entry, root, chain, max_bytes)
                if found is None:
                    inner.append((entry.path, chain))
                else:
                    yield found
        waiting += reversed(inner)


def _is_litter(name: str) -> bool:
    return name in _LITTER or (name[0] == "." and name not in _SHOWN) or name.endswith((".egg-info", ".dist-info", "~"))


def _entry(entry: os.DirEntry[str], root: Path, chain: Chain, max_bytes: int) -> Found | Skipped | None:
    """None for a folder to go into."""
    try:
        if entry.is_symlink():
            return Skipped(_path(entry.path), _link(entry.path, root))
        is_folder = entry.is_dir()
        if chain and is_ignored(chain, entry.path, is_folder=is_folder):
            return Skipped(_path(entry.path), "ignored by git")
        if is_folder:
            reason = _folder_reason(entry)
            return Skipped(_path(entry.path), reason) if reason else None
        reason = _name_reason(entry.name)
        return Skipped(_path(entry.path), reason) if reason else _file(entry.path, entry.name, entry.stat(), max_bytes)
    except OSError as error:
        return _failed(entry.path, error)


def _folder_reason(entry: os.DirEntry[str]) -> str:
    if entry.name in _VENDORED:
        return "folder of other people's code"
    if entry.name in _BUILT and not os.path.exists(f"{entry.path}/__init__.py"):
        return "folder of build output"
    if os.path.exists(f"{entry.path}/pyvenv.cfg"):
        return "folder of other people's code"
    return "cache folder" if os.path.exists(f"{entry.path}/CACHEDIR.TAG") else ""


def _name_reason(name: str) -> str:
    lower = name.lower()
    if lower in _LOCKS or lower.endswith((".lock", "-lock.json")):
        return "lock file"
    if lower.endswith(_GENERATED):
        return "minified or generated"
    return "may hold a secret" if lower in _SECRETS or lower.endswith(_SECRET_SUFFIXES) else ""


def _file(path: str, name: str, status: os.stat_result, max_bytes: int) -> Found | Skipped:
    if not stat.S_ISREG(status.st_mode):
        return Skipped(_path(path), "not a regular file")
    reason = unreadable(os.path.splitext(name)[1]) or _size_reason(status.st_size, max_bytes)
    try:
        reason = reason or _sniffed(path, name)
    except OSError as error:
        return _failed(path, error)
    return Skipped(_path(path), reason) if reason else Found(Path(path), status.st_size, status.st_mtime_ns)


def _size_reason(size: int, limit: int) -> str:
    return f"{_amount(size)}, above the limit of {_amount(limit)} a file" if size > limit else ""


def _sniffed(path: str, name: str) -> str:
    """Only for names that tell no format; what has one is judged by its reader."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "its name is not valid UTF-8"
    if format_of(name) is not None:
        return ""
    with open(path, "rb") as file:
        return "not text" if is_binary(file.read(_HEAD)) else ""


def _amount(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{size:,} bytes"


def _link(path: str, root: Path) -> str:
    target = Path(os.path.realpath(path))
    if not target.exists():
        return "broken link"
    if target.is_relative_to(root):
        return "link to a place in the same folder, where it is read"
    return "link to a place outside the folder"


def _failed(path: str | Path, error: OSError) -> Skipped:
    return Skipped(_path(str(path)), (error.strerror or "cannot be read").lower(), failed=True)


def _path(path: str) -> Path:
    """For showing: a name that is not valid UTF-8 could neither be printed nor stored."""
    return Path(os.fsencode(path).decode(errors="replace"))
