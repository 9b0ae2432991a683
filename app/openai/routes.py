"""The OpenAI-compatible endpoints over HTTP: bodies in, JSON or server-sent events out. Replies stop when their client
goes away or their time is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ...corpus.cancellation import Wanted
from ...errors import EvidentiaError, InputError, NotFoundError
from .. import failures
from ..lanes import Lane, attend
from ..reply import JsonReply, event
from . import answers, chat, completions, embeddings, replies, responses, tokens
from .metrics import CONTENT_TYPE
from .parse_body import read
from .schema import (
    REFERENCE,
    ChatBody,
    CompletionBody,
    DetokenizeBody,
    EmbeddingBody,
    ModelBody,
    ResponseBody,
    TokenizeBody,
)
from .served_model import ModelDesk, RunningReplies

T = TypeVar("T", TokenizeBody, DetokenizeBody)
B = TypeVar("B", ChatBody, CompletionBody, ResponseBody)
Events = Callable[[ModelDesk, B, RunningReplies], Iterator[dict[str, Any]]]
Whole = Callable[[ModelDesk, B, RunningReplies], dict[str, Any]]

OPENAI = failures.shape("/v1")
EVENTS = {
    "schema": {
        "type": "object",
        "required": ["data"],
        "properties": {
            "event": {"type": "string"},
            "data": {"type": "string", "description": "One JSON object on one line, or [DONE]"},
        },
    }
}
router = APIRouter(
    responses={"default": {"model": replies.OpenAIFailure, "description": "What went wrong, and of which parameter"}}
)


def _describes(body: type[ModelBody], reply: type[BaseModel], *, streams: bool = True) -> dict[str, Any]:
    """What a route is given so that its description says which body it reads and what it replies."""
    whole: dict[str, Any] = {"model": reply} | ({"content": {"text/event-stream": EVENTS}} if streams else {})
    taken = {"content": {"application/json": {"schema": {"$ref": REFERENCE.format(model=body.__name__)}}}}
    return {"responses": {200: whole}, "openapi_extra": {"requestBody": {"required": True, **taken}}}


@router.post("/v1/chat/completions", **_describes(ChatBody, replies.Chat))
async def chat_completions(request: Request) -> Response:
    return await _answer(request, ChatBody, chat.events, chat.whole, ends=True)


@router.post("/v1/completions", **_describes(CompletionBody, replies.Completion))
async def plain_completions(request: Request) -> Response:
    return await _answer(request, CompletionBody, completions.events, completions.whole, ends=True)


@router.post("/v1/responses", **_describes(ResponseBody, replies.Response))
async def all_responses(request: Request) -> Response:
    return await _answer(request, ResponseBody, responses.events, responses.whole, ends=False)


@router.post("/v1/embeddings", **_describes(EmbeddingBody, replies.Embeddings, streams=False))
async def all_embeddings(request: Request) -> JsonReply:
    desk = _desk(request)
    body = read(EmbeddingBody, await request.body())
    return JsonReply(await Lane(desk.workers, desk.models.seconds).run(request, partial(embeddings.whole, desk, body)))


@router.get("/v1/models", responses={200: {"model": replies.ModelList}})
async def models(request: Request) -> JsonReply:
    return JsonReply({"object": "list", "data": [_model(name) for name in _names(request)]})


@router.get("/v1/models/{name:path}", responses={200: {"model": replies.Model}})
async def model(request: Request, name: str) -> JsonReply:
    if name not in _names(request):
        raise NotFoundError("this server has no such model", where=name, fix="see /v1/models")
    return JsonReply(_model(name))


@router.post("/tokenize", include_in_schema=False)
async def tokenize(request: Request) -> JsonReply:
    return JsonReply(await _count_tokens(request, TokenizeBody, tokens.tokenize))


@router.post("/detokenize", include_in_schema=False)
async def detokenize(request: Request) -> JsonReply:
    return JsonReply(await _count_tokens(request, DetokenizeBody, tokens.detokenize))


async def _count_tokens(
    request: Request, kind: type[T], answer: Callable[[ModelDesk, T], dict[str, Any]]
) -> dict[str, Any]:
    desk = _desk(request)
    body = read(kind, await request.body())
    return await Lane(desk.workers, desk.models.seconds).run(request, partial(answer, desk, body))


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    return Response(_desk(request).metrics.text(), media_type=CONTENT_TYPE)


class EventReply(StreamingResponse):
    """Events that stop their replies when the response is over, even where it never began."""

    def __init__(self, events: AsyncIterator[bytes], running: RunningReplies) -> None:
        super().__init__(events, media_type="text/event-stream")
        self._running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        clock = asyncio.get_running_loop().call_later(self._running.wanted.seconds_left, self._running.close)
        try:
            await super().__call__(scope, receive, send)
        finally:
            clock.cancel()
            self._running.close()


async def _answer(request: Request, kind: type[B], events: Events[B], whole: Whole[B], *, ends: bool) -> Response:
    """``ends``: a stream ends in ``[DONE]``. What fails before the first event is a plain HTTP error."""
    desk = _desk(request)
    body = read(kind, await request.body())
    if not body.stream and "stream_options" in body.model_fields_set:
        raise InputError("only a stream has options", where="stream_options", fix="set stream to true, or leave it out")
    wanted = Wanted(desk.models.seconds)
    running = RunningReplies(desk.metrics, request.url.path, wanted)
    try:
        if not body.stream:
            work = desk.workers.run(partial(whole, desk, body, running), wanted)
            return JsonReply(await attend(request, work, wanted))
        found = desk.workers.stream(partial(events, desk, body, running), wanted)
        first = await attend(request, anext(found), wanted)
    except BaseException:
        running.close()
        raise
    return EventReply(_events_of(first, found, ends), running)


async def _events_of(first: dict[str, Any], rest: AsyncIterator[dict[str, Any]], ends: bool) -> AsyncIterator[bytes]:
    try:
        yield _event(first)
        async for found in rest:
            yield _event(found)
    except EvidentiaError as error:
        yield event(None, failures.of_error(error, OPENAI))
    except Exception as error:  # noqa: BLE001 - the reply has begun, so no exception handler could answer any more
        yield event(None, failures.of_unexpected(error, OPENAI))
    else:
        if ends:
            yield b"data: [DONE]\n\n"


def _event(content: dict[str, Any]) -> bytes:
    """Events of responses are named by their type."""
    return event(content.get("type"), content)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "evidentia"}


def _names(request: Request) -> tuple[str, ...]:
    models = _desk(request).models
    own = (answers.NAME,) if models.library is not None else ()
    return (*own, models.name, models.embedder_name)


def _desk(request: Request) -> ModelDesk:
    desk: ModelDesk = request.app.state.models
    return desk
