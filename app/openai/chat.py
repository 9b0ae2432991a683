"""``/v1/chat/completions``: messages in, choices out, whole or as chunks. Knows nothing of HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError
from ...serving.base import FunctionCall, FunctionTool, Message, TemplateOptions
from ...serving.talk import tools
from ...serving.talk.calls import CallArguments, CallBegun, PartialCall, ToolOffer
from ...serving.talk.forms import constraint, only
from ...serving.talk.text import ServedModel, TextPiece, TextReply, score_prompt
from . import answers, wire
from .answered_calls import check_answers
from .forms import of_format, of_structured
from .reply_order import Order, refuse_streamed_scores, sampling_of, side_by_side, total
from .schema import AllowedTools, ChatBody, ChatMessage, NamedTool, text_of
from .served_model import ModelDesk, RunningReplies


def events(desk: ModelDesk, body: ChatBody, running: RunningReplies) -> Iterator[dict[str, Any]]:
    """The chunks of a streamed reply; choices come side by side. Raises before the first one what is wrong with the
    request."""
    if body.model == answers.NAME and desk.models.library is not None:
        yield from answers.chat_events(desk.models.library, body)
        return
    choices = _choices(desk, body, running)
    head = wire.head("chatcmpl", "chat.completion.chunk", body.model)
    role, echo = _role_of(body), _echo_of(body)
    for delta in [{"role": role, "content": ""}, *([{"content": echo}] if echo else [])]:
        for index in range(body.n):
            yield {**head, "choices": [_chunk(index, delta)]}
    for chunk in side_by_side([choice.chunks(at) for at, choice in enumerate(choices)]):
        yield {**head, "choices": [chunk]}
    if body.stream_options.include_usage:
        yield {**head, "choices": [], "usage": _usage(choices)}


def whole(desk: ModelDesk, body: ChatBody, running: RunningReplies) -> dict[str, Any]:
    if body.model == answers.NAME and desk.models.library is not None:
        return answers.chat_whole(desk.models.library, body)
    choices = _choices(desk, body, running)
    for choice in choices:
        for _ in choice.chunks(0):
            pass
    said = {
        **wire.head("chatcmpl", "chat.completion", body.model),
        "choices": [choice.whole(index, _role_of(body), _echo_of(body)) for index, choice in enumerate(choices)],
        "usage": _usage(choices),
    }
    if body.prompt_logprobs is None:
        return said
    told = score_prompt(desk.model(body.model), choices[0].order.prompt, body.prompt_logprobs)
    return {**said, "prompt_logprobs": wire.prompt_logprobs(told, body.prompt_logprobs)}


def order_of(model: ServedModel, body: ChatBody) -> Order:
    """Raises ``InputError`` for parameters that contradict each other or that cannot be kept."""
    offer = _offer(model, body)
    if body.top_logprobs and not body.logprobs:
        raise InputError("top_logprobs needs logprobs", where="top_logprobs", fix="set logprobs to true")
    form = offer.form_beside(only(of_format(body.response_format), of_structured(body.structured_outputs)))
    if body.continue_final_message and (offer.tools or body.messages[-1].role != "assistant"):
        raise InputError("only a last message from the assistant can be continued, and without tools", where="messages")
    template = TemplateOptions(
        body.chat_template_kwargs, continued=body.continue_final_message, opened=body.add_generation_prompt
    )
    messages = messages_of(body.messages)
    check_answers(dict(enumerate(messages)), "messages", behind=True)
    prompt = tools.prompt(model, messages, offer.tools, held=offer.must, template=template)
    predicted = (text_of(body.prediction.content),) if body.prediction else ()
    if body.max_tokens and body.max_completion_tokens and body.max_tokens != body.max_completion_tokens:
        raise InputError("max_tokens and max_completion_tokens contradict each other", where="max_tokens")
    return Order(
        prompt,
        sampling_of(model, body, body.max_completion_tokens or body.max_tokens or model.context, predicted),
        constraint(model, form),
        body.top_logprobs if body.logprobs else None,
        offer,
    )


@dataclass(slots=True)
class _Choice:
    """One reply and what has come of it."""

    order: Order
    reply: TextReply
    running: RunningReplies
    pieces: list[TextPiece] = field(default_factory=list)
    calls: list[PartialCall] = field(default_factory=list)

    def chunks(self, index: int) -> Iterator[dict[str, Any]]:
        """One for each piece of text, beginning of a call and piece of its arguments, then one with the finish
        reason."""
        offer = self.order.offer
        for part in offer.parts(self.running.read(self.reply)):
            if isinstance(part, TextPiece):
                self.pieces.append(part)
                yield _chunk(index, {"content": part.text}, self._logprobs([part]))
                continue
            call = offer.collect(self.calls, part)
            number = {"index": len(self.calls) - 1}
            if isinstance(part, CallBegun):
                yield _chunk(index, {"tool_calls": [{**number, **_call(call)}]})
            elif isinstance(part, CallArguments):
                yield _chunk(index, {"tool_calls": [{**number, "function": {"arguments": part.text}}]})
        yield _chunk(index, {}, finish=self.finish)

    @property
    def finish(self) -> str:
        """A reply that was cut within a call has no call to make."""
        if self.calls and (self.calls[-1].whole or self.reply.finish != "length"):
            return "tool_calls"
        return "length" if self.reply.finish == "length" else "stop"

    def whole(self, index: int, role: str, echo: str) -> dict[str, Any]:
        text = echo + "".join(piece.text for piece in self.pieces)
        message: dict[str, Any] = {"role": role, "content": text if text or not self.calls else None}
        if self.calls:
            message["tool_calls"] = [_call(call) for call in self.calls]
        logprobs = self._logprobs(self.pieces)
        return {"index": index, "message": message, "logprobs": logprobs, "finish_reason": self.finish}

    def _logprobs(self, pieces: list[TextPiece]) -> dict[str, Any] | None:
        return None if self.order.logprobs is None else {"content": wire.tokens(pieces), "refusal": None}


def arguments_of(text: str, where: str) -> str:
    """Raises ``InputError`` for arguments of an earlier call that are no JSON object."""
    try:
        good = isinstance(json.loads(text or "{}"), dict)
    except (ValueError, RecursionError):
        good = False
    if not good:
        raise InputError("the arguments of a call must be a JSON object", where=where, fix="send what the model wrote")
    return text or "{}"


def _choices(desk: ModelDesk, body: ChatBody, running: RunningReplies) -> list[_Choice]:
    model = desk.model(body.model)
    refuse_streamed_scores(body)
    order = order_of(model, body)
    return [_Choice(order, reply, running) for reply in order.submit(running, model, body.n)]


def _role_of(body: ChatBody) -> str:
    """Whose words the reply is: those of the last message where no new one is opened."""
    if body.add_generation_prompt:
        return "assistant"
    role = body.messages[-1].role
    return "system" if role == "developer" else role


def _echo_of(body: ChatBody) -> str:
    """The last message, where the reply is of the same role, if it is to be said again (vLLM's rule)."""
    last = body.messages[-1]
    return text_of(last.content) if body.echo and last.role == _role_of(body) else ""


def _usage(choices: list[_Choice]) -> dict[str, Any]:
    return wire.usage(total([choice.reply.usage for choice in choices]))


def _chunk(
    index: int, delta: dict[str, Any], logprobs: dict[str, Any] | None = None, finish: str | None = None
) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}


def _call(call: PartialCall) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _offer(model: ServedModel, body: ChatBody) -> ToolOffer:
    functions = [tool.function for tool in body.tools]
    offered = [FunctionTool(function.name, function.description, function.parameters) for function in functions]
    if not offered and body.tool_choice not in (None, "none"):
        raise InputError("there is no tool to choose", where="tool_choice", fix="send tools, or leave it out")
    choice, allowed = _tool_choice(body.tool_choice)
    strict = any(function.strict for function in functions)
    one = not body.parallel_tool_calls
    return ToolOffer.of(offered, choice, allowed, strict=strict, one=one, format=model.tools)


def _tool_choice(choice: str | NamedTool | AllowedTools | None) -> tuple[str | None, tuple[str, ...]]:
    """Whether a tool must be called, and which may be, where not all may."""
    if isinstance(choice, NamedTool):
        return "required", (choice.function.name,)
    if isinstance(choice, AllowedTools):
        return choice.allowed_tools.mode, tuple(tool.function.name for tool in choice.allowed_tools.tools)
    return choice, ()


def messages_of(messages: list[ChatMessage]) -> list[Message]:
    return [
        Message(
            "system" if message.role == "developer" else message.role,
            text_of(message.content),
            tuple(
                FunctionCall(
                    call.function.name,
                    arguments_of(call.function.arguments, f"messages.{at}.tool_calls"),
                    call.id,
                )
                for call in message.tool_calls
            ),
            message.tool_call_id,
            message.name,
        )
        for at, message in enumerate(messages)
    ]
