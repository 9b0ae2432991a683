"""Calls of functions: held to their schemas and shown to models in the way they know."""

from __future__ import annotations

import pytest

from evidentia.serving.base import CallFormat, FunctionCall, FunctionTool, Message
from evidentia.serving.models.scripted import ByteModel
from evidentia.serving.talk import tools
from evidentia.serving.talk.call_formats import HERMES, LLAMA, MISTRAL, MISTRAL_NAMED, PLAIN
from evidentia.serving.talk.calls import ToolOffer
from evidentia.serving.talk.forms import constraint

TOOL = FunctionTool("f", "Does it.", {"type": "object", "properties": {"a": {"type": "string"}}})


def test_references_move_with_their_schema() -> None:
    nested = {"$defs": {"A": {"const": 1}}, "properties": {"a": {"$ref": "#/$defs/A"}, "$ref": {"type": "null"}}}
    held = tools.schema([TOOL, FunctionTool("g", "", nested)])
    moved = held["anyOf"][1]["properties"]["arguments"]["properties"]
    assert moved["a"] == {"$ref": "#/anyOf/1/properties/arguments/$defs/A"}
    assert moved["$ref"] == {"type": "null"}


def test_a_call_has_no_arguments_that_the_tool_does_not_name_unless_it_takes_others() -> None:
    def arguments(tool: FunctionTool) -> dict[str, object]:
        found: dict[str, object] = tools.schema([tool])["properties"]["arguments"]
        return found

    assert arguments(TOOL)["additionalProperties"] is False
    taking = {**TOOL.parameters, "additionalProperties": {"type": "string"}}
    assert arguments(FunctionTool("f", "", taking)) == taking
    assert arguments(FunctionTool("f", "", {"type": "object"})) == {"type": "object"}


def test_a_model_that_shows_tools_is_given_them_and_the_beginning_of_a_demanded_call() -> None:
    model = ByteModel(tools=True)
    prompt = model.decode(tools.prompt(model, [Message("user", "Go.")], [TOOL], held=True))
    assert prompt == "tool f: Does it.\nuser: Go.\nassistant: <tool_call>\n"


def test_another_is_told_in_its_system_message_and_reads_earlier_calls_as_text() -> None:
    model = ByteModel()
    turns = [
        Message("system", "Be brief."),
        Message("assistant", "", (FunctionCall("f", '{"a": 1}'),)),
        Message("tool", "ok"),
    ]
    prompt = model.decode(tools.prompt(model, turns, [TOOL], held=True))
    assert prompt.startswith("system: Be brief.\n\nCall one of these functions.")
    assert 'assistant: {"name": "f", "arguments": {"a": 1}}\ntool: ok\n' in prompt


def test_a_model_that_shows_no_tools_is_told_that_it_may_answer_or_call() -> None:
    model = ByteModel()
    assert "Answer in words, or call" in model.decode(tools.prompt(model, [Message("user", "Go.")], [TOOL]))
    assert ToolOffer.of([TOOL], None, strict=False, one=False).form == ("calls", (TOOL,))


def test_a_named_tool_is_the_only_one_offered() -> None:
    offer = ToolOffer.of([TOOL, FunctionTool("g", "", {})], "required", ["f"], strict=False, one=False)
    assert (offer.tools, offer.must) == ((TOOL,), True)
    assert offer.form == ("call", (TOOL,))


TWO = [TOOL, FunctionTool("g", "", {"type": "object", "properties": {}})]
WRITTEN = {
    PLAIN: '{"name": "f", "arguments": {"a": "x"}}',
    HERMES: 'Well. <tool_call>\n{"name": "f", "arguments": {"a": "x"}}\n</tool_call>',
    LLAMA: '{"name": "f", "parameters": {"a": "x"}}; {"name": "g", "parameters": {}}',
    MISTRAL: 'Well. [TOOL_CALLS][{"name": "f", "arguments": {"a": "x"}}, {"name": "g", "arguments": {}}]',
    MISTRAL_NAMED: 'Well. [TOOL_CALLS]f[ARGS]{"a": "x"}[TOOL_CALLS]g[ARGS]{}',
}


@pytest.mark.parametrize("format", WRITTEN, ids=lambda format: format.name)
def test_strict_calls_among_text_follow_the_format_of_the_model(format: CallFormat) -> None:
    model = ByteModel(tools=False if format is PLAIN else format)
    held = constraint(model, ("calls", TWO))
    assert held is not None
    for said, fits in ((WRITTEN[format], True), (WRITTEN[format].replace('"x"', "5"), False), ("Just text.", True)):
        guide = held.start()
        tokens = model.encode(said)
        read = next((at for at, token in enumerate(tokens) if not guide.allows(token) or guide.advance(token)), None)
        assert (read is None and guide.allows(model.end)) is fits, said


def test_strict_calls_need_no_mark_at_the_beginning() -> None:
    model = ByteModel(tools=HERMES)
    held = constraint(model, ("calls", TWO))
    assert held is not None
    guide = held.start()
    for token in model.encode('{"name": "f", "arguments": {"a": '):
        guide.advance(token)
    assert not guide.allows(ord("5"))


@pytest.mark.parametrize(
    ("format", "opening", "said"),
    [
        (HERMES, "<tool_call>\n", '{"name": "f", "arguments": {"a": "x"}}'),
        (LLAMA, "", '{"name": "f", "parameters": {"a": "x"}}'),
        (MISTRAL, "[TOOL_CALLS][", '{"name": "f", "arguments": {"a": "x"}}'),
        (MISTRAL_NAMED, "[TOOL_CALLS]", 'f[ARGS]{"a": "x"}'),
    ],
    ids=lambda value: value.name if isinstance(value, CallFormat) else "",
)
def test_a_demanded_call_follows_the_format_of_the_model(format: CallFormat, opening: str, said: str) -> None:
    model = ByteModel(tools=format)
    prompt = model.decode(tools.prompt(model, [Message("user", "Go.")], TWO, held=True))
    assert prompt.endswith(f"assistant: {opening}")
    held = constraint(model, ("call", TWO))
    assert held is not None
    guide = held.start()
    assert not guide.allows(ord("H"))
    for token in model.encode(said):
        guide.advance(token)
    assert guide.allows(model.end)
    assert not guide.allows(ord("x"))
