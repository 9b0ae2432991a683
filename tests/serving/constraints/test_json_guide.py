"""What a guide of JSON adds to its grammar: an end in time, shares, items that differ, and no place without a way on."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.serving.constraints.constraint import Guide
from evidentia.serving.constraints.grammar import Vocabulary
from evidentia.serving.constraints.schema import json_schema

BOOK = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "year": {"type": "integer"},
        "kind": {"enum": ["article", "book"]},
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "price": {"type": "number"},
    },
    "required": ["title", "year", "kind", "price"],
    "additionalProperties": False,
}
SETS = [
    {"type": "array", "uniqueItems": True, "items": {"enum": ["red", "green", "ready"]}, "minItems": 2},
    {"type": "array", "uniqueItems": True, "items": {"type": "integer", "minimum": 0, "maximum": 12}, "minItems": 3},
    {"type": "array", "uniqueItems": True, "items": {"type": ["boolean", "null"]}},
    {"type": "array", "uniqueItems": True, "items": {"type": "string", "maxLength": 9}, "minItems": 3},
    {"type": "array", "uniqueItems": True, "items": {"type": "array", "items": {"const": 0}, "maxItems": 2}},
]


def written(guide: Guide, chance: random.Random, room: int, end: int = 1) -> bytes | None:
    """A reply of at most ``room`` tokens, each drawn from what is allowed; ``None`` if it did not end."""
    reply = bytearray()
    for _ in range(room):
        if guide.at_end:
            break
        choices = np.flatnonzero(guide.mask()).tolist()
        assert choices, reply
        token = chance.choice(choices)
        assert guide.allows(token)
        if token == end:
            break
        guide.advance(token)
        reply += LETTERS[token]
    return bytes(reply) if guide.allows(end) else None


LETTERS: dict[int, bytes] = {}


@pytest.fixture(autouse=True)
def letters(words: Vocabulary) -> None:
    LETTERS.update({token: words.tokenizer.decode_bytes([token]) for token in range(words.tokenizer.vocab_size)})


@given(seed=st.integers(0, 10**6), room=st.integers(90, 400))
@settings(max_examples=40, deadline=None)
def test_a_reply_ends_validly_within_the_tokens_that_it_may_take(words: Vocabulary, seed: int, room: int) -> None:
    reply = written(json_schema(words, BOOK).start(room), random.Random(seed), room)
    assert reply is not None
    found = json.loads(reply)
    assert found.keys() >= {"title", "year", "kind", "price"}
    assert len(set(found.get("tags", []))) == len(found.get("tags", []))


def test_a_text_that_does_not_end_leaves_the_rest_its_share(words: Vocabulary, encode: Any) -> None:
    guide = json_schema(words, BOOK).start(400)
    for token in encode('{"title": "'):
        guide.advance(token)
    letter, count = encode("x")[0], 0
    while guide.allows(letter):
        guide.advance(letter)
        count += 1
    assert 60 < count < 300
    assert guide.allows(encode('"')[0])


def test_a_text_may_take_all_that_nothing_else_needs(words: Vocabulary, encode: Any) -> None:
    guide = json_schema(words, {"type": "string"}).start(200)
    guide.advance(encode('"')[0])
    letter, count = encode("x")[0], 0
    while guide.allows(letter):
        guide.advance(letter)
        count += 1
    assert count > 160


def test_a_reply_that_cannot_end_in_time_is_left_to_be_cut(words: Vocabulary) -> None:
    assert written(json_schema(words, BOOK).start(20), random.Random(0), 20) is None


@given(seed=st.integers(0, 10**6), which=st.integers(0, len(SETS) - 1))
@settings(max_examples=60, deadline=None)
def test_items_differ_and_a_choice_never_leads_where_no_other_item_is_left(
    words: Vocabulary, seed: int, which: int
) -> None:
    reply = written(json_schema(words, SETS[which]).start(120), random.Random(seed), 120)
    assert reply is not None
    items = [json.dumps(item) for item in json.loads(reply)]
    assert len(set(items)) == len(items)


@given(seed=st.integers(0, 10**6), which=st.integers(0, len(SETS)))
@settings(max_examples=25, deadline=None)
def test_mask_single_tokens_and_forced_tokens_agree_back_and_forth(words: Vocabulary, seed: int, which: int) -> None:
    chance = random.Random(seed)
    guide = json_schema(words, [*SETS, BOOK][which]).start(110)
    past: list[np.ndarray] = []
    for _ in range(60):
        if guide.at_end:
            break
        mask = guide.mask()
        assert [guide.allows(token) for token in range(words.size)] == mask.tolist()
        if forced := guide.forced_tokens():
            assert np.flatnonzero(mask).tolist() == forced[:1]
        choices = np.flatnonzero(mask).tolist()
        if choices == [1]:
            break
        guide.advance(chance.choice([token for token in choices if token != 1]))
        past.append(mask)
        if chance.random() < 0.2:
            count = chance.randint(1, len(past))
            guide.back(count)
            assert (guide.mask() == past[-count]).all()
            del past[-count:]
