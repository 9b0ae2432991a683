"""Choosing tokens, whole characters, stop strings and the kept session, on the byte model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.base import Message, Sampling
from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.sampling import sampler
from evidentia.serving.talk.text import pieces, until_stop

ASK = [Message("user", "Why?")]


def _decode(tokens: list[int]) -> str:
    return bytes(tokens).decode(errors="replace")


@given(st.text())
def test_pieces_add_up_to_the_text_and_hold_whole_characters_only(text: str) -> None:
    shown = list(pieces(text.encode(), _decode))
    assert "".join(shown) == text.rstrip("\ufffd")
    assert len(shown) <= len(text)


def test_a_character_cut_off_at_the_end_is_dropped() -> None:
    assert list(pieces("aü".encode()[:-1], _decode)) == ["a"]


@given(st.text(alphabet="ab", max_size=20), st.lists(st.text(alphabet="ab", min_size=1, max_size=4), max_size=3))
def test_text_ends_before_the_first_stop_string_however_it_is_cut(text: str, stop: list[str]) -> None:
    whole = min((text.find(word) for word in stop if word in text), default=len(text))
    for size in (1, 2, 3):
        parts = [text[at : at + size] for at in range(0, len(text), size)]
        shown = "".join(until_stop(parts, stop))
        assert not any(word in shown for word in stop)
        assert text.startswith(shown)
        if size == 1 and not stop:
            assert len(shown) == whole


def test_the_start_of_a_stop_string_is_held_back_until_it_is_decided() -> None:
    assert list(until_stop(["a\n", "\nb", "c"], ["\n\nX"])) == ["a", "\n\nb", "c"]
    assert list(until_stop(["a\n", "\nX", "c"], ["\n\nX"])) == ["a"]


def test_temperature_zero_takes_the_best_token() -> None:
    assert sampler(Sampling())(np.array([0.1, 3.0, 2.9], np.float32)) == 1


def test_draws_follow_the_probabilities() -> None:
    choose = sampler(Sampling(temperature=1.0, seed=1))
    scores = np.log(np.array([0.2, 0.5, 0.3], np.float32))
    counts = np.bincount([choose(scores) for _ in range(4000)], minlength=3) / 4000
    assert counts == pytest.approx([0.2, 0.5, 0.3], abs=0.03)


def test_top_p_draws_from_the_smallest_set_that_reaches_it() -> None:
    choose = sampler(Sampling(temperature=1.0, top_p=0.7, seed=1))
    scores = np.log(np.array([0.2, 0.5, 0.3], np.float32))
    assert {choose(scores) for _ in range(500)} == {1, 2}


@pytest.mark.parametrize(
    "sampling",
    [Sampling(max_tokens=0), Sampling(temperature=-1), Sampling(top_p=-0.1), Sampling(top_p=1.5), Sampling(stop=("",))],
)
def test_a_senseless_setting_is_refused(sampling: Sampling) -> None:
    with pytest.raises(InputError):
        sampling.check()


def test_the_same_seed_writes_the_same_text_and_another_one_does_not() -> None:
    def write(seed: int) -> str:
        return "".join(ByteModel().stream(ASK, Sampling(max_tokens=40, temperature=1.0, seed=seed)))

    assert write(3) == write(3)
    assert write(3) != write(4)


def test_a_prompt_that_does_not_fit_the_context_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="the model reads 16"):
        ByteModel(context=16).stream(ASK)


def test_a_reply_ends_where_the_context_is_full() -> None:
    model = ByteModel(context=len(ByteModel().chat_tokens(ASK)) + 5)
    text = "".join(model.stream(ASK, Sampling(max_tokens=100, temperature=5.0, seed=0)))
    assert len(text) <= 5


class Counting(ByteModel):
    """Counts the tokens that sessions are fed."""

    fed = 0

    def start(self):
        session = super().start()
        feed = session.feed

        def counted(tokens, rows=None):
            self.fed += len(tokens)
            return feed(tokens, rows)

        session.feed = counted
        return session


def test_a_repeated_prompt_is_not_read_again() -> None:
    model, sampling = Counting(), Sampling(max_tokens=5)
    first = "".join(model.stream(ASK, sampling))
    once = model.fed
    assert "".join(model.stream(ASK, sampling)) == first
    assert model.fed - once <= sampling.max_tokens


def test_a_longer_prompt_is_read_from_where_it_differs_and_answered_as_if_fresh() -> None:
    model, sampling = Counting(), Sampling(max_tokens=5)
    "".join(model.stream([Message("user", "Why is the sky blue?")], sampling))
    before, other = model.fed, [Message("user", "Why is the sky blue at noon?")]
    assert "".join(model.stream(other, sampling)) == "".join(ByteModel().stream(other, sampling))
    assert model.fed - before < len(model.chat_tokens(other)) - len("user: Why is the sky blue") + sampling.max_tokens


def test_two_replies_at_once_do_not_disturb_each_other() -> None:
    model, sampling = ByteModel(), Sampling(max_tokens=20)
    alone = ["".join(ByteModel().stream([Message("user", text)], sampling)) for text in "ab"]
    running = [model.stream([Message("user", text)], sampling) for text in "ab"]
    shown = ["", ""]
    for _ in range(20):
        for at, stream in enumerate(running):
            shown[at] += next(stream, "")
    assert shown == alone


def test_a_closed_stream_stops_the_model() -> None:
    model = Counting()
    stream = model.stream(ASK, Sampling(max_tokens=1000))
    next(stream)
    fed = model.fed
    stream.close()
    assert list(stream) == []
    assert model.fed == fed
