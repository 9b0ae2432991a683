"""The HTTP server: the chat page and its API, the OpenAI-compatible API, and the guard in front of them all."""

from __future__ import annotations

import ipaddress
import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ..errors import InputError
from . import failures
from .dependencies import LibraryDesk
from .guard import UPLOAD_SECONDS, BodyLimit, Guard
from .half_requests import protocol
from .heap import bound_heap
from .lanes import lanes
from .openai.answers import NAME
from .openai.routes import router as openai
from .openai.schema import bodies_described
from .openai.served_model import ModelDesk, Models
from .routes import api, health
from .schema import limit_questions
from .uploads import Uploads

if TYPE_CHECKING:
    import uvicorn
    from starlette.requests import Request

    from ..library import Library

CONNECTIONS = 500
"""Open at once; further ones get 503."""
PAGE = {
    "page.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "answer.js": "text/javascript",
    "answer_graph.js": "text/javascript",
    "document.js": "text/javascript",
    "adding.js": "text/javascript",
    "drop.js": "text/javascript",
    "library.js": "text/javascript",
    "kept.js": "text/javascript",
    "server.js": "text/javascript",
    "dom.js": "text/javascript",
    "markdown.js": "text/javascript",
    "marked.js": "text/javascript",
    "drawing.js": "text/javascript",
}
ELSEWHERE = {"drawing.js": "evidentia.graphs.knowledge"}
"""Files of the page that lie beside what makes the map of a library."""
OPEN = frozenset({"/health", "/", *(f"/{name}" for name in PAGE if name != "page.html")})
"""What is served without the token: the page, which asks for it, and the sign of life. Nothing of the library."""


CLOSED = "this server was started without leave to add or delete files (evidentia chat --allow-add)"


def create_app(
    library: Library | None = None,
    *,
    models: Models | None = None,
    token: str | None = None,
    may_add: bool = False,
) -> FastAPI:
    """An ASGI application on ``library`` (the page and ``/api``), on ``models`` (``/v1``), or on both; they stay the
    caller's to close.

    Without ``token`` it serves only requests addressed to this machine's own names; with one, every request but those
    to the addresses in ``OPEN`` must carry it. ``may_add``: files may be handed over, to be added to
    the library, and deleted again.
    """
    bodies: dict[str, BodyLimit] = {}
    closings: list[Callable[[], None]] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for close in closings:
            close()

    app = _Described(
        title="Evidentia",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json" if library is None else "/api/openapi.json",
    )
    app.include_router(health)
    if library is not None:
        app.library = library
        app.state.desk = desk = LibraryDesk(library, lanes(library.settings), closed="" if may_add else CLOSED)
        if may_add:
            folder, most = library.store.folder.resolve(), library.settings.max_file_bytes
            app.state.desk = replace(desk, uploads=Uploads(library.store.files.resolve(), folder / ".incoming", most))
            bodies["/api/uploads/"] = BodyLimit(most, UPLOAD_SECONDS)
        closings.append(app.state.desk.lanes.close)
        app.include_router(api)
        for name, media_type in PAGE.items():
            app.router.routes.append(_page_route(name, media_type))
    if models is not None:
        app.models = models
        app.state.models = ModelDesk(models)
        closings.append(app.state.models.workers.close)
        app.include_router(openai)
    failures.install(app)
    app.add_middleware(Guard, token=token or None, open_paths=OPEN, bodies=bodies)
    return app


class _Described(FastAPI):
    """Its description has the bodies, too, that the OpenAI-compatible API reads by itself, to refuse them in its own
    words, and the limits that the library's settings name."""

    models: Models | None = None
    library: Library | None = None

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is not None:
            return self.openapi_schema
        description = super().openapi()
        if self.models is not None:
            own = (NAME,) if self.models.library is not None else ()
            bodies = bodies_described((self.models.name, *own), self.models.embedder_name)
            description["components"]["schemas"] |= bodies
        if self.library is not None:
            limit_questions(description, self.library.settings.max_question_chars)
        return description


def _page_route(name: str, media_type: str) -> Route:
    content = files(ELSEWHERE.get(name, __package__)).joinpath(name).read_bytes()

    async def page(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return Route("/" if name == "page.html" else f"/{name}", page)


def serve(
    library: Library | None = None,
    host: str = "127.0.0.1",
    port: int = 8321,
    token: str | None = None,
    *,
    models: Models | None = None,
    may_add: bool | None = None,
    told: str = "",
) -> None:
    """Serves until it is interrupted; port 0 takes a free one. See ``create_app``; unless it is said, files may be
    added and deleted where only this machine can ask. ``told`` is printed behind the address.

    Raises ``InputError`` for a host or port that cannot be had, and for one that others can reach without ``token``.
    """
    import uvicorn

    refuse_open(host, token)
    bound_heap()
    with listen(host, port) as listening:
        # With torch the reader takes a quarter of the time; a server lives long enough for its two seconds of import.
        if find_spec("torch") is not None:
            threading.Thread(target=import_module, args=("torch",)).start()
        print_address(host, listening, "/" if library is not None else "/v1", told)
        app = create_app(library, models=models, token=token, may_add=is_loopback(host) if may_add is None else may_add)
        uvicorn.Server(config(app)).run(sockets=[listening])


def config(app: ASGIApp) -> uvicorn.Config:
    """Uvicorn's settings for serving ``app``."""
    import uvicorn

    debug = logging.getLogger().isEnabledFor(logging.DEBUG)
    return uvicorn.Config(
        app,
        http=protocol(),
        limit_concurrency=CONNECTIONS,
        log_config=None,
        access_log=False,
        server_header=False,
        log_level="debug" if debug else "critical",
        timeout_graceful_shutdown=3,
    )


def refuse_open(host: str, token: str | None) -> None:
    """Raises ``InputError`` for a host that others can reach without ``token``."""
    if not token and not is_loopback(host):
        raise InputError(
            "a server that others can reach needs a token",
            where=host,
            fix="set EVIDENTIA_TOKEN, or use --host 127.0.0.1",
        )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def print_address(host: str, listening: socket.socket, path: str, told: str = "") -> None:
    name = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"http://{name}:{listening.getsockname()[1]}{path}  (Ctrl-C stops it)\n")
    if told:
        sys.stdout.write(f"{told}\n")
    sys.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """Listens there. Raises ``InputError`` where that is not possible."""
    if not 0 <= port <= 65535:
        raise InputError(
            "cannot listen: a port is a number from 0 to 65535", where=str(port), fix="choose another --port"
        )
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(
            f"cannot listen: {error}", where=f"{host}:{port}", fix="choose another --port or --host"
        ) from error
