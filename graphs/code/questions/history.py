"""Who changed the file of a symbol, and which files changed with it: what the git repository says that it lies in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

from ....corpus.catalog import documents_called
from ....corpus.store import Store
from ....corpus.texts import names_of, uri_of
from ...git.commits import commits
from ...git.history import MOST_FILES, repository
from ..index import CodeGraph
from ..symbols import Symbol
from . import verbs
from .changes import last_change
from .verbs import CodeAnswer, CodeRow

_SHOWN = 10
_LEAST = 2
"""Commits that touched both files."""
_LEFT_OUT = f"merges and commits of more than {MOST_FILES} files are not counted"


def history(graph: CodeGraph, name: str) -> list[CodeAnswer]:
    """The history of the likeliest symbol of that name: the last commit, the authors and the co-changed files, by the
    commits of its file. One answer without rows where the file lies in no repository."""
    item = _file(graph.store, name) or verbs.definition(graph, name)[0].symbol
    change = last_change(graph.store.connection, item) if item.document else None
    if change is None:
        return [CodeAnswer("history", item, (), "", notes=("no commit of its file is known",))]
    authors, files = _count(graph.store.connection, item)
    sections = [
        CodeAnswer("last change", item, (change,), ""),
        CodeAnswer("authors", item, tuple(authors), "", notes=(_LEFT_OUT,)),
        CodeAnswer("co-changed files", item, tuple(files), ""),
    ]
    return [one for one in sections if one.rows]


def _file(store: Store, name: str) -> Symbol | None:
    """A document of any kind that is meant by its path or, where that tells it, by its file's name."""
    if "/" not in name and not _FILE.search(name):
        return None
    plain = name.strip().removeprefix("./").lstrip("/")
    rows = documents_called(store, plain, 2)
    if not rows or ("/" not in plain and len(rows) > 1):
        return None
    key, path = rows[0].key, rows[0].name
    return Symbol(path, "FILE", path, file=path, document=key, line=1, end_line=1, signature="", doc="")


_FILE = re.compile(r"[\w-]\.[A-Za-z]\w{0,4}$")


def _count(connection: Connection, item: Symbol) -> tuple[list[CodeRow], list[CodeRow]]:
    uri = uri_of(connection, item.document) or ""
    top = repository(Path(uri).parent)
    touching = [one for one in commits(top[0]) if uri in one.paths] if top else []
    authors = Counter(one.author for one in touching)
    together = Counter(path for one in touching for path in one.paths if path != uri)
    names = dict(names_of(connection).values())

    def rows(label: str, found: Counter[str], least: int) -> Iterator[CodeRow]:
        for one, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]:
            if count >= least:
                name = (
                    one
                    if label == "AUTHOR"
                    else names.get(one, one.removeprefix(f"{top[0].as_posix()}/" if top else ""))
                )
                symbol = Symbol(name, label, name, file="", document=0, line=0, end_line=0, signature="", doc="")
                note = f"{count} of {len(touching)} commit{'s' if len(touching) > 1 else ''}"
                yield CodeRow(symbol, "", "exact", line=0, lines=(), document=0, note=note)

    return [*rows("AUTHOR", authors, 1)], [*rows("FILE", together, _LEAST)]
