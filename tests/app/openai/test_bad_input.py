"""Bad input under ``/v1``: each is one sentence, never a fault of the server, which answers afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.talk.call_formats import MISTRAL
from evidentia.tests.app.openai.conftest import listening

ASK = [{"role": "user", "content": "Why?"}]
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
DEEP_CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a":' * 5000 + "1" + "}" * 5000}}
OTHER = {**CALL, "id": "c2"}
ANSWER = {"role": "tool", "tool_call_id": "c1", "content": "5"}
ASKED = {"role": "assistant", "tool_calls": [CALL]}
BOTH = {"role": "assistant", "content": None, "tool_calls": [CALL, OTHER]}
MADE = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
GAVE = {"type": "function_call_output", "call_id": "c1", "output": "5"}
NAMELESS = {"type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with listening(ByteModel(tools=MISTRAL)) as found:
        yield found


def ask(address: str, route: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{address}/{route}", json={"model": "bytes", **body}, timeout=120)


def held(schema: dict[str, Any]) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}}


def offered(parameters: Any) -> dict[str, Any]:
    function = {"name": "f", "strict": True, **({} if parameters is None else {"parameters": parameters})}
    return {"tools": [{"type": "function", "function": function}], "tool_choice": "required"}


def text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


LARGE = {"type": "object", "properties": {f"name-{at}": {"type": "string"} for at in range(40_000)}}
CYCLE = {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}}
DEEP: dict[str, Any] = {}
for _ in range(300):
    DEEP = {"type": "object", "properties": {"a": DEEP}, "required": ["a"]}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
BAD: dict[str, dict[str, Any]] = {
    "a schema of 1 MB": held(LARGE),
    "a tool of 1 MB": offered(LARGE),
    "a schema of 1 MB as text": {"structured_outputs": {"json": json.dumps(LARGE)}},
    "a circle of references": held(CYCLE),
    "a tool with a circle of references": offered(CYCLE),
    "a reference to nothing": held({"$ref": "#/$defs/none"}),
    "a pattern with a backreference": held(text(r"^(a)\1$")),
    "a pattern that is none": held(text("(")),
    "a grammar that is none": {"structured_outputs": {"grammar": "start: ("}},
    "least above most": held({"type": "string", "minLength": 5, "maxLength": 4}),
    "a constant that fits nothing": held({"type": "string", "const": 5}),
    "a type that there is not": held({"type": "strin"}),
    "a schema that is none": {"structured_outputs": {"json": "[1, 2]"}},
    "two forms": {**held({"type": "string"}), "structured_outputs": {"regex": "a"}},
    "two limits": {"max_tokens": 5, "max_completion_tokens": 6},
    "more tokens at least than at most": {"min_tokens": 9, "max_tokens": 5},
    "a choice of tools without tools": {"tool_choice": "required"},
    "a tool that is not offered": {**offered({}), "tool_choice": {"type": "function", "function": {"name": "g"}}},
    "a tool without a name": {"tools": [{"type": "function", "function": {}}]},
    "a tool whose arguments are a list": offered({"type": "array"}),
    "a tool whose parameters are a list": offered([]),
    "an image": {"messages": [{"role": "user", "content": [IMAGE]}]},
    "an image beside text": {"messages": [{"role": "user", "content": [{"type": "text", "text": "?"}, IMAGE]}]},
    "a sound": {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]},
    "no role": {"messages": [{"content": "x"}]},
    "no message": {"messages": []},
    "a switch of the template's program": {"chat_template_kwargs": {"padding": True}},
    "a token of 5,000 digits": {"logit_bias": {"9" * 5000: 1}},
    "arguments of a call that are 5,000 deep": {"messages": [*ASK, {**ASKED, "tool_calls": [DEEP_CALL]}, ANSWER, *ASK]},
    "60,001 texts to choose from": {"structured_outputs": {"choice": [f"{at}" for at in range(60_001)]}},
    "10,001 lists to choose from": held({"enum": [[at] for at in range(10_001)]}),
    "a grammar of 1 MB": {"structured_outputs": {"grammar": "start: " + " | ".join(['"word"'] * 100_000)}},
    "half a character": {"messages": [{"role": "user", "content": 5}]},
}


@pytest.mark.parametrize("more", BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_the_server_answers_afterwards(address: str, more: dict[str, Any]) -> None:
    reply = ask(address, "chat/completions", {"messages": ASK, "max_tokens": 20, **more})
    assert reply.status_code == 400, reply.text[:300]
    said = reply.json()["error"]["message"]
    assert 0 < len(said) < 500
    assert "\n" not in said
    assert "Traceback" not in said
    assert "backtrace" not in said
    assert ask(address, "chat/completions", {"messages": ASK, "max_tokens": 2}).status_code == 200


GOOD: dict[str, dict[str, Any]] = {
    "50,000 values": held({"enum": [f"value-{at:05}" for at in range(50_000)]}),
    "a tool without parameters": offered(None),
    "a tool of 50,000 values": offered({"properties": {"a": {"enum": [f"value-{at:05}" for at in range(50_000)]}}}),
    "a pattern that explodes when it is tried in turn": held(text("^(a+)+(a|aa)+$")),
    "an object that contains itself": held({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}),
    "a pattern that explodes": held(text("^((a{1,1000}){1,1000}){1,1000}$")),
    "an expression that explodes": {"structured_outputs": {"regex": "((a{1,1000}){1,1000}){1,1000}"}},
    "a pattern with a million states": held(text("^[ab]*a[ab]{300}$")),
    "an object in an object": held(DEEP),
    "a stop string of 1 MB": {"stop": ["a" * 1_000_000]},
}


@pytest.mark.parametrize("more", GOOD.values(), ids=GOOD)
def test_what_is_large_or_has_no_end_is_answered_or_refused(address: str, more: dict[str, Any]) -> None:
    """An answer is whole, or says by its finish that it is not."""
    reply = ask(address, "chat/completions", {"messages": ASK, "max_tokens": 60, **more})
    assert reply.status_code in (200, 400), reply.text[:300]
    if reply.status_code == 400:
        assert len(reply.json()["error"]["message"]) < 500
        return
    (choice,) = reply.json()["choices"]
    if choice["finish_reason"] == "stop" and "response_format" in more:
        json.loads(choice["message"]["content"])
    assert ask(address, "chat/completions", {"messages": ASK, "max_tokens": 2}).status_code == 200


USER = ASK[0]
DISORDERED: dict[str, tuple[list[dict[str, Any]], str]] = {
    "an answer first": ([ANSWER], "messages.0"),
    "an answer to a user": ([USER, ANSWER], "messages.1"),
    "an answer to words": ([USER, {"role": "assistant", "content": "Well."}, ANSWER], "messages.2"),
    "another id": ([USER, ASKED, {**ANSWER, "tool_call_id": "c9"}], "messages.2"),
    "an answer behind another message": ([USER, ASKED, ANSWER, USER, ANSWER], "messages.4"),
    "one answer for two calls": ([USER, BOTH, ANSWER], "messages.1"),
    "a user before the answer": ([USER, ASKED, USER, ANSWER], "messages.1"),
    "a call at the end": ([USER, ASKED], "messages.1"),
    "one answer too many, without ids": ([USER, {**ASKED, "tool_calls": [NAMELESS]}, *[{**ANSWER, "tool_call_id": ""}] * 2], "messages.3"),
}  # fmt: skip


@pytest.mark.parametrize(("messages", "place"), DISORDERED.values(), ids=DISORDERED)
@pytest.mark.parametrize("stream", [False, True])
def test_calls_and_answers_that_do_not_belong_together_are_refused_with_their_place(
    address: str, messages: list[dict[str, Any]], place: str, stream: bool
) -> None:
    reply = ask(address, "chat/completions", {"messages": messages, "max_tokens": 2, "stream": stream})
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, place)


ORDERED: dict[str, list[dict[str, Any]]] = {
    "a call": [USER, ASKED, ANSWER],
    "two calls, answered in any order": [USER, BOTH, {**ANSWER, "tool_call_id": "c2"}, ANSWER, USER],
    "two rounds": [USER, ASKED, ANSWER, {**ASKED, "tool_calls": [OTHER]}, {**ANSWER, "tool_call_id": "c2"}],
    "the same id again": [USER, ASKED, ANSWER, ASKED, ANSWER],
    "no ids": [USER, {**ASKED, "tool_calls": [NAMELESS] * 2}, *[{"role": "tool", "content": "5"}] * 2],
    "an id of the call alone": [USER, ASKED, {"role": "tool", "content": "5"}],
    "a second answer": [USER, ASKED, ANSWER, ANSWER],
}


@pytest.mark.parametrize("messages", ORDERED.values(), ids=ORDERED)
def test_answers_that_belong_to_their_calls_are_read(address: str, messages: list[dict[str, Any]]) -> None:
    assert ask(address, "chat/completions", {"messages": messages, "max_tokens": 2}).status_code == 200


SAID = {"role": "user", "content": "Why?"}


@pytest.mark.parametrize(
    ("items", "param"),
    [
        ([GAVE], "input.0"),
        ([SAID, GAVE, MADE], "input.1"),
        ([SAID, MADE, {**GAVE, "call_id": "c9"}], "input.2"),
        ([SAID, MADE], "input.1"),
        ([SAID, MADE, GAVE], None),
        ([SAID, MADE, {**MADE, "call_id": "c2"}, {**GAVE, "call_id": "c2"}, GAVE], None),
        ([SAID, MADE, {"role": "assistant", "content": "Wait."}, GAVE, SAID], None),
    ],
)
def test_outputs_of_calls_in_responses_need_their_calls(
    address: str, items: list[dict[str, Any]], param: str | None
) -> None:
    reply = ask(address, "responses", {"input": items, "instructions": "Be brief.", "max_output_tokens": 2})
    assert (reply.status_code == 200) is (param is None)
    if param is not None:
        assert reply.json()["error"]["param"] == param


def test_tokenize_takes_a_long_text_and_refuses_as_the_other_addresses_do(address: str) -> None:
    root = address.removesuffix("/v1")
    assert httpx.post(f"{root}/tokenize", json={"prompt": "a" * 300_000}, timeout=60).json()["count"] == 300_000
    refused = httpx.post(f"{root}/detokenize", json={"tokens": [-1]})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "tokens")


@pytest.mark.parametrize("body", [[1], "x", 5])
def test_a_body_that_is_no_object_is_said_to_be_none(address: str, body: Any) -> None:
    said = httpx.post(f"{address}/chat/completions", json=body).json()["error"]["message"]
    assert said == "the body is no JSON object. Send one JSON object."


def test_what_a_failure_is_about_is_not_repeated_at_length(address: str) -> None:
    error = httpx.get(f"{address}/models/{'x' * 20_000}").json()["error"]
    assert max(len(error["message"]), len(error["param"])) < 500
