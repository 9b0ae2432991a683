"""Patterns that overrule why a file would be passed over. They mean what lines of a ``.gitignore`` in the added folder
mean: a name at any depth (``*.lock``), or a path below the folder (``vendor/ours/``).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ...errors import InputError
from .glob import SPECIAL
from .ignore import Chain, is_ignored, rules_of


@dataclass(frozen=True, slots=True)
class Include:
    chain: Chain = ()
    folders: tuple[str, ...] = ()
    """Where the paths among the patterns begin, up to their first wildcard."""

    def wants(self, path: str, *, is_folder: bool) -> bool:
        return bool(self.chain) and is_ignored(self.chain, path, is_folder=is_folder)

    def leads_into(self, folder: str) -> bool:
        """Whether a pattern names a place below ``folder``."""
        inside = f"{folder}/"
        return any(inside.startswith(start) or start.startswith(inside) for start in self.folders)


def include(root: Path, patterns: tuple[str, ...]) -> Include:
    """Reads the patterns of files that are read although they would be passed over. Raises ``InputError`` for more
    patterns than can be matched quickly."""
    lines = [pattern.strip() for pattern in patterns if pattern.strip()]
    if not lines:
        return Include()
    try:
        chain: Chain = (rules_of(str(root), [os.fsencode(line) for line in lines]),)
    except ValueError as error:
        raise InputError(f"the patterns to include: {error}", fix="give fewer") from error
    heads = (_head(line.lstrip("!").removeprefix("/")) for line in lines if "/" in line.strip("/"))
    return Include(chain, tuple(f"{root}/{head}" for head in heads if head))


def _head(pattern: str) -> str:
    """``a/b/`` of ``a/b/*.md``; with its slash at the end."""
    found = SPECIAL.search(os.fsencode(pattern))
    literal = pattern if found is None else os.fsdecode(os.fsencode(pattern)[: found.start()]).rpartition("/")[0]
    return literal.rstrip("/") + "/" if literal.strip("/") else ""
