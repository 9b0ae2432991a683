"""What the documents say of code: where a symbol is documented, and which documents a change may have made untrue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...corpus.document import Evidence
from ..code.questions.changes import Changes, changes_since, unchanged_files
from ..code.symbols import find, without_tests
from .code_names import SymbolMention, mentions_of_symbols
from .quotes import Quotes

MEANT = 3
"""Symbols of one name that are looked for."""


@dataclass(frozen=True, slots=True)
class Documented:
    symbol: str
    evidence: Evidence
    headed: bool
    """It stands below a heading that names the symbol."""


@dataclass(frozen=True, slots=True)
class StaleDocumentation:
    changes: Changes
    found: tuple[Documented, ...]
    """Passages of documents that have not changed since then."""
    edited: tuple[str, ...]
    """Names of documents that name what has changed, and have changed since then themselves."""


def find_documentation(quotes: Quotes, name: str) -> list[Documented]:
    """The passages that name a symbol, those below a heading of that name first. Raises ``NotFoundError`` for a name
    that the code graph does not know."""
    found = without_tests(find(quotes.store.connection, name.strip("`")))[:MEANT]
    return _quote_mentions(quotes, mentions_of_symbols(quotes, [item.id for item in found]))


def stale(quotes: Quotes, revision: str) -> StaleDocumentation:
    """What names a definition that differs from a git revision, or is gone since. Raises ``InputError`` where no added
    folder lies in a git repository, ``NotFoundError`` for a revision that does not exist."""
    changes = changes_since(quotes.store.connection, revision)
    symbols = {row.symbol.id for row in changes.rows} | set(changes.removed)
    mentions = mentions_of_symbols(quotes, symbols)
    rows = sorted({one.row for one in mentions})
    same = unchanged_files(revision, [quotes.uri(row) for row in rows])
    kept = [one for one in mentions if quotes.uri(one.row) in same]
    edited = tuple(quotes.name(row) for row in rows if quotes.uri(row) not in same)
    return StaleDocumentation(changes, tuple(_quote_mentions(quotes, kept)), edited)


def _quote_mentions(quotes: Quotes, mentions: Sequence[SymbolMention]) -> list[Documented]:
    """One quote for each symbol and passage; no sentence twice."""
    found: list[Documented] = []
    said: set[tuple[str, str, int]] = set()
    for one in mentions:
        evidence = quotes.around(one.row, one.start, f"names {one.symbol}")
        place = (one.symbol, quotes.uri(one.row), evidence.span.start if evidence.span else -1)
        if place not in said:
            said.add(place)
            found.append(Documented(one.symbol, evidence, one.headed))
    return found
