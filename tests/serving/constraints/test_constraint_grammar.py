"""The guide over the grammar engine: masks, single tokens, forced tokens, and the way back."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.constraints.grammar import Matching, Vocabulary, vocabulary
from evidentia.serving.constraints.schema import json_schema
from evidentia.serving.constraints.text import choice, regex

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 4}, "tags": {"type": "array", "items": {"type": "integer"}}},
    "required": ["name"],
    "additionalProperties": False,
}


def constraints(words: Vocabulary) -> list[Any]:
    return [
        json_schema(words, SCHEMA),
        regex(words, "(foo|foobar|[0-9]{1,3}x?) and (more|less)+"),
        choice(words, ["alpha beta", "alpha gamma", "é🎉", "a"]),
    ]


def draw(guide: Matching, chance: random.Random) -> int:
    return chance.choice(np.flatnonzero(guide.mask()).tolist())


@given(seed=st.integers(0, 10**9), which=st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_mask_single_tokens_and_forced_tokens_agree_at_every_step_back_and_forth(
    words: Vocabulary, seed: int, which: int
) -> None:
    chance, guide, written = random.Random(seed), constraints(words)[which].start(), []
    for _ in range(40):
        mask = guide.mask()
        assert mask.shape == (words.size,)
        assert mask.dtype == np.bool_
        assert mask.any()
        assert [guide.allows(token) for token in range(words.size)] == mask.tolist()
        assert guide.at_end == (not mask[[token for token in range(words.size) if token != 1]].any())
        if forced := guide.forced_tokens():
            assert np.flatnonzero(mask).tolist() == forced[:1]
        if mask[1] and chance.random() < 0.3:
            break
        token = draw(guide, chance)
        if token == 1:
            break
        guide.advance(token)
        written.append((token, mask))
        if chance.random() < 0.25:
            count = chance.randint(1, len(written))
            guide.back(count)
            assert (guide.mask() == written[-count][1]).all()
            del written[-count:]


def test_forced_tokens_may_be_written_one_after_the_other(words: Vocabulary, encode: Any) -> None:
    guide = choice(words, ["alpha beta", "alpha gamma"]).start()
    forced = guide.forced_tokens()
    assert forced == encode("alpha ")
    for token in forced:
        guide.advance(token)
    assert guide.forced_tokens() == []


def test_an_end_is_allowed_where_the_reply_may_end_and_can_be_taken_back(words: Vocabulary, encode: Any) -> None:
    guide = regex(words, "[0-9]{1,2}").start()
    assert not guide.allows(1)
    guide.advance(encode("7")[0])
    assert guide.allows(1)
    guide.advance(1)
    assert np.flatnonzero(guide.mask()).tolist() == [1]
    guide.back(1)
    assert guide.allows(encode("8")[0])


def test_every_end_of_the_model_is_an_end(tokenizer: Any, encode: Any) -> None:
    both = vocabulary(tokenizer, 258, [0, 1])
    guide = regex(both, "a").start()
    guide.advance(encode("a")[0])
    assert guide.at_end
    assert np.flatnonzero(guide.mask()).tolist() == [0, 1]


def test_rows_behind_the_tokenizer_are_never_allowed(words: Vocabulary) -> None:
    guide = regex(words, "(?s:.*)").start()
    assert not guide.mask()[258:].any()
    assert not guide.allows(words.size - 1)
    assert not guide.allows(words.size)


def test_replies_of_one_constraint_do_not_disturb_each_other(words: Vocabulary, encode: Any) -> None:
    constraint = choice(words, ["ab", "ba"])
    first, second = constraint.start(), constraint.start()
    first.advance(encode("a")[0])
    assert second.allows(encode("b")[0])
    assert first.forced_tokens() == encode("b")


def test_a_token_that_is_not_allowed_is_refused_and_changes_nothing(words: Vocabulary, encode: Any) -> None:
    guide = choice(words, ["ab"]).start()
    with pytest.raises(InputError, match="not allowed"):
        guide.advance(encode("b")[0])
    assert guide.allows(encode("a")[0])


@pytest.mark.parametrize("count", [-1, 1])
def test_more_than_was_written_cannot_be_taken_back(words: Vocabulary, count: int) -> None:
    with pytest.raises(InputError, match="taken back"):
        choice(words, ["ab"]).start().back(count)


def test_a_grammar_is_compiled_once_per_vocabulary(words: Vocabulary) -> None:
    assert regex(words, "[a-f]+").matcher is regex(words, "[a-f]+").matcher


def test_a_model_without_an_end_cannot_be_constrained(tokenizer: Any) -> None:
    with pytest.raises(InputError, match="end token"):
        vocabulary(tokenizer, 258, [])


def test_a_tokenizer_that_is_none_cannot_be_constrained() -> None:
    with pytest.raises(InputError, match="cannot be constrained"):
        vocabulary(object(), 258, [1])


@pytest.mark.model
def test_the_packaged_models_tokens_spell_what_the_schema_wants(default_folder: Any) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(default_folder)
    large = vocabulary(tokenizer, len(tokenizer) + 8, [tokenizer.eos_token_id])
    guide = json_schema(large, SCHEMA).start()
    for token in tokenizer.encode('{"name": "Ada", "tags": [1, 22]}'):
        assert guide.allows(token)
        assert guide.mask()[token]
        guide.advance(token)
    assert guide.at_end
    assert guide.allows(tokenizer.eos_token_id)


@pytest.mark.parametrize("text", ["alpha beta", "a"])
def test_an_end_is_taken_back_like_any_token_whether_or_not_more_could_follow(
    words: Vocabulary, encode: Any, text: str
) -> None:
    for constraint in (choice(words, [text]), choice(words, [text, f"{text} and more"])):
        guide = constraint.start()
        tokens = encode(text)
        for token in tokens:
            guide.advance(token)
        guide.advance(1)
        guide.advance(1)
        assert guide.at_end
        assert not guide.allows(tokens[0])
        guide.back(3)
        assert guide.allows(tokens[-1])
        guide.advance(tokens[-1])
        assert guide.allows(1)
        guide.back(len(tokens))
        assert guide.allows(tokens[0])
