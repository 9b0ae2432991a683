"""What a reply may look like, by kind: schemas, patterns, grammars, choices, and the user's own texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...registry import Registry

if TYPE_CHECKING:
    from .constraint import Constraint
    from .grammar import Vocabulary

CONSTRAINTS = Registry(
    "constraint",
    __name__,
    {
        "json_schema": "schema:json_schema",
        "regex": "text:regex",
        "lark": "text:lark",
        "choice": "text:choice",
        "table": "tables:table",
        "quote": "verbatim:quote",
        "sentence": "verbatim:sentence",
        "texts": "verbatim:Within",
    },
)
"""Each entry is a factory, which takes the vocabulary and what its kind needs."""


def constrain(kind: str, vocabulary: Vocabulary, *what: Any, **how: Any) -> Constraint:
    """The constraint of a kind, for instance ``constrain("regex", vocabulary, "[0-9]+")``.

    Raises ``NotFoundError`` for an unknown kind, ``InputError`` for what cannot be enforced.
    """
    made: Constraint = CONSTRAINTS.load(kind)(vocabulary, *what, **how)
    return made
