"""Where prose names code: passages that write the name of a symbol of the library as only code is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..code.resolution.values import OUTSIDE
from .quotes import Quotes

MOST = 3
"""Symbols that a name may mean; one that means more says too little."""
_NAME = re.compile(
    r"`([A-Za-z_][\w.]*)(?:\(\))?`|\b([A-Za-z_]\w*(?:\.\w+)+|[a-z]\w*_\w+|[A-Z]+[a-z]+[A-Z]\w*|[a-z]+[A-Z]\w*)\b"
)


def naming(quotes: Quotes) -> Iterator[tuple[str, str]]:
    """``(passage, symbol)`` by their ids in the projection, each pair once."""
    ends = _symbols(quotes)
    if not ends:
        return
    for row in range(len(quotes.graph.documents)):
        uri = quotes.uri(row)
        for start, end, *_ in quotes.prose(row):
            found: dict[str, None] = {}
            for match in _NAME.finditer(quotes.slice(row, start, end)):
                found.update(dict.fromkeys(_meanings(ends, (match[1] or match[2]).strip("."))))
            for symbol in found:
                yield f"passage:{uri}#{start}", symbol
        quotes.forget(row)


def _symbols(quotes: Quotes) -> dict[str, list[str]]:
    """Ids of definitions by their last part."""
    found: dict[str, list[str]] = {}
    rows = quotes.store.connection.execute(
        "SELECT name FROM code_names WHERE id IN (SELECT id FROM code_nodes) ORDER BY name"
    )
    for (name,) in rows:
        if not name.startswith(OUTSIDE):
            found.setdefault(name.rpartition(".")[2].partition("#")[0], []).append(name)
    return found


def _meanings(ends: dict[str, list[str]], name: str) -> list[str]:
    alike = ends.get(name.rpartition(".")[2], [])
    found = [symbol for symbol in alike if symbol == name or symbol.endswith(f".{name}")]
    return found if len(found) <= MOST else []
