"""Responses: whole and streamed, to a class, with tools, and earlier ones sent back."""

from __future__ import annotations

from typing import Any

from evidentia.benchmarks.client_talks.talk import BERN, FRANCE, MODEL, PLACE, WEATHER, case, check_call
from evidentia.benchmarks.client_talks.with_openai.client import Place, client, respond

FLAT: Any = {"type": "function", "strict": False, **WEATHER["function"]}  # type: ignore[dict-item]


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
