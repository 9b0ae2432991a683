"""Schemas and values that nobody thought of: what is written is valid, and what is given is enforced or refused."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.schema import json_schema
from evidentia.serving.constraints.supported import KINDS


def written(words: Vocabulary, schema: Any, chance: random.Random, *, any_order: bool = False) -> bytes | None:
    """A reply drawn under the schema, with a liking for signs that end things; ``None`` when it does not end in time."""
    guide, reply = json_schema(words, schema, any_order=any_order).start(), bytearray()
    for _ in range(120):
        choices = np.flatnonzero(guide.mask()).tolist()
        if choices == [1] or (1 in choices and chance.random() < 0.4):
            return bytes(reply)
        spelled = {words.tokenizer.decode_bytes([token]): token for token in choices if token != 1}
        liked = [letter for letter in spelled if letter in b'"}],:ab[{1.0x']
        letter = chance.choice(liked if liked and chance.random() < 0.75 else list(spelled))
        guide.advance(spelled[letter])
        reply += letter
    return None


SOME = 200
NAMES = st.sampled_from(["a", "b", "ab", "c\n", "x"])
LEAVES = st.one_of(
    st.booleans(),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "integer", "number", "null", "boolean", "array", "object"])}
    ),
    st.fixed_dictionaries({"enum": st.lists(st.sampled_from([1, 2.5, "a", "", None, True]), min_size=1, max_size=3)}),
    st.fixed_dictionaries({}, optional={"minimum": st.integers(-3, 9), "exclusiveMaximum": st.integers(0, 12)}),
    st.fixed_dictionaries(
        {"pattern": st.sampled_from(["^a", "b$", "^a|b$", "[^a]", "^\\d+$", "^\\S+$", ".", "x{2,3}?"])}
    ),
    st.fixed_dictionaries({}, optional={"minLength": st.integers(0, 2), "maxLength": st.integers(0, 3)}),
    st.fixed_dictionaries({"required": st.lists(NAMES, max_size=2, unique=True)}),
)
KEYWORDS = {
    "properties": lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=2),
    "patternProperties": lambda inner: st.dictionaries(st.sampled_from(["^a", "b$", "^x+$"]), inner, max_size=1),
    "additionalProperties": lambda inner: inner,
    "unevaluatedProperties": lambda inner: inner,
    "dependentSchemas": lambda inner: st.dictionaries(NAMES, inner, max_size=1),
    "items": lambda inner: inner,
    "prefixItems": lambda inner: st.lists(inner, min_size=1, max_size=2),
    "allOf": lambda inner: st.lists(inner, min_size=1, max_size=2),
    "anyOf": lambda inner: st.lists(inner, min_size=1, max_size=2),
    "oneOf": lambda inner: st.lists(inner, min_size=1, max_size=3),
    "not": lambda inner: inner,
    "if": lambda inner: inner,
    "then": lambda inner: inner,
    "else": lambda inner: inner,
}
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.fixed_dictionaries({}, optional={key: make(inner) for key, make in KEYWORDS.items()}),
    max_leaves=6,
)


@given(schema=SCHEMAS, seed=st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_under_a_schema_is_valid(words: Vocabulary, schema: Any, seed: int) -> None:
    validators = pytest.importorskip("jsonschema_rs")
    try:
        reply = written(words, schema, random.Random(seed))
    except InputError:
        return
    if reply is None or "Infinity" in json.dumps(json.loads(reply)):
        return
    assert validators.Draft202012Validator(schema).is_valid(json.loads(reply)), reply


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(["string", "#", "a", "^a", "#/not"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([*KEYWORDS, *KINDS]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(schema=VALUES)
@example(schema={"anyOf": [3], "unevaluatedItems": False})
@example(schema={"dependentSchemas": 1, "unevaluatedProperties": False})
@settings(max_examples=SOME, deadline=None)
def test_whatever_is_given_as_a_schema_is_enforced_or_refused_in_one_sentence(words: Vocabulary, schema: Any) -> None:
    sentence = ""
    try:
        json_schema(words, schema)
    except InputError as error:
        sentence = str(error)
    assert "\n" not in sentence
