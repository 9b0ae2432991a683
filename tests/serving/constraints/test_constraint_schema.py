"""JSON of a schema: what is enforced, what is said in other words, and what is refused and how."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evidentia.errors import InputError
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.schema import json_schema

# Of each schema some instances that are valid and some that are not, in one line.
ENFORCED: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "types": ({"type": ["integer", "null"]}, [3, -4, None], [1.5, "3", True]),
    "limits": ({"type": "number", "minimum": 1.5, "exclusiveMaximum": 3}, [1.5, 2.99], [1.49, 3]),
    "multiples": ({"type": "number", "multipleOf": 0.01}, [4.02, 1], [0.0075]),
    "lengths": ({"type": "string", "minLength": 2, "maxLength": 2.0}, ["ab", "é🎉"], ["a", "abc"]),
    "patterns": ({"type": "string", "pattern": "b+"}, ["abc"], ["ac"]),
    "formats": ({"type": "string", "format": "date"}, ["2024-02-29"], ["2023-02-29", "2024-1-1"]),
    "enumerations": ({"enum": ["a", 1, None, [1], {"b": 2}]}, ["a", 1, None, [1], {"b": 2}], ["b", 2, []]),
    "tuples": ({"type": "array", "prefixItems": [{"type": "null"}], "items": False}, [[], [None]], [[1], [None, 1]]),
    "objects": (
        {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False},
        [{"a": 1}],
        [{}, {"a": "1"}, {"a": 1, "b": 2}],
    ),
    "names by pattern": (
        {"type": "object", "patternProperties": {"^n": {"type": "integer"}}, "additionalProperties": False},
        [{"n": 1, "nn": 2}],
        [{"n": "1"}, {"m": 1}],
    ),
    "names": ({"type": "object", "propertyNames": {"maxLength": 2}}, [{"ab": 1}, {}], [{"abc": 1}]),
    "what is evaluated elsewhere": (
        {"type": "object", "allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False},
        [{"a": 1}],
        [{"b": 1}],
    ),
    "what one of several evaluates": (
        {
            "type": "object",
            "properties": {"kind": {"enum": ["x", "y"]}},
            "required": ["kind"],
            "oneOf": [
                {"properties": {"kind": {"const": "x"}, "left": True}},
                {"properties": {"kind": {"const": "y"}, "right": True}},
            ],
            "unevaluatedProperties": False,
        },
        [{"kind": "x", "left": 1}, {"kind": "y", "right": 1}, {"kind": "x"}],
        [{"kind": "x", "right": 1}, {"kind": "y", "left": 1}, {"kind": "x", "other": 1}],
    ),
    "what a condition evaluates": (
        {
            "type": "object",
            "if": {"properties": {"a": {"const": 1}}, "required": ["a"]},
            "then": {"properties": {"b": True}},
            "else": {"properties": {"c": True}},
            "unevaluatedProperties": False,
        },
        [{"a": 1, "b": 2}, {"c": 3}, {}],
        [{"a": 1, "c": 3}, {"b": 2}, {"a": 2}],
    ),
    "additional beside allOf": (
        {"type": "object", "allOf": [{"properties": {"a": True}}], "additionalProperties": False},
        [{}],
        [{"a": 1}],
    ),
    "needs": ({"type": "object", "dependentRequired": {"a": ["b"]}}, [{}, {"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
    "leads to": (
        {"type": "object", "dependentSchemas": {"a": {"maxProperties": 1}}},
        [{"a": 1}, {"b": 1, "c": 1}],
        [{"a": 1, "b": 1}],
    ),
    "one of": ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, [1, "a"], [None]),
    "one of two that overlap": ({"type": "integer", "oneOf": [{"minimum": 3}, {"maximum": 5}]}, [2, 6], [4]),
    "not a type": ({"not": {"type": ["string", "object"]}}, [1, None, [], True], ["a", {}]),
    "not a value": ({"not": {"enum": ["a", "ab", 3, None]}}, ["", "b", "abc", 2, 4], ["a", "ab", 3, None]),
    "not with a property": ({"type": "object", "not": {"required": ["a"]}}, [{}, {"b": 1}], [{"a": 1}]),
    "conditions": (
        {"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 10}, "else": {"maximum": 5}},
        [20, 5],
        [11, 7],
    ),
    "contains in a short array": ({"type": "array", "contains": {"const": 1}, "maxItems": 2}, [[1], [2, 1]], [[], [2]]),
    "unique items of one": ({"type": "array", "uniqueItems": True, "maxItems": 1}, [[], [1]], [[1, 1]]),
    "unique items": (
        {"type": "array", "uniqueItems": True},
        [[], [1, "1", [1], [[1]], {"a": 1}, {"a": 2}], [{"a": 1, "b": 2}, {"b": 1, "a": 2}]],
        [[1, 1.0], ["a", "b", "a"], [{"a": 1, "b": 2}, {"b": 2, "a": 1}], [[], []], [None, 1, None]],
    ),
    "unique items under a name, elsewhere not": (
        {
            "type": "object",
            "properties": {
                "a": {"type": "array", "items": {"type": "array", "uniqueItems": True}},
                "b": {"type": "array"},
            },
        },
        [{"a": [[1], [1], [2, 1]], "b": [3, 3, [3, 3]]}],
        [{"a": [[1, 1]]}],
    ),
    "unique items behind a reference": (
        {
            "$defs": {"set": {"type": "array", "uniqueItems": True}},
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/set"}, "b": {"type": "array", "items": {"$ref": "#/$defs/set"}}},
        },
        [{"a": [1, 2], "b": [[1], [2]]}],
        [{"a": [1, 1]}, {"b": [[1, 1]]}],
    ),
    "recursion": (
        {"$defs": {"tree": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}, "$ref": "#/$defs/tree"},
        [[], [[], [[]]]],
        [[1], "a"],
    ),
    "anchors": ({"$defs": {"x": {"$anchor": "n", "type": "null"}}, "$ref": "#n"}, [None], [1]),
    "dynamic references within one resource": (
        {"$defs": {"x": {"$dynamicAnchor": "n", "type": "null"}}, "$dynamicRef": "#n"},
        [None],
        [1],
    ),
    "draft 7 beside a reference": (
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "definitions": {"x": {"type": "array"}},
            "properties": {"a": {"$ref": "#/definitions/x", "maxItems": 1}},
            "type": "object",
        },
        [{"a": [1, 2]}],
        [{"a": 1}],
    ),
    "draft 7 tuples": (
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "array",
            "items": [{"type": "null"}],
            "additionalItems": {"type": "integer"},
        },
        [[None, 1]],
        [[1], [None, None]],
    ),
    "true": (True, [1, {"a": [None]}], []),
    "draft 4": (
        {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "id": "http://example.com/root",
            "definitions": {"x": {"id": "#x", "type": "number", "minimum": 1, "exclusiveMinimum": True}},
            "type": "object",
            "properties": {"a": {"$ref": "#x"}, "b": {"not": {"maximum": 3, "exclusiveMaximum": True}}},
        },
        [{"a": 2, "b": 3}, {"b": 4.5}],
        [{"a": 1}, {"b": 2.5}, {"b": "text"}],
    ),
    "limits of draft 4 in a schema without a dialect": (
        {"type": "integer", "minimum": 1, "exclusiveMinimum": False, "maximum": 3, "exclusiveMaximum": True},
        [1, 2],
        [0, 3],
    ),
    "lists of items in a schema without a dialect": (
        {"type": "array", "items": [{"type": "null"}], "additionalItems": False},
        [[None], []],
        [[1], [None, None]],
    ),
    "a dialect of somebody's own, and one inside": (
        {
            "$schema": "http://iglucentral.com/schemas/com.example/self-desc/schema/jsonschema/1-0-0#",
            "self": {"vendor": "x", "version": "1-0-0"},
            "type": "object",
            "properties": {"a": {"$schema": "http://json-schema.org/draft-06/schema#", "type": "integer"}},
        },
        [{"a": 1}],
        [{"a": "1"}],
    ),
    "words outside the standard": (
        {"type": "string", "example": "x", "x-order": 1, "comment": "", "_format": "date", "note": 1, "readonly": True},
        ["any"],
        [1],
    ),
    "formats outside the standard": (
        {"type": ["string", "integer"], "format": "int32"},
        ["colour", 3],
        [None],
    ),
    "references to URIs": (
        {"type": "string", "format": "uri-reference"},
        ["", "a/b?c#d", "//x.y/z", "http://a.b", "#e", "urn:a:b"],
        ["://", "a b", "%zz", "#a#b", "1:2"],
    ),
    "a tagged union": (
        {
            "oneOf": [
                {"type": "object", "properties": {"kind": {"const": kind}, kind: True}, "required": ["kind"]}
                for kind in ("a", "b")
            ],
            "discriminator": {"propertyName": "kind"},
        },
        [{"kind": "a", "a": 1}, {"kind": "b"}],
        [{"kind": "c"}, {"a": 1}],
    ),
    "one of an array and what it may hold": (
        {"oneOf": [{"type": "array", "items": {"type": "string", "pattern": "^a"}}, {"type": "string"}]},
        [["ab"], "b", []],
        [["b"], 1],
    ),
    "one of objects that are told apart by what they may not have": (
        {
            "oneOf": [
                {"type": "object", "properties": {name: True}, "required": [name], "additionalProperties": False}
                for name in ("a", "b")
            ]
        },
        [{"a": 1}, {"b": 1}],
        [{}, {"a": 1, "b": 2}],
    ),
    "one of, with a reference back": (
        {
            "type": "object",
            "properties": {"next": {"oneOf": [{"$ref": "#"}, {"type": "null"}]}},
            "additionalProperties": False,
            "oneOf": [{"required": ["next"]}, {"maxProperties": 0}],
        },
        [{"next": {"next": None}}, {}],
        [{"next": 1}],
    ),
    "limits behind the numbers that are exact": (
        {"type": "integer", "maximum": 2**63, "minimum": -(2**63)},
        [2**53, -(2**53)],
        [2**53 + 1, 2**63 + 1],
    ),
    "more than two thousand constants": ({"oneOf": [{"const": at} for at in range(2500)]}, [0, 2499], [2500]),
}
REFUSED: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "not valid JSON"),
    "a key twice": ('{"type": "null", "type": "string"}', "occurs twice"),
    "no schema": ("[]", "object, true or false"),
    "no number": ({"minimum": float("nan")}, "no JSON number"),
    "an unknown type": ({"type": "text"}, "#/type"),
    "a slip": ({"type": "string", "minlength": 3}, "did you mean minLength|Did you mean minLength"),
    "a dialect that is too old": ({"$schema": "http://json-schema.org/draft-03/schema#"}, "not known"),
    "slips that are written otherwise": ({"type": "object", "Additional_Properties": False}, "id you mean additionalP"),
    "too many alternatives to compare": ({"oneOf": [{"minimum": at} for at in range(999)]}, "not told apart"),
    "more than the engine takes": (
        {"anyOf": [{"type": "object", "properties": {f"p{at}": {"const": at}}} for at in range(20_000)]},
        "too large|may have 1,000,000",
    ),
    "more unique items than there are": (
        {"type": "array", "uniqueItems": True, "items": {"enum": [1, 2]}, "minItems": 3},
        "2 different items.*#/minItems",
    ),
    "contains": ({"contains": {"const": 1}}, "contains cannot"),
    "a pattern that looks around": ({"pattern": "(?=a)"}, "look-around.*#/pattern"),
    "the opposite of a pattern": ({"not": {"pattern": "a"}}, "opposite.*#/not/pattern"),
    "alternatives of which nothing would be left": (
        {"oneOf": [{"type": "string", "pattern": "a"}, {"type": "string", "pattern": "b"}, {"type": "null"}]},
        "told apart.*#/oneOf",
    ),
    "names that could be written twice": ({"type": "object", "minProperties": 2}, "written twice"),
    "numbers beyond double precision": ({"const": 2**60 + 1}, "exact"),
    "half a character": ({"const": "\ud800"}, "half a character"),
    "what is nowhere": ({"$ref": "#/$defs/none"}, "not there"),
    "what is on the network": ({"$ref": "https://example.com/s.json"}, "never fetched"),
    "an address that is none": ({"$id": "http://[a", "$ref": "x"}, "address"),
    "what nothing satisfies": (False, "no reply"),
    "a required property that cannot be": ({"type": "object", "properties": {"a": False}, "required": ["a"]}, "no rep"),
    "itself alone": ({"$ref": "#"}, "no reply"),
    "its own opposite": ({"not": {"$ref": "#"}}, "too deep"),
    "evaluation that depends on the value": (
        {"dependentSchemas": {"a": {"properties": {"b": True}}}, "unevaluatedProperties": False},
        "unevaluatedProperties cannot.*depends",
    ),
    "a dynamic reference with several meanings": (
        {
            "$defs": {"a": {"$id": "a", "$dynamicAnchor": "n"}, "b": {"$id": "b", "$dynamicAnchor": "n"}},
            "$dynamicRef": "a#n",
        },
        "depends on the way",
    ),
}


@pytest.mark.parametrize("name", ENFORCED)
def test_valid_values_can_be_written_and_others_cannot(words: Vocabulary, accepts: Any, name: str) -> None:
    schema, valid, invalid = ENFORCED[name]
    constraint = json_schema(words, schema)
    for separators in ((",", ":"), (", ", ": ")):
        for value in valid:
            assert accepts(constraint, json.dumps(value, ensure_ascii=False, separators=separators)), value
        for value in invalid:
            assert not accepts(constraint, json.dumps(value, ensure_ascii=False, separators=separators)), value


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_enforced_is_refused_with_its_place(words: Vocabulary, name: str) -> None:
    schema, sentence = REFUSED[name]
    with pytest.raises(InputError, match=sentence) as error:
        json_schema(words, schema)
    assert "\n" not in str(error.value)


def test_a_schema_may_be_given_as_text(words: Vocabulary, accepts: Any) -> None:
    assert accepts(json_schema(words, '{"type": "null"}'), "null")


def test_documents_given_with_it_may_be_referred_to(words: Vocabulary, accepts: Any) -> None:
    given = {"https://example.com/int.json": {"$defs": {"small": {"maximum": 3}}, "type": "integer"}}
    constraint = json_schema(words, {"$ref": "https://example.com/int.json#/$defs/small", "type": "integer"}, given)
    assert accepts(constraint, "3")
    assert not accepts(constraint, "4")


def test_properties_come_in_the_order_of_the_schema(words: Vocabulary, accepts: Any) -> None:
    constraint = json_schema(words, {"type": "object", "properties": {"b": True, "a": True}, "required": ["a", "b"]})
    assert accepts(constraint, '{"b":1,"a":2}')
    assert not accepts(constraint, '{"a":2,"b":1}')


def test_an_order_that_the_schema_names_is_taken(words: Vocabulary, accepts: Any) -> None:
    named = {"type": "object", "properties": {"a": True, "b": True}, "propertyOrdering": ["b", "a"]}
    assert accepts(json_schema(words, named), '{"b":1,"a":2}')
    assert not accepts(json_schema(words, named), '{"a":2,"b":1}')


def test_replies_may_be_indented_but_white_space_does_not_go_on_for_ever(words: Vocabulary, accepts: Any) -> None:
    constraint = json_schema(words, {"type": "array", "items": {"type": "integer"}})
    assert accepts(constraint, json.dumps([1, 2], indent=2))
    assert not accepts(constraint, "[1,  2]")
    assert not accepts(constraint, "[1,\n\n2]")


def test_a_name_cannot_be_written_in_a_way_that_the_schema_does_not_know(words: Vocabulary, accepts: Any) -> None:
    constraint = json_schema(words, {"type": "object", "properties": {"a": False, "b\nc": False}})
    assert accepts(constraint, '{"x":1}')
    for name in ("a", "\\u0061", "b\\nc", "b\\u000ac"):
        assert not accepts(constraint, f'{{"{name}":1}}')
