"""Function calls: demanded ones are held to the tool's schema, free ones are found in the text, others are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from evidentia.serving.base import CallFormat
from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.talk.call_formats import LLAMA, MISTRAL, MISTRAL_NAMED

ASK = [{"role": "user", "content": "How is it in Bern?"}]
CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Bern"}}\n</tool_call>'
LONG = {"max_tokens": 500, "temperature": 1.0, "seed": 4}


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "weather"}}])
@pytest.mark.parametrize("shows_tools", [False, True])
def test_a_demanded_call_follows_the_schema(
    client_of: Callable[..., Any], weather: dict[str, Any], choice: Any, shows_tools: bool
) -> None:
    client = client_of(ByteModel(tools=shows_tools))
    reply = client.chat.completions.create(model="bytes", messages=ASK, tools=[weather], tool_choice=choice, **LONG)
    (call,) = reply.choices[0].message.tool_calls
    assert call.function.name == "weather"
    assert json.loads(call.function.arguments)["city"] in ("Bern", "Rome")
    assert reply.choices[0].finish_reason == "tool_calls"
    assert reply.choices[0].message.content is None


def test_one_of_several_tools_is_called(noise: Any, weather: dict[str, Any]) -> None:
    other = {"type": "function", "function": {"name": "stop", "parameters": {"type": "object", "properties": {}}}}
    reply = noise.chat.completions.create(
        model="bytes", messages=ASK, tools=[weather, other], tool_choice="required", **LONG
    )
    assert reply.choices[0].message.tool_calls[0].function.name in ("weather", "stop")


def test_a_schema_with_definitions_still_finds_them(noise: Any) -> None:
    class Place(BaseModel):
        zip: bool

    class Trip(BaseModel):
        start: Place
        end: Place

    tool = openai.pydantic_function_tool(Trip)
    other = openai.pydantic_function_tool(Place)
    reply = noise.chat.completions.create(
        model="bytes", messages=ASK, tools=[other, tool], tool_choice="required", **LONG
    )
    call = reply.choices[0].message.tool_calls[0].function
    {"Trip": Trip, "Place": Place}[call.name].model_validate_json(call.arguments)  # type: ignore[attr-defined]


def test_a_model_that_is_shown_no_tools_is_told_of_them(client_of: Callable[..., Any], weather: dict[str, Any]) -> None:
    model = ByteModel()
    client_of(model).chat.completions.create(
        model="bytes", messages=ASK, tools=[weather], tool_choice="required", **LONG
    )
    prompt = model.decode(model.engine.asked[0].prompt)
    assert prompt.startswith("system: Call one of these functions.")
    assert '"name": "weather"' in prompt


def test_a_free_call_is_found_between_text(says: Callable[..., Any], weather: dict[str, Any]) -> None:
    client = says(f"Let me see. {CALL}", tools=True)
    choice = client.chat.completions.create(model="bytes", messages=ASK, tools=[weather]).choices[0]
    assert choice.message.content == "Let me see. "
    assert json.loads(choice.message.tool_calls[0].function.arguments) == {"city": "Bern"}
    assert choice.finish_reason == "tool_calls"


def test_only_one_call_where_only_one_is_wanted(says: Callable[..., Any], weather: dict[str, Any]) -> None:
    client = says(CALL + CALL, tools=True)
    choice = client.chat.completions.create(
        model="bytes", messages=ASK, tools=[weather], parallel_tool_calls=False
    ).choices[0]
    assert len(choice.message.tool_calls) == 1


def test_what_is_no_json_stays_visible(says: Callable[..., Any], weather: dict[str, Any]) -> None:
    client = says("<tool_call>oops</tool_call>", tools=True)
    message = client.chat.completions.create(model="bytes", messages=ASK, tools=[weather]).choices[0].message
    assert message.content == "<tool_call>oops</tool_call>"
    assert not message.tool_calls


def test_strict_tools_hold_the_calls_among_free_text(client_of: Callable[..., Any], weather: dict[str, Any]) -> None:
    model = ByteModel(tools=True)
    strict = {**weather, "function": {**weather["function"], "strict": True}}
    client_of(model).chat.completions.create(model="bytes", messages=ASK, tools=[strict], max_tokens=5)
    guide = model.engine.asked[0].constraint.start()
    for token in b'Well <tool>. <tool_call>\n{"name": "weather", "arguments": {"city": ':
        guide.advance(token)
    assert not guide.allows(ord("5"))
    for token in b'"Bern"}}\n</tool_call> And ':
        guide.advance(token)
    assert guide.allows(model.end)
    for token in b'<tool_call>\n{"name": ':
        guide.advance(token)
    assert not guide.allows(model.end)


def test_a_model_that_is_shown_no_tools_chooses_between_words_and_a_call(
    says: Callable[..., Any], weather: dict[str, Any]
) -> None:
    client = says("Sunny.", '{"name": "weather", "arguments": {"city": "Bern"}}')
    words, call = (
        client.chat.completions.create(model="bytes", messages=ASK, tools=[weather]).choices[0] for _ in range(2)
    )
    assert (words.finish_reason, words.message.content, words.message.tool_calls) == ("stop", "Sunny.", None)
    assert (call.finish_reason, call.message.content) == ("tool_calls", None)
    assert call.message.tool_calls[0].function.arguments == '{"city": "Bern"}'


def test_a_call_without_its_mark_is_one_where_a_tool_has_its_name(
    says: Callable[..., Any], weather: dict[str, Any]
) -> None:
    bare = '{"name": "weather", "arguments": {"city": "Bern"}}'
    client = says(bare, bare.replace("weather", "other"), tools=True)
    call, words = (
        client.chat.completions.create(model="bytes", messages=ASK, tools=[weather]).choices[0] for _ in range(2)
    )
    assert call.finish_reason == "tool_calls"
    assert call.message.tool_calls[0].function.name == "weather"
    assert (words.finish_reason, words.message.tool_calls) == ("stop", None)
    assert words.message.content.startswith('{"name": "other"')


def test_none_offers_no_tools(client_of: Callable[..., Any], weather: dict[str, Any]) -> None:
    model = ByteModel(replies=["no"])
    client_of(model).chat.completions.create(model="bytes", messages=ASK, tools=[weather], tool_choice="none")
    assert "weather" not in model.decode(model.engine.asked[0].prompt)


def test_a_call_and_what_it_gave_go_back_into_the_conversation(
    client_of: Callable[..., Any], weather: dict[str, Any]
) -> None:
    model = ByteModel(replies=[CALL, "Sunny."], tools=True)
    client = client_of(model)
    asked = client.chat.completions.create(model="bytes", messages=ASK, tools=[weather]).choices[0].message
    turns = [*ASK, asked, {"role": "tool", "tool_call_id": asked.tool_calls[0].id, "content": "sun"}]
    client.chat.completions.create(model="bytes", messages=turns, tools=[weather])
    prompt = model.decode(model.engine.asked[1].prompt)
    assert 'call weather {"city": "Bern"}\ntool: sun\n' in prompt


def test_a_call_that_was_cut_within_its_arguments_stays_one_with_its_reason(
    says: Callable[..., Any], weather: dict[str, Any]
) -> None:
    choice = (
        says(CALL, tools=True)
        .chat.completions.create(model="bytes", messages=ASK, tools=[weather], max_tokens=CALL.index("rn"))
        .choices[0]
    )
    assert choice.finish_reason == "length"
    assert choice.message.tool_calls[0].function.arguments == '{"city": "Be'


@pytest.mark.parametrize("format", [LLAMA, MISTRAL, MISTRAL_NAMED], ids=lambda format: format.name)
@pytest.mark.parametrize("strict", [False, True])
def test_a_demanded_call_follows_the_schema_in_other_formats(
    client_of: Callable[..., Any], weather: dict[str, Any], format: CallFormat, strict: bool
) -> None:
    client = client_of(ByteModel(tools=format))
    tool = {**weather, "function": {**weather["function"], "strict": strict}}
    reply = client.chat.completions.create(model="bytes", messages=ASK, tools=[tool], tool_choice="required", **LONG)
    (call,) = reply.choices[0].message.tool_calls
    assert json.loads(call.function.arguments)["city"] in ("Bern", "Rome")


def test_a_call_that_was_cut_short_is_text_with_its_reason(noise: Any, weather: dict[str, Any]) -> None:
    choice = noise.chat.completions.create(
        model="bytes", messages=ASK, tools=[weather], tool_choice="required", max_tokens=9
    ).choices[0]
    assert choice.finish_reason == "length"
    assert choice.message.content.startswith("{")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tool_choice": "required", "tools": []}, "no tool to call"),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, "no tool is named x"),
        ({"tool_choice": "required", "response_format": {"type": "json_object"}}, "one form"),
        ({"tool_choice": "required", "logprobs": True}, "log probabilities"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "tools.0"),
    ],
)
def test_what_cannot_be_kept_is_refused(noise: Any, weather: dict[str, Any], more: dict[str, Any], said: str) -> None:
    with pytest.raises(openai.BadRequestError, match=said):
        noise.chat.completions.create(model="bytes", messages=ASK, **{"tools": [weather], **more})
