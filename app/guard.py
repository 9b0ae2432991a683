"""The guard in front of every request: who may ask, from where, how much, and what a browser may do with the reply.

Without a token only requests addressed to this machine's own names are served, so that a web page elsewhere cannot
reach the library by pointing its domain here. With a token, every request must carry it, except to the addresses that
the application names as open: a new route is closed until somebody opens it. The guard knows no other routes.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .failures import is_openai, refusal
from .reply import JsonReply

MAX_BODY = 256 * 1024
"""Bytes of a request's body."""
MAX_PROMPT = 8 * 1024 * 1024
"""The same where OpenAI's clients ask: a prompt may fill a model's context."""
BODY_SECONDS = 30.0
"""In which a request's body must have come."""
UPLOAD_SECONDS = 300.0
"""The same for a file."""
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class BodyLimit:
    bytes: int
    seconds: float
    """In which it must have come."""


class Guard:
    """``open_paths``: the addresses that need no token, each written out whole. ``bodies``: what else a body may be, by
    the beginning of the addresses that take it."""

    def __init__(
        self,
        app: ASGIApp,
        token: str | None = None,
        open_paths: Collection[str] = (),
        bodies: Mapping[str, BodyLimit] | None = None,
    ) -> None:
        self.app, self.token, self.open_paths, self.bodies = app, token, frozenset(open_paths), bodies or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answering: ASGIApp = self._refusal(scope, Headers(scope=scope)) or self.app
        await answering(scope, _limit_body(receive, self._limit(scope["path"])), send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> JsonReply | None:
        path: str = scope["path"]
        if self.token is None and _host_name(headers) not in LOCAL_NAMES:
            return refusal(
                path,
                403,
                "this address is not one of this machine's own names",
                "open http://localhost, or set a token",
            )
        if _from_elsewhere(headers):
            return refusal(path, 403, "the request comes from another web page", "open this server's own chat page")
        if self.token is not None and path not in self.open_paths and not _carries(headers, self.token):
            return refusal(
                path,
                401,
                "the token is missing or wrong",
                "send it as: Authorization: Bearer TOKEN",
                {"WWW-Authenticate": "Bearer"},
            )
        declared = headers.get("content-length", "0")
        if declared.isascii() and declared.isdigit() and int(declared) > (limit := self._limit(path)).bytes:
            return refusal(path, 413, _too_large(limit), "shorten it")
        return None

    def _limit(self, path: str) -> BodyLimit:
        for beginning, limit in self.bodies.items():
            if path.startswith(beginning):
                return limit
        return BodyLimit(MAX_PROMPT if is_openai(path) else MAX_BODY, BODY_SECONDS)


def _too_large(limit: BodyLimit) -> str:
    return f"the request is larger than {limit.bytes:,} bytes"


def _limit_body(receive: Receive, limit: BodyLimit) -> Receive:
    """``receive`` with bounds on size and time, for bodies that do not declare their length, or do not come."""
    taken, whole, until = 0, False, time.monotonic() + limit.seconds

    async def counting() -> Message:
        nonlocal taken, whole
        try:
            async with asyncio.timeout(None if whole else max(0.0, until - time.monotonic())):
                message = await receive()
        except TimeoutError as error:
            what = f"the request did not arrive within {limit.seconds:g} seconds"
            raise HTTPException(408, what, {"Connection": "close"}) from error
        whole = not message.get("more_body", False)
        taken += len(message.get("body", b""))
        if taken > limit.bytes:
            raise HTTPException(413, _too_large(limit))
        return message

    return counting


_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?", re.IGNORECASE)


def _host_name(headers: Headers) -> str | None:
    """The name in ``name:port`` alone: what stands before an ``@`` or behind a slash is taken for a name by none of
    us."""
    found = _HOST.fullmatch(headers.get("host", ""))
    return (found[1] or found[2]).lower() if found else None


def _from_elsewhere(headers: Headers) -> bool:
    """Browsers name the page that sends a request; everything but our own page is elsewhere."""
    if (
        headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        and headers.get("sec-fetch-mode") != "navigate"
    ):
        return True
    origin = headers.get("origin")
    scheme, _, host = (origin or "").partition("://")
    return origin is not None and (scheme not in ("http", "https") or host != headers.get("host"))


def _carries(headers: Headers, token: str) -> bool:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
