"""Names of PHP: namespaces of files, what ``use`` brings, where composer's PSR-4 says that a class lies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from ...expressions import Expression, chain_of, to_import
from ...resolution.values import FOREIGN, Meaning, Unit, Value, is_test
from .builtins import BUILTINS

if TYPE_CHECKING:
    from ...resolution.program import Program
    from ...trees.walker import TreeWalker

CLASS_NAME, FUNCTION_NAME, CONSTANT_NAME = "class ", "function ", "const "
"""In front of a name that ``use`` gives to something, in the names of the file's scope."""
_NAMESPACE = "namespace"


def enter_namespace(walker: TreeWalker, name: str) -> None:
    """What stands below belongs to it; others find the file by its first one."""
    walker.root.names = {_NAMESPACE: name}
    walker.facts.namespace = walker.facts.namespace or name.replace("\\", ".")


def use_name(walker: TreeWalker, kind: str, path: str, alias: str) -> str:
    """``use a\\b\\C as D``. Returns the chain of what is imported."""
    space, _, name = path.strip("\\").rpartition("\\")
    chain = to_import(space.replace("\\", "/"), name)
    walker.root.names[f"{kind}{alias or name}"] = chain
    return chain


def resolve_name(walker: TreeWalker, written: str, kind: str = CLASS_NAME) -> str:
    """The chain of a name as it is written, by the rules for names of that kind."""
    here = str(walker.root.names.get(_NAMESPACE, ""))
    if written.startswith("\\"):
        space, _, name = written[1:].rpartition("\\")
    elif "\\" in written:
        first, _, rest = written.partition("\\")
        space, _, name = rest.rpartition("\\")
        known = walker.root.names.get(f"{CLASS_NAME}{first}")
        above = here if first == _NAMESPACE else _path_of(known) if known else f"{here}\\{first}"
        space = f"{above}\\{space}"
    else:
        known = walker.root.names.get(f"{kind}{written}")
        if known is not None:
            return str(known)
        space, name = here, written
    return to_import(space.strip("\\").replace("\\", "/"), name)


def _path_of(chain: Expression) -> str:
    imported = chain_of(str(chain))
    return f"{imported.path}/{imported.name}".strip("/").replace("/", "\\")


def file_import(folder_of: str, written: str) -> str:
    """The chain of a file that is required, by its path from the file that requires it."""
    return to_import(normpath(join(dirname(folder_of), written.lstrip("/"))).replace(".", "|"))


def source(program: Program, unit: Unit, path: str) -> tuple[Unit | None, bool]:
    """Any file of the namespace, which sees the names of the others; or the file, where a path is meant."""
    if path.endswith("|php"):
        return program.files.get(path.replace("|", ".")), True
    return _first_files(program).get(path.replace("/", ".")), True


def elsewhere(program: Program, unit: Unit, name: str) -> Sequence[Unit]:
    """The files of the namespace that have the name; else those without a namespace. Where composer says which file is
    meant, only that."""
    space = unit.facts.namespace
    index = _index(program)
    found = index.get((space, name)) or index.get(("", name), ())
    placed = [each for each in found if _is_placed(program, each)] if len(found) > 1 else ()
    return [each for each in placed or found if each is not unit]


def missing(program: Program, unit: Unit, name: str) -> Meaning | None:
    """What no file of the namespace defines: the language's own, or outside the library."""
    if name in BUILTINS:
        return FOREIGN
    space = unit.facts.namespace
    return Meaning((Value("external", f"{space}.{name}" if space else name),), False)


def _index(program: Program) -> Mapping[tuple[str, str], Sequence[Unit]]:
    return program.files_by("names of namespaces", lambda unit: [(unit.facts.namespace, name) for name in unit.names])


def _first_files(program: Program) -> Mapping[str, Unit]:
    """A file of each namespace that defines nothing that another one defines, too, if there is one: what a file defines
    itself is what it sees."""

    def rank(unit: Unit) -> tuple[bool, bool, bool, str]:
        shared = any(len(index[unit.facts.namespace, name]) > 1 for name in unit.names)
        return shared, not _is_placed(program, unit), is_test(unit.id), unit.path

    index = _index(program)
    files = program.files_by("files of namespaces", lambda unit: [unit.facts.namespace])
    return program.once("namespaces", lambda: {space: min(units, key=rank) for space, units in files.items()}, {})


def _is_placed(program: Program, unit: Unit) -> bool:
    """Whether the file lies where composer looks for classes of its namespace."""
    space, folder = unit.facts.namespace, dirname(unit.path)
    return any(
        f"{space}.".startswith(prefix) and folder == normpath(join(home, space[len(prefix) :].replace(".", "/")))
        for prefix, home in _rules(program)
    )


def _rules(program: Program) -> Sequence[tuple[str, str]]:
    return program.once("psr-4", lambda: list(_psr4(program.projects)), [])


def _psr4(projects: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Prefix of namespaces, with a full stop at its end, and the folder for it."""
    for path, text in sorted(projects.items()):
        if path.rpartition("/")[2] != "composer.json":
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for part in ("autoload", "autoload-dev"):
            table = value.get(part) if isinstance(value, dict) else None
            rules = table.get("psr-4") if isinstance(table, dict) else None
            for prefix, folders in rules.items() if isinstance(rules, dict) else ():
                for folder in folders if isinstance(folders, list) else [folders]:
                    if isinstance(folder, str):
                        yield prefix.strip("\\").replace("\\", ".") + ".", normpath(join(dirname(path), folder))
