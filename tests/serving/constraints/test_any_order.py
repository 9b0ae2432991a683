"""Properties in any order: each once, all that are required, and nothing that the schema does not allow."""

from __future__ import annotations

import itertools
import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.constraints.any_order import any_order_lark, gives_order
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.schema import json_schema

from .test_constraint_any_schema import SCHEMAS
from .test_constraint_any_schema import written as drawn
from .test_constraint_schema import ENFORCED
from .test_json_guide import BOOK, LETTERS, written

TREE = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"value": {"type": "integer"}, "left": {"$ref": "#/$defs/node"}, "right": {"type": "null"}},
            "required": ["value"],
            "additionalProperties": False,
        }
    },
    "$ref": "#/$defs/node",
}


def spelled(value: Any) -> list[str]:
    return [json.dumps(value, ensure_ascii=False, indent=indent) for indent in (None, 2)]


def test_properties_come_in_any_order_each_once_and_all_that_are_required(words: Vocabulary, accepts: Any) -> None:
    constraint = json_schema(words, BOOK, any_order=True)
    book = {"title": "T", "year": 3, "kind": "book", "tags": ["a", "b"], "price": 1.5}
    for order in itertools.permutations(book):
        assert accepts(constraint, json.dumps({name: book[name] for name in order}))
    for left_out in book:
        text = json.dumps({name: value for name, value in book.items() if name != left_out})
        assert accepts(constraint, text) == (left_out == "tags")
    for wrong in ({**book, "more": 1}, {**book, "year": "3"}, {}, {**book, "tags": ["a", "a"]}):
        assert not accepts(constraint, json.dumps(wrong))
    assert not accepts(constraint, '{"title": "a", "title": "b", "year": 3, "kind": "book", "price": 1}')
    assert not accepts(constraint, json.dumps(book)[:-1] + ", }")


def test_without_it_the_order_is_the_schemas(words: Vocabulary, accepts: Any) -> None:
    assert not accepts(json_schema(words, BOOK), '{"year": 3, "title": "T", "kind": "book", "price": 1}')


def test_an_order_that_the_schema_gives_is_kept_for_its_object_alone(words: Vocabulary, accepts: Any) -> None:
    pair = {"properties": {"b": {"type": "integer"}, "a": {"type": "integer"}}, "type": "object"}
    schema = {
        "type": "object",
        "properties": {"one": {**pair, "propertyOrdering": ["a", "b"]}, "other": {**pair, "required": ["b"]}},
    }
    constraint = json_schema(words, schema, any_order=True)
    assert accepts(constraint, '{"other": {"b": 1}, "one": {"a": 1, "b": 2}}')
    assert not accepts(constraint, '{"other": {"b": 1}, "one": {"b": 1, "a": 2}}')


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        (TREE, ['{"left": {"right": null, "value": 1}, "value": 2}'], ['{"left": {"right": null}, "value": 2}']),
        (
            {"type": "array", "items": {"properties": {"a": True, "b": True}, "required": ["a"]}, "minItems": 2},
            ['[{"b": 1, "a": 2}, {"a": 1, "b": 2}]', '[{"b": 1, "a": 2}, 3, "x"]'],
            ['[{"b": 1, "a": 2}]', '[{"a": 1}, {"b": 2}]'],
        ),
        (
            {"properties": {"a": True, "b": True, "c": True}, "anyOf": [{"required": ["a"]}, {"required": ["c"]}]},
            ['{"c": 1, "b": 2}', '{"b": 1, "a": 2}', "3"],
            ['{"b": 1}', "{}"],
        ),
        (
            {
                "allOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["b"]}],
                "properties": {"b": True, "a": {"minimum": 2}},
                "type": "object",
            },
            ['{"a": 2, "b": 1}', '{"x": 1, "b": 1, "a": 3}'],
            ['{"a": 1, "b": 1}', '{"a": 2.5, "b": 1}', '{"a": 3}', "3"],
        ),
        (
            {
                "allOf": [
                    {"properties": {"a": True}, "additionalProperties": {"type": "integer"}},
                    {"properties": {"b": True}, "additionalProperties": False},
                ],
                "type": "object",
            },
            ['{"b": 1}', "{}"],
            ['{"a": 1}', '{"b": "x"}', '{"c": 1}'],
        ),
        (
            {
                "type": "object",
                "oneOf": [
                    {"properties": {"k": {"const": "x"}, "v": {"type": "integer"}}, "required": ["v", "k"]},
                    {"properties": {"k": {"const": "y"}, "v": {"type": "string"}}, "required": ["k", "v"]},
                ],
            },
            ['{"v": 1, "k": "x"}', '{"v": "s", "k": "y"}', '{"k": "y", "v": "s"}'],
            ['{"v": 1, "k": "y"}', '{"k": "x"}'],
        ),
        (
            {
                "type": "object",
                "properties": {'q"\\': True, "ü🎉": {"type": "null"}, "": {"const": 1}},
                "required": [""],
            },
            ['{"ü🎉": null, "": 1, "q\\"\\\\": 2}'],
            ['{"ü🎉": null, "": 2}', '{"ü🎉": 1, "": 1}'],
        ),
    ],
)
def test_what_objects_are_made_of(
    words: Vocabulary, accepts: Any, schema: Any, valid: list[str], invalid: list[str]
) -> None:
    constraint = json_schema(words, schema, any_order=True)
    assert constraint.grammar is not json_schema(words, schema).grammar
    for text in valid:
        assert accepts(constraint, text), text
    for text in invalid:
        assert not accepts(constraint, text), text


@pytest.mark.parametrize("name", ENFORCED)
def test_what_can_be_written_in_order_can_be_in_any_and_nothing_else(
    words: Vocabulary, accepts: Any, name: str
) -> None:
    schema, valid, invalid = ENFORCED[name]
    constraint = json_schema(words, schema, any_order=True)
    for value in valid:
        assert all(accepts(constraint, text) for text in spelled(value)), value
    for value in invalid:
        assert not any(accepts(constraint, text) for text in spelled(value)), value


@given(schema=SCHEMAS, seed=st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_whatever_is_written_in_any_order_is_valid(words: Vocabulary, schema: Any, seed: int) -> None:
    validators = pytest.importorskip("jsonschema_rs")
    try:
        reply = drawn(words, schema, random.Random(seed), any_order=True)
    except InputError:
        return
    if reply is not None and "Infinity" not in json.dumps(json.loads(reply)):
        assert validators.Draft202012Validator(schema).is_valid(json.loads(reply)), reply


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_reply_in_any_order_ends_validly_in_time(words: Vocabulary, seed: int, closed: bool) -> None:
    """Where other names may be written, too, and where not."""
    LETTERS.update({token: words.tokenizer.decode_bytes([token]) for token in range(words.tokenizer.vocab_size)})
    schema = BOOK if closed else {key: value for key, value in BOOK.items() if key != "additionalProperties"}
    reply = written(json_schema(words, schema, any_order=True).start(160), random.Random(seed), 160)
    assert reply is not None
    assert json.loads(reply).keys() >= {"title", "year", "kind", "price"}


def test_objects_of_more_properties_than_there_are_bits_keep_their_order(words: Vocabulary, accepts: Any) -> None:
    for count in (64, 65):
        schema = {"type": "object", "properties": {f"p{at}": {"const": at} for at in range(count)}}
        assert accepts(json_schema(words, schema, any_order=True), '{"p1": 1, "p0": 0}') == (count == 64)


def test_what_no_value_fits_has_no_grammar() -> None:
    with pytest.raises(ValueError, match="no value"):
        any_order_lark(
            {"properties": {"a": False}, "required": ["a"], "type": "object", "$defs": {}},
            {"whitespace_pattern": " "},
            (),
        )


def properties(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": {name: {"type": "integer"} for name in names}, "required": list(names)}


def test_names_by_the_alphabet_are_no_order_where_chance_would_hardly_make_them() -> None:
    assert gives_order(properties("answer", "reasoning"))
    assert gives_order(properties("a", "b", "c", "d"))
    assert not gives_order(properties("a", "b", "c", "d", "e"))
    assert gives_order(properties("b", "a", "c", "d", "e", "f"))
    three = properties("a", "b", "c")
    assert gives_order({"$defs": {"one": three}})
    assert not gives_order({"$defs": {"one": three, "two": three, "three": three}})
    assert gives_order({"$defs": {"one": three, "two": three, "three": properties("b", "a")}})
    assert gives_order(True)


def test_the_order_is_free_on_request_where_nobody_chose_it(words: Vocabulary, accepts: Any) -> None:
    chosen, sorted_ = properties("e", "a", "b", "c", "d"), properties("a", "b", "c", "d", "e")
    turned = json.dumps(dict.fromkeys("bacde", 1))
    assert accepts(json_schema(words, sorted_, any_order="auto"), turned)
    assert not accepts(json_schema(words, sorted_), turned)
    assert not accepts(json_schema(words, chosen, any_order="auto"), turned)
    assert accepts(json_schema(words, chosen, any_order=True), turned)
