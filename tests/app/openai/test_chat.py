"""Chat completions through the official client, over a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from evidentia.serving.models.scripted import ByteModel

ASK = [{"role": "user", "content": "Why?"}]
YES_OR_NO = {
    "type": "object",
    "properties": {"answer": {"enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}


def test_a_whole_reply_has_text_finish_and_usage(says: Callable[..., Any]) -> None:
    reply = says("Because of ü.").chat.completions.create(model="bytes", messages=ASK)
    assert reply.choices[0].message.content == "Because of ü."
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.completion_tokens == len("Because of ü.".encode())
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_a_stream_gives_the_same_text_in_pieces_and_the_usage_at_its_end(says: Callable[..., Any]) -> None:
    chunks = list(
        says("Because of ü.").chat.completions.create(
            model="bytes", messages=ASK, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    texts = [chunk.choices[0].delta.content for chunk in chunks[:-1] if chunk.choices[0].delta.content]
    assert "".join(texts) == "Because of ü."
    assert len(texts) > 5
    assert [chunk.choices[0].finish_reason for chunk in chunks[:-1] if chunk.choices[0].finish_reason] == ["stop"]
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == len("Because of ü.".encode())


def test_without_being_asked_a_stream_tells_no_usage(says: Callable[..., Any]) -> None:
    chunks = list(says("Yes.").chat.completions.create(model="bytes", messages=ASK, stream=True))
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)


def test_usage_tells_what_was_cached_guessed_and_right(client_of: Callable[..., Any]) -> None:
    client = client_of(ByteModel(replies=["abcde", "abcde"]))
    client.chat.completions.create(model="bytes", messages=ASK)
    usage = client.chat.completions.create(model="bytes", messages=ASK).usage
    assert usage.prompt_tokens_details.cached_tokens == usage.prompt_tokens - 1
    assert usage.completion_tokens_details.accepted_prediction_tokens == 2
    assert usage.completion_tokens_details.rejected_prediction_tokens == 1


@pytest.mark.parametrize("content", ["a b", [{"type": "text", "text": "a "}, {"type": "text", "text": "b"}]])
def test_a_predicted_text_is_guessed_from(client_of: Callable[..., Any], content: Any) -> None:
    model = ByteModel(replies=["ok"])
    client_of(model).chat.completions.create(
        model="bytes", messages=ASK, prediction={"type": "content", "content": content}
    )
    assert model.engine.asked[0].beside == (tuple(b"a b"),)


def test_messages_reach_the_chat_template(client_of: Callable[..., Any]) -> None:
    model = ByteModel(replies=["ok"])
    parts = [{"type": "text", "text": "Why "}, {"type": "text", "text": "so?"}]
    client_of(model).chat.completions.create(
        model="bytes",
        messages=[{"role": "developer", "content": "Be brief."}, {"role": "user", "content": parts}],
    )
    assert model.decode(model.engine.asked[0].prompt) == "system: Be brief.\nuser: Why so?\nassistant: "


def test_sampling_is_passed_on(client_of: Callable[..., Any]) -> None:
    model = ByteModel(replies=["ok"])
    client_of(model).chat.completions.create(
        model="bytes", messages=ASK, max_completion_tokens=7, temperature=0.5, top_p=0.9, seed=3, stop="END"
    )
    sampling = model.engine.asked[0].sampling
    assert (sampling.max_tokens, sampling.temperature, sampling.top_p) == (7, 0.5, 0.9)
    assert (sampling.seed, sampling.stop) == (3, ("END",))


@pytest.mark.parametrize("stream", [False, True])
def test_a_stop_string_ends_the_reply_and_is_never_shown(says: Callable[..., Any], stream: bool) -> None:
    made = says("one STOP two").chat.completions.create(model="bytes", messages=ASK, stop=["STOP"], stream=stream)
    if stream:
        chunks = list(made)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert (text, chunks[-1].choices[0].finish_reason) == ("one ", "stop")
    else:
        assert (made.choices[0].message.content, made.choices[0].finish_reason) == ("one ", "stop")


def test_max_tokens_cuts_and_says_so(says: Callable[..., Any]) -> None:
    choice = says("a long reply").chat.completions.create(model="bytes", messages=ASK, max_tokens=6).choices[0]
    assert (choice.message.content, choice.finish_reason) == ("a long", "length")


def test_one_seed_gives_one_text_and_another_seed_another(noise: Any) -> None:
    def text(seed: int) -> str:
        reply = noise.chat.completions.create(model="bytes", messages=ASK, temperature=1.0, seed=seed, max_tokens=30)
        return str(reply.choices[0].message.content)

    assert text(1) == text(1)
    assert text(-7) == text(-7)
    assert text(1) != text(2)


@pytest.mark.parametrize("stream", [False, True])
def test_choices_of_one_request_differ_and_come_side_by_side(noise: Any, stream: bool) -> None:
    made = noise.chat.completions.create(
        model="bytes", messages=ASK, n=3, temperature=1.0, seed=1, max_tokens=20, stream=stream
    )
    texts = ["", "", ""]
    if stream:
        order = []
        for chunk in made:
            texts[chunk.choices[0].index] += chunk.choices[0].delta.content or ""
            order.append(chunk.choices[0].index)
        assert order[:6] == [0, 1, 2, 0, 1, 2]
    else:
        texts = [choice.message.content for choice in made.choices]
        assert made.usage.completion_tokens == 60
    assert len(set(texts)) == 3


@pytest.mark.parametrize("stream", [False, True])
def test_log_probabilities_of_every_token(says: Callable[..., Any], stream: bool) -> None:
    made = says("hü!").chat.completions.create(
        model="bytes", messages=ASK, logprobs=True, top_logprobs=2, stream=stream
    )
    choices = [chunk.choices[0] for chunk in made] if stream else made.choices
    tokens = [token for choice in choices if choice.logprobs for token in choice.logprobs.content]
    assert [token.token for token in tokens] == ["h", "\ufffd", "\ufffd", "!"]
    assert tokens[0].bytes == [ord("h")]
    assert tokens[1].bytes is None
    assert all(len(token.top_logprobs) == 2 and token.logprob < 0 for token in tokens)
    assert all(token.top_logprobs[0].logprob >= token.top_logprobs[1].logprob for token in tokens)


def test_a_json_schema_holds_the_reply(noise: Any) -> None:
    shape = {"type": "json_schema", "json_schema": {"name": "verdict", "schema": YES_OR_NO, "strict": True}}
    reply = noise.chat.completions.create(
        model="bytes", messages=ASK, response_format=shape, temperature=1.0, seed=2, max_tokens=500
    )
    assert reply.choices[0].finish_reason == "stop"
    assert json.loads(reply.choices[0].message.content)["answer"] in ("yes", "no")


def test_the_clients_own_parser_reads_it(noise: Any) -> None:
    from typing import Literal

    from pydantic import BaseModel

    class Verdict(BaseModel):
        answer: Literal["yes", "no"]

    reply = noise.chat.completions.parse(
        model="bytes", messages=ASK, response_format=Verdict, temperature=1.0, seed=2, max_tokens=500
    )
    assert reply.choices[0].message.parsed.answer in ("yes", "no")


def test_json_object_holds_the_reply_to_an_object(noise: Any) -> None:
    reply = noise.chat.completions.create(
        model="bytes", messages=ASK, response_format={"type": "json_object"}, max_tokens=50
    )
    assert reply.choices[0].message.content.lstrip().startswith("{")


@pytest.mark.parametrize(
    ("form", "good"),
    [
        ({"regex": "[a-c]{4}"}, r"[a-c]{4}"),
        ({"choice": ["left", "right"]}, "left|right"),
        ({"quote": ["left", "right"]}, "l?e?f?t?|r?i?g?h?t?"),
        ({"sentence": ["Go left.", "Go right."]}, r"Go (left|right)\."),
        ({"json": YES_OR_NO}, r"\{.*"),
        ({"json": YES_OR_NO, "any_order": True}, r"\{.*"),
        ({"json": YES_OR_NO, "any_order": "auto"}, r"\{.*"),
    ],
)
def test_vllms_structured_outputs_hold_it_too(noise: Any, form: dict[str, Any], good: str) -> None:
    import re

    reply = noise.chat.completions.create(
        model="bytes", messages=ASK, max_tokens=500, extra_body={"structured_outputs": form}
    )
    assert re.fullmatch(good, reply.choices[0].message.content, re.DOTALL)


def test_eight_streams_at_once_each_get_their_own_text(client_of: Callable[..., Any]) -> None:
    client = client_of(ByteModel())

    def read(number: int) -> str:
        made = client.chat.completions.create(
            model="bytes",
            messages=[{"role": "user", "content": str(number)}],
            stream=True,
            max_tokens=60,
            temperature=0,
        )
        return "".join(chunk.choices[0].delta.content or "" for chunk in made)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(read, range(8)))
    assert together == [read(number) for number in range(8)]
