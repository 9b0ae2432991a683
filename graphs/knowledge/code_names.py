"""Where prose names code: passages that write the name of a symbol of the library as only code is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ...corpus.texts import texts_with
from ..code.resolution.values import OUTSIDE
from .quotes import Quotes

MOST = 3
"""Symbols that a name may mean; one that means more says too little."""
_NAME = re.compile(
    r"`([A-Za-z_][\w.]*)(?:\(\))?`|\b([A-Za-z_]\w*(?:\.\w+)+|[a-z]\w*_\w+|[A-Z]+[a-z]+[A-Z]\w*|[a-z]+[A-Z]\w*)\b"
)


@dataclass(frozen=True, slots=True)
class SymbolMention:
    """A passage of ``row`` names ``symbol`` for the first time at ``start``."""

    row: int
    passage: int
    """Its number in the document."""
    start: int
    symbol: str
    headed: bool
    """The passage stands below a heading that names it."""


def naming(quotes: Quotes) -> Iterator[tuple[str, str]]:
    """``(passage, symbol)`` by their ids in the projection, each pair once."""
    ends = _symbols(quotes)
    if not ends:
        return
    for row in range(len(quotes.graph.documents)):
        uri = quotes.uri(row)
        for start, end, *_ in quotes.prose(row):
            for symbol in _named_in(quotes.slice(row, start, end), ends):
                yield f"passage:{uri}#{start}", symbol
        quotes.forget(row)


def mentions_of_symbols(quotes: Quotes, symbols: Collection[str]) -> list[SymbolMention]:
    """Every passage that names one of these, by their ids: those below a heading that does so first."""
    last = {symbol.rpartition(".")[2].partition("#")[0] for symbol in symbols}
    ends = {name: found for name, found in _symbols(quotes).items() if name in last}
    # What is gone from the code is meant by its name.
    for symbol in symbols:
        ends.setdefault(symbol.rpartition(".")[2].partition("#")[0], [symbol])
    wanted, found = set(symbols), []
    for document, *_ in texts_with(quotes.store.connection, *sorted(last)) if last else ():
        row = quotes.row_of(document)
        for start, end, _, heading in quotes.prose(row) if row >= 0 else ():
            number = quotes.number_of(row, start)
            for symbol, at in _named_in(quotes.slice(row, start, end), ends).items():
                if symbol in wanted:
                    headed = symbol in _named_in(heading, ends)
                    found.append(SymbolMention(row, number, start + at, symbol, headed))
    return sorted(found, key=lambda one: (not one.headed, one.row, one.start, one.symbol))


def _named_in(text: str, ends: dict[str, list[str]]) -> dict[str, int]:
    """The symbols that a text names, each with its first place."""
    found: dict[str, int] = {}
    for match in _NAME.finditer(text):
        for symbol in _meanings(ends, (match[1] or match[2]).strip(".")):
            found.setdefault(symbol, match.start())
    return found


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
