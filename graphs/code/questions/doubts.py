"""Why something may have more callers than the graph knows: the places where it stops seeing, each with its reason.

"Nothing calls it" may be said only of a symbol without doubts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from sqlite3 import Connection

from ....corpus.texts import documents_holding, texts_with
from ..facts import CLASS, FUNCTION, METHOD
from ..languages import language_of
from ..resolution.values import OUTSIDE, is_test
from ..storage import exports
from ..symbols import Symbol
from ..unread import doubts_beyond

_SHOWN = 3
"""Places that are named; the others are counted."""


def doubts(connection: Connection, item: Symbol, *, unused: bool = False) -> tuple[str, ...]:
    """Sentences, each with its first places; empty where every call that there may be is known. ``unused``: where no
    call was found, texts that name the symbol are looked for, too."""
    if item.label not in (CLASS, FUNCTION, METHOD):
        return ()
    name, passed = item.name, _places_passed_on(connection, item)
    kept = [*_kept_by_decorators(connection, item), *_kept_by_bases(connection, item)]
    found = [
        _sentence(_gaps(connection, "g.name = ?", name), "call", f"of {name} of an object of unknown type"),
        _sentence(passed, "place", "where it is passed on and may be called from"),
        _sentence(_gaps(connection, "g.name LIKE '%*' AND ? GLOB g.name", name), "call", "of a computed name"),
        _sentence(_gaps(connection, "g.name = ''") if passed or kept else [], "call", "of an unknown function"),
        _sentence(_texts(connection, name) if unused else [], "text", "that names it"),
    ]
    sentences = [sentence for sentence in found if sentence]
    beyond = doubts_beyond(connection, name) if unused else ()
    return (*sentences, *kept, *_unread(connection, item), *beyond, *_run_by_others(item), *unseen(item))


def unseen(item: Symbol) -> tuple[str, ...]:
    """What is not known of a symbol, by its language alone."""
    if not item.document or not language_of(item.file).definitions_only:
        return ()
    return (f"of {language_of(item.file).name} only the definitions are read, no calls, imports or bases",)


_Place = tuple[str, int]


def _sentence(places: Iterable[_Place], what: str, rest: str) -> str:
    where = list(dict.fromkeys(f"{path}:{line}" for path, line in places))
    more = f" and {len(where) - _SHOWN} more" if len(where) > _SHOWN else ""
    return f"{len(where)} {what}{'s' * (len(where) != 1)} {rest}: {', '.join(where[:_SHOWN])}{more}" if where else ""


def _gaps(connection: Connection, condition: str, *values: str) -> list[_Place]:
    query = f"""SELECT f.path, g.line FROM code_gaps g JOIN code_files f USING (document_id)
        WHERE {condition} ORDER BY f.path, g.line"""  # noqa: S608
    return connection.execute(query, values).fetchall()


def _places_passed_on(connection: Connection, item: Symbol) -> list[_Place]:
    """Where it is used as a value; a class that is named in an annotation or a base is not called by that."""
    if item.label == CLASS:
        return []
    query = """SELECT f.path, e.line FROM code_edges e JOIN code_files f USING (document_id)
        WHERE e.type = 'USES' AND e.target = (SELECT id FROM code_names WHERE name = ?)
        AND NOT EXISTS (SELECT 1 FROM code_edges c WHERE c.source = e.source AND c.type = 'CALLS'
            AND c.target = e.target AND c.document_id = e.document_id AND c.line = e.line) ORDER BY f.path, e.line"""
    return connection.execute(query, (item.id,)).fetchall()


def _kept_by_decorators(connection: Connection, item: Symbol) -> Iterator[str]:
    query = "SELECT decorators FROM code_nodes JOIN code_names USING (id) WHERE name = ?"
    for (names,) in connection.execute(query, (item.id,)):
        for name in names.split():
            if name.rpartition(".")[2] not in _HARMLESS:
                yield f"{name.removeprefix('*.')} decorates it and may keep it"


_HARMLESS = frozenset(
    """
    property cached_property setter getter deleter staticmethod classmethod abstractmethod abstractproperty overload
    override final wraps lru_cache cache contextmanager asynccontextmanager dataclass total_ordering unique
    runtime_checkable deprecated singledispatch singledispatchmethod
    """.split()  # noqa: SIM905
)
"""Decorators of the standard library that keep nothing from which a function would be called later."""


def _kept_by_bases(connection: Connection, item: Symbol) -> Iterator[str]:
    """Code outside the library calls the methods that it knows."""
    if item.label != METHOD:
        return
    query = """WITH RECURSIVE up (id) AS (SELECT id FROM code_names WHERE name = ? UNION
            SELECT target FROM code_edges JOIN up ON source = up.id WHERE type = 'INHERITS')
        SELECT name FROM code_names JOIN up USING (id) WHERE name LIKE 'external:%' ORDER BY name"""
    for (name,) in connection.execute(query, (item.id.rpartition(".")[0],)):
        plain = name.removeprefix(OUTSIDE)
        if plain not in ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"):
            yield f"its class inherits from {plain}, whose code may call it"
    if item.name.startswith("__") and item.name.endswith("__"):
        yield "Python itself calls it, on objects whose type may not be known here"


def _texts(connection: Connection, name: str) -> Iterator[_Place]:
    """Quoted names, plain or dotted, outside ``__all__``: registries and entry points work with them."""
    quoted = re.compile(rf"""["'](?:[\w.]+[.:])?{re.escape(name)}["']""")
    for document, path, text in texts_with(connection, f'{name}"', f"{name}'"):
        places = [text.count("\n", 0, match.start()) + 1 for match in quoted.finditer(text)]
        yield from ((path, line) for line in places[1 if places and name in exports(connection, document) else 0 :])


def _unread(connection: Connection, item: Symbol) -> Iterator[str]:
    query = "SELECT document_id, path, error_line, error FROM code_files WHERE error != '' ORDER BY path"
    for document, path, line, reason in connection.execute(query):
        if documents_holding(connection, [document], item.name):
            yield f"{path} has its name and could not be read whole (line {line}: {reason})"


def _run_by_others(item: Symbol) -> Iterator[str]:
    if is_test(item.id) and item.name.lower().startswith(("test", "setup", "teardown")):
        yield "a test runner calls it"
