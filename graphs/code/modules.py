"""The dotted name of a file: that under which Python imports it; for other languages its path, from which nothing but
the ids of its definitions hangs."""

from __future__ import annotations

import logging
import re
import tomllib
from functools import lru_cache
from pathlib import Path

from .languages import language_of

log = logging.getLogger(__name__)


_SUFFIX = re.compile(r"(?<=.)(?:\.d)?\.\w+$")


def module_name(path: Path, root: Path) -> str:
    """Name of the module in ``path``, a file below the folder ``root`` that was added.

    For Python in this order: what ``[tool.setuptools] package-dir`` of the nearest ``pyproject.toml`` says; the path
    from the outermost folder that has an ``__init__.py``; the path from ``root``, without a leading ``src``.
    """
    if not language_of(path.name).naming.packages:
        parts = (path.relative_to(root).parts if path.is_relative_to(root) else ()) or (path.name,)
        return _join_parts(_below_sources(parts))
    return _by_package_dir(path) or _by_init_files(path) or _relative(path, root)


def _below_sources(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Without the folders that Maven and Gradle keep sources in."""
    for start in range(len(parts) - 3):
        if parts[start : start + 2] == ("src", "main") and parts[start + 2] in ("java", "kotlin", "scala"):
            return parts[start + 3 :]
    return parts


def _join_parts(parts: tuple[str, ...]) -> str:
    stem = _SUFFIX.sub("", parts[-1])
    names = parts[:-1] if stem == "__init__" and len(parts) > 1 else (*parts[:-1], stem)
    return ".".join(re.sub(r"\W", "_", name) for name in names)


def _by_package_dir(path: Path) -> str:
    project, mapping, packages = _package_dir(path.parent)
    for package, folder in mapping:
        home = project / folder
        if not path.is_relative_to(home):
            continue
        name = _join_parts(
            (*package.split("."), *path.relative_to(home).parts) if package else path.relative_to(home).parts
        )
        inside = name if path.stem == "__init__" else name.rpartition(".")[0]
        if not packages or inside in packages:
            return name
    return ""


def _by_init_files(path: Path) -> str:
    top = path.parent
    if not (top / "__init__.py").exists():
        return ""
    while (top.parent / "__init__.py").exists() and top.parent != top:
        top = top.parent
    return _join_parts((top.name, *path.relative_to(top).parts))


def _relative(path: Path, root: Path) -> str:
    parts = (path.relative_to(root).parts if path.is_relative_to(root) else ()) or (path.name,)
    return _join_parts(parts[1:] if parts[0] == "src" and len(parts) > 1 else parts)


_Mapping = tuple[Path, tuple[tuple[str, str], ...], frozenset[str]]


def _package_dir(folder: Path) -> _Mapping:
    """(folder of the nearest pyproject.toml, its package-dir with the deepest folder first, its listed packages)."""
    file = folder / "pyproject.toml"
    if file.is_file():
        return folder, *_read_package_dir(file, file.stat().st_mtime_ns)
    return _package_dir(folder.parent) if folder.parent != folder else (folder, (), frozenset())


@lru_cache(maxsize=256)
def _read_package_dir(file: Path, _: int) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("setuptools", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        log.info("%s is not read for package folders: %s", file, error)
        return (), frozenset()
    mapping = table.get("package-dir", {}) if isinstance(table, dict) else {}
    packages = table.get("packages") if isinstance(table, dict) else None
    pairs = sorted(mapping.items(), key=lambda pair: -len(Path(pair[1]).parts)) if isinstance(mapping, dict) else []
    return tuple((str(k), str(v)) for k, v in pairs), frozenset(packages if isinstance(packages, list) else ())
