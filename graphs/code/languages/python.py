"""Python, read by its own parser."""

from __future__ import annotations

import builtins
import io
import sys
from types import GeneratorType
from typing import TYPE_CHECKING

from ..facts import read_facts
from ..values import Found, Unit, Value
from .base import Language, Naming

if TYPE_CHECKING:
    from ..library import Library


def source(library: Library, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    """A module by its dotted name. A script finds the files beside it, wherever its folder is; a module of a package
    does not."""
    dotted = path.replace("/", ".")
    found = library.modules.get(dotted)
    if found is not None or dotted.partition(".")[0] in sys.stdlib_module_names:
        return found, True
    folder = unit.module.rpartition(".")[0]
    beside = None if folder in library.modules else library.modules.get(f"{folder}.{dotted}".strip("."))
    return beside, False


def submodule(library: Library, unit: Unit, name: str) -> Found | None:
    inner = library.modules.get(f"{unit.module}.{name}")
    return Found((Value("module", inner.id),), True) if inner is not None else None


_OWN_TYPES = (str, bytes, list, dict, set, frozenset, tuple, int, float, complex, GeneratorType, io.TextIOWrapper)

PYTHON = Language(
    "Python",
    "python",
    lambda path, module, text: read_facts(module, text, package=path.endswith("__init__.py")),
    Naming(
        source,
        builtins=frozenset(dir(builtins)),
        common=frozenset(name for kind in _OWN_TYPES for name in dir(kind)),
        constructors=("__init__", "__new__", "__post_init__"),
        missing=submodule,
        packages=True,
    ),
)
