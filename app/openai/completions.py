"""``/v1/completions``: plain prompts in, choices out, whole or as chunks. Knows nothing of HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...errors import InputError
from ...serving.engine.request import TokenUsage
from ...serving.talk.forms import constraint
from ...serving.talk.text import PromptToken, ServedModel, TextPiece, TextReply, room, score_prompt
from . import wire
from .forms import of_structured
from .reply_order import Order, refuse_streamed_scores, sampling_of, side_by_side, total
from .schema import CompletionBody
from .served_model import ModelDesk, RunningReplies

MOST = 64
"""Replies that one request may ask for: prompts times choices."""


def events(desk: ModelDesk, body: CompletionBody, running: RunningReplies) -> Iterator[dict[str, Any]]:
    choices = _choices(desk, body, running)
    head = wire.head("cmpl", "text_completion", body.model)
    for chunk in side_by_side([choice.chunks(at) for at, choice in enumerate(choices)]):
        yield {**head, "choices": [chunk]}
    if body.stream_options.include_usage:
        yield {**head, "choices": [], "usage": _usage(choices, body.n)}


def whole(desk: ModelDesk, body: CompletionBody, running: RunningReplies) -> dict[str, Any]:
    choices = _choices(desk, body, running)
    return {
        **wire.head("cmpl", "text_completion", body.model),
        "choices": [choice.whole(index, body.prompt_logprobs) for index, choice in enumerate(choices)],
        "usage": _usage(choices, body.n),
    }


@dataclass(slots=True)
class _Choice:
    reply: TextReply | None
    """``None`` where only the prompt is asked for."""
    running: RunningReplies
    logprobs: int | None
    prompt: Sequence[int]
    told: Sequence[PromptToken] = ()
    """The prompt's tokens, where their log probabilities are asked for."""
    echo: str = ""
    said: int = 0

    @property
    def finish(self) -> str:
        return "length" if self.reply is None or self.reply.finish == "length" else "stop"

    @property
    def usage(self) -> TokenUsage:
        return TokenUsage(prompt=len(self.prompt)) if self.reply is None else self.reply.usage

    def read(self) -> Iterator[TextPiece]:
        """The prompt where it is to be said again, and the reply."""
        if self.echo:
            count = self.logprobs
            told = () if count is None else (replace(token.shown, best=token.shown.best[:count]) for token in self.told)
            yield TextPiece(self.echo, tuple(told))
        if self.reply is not None:
            yield from self.running.read(self.reply)

    def chunks(self, index: int) -> Iterator[dict[str, Any]]:
        for piece in self.read():
            yield self.part(index, [piece], None)
        yield self.part(index, [], self.finish)

    def whole(self, index: int, prompt_logprobs: int | None) -> dict[str, Any]:
        shown = self.part(index, list(self.read()), self.finish)
        if prompt_logprobs is None:
            return shown
        return {**shown, "prompt_logprobs": wire.prompt_logprobs(self.told, prompt_logprobs)}

    def part(self, index: int, pieces: Sequence[TextPiece], finish: str | None) -> dict[str, Any]:
        spoken = [spoken for piece in pieces for spoken in piece.tokens]
        logprobs = wire.old_logprobs(spoken, self.said) if self.logprobs is not None else None
        self.said += sum(len(token.text) for token in spoken)
        text = "".join(piece.text for piece in pieces)
        return {"index": index, "text": text, "logprobs": logprobs, "finish_reason": finish}


def _choices(desk: ModelDesk, body: CompletionBody, running: RunningReplies) -> list[_Choice]:
    model = desk.model(body.model)
    refuse_streamed_scores(body)
    prompts = _prompts(model, body.prompt)
    if len(prompts) * body.n > MOST:
        raise InputError(f"one request may ask for {MOST} replies", where="prompt", fix="send several requests")
    if not body.max_tokens and not body.echo and body.prompt_logprobs is None:
        raise InputError("max_tokens is 0, so there is nothing to write", where="max_tokens", fix="ask for echo too")
    held = constraint(model, of_structured(body.structured_outputs))
    found: list[_Choice] = []
    for prompt in prompts:
        wanted = [count for count in (body.prompt_logprobs, body.logprobs if body.echo else None) if count is not None]
        room(model, prompt)
        told = score_prompt(model, prompt, max(wanted)) if wanted else ()
        replies: list[TextReply] | list[None] = [None] * body.n
        if body.max_tokens:
            order = Order(prompt, sampling_of(model, body, body.max_tokens), held, body.logprobs)
            replies = order.submit(running, model, body.n)
        echo = model.decode(prompt) if body.echo else ""
        found += [_Choice(reply, running, body.logprobs, prompt=prompt, told=told, echo=echo) for reply in replies]
    return found


def _prompts(model: ServedModel, given: str | list[str] | list[int] | list[list[int]]) -> list[list[int]]:
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
    usage = total([choice.usage for choice in choices])
    usage.prompt = sum(choice.usage.prompt for choice in choices[::n])
    usage.cached = sum(choice.usage.cached for choice in choices[::n])
    return wire.usage(usage)
