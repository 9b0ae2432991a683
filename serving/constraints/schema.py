"""A reply that is JSON of a given schema (drafts 4 to 2020-12), enforced or refused, never half.

    read → check → rewrite to what the engine enforces → compile

Knows the way, not the steps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from ...errors import InputError
from .any_order import any_order_lark, gives_order, needed_names
from .given_schema import draft_of, read, unsupported_error
from .grammar import Vocabulary, grammar
from .json_guide import Json
from .json_place import Arrays
from .references import Node
from .rewriting import Rewriting

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

OPTIONS: JsonCompileOptions = {
    # At most a line break and its indentation: a model that may write white space for ever sometimes does.
    "whitespace_pattern": r"[ ]|\n[ ]{0,16}",
    # Every text has one spelling, so that no name can be written in a way that the schema does not know.
    "json_allowed_escapes": 'nrbtf\\"',
}


def json_schema(
    vocabulary: Vocabulary,
    schema: str | Node,
    given: Mapping[str, Node] | None = None,
    *,
    any_order: bool | Literal["auto"] = False,
) -> Json:
    """JSON of ``schema`` with the properties in its order, in one line or indented, without duplicate escapes.

    ``any_order``: properties may come in any order, but where ``propertyOrdering`` gives one, and in objects that are
    more than their properties (``any_order.py``); ``"auto"``: where nobody chose the schema's.
    ``given`` are further schemas by their address, for references that leave the document; nothing is fetched. Raises
    ``InputError``, which names the keyword and its place, for a schema that is invalid or that cannot be enforced.
    """
    root = read(schema)
    made, whole, rewriting = _rewritten(vocabulary, root, given or {})
    wanted = not gives_order(root) if any_order == "auto" else any_order
    return _in_any_order(vocabulary, made, whole, rewriting) if wanted else made


def embed_schema(vocabulary: Vocabulary, schema: str | Node) -> tuple[str, Arrays]:
    """What follows ``%json`` in a Lark grammar of which such JSON is a part, and what its guide must see to. Raises
    like ``json_schema``."""
    made, whole, _ = _rewritten(vocabulary, read(schema), {})
    return json.dumps({**whole, "x-guidance": OPTIONS}), made.arrays


Made = tuple[Json, dict[str, Any], Rewriting]
"""The constraint, the schema that its grammar was made from, and how that came to be."""


def _rewritten(vocabulary: Vocabulary, root: Node, given: Mapping[str, Node]) -> Made:
    try:
        return _compile(vocabulary, root, given, split=False)
    except InputError as error:
        if "oneOf" not in str(error):
            raise
    return _compile(vocabulary, root, given, split=True)


def _compile(vocabulary: Vocabulary, root: Node, given: Mapping[str, Node], *, split: bool) -> Made:
    rewriting = Rewriting(root, given, draft_of(root), split=split)
    found = rewriting.definition(root, "#")
    whole = _document(found, rewriting)
    made = grammar(vocabulary, _engine_s(whole))
    for where, narrowed in rewriting.narrowed:
        _refuse_nothing(vocabulary, _document(narrowed, rewriting), where)
    return Json(made, rewriting.differing), whole, rewriting


def _in_any_order(vocabulary: Vocabulary, made: Json, whole: dict[str, Any], rewriting: Rewriting) -> Json:
    """The same in any order, or ``made`` where the engine does not take that."""
    from llguidance import LLMatcher

    try:
        text = any_order_lark(whole, OPTIONS, rewriting.kept)
        return Json(grammar(vocabulary, LLMatcher.grammar_from_lark(text)), made.arrays, tuple(needed_names(whole)))
    except (InputError, ValueError):
        return made


def _document(node: Node, rewriting: Rewriting) -> dict[str, Any]:
    return {**(node if isinstance(node, dict) else {"anyOf": [node]}), "$defs": rewriting.definitions}


def _engine_s(schema: dict[str, Any]) -> str:
    from llguidance import LLMatcher

    return LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=OPTIONS)


def _refuse_nothing(vocabulary: Vocabulary, narrowed: dict[str, Any], where: str) -> None:
    """Raises ``InputError`` where what could be said of an alternative leaves nothing of it."""
    try:
        grammar(vocabulary, _engine_s(narrowed))
    except InputError as error:
        raise unsupported_error(
            "oneOf", where.rpartition("/oneOf")[0], why="its alternatives cannot be told apart"
        ) from error
