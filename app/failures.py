"""What a client gets when something goes wrong: a status and ``{error: {what, where, fix, kind}}``, no traceback."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..errors import EvidentiaError
from .reply import Reply

log = logging.getLogger(__name__)

_SENTENCES = {
    400: "the body cannot be read as JSON",
    404: "there is nothing at this address",
    405: "this address does not answer to that method",
}


def body(what: str, where: str = "", fix: str = "", kind: str = "Refused") -> dict[str, Any]:
    """``kind`` is the name of an error of ``errors``, ``Refused`` for a request that never reached the library, or
    ``Unexpected`` for a fault of the server itself."""
    said = {"what": what, "where": where, "fix": fix, "kind": kind}
    return {"error": {name: text.encode(errors="replace").decode() for name, text in said.items()}}


def of_error(error: EvidentiaError) -> dict[str, Any]:
    return body(error.what, error.where, error.fix, type(error).__name__)


def of_unexpected(error: Exception) -> dict[str, Any]:
    """Names no detail to the client; the log has it, with the traceback at level debug."""
    log.error(
        "a request failed: %s: %s",
        type(error).__name__,
        error,
        exc_info=error if log.isEnabledFor(logging.DEBUG) else None,
    )
    return body(
        "something went wrong inside the server", fix="see its log; it tells more with --debug", kind="Unexpected"
    )


def refused(status: int, what: str, fix: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(body(what, fix=fix), status, headers=headers)


def install(app: FastAPI) -> None:
    app.add_exception_handler(EvidentiaError, _known)
    app.add_exception_handler(RequestValidationError, _not_as_described)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _known(_: Request, error: Exception) -> Reply:
    assert isinstance(error, EvidentiaError)
    return Reply(of_error(error), error.status)


def _not_as_described(_: Request, error: Exception) -> Reply:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return Reply(body("the request is not as described", f"{where}: {first['msg']}", "see /api/openapi.json"), 400)


def _http(_: Request, error: Exception) -> Reply:
    assert isinstance(error, HTTPException)
    return refused(error.status_code, _SENTENCES.get(error.status_code, str(error.detail)), headers=error.headers)


def _unexpected(_: Request, error: Exception) -> Reply:
    return Reply(of_unexpected(error), 500)
