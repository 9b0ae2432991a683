"""The reply to a request that fails: a status and ``{error: {what, where, fix, kind}}``, no traceback. Under
``/v1`` the same is said in the shape that OpenAI's clients read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..errors import LONGEST, EvidentiaError
from .reply import JsonReply

log = logging.getLogger(__name__)

_SENTENCES = {
    400: "the body cannot be read as JSON",
    404: "there is nothing at this address",
    405: "this address does not answer to that method",
}


Body = dict[str, Any]
Shape = Callable[[int, str, str, str, str], Body]
"""From status, what, where, fix and kind. ``kind`` is the name of an error of ``errors``, ``Refused`` for a request
that never reached the library, or ``Unexpected`` for a fault of the server itself."""

OPENAI_CODES = {"NotFoundError": "model_not_found", "PromptTooLong": "context_length_exceeded"}
"""What clients look for; another kind is its own code."""
OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_UNEXPECTED = ("something went wrong inside the server", "", "see its log; --debug makes it say more", "Unexpected")


def shape(path: str) -> Shape:
    """The form of failures at an address: our own words apart, or as OpenAI's clients read them."""
    return openai if is_openai(path) else own


def is_openai(path: str) -> bool:
    """Whether OpenAI's clients ask there, or those of servers like it."""
    return path.startswith(("/v1", "/tokenize", "/detokenize"))


def own(status: int, what: str, where: str, fix: str, kind: str) -> Body:
    said = {"what": what, "where": where, "fix": fix, "kind": kind}
    return {"error": {name: _printable(text) for name, text in said.items()}}


def openai(status: int, what: str, where: str, fix: str, kind: str) -> Body:
    """``param`` is where it happened, mostly a parameter's name."""
    said = {
        "message": _printable(str(EvidentiaError(what, where=where, fix=fix))),
        "type": OPENAI_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error"),
        "param": _printable(where[:LONGEST]) or None,
        "code": OPENAI_CODES.get(kind, kind),
    }
    return {"error": said}


def of_error(error: EvidentiaError, shape: Shape = own) -> Body:
    return shape(error.status, error.what, error.where, error.fix, type(error).__name__)


def of_unexpected(error: Exception, shape: Shape = own) -> Body:
    """Names no detail to the client; the log has it, with the traceback at level debug."""
    log.error(
        "a request failed: %s: %s",
        type(error).__name__,
        error,
        exc_info=error if log.isEnabledFor(logging.DEBUG) else None,
    )
    return shape(500, *_UNEXPECTED)


def refusal(path: str, status: int, what: str, fix: str = "", headers: Mapping[str, str] | None = None) -> JsonReply:
    return JsonReply(shape(path)(status, what, "", fix, "Refused"), status, headers=headers)


def _printable(text: str) -> str:
    return text.encode(errors="replace").decode()


def install(app: FastAPI) -> None:
    """Coroutines, which answer at once: plain functions would be called on threads of the framework."""
    app.add_exception_handler(EvidentiaError, _reply_known)
    app.add_exception_handler(RequestValidationError, _reply_invalid)
    app.add_exception_handler(HTTPException, _reply_http)
    app.add_exception_handler(Exception, _reply_unexpected)


async def _reply_known(request: Request, error: Exception) -> JsonReply:
    assert isinstance(error, EvidentiaError)
    return JsonReply(of_error(error, shape(request.url.path)), error.status)


async def _reply_invalid(request: Request, error: Exception) -> JsonReply:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    said = (
        "the request does not match the API's description",
        f"{where}: {first['msg']}",
        "see /api/openapi.json",
        "Refused",
    )
    return JsonReply(shape(request.url.path)(400, *said), 400)


async def _reply_http(request: Request, error: Exception) -> JsonReply:
    assert isinstance(error, HTTPException)
    what = _SENTENCES.get(error.status_code, str(error.detail))
    return refusal(request.url.path, error.status_code, what, headers=error.headers)


async def _reply_unexpected(request: Request, error: Exception) -> JsonReply:
    return JsonReply(of_unexpected(error, shape(request.url.path)), 500)
