"""Packages that files declare themselves: their files see each other's names, and an import names the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..resolution.naming import Naming
from ..resolution.values import Unit

if TYPE_CHECKING:
    from ..resolution.program import Program


def package_files(program: Program, unit: Unit) -> Sequence[Unit]:
    """The other files of the package."""
    return [other for other in _packages(program).get(unit.facts.namespace, ()) if other is not unit]


def package_source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    """Any file of the package; it sees the names of the others."""
    found = _packages(program).get(path.replace("/", "."), ())
    return (found[0], True) if found else (None, True)


def naming(builtins: frozenset[str], common: frozenset[str]) -> Naming:
    """How names are found in a language of packages and classes with overloads."""
    return Naming(
        package_source,
        builtins=builtins,
        common=common,
        constructors=(".",),
        beside=package_files,
        grouped=True,
        overloads=True,
        implicit=True,
    )


def _packages(program: Program) -> Mapping[str, Sequence[Unit]]:
    return program.files_by("packages", lambda unit: [unit.facts.namespace])
