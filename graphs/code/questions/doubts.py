"""Why an answer may have more rows than the graph knows: the places where it stops seeing, each with its reason.

"Nothing calls it" may be said only of a symbol without doubts, and so may every other "none".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from ....corpus.texts import documents_holding, named_text, texts_with
from ..facts import CLASS, EXTERNAL, FIELD, FUNCTION, GLOBAL, METHOD
from ..languages import family_of, language_of
from ..left_out import lines_left_out
from ..resolution.incomplete import COMPUTED_BASE, COMPUTED_IMPORT, UNKNOWN_RAISE
from ..resolution.values import OUTSIDE
from ..storage import exports, mentioning
from ..symbols import Symbol, is_of_tests
from ..unread import doubts_beyond
from .tested import tests_among

_SHOWN = 3
"""Places that are named; the others are counted."""
_Place = tuple[str, int]


def doubts(connection: Connection, item: Symbol, *, unused: bool = False) -> tuple[str, ...]:
    """Sentences, each with its first places; empty where every call that there may be is known. ``unused``: where no
    call was found, texts that name the symbol are looked for, too."""
    if item.label not in (CLASS, FUNCTION, METHOD):
        return doubts_of_name(connection, item, unused=unused)
    name, passed = item.name, _places_passed_on(connection, item)
    kept = [*_kept_by_decorators(connection, item), *_kept_by_bases(connection, item)]
    family = _Family(connection, item)
    anyhow = passed or kept or name == language_of(item.file).naming.invoked
    taken = family.gaps("g.name = ?", f".{name}") if item.label == METHOD else []
    found = [
        _sentence(family.gaps("g.name = ?", name), "call", f"of {name} of an object of unknown type"),
        _sentence(passed, "place", "where it is passed on and may be called from"),
        _sentence(taken, "place", f"where {name} of an object of unknown type is used or passed on"),
        _sentence(family.gaps("g.name LIKE '%*' AND ? GLOB g.name", name), "call", "of a computed name"),
        _sentence(family.gaps("g.name = ''") if anyhow else [], "call", "of an unknown function"),
        _sentence(_bare_calls(connection, item), "call", f"of a {name} that its file does not explain"),
        _sentence(_texts(connection, name) if unused else [], "text", "that names it"),
    ]
    sentences = [sentence for sentence in found if sentence]
    beyond = doubts_beyond(connection, name) if unused else ()
    return (*sentences, *kept, *_unread(connection, item), *beyond, *_run_by_others(connection, item), *unseen(item))


def doubts_of_name(connection: Connection, item: Symbol, *, unused: bool = True) -> tuple[str, ...]:
    """Doubts about what names it: the code that could not be read and holds its name."""
    beyond = doubts_beyond(connection, _last(item)) if unused else ()
    places = _attributes_of_that_name(connection, item) if item.label in (FIELD, GLOBAL) else ()
    found = _sentence(places, "place", f"where {item.name} of an object of unknown type may be used")
    return (*([found] if found else []), *_unread(connection, item), *beyond, *unseen(item))


def _attributes_of_that_name(connection: Connection, item: Symbol) -> Iterator[_Place]:
    """Lines that take an attribute of that name, of which no edge says what it is."""
    attribute = re.compile(rf"(?:\.|->|::){re.escape(item.name)}\b(?!\s*\()")
    family = family_of(item.file)
    query = """SELECT e.line FROM code_edges e JOIN code_names t ON t.id = e.target
        WHERE e.document_id = ? AND t.last = ?"""
    for document in mentioning(connection, item.name):
        found = named_text(connection, document)
        if found is None or family_of(found.name) != family:
            continue
        known = {row[0] for row in connection.execute(query, (document, item.name))}
        lines = {found.text.count("\n", 0, place.start()) + 1 for place in attribute.finditer(found.text)}
        yield from ((found.name, line) for line in sorted(lines - known))


def doubts_below(connection: Connection, item: Symbol, *, unused: bool = True) -> tuple[str, ...]:
    """Doubts about what inherits from a class or stands in for a method: bases of some classes are computed."""
    if item.label not in (CLASS, METHOD, EXTERNAL):
        return doubts_of_name(connection, item, unused=unused)
    query = """SELECT f.path, g.line, n.name FROM code_gaps g JOIN code_files f USING (document_id)
        JOIN code_names n ON n.id = g.source WHERE g.name = ? ORDER BY f.path, g.line"""
    family = family_of(item.file) if item.document else ""
    places = [
        (path, line)
        for path, line, name in connection.execute(query, (COMPUTED_BASE,)).fetchall()
        if (not family or family_of(path) == family)
        and name != item.id
        and (item.label != METHOD or _defines(connection, f"{name}.{item.name}"))
    ]
    found = _sentence(places, "class", "with a base that is computed")
    return (*([found] if found else []), *doubts_of_name(connection, item, unused=unused))


def doubts_of_imports(connection: Connection, item: Symbol, *, unused: bool = True) -> tuple[str, ...]:
    """Doubts about what imports it."""
    found = _sentence(_Family(connection, item).gaps("g.name = ?", COMPUTED_IMPORT), "import", "of a computed name")
    return (*([found] if found else []), *doubts_of_name(connection, item, unused=unused))


def doubts_of_raises(connection: Connection, item: Symbol, gap: str, *, unused: bool = True) -> tuple[str, ...]:
    """Doubts about what raises it. ``gap``: the name of the gaps that are raises."""
    found = _sentence(_Family(connection, item).gaps("g.name = ?", gap), "raise", "of an unknown exception")
    return (*([found] if found else []), *doubts_of_name(connection, item, unused=unused))


def doubts_inside(connection: Connection, item: Symbol, gap: str = "") -> tuple[str, ...]:
    """Doubts about what it does itself: its file could not be read whole, or some of it cannot be followed.
    ``gap``: the name of the gaps that count; without one, those that are calls."""
    condition = "g.name = ?" if gap else f"? = '' AND {_NOT_SHOWN}"
    query = f"""SELECT f.path, g.line FROM code_gaps g JOIN code_files f USING (document_id)
        WHERE {condition} AND g.source = (SELECT id FROM code_names WHERE name = ?) ORDER BY f.path, g.line"""  # noqa: S608
    found = _sentence(connection.execute(query, (gap, item.id)), _WHAT[gap], "in it that cannot be followed")
    return (*([found] if found else []), *doubts_of_file(connection, item))


_NOT_SHOWN = """g.name NOT LIKE ':%' AND g.name NOT LIKE '.%' AND NOT EXISTS (SELECT 1 FROM code_edges e
    JOIN code_names t ON t.id = e.target WHERE e.source = g.source AND e.type = 'CALLS' AND e.line = g.line
    AND t.name = 'external:*.' || g.name)"""
"""Calls that are no rows of their own, by the name of a method."""
_WHAT = {"": "call", COMPUTED_IMPORT: "import", COMPUTED_BASE: "base", UNKNOWN_RAISE: "raise"}


def doubts_of_file(connection: Connection, item: Symbol) -> tuple[str, ...]:
    query = "SELECT path, error_line, error FROM code_files WHERE document_id = ? AND error != ''"
    return (*map(_not_whole, connection.execute(query, (item.document,))), *unseen(item))


def doubts_of_cycles(connection: Connection) -> tuple[str, ...]:
    """Doubts about imports that are run while a module is imported."""
    early = "g.name = ? AND g.source IN (SELECT id FROM code_nodes WHERE label = 'MODULE')"
    found = _sentence(_gaps(connection, early, COMPUTED_IMPORT), "import", "of a computed name")
    return (*([found] if found else []), *doubts_of_library(connection))


def doubts_of_library(connection: Connection) -> tuple[str, ...]:
    """Doubts about all code that more is read of than its definitions: the files that could not be read whole."""
    query = "SELECT path, error_line, error FROM code_files WHERE error != '' ORDER BY path"
    rows = [row for row in connection.execute(query) if not language_of(row[0]).definitions_only]
    files = list(map(_not_whole, rows))
    more = len(files) - _SHOWN
    return (*files[:_SHOWN], *((f"{more} more files could not be read whole",) if more > 0 else ()))


def _not_whole(row: tuple[str, int, str]) -> str:
    return f"{row[0]} could not be read whole (line {row[1]}: {row[2]})"


def _defines(connection: Connection, name: str) -> bool:
    query = "SELECT 1 FROM code_nodes JOIN code_names USING (id) WHERE name = ?"
    return connection.execute(query, (name,)).fetchone() is not None


def _last(item: Symbol) -> str:
    """The last part of its name: that of a module is dotted."""
    return item.name.rpartition(".")[2].partition("#")[0]


def unseen(item: Symbol) -> tuple[str, ...]:
    """What is not known of a symbol, by its language alone."""
    if not item.document or not language_of(item.file).definitions_only:
        return ()
    return (f"of {language_of(item.file).name} only the definitions are read, no calls, imports or bases",)


def _sentence(places: Iterable[_Place], what: str, rest: str) -> str:
    where = list(dict.fromkeys(f"{path}:{line}" for path, line in places))
    more = f" and {len(where) - _SHOWN} more" if len(where) > _SHOWN else ""
    ending = "" if len(where) == 1 else "es" if what.endswith("s") else "s"
    return f"{len(where)} {what}{ending} {rest}: {', '.join(where[:_SHOWN])}{more}" if where else ""


def _gaps(connection: Connection, condition: str, *values: str) -> list[_Place]:
    query = f"""SELECT f.path, g.line FROM code_gaps g JOIN code_files f USING (document_id)
        WHERE {condition} ORDER BY f.path, g.line"""  # noqa: S608
    return connection.execute(query, values).fetchall()


@dataclass(frozen=True, slots=True)
class _Family:
    """The gaps in files of the languages that can mean ``item`` by its name."""

    connection: Connection
    item: Symbol

    def gaps(self, condition: str, *values: str) -> list[_Place]:
        family = family_of(self.item.file) if self.item.document else ""
        return [
            place for place in _gaps(self.connection, condition, *values) if not family or family_of(place[0]) == family
        ]


def _bare_calls(connection: Connection, item: Symbol) -> list[_Place]:
    """Calls of the same name that no import or definition explains."""
    if item.label == METHOD and not language_of(item.file).naming.implicit:
        return []  # a bare name is no method there
    query = """SELECT f.path, e.line FROM code_edges e JOIN code_files f USING (document_id)
        WHERE e.type = 'CALLS' AND e.target = (SELECT id FROM code_names WHERE name = ?) ORDER BY f.path, e.line"""
    family = family_of(item.file)
    rows = connection.execute(query, (f"{OUTSIDE}{item.name}",)).fetchall()
    return [place for place in rows if family_of(place[0]) == family]


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
            if name.rpartition(".")[2].lower() not in _HARMLESS:
                yield f"{name.removeprefix('*.')} decorates it and may keep it"


_HARMLESS = frozenset(
    """
    property cached_property setter getter deleter staticmethod classmethod abstractmethod abstractproperty overload
    override final wraps lru_cache cache contextmanager asynccontextmanager dataclass total_ordering unique
    runtime_checkable deprecated singledispatch singledispatchmethod suppresswarnings safevarargs functionalinterface
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
    family = family_of(item.file) if item.document else ""
    for document, path, line, reason in connection.execute(query):
        if family and family_of(path) != family:
            continue  # no name of one language means anything of another
        left_out, name = lines_left_out(reason), _last(item)
        held = documents_holding(connection, [document], name)
        if held and (not left_out or _stands_in(connection, document, name, left_out)):
            yield f"{path} has its name and could not be read whole (line {line}: {reason})"


def _stands_in(connection: Connection, document: int, name: str, lines: Sequence[range]) -> bool:
    found = named_text(connection, document)
    text = found.text.split("\n") if found is not None else []
    return any(name in line for each in lines for line in text[each.start - 1 : each.stop - 1])


def _run_by_others(connection: Connection, item: Symbol) -> Iterator[str]:
    prepares = is_of_tests(item) and item.name.lower().startswith(("setup", "teardown"))
    if prepares or tests_among(connection, [item]):
        yield "a test runner calls it"
