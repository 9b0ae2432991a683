"""Regular expressions, grammars and choices, and the registry of kinds."""

from __future__ import annotations

from typing import Any

import pytest

from evidentia.errors import InputError, NotFoundError
from evidentia.serving.constraints import CONSTRAINTS, constrain
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.text import choice, lark, regex


def test_the_whole_reply_matches_the_expression(words: Vocabulary, accepts: Any) -> None:
    date = regex(words, r"[0-9]{4}-[0-9]{2}")
    assert accepts(date, "2026-11")
    assert not accepts(date, "2026-11-24")
    assert not accepts(date, "in 2026-11")


def test_a_grammar_may_be_recursive(words: Vocabulary, accepts: Any) -> None:
    sums = lark(words, 'start: term ("+" term)*\nterm: INT | "(" start ")"\nINT: /[0-9]+/')
    assert accepts(sums, "1+(2+(3))+44")
    assert not accepts(sums, "1+(2")


@pytest.mark.parametrize("options", [["yes", "no"], ["a", "ab", ""], ['"', "\\d", "line\nbreak", "é🎉", "//", "\x00"]])
def test_a_choice_is_one_of_its_options_to_the_letter(words: Vocabulary, accepts: Any, options: list[str]) -> None:
    constraint = choice(words, options)
    assert all(accepts(constraint, option) for option in options)
    assert not accepts(constraint, "maybe")


@pytest.mark.parametrize("pattern", ["(", "a(?=b)", r"(a)\1", "", "[^\\s\\S]"])
def test_an_expression_that_cannot_be_enforced_is_refused_in_one_sentence(words: Vocabulary, pattern: str) -> None:
    with pytest.raises(InputError) as error:
        regex(words, pattern)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("source", ["start: missing", 'other: "a"', "start: [", "  "])
def test_a_grammar_that_cannot_be_enforced_is_refused(words: Vocabulary, source: str) -> None:
    with pytest.raises(InputError):
        lark(words, source)


@pytest.mark.parametrize("options", [[], "yes", [1]])
def test_a_choice_without_texts_is_refused(words: Vocabulary, options: Any) -> None:
    with pytest.raises(InputError, match="list of texts"):
        choice(words, options)


def test_every_kind_is_made_by_its_name(words: Vocabulary, accepts: Any) -> None:
    made = {
        "json_schema": constrain("json_schema", words, {"type": "null"}),
        "regex": constrain("regex", words, "nul{2}"),
        "lark": constrain("lark", words, 'start: "null"'),
        "choice": constrain("choice", words, ["null"]),
    }
    assert all(accepts(constraint, "null") for constraint in made.values())
    assert made.keys() <= set(CONSTRAINTS)
    assert all(callable(CONSTRAINTS.load(kind)) for kind in CONSTRAINTS)


def test_an_unknown_kind_is_refused_with_the_known_ones(words: Vocabulary) -> None:
    with pytest.raises(NotFoundError, match="json_schema"):
        constrain("xml", words)


def test_a_schema_in_a_grammar_is_enforced_or_refused_like_any_other(words: Vocabulary, accepts: Any) -> None:
    held = lark(words, 'start: "%json {" %json {"type": "integer", "x-note": 1, "not": {"const": 3}} // %json {')
    assert accepts(held, "%json {4")
    assert not accepts(held, "%json {3")
    for schema, said in (
        ('{"type": "object", "minlength": 3}', "did you mean minLength|Did you mean minLength"),
        ('{"type": "array", "uniqueItems": true}', "does not compare items"),
        ("schema", "is no JSON"),
    ):
        with pytest.raises(InputError, match=said):
            lark(words, f"start: %json {schema}")


def test_a_long_text_is_forced_in_as_many_steps_as_it_has_tokens(words: Vocabulary, encode: Any) -> None:
    text = "".join(chr(97 + at * at % 26) for at in range(20_000))
    guide = choice(words, [text]).start()
    for token in encode(text):
        assert guide.allows(token)
        guide.advance(token)
    assert guide.at_end


@pytest.mark.parametrize("count", [2_500, 20_000])
def test_any_number_of_choices_works(words: Vocabulary, accepts: Any, count: int) -> None:
    held = choice(words, [f"w{at} " * 3 for at in range(count)])
    assert accepts(held, f"w{count - 1} " * 3)
    assert not accepts(held, f"w{count} " * 3)
