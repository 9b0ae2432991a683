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


DEFINED = {"$defs": {"A": {"properties": {"a": {"type": "boolean"}}, "required": ["a"]}}}
UNTYPED: dict[str, dict[str, Any]] = {
    "empty": {},
    "properties": {"properties": {"a": {"type": "boolean"}}},
    "required": {"required": ["a"]},
    "nullable": {"type": ["object", "null"], "properties": {"a": {"type": "boolean"}}},
    "alternatives": {"anyOf": [{"type": "string"}, {"properties": {"a": {"type": "boolean"}}}]},
    "reference": {**DEFINED, "$ref": "#/$defs/A"},
    "older reference": {"$schema": "http://json-schema.org/draft-07/schema#", **DEFINED, "$ref": "#/$defs/A"},
    "patterns": {"patternProperties": {"^a$": {"type": "boolean"}}},
    "negation": {"not": {"required": ["b"]}},
}
"""Parameters of tools that do not say that arguments are an object."""


@pytest.mark.parametrize("parameters", UNTYPED.values(), ids=UNTYPED)
@pytest.mark.parametrize("format", [False, True, LLAMA, MISTRAL, MISTRAL_NAMED], ids=str)
def test_arguments_are_an_object_whatever_the_tool_leaves_out(
    client_of: Callable[..., Any], parameters: dict[str, Any], format: Any
) -> None:
    model = ByteModel(tools=format)
    client, function = client_of(model), {"name": "f", "parameters": parameters, "strict": True}
    asked = {"model": "bytes", "messages": ASK, "tools": [{"type": "function", "function": function}]}
    for choice in ("required", {"type": "function", "function": {"name": "f"}}):
        for seed in range(2):
            made = client.chat.completions.create(**asked, tool_choice=choice, **{**LONG, "seed": seed})
            (call,) = made.choices[0].message.tool_calls
            assert isinstance(json.loads(call.function.arguments), dict)
    demanded = model.engine.asked[0].constraint
    client.chat.completions.create(**asked, max_tokens=5)
    free = model.engine.asked[-1].constraint
    open, close = (
        ("", "") if not model.tools or model.tools.bare else (model.tools.open + model.tools.first, model.tools.close)
    )
    head = f'{{"name": "f", "{model.tools.key if model.tools else "arguments"}": '
    if model.tools and model.tools.separator:
        head, close = f"f{model.tools.separator}", model.tools.close
    end = "" if model.tools and model.tools.separator else "}"
    for arguments, fits in (('{"a": true}', True), ("75e07135", False), ('"a"', False), ("[]", False), ("null", False)):
        assert _takes(demanded, f"{head}{arguments}{end}", model.end) is fits, arguments
        assert _takes(free, f"{open}{head}{arguments}{end}{close}", model.end) is fits, arguments


@pytest.mark.parametrize("type", ["string", ["array", "null"], "objekt", 5])
@pytest.mark.parametrize("format", [False, True, MISTRAL_NAMED], ids=str)
def test_a_tool_whose_arguments_are_no_object_is_refused(client_of: Callable[..., Any], type: Any, format: Any) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": type}}}
    with pytest.raises(openai.BadRequestError, match="the arguments of a tool are an object: f, arguments/type"):
        client_of(ByteModel(tools=format)).chat.completions.create(
            model="bytes", messages=ASK, tools=[tool], tool_choice="required"
        )


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
        ({"tool_choice": "required", "tools": []}, "no tool to choose"),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, "no tool is named x"),
        ({"tool_choice": "auto", "tools": []}, "no tool to choose"),
        ({"extra_body": {"structured_outputs": {"regex": "a"}}}, "beside tools"),
        ({"tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}}, "tool_choice"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "tools.0"),
    ],
)
def test_what_cannot_be_kept_is_refused(noise: Any, weather: dict[str, Any], more: dict[str, Any], said: str) -> None:
    with pytest.raises(openai.BadRequestError, match=said):
        noise.chat.completions.create(model="bytes", messages=ASK, **{"tools": [weather], **more})


@pytest.mark.parametrize("mode", ["auto", "required"])
def test_only_allowed_tools_are_offered(client_of: Callable[..., Any], weather: dict[str, Any], mode: str) -> None:
    model = ByteModel()
    other = {"type": "function", "function": {"name": "other", "parameters": {"type": "object", "properties": {}}}}
    allowed = {"mode": mode, "tools": [{"type": "function", "function": {"name": "weather"}}]}
    choice = (
        client_of(model)
        .chat.completions.create(
            model="bytes",
            messages=ASK,
            tools=[other, weather],
            tool_choice={"type": "allowed_tools", "allowed_tools": allowed},
            **LONG,
        )
        .choices[0]
    )
    assert '"name": "other"' not in model.decode(model.engine.asked[0].prompt)
    assert (choice.finish_reason == "tool_calls") == (mode == "required")


VERDICT = {
    "type": "json_schema",
    "json_schema": {
        "name": "verdict",
        "schema": {
            "type": "object",
            "properties": {"answer": {"enum": ["yes", "no"]}},
            "required": ["answer"],
            "additionalProperties": False,
        },
    },
}


@pytest.mark.parametrize("format", [False, True, LLAMA, MISTRAL, MISTRAL_NAMED], ids=str)
def test_beside_tools_a_reply_is_a_call_or_has_the_form(
    client_of: Callable[..., Any], weather: dict[str, Any], format: Any
) -> None:
    model = ByteModel(tools=format)
    client_of(model).chat.completions.create(
        model="bytes", messages=ASK, tools=[weather], response_format=VERDICT, **LONG
    )
    constraint, shape = model.engine.asked[0].constraint, model.tools
    open, close = ("", "") if shape is None or shape.bare else (shape.open + shape.first, shape.close)
    call = '{"name": "weather", "arguments": {"city": "Bern"}}'
    if shape is not None:
        call = call.replace("arguments", shape.key)
    if shape is not None and shape.separator:
        call = f'weather{shape.separator}{{"city": "Bern"}}'
    for good in ('{"answer": "yes"}', f"{open}{call}{close}"):
        assert _takes(constraint, good, model.end), good
    for bad in ("Yes.", '{"answer": "perhaps"}', f"{open}{call.replace('Bern', 'Oslo')}{close}", f"Well: {call}"):
        assert not _takes(constraint, bad, model.end), bad


def _takes(constraint: Any, text: str, end: int) -> bool:
    guide = constraint.start()
    for token in (*text.encode(), end):
        if not guide.allows(token):
            return False
        guide.advance(token)
    return True


@pytest.mark.parametrize(("said", "calls"), [('{"answer": "yes"}', 0), (CALL, 1)])
def test_the_form_beside_tools_is_words_and_a_call_a_call(
    says: Callable[..., Any], weather: dict[str, Any], said: str, calls: int
) -> None:
    made = says(said, tools=True).chat.completions.create(
        model="bytes", messages=ASK, tools=[weather], response_format=VERDICT
    )
    message = made.choices[0].message
    assert len(message.tool_calls or ()) == calls
    assert message.content == (None if calls else said)


def test_a_demanded_call_has_no_words_that_could_have_a_form(noise: Any, weather: dict[str, Any]) -> None:
    made = noise.chat.completions.create(
        model="bytes", messages=ASK, tools=[weather], tool_choice="required", response_format=VERDICT, **LONG
    )
    assert json.loads(made.choices[0].message.tool_calls[0].function.arguments)["city"] in ("Bern", "Rome")


@pytest.mark.parametrize("stream", [False, True])
def test_text_beside_calls_has_log_probabilities_and_calls_have_none(
    says: Callable[..., Any], weather: dict[str, Any], stream: bool
) -> None:
    client = says(f"Let me see. {CALL}", tools=True)
    made = client.chat.completions.create(
        model="bytes", messages=ASK, tools=[weather], logprobs=True, stream=stream, stop=["never"]
    )
    choices = [chunk.choices[0] for chunk in made] if stream else made.choices
    tokens = [token.token for choice in choices if choice.logprobs for token in choice.logprobs.content]
    assert "".join(tokens) == "Let me see. "


def test_a_call_that_was_put_together_from_a_stream_can_be_sent_back(says: Callable[..., Any]) -> None:
    call = {"index": 0, "id": "1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    turns = [*ASK, {"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "1", "content": "sun"}]
    assert says("ok").chat.completions.create(model="bytes", messages=turns).choices[0].message.content == "ok"
