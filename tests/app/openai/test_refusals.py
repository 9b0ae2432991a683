"""What is refused and how it is said; and that replies stop when a client goes away or its time is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import httpx
import openai
import pytest

from evidentia.corpus.cancellation import check
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.models.scripted import ByteModel

ASK = [{"role": "user", "content": "Why?"}]


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"frequency_penalty": 2.5}, "frequency_penalty"),
        ({"presence_penalty": -3}, "presence_penalty"),
        ({"logit_bias": {"999": 10}}, "logit_bias"),
        ({"logit_bias": {"x": 10}}, "logit_bias"),
        ({"extra_body": {"min_tokens": 900}, "max_tokens": 9}, "min_tokens"),
        ({"extra_body": {"continue_final_message": True}}, "messages"),
        ({"extra_body": {"mirostat": 2}}, "mirostat"),
        ({"reasoning_effort": "high"}, "reasoning_effort"),
        ({"verbosity": "low"}, "verbosity"),
        ({"web_search_options": {}}, "web_search_options"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"extra_body": {"top_k": -5}}, "top_k"),
        ({"temperature": 3}, "temperature"),
        ({"top_p": 1.5}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 5, "max_completion_tokens": 6}, "max_tokens"),
        ({"n": 17}, "n"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"top_logprobs": 2}, "top_logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "function", "content": "x"}]}, "messages.0.role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            "messages.0.content",
        ),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
        ({"extra_body": {"structured_outputs": {"regex": "a", "choice": ["b"]}}}, "structured_outputs"),
    ],
)
def test_what_would_change_the_result_is_refused_by_name(noise: Any, more: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        noise.chat.completions.create(**{"model": "bytes", "messages": ASK, **more})
    assert caught.value.param.startswith(param)
    assert caught.value.type == "invalid_request_error"


def test_what_changes_nothing_is_accepted(says: Callable[..., Any]) -> None:
    reply = says("ok").chat.completions.create(
        model="bytes",
        messages=ASK,
        user="ada",
        metadata={"a": "b"},
        store=False,
        service_tier="auto",
        frequency_penalty=0,
        presence_penalty=0.0,
        logit_bias={},
        reasoning_effort=None,
        prediction={"type": "content", "content": "ok"},
    )
    assert reply.choices[0].message.content == "ok"


@pytest.mark.parametrize(
    "schema",
    [{"type": "strin"}, {"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}}, {"$dynamicRef": "#x"}],
)
def test_a_schema_that_cannot_be_kept_is_refused_and_never_ignored(noise: Any, schema: dict[str, Any]) -> None:
    shape = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    with pytest.raises(openai.BadRequestError):
        noise.chat.completions.create(model="bytes", messages=ASK, response_format=shape)


@pytest.mark.parametrize("stream", [False, True])
def test_a_prompt_beyond_the_context_is_one_sentence(client_of: Callable[..., Any], stream: bool) -> None:
    client = client_of(ByteModel(context=100))
    long = [{"role": "user", "content": "x" * 200}]
    with pytest.raises(openai.BadRequestError, match="the prompt has 218 tokens, the model reads 100") as caught:
        client.chat.completions.create(model="bytes", messages=long, stream=stream)
    assert caught.value.code == "context_length_exceeded"


def test_another_model_is_not_found(noise: Any) -> None:
    with pytest.raises(openai.NotFoundError, match="Did you mean bytes") as caught:
        noise.chat.completions.create(model="gpt-5", messages=ASK)
    assert caught.value.code == "model_not_found"


@pytest.mark.parametrize("key", ["wrong", "none"])
def test_a_wrong_token_is_an_authentication_error(client_of: Callable[..., Any], key: str) -> None:
    with pytest.raises(openai.AuthenticationError, match="token is missing or wrong"):
        client_of(ByteModel(), token="sesame", key=key).models.list()


def test_the_token_is_the_api_key(client_of: Callable[..., Any]) -> None:
    assert client_of(ByteModel(replies=["ok"]), token="sesame", key="sesame").models.list().data


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'{"model": "\\ud800"}', b"[" * 100_000])
def test_a_body_that_is_no_request_is_refused(noise: Any, raw: bytes) -> None:
    reply = httpx.post(f"{noise.base_url}chat/completions", content=raw)
    assert reply.status_code == 400
    assert reply.json()["error"]["type"] == "invalid_request_error"


def test_an_address_that_is_not_there_is_said_in_the_same_shape(noise: Any) -> None:
    reply = httpx.get(f"{noise.base_url}files")
    assert (reply.status_code, reply.json()["error"]["type"]) == (404, "invalid_request_error")


def test_a_failure_while_writing_reaches_the_client(client_of: Callable[..., Any]) -> None:
    model = ByteModel(replies=[])
    with pytest.raises(openai.InternalServerError, match="no more replies"):
        client_of(model).chat.completions.create(model="bytes", messages=ASK)


def ask(client: Any, route: str, *, stream: bool) -> Any:
    """For more than anybody waits for."""
    if route == "chat":
        return client.chat.completions.create(model="bytes", messages=ASK, stream=stream)
    if route == "responses":
        return client.responses.create(model="bytes", input="Why?", stream=stream)
    return client.completions.create(model="bytes", prompt="x", max_tokens=9**8, stream=stream)


def endless() -> ByteModel:
    return ByteModel(replies=["x" * 5_000_000], context=1_000_000_000)


@pytest.mark.parametrize("route", ["chat", "responses", "completions"])
def test_a_client_that_leaves_a_stream_stops_the_model(client_of: Callable[..., Any], route: str) -> None:
    model = endless()
    stream = ask(client_of(model), route, stream=True)
    for _, _chunk in zip(range(10), stream, strict=False):
        pass
    assert model.engine.open == 1
    stream.close()
    assert _soon(lambda: model.engine.open == 0)


@pytest.mark.parametrize("route", ["chat", "responses", "completions"])
def test_a_client_that_does_not_wait_for_a_whole_reply_stops_the_model(
    client_of: Callable[..., Any], route: str
) -> None:
    model = endless()
    with pytest.raises(openai.APITimeoutError):
        ask(client_of(model).with_options(timeout=0.5), route, stream=False)
    assert _soon(lambda: len(model.engine.asked) == 1 and model.engine.open == 0)


@pytest.mark.parametrize("route", ["chat", "responses", "completions"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_reply_that_takes_longer_than_allowed_is_ended_and_says_so(
    client_of: Callable[..., Any], route: str, stream: bool
) -> None:
    model = endless()
    with pytest.raises(openai.APIError, match="took more than 1 seconds"):
        for _ in ask(client_of(model, seconds=1), route, stream=stream):
            pass
    assert _soon(lambda: len(model.engine.asked) == 1 and model.engine.open == 0)


def test_vectors_that_take_longer_than_allowed_are_ended_and_say_so(
    client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def slow(self: HashEmbedder, texts: Sequence[str]) -> NoReturn:
        try:
            while True:
                check()
                time.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr(HashEmbedder, "encode", slow)
    with pytest.raises(openai.InternalServerError, match="took more than 1 seconds"):
        client_of(ByteModel(), seconds=1).embeddings.create(model="hash", input="a")
    assert ended.wait(5)


def _soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()
