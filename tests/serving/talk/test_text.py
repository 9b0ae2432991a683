"""Text in, text out: prompts that fit, whole characters, stop strings, finish reasons, log probabilities per token."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.base import Message, Sampling
from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.talk import forms, text


def said(longest: int) -> st.SearchStrategy[str]:
    """Replies; one that ends in U+FFFD looks like half a character, which is dropped."""
    return st.text(max_size=longest).filter(lambda text: not text.endswith("\ufffd"))


def _ask(said: str, *, logprobs: int | None = None, **sampling: object) -> text.TextReply:
    model = ByteModel(replies=[said])
    return text.ask(model, model.encode("?"), Sampling(**sampling), logprobs=logprobs)  # type: ignore[arg-type]


def _read(reply: text.TextReply) -> str:
    return "".join(piece.text for piece in reply)


@given(said(40), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_a_reply_is_what_comes_before_the_first_stop_string(said: str, stops: list[str]) -> None:
    cut = min((at for stop in stops if (at := said.find(stop)) >= 0), default=len(said))
    reply = _ask(said, stop=tuple(stops), max_tokens=400)
    assert _read(reply) == said[:cut]
    assert reply.finish == "stop"


@given(said(30))
def test_every_token_is_told_once_and_together_they_are_the_text(said: str) -> None:
    pieces = list(_ask(said, logprobs=2, max_tokens=400))
    told = [token for piece in pieces for token in piece.tokens]
    assert len(told) == len(said.encode())
    whole = [token.text for token in told if "\ufffd" not in token.text]
    assert "".join(whole) == "".join(letter for letter in said if letter.isascii())


def test_tokens_behind_a_stop_string_are_not_told() -> None:
    pieces = list(_ask("one STOP two", stop=("STOP",), logprobs=1))
    assert "".join(token.text for piece in pieces for token in piece.tokens) == "one "


def test_no_piece_holds_half_a_character() -> None:
    assert [piece.text for piece in _ask("hä€")] == ["h", "ä", "€"]


def test_a_reply_that_is_cut_ends_for_its_length_without_half_a_character() -> None:
    reply = _ask("ab€", max_tokens=4)
    assert _read(reply) == "ab"
    assert reply.finish == "length"


def test_the_context_cuts_a_reply_too() -> None:
    model = ByteModel(context=10)
    reply = text.ask(model, [1, 2, 3], Sampling(max_tokens=100))
    _read(reply)
    assert (reply.finish, reply.usage.written) == ("length", 7)


def test_a_prompt_that_fills_the_context_is_refused() -> None:
    with pytest.raises(InputError, match="the prompt has 10 tokens, the model reads 10"):
        text.ask(ByteModel(context=10), [1] * 10)


@pytest.mark.parametrize("sampling", [Sampling(max_tokens=0), Sampling(temperature=-1), Sampling(stop=("",))])
def test_senseless_settings_are_refused_at_once(sampling: Sampling) -> None:
    with pytest.raises(InputError):
        text.ask(ByteModel(), [1], sampling)


def test_a_stop_string_frees_the_engine() -> None:
    model = ByteModel(replies=["one STOP" + "x" * 1000])
    assert _read(text.ask(model, [1], Sampling(max_tokens=2000, stop=("STOP",)))) == "one "
    assert model.engine.open == 0


def test_closing_early_frees_the_engine_and_says_so() -> None:
    model = ByteModel(replies=["x" * 1000])
    reply = text.chat(model, [Message("user", "Why?")], Sampling(max_tokens=2000))
    pieces = iter(reply)
    next(pieces)
    assert reply.finish is None
    reply.close()
    assert (reply.finish, model.engine.open) == ("cancelled", 0)


def test_a_form_holds_the_reply() -> None:
    model = ByteModel()
    schema = {"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"], "additionalProperties": False}
    reply = text.ask(
        model,
        [1],
        Sampling(max_tokens=500, temperature=1.0, seed=1),
        constraint=forms.constraint(model, ("json", schema)),
    )
    assert json.loads(_read(reply))["a"] in (1, 2)


def test_two_forms_contradict_each_other() -> None:
    with pytest.raises(InputError, match="one form"):
        forms.only(("regex", "a"), None, ("choice", ["b"]))
