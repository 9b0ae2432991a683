"""The test doubles keep the contracts of the real models."""

from __future__ import annotations

import numpy as np
import pytest

from evidentia.errors import InputError, ModelError
from evidentia.serving.base import Message, Sampling
from evidentia.serving.models.scripted import ByteModel, ScriptedModel

ASK = [Message("user", "Why?")]


def test_replies_come_in_turn_and_requests_are_kept() -> None:
    model = ScriptedModel(["One two.", "Three."])
    assert list(model.stream(ASK)) == ["One ", "two."]
    assert "".join(model.stream([Message("user", "And?")])) == "Three."
    assert [request[-1].content for request in model.asked] == ["Why?", "And?"]
    with pytest.raises(ModelError, match="no more replies"):
        model.stream(ASK)


def test_a_reply_may_depend_on_the_messages() -> None:
    model = ScriptedModel(lambda messages: messages[-1].content.upper())
    assert ["".join(model.stream(ASK)) for _ in range(2)] == ["WHY?", "WHY?"]


def test_stop_strings_and_the_token_limit_hold() -> None:
    model = ScriptedModel(lambda messages: "a b c d")
    assert "".join(model.stream(ASK, Sampling(max_tokens=2))) == "a b "
    assert "".join(model.stream(ASK, Sampling(stop=("c",)))) == "a b "


def test_byte_scores_do_not_depend_on_how_a_sequence_was_fed() -> None:
    model = ByteModel()
    tokens = model.encode("sequence")
    whole = model.start().feed(tokens)
    session = model.start()
    session.feed([*tokens[:3], 7, 7, 7], rows=0)
    session.crop(3)
    np.testing.assert_array_equal(session.feed(tokens[3:]), whole[3:])
    assert session.tokens == tokens
    assert whole.shape == (len(tokens), 257)


def test_a_byte_sequence_ends_with_the_context() -> None:
    with pytest.raises(InputError, match="4 tokens"):
        ByteModel(context=4).start().feed([1, 2, 3, 4, 5])
