"""``/v1/responses``: items in, items out, whole or as events. Nothing is stored. Knows nothing of HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ...errors import InputError
from ...serving.base import FunctionCall, FunctionTool, Message, Sampling
from ...serving.engine.request import TokenUsage
from ...serving.talk import tools
from ...serving.talk.calls import CallArguments, CallBegun, CallEvent, PartialCall, ToolOffer
from ...serving.talk.forms import constraint
from ...serving.talk.text import ServedModel, TextPiece, TextReply
from . import answers, wire
from .answered_calls import check_answers
from .chat import arguments_of
from .forms import of_format
from .reply_order import Order
from .schema import ResponseAllowedTools, ResponseBody, ResponseItem, ResponseNamedTool, text_of
from .served_model import ModelDesk, RunningReplies

_Event = dict[str, Any]


def events(desk: ModelDesk, body: ResponseBody, running: RunningReplies) -> Iterator[_Event]:
    """Each with its ``type`` and number."""
    if body.model == answers.NAME and desk.models.library is not None:
        yield from answers.response_events(desk.models.library, body)
        return
    numbers = count()
    for event in _written_events(desk, body, running):
        yield {"sequence_number": next(numbers), **event}


def whole(desk: ModelDesk, body: ResponseBody, running: RunningReplies) -> dict[str, Any]:
    *_, last = events(desk, body, running)
    response: dict[str, Any] = last["response"]
    return response


def _written_events(desk: ModelDesk, body: ResponseBody, running: RunningReplies) -> Iterator[_Event]:
    model = desk.model(body.model)
    order = order_of(model, body)
    (reply,) = order.submit(running, model, 1)
    speech = _Speech(body, reply, order.offer, logprobs=order.logprobs is not None)
    yield {"type": "response.created", "response": speech.response("in_progress")}
    yield {"type": "response.in_progress", "response": speech.response("in_progress")}
    for part in order.offer.parts(running.read(reply)):
        yield from speech.text(part) if isinstance(part, TextPiece) else speech.call(part)
    yield from speech.text_ends()
    cut = reply.finish == "length" and not (speech.calls and speech.calls[-1].whole)
    status = "incomplete" if cut else "completed"
    yield {"type": f"response.{status}", "response": speech.response(status)}


def order_of(model: ServedModel, body: ResponseBody) -> Order:
    """Raises ``InputError`` for parameters that contradict each other or that cannot be kept."""
    offer = _offer(model, body)
    wanted = "message.output_text.logprobs" in body.include
    if body.top_logprobs and not wanted:
        raise InputError(
            "top_logprobs is set, but include does not ask for log probabilities",
            where="top_logprobs",
            fix="see include",
        )
    form = offer.form_beside(of_format(body.text.format))
    return Order(
        tools.prompt(model, _messages(body), offer.tools, held=offer.must),
        Sampling(body.max_output_tokens or model.context, body.temperature, body.top_p),
        constraint(model, form),
        body.top_logprobs if wanted else None,
        offer,
    )


@dataclass(slots=True)
class _Speech:
    """The output items of a response as they grow."""

    body: ResponseBody
    reply: TextReply
    offer: ToolOffer
    logprobs: bool
    id: str = field(default_factory=lambda: wire.new_id("resp"))
    created: float = field(default_factory=time.time)
    output: list[dict[str, Any]] = field(default_factory=list)
    pieces: list[TextPiece] = field(default_factory=list)
    """Of the message that is being written."""
    calls: list[PartialCall] = field(default_factory=list)

    def text(self, piece: TextPiece) -> Iterator[_Event]:
        if not self.pieces:
            item = {"type": "message", "id": wire.new_id("msg"), "role": "assistant", "status": "in_progress"}
            self.output.append({**item, "content": []})
            yield self._event("response.output_item.added", item={**item, "content": []})
            yield self._part_event("response.content_part.added", part=self._part([]))
        self.pieces.append(piece)
        yield self._part_event(
            "response.output_text.delta", delta=piece.text, logprobs=wire.tokens([piece]) if self.logprobs else []
        )

    def text_ends(self) -> Iterator[_Event]:
        if not self.pieces:
            return
        part = self._part(self.pieces)
        self.pieces = []
        self.output[-1] |= {"content": [part], "status": "incomplete" if self.reply.finish == "length" else "completed"}
        yield self._part_event("response.output_text.done", text=part["text"], logprobs=part["logprobs"])
        yield self._part_event("response.content_part.done", part=part)
        yield self._event("response.output_item.done", item=self.output[-1])

    def call(self, part: CallEvent) -> Iterator[_Event]:
        call = self.offer.collect(self.calls, part)
        if isinstance(part, CallBegun):
            yield from self.text_ends()
            item = {"type": "function_call", "id": wire.new_id("fc"), "call_id": call.id, "name": call.name}
            self.output.append({**item, "arguments": "", "status": "in_progress"})
            yield self._event("response.output_item.added", item=dict(self.output[-1]))
            return
        kind, item_id = "response.function_call_arguments", self.output[-1]["id"]
        if isinstance(part, CallArguments):
            yield self._event(f"{kind}.delta", item_id=item_id, delta=part.text)
            return
        self.output[-1] |= {"arguments": call.arguments, "status": "completed" if call.whole else "incomplete"}
        yield self._event(f"{kind}.done", item_id=item_id, name=call.name, arguments=call.arguments)
        yield self._event("response.output_item.done", item=self.output[-1])

    def response(self, status: str) -> dict[str, Any]:
        body = self.body
        chosen = body.tool_choice or "auto"
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "model": body.model,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "instructions": body.instructions or None,
            "max_output_tokens": body.max_output_tokens,
            "output": list(self.output),
            "parallel_tool_calls": body.parallel_tool_calls,
            "previous_response_id": None,
            "store": False,
            "temperature": body.temperature,
            "text": {"format": body.text.format.model_dump(by_alias=True, exclude_defaults=True)},
            "tool_choice": chosen if isinstance(chosen, str) else chosen.model_dump(),
            "tools": [tool.model_dump() for tool in body.tools],
            "top_logprobs": body.top_logprobs,
            "top_p": body.top_p,
            "truncation": "disabled",
            "usage": None if status == "in_progress" else _usage(self.reply.usage),
        }

    def _part(self, pieces: list[TextPiece]) -> dict[str, Any]:
        return {
            "type": "output_text",
            "text": "".join(piece.text for piece in pieces),
            "annotations": [],
            "logprobs": wire.tokens(pieces) if self.logprobs else [],
        }

    def _event(self, kind: str, **more: Any) -> _Event:
        return {"type": kind, "output_index": len(self.output) - 1, **more}

    def _part_event(self, kind: str, **more: Any) -> _Event:
        return self._event(kind, item_id=self.output[-1]["id"], content_index=0, **more)


def _usage(usage: TokenUsage) -> dict[str, Any]:
    return {
        "input_tokens": usage.prompt,
        "input_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": 0},
        "output_tokens": usage.written,
        "output_tokens_details": {
            "reasoning_tokens": 0,
            "accepted_prediction_tokens": usage.accepted,
            "rejected_prediction_tokens": usage.drafted - usage.accepted,
        },
        "total_tokens": usage.prompt + usage.written,
    }


def _offer(model: ServedModel, body: ResponseBody) -> ToolOffer:
    offered = [FunctionTool(tool.name, tool.description, tool.parameters) for tool in body.tools]
    choice, allowed = _tool_choice(body.tool_choice)
    strict = any(tool.strict for tool in body.tools)
    one = not body.parallel_tool_calls
    return ToolOffer.of(offered, choice, allowed, strict=strict, one=one, format=model.tools)


def _tool_choice(choice: str | ResponseNamedTool | ResponseAllowedTools | None) -> tuple[str | None, tuple[str, ...]]:
    """Whether a tool must be called, and which may be, where not all may."""
    if isinstance(choice, ResponseNamedTool):
        return "required", (choice.name,)
    if isinstance(choice, ResponseAllowedTools):
        return choice.mode, tuple(tool.name for tool in choice.tools)
    return choice, ()


def _messages(body: ResponseBody) -> list[Message]:
    told = [Message("system", body.instructions)] if body.instructions else []
    if isinstance(body.input, str):
        return [*told, Message("user", body.input)]
    messages = {at: _message(item, at) for at, item in enumerate(body.input) if item.type != "reasoning"}
    if not messages:
        raise InputError("there is nothing to answer", where="input", fix="send text")
    check_answers(messages, "input", behind=False)
    return [*told, *messages.values()]


def _message(item: ResponseItem, at: int) -> Message:
    if item.type == "function_call":
        return Message(
            "assistant", "", (FunctionCall(item.name, arguments_of(item.arguments, f"input.{at}"), item.call_id),)
        )
    if item.type == "function_call_output":
        return Message("tool", text_of(item.output), answers=item.call_id)
    if item.role is None:
        raise InputError("a message needs a role", where=f"input.{at}.role", fix="send user, assistant or system")
    return Message("system" if item.role == "developer" else item.role, text_of(item.content))
