"""One table of named things of a kind, each imported when it is first asked for.

Retrievers, embedders, drafters, constraints, languages, file formats and everything else that a user chooses by name
are entries of such a table; it stands in the ``__init__.py`` of their folder or in a file that is named for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from typing import Any

from .errors import NotFoundError


def check_name(kind: str, name: str, names: Collection[str], fix: str = "") -> None:
    """The one answer to an unknown name, also of tables whose entries are values. ``kind`` is what an entry is.

    Raises ``NotFoundError`` with the nearest of ``names``; where none is near with ``fix``, or else with all of them.
    """
    if name not in names:
        near = nearest(name, names)
        fix = "" if near else fix or f"choose one of {', '.join(names)}"
        raise NotFoundError(f"no {kind} has this name", where=name, fix=fix, suggestions=near)


def nearest(name: str, names: Collection[str]) -> tuple[str, ...]:
    """Those that a slip of the pen could have made ``name`` of, the nearest first; capitals make no difference."""
    folded = {known.casefold(): known for known in names}
    return tuple(folded[near] for near in get_close_matches(name.casefold(), folded, n=3))


@dataclass(frozen=True)
class Registry:
    """``entries`` maps names to ``module:attribute``, with modules relative to ``package``.

    >>> CODECS = Registry("codec", "json", {"reader": "decoder:JSONDecoder", "writer": "encoder:JSONEncoder"})
    >>> CODECS.load("reader").__name__
    'JSONDecoder'
    >>> CODECS.load("raeder")
    Traceback (most recent call last):
    ...
    evidentia.errors.NotFoundError: no codec has this name: raeder. Did you mean reader?
    """

    kind: str
    """What an entry is, as an error says it: "retriever"."""
    package: str
    entries: Mapping[str, str]

    def load(self, name: str) -> Any:
        """What the entry called ``name`` points to. Raises ``NotFoundError`` with the nearest names for another."""
        self.check(name)
        module, _, attribute = self.entries[name].partition(":")
        return getattr(import_module(f".{module}", self.package), attribute)

    def check(self, name: str) -> None:
        """Raises ``NotFoundError`` for a name that is not in the table, and imports nothing."""
        check_name(self.kind, name, self.entries)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.entries)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __len__(self) -> int:
        return len(self.entries)
