"""Calls in streamed text: found in every format, told piece by piece, and what is none stays visible."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.serving.base import CallFormat
from evidentia.serving.talk.call_formats import CALL_FORMATS, HERMES, LLAMA, MISTRAL, MISTRAL_NAMED, PLAIN
from evidentia.serving.talk.calls import CallArguments, CallBegun, CallEnded, ReplyPart, calls_in

ARGUMENTS = '{"a": "é}</tool_call>\\"", "b": [{}]}'
TEXTS = [
    "a",
    "<",
    "<tool",
    "{",
    "}",
    " ",
    "\n",
    "[",
    "]",
    ",",
    ";",
    '"name"',
    '{"name": 5}',
    '{"name": "f"}',
    "[TOOL_",
    "|>",
]
CALLS = {
    HERMES: [
        '<tool_call>\n{"name": "f", "arguments": %s}\n</tool_call>',
        '<tool_call>{"arguments": %s, "name": "f"}</tool_call>',
    ],
    LLAMA: [
        '<|python_tag|>{"name": "f", "parameters": %s}',
        '<|python_tag|>{"type": "function", "name": "f", "parameters": %s}; {"name": "f", "parameters": {}}',
    ],
    MISTRAL: [
        '[TOOL_CALLS] [{"name": "f", "arguments": %s}]',
        '[TOOL_CALLS][{"name": "f", "arguments": %s, "id": "abcdefghi"}, {"name": "f", "arguments": {}}]',
    ],
    MISTRAL_NAMED: [
        "[TOOL_CALLS]f[ARGS]%s",
        "[TOOL_CALLS]f[CALL_ID]abcdefghi[ARGS]%s",
    ],
}
MARKED = [(format, call) for format, calls in CALLS.items() for call in calls]

FORMATS = [CALL_FORMATS.load(name) for name in CALL_FORMATS]


def joined(parts: Iterable[ReplyPart]) -> list[str | list[object]]:
    """Texts and calls, each whole: ``[name, arguments, whole]``."""
    found: list[str | list[object]] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, CallBegun):
            found.append([part.name, "", None])
        elif isinstance(part, str) and isinstance(last, str):
            found[-1] = last + part
        elif isinstance(part, str):
            found.append(part)
        else:
            assert isinstance(last, list)
            if isinstance(part, CallArguments):
                last[1] = f"{last[1]}{part.text}"
            else:
                last[2] = part.whole
    return found


def cut(said: str, cuts: Sequence[int]) -> list[str]:
    return [said[start:end] for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(said)], strict=True)]


@pytest.mark.parametrize("format", [*FORMATS, PLAIN], ids=lambda format: format.name)
@given(st.data())
def test_how_a_reply_is_cut_into_pieces_changes_nothing(format: CallFormat, data: st.DataObject) -> None:
    words = [
        *TEXTS,
        *(call % ARGUMENTS for call in CALLS.get(format, [])),
        *format.marks,
        '{"name": "f", "parameters": {',
    ]
    said = "".join(data.draw(st.lists(st.sampled_from(words), max_size=8)))
    cuts = data.draw(st.lists(st.integers(0, len(said)), max_size=12))
    opened = data.draw(st.booleans())
    assert joined(calls_in(cut(said, cuts), format, opened=opened)) == joined(calls_in([said], format, opened=opened))


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
@given(st.data())
def test_no_text_is_lost_and_every_call_is_found(format: CallFormat, data: st.DataObject) -> None:
    plain = st.sampled_from(["Hm", "<", "<tool", " ", "[TOOL", "é"])
    calls = st.sampled_from([call % ARGUMENTS for call in CALLS[format]])
    parts = data.draw(st.lists(plain | calls, max_size=6))
    found = joined(calls_in("".join(parts), format))  # letter by letter
    texts = [part for part in parts if ARGUMENTS not in part]
    assert "".join(part for part in found if isinstance(part, str)) == "".join(texts)
    assert [part[1] for part in found if isinstance(part, list) and part[1] != "{}"] == [ARGUMENTS] * (
        len(parts) - len(texts)
    )


@pytest.mark.parametrize(("format", "call"), MARKED, ids=lambda value: getattr(value, "name", ""))
def test_a_call_may_be_written_in_the_ways_of_its_family(format: CallFormat, call: str) -> None:
    found = joined(calls_in([f"Hm. {call % ARGUMENTS}"], format))
    assert found[0] == "Hm. "
    assert all(isinstance(part, list) and part[0] == "f" and part[2] is True for part in found[1:])
    assert json.loads(str(found[1][1])) == json.loads(ARGUMENTS)


@pytest.mark.parametrize("between", ["; ", "\n", ";\n", ""])
def test_llama_needs_no_mark_where_its_reply_begins(between: str) -> None:
    call = '{"name": "f", "parameters": {"a": 1}}'
    assert joined(calls_in([call + between + call], LLAMA)) == [["f", '{"a": 1}', True]] * 2
    assert joined(calls_in([f"Hm. {call}"], LLAMA)) == [f"Hm. {call}"]


def test_the_name_comes_before_the_arguments_and_these_in_pieces() -> None:
    stream = calls_in(
        iter(['<tool_call>{"name": "f", "arg', 'uments": {', '"a": ', '"x"', "}}", "</tool_call>", "!"]), HERMES
    )
    assert list(stream) == [
        CallBegun("f"),
        CallArguments("{"),
        CallArguments('"a": '),
        CallArguments('"x"'),
        CallArguments("}"),
        CallEnded(True),
        "!",
    ]


def test_text_arrives_before_the_reply_has_ended() -> None:
    stream = calls_in(iter(["Hello ", "there <to", "> you"]), HERMES)
    assert next(stream) == "Hello "
    assert next(stream) == "there "


@pytest.mark.parametrize(
    ("format", "said"),
    [
        (HERMES, "<tool_call>{oops</tool_call>"),
        (HERMES, '<tool_call>{"name": 5}</tool_call>'),
        (HERMES, "<tool_call>["),
        (HERMES, '<tool_call>{"name": "f", "arguments": "x"}</tool_call>'),
        (LLAMA, '{"name": "Bern", "population": 1}'),
        (LLAMA, '{"answer": {"name": "f", "parameters": {}}}'),
        (LLAMA, "<|python_tag|>print(1)"),
        (LLAMA, '{"name": "f", '),
        (MISTRAL, "[TOOL_CALLS] none"),
        (MISTRAL, "[TOOL_CALLS] [1, 2]"),
        (MISTRAL_NAMED, "[TOOL_CALLS]f[ARGS]"),
        (MISTRAL_NAMED, "[TOOL_CALLS]two words {}"),
        (PLAIN, "{"),
    ],
    ids=str,
)
def test_what_is_no_call_stays_visible(format: CallFormat, said: str) -> None:
    assert joined(calls_in([said], format)) == [said]


@pytest.mark.parametrize("format", [HERMES, LLAMA, MISTRAL], ids=lambda format: format.name)
def test_text_behind_a_call_stays_visible(format: CallFormat) -> None:
    found = joined(calls_in([CALLS[format][0] % "{}", " And text"], format))
    assert found == [["f", "{}", True], " And text"]


def test_separators_without_a_call_behind_them_are_text() -> None:
    said = '{"name": "f", "parameters": {}}; and so on'
    assert joined(calls_in([said], LLAMA)) == [["f", "{}", True], "; and so on"]


@pytest.mark.parametrize(
    "said", ['<tool_call>{"name": "f", "arguments": {}}', '<tool_call>{"name": "f", "arguments": {}']
)
def test_a_call_without_its_closing_marks_is_still_one(said: str) -> None:
    assert joined(calls_in([said], HERMES)) == [["f", "{}", True]]


def test_a_brace_that_is_missing_costs_no_text() -> None:
    said = '<tool_call>{"name": "f", "arguments": {}</tool_call> Done.'
    assert joined(calls_in([said], HERMES)) == [["f", "{}", True], " Done."]


def test_a_call_that_ends_within_its_arguments_stays_a_call_and_says_so() -> None:
    assert list(calls_in(['{"name": "f", "parameters": {"a": "x'], LLAMA)) == [
        CallBegun("f"),
        CallArguments('{"a": "x'),
        CallEnded(False),
    ]
