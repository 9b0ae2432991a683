"""Calls of functions: found in any stream of text, held to their schemas, shown to models in the way they know."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving import tools
from evidentia.serving.base import Call, Message, Tool
from evidentia.serving.local import load_local
from evidentia.serving.scripted import ByteModel
from evidentia.serving.speech import Offer

CALL = '<tool_call>\n{"name": "f", "arguments": {"a": "é"}}\n</tool_call>'
TOOL = Tool("f", "Does it.", {"type": "object", "properties": {"a": {"type": "string"}}})


@given(st.data())
def test_how_a_reply_is_cut_into_pieces_changes_nothing(data: st.DataObject) -> None:
    said = data.draw(st.lists(st.sampled_from(["a", "<", "<tool", " ", CALL]), max_size=6).map("".join))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=8)))
    pieces = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    parts = list(tools.calls_in(pieces))
    assert "".join(part for part in parts if isinstance(part, str)) == said.replace(CALL, "")
    assert [part for part in parts if isinstance(part, Call)] == [Call("f", '{"a": "é"}')] * said.count(CALL)


def test_text_arrives_before_the_reply_has_ended() -> None:
    stream = tools.calls_in(iter(["Hello ", "there <to", "> you"]))
    assert next(stream) == "Hello "
    assert next(stream) == "there "


@pytest.mark.parametrize("said", ["<tool_call>{oops</tool_call>", '<tool_call>{"name": 5}</tool_call>', "<tool_call>["])
def test_what_is_no_call_stays_visible(said: str) -> None:
    assert "".join(map(str, tools.calls_in([said]))) == said


def test_a_call_without_its_closing_mark_is_still_one() -> None:
    assert list(tools.calls_in(['<tool_call>{"name": "f", "arguments": {}}'])) == [Call("f", "{}")]


def test_references_move_with_their_schema() -> None:
    nested = {"$defs": {"A": {"const": 1}}, "properties": {"a": {"$ref": "#/$defs/A"}, "$ref": {"type": "null"}}}
    held = tools.schema([TOOL, Tool("g", "", nested)])
    moved = held["anyOf"][1]["properties"]["arguments"]["properties"]
    assert moved["a"] == {"$ref": "#/anyOf/1/properties/arguments/$defs/A"}
    assert moved["$ref"] == {"type": "null"}


def test_a_call_has_no_arguments_that_the_tool_does_not_name_unless_it_takes_others() -> None:
    def arguments(tool: Tool) -> dict[str, object]:
        found: dict[str, object] = tools.schema([tool])["properties"]["arguments"]
        return found

    assert arguments(TOOL)["additionalProperties"] is False
    taking = {**TOOL.parameters, "additionalProperties": {"type": "string"}}
    assert arguments(Tool("f", "", taking)) == taking
    assert arguments(Tool("f", "", {"type": "object"})) == {"type": "object"}


def test_a_model_that_shows_tools_is_given_them_and_the_beginning_of_a_demanded_call() -> None:
    model = ByteModel(tools=True)
    prompt = model.decode(tools.prompt(model, [Message("user", "Go.")], [TOOL], held=True))
    assert prompt == "tool f: Does it.\nuser: Go.\nassistant: <tool_call>\n"


def test_another_is_told_in_its_system_message_and_reads_earlier_calls_as_text() -> None:
    model = ByteModel()
    turns = [Message("system", "Be brief."), Message("assistant", "", (Call("f", '{"a": 1}'),)), Message("tool", "ok")]
    prompt = model.decode(tools.prompt(model, turns, [TOOL], held=True))
    assert prompt.startswith("system: Be brief.\n\nCall one of these functions.")
    assert 'assistant: {"name": "f", "arguments": {"a": 1}}\ntool: ok\n' in prompt


def test_a_free_choice_needs_a_model_that_shows_tools() -> None:
    with pytest.raises(InputError, match="shows no tools"):
        tools.prompt(ByteModel(), [Message("user", "Go.")], [TOOL])


def test_a_real_tokenizer_shows_tools_and_a_call_cannot_end_its_message(tiny_checkpoint: Callable[..., Path]) -> None:
    model = load_local(tiny_checkpoint("qwen3", max_position_embeddings=1024), "tiny", dtype="float32", device="cpu")
    assert not model.tools
    model.tokenizer.chat_template = (
        "{% for tool in tools %}{{ tool | tojson }}<tool_call>{% endfor %}"
        "{% for m in messages %}{{ m.role }} {{ m.content }}"
        "{% for call in m.tool_calls or [] %}{{ call.function | tojson }}{% endfor %}</s>{% endfor %}"
    )
    assert model.tools
    turns = [Message("assistant", "", (Call("f", '{"a": "</s>"}'),)), Message("tool", "ok")]
    shown = model.tokenizer.decode(tools.prompt(model, turns, [TOOL]))
    assert shown.startswith('{"type": "function", "function": {"name": "f", "description": "Does it."')
    assert '{"name": "f", "arguments": {"a": "<\u200b/s>"}}</s>tool ok</s>' in shown


def test_a_named_tool_is_the_only_one_offered() -> None:
    offer = Offer.of([TOOL, Tool("g", "", {})], None, "f", strict=False, one=False)
    assert (offer.tools, offer.must) == ((TOOL,), True)
    assert json.loads(json.dumps(offer.form))[1]["properties"]["name"] == {"const": "f"}
