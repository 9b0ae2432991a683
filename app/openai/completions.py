"""``/v1/completions``: plain prompts in, choices out, whole or as chunks. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError
from ...serving.forms import constraint
from ...serving.text import Piece, Served, TextReply
from . import wire
from .desk import Desk, Running
from .forms import of_structured
from .order import Order, sampling_of, side_by_side, total
from .schema import CompletionBody

MOST = 64
"""Replies that one request may ask for: prompts times choices."""


def events(desk: Desk, body: CompletionBody, running: Running) -> Iterator[dict[str, Any]]:
    choices = _choices(desk, body, running)
    head = wire.head("cmpl", "text_completion", body.model)
    for chunk in side_by_side([choice.chunks(at) for at, choice in enumerate(choices)]):
        yield {**head, "choices": [chunk]}
    if body.stream_options.include_usage:
        yield {**head, "choices": [], "usage": _usage(choices, body.n)}


def whole(desk: Desk, body: CompletionBody, running: Running) -> dict[str, Any]:
    choices = _choices(desk, body, running)
    for choice in choices:
        choice.pieces.extend(running.read(choice.reply))
    return {
        **wire.head("cmpl", "text_completion", body.model),
        "choices": [choice.shown(index, choice.pieces, choice.finish) for index, choice in enumerate(choices)],
        "usage": _usage(choices, body.n),
    }


@dataclass(slots=True)
class _Choice:
    reply: TextReply
    running: Running
    logprobs: bool
    pieces: list[Piece] = field(default_factory=list)
    said: int = 0

    @property
    def finish(self) -> str:
        return "length" if self.reply.finish == "length" else "stop"

    def chunks(self, index: int) -> Iterator[dict[str, Any]]:
        for piece in self.running.read(self.reply):
            yield self.shown(index, [piece], None)
        yield self.shown(index, [], self.finish)

    def shown(self, index: int, pieces: Sequence[Piece], finish: str | None) -> dict[str, Any]:
        spoken = [spoken for piece in pieces for spoken in piece.tokens]
        logprobs = wire.old_logprobs(spoken, self.said) if self.logprobs else None
        self.said += sum(len(token.text) for token in spoken)
        text = "".join(piece.text for piece in pieces)
        return {"index": index, "text": text, "logprobs": logprobs, "finish_reason": finish}


def _choices(desk: Desk, body: CompletionBody, running: Running) -> list[_Choice]:
    model = desk.model(body.model)
    prompts = _prompts(model, body.prompt)
    if len(prompts) * body.n > MOST:
        raise InputError(f"one request may ask for {MOST} replies", where="prompt", fix="send several requests")
    held = constraint(model, of_structured(body.structured_outputs))
    sampling = sampling_of(model, body, body.max_tokens)
    orders = [Order(prompt, sampling, held, body.logprobs) for prompt in prompts]
    replies = [reply for order in orders for reply in order.submit(running, model, body.n)]
    return [_Choice(reply, running, body.logprobs is not None) for reply in replies]


def _prompts(model: Served, given: str | list[str] | list[int] | list[list[int]]) -> list[list[int]]:
    """One or several, as text or as tokens. Raises ``InputError`` for an empty one."""
    listed = [given] if isinstance(given, str) or (given and isinstance(given[0], int)) else given
    prompts = [model.encode(prompt) if isinstance(prompt, str) else list(prompt) for prompt in listed]  # type: ignore[arg-type]
    if not prompts or not all(prompts):
        raise InputError("the prompt is empty", where="prompt", fix="send text")
    size = model.vocabulary.size
    if any(not 0 <= token < size for prompt in prompts for token in prompt):
        raise InputError(f"a token is a number from 0 to {size - 1:,}", where="prompt", fix="send text")
    return prompts


def _usage(choices: Sequence[_Choice], n: int) -> dict[str, Any]:
    """Each prompt is counted once."""
    usage = total([choice.reply for choice in choices])
    usage.prompt = sum(choice.reply.usage.prompt for choice in choices[::n])
    usage.cached = sum(choice.reply.usage.cached for choice in choices[::n])
    return wire.usage(usage)
