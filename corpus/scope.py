"""Which documents a question is about: folders, files or patterns, named by the asker (``in:docs``, ``where="docs/"``).

A scope is held by a view of the store, so that every search of that view keeps to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from ..errors import InputError, NotFoundError
from .cancellation import check
from .store import Store

Where = str | Iterable[str]
"""One folder, file or pattern, or several."""

MOST = 50
"""Names in one scope."""
_NAMED = re.compile(r"(?<!\S)in:(?:\"([^\"]+)\"|(\S*[^\s?.,;!]))")

IN_SCOPE = "document_id IN (SELECT value FROM json_each(?))"
"""A condition on passages; its value is ``Scope.ids``."""


@dataclass(frozen=True, slots=True)
class Scope:
    where: tuple[str, ...]
    """As they were named."""
    documents: frozenset[int]
    of: int
    """How many documents the library holds."""

    @property
    def ids(self) -> str:
        return json.dumps(sorted(self.documents))

    def __str__(self) -> str:
        return f"{', '.join(self.where)} ({len(self.documents):,} of {self.of:,} documents)"


def scope_to(store: Store, where: Sequence[str]) -> Store:
    """Gives the store itself without ``where``, else a view of it that holds those documents alone.

    Raises ``NotFoundError`` when a name fits no document, ``InputError`` for more than ``MOST``.
    """
    if not where:
        return store
    if len(where) > MOST:
        raise InputError(
            f"{len(where):,} folders or patterns, more than {MOST}", fix="name a folder above them, or ask for a part"
        )
    rows = store.connection.execute("SELECT id, uri, name FROM documents").fetchall()
    found: set[int] = set()
    for one in where:
        check()
        fitting = {key for key, uri, name in rows if _fits(one, uri, name)}
        if not fitting:
            raise NotFoundError("no document lies there", where=one, fix="run: evidentia status")
        found |= fitting
    view = copy(store)
    view.scope = Scope(tuple(where), frozenset(found), len(rows))
    return view


def _fits(where: str, uri: str, name: str) -> bool:
    """Whether the scope holds a document, by its path or display name: the file itself, a folder above it at any depth,
    a pattern."""
    wanted = where.removeprefix("./").strip("/")
    if set(wanted) & set("*?["):
        return fnmatch(name, wanted) or fnmatch(name, f"*/{wanted}")
    inside = f"/{name}/".casefold()
    return f"/{wanted}/".casefold() in inside or f"{uri}/".startswith(
        f"{Path(where).expanduser().as_posix().rstrip('/')}/"
    )


def named_scopes(question: str) -> tuple[str, tuple[str, ...]]:
    """Takes every ``in:folder`` out of a question: the question that is left, and what they name."""
    found = tuple(quoted or bare for quoted, bare in _NAMED.findall(question))
    return (" ".join(_NAMED.sub(" ", question).split()).replace(" ?", "?"), found) if found else (question, ())
