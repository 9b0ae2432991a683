"""What a reply may look like, by kind: schemas, patterns, grammars, choices, and the user's own texts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...errors import NotFoundError

if TYPE_CHECKING:
    from .base import Constraint
    from .grammar import Vocabulary

CONSTRAINTS = {
    "json_schema": "schema:json_schema",
    "regex": "text:regex",
    "lark": "text:lark",
    "choice": "text:choice",
    "table": "tables:table",
    "quote": "corpus:quote",
    "sentence": "corpus:sentence",
    "texts": "corpus:Within",
}
"""Kind -> ``module:factory``; a factory takes the vocabulary and what the kind needs."""


def constrain(kind: str, vocabulary: Vocabulary, *what: Any, **how: Any) -> Constraint:
    """The constraint of a kind, for instance ``constrain("regex", vocabulary, "[0-9]+")``.

    Raises ``NotFoundError`` for an unknown kind, ``InputError`` for what cannot be enforced.
    """
    if kind not in CONSTRAINTS:
        raise NotFoundError(f"there is no constraint {kind}", fix=f"use one of {', '.join(CONSTRAINTS)}")
    module, factory = CONSTRAINTS[kind].split(":")
    made: Constraint = getattr(import_module(f".{module}", __name__), factory)(vocabulary, *what, **how)
    return made
