"""What git ignores, told from its files alone: ``.gitignore`` at every level and ``.git/info/exclude``.

Unlike git, this knows no index: a file that is tracked although a pattern matches it counts as ignored.
Source: gitignore(5).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns that hold below one folder."""

    folder: str
    spec: GitIgnoreSpec


Chain = tuple[Rules, ...]
"""From the repository's top down."""


def rules_in(folder: str) -> Chain:
    """The folder's own patterns: one ``Rules``, or none. A file that cannot be read holds no patterns."""
    lines = [*_lines(f"{folder}/.git/info/exclude"), *_lines(f"{folder}/.gitignore")]
    return (Rules(folder, _spec(lines)),) if lines else ()


def rules_above(root: Path) -> Chain:
    """What the repository around ``root`` says; nothing if it ignores ``root`` itself, which was named on purpose."""
    chain: Chain = ()
    for folder in _around(root):
        if is_ignored(chain, str(folder), is_folder=True):
            return ()
        chain += rules_in(str(folder))
    return () if is_ignored(chain, str(root), is_folder=True) else chain


def _around(root: Path) -> list[Path]:
    """The folders above ``root`` from the repository's top down; none for a top or outside of any repository."""
    above: list[Path] = []
    for folder in (root, *root.parents):
        if os.path.exists(folder / ".git"):
            return [] if folder == root else [folder, *reversed(above)]
        if folder != root:
            above.append(folder)
    return []


def is_ignored(chain: Chain, path: str, *, is_folder: bool) -> bool:
    """``path`` lies below every folder of ``chain``. The deepest file with a matching pattern decides, and in it the
    last such pattern."""
    for rules in reversed(chain):
        inside = path[len(rules.folder) :].lstrip(os.sep)
        verdict = rules.spec.check_file(f"{inside}/" if is_folder else inside).include
        if verdict is not None:
            return verdict
    return False


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = [line.rstrip("\r") for line in file.read().split("\n")]
    except OSError:
        return []
    return [line for line in lines if line.strip() and not line.startswith("#")]


def _spec(lines: list[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(_valid(lines))


def _valid(lines: list[str]) -> Iterator[str]:
    """Git passes over a pattern that it cannot read."""
    from pathspec import GitIgnoreSpec

    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        yield line
