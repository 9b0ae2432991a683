"""openai-python: every endpoint that the server has, whole and streamed, and what it must refuse."""

from __future__ import annotations

import json
import sys
from typing import Any, Literal

import openai
from pydantic import BaseModel

from evidentia.benchmarks.client_talks.talk import (
    ADDRESS,
    BERN,
    EMBEDDER,
    FRANCE,
    MODEL,
    PIXEL,
    PLACE,
    WEATHER,
    case,
    check_call,
    refused,
    run,
)

client = openai.OpenAI(base_url=ADDRESS, api_key="none", max_retries=0, timeout=600)
ASK: Any = [{"role": "user", "content": FRANCE}]
SHAPE: Any = {"type": "json_schema", "json_schema": {"name": "place", "schema": PLACE, "strict": True}}
FLAT: Any = {"type": "function", "strict": False, **WEATHER["function"]}  # type: ignore[dict-item]


class Place(BaseModel):
    city: str
    country: Literal["France", "Italy"]


def chat(**more: Any) -> Any:
    given = {"model": MODEL, "messages": ASK, "temperature": 0, "max_completion_tokens": 24, **more}
    return client.chat.completions.create(**given)


def respond(**more: Any) -> Any:
    return client.responses.create(
        **{"model": MODEL, "input": FRANCE, "temperature": 0, "max_output_tokens": 24, **more}
    )


def complete(**more: Any) -> Any:
    return client.completions.create(
        **{"model": MODEL, "prompt": "The capital of France is", "temperature": 0, "max_tokens": 4, **more}
    )


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


@case("plain completion, whole and streamed")
def _() -> None:
    whole = complete().choices[0].text
    assert "Paris" in whole
    assert "".join(chunk.choices[0].text for chunk in complete(stream=True)) == whole


@case("plain completion of several prompts")
def _() -> None:
    assert [choice.index for choice in complete(prompt=["One", "Two"], n=2, temperature=1).choices] == [0, 1, 2, 3]


@case("plain completion, echo and log probabilities")
def _() -> None:
    logprobs = complete(echo=True, logprobs=2).choices[0].logprobs
    assert logprobs.token_logprobs[0] is None
    assert len(logprobs.tokens) == len(logprobs.top_logprobs) == len(logprobs.text_offset)


@case("embeddings, default, floats, shortened, of tokens")
def _() -> None:
    short = client.embeddings.create(model=EMBEDDER, input=["a", "b"], dimensions=64)
    assert [len(item.embedding) for item in short.data] == [64, 64]
    more_words: tuple[dict[str, Any], ...] = ({}, {"encoding_format": "float"})
    default, floats = (
        client.embeddings.create(model=EMBEDDER, input="a pump", **more).data[0].embedding for more in more_words
    )
    assert max(abs(one - other) for one, other in zip(default, floats, strict=True)) < 1e-6
    client.embeddings.create(model=EMBEDDER, input=[[1012, 2000]])


@case("response, whole and streamed")
def _() -> None:
    whole = respond()
    assert "Paris" in whole.output_text
    with client.responses.stream(model=MODEL, input=FRANCE, temperature=0, max_output_tokens=24) as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_text == whole.output_text
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"


@case("response to a class")
def _() -> None:
    reply = client.responses.parse(model=MODEL, input=FRANCE, text_format=Place, temperature=0, max_output_tokens=60)
    assert isinstance(reply.output_parsed, Place)


@case("response with tools, sent back")
def _() -> None:
    asked: Any = [{"role": "user", "content": BERN}]
    reply = respond(input=asked, tools=[FLAT], tool_choice="required", max_output_tokens=60)
    call = next(item for item in reply.output if item.type == "function_call")
    check_call(call.name, call.arguments)
    answer = {"type": "function_call_output", "call_id": call.call_id, "output": "Sunny."}
    assert respond(input=[*asked, *reply.output, answer], tools=[FLAT]).status


@case("response, allowed tools")
def _() -> None:
    choice = {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "weather"}]}
    reply = respond(tools=[FLAT, {**FLAT, "name": "other"}], tool_choice=choice, max_output_tokens=60)
    assert reply.output[0].name == "weather"


@case("response with tools and a schema")
def _() -> None:
    form = {"format": {"type": "json_schema", "name": "place", "schema": PLACE, "strict": True}}
    reply = respond(tools=[FLAT], text=form, max_output_tokens=60)
    assert reply.output[0].type == "function_call" or Place.model_validate_json(reply.output_text)


@case("response, an earlier reply sent back")
def _() -> None:
    first = respond()
    turns = [{"role": "user", "content": FRANCE}, *first.output, {"role": "user", "content": "And of Italy?"}]
    assert respond(input=turns).output_text


@case("response, log probabilities")
def _() -> None:
    reply = respond(include=["message.output_text.logprobs"], top_logprobs=2)
    assert reply.output[0].content[0].logprobs


@case("models")
def _() -> None:
    assert MODEL in [model.id for model in client.models.list()]
    assert client.models.retrieve(MODEL).id == MODEL


@case("refused: another model, everywhere")
def _() -> None:
    for ask in (chat, complete, respond):
        with refused(404, "model_not_found"):
            ask(model="gpt-5")
    with refused(404, "model_not_found"):
        client.embeddings.create(model="text-embedding-3-small", input="a")
    with refused(404, "model_not_found"):
        client.models.retrieve("gpt-5")


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


@case("refused: options of a stream without a stream")
def _() -> None:
    for ask in (chat, complete):
        with refused(says="stream_options"):
            ask(stream_options={"include_usage": True})


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


@case("refused: an image, a sound, a file")
def _() -> None:
    for part in (
        {"type": "image_url", "image_url": {"url": PIXEL}},
        {"type": "input_audio", "input_audio": {"data": "aaaa", "format": "wav"}},
        {"type": "file", "file": {"file_data": "aaaa", "filename": "a.pdf"}},
    ):
        with refused(says=part["type"]):  # type: ignore[arg-type]
            chat(messages=[{"role": "user", "content": [{"type": "text", "text": "What?"}, part]}])
    image = {"type": "input_image", "image_url": PIXEL, "detail": "auto"}
    with refused(says="input.0.content.0"):
        respond(input=[{"role": "user", "content": [image]}])


@case("refused: a prompt beyond the context")
def _() -> None:
    long = "word " * 9000
    with refused(says="context_length_exceeded"):
        chat(messages=[{"role": "user", "content": long}])
    with refused(says="context_length_exceeded"):
        complete(prompt=long)
    with refused(says="context_length_exceeded"):
        respond(input=long)


@case("refused: no messages, an unknown role, arguments that are no JSON")
def _() -> None:
    with refused(says="messages"):
        chat(messages=[])
    with refused(says="role"):
        chat(messages=[{"role": "robot", "content": "x"}])
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{"}}
    with refused(says="arguments"):
        chat(messages=[*ASK, {"role": "assistant", "tool_calls": [call]}])


@case("refused: what is not stored, what needs reasoning")
def _() -> None:
    with refused(says="previous_response_id"):
        respond(previous_response_id="resp_1")
    with refused(says="reasoning_effort"):
        chat(reasoning_effort="high")
    with refused(404):
        client.responses.retrieve("resp_1")


@case("refused: empty input of embeddings")
def _() -> None:
    with refused(says="input"):
        client.embeddings.create(model=EMBEDDER, input="")


@case("refused: endpoints that are not there")
def _() -> None:
    with refused(404):
        client.moderations.create(input="x")
    with refused(404):
        client.files.list()


if __name__ == "__main__":
    run(*sys.argv[1:])
