"""Plain completions, embeddings, models, health and metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import openai
import pytest
from prometheus_client.parser import text_string_to_metric_families

from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.models.scripted import ByteModel


def test_a_plain_prompt_goes_on(client_of: Callable[..., Any]) -> None:
    model = ByteModel(replies=["lived a king"])
    reply = client_of(model).completions.create(model="bytes", prompt="There once ")
    assert reply.choices[0].text == "lived a king"
    assert bytes(model.engine.asked[0].prompt) == b"There once "


def test_sixteen_tokens_unless_more_are_asked_for(noise: Any) -> None:
    reply = noise.completions.create(model="bytes", prompt="x", temperature=0)
    assert reply.usage.completion_tokens == 16
    assert reply.choices[0].finish_reason == "length"


def test_several_prompts_give_choices_in_their_order(says: Callable[..., Any]) -> None:
    reply = says("a", "b", "c", "d").completions.create(model="bytes", prompt=["1", "22"], n=2)
    assert [(choice.index, choice.text) for choice in reply.choices] == [(0, "a"), (1, "b"), (2, "c"), (3, "d")]
    assert reply.usage.prompt_tokens == 3


def test_tokens_are_a_prompt_too(client_of: Callable[..., Any]) -> None:
    model = ByteModel(replies=["x"])
    client_of(model).completions.create(model="bytes", prompt=[104, 105])
    assert model.engine.asked[0].prompt == (104, 105)


def test_a_plain_stream(says: Callable[..., Any]) -> None:
    chunks = list(says("one two").completions.create(model="bytes", prompt="x", stream=True))
    assert "".join(chunk.choices[0].text for chunk in chunks) == "one two"
    assert chunks[-1].choices[0].finish_reason == "stop"


@pytest.mark.parametrize("stream", [False, True])
def test_old_log_probabilities_tell_where_each_token_begins(says: Callable[..., Any], stream: bool) -> None:
    made = says("abc").completions.create(model="bytes", prompt="x", logprobs=1, stream=stream)
    found = [choice.logprobs for reply in (made if stream else [made]) for choice in reply.choices]
    assert [token for part in found for token in part.tokens] == ["a", "b", "c"]
    assert [offset for part in found for offset in part.text_offset] == [0, 1, 2]


@pytest.mark.parametrize("prompt", ["", [], [999], [-1], [[1], []]])
def test_a_prompt_without_sense_is_refused(noise: Any, prompt: Any) -> None:
    with pytest.raises(openai.BadRequestError):
        noise.completions.create(model="bytes", prompt=prompt)


@pytest.mark.parametrize("how", ["float", "base64"])
def test_embeddings_are_those_of_the_library(noise: Any, how: Any) -> None:
    texts = ["a pump", "a well"]
    found = noise.embeddings.create(model="hash", input=texts, encoding_format=how)
    vectors = [item.embedding for item in found.data]
    if how == "base64":
        import base64

        vectors = [np.frombuffer(base64.b64decode(vector), "<f4") for vector in vectors]
    assert np.allclose(vectors, HashEmbedder().encode(texts))


def test_the_clients_default_form_of_embeddings_works(noise: Any) -> None:
    assert np.allclose(
        noise.embeddings.create(model="hash", input="a pump").data[0].embedding, HashEmbedder().encode(["a pump"])[0]
    )


@pytest.mark.parametrize("more", [{"input": ""}, {"input": []}, {"input": [1, 2]}, {"dimensions": 5_000}])
def test_embeddings_refuse_what_they_cannot_do(noise: Any, more: dict[str, Any]) -> None:
    with pytest.raises(openai.BadRequestError):
        noise.embeddings.create(**{"model": "hash", "input": "x", **more})


SHORTER = HashEmbedder().dimension - 1
LETTERS = " ".join(map(chr, range(97, 123)))


def test_vectors_can_be_shorter(noise: Any) -> None:
    (vector,) = (
        item.embedding for item in noise.embeddings.create(model="hash", input=LETTERS, dimensions=SHORTER).data
    )
    assert len(vector) == SHORTER
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_both_models_are_listed_and_found(noise: Any) -> None:
    assert [model.id for model in noise.models.list()] == ["bytes", "hash"]
    assert noise.models.retrieve("hash").id == "hash"
    with pytest.raises(openai.NotFoundError, match="no such model"):
        noise.models.retrieve("gpt")


def test_metrics_count_what_was_done(says: Callable[..., Any]) -> None:
    client = says("abcd", "abcd")
    for _ in range(2):
        client.completions.create(model="bytes", prompt="xyz")
    text = httpx.get(str(client.base_url).replace("/v1/", "/metrics")).text
    found = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["evidentia_tokens_total", ("kind", "prompt")] == 6
    assert found["evidentia_tokens_total", ("kind", "cached")] == 2
    assert found["evidentia_tokens_total", ("kind", "written")] == 8
    assert found["evidentia_passes_total",] == 4
    assert found["evidentia_replies_total", ("finish", "stop"), ("route", "/v1/completions")] == 2
    assert found["evidentia_first_token_seconds_count",] == 2
    assert found["evidentia_replies_waiting",] == found["evidentia_replies_running",] == 0


def test_health_needs_no_token(client_of: Callable[..., Any]) -> None:
    client = client_of(ByteModel(), token="sesame")
    root = str(client.base_url).removesuffix("/v1/")
    assert httpx.get(f"{root}/health").json() == {"status": "ok"}
    assert httpx.get(f"{root}/metrics").status_code == 401


def test_a_prompt_is_told_with_its_log_probabilities(noise: Any) -> None:
    """As lm-evaluation-harness asks for it."""
    choice = noise.completions.create(model="bytes", prompt="abcd", max_tokens=1, echo=True, logprobs=2).choices[0]
    assert choice.text.startswith("abcd")
    assert choice.logprobs.tokens[:4] == ["a", "b", "c", "d"]
    assert choice.logprobs.token_logprobs[0] is None
    assert all(logprob <= 0 for logprob in choice.logprobs.token_logprobs[1:])
    assert 1 <= len(choice.logprobs.top_logprobs[1]) <= 2
    assert choice.logprobs.text_offset[:4] == [0, 1, 2, 3]
    alone = noise.completions.create(model="bytes", prompt="abcd", max_tokens=0, echo=True, logprobs=1).choices[0]
    assert (alone.text, alone.finish_reason) == ("abcd", "length")
    told = noise.completions.create(model="bytes", prompt="ab", max_tokens=1, extra_body={"prompt_logprobs": 2})
    assert told.choices[0].prompt_logprobs[0] is None
    shown = told.choices[0].prompt_logprobs[1]
    own = next(iter(shown))
    assert own == str(ord("b"))
    assert shown[own]["decoded_token"] == "b"
    assert shown[own]["rank"] > 2, "noise likes others better"
    assert [one["rank"] for one in list(shown.values())[1:]] == [1, 2]
    assert shown[own]["logprob"] < min(one["logprob"] for one in list(shown.values())[1:])


def test_a_conversation_is_told_with_its_log_probabilities(noise: Any) -> None:
    """In vLLM's shape: beside the choices, for every token of the prompt."""
    turns = [{"role": "user", "content": "Hi"}]
    told = noise.chat.completions.create(
        model="bytes", messages=turns, max_tokens=1, extra_body={"prompt_logprobs": 0}
    ).prompt_logprobs
    asked = noise.post("../tokenize", body={"messages": turns}, cast_to=object)["tokens"]
    assert told[0] is None
    assert [[int(token) for token in shown] for shown in told[1:]] == [[token] for token in asked[1:]]
    assert {key for shown in told[1:] for one in shown.values() for key in one} == {"logprob", "rank", "decoded_token"}


def test_log_probabilities_of_a_prompt_have_no_place_in_a_stream(noise: Any) -> None:
    more = {"stream": True, "max_tokens": 1, "extra_body": {"prompt_logprobs": 1}}
    with pytest.raises(openai.BadRequestError, match="prompt_logprobs are not given in a stream"):
        noise.chat.completions.create(model="bytes", messages=[{"role": "user", "content": "Hi"}], **more)
    with pytest.raises(openai.BadRequestError, match="prompt_logprobs are not given in a stream"):
        noise.completions.create(model="bytes", prompt="ab", **more)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("last", "opened", "role", "text"),
    [
        ("assistant", False, "assistant", "abc"),
        ("assistant", True, "assistant", "abc"),
        ("user", True, "assistant", "c"),
        ("user", False, "user", "abc"),
    ],
)
def test_the_last_message_is_said_again_where_the_reply_goes_on_with_it(
    says: Callable[..., Any], stream: bool, last: str, opened: bool, role: str, text: str
) -> None:
    """As vLLM does it: only where both are of one role."""
    turns = [{"role": "user", "content": "Spell."}, {"role": last, "content": "ab"}]
    body = {"echo": True, "add_generation_prompt": opened}
    found = says("c").chat.completions.create(model="bytes", messages=turns, stream=stream, extra_body=body)
    if stream:
        deltas = [chunk.choices[0].delta for chunk in found]
        assert (deltas[0].role, "".join(delta.content or "" for delta in deltas)) == (role, text)
    else:
        assert (found.choices[0].message.role, found.choices[0].message.content) == (role, text)


def test_texts_and_messages_become_tokens_and_texts_again(noise: Any) -> None:
    found = noise.post("../tokenize", body={"prompt": "ab"}, cast_to=object)
    assert (found["count"], found["tokens"]) == (2, [97, 98])
    turns = {"messages": [{"role": "user", "content": "Hi", "name": "Ada"}]}
    assert noise.post("../tokenize", body=turns, cast_to=object)["tokens"][-11:] == list(b"assistant: ")
    assert noise.post("../detokenize", body={"tokens": [97, 98]}, cast_to=object)["prompt"] == "ab"


def test_a_last_message_of_the_assistant_is_continued(client_of: Any) -> None:
    model = ByteModel(replies=["c"])
    turns = [{"role": "user", "content": "Spell."}, {"role": "assistant", "content": "ab"}]
    body = {"continue_final_message": True, "add_generation_prompt": False}
    client_of(model).chat.completions.create(model="bytes", messages=turns, extra_body=body)
    assert model.decode(model.engine.asked[0].prompt).endswith("assistant: ab")


def test_a_reply_is_sent_back_as_clients_keep_it(noise: Any) -> None:
    function = {"name": "f", "arguments": "{}", "parsed_arguments": {}}
    called = {"id": "c1", "type": "function", "function": function, "provider_specific_fields": {"a": 1}}
    turns = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "{}", "parsed": {"a": 1}, "provider_specific_fields": {"refusal": None}},
        {"role": "assistant", "content": "Yes", "reasoning": "Hm.", "reasoning_details": [{}], "thinking_blocks": []},
        {"role": "assistant", "tool_calls": [called]},
        {"role": "tool", "tool_call_id": "c1", "content": "5"},
    ]
    assert noise.chat.completions.create(model="bytes", messages=turns, max_tokens=3).usage.completion_tokens


def test_hints_and_settings_that_change_nothing_are_taken(noise: Any) -> None:
    hinted = {"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}
    turns = [
        {"role": "user", "content": [hinted], "name": "Ada"},
        {"role": "assistant", "content": "Yes?", "reasoning_content": "Hm.", "refusal": None, "annotations": []},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}], "type": "message"},
        {"role": "user", "content": "Go on."},
    ]
    neutral = {
        "top_k": -1,
        "min_p": 0,
        "typical_p": 1,
        "repetition_penalty": 1,
        "length_penalty": 1,
        "mirostat": 0,
        "mirostat_tau": 5.0,
        "repeat_penalty": 1.0,
        "tfs_z": 1,
        "top_a": 0,
        "detokenize": True,
        "bad_words": [],
        "include_reasoning": True,
        "echo": False,
        "skip_special_tokens": True,
        "cache_prompt": True,
        "chat_template_kwargs": {"enable_thinking": False},
    }
    settings = {"frequency_penalty": 0, "presence_penalty": 0, "logit_bias": {}, "user": "u", "metadata": {"a": "b"}}
    first, second = (
        noise.chat.completions.create(model="bytes", messages=turns, max_tokens=5, seed=1, **more)
        for more in ({}, {**settings, "extra_body": neutral})
    )
    assert first.choices[0].message.content == second.choices[0].message.content


def test_a_table_is_a_form(noise: Any) -> None:
    form = {"table": {"columns": ["Team", "Wins"], "rows": [1, 2], "patterns": {"Team": "[A-Z]", "Wins": "[0-9]"}}}
    reply = noise.completions.create(model="bytes", prompt="x", max_tokens=90, extra_body={"structured_outputs": form})
    head, line, first, *_ = reply.choices[0].text.splitlines()
    assert head.replace(" ", "") == "|Team|Wins|"
    assert set(line) <= set("|-: ")
    assert len(first.strip("| ").split("|")) == 2
