"""Python, read by its own parser."""

from __future__ import annotations

import builtins
import io
import sys
from types import GeneratorType
from typing import TYPE_CHECKING

from ...resolution.naming import Naming
from ...resolution.values import Meaning, Unit, Value
from ..language import Language
from ..tests import PYTHON_TESTS
from .options import options
from .reader import read_facts
from .statements import EXCEPTIONS, never_run

if TYPE_CHECKING:
    from ...resolution.program import Program


def source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    """A module by its dotted name. A script finds the files beside it, wherever its folder is; a module of a package
    does not."""
    dotted = path.replace("/", ".")
    found = program.modules.get(dotted)
    if found is not None or dotted.partition(".")[0] in sys.stdlib_module_names:
        return found, True
    folder = unit.module.rpartition(".")[0]
    beside = None if folder in program.modules else program.modules.get(f"{folder}.{dotted}".strip("."))
    return beside, False


def submodule(program: Program, unit: Unit, name: str) -> Meaning | None:
    inner = program.modules.get(f"{unit.module}.{name}")
    return Meaning((Value("module", inner.id),), True) if inner is not None else None


def is_plain(base: str) -> bool:
    return base in _PLAIN or base.startswith(_OWN)


def has_member(base: str, name: str) -> bool:
    """Whether a class of ``builtins`` has the member."""
    return base.startswith(_OWN) and hasattr(getattr(builtins, base.removeprefix(_OWN), None), name)


_OWN = "builtins."
_PLAIN = frozenset(["object", "abc.ABC", "typing.Generic", "typing.Protocol"])
_OWN_TYPES = (str, bytes, list, dict, set, frozenset, tuple, int, float, complex, GeneratorType, io.TextIOWrapper)

PYTHON = Language(
    "Python",
    "python",
    lambda path, module, text: read_facts(module, text, package=path.endswith("__init__.py")),
    Naming(
        source,
        builtins=frozenset(dir(builtins)),
        common=frozenset(name for kind in _OWN_TYPES for name in dir(kind)),
        is_plain=is_plain,
        has_member=has_member,
        importing=frozenset(["__import__", "importlib.import_module", "runpy.run_module", "runpy.run_path"]),
        constructors=("__init__", "__new__", "__post_init__"),
        missing=submodule,
        packages=True,
    ),
    tests=PYTHON_TESTS,
    options=options,
    never_run=never_run,
    exceptions=EXCEPTIONS,
)
