"""Streamed calls through the official client: the name first, then the arguments in pieces, together the whole reply."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from evidentia.serving.base import CallFormat
from evidentia.serving.talk.call_formats import HERMES, LLAMA, MISTRAL, MISTRAL_NAMED

ASK = [{"role": "user", "content": "How is it in Bern?"}]
CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Bern"}}\n</tool_call>'
REPLIES = [
    (HERMES, f"Hm <b>. {CALL}\n{CALL} Done."),
    (HERMES, '<tool_call>{"arguments": {"city": "Bern"}, "name": "weather"}</tool_call>'),
    (HERMES, f"<tool_call>oops</tool_call>{CALL}"),
    (HERMES, 'Hm. <tool_call>{"name": "weather", "arguments": {"city": "Be'),
    (HERMES, '<tool_call>{"name": "weather", "argu'),
    (LLAMA, '{"name": "weather", "parameters": {"city": "Bern"}}; {"name": "weather", "parameters": {"city": "Rome"}}'),
    (LLAMA, 'Hm. <|python_tag|>{"name": "weather", "parameters": {"city": "Bern"}} Done.'),
    (LLAMA, '{"name": "Bern", "weather": {"sun": true}}'),
    (
        MISTRAL,
        'Hm. [TOOL_CALLS] [{"name": "weather", "arguments": {"city": "é"}}, {"name": "weather", "arguments": {}}]',
    ),
    (
        MISTRAL_NAMED,
        '[TOOL_CALLS]weather[ARGS]{"city": "Bern"}[TOOL_CALLS]weather[CALL_ID]abcdefghi[ARGS]{"city": "Rome"}',
    ),
]


def joined(chunks: Iterable[Any]) -> tuple[str, list[tuple[str, str]], str]:
    """Text, calls and finish reason of a stream, put together as clients do it."""
    text, calls, finish = "", list[list[str]](), ""
    for chunk in chunks:
        choice = chunk.choices[0]
        text += choice.delta.content or ""
        finish = choice.finish_reason or finish
        for delta in choice.delta.tool_calls or ():
            if delta.id:
                assert delta.index == len(calls)
                assert delta.function.arguments == ""
                calls.append([delta.function.name, ""])
            else:
                assert delta.function.name is None
                calls[delta.index][1] += delta.function.arguments
    return text, [(name, arguments) for name, arguments in calls], finish


def items(response: Any) -> list[tuple[Any, ...]]:
    return [
        (item.type, item.status, item.name, item.arguments)
        if item.type == "function_call"
        else (item.type, item.status, item.content[0].text)
        for item in response.output
    ]


@pytest.mark.parametrize(("format", "reply"), REPLIES, ids=lambda value: getattr(value, "name", ""))
def test_the_chunks_of_a_reply_are_together_the_whole_reply(
    says: Callable[..., Any], weather: dict[str, Any], format: CallFormat, reply: str
) -> None:
    client = says(reply, reply, tools=format)
    ask: dict[str, Any] = {"model": "bytes", "messages": ASK, "tools": [weather]}
    choice = client.chat.completions.create(**ask).choices[0]
    calls = [(call.function.name, call.function.arguments) for call in choice.message.tool_calls or ()]
    assert joined(client.chat.completions.create(**ask, stream=True)) == (
        choice.message.content or "",
        calls,
        choice.finish_reason,
    )


@pytest.mark.parametrize(("format", "reply"), REPLIES, ids=lambda value: getattr(value, "name", ""))
def test_the_events_of_a_response_are_together_the_whole_response(
    says: Callable[..., Any], weather: dict[str, Any], format: CallFormat, reply: str
) -> None:
    client = says(reply, reply, tools=format)
    ask: dict[str, Any] = {"model": "bytes", "input": "Bern?", "tools": [{"type": "function", **weather["function"]}]}
    whole = client.responses.create(**ask)
    with client.responses.stream(**ask) as stream:
        events = list(stream)
        final = stream.get_final_response()

    assert items(final) == items(whole)
    done = [event for event in events if event.type == "response.function_call_arguments.done"]
    assert [event.arguments for event in done] == [
        item.arguments for item in whole.output if item.type == "function_call"
    ]
    pieces = [event for event in events if event.type == "response.function_call_arguments.delta"]
    assert "".join(event.delta for event in pieces) == "".join(event.arguments for event in done)


def test_the_name_comes_before_the_arguments_which_come_in_pieces(
    says: Callable[..., Any], weather: dict[str, Any]
) -> None:
    client = says(CALL, tools=True)
    deltas = [
        call
        for chunk in client.chat.completions.create(model="bytes", messages=ASK, tools=[weather], stream=True)
        for call in chunk.choices[0].delta.tool_calls or ()
    ]
    assert (deltas[0].index, deltas[0].type, deltas[0].function.name) == (0, "function", "weather")
    assert deltas[0].function.arguments == ""
    assert len(deltas) > 5
    assert all(delta.id is None and delta.type is None for delta in deltas[1:])


def test_the_clients_own_stream_reader_puts_a_call_together(says: Callable[..., Any], weather: dict[str, Any]) -> None:
    strict = {**weather, "function": {**weather["function"], "strict": True}}
    with says(f"Hm. {CALL}", tools=True).chat.completions.stream(model="bytes", messages=ASK, tools=[strict]) as stream:
        kinds = [event.type for event in stream]
        choice = stream.get_final_completion().choices[0]
    assert kinds.count("tool_calls.function.arguments.delta") > 5
    assert kinds.count("tool_calls.function.arguments.done") == 1
    assert choice.message.tool_calls[0].function.parsed_arguments == {"city": "Bern"}


def test_a_demanded_call_is_streamed_in_pieces_too(noise: Any, weather: dict[str, Any]) -> None:
    text, calls, finish = joined(
        noise.chat.completions.create(
            model="bytes",
            messages=ASK,
            tools=[weather],
            tool_choice="required",
            max_tokens=500,
            temperature=1.0,
            seed=4,
            stream=True,
        )
    )
    assert (text, calls[0][0], finish) == ("", "weather", "tool_calls")


def test_a_response_that_was_cut_within_a_call_says_so(says: Callable[..., Any], weather: dict[str, Any]) -> None:
    response = says(CALL, tools=True).responses.create(
        model="bytes",
        input="Bern?",
        tools=[{"type": "function", **weather["function"]}],
        max_output_tokens=CALL.index("rn"),
    )
    (item,) = response.output
    assert (response.status, item.status, item.arguments) == ("incomplete", "incomplete", '{"city": "Be')


@pytest.mark.parametrize("format", [MISTRAL, MISTRAL_NAMED], ids=lambda format: format.name)
def test_ids_are_nine_letters_where_the_template_wants_that(
    says: Callable[..., Any], weather: dict[str, Any], format: CallFormat
) -> None:
    reply = next(said for other, said in REPLIES if other is format)
    message = says(reply, tools=format).chat.completions.create(model="bytes", messages=ASK, tools=[weather]).choices[0]
    ids = [call.id for call in message.message.tool_calls]
    assert len(set(ids)) == 2
    assert all(len(id) == 9 and id.isalnum() for id in ids)
