"""Which files below a folder are worth reading, and for every other one why not. Opens a file only to tell text from
binary where its name does not; reads nothing else of it.

Never an entry of their own: what programs leave behind (``__pycache__``, ``.git``) and hidden files, unless they hold
secrets.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ...errors import NotFoundError
from .decode import is_binary
from .exclude import holds_secrets, name_reason
from .formats import format_of, unreadable
from .head import is_read_in_part
from .ignore import Chain, is_ignored, rules_above, rules_in
from .include import Include, include
from .unpack import inner_name

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
_HEAD = 8192
_LITTERED, _IGNORED = "litter", "ignored by git"
"""Reasons; what is litter is no entry."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    path: Path
    size: int
    """Bytes."""
    mtime_ns: int
    wanted: bool = False
    """Whether it was named, itself or by a pattern, so that it is read whatever it holds."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder to go through."""

    folder: str
    chain: Chain
    every: bool = False
    """Whether a pattern names it, so that everything in it is wanted, secrets apart."""
    passed: bool = False
    """Whether it is passed over, so that only what patterns name in it is read."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a folder with everything in it."""

    path: Path
    reason: str
    failed: bool = False
    """The system refused: what lies there is unknown, not gone."""


def walk(root: Path, max_bytes: int, patterns: tuple[str, ...] = ()) -> Iterator[FoundFile | Skipped]:
    """Yields every folder's files by name, then its folders by name. ``root`` may be one file.

    ``root`` was named on purpose: no rule about names holds for it, only for what lies below; nor for what the
    ``patterns`` name (``include.py``). Links are not followed. Raises ``NotFoundError`` when there is no ``root``.
    """
    root = root.resolve()
    try:
        status = root.stat()
    except FileNotFoundError as error:
        raise NotFoundError("no such file or folder", where=str(root), fix="check the path") from error
    except OSError as error:
        yield _failure(root, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folders(root, max_bytes, include(root, patterns))
    else:
        yield _file(str(root), root.name, status, max_bytes, wanted=True)


def _folders(root: Path, max_bytes: int, included: Include) -> Iterator[FoundFile | Skipped]:
    waiting = [_Place(str(root), rules_above(root))]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place.folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            yield _failure(place.folder, error)
            continue
        own = rules_in(place.folder) if any(entry.name in (".gitignore", ".git") for entry in entries) else ()
        yield from (Skipped(_path(f"{place.folder}/.gitignore"), rules.problem) for rules in own if rules.problem)
        place = replace(place, chain=place.chain + own)
        inner: list[_Place] = []
        for entry in entries:
            for found in _entry(entry, root, place, max_bytes, included):
                if isinstance(found, _Place):
                    inner.append(found)
                elif not place.passed or isinstance(found, FoundFile):
                    yield found
        waiting += reversed(inner)


def _is_litter(name: str) -> bool:
    return name in _LITTER or (name[0] == "." and name not in _SHOWN) or name.endswith((".egg-info", ".dist-info", "~"))


def _entry(
    entry: os.DirEntry[str], root: Path, place: _Place, max_bytes: int, included: Include
) -> Iterator[FoundFile | Skipped | _Place]:
    """A folder to go into, a file, or why not; nothing for litter. A folder that is passed over may be both."""
    try:
        is_link, is_folder = entry.is_symlink(), entry.is_dir(follow_symlinks=False)
        wanted = included.wants(entry.path, is_folder=is_folder)
        if is_folder:
            reason = "" if wanted else _folder_reason(entry, place)
            if reason and reason != _LITTERED:
                yield Skipped(_path(entry.path), reason)
            if not reason:
                yield _Place(entry.path, place.chain, place.every or wanted, place.passed and not wanted)
            elif included.leads_into(entry.path):
                yield _Place(entry.path, place.chain, passed=True)
            return
        reason = "" if wanted else _file_reason(entry, place)
        if is_link and reason != _LITTERED:
            yield Skipped(_path(entry.path), _link(entry.path, root))
        elif not reason:
            wanted = wanted or place.every
            if wanted or not place.passed:
                yield _file(entry.path, entry.name, entry.stat(), max_bytes, wanted=wanted)
        elif reason != _LITTERED:
            yield Skipped(_path(entry.path), reason)
    except OSError as error:
        yield _failure(entry.path, error)


def _file_reason(entry: os.DirEntry[str], place: _Place) -> str:
    name = inner_name(entry.name)
    if holds_secrets(name.lower()):
        return name_reason(name)
    if _is_litter(entry.name):
        return _LITTERED
    if place.every or entry.is_symlink():
        return ""
    if place.chain and is_ignored(place.chain, entry.path, is_folder=False):
        return _IGNORED
    return name_reason(name)


def _folder_reason(entry: os.DirEntry[str], place: _Place) -> str:
    if _is_litter(entry.name):
        return _LITTERED
    if place.every:
        return ""
    if place.chain and is_ignored(place.chain, entry.path, is_folder=True):
        return _IGNORED
    if entry.name in _VENDORED and not (entry.name == "venv" and os.path.exists(f"{entry.path}/__init__.py")):
        return "folder of other people's code"
    if entry.name in _BUILT and not os.path.exists(f"{entry.path}/__init__.py"):
        return "folder of build output"
    if os.path.exists(f"{entry.path}/pyvenv.cfg"):
        return "folder of other people's code"
    return "cache folder" if os.path.exists(f"{entry.path}/CACHEDIR.TAG") else ""


def _file(path: str, name: str, status: os.stat_result, max_bytes: int, *, wanted: bool) -> FoundFile | Skipped:
    if not stat.S_ISREG(status.st_mode):
        return Skipped(_path(path), "not a regular file")
    reason = unreadable(os.path.splitext(inner_name(name))[1])
    if not reason and status.st_size > max_bytes and not is_read_in_part(name):
        reason = f"{_amount(status.st_size)}, above the limit of {_amount(max_bytes)} a file"
    try:
        reason = reason or _sniff(path, name)
    except OSError as error:
        return _failure(path, error)
    return Skipped(_path(path), reason) if reason else FoundFile(Path(path), status.st_size, status.st_mtime_ns, wanted)


def _sniff(path: str, name: str) -> str:
    """Only for names that tell no format; what has one is judged by its reader."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "its name is not valid UTF-8"
    if format_of(name) is not None or inner_name(name) != name:
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


def _failure(path: str | Path, error: OSError) -> Skipped:
    return Skipped(_path(str(path)), (error.strerror or "cannot be read").lower(), failed=True)


def _path(path: str) -> Path:
    """The path to be shown: a name that is not valid UTF-8 could neither be printed nor stored."""
    return Path(os.fsencode(path).decode(errors="replace"))
