"""Which words of a schema are taken for slips of keywords, and which are somebody's own."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.errors import InputError
from evidentia.serving.constraints.given_schema import check


@pytest.mark.parametrize(
    ("word", "value", "meant"),
    [
        ("property", {"a": {}}, "properties"),
        ("propertys", {"a": {}}, "properties"),
        ("require", ["a"], "required"),
        ("requires", ["a"], "required"),
        ("requried", ["a"], "required"),
        ("item", {"type": "string"}, "items"),
        ("itmes", {"type": "string"}, "items"),
        ("enums", ["a"], "enum"),
        ("tpye", "string", "type"),
        ("typ", "string", "type"),
        ("fromat", "date", "format"),
        ("addtionalProperties", False, "additionalProperties"),
        ("additional_properties", False, "additionalProperties"),
        ("pattern_properties", {"a": {}}, "patternProperties"),
        ("minlength", 3, "minLength"),
        ("mininum", 3, "minimum"),
        ("any_of", [{}], "anyOf"),
    ],
)
def test_a_slip_is_refused_with_the_keyword_that_was_meant(word: str, value: Any, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        check({word: value}, "#")
    assert f"did you mean {meant}?" in str(caught.value).lower().replace(meant.lower(), meant)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("x-propertys", {"a": {}}),
        ("_enum", ["a"]),
        ("example", {"a": 1}),
        ("propertyOrder", 3),
        ("propertyOrdering", ["a"]),
        ("discriminator", {"propertyName": "kind"}),
        ("nullable", True),
        ("xml", {"name": "a"}),
        ("externalDocs", {"url": "https://example.org"}),
        ("deprecated", True),
        ("when", {"type": "string"}),
        ("notes", {"a": 1}),
        ("note", True),
        ("property", "a name of its own"),
        ("item", "spoon"),
        ("require", "a password"),
        ("types", ["Cat", "Dog"]),
        ("options", {"collapsed": True}),
        ("enumNames", ["One", "Two"]),
        ("id", "a"),
    ],
)
def test_a_word_of_somebodys_own_is_an_annotation(word: str, value: Any) -> None:
    check({word: value}, "#")
