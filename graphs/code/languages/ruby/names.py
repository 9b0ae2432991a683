"""Names of Ruby: which file a ``require`` means, and where the constants lie that all files see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from ...expressions import to_import
from ...facts import CLASS
from ...resolution.values import Unit

if TYPE_CHECKING:
    from ...resolution.program import Program

_LOADED = frozenset(["lib", "app", "ext"])
"""Folders from which files are required by their paths."""


def feature(name: str) -> str:
    """The chain of ``require "name"``."""
    return to_import(name.removesuffix(".rb").replace(".", "|"))


def relative_feature(file: str, name: str) -> str:
    """The chain of ``require_relative "name"`` in that file."""
    return to_import("/" + normpath(join(dirname(file), name.removesuffix(".rb"))).replace(".", "|"))


def source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    """Finds it by the path from a folder that is loaded from; of several files the one nearest to this."""
    written = path.replace("|", ".")
    if written.startswith("/"):
        return program.files.get(f"{written[1:]}.rb"), True
    found = sorted(
        _features(program).get(written, ()), key=lambda each: (-_common_folders(each.path, unit.path), each.path)
    )
    return (found[0], len(found) == 1) if found else (None, True)


def _common_folders(one: str, other: str) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one.split("/"), other.split("/"), strict=False))))


def elsewhere(program: Program, unit: Unit, name: str) -> Sequence[Unit]:
    """A constant of the outermost level is seen in all files."""
    if not name[:1].isupper():
        return ()
    return [each for each in _constants(program).get(name, ()) if each is not unit]


def _features(program: Program) -> Mapping[str, Sequence[Unit]]:
    def paths(unit: Unit) -> Iterator[str]:
        parts = unit.path.removesuffix(".rb").split("/")
        starts = {0, *(place + 1 for place, part in enumerate(parts[:-1]) if part in _LOADED)}
        return ("/".join(parts[start:]) for start in starts)

    return program.files_by("features", paths)


def _constants(program: Program) -> Mapping[str, Sequence[Unit]]:
    """A class that several files open is found in the first."""

    def names(unit: Unit) -> Iterator[str]:
        for name in unit.names:
            symbol = unit.symbols.get(name)
            goes_on = symbol is not None and symbol.label == CLASS and unit.full(name) in program.homes
            if name[:1].isupper() and not goes_on:
                yield name

    return program.files_by("constants", names)
