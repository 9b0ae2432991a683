"""Finding the symbols that a name means: a full id, the end of one, the path it is published under, a bare name."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any
from weakref import WeakKeyDictionary

from ...errors import NotFoundError
from .facts import CLASS, EXTERNAL, FIELD, FUNCTION, GLOBAL, METHOD, MODULE, ROUTE
from .languages import SUFFIXES, language_of
from .resolution.values import OUTSIDE, ROUTE_ID, is_test
from .unread import broken_sentence, unread_sentence

_RANK = {CLASS: 0, FUNCTION: 0, METHOD: 1, MODULE: 2, GLOBAL: 3, FIELD: 4, EXTERNAL: 5, ROUTE: 5}

COLUMNS = """n.name, d.label, f.path, d.document_id, d.line, d.end_line, d.signature, d.doc
    FROM code_names n LEFT JOIN code_nodes d ON d.id = n.id LEFT JOIN code_files f ON f.document_id = d.document_id"""
"""SQL that reads the columns of a ``Symbol``; rows without a label lie outside the library."""


@dataclass(frozen=True, slots=True)
class Symbol:
    id: str
    """Dotted path from the package's root; ``external:…`` outside the library."""
    label: str
    name: str
    file: str
    """Display name of the file; empty outside the library."""
    document: int
    """Row id in ``documents``; 0 outside the library."""
    line: int
    end_line: int
    signature: str
    doc: str
    """First sentence of the docstring, on one line."""


def symbol(row: tuple[Any, ...]) -> Symbol:
    """The symbol in the columns of ``COLUMNS``."""
    full, label, path, document, line, end_line, signature, doc = row
    kind = label or (ROUTE if full.startswith(ROUTE_ID) else EXTERNAL)
    if kind in (MODULE, ROUTE):
        short = full.removeprefix(ROUTE_ID)
    else:
        short = full.rpartition(".")[2]
        if "#" in short or ":" in short:
            short = short.partition("#")[0].removeprefix(OUTSIDE)
    return Symbol(
        full,
        kind,
        short,
        file=path or "",
        document=document or 0,
        line=line or 0,
        end_line=end_line or 0,
        signature=signature or "",
        doc=doc or "",
    )


_KEPT = 20_000
"""Symbols of one library that are kept between questions."""
_kept: WeakKeyDictionary[Connection, tuple[tuple[int, int], dict[int, Symbol]]] = WeakKeyDictionary()


def symbols_of(connection: Connection, ids: Iterable[int]) -> Mapping[int, Symbol]:
    """The symbols by the ids of their names, some others besides. They are kept until the database changes, by whatever
    connection, and never within a transaction, which may be taken back."""
    state = (connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes)
    before, known = _kept.get(connection, (None, {}))
    if before != state or len(known) > _KEPT or connection.in_transaction:
        known = {}
    if missing := {each for each in ids if each not in known}:
        query = f"SELECT n.id, {COLUMNS} WHERE n.id IN (SELECT value FROM json_each(?))"  # noqa: S608
        for row in connection.execute(query, (json.dumps(list(missing)),)).fetchall():
            known[row[0]] = symbol(row[1:])
    if not connection.in_transaction:
        _kept[connection] = (state, known)
    return known


def _by_rank(connection: Connection, found: list[Symbol]) -> list[Symbol]:
    """What the library defines before what it does not, code before tests and stubs, public before private, functions
    and classes before the rest, then by use."""
    if len(found) == 1:
        return found
    return sorted(found, key=lambda item: (*_rank(item), -_uses(connection, item), len(item.id), item.id))


def is_of_tests(item: Symbol) -> bool:
    """Whether it stands among tests, by its module's name or, as its language has it, by the path of its file."""
    if is_test(item.id):
        return True
    tests = language_of(item.file).tests if item.document else None
    return tests is not None and tests.files.search(item.file) is not None


def is_file_of_tests(path: str) -> bool:
    """The same of a file, by its path alone."""
    module = path.rpartition(".")[0].partition("/")[2].replace("/", ".")
    return is_of_tests(Symbol(module, "", "", path, document=1, line=0, end_line=0, signature="", doc=""))


def _rank(found: Symbol) -> tuple[bool, bool, bool, bool, int]:
    private = any(part.startswith("_") and not part.endswith("__") for part in found.id.split("."))
    return found.label == EXTERNAL, is_of_tests(found), found.file.endswith(".pyi"), private, _RANK[found.label]


def _uses(connection: Connection, found: Symbol) -> int:
    query = "SELECT count(*) FROM code_edges WHERE target = (SELECT id FROM code_names WHERE name = ?)"
    return int(connection.execute(query, (found.id,)).fetchone()[0])


def find(connection: Connection, name: str) -> list[Symbol]:
    """Best first, what lies outside the library last. Raises ``NotFoundError`` with the nearest known names."""
    asked = name.strip().removesuffix("()")
    if module := _of_file(connection, asked):
        return module
    last = asked.rpartition(".")[2].partition("#")[0].removeprefix(OUTSIDE)
    known = _with_name(connection, last)
    found: list[Symbol] = []
    for matches in (_exact, _ending, _is_published_as):
        found += [item for item in known if matches(item.id, asked) and item not in found]
        if any(_settles(item) for item in found):
            break
    if all(item.label == EXTERNAL for item in found):
        found = [item for item in known if _is_packaged(item, asked)] or found
    if all(item.label == EXTERNAL for item in found) and not asked.startswith(OUTSIDE):
        found = _by_alias(connection, known, asked) or _from_base(connection, asked) or found
    if not found:
        beyond = unread_sentence(connection, last) or broken_sentence(connection, last) or unread_sentence(connection)
        raise NotFoundError(
            "the code graph knows no such name" + (f" ({beyond})" if beyond else ""),
            where=name,
            suggestions=_suggestions(connection, last),
        )
    return _by_rank(connection, found)


def _settles(item: Symbol) -> bool:
    """Whether no wider match is looked for: a stub alone is not yet the definition, and a call of the same name that
    leads out of the library hides none."""
    return item.label != EXTERNAL and not item.file.endswith(".pyi")


def without_tests(found: Sequence[Symbol]) -> list[Symbol]:
    """Those that the library defines outside of its tests; where there are none, those of the library; else all."""
    inside = [item for item in found if item.label != EXTERNAL] or list(found)
    return [item for item in inside if not is_of_tests(item)] or inside


def _with_name(connection: Connection, last: str) -> list[Symbol]:
    rows = connection.execute(
        f"SELECT {COLUMNS} WHERE n.last = ? AND (d.id IS NOT NULL"  # noqa: S608
        " OR (n.name LIKE 'external:%' AND (EXISTS (SELECT 1 FROM code_edges e WHERE e.target = n.id)"
        " OR EXISTS (SELECT 1 FROM code_edges e WHERE e.source = n.id))))",
        (last,),
    )
    return [symbol(row) for row in rows]


def _exact(full: str, asked: str) -> bool:
    return asked in (full, full.removeprefix(OUTSIDE))


def _ending(full: str, asked: str) -> bool:
    plain = re.sub(r"#\d+", "", full.removeprefix(OUTSIDE))
    return f".{plain}".endswith(f".{asked}") and not full.startswith(f"{OUTSIDE}*")


def _is_published_as(full: str, asked: str) -> bool:
    """``networkx.Graph.add_edge`` for ``networkx.classes.graph.Graph.add_edge``: the same first part, then the others
    in order, as packages publish what their modules define."""
    parts, wanted = iter(full.split(".")), asked.split(".")
    return len(wanted) > 1 and full.startswith(f"{wanted[0]}.") and all(part in parts for part in wanted)


def _is_packaged(item: Symbol, asked: str) -> bool:
    """``fetch.New`` for ``web.fetch.client.New``, where the package is a folder: its file's name is left out."""
    stem = re.sub(r"\W", "_", item.file.rpartition("/")[2].rpartition(".")[0])
    parts, wanted = re.sub(r"#\d+", "", item.id).split("."), asked.split(".")
    tail = parts[-len(wanted) - 1 :]
    return len(tail) > len(wanted) > 1 and any(
        part == stem and [*tail[:place], *tail[place + 1 :]] == wanted for place, part in enumerate(tail)
    )


def _of_file(connection: Connection, asked: str) -> list[Symbol]:
    """The modules of the files that a path means, whole or by its end."""
    if "/" not in asked and not asked.endswith(SUFFIXES):
        return []
    plain = asked.removeprefix("./").lstrip("/")
    query = f"SELECT {COLUMNS} WHERE d.label = ? AND (f.path = ? OR substr(f.path, -length(?) - 1) = '/' || ?)"
    return [symbol(row) for row in connection.execute(f"{query} ORDER BY f.path", (MODULE, plain, plain, plain))]


def _by_alias(connection: Connection, known: list[Symbol], asked: str) -> list[Symbol]:
    paths = list(_without_alias(connection, asked))
    return [item for item in known if any(_is_published_as(item.id, path) for path in paths)]


def _without_alias(connection: Connection, asked: str) -> Iterable[str]:
    """``nx.pagerank`` as ``networkx.pagerank``, where some file says ``import networkx as nx``."""
    first, dot, rest = asked.partition(".")
    if not dot or not first.isidentifier():
        return []
    query = "SELECT interface FROM code_files WHERE instr(interface, ?) LIMIT 20"
    pattern = re.compile(rf'\["{first}", "=([\w/]+)"')
    texts = (row[0] for row in connection.execute(query, (f'["{first}", "=',)))
    return dict.fromkeys(f"{m.group(1).replace('/', '.')}.{rest}" for text in texts for m in pattern.finditer(text))


def _from_base(connection: Connection, asked: str) -> list[Symbol]:
    """``Flask.route`` for the method of the nearest base class that has one."""
    owner, _, member = asked.rpartition(".")
    classes = [item.id for item in _with_name(connection, owner.rpartition(".")[2]) if item.label == CLASS]
    level = [name for name in classes if _exact(name, owner) or _ending(name, owner) or _is_published_as(name, owner)]
    seen = set(level)
    while level:
        found = [item for name in level for item in _with_name(connection, member) if item.id == f"{name}.{member}"]
        if found:
            return found
        level = [base for name in level for base in _bases(connection, name) if base not in seen]
        seen.update(level)
    return []


def _bases(connection: Connection, class_id: str) -> list[str]:
    query = """SELECT t.name FROM code_edges e JOIN code_names s ON s.id = e.source JOIN code_names t ON t.id = e.target
        WHERE s.name = ? AND e.type = 'INHERITS' ORDER BY e.line, t.id"""
    return list(dict.fromkeys(row[0] for row in connection.execute(query, (class_id,))))


def _suggestions(connection: Connection, last: str) -> tuple[str, ...]:
    """Names of about the same length that share a beginning or an end with what was asked."""
    query = """SELECT DISTINCT last FROM code_names JOIN code_nodes USING (id)
        WHERE length(last) BETWEEN ? AND ? AND (last LIKE ? OR last LIKE ?)"""
    near = (max(len(last) - 3, 1), len(last) + 3, f"{last[:2]}%", f"%{last[-3:]}")
    names = [row[0] for row in connection.execute(query, near)]
    near_names = difflib.get_close_matches(last, names, n=3, cutoff=0.6)
    return tuple(_with_class(connection, name) for name in near_names)


def _with_class(connection: Connection, last: str) -> str:
    """``Graph.add_edge`` where only methods and fields are called so, the first of them."""
    query = "SELECT n.name, d.label FROM code_names n JOIN code_nodes d USING (id) WHERE n.last = ? ORDER BY n.name"
    rows = connection.execute(query, (last,)).fetchall()
    members = all(label in ("METHOD", "FIELD") for _, label in rows)
    return ".".join(rows[0][0].split(".")[-2:]) if members else last
