"""The library as a model, under the name ``evidentia``: its answers as replies, with citations as marks in the text and
as annotations. Knows nothing of HTTP.

The last message of a user is the question; earlier ones are not read. Sampling changes nothing, so it is ignored; what
would change the kind of reply (tools, forms, several choices) is refused.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from ...agents.answer import Answer
from ...errors import InputError
from ...library import Library
from . import wire
from .schema import ChatBody, ResponseBody, text_of

NAME = "evidentia"


def of_chat(library: Library, body: ChatBody) -> Answer:
    """Raises ``InputError`` for what an answer cannot be."""
    refused = {
        "tools": body.tools,
        "response_format": body.response_format and body.response_format.type != "text",
        "structured_outputs": body.structured_outputs,
        "n": body.n > 1,
        "logprobs": body.logprobs,
        "echo": body.echo,
        "prompt_logprobs": body.prompt_logprobs is not None,
    }
    _refuse(refused)
    asked = [text_of(message.content) for message in body.messages if message.role == "user"]
    return _answer_last(library, asked, "messages")


def of_response(library: Library, body: ResponseBody) -> Answer:
    """Raises ``InputError`` for what an answer cannot be."""
    _refuse(
        {
            "tools": body.tools,
            "text.format": body.text.format.type != "text",
            "include": "message.output_text.logprobs" in body.include,
        }
    )
    if isinstance(body.input, str):
        return _answer_last(library, [body.input], "input")
    asked = [text_of(item.content) for item in body.input if item.type == "message" and item.role == "user"]
    return _answer_last(library, asked, "input")


def chat_whole(library: Library, body: ChatBody) -> dict[str, Any]:
    answer = of_chat(library, body)
    text, marks = with_sources(answer)
    message = {"role": "assistant", "content": text, "annotations": _nest(marks)}
    return {
        **wire.head("chatcmpl", "chat.completion", body.model),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": _usage(answer, text),
        "evidentia": answer.to_dict(),
    }


def chat_events(library: Library, body: ChatBody) -> Iterator[dict[str, Any]]:
    answer = of_chat(library, body)
    text, marks = with_sources(answer)
    head = wire.head("chatcmpl", "chat.completion.chunk", body.model)
    deltas = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in _pieces(text))]
    for delta in [*deltas, {"annotations": _nest(marks)}]:
        yield {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]}
    if body.stream_options.include_usage:
        yield {**head, "choices": [], "usage": _usage(answer, text)}


def response_events(library: Library, body: ResponseBody) -> Iterator[dict[str, Any]]:
    answer = of_response(library, body)
    text, marks = with_sources(answer)
    usage = _usage(answer, text)
    tokens = {"input_tokens": usage["prompt_tokens"], "output_tokens": usage["completion_tokens"]}
    response: dict[str, Any] = {
        "id": wire.new_id("resp"),
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "model": body.model,
        "output": [],
        "tools": [],
        "tool_choice": "none",
        "parallel_tool_calls": False,
    }
    item = {"type": "message", "id": wire.new_id("msg"), "role": "assistant", "status": "in_progress"}
    part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    whole = {**part, "text": text, "annotations": marks}
    done = {**item, "status": "completed", "content": [whole]}
    completed = {**response, "status": "completed", "output": [done]}
    completed["usage"] = {
        **tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage["total_tokens"],
    }
    told: list[dict[str, Any]] = [
        {"type": "response.created", "response": response},
        {"type": "response.in_progress", "response": response},
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}},
        {"type": "response.content_part.added", **place, "part": part},
        *({"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []} for piece in _pieces(text)),
        *(
            {"type": "response.output_text.annotation.added", **place, "annotation_index": at, "annotation": mark}
            for at, mark in enumerate(marks)
        ),
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": whole},
        {"type": "response.output_item.done", "output_index": 0, "item": done},
        {"type": "response.completed", "response": completed},
    ]
    numbers = count()
    for event in told:
        yield {"sequence_number": next(numbers), **event}


def with_sources(answer: Answer) -> tuple[str, list[dict[str, Any]]]:
    """The answer with its sources below, and for each mark in it where it stands and what it points at."""
    sources = [f"[{each.number}] {each.place}" for each in answer.citations]
    said = answer.full_text
    text = "\n\n".join(filter(None, [said, "\n".join(sources)]))
    found = []
    for each in answer.citations:
        mark, start = f"[{each.number}]", len(said) - len(answer.text)
        span = each.evidence.span
        while (at := said.find(mark, start)) >= 0:
            start = at + len(mark)
            found.append(
                {
                    "type": "url_citation",
                    "start_index": at,
                    "end_index": start,
                    "title": each.place,
                    "url": span.document if span else each.evidence.name,
                    "quote": each.quote,
                    "verified": each.verified,
                }
            )
    return text, sorted(found, key=lambda mark: mark["start_index"])


def _answer_last(library: Library, asked: Sequence[str], where: str) -> Answer:
    if not asked:
        raise InputError("there is no question", where=where, fix="send a user message")
    return library.ask(asked[-1])


def _refuse(refused: dict[str, Any]) -> None:
    name = next((name for name, given in refused.items() if given), None)
    if name is not None:
        raise InputError(f"{NAME} answers only with quotes", where=name, fix=f"leave out {name}, or ask another model")


def _nest(marks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The marks in the shape of chat completions."""
    return [
        {"type": mark["type"], "url_citation": {key: value for key, value in mark.items() if key != "type"}}
        for mark in marks
    ]


def _pieces(text: str) -> Iterator[str]:
    yield from (piece for piece in text.splitlines(keepends=True) if piece)


def _usage(answer: Answer, text: str) -> dict[str, Any]:
    """Words stand in for tokens: no language model has read or written."""
    read, written = len(answer.question.split()), len(text.split())
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
