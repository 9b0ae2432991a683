"""Which definitions are tests, by the one definition of each language, and what is to be said where none is found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from sqlite3 import Connection

from ....corpus.texts import texts_with
from ..languages import family_of, language_of
from ..resolution.values import OUTSIDE
from ..symbols import Symbol, is_file_of_tests, is_of_tests

_SHOWN = 3


def tests_among(connection: Connection, items: Iterable[Symbol]) -> set[str]:
    """The ids of those that a runner of tests runs; no helper of tests."""
    known = {item.id: item for item in items if item.document}
    names = json.dumps(list(known))
    marks = dict(connection.execute(_DECORATORS, (names,)).fetchall())
    called: dict[str, list[str]] = {}
    for source, target in connection.execute(_CALLED, (names,)):
        called.setdefault(source, []).append(target.removeprefix(OUTSIDE))
    return {
        item.id
        for item in known.values()
        if (tests := language_of(item.file).tests) is not None
        and tests.has(
            item.name.rpartition(".")[2],
            item.label,
            placed=is_of_tests(item),
            decorators=str(marks.get(item.id, "")).split(),
            called=called.get(item.id, ()),
        )
    }


_DECORATORS = """SELECT name, decorators FROM code_nodes JOIN code_names USING (id)
    WHERE decorators != '' AND name IN (SELECT value FROM json_each(?))"""
_CALLED = """SELECT DISTINCT s.name, t.name FROM code_names s JOIN code_edges e ON e.source = s.id
    JOIN code_names t ON t.id = e.target
    WHERE s.name IN (SELECT value FROM json_each(?)) AND e.type = 'CALLS' AND t.name LIKE 'external:%'"""


def doubts_of_tests(connection: Connection, items: Sequence[Symbol]) -> tuple[str, ...]:
    """Why no test is known all the same: the language says none, or tests of another language have the name."""
    found: dict[str, None] = {}
    for item in items:
        language = language_of(item.file) if item.document else None
        if language is not None and language.tests is None and not language.definitions_only:
            found[f"the tests of {language.name} are not told from its other code"] = None
    places = [place for item in items[:1] if item.document for place in _named_elsewhere(connection, item)]
    if places:
        more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
        what = (
            "1 file of tests in another language has"
            if len(places) == 1
            else (f"{len(places)} files of tests in other languages have")
        )
        found[f"{what} its name: {', '.join(places[:_SHOWN])}{more}"] = None
    return tuple(found)


def _named_elsewhere(connection: Connection, item: Symbol) -> list[str]:
    """Files of tests in languages whose calls never lead to the definition, which name it."""
    word = re.compile(rf"(?<!\w){re.escape(item.name)}(?!\w)")
    family = family_of(item.file)
    read = dict(connection.execute("SELECT document_id, path FROM code_files"))
    return [
        path
        for document, path, text in texts_with(connection, item.name)
        if document in read and family_of(path) != family and is_file_of_tests(path) and word.search(text)
    ]
