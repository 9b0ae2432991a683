"""What a reply may be asked to look like, and the constraint that holds it to that. Knows nothing of HTTP."""

from __future__ import annotations

from typing import Any, Literal

from ...errors import InputError
from ..constraints import constrain
from ..constraints.constraint import Constraint
from . import tools
from .text import ServedModel

Kind = Literal[
    "json",
    "json in any order",
    "regex",
    "choice",
    "grammar",
    "quote",
    "sentence",
    "table",
    "call",
    "calls",
    "call or json",
]
Form = tuple[Kind, Any]
"""A schema, with properties in its order or in any, a pattern, a list of texts, a Lark grammar, texts of which one
stretch is the reply, sentences of which one is, a table (``columns``, ``syntax``, ``rows``, ``patterns``), or tools:
one must be called, may be among free text, or may be where the reply is not JSON of a schema, which stands beside."""
_CONSTRAINTS: dict[Kind, str] = {
    "json": "json_schema",
    "regex": "regex",
    "choice": "choice",
    "grammar": "lark",
}
OBJECT: Form = "json", {"type": "object"}


def constraint(model: ServedModel, form: Form | None) -> Constraint | None:
    """Raises ``InputError`` for a form that cannot be kept."""
    if form is None:
        return None
    kind, value = form
    if kind in ("call", "calls"):
        return tools.constraint(model, value, held=kind == "call")
    if kind == "call or json":
        offered, schema = value
        return tools.constraint_beside(model, offered, schema)
    if kind == "json in any order":
        return constrain("json_schema", model.vocabulary, value, any_order=True)
    if kind in ("quote", "sentence"):
        return constrain(kind, model.vocabulary, [model.encode(text) for text in value])
    if kind == "table":
        columns, syntax = value["columns"], value.get("syntax", "markdown")
        least, most = value.get("rows", (1, 50))
        patterns = value.get("patterns")
        return constrain("table", model.vocabulary, columns, syntax, rows=(least, most), patterns=patterns)
    return constrain(_CONSTRAINTS[kind], model.vocabulary, value)


def only(*forms: Form | None) -> Form | None:
    """The one form that was asked for. Raises ``InputError`` when they contradict each other."""
    given = [form for form in forms if form is not None]
    if len(given) > 1:
        raise InputError("a reply can have one form", fix="demand a call of a tool or another form, not both")
    return given[0] if given else None
