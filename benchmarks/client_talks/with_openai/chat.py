"""Chat completions: whole and streamed, tools, forms of replies, log probabilities, and what chat alone must refuse."""

from __future__ import annotations

import json
from typing import Any

import openai

from evidentia.benchmarks.client_talks.talk import BERN, FRANCE, MODEL, WEATHER, case, check_call, refused
from evidentia.benchmarks.client_talks.with_openai.client import ASK, SHAPE, Place, chat, client


def text_of(chunks: Any, index: int = 0) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices if choice.index == index)


@case("chat")
def _() -> None:
    reply = chat()
    assert "Paris" in reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


@case("chat streamed, with usage")
def _() -> None:
    chunks = list(chat(stream=True, stream_options={"include_usage": True}))
    assert text_of(chunks) == chat().choices[0].message.content
    assert chunks[-1].usage.completion_tokens > 0
    assert not chunks[-1].choices


@case("chat, the client's stream helper")
def _() -> None:
    with client.chat.completions.stream(model=MODEL, messages=ASK, temperature=0, max_tokens=24) as stream:
        kinds = {event.type for event in stream}
        assert "Paris" in str(stream.get_final_completion().choices[0].message.content)
    assert {"chunk", "content.delta", "content.done"} <= kinds


@case("n choices of a seed, whole and streamed")
def _() -> None:
    many: dict[str, Any] = {"n": 3, "temperature": 1, "seed": 5, "max_completion_tokens": 12}
    assert len({choice.message.content for choice in chat(**many).choices}) == 3
    chunks = list(chat(**many, stream=True))
    assert len({text_of(chunks, at) for at in range(3)}) == 3


@case("a seed says the same again")
def _() -> None:
    one, other = (chat(seed=11, temperature=1).choices[0].message.content for _ in range(2))
    assert one == other


@case("stop")
def _() -> None:
    choice = chat(stop=["France"]).choices[0]
    assert "France" not in choice.message.content
    assert choice.finish_reason == "stop"


@case("max tokens")
def _() -> None:
    reply = chat(max_completion_tokens=3)
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage.completion_tokens == 3


@case("log probabilities, whole and streamed")
def _() -> None:
    more: dict[str, Any] = {"logprobs": True, "top_logprobs": 2}
    whole = chat(**more).choices[0]
    assert "".join(token.token for token in whole.logprobs.content) == whole.message.content
    streamed = [
        token.token
        for chunk in chat(**more, stream=True)
        for choice in chunk.choices
        for token in (choice.logprobs.content if choice.logprobs else ())
    ]
    assert streamed == [token.token for token in whole.logprobs.content]


@case("log probabilities without alternatives")
def _() -> None:
    assert chat(logprobs=True).choices[0].logprobs.content[0].top_logprobs == []


@case("log probabilities beside tools")
def _() -> None:
    choice = chat(logprobs=True, tools=[WEATHER]).choices[0]
    assert choice.logprobs.content


@case("tools, auto")
def _() -> None:
    choice = chat(messages=[{"role": "user", "content": BERN}], tools=[WEATHER], max_completion_tokens=60).choices[0]
    assert choice.message.content or choice.message.tool_calls


@case("tools, required")
def _() -> None:
    choice = chat(tools=[WEATHER], tool_choice="required", max_completion_tokens=60).choices[0]
    (call,) = choice.message.tool_calls
    check_call(call.function.name, call.function.arguments)
    assert choice.finish_reason == "tool_calls"


@case("tools, named")
def _() -> None:
    named = {"type": "function", "function": {"name": "weather"}}
    (call,) = chat(tools=[WEATHER], tool_choice=named, max_completion_tokens=60).choices[0].message.tool_calls
    check_call(call.function.name, call.function.arguments)


@case("tools, allowed tools")
def _() -> None:
    other = {"type": "function", "function": {"name": "other", "parameters": {"type": "object", "properties": {}}}}
    only = {"mode": "required", "tools": [{"type": "function", "function": {"name": "weather"}}]}
    choice = {"type": "allowed_tools", "allowed_tools": only}
    (call,) = chat(tools=[other, WEATHER], tool_choice=choice, max_completion_tokens=60).choices[0].message.tool_calls
    check_call(call.function.name, call.function.arguments)


@case("tools, none")
def _() -> None:
    assert not chat(tools=[WEATHER], tool_choice="none").choices[0].message.tool_calls


@case("tools, streamed")
def _() -> None:
    name, arguments = "", ""
    for chunk in chat(tools=[WEATHER], tool_choice="required", max_completion_tokens=60, stream=True):
        for call in chunk.choices[0].delta.tool_calls or ():
            name += call.function.name or ""
            arguments += call.function.arguments or ""
    check_call(name, arguments)


@case("tools, the call and its result sent back")
def _() -> None:
    asked: Any = [{"role": "user", "content": BERN}]
    message = chat(messages=asked, tools=[WEATHER], tool_choice="required", max_completion_tokens=60).choices[0].message
    answer = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "Sunny, 20 degrees."}
    assert chat(messages=[*asked, message, answer], tools=[WEATHER]).choices[0]
    assert chat(messages=[*asked, message.model_dump(), answer], tools=[WEATHER]).choices[0]


@case("tools and a schema of the reply")
def _() -> None:
    choice = chat(tools=[WEATHER], response_format=SHAPE, max_completion_tokens=60).choices[0]
    assert choice.message.tool_calls or Place.model_validate_json(choice.message.content)


@case("tools, required, and a schema of the reply")
def _() -> None:
    choice = chat(tools=[WEATHER], tool_choice="required", response_format=SHAPE, max_completion_tokens=60).choices[0]
    check_call(choice.message.tool_calls[0].function.name, choice.message.tool_calls[0].function.arguments)


@case("JSON schema")
def _() -> None:
    Place.model_validate_json(chat(response_format=SHAPE, max_completion_tokens=60).choices[0].message.content)


@case("JSON object")
def _() -> None:
    shape = {"type": "json_object"}
    text = chat(response_format=shape, max_completion_tokens=40).choices[0].message.content
    assert isinstance(json.loads(text), dict)


@case("parse to a class")
def _() -> None:
    reply = client.chat.completions.parse(
        model=MODEL, messages=ASK, response_format=Place, temperature=0, max_completion_tokens=60
    )
    assert isinstance(reply.choices[0].message.parsed, Place)


@case("parse a strict tool")
def _() -> None:
    tool = openai.pydantic_function_tool(Place)
    reply = client.chat.completions.parse(
        model=MODEL, messages=ASK, tools=[tool], tool_choice="required", temperature=0, max_completion_tokens=60
    )
    calls = reply.choices[0].message.tool_calls
    assert calls
    assert isinstance(calls[0].function.parsed_arguments, Place)


@case("sampling parameters")
def _() -> None:
    chat(top_p=0.9, presence_penalty=0.5, frequency_penalty=0.5, logit_bias={"5": -100}, temperature=1, user="me")


@case("sampling parameters of vLLM")
def _() -> None:
    chat(extra_body={"top_k": 20, "min_p": 0.1, "repetition_penalty": 1.1, "min_tokens": 2, "stop_token_ids": [2]})


@case("predicted output")
def _() -> None:
    assert "Paris" in chat(prediction={"type": "content", "content": "Paris."}).choices[0].message.content


@case("developer, names, parts, a refusal sent back")
def _() -> None:
    turns = [
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Hello "}, {"type": "text", "text": "there."}],
            "name": "ada",
        },
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "I cannot."}]},
        {"role": "user", "content": FRANCE},
    ]
    assert chat(messages=turns).choices[0].message.content


@case("refused: a schema that is none")
def _() -> None:
    bad = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "strin"}}}
    with refused(says="#/type"):
        chat(response_format=bad)


@case("refused: a format without its schema")
def _() -> None:
    with refused(says="json_schema"):
        chat(response_format={"type": "json_schema"})


@case("refused: a tool whose parameters are no schema")
def _() -> None:
    tool = {"type": "function", "function": {"name": "x", "parameters": {"type": "objekt"}}}
    with refused(says="arguments/type"):
        chat(tools=[tool], tool_choice="required")


@case("refused: contradictions")
def _() -> None:
    with refused(says="top_logprobs"):
        chat(top_logprobs=3)
    with refused(says="max_tokens"):
        chat(max_tokens=5)
    with refused(says="tool_choice"):
        chat(tool_choice="required")
    with refused(says="tool_choice"):
        chat(tools=[WEATHER], tool_choice={"type": "function", "function": {"name": "other"}})
    with refused(says="min_tokens"):
        chat(extra_body={"min_tokens": 99})


@case("refused: a choice of tools without tools")
def _() -> None:
    with refused(says="tool_choice"):
        chat(tool_choice="auto")


@case("refused: out of range")
def _() -> None:
    for wrong in ({"temperature": 3}, {"top_p": 1.5}, {"n": 0}, {"top_logprobs": 30, "logprobs": True}):
        with refused(says=next(iter(wrong))):
            chat(**wrong)
    with refused(says="presence_penalty"):
        chat(presence_penalty=5)


@case("refused: no messages, an unknown role, arguments that are no JSON")
def _() -> None:
    with refused(says="messages"):
        chat(messages=[])
    with refused(says="role"):
        chat(messages=[{"role": "robot", "content": "x"}])
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{"}}
    with refused(says="arguments"):
        chat(messages=[*ASK, {"role": "assistant", "tool_calls": [call]}])
