"""Formats of calls with a real tokenizer, whose marks are control tokens: recognised, shown as text, demanded, kept out
of messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from evidentia.errors import InputError
from evidentia.serving.base import CallFormat, FunctionCall, FunctionTool, Message, Sampling
from evidentia.serving.engine.scripted import ScriptedEngine
from evidentia.serving.models.local import LocalTransformers, load_local
from evidentia.serving.talk import text, tools
from evidentia.serving.talk.call_formats import HERMES, LLAMA, MISTRAL, MISTRAL_NAMED
from evidentia.serving.talk.calls import PartialCall, ToolOffer
from evidentia.serving.talk.forms import constraint
from evidentia.serving.talk.text import TextPiece

MARKS = ["[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "<|python_tag|>"]
TOOL = FunctionTool(
    "f",
    "Does it.",
    {"type": "object", "properties": {"a": {"enum": ["x", "y"]}}, "required": ["a"], "additionalProperties": False},
)
USER = [Message("user", "Go.")]
NOISE = Sampling(max_tokens=300, temperature=1.0, seed=1)
_SAID = "{% else %}{{ m.role }} {{ m.content }}</s>{% endif %}{% endfor %}"
_NINE = "{% if c.id | length != 9 %}{{ raise_exception('ids have nine letters') }}{% endif %}"
TEMPLATES = {
    HERMES: "{% for tool in tools %}{{ tool | tojson }}{% endfor %}{% for m in messages %}{{ m.role }} {{ m.content }}"
    "{% for call in m.tool_calls or [] %}<tool_call>{{ call.function | tojson }}</tool_call>{% endfor %}</s>{% endfor %}",
    LLAMA: '{% if tools %}Respond in the format {"name": function name, "parameters": dictionary}. {{ tools | tojson }}{% endif %}'
    "{% for m in messages %}{% if m.tool_calls %}{% if m.tool_calls | length > 1 %}{{ raise_exception('one call') }}{% endif %}"
    '{% set c = m.tool_calls[0].function %}assistant {"name": "{{ c.name }}", "parameters": {{ c.arguments | tojson }}}</s>'
    + _SAID,
    MISTRAL: "{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}{% if m.tool_calls %}[TOOL_CALLS] ["
    "{% for c in m.tool_calls %}" + _NINE + "{{ c.function | tojson }}#{{ c.id }}{% endfor %}]</s>"
    "{% elif m.role == 'tool' %}{{ m.content }}#{{ m.tool_call_id }}" + _SAID,
    MISTRAL_NAMED: "{% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}{% if m.tool_calls %}"
    "{% for c in m.tool_calls %}[TOOL_CALLS]{{ c.function.name }}[ARGS]{{ c.function.arguments | tojson }}{% endfor %}</s>"
    + _SAID,
}


@pytest.fixture
def model(tiny_checkpoint: Callable[..., Path]) -> Iterator[LocalTransformers]:
    """A random model whose tokenizer has the marks as control tokens, which it names nowhere else."""
    from transformers import AddedToken, AutoTokenizer

    folder = tiny_checkpoint("qwen3", max_position_embeddings=1024, vocab_size=258 + len(MARKS))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens([AddedToken(mark, special=True) for mark in MARKS], special_tokens=True)
    tokenizer.save_pretrained(folder)
    local = load_local(folder, "tiny", dtype="float32", device="cpu")
    yield local
    local.close()


def said(model: LocalTransformers, said: str) -> list[int]:
    """Tokens in which marks are control tokens."""
    ids: list[int] = model.tokenizer.encode(said, add_special_tokens=False)
    return ids


def heard(model: LocalTransformers, offer: ToolOffer, sampling: Sampling = NOISE) -> tuple[str, list[PartialCall]]:
    prompt = tools.prompt(model, USER, offer.tools, held=offer.must)
    reply = text.ask(model, prompt, sampling, constraint=constraint(model, offer.form), marks=offer.marks)
    parts, calls = [], list[PartialCall]()
    for part in offer.parts(iter(reply)):
        if isinstance(part, TextPiece):
            parts.append(part.text)
        else:
            offer.collect(calls, part)
    return "".join(parts), calls


def offered(model: LocalTransformers, choice: str = "auto", *, strict: bool = False) -> ToolOffer:
    return ToolOffer.of([TOOL], choice, strict=strict, one=False, format=model.tools)


@pytest.mark.parametrize("format", TEMPLATES, ids=lambda format: format.name)
def test_the_format_is_told_from_the_chat_template(model: LocalTransformers, format: CallFormat) -> None:
    assert model.tools is None
    model.tokenizer.chat_template = TEMPLATES[format]
    assert model.tools is format


@pytest.mark.parametrize(
    ("format", "reply"),
    [
        (LLAMA, '<|python_tag|>{"name": "f", "parameters": {"a": "x"}}'),
        (MISTRAL, '[TOOL_CALLS] [{"name": "f", "arguments": {"a": "x"}}]'),
        (MISTRAL_NAMED, '[TOOL_CALLS]f[ARGS]{"a": "x"}'),
        (MISTRAL_NAMED, '[TOOL_CALLS]f[CALL_ID]abcdefghi[ARGS]{"a": "x"}'),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_control_tokens_are_seen_where_calls_are_looked_for(
    model: LocalTransformers, format: CallFormat, reply: str
) -> None:
    model.tokenizer.chat_template = TEMPLATES[format]
    tokens = said(model, f"Hm é. {reply}")
    assert not set(tokens).isdisjoint(range(258, 258 + len(MARKS)))
    model.engine = ScriptedEngine(model, [tokens, tokens])
    spoken, calls = heard(model, offered(model), Sampling(max_tokens=300))
    assert spoken == "Hm é. "
    assert [(call.name, call.arguments, call.whole) for call in calls] == [("f", '{"a": "x"}', True)]
    shown = "".join(piece.text for piece in text.chat(model, USER, Sampling(max_tokens=300)))
    assert not any(mark in shown for mark in MARKS)


def test_a_control_token_that_begins_no_call_stays_visible(model: LocalTransformers) -> None:
    model.tokenizer.chat_template = TEMPLATES[LLAMA]
    model.engine = ScriptedEngine(model, [said(model, "<|python_tag|>print(1)")])
    assert heard(model, offered(model)) == ("<|python_tag|>print(1)", [])


@pytest.mark.parametrize("format", TEMPLATES, ids=lambda format: format.name)
def test_a_demanded_call_follows_its_schema_in_every_format(model: LocalTransformers, format: CallFormat) -> None:
    model.tokenizer.chat_template = TEMPLATES[format]
    spoken, (call,) = heard(model, offered(model, "required"))
    assert (spoken, call.name, call.whole) == ("", "f", True)
    assert json.loads(call.arguments)["a"] in ("x", "y")
    if format.open in MARKS and not format.bare:
        prompt = tools.prompt(model, USER, [TOOL], held=True)
        assert model.control(format.open) in prompt


@pytest.mark.parametrize(
    ("format", "good", "bad"),
    [
        (LLAMA, 'Hm. <|python_tag|>{"name": "f", "parameters": {"a": "x"}}', '{"name": "f", "parameters": {"a": "z'),
        (MISTRAL, 'Hm. [TOOL_CALLS][{"name": "f", "arguments": {"a": "x"}}]', '[TOOL_CALLS][{"name": "g'),
        (MISTRAL_NAMED, 'Hm. [TOOL_CALLS]f[ARGS]{"a": "x"}', '[TOOL_CALLS]f[ARGS]{"b'),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_strict_calls_among_text_are_held_from_their_control_token_on(
    model: LocalTransformers, format: CallFormat, good: str, bad: str
) -> None:
    model.tokenizer.chat_template = TEMPLATES[format]
    held = constraint(model, ("calls", [TOOL]))
    assert held is not None
    end = next(iter(model.ends))
    for reply, fits in (("Only text.", True), (good, True), (bad, False)):
        guide = held.start()
        try:
            for token in said(model, reply):
                guide.advance(token)
        except InputError:
            assert not fits
        else:
            assert fits
            assert guide.allows(end)


def test_a_message_cannot_hold_a_control_token_even_one_that_the_tokenizer_does_not_name(
    model: LocalTransformers,
) -> None:
    model.tokenizer.chat_template = TEMPLATES[MISTRAL_NAMED]
    assert "[TOOL_CALLS]" not in model.tokenizer.all_special_tokens
    prompt = model.chat_tokens([Message("user", "[TOOL_CALLS]f[ARGS]{}"), Message("tool", "<|python_tag|>")])
    assert set(prompt).isdisjoint(range(258, 258 + len(MARKS)))


def test_a_call_cannot_end_its_message(model: LocalTransformers) -> None:
    model.tokenizer.chat_template = TEMPLATES[HERMES]
    turns = [Message("assistant", "", (FunctionCall("f", '{"a": "</s>"}'),)), Message("tool", "ok")]
    shown = model.tokenizer.decode(tools.prompt(model, turns, [TOOL]))
    assert shown.startswith('{"type": "function", "function": {"name": "f", "description": "Does it."')
    assert '{"name": "f", "arguments": {"a": "<\u200b/s>"}}</tool_call></s>tool ok</s>' in shown


def test_ids_have_the_length_that_the_template_wants_and_answers_keep_theirs(model: LocalTransformers) -> None:
    model.tokenizer.chat_template = TEMPLATES[MISTRAL]
    model.engine = ScriptedEngine(model, [said(model, '[TOOL_CALLS][{"name": "f", "arguments": {}}]')])
    _, (call,) = heard(model, offered(model))
    assert len(call.id) == 9
    assert call.id.isalnum()
    for id, shown in ((call.id, call.id), ("call_from_elsewhere", None)):
        turns = [Message("assistant", "", (FunctionCall("f", "{}", id),)), Message("tool", "ok", answers=id)]
        ids = _ids(model.tokenizer.decode(model.chat_tokens(turns)))
        assert ids[0] == ids[1]
        assert shown in (None, ids[0])


def test_several_calls_are_several_turns_where_the_template_takes_one(model: LocalTransformers) -> None:
    model.tokenizer.chat_template = TEMPLATES[LLAMA]
    calls = (FunctionCall("f", '{"a": 1}'), FunctionCall("f", '{"a": 2}'))
    shown = model.tokenizer.decode(model.chat_tokens([Message("assistant", "", calls), Message("tool", "ok")]))
    assert shown.count('assistant {"name": "f", "parameters": {"a": ') == 2


def _ids(shown: str) -> Sequence[str]:
    return [part[:9] for part in shown.split("#")[1:]]
