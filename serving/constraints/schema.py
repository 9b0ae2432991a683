"""A reply that is JSON of a given schema (drafts 4 to 2020-12), enforced or refused, never half.

    read → check → rewrite to what the engine enforces → compile

Knows the way, not the steps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from .grammar import Vocabulary, grammar
from .json_guide import Json
from .json_place import Arrays
from .reading import draft_of, read, unsupported_error
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


def json_schema(vocabulary: Vocabulary, schema: str | Node, given: Mapping[str, Node] | None = None) -> Json:
    """JSON of ``schema`` with the properties in its order, in one line or indented, without duplicate escapes.

    ``given`` are further schemas by their address, for references that leave the document; nothing is fetched. Raises
    ``InputError``, which names the keyword and its place, for a schema that is invalid or that cannot be enforced.
    """
    return _rewritten(vocabulary, read(schema), given or {})[0]


def embed_schema(vocabulary: Vocabulary, schema: str | Node) -> tuple[str, Arrays]:
    """What follows ``%json`` in a Lark grammar of which such JSON is a part, and what its guide must see to. Raises
    like ``json_schema``."""
    made, whole = _rewritten(vocabulary, read(schema), {})
    return json.dumps({**whole, "x-guidance": OPTIONS}), made.arrays


def _rewritten(vocabulary: Vocabulary, root: Node, given: Mapping[str, Node]) -> tuple[Json, dict[str, Any]]:
    try:
        return _compile(vocabulary, root, given, split=False)
    except InputError as error:
        if "oneOf" not in str(error):
            raise
    return _compile(vocabulary, root, given, split=True)


def _compile(
    vocabulary: Vocabulary, root: Node, given: Mapping[str, Node], *, split: bool
) -> tuple[Json, dict[str, Any]]:
    """The constraint, and the schema that its grammar was made from."""
    rewriting = Rewriting(root, given, draft_of(root), split=split)
    found = rewriting.definition(root, "#")
    whole = _document(found, rewriting)
    made = grammar(vocabulary, _engine_s(whole))
    for where, narrowed in rewriting.narrowed:
        _refuse_nothing(vocabulary, _document(narrowed, rewriting), where)
    return Json(made, rewriting.differing), whole


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
