"""The responses API through the official client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

import openai
import pytest
from pydantic import BaseModel

from evidentia.serving.models.scripted import ByteModel

CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Bern"}}\n</tool_call>'


@pytest.fixture
def flat(weather: dict[str, Any]) -> dict[str, Any]:
    """The tool as this API wants it."""
    return {"type": "function", **weather["function"]}


def test_a_text_and_instructions_give_a_message(client_of: Callable[..., Any]) -> None:
    model = ByteModel(replies=["Because."])
    response = client_of(model).responses.create(model="bytes", input="Why?", instructions="Be brief.")
    assert response.output_text == "Because."
    assert response.status == "completed"
    assert response.usage.output_tokens == len("Because.")
    assert model.decode(model.engine.asked[0].prompt) == "system: Be brief.\nuser: Why?\nassistant: "


def test_a_stream_tells_its_events_in_order(says: Callable[..., Any]) -> None:
    events = list(says("Oh.").responses.create(model="bytes", input="Why?", stream=True))
    kinds = [event.type for event in events]
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[4:7] == ["response.output_text.delta"] * 3
    assert kinds[7:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[-1].response.output_text == "Oh."


def test_the_clients_own_stream_reader_takes_it(says: Callable[..., Any]) -> None:
    with says("Oh.").responses.stream(model="bytes", input="Why?") as stream:
        assert stream.get_final_response().output_text == "Oh."


def test_a_reply_that_was_cut_is_incomplete(says: Callable[..., Any]) -> None:
    response = says("a long reply").responses.create(model="bytes", input="Why?", max_output_tokens=6)
    assert response.status == "incomplete"
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.output_text == "a long"


def test_the_clients_own_parser_reads_a_held_reply(client_of: Callable[..., Any]) -> None:
    class Verdict(BaseModel):
        answer: Literal["yes", "no"]

    response = client_of(ByteModel()).responses.parse(
        model="bytes", input="Well?", text_format=Verdict, max_output_tokens=500
    )
    assert response.output_parsed.answer in ("yes", "no")


def test_calls_are_items_of_their_own(says: Callable[..., Any], flat: dict[str, Any]) -> None:
    response = says(f"Hm. {CALL}", tools=True).responses.create(model="bytes", input="Bern?", tools=[flat])
    assert [item.type for item in response.output] == ["message", "function_call"]
    assert json.loads(response.output[1].arguments) == {"city": "Bern"}


def test_a_demanded_call_is_streamed(client_of: Callable[..., Any], flat: dict[str, Any]) -> None:
    with client_of(ByteModel()).responses.stream(
        model="bytes", input="Bern?", tools=[flat], tool_choice="required", max_output_tokens=500
    ) as stream:
        kinds = {event.type for event in stream}
        item = stream.get_final_response().output[0]
    assert {"response.function_call_arguments.delta", "response.function_call_arguments.done"} <= kinds
    assert json.loads(item.arguments)["city"] in ("Bern", "Rome")


def test_a_conversation_goes_on_with_its_items(client_of: Callable[..., Any], flat: dict[str, Any]) -> None:
    model = ByteModel(replies=[CALL, "Sunny."], tools=True)
    client = client_of(model)
    turns: list[Any] = [{"role": "user", "content": [{"type": "input_text", "text": "Bern?"}]}]
    call = client.responses.create(model="bytes", input=turns, tools=[flat]).output[0]
    turns += [call, {"type": "function_call_output", "call_id": call.call_id, "output": "sun"}]
    assert client.responses.create(model="bytes", input=turns, tools=[flat]).output_text == "Sunny."
    assert 'call weather {"city": "Bern"}\ntool: sun\n' in model.decode(model.engine.asked[1].prompt)


def test_what_a_client_keeps_of_earlier_replies_is_taken(client_of: Callable[..., Any], flat: dict[str, Any]) -> None:
    """Every field of openai-python's types for what goes on here; thoughts are not read again."""
    model = ByteModel(replies=["Yes."], tools=True)
    scored = {"token": "S", "bytes": [83], "logprob": -0.1, "top_logprobs": []}
    thought = {"type": "summary_text", "text": "Hm."}
    turns: list[Any] = [
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "Bern?"}],
            "status": "completed",
        },
        {"type": "reasoning", "id": "rs_1", "summary": [thought], "encrypted_content": "gAAA", "status": "completed"},
        {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "c1",
            "name": "weather",
            "arguments": "{}",
            "status": "completed",
            "caller": {"type": "direct"},
        },
        {"type": "reasoning", "id": "rs_2", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]},
        {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "sun"}]},
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "phase": "final_answer",
            "content": [{"type": "output_text", "text": "Sunny.", "annotations": [], "logprobs": [scored]}],
        },
        {"role": "user", "content": "Sure?"},
    ]
    include: list[Any] = ["reasoning.encrypted_content"]
    client_of(model).responses.create(model="bytes", input=turns, tools=[flat], include=include)
    prompt = model.decode(model.engine.asked[0].prompt)
    assert prompt.endswith(
        "user: Bern?\nassistant:  call weather {}\ntool: sun\nassistant: Sunny.\nuser: Sure?\nassistant: "
    )


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"type": "item_reference", "id": "msg_1"}, "nothing is stored here"),
        ({"id": "msg_1"}, "nothing is stored here"),
        ({"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {}}, "'web_search_call' are not"),
        ({"type": "custom_tool_call", "call_id": "c", "name": "f", "input": "x"}, "'custom_tool_call' are not"),
        ({"type": "compaction", "encrypted_content": "x"}, "'compaction' are not"),
        ({"role": "user", "content": [{"type": "input_image", "image_url": "x", "detail": "auto"}]}, "'input_image'"),
        ({"role": "user", "content": [{"type": "input_file", "file_id": "x"}]}, "'input_file' is not read here"),
        ({"role": "user", "content": 5}, "valid string"),
    ],
)
def test_an_item_that_cannot_be_read_is_refused_in_one_sentence(
    says: Callable[..., Any], item: dict[str, Any], said: str
) -> None:
    turns: list[Any] = [{"role": "user", "content": "Why?"}, item]
    with pytest.raises(openai.BadRequestError, match=said) as caught:
        says("x").responses.create(model="bytes", input=turns)
    assert str(caught.value.param).startswith("input.1")


def test_log_probabilities_come_where_they_are_included(says: Callable[..., Any]) -> None:
    response = says("hi").responses.create(
        model="bytes", input="Why?", include=["message.output_text.logprobs"], top_logprobs=2
    )
    tokens = response.output[0].content[0].logprobs
    assert [token.token for token in tokens] == ["h", "i"]
    assert len(tokens[0].top_logprobs) == 2


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"background": True}, "background"),
        ({"truncation": "auto"}, "truncation"),
        ({"reasoning": {"effort": "high"}}, "reasoning"),
        ({"tools": [{"type": "web_search"}]}, "tools.0"),
        ({"input": []}, "input"),
        ({"input": [{"type": "reasoning", "id": "rs_1", "summary": []}]}, "input"),
        ({"top_logprobs": 3}, "top_logprobs"),
    ],
)
def test_what_is_not_done_is_refused_by_name(says: Callable[..., Any], more: dict[str, Any], where: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        says("x").responses.create(**{"model": "bytes", "input": "Why?", **more})
    assert str(caught.value.param).startswith(where)


def test_only_allowed_tools_are_offered(client_of: Callable[..., Any], flat: dict[str, Any]) -> None:
    allowed = {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "weather"}]}
    response = client_of(ByteModel()).responses.create(
        model="bytes", input="?", tools=[{**flat, "name": "other"}, flat], tool_choice=allowed, max_output_tokens=500
    )
    assert response.output[0].name == "weather"
    assert response.tool_choice.model_dump(exclude_none=True) == allowed


def test_beside_tools_text_has_its_form_and_its_log_probabilities(
    says: Callable[..., Any], flat: dict[str, Any]
) -> None:
    schema = {
        "type": "object",
        "properties": {"answer": {"enum": ["yes", "no"]}},
        "required": ["answer"],
        "additionalProperties": False,
    }
    response = says('{"answer": "yes"}', tools=True).responses.create(
        model="bytes",
        input="Well?",
        tools=[flat],
        text={"format": {"type": "json_schema", "name": "verdict", "schema": schema}},
        include=["message.output_text.logprobs"],
    )
    (part,) = response.output[0].content
    assert part.text == '{"answer": "yes"}'
    assert "".join(token.token for token in part.logprobs) == part.text
