"""The transport of MCP's messages: over stdin and stdout, for one client that started us, or over HTTP, for several."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ..guard import Guard
from ..heap import bound_heap
from ..server import config, listen, print_address, refuse_open
from .paging import BUDGET
from .server import make_server

if TYPE_CHECKING:
    from mcp.server.lowlevel.server import Server
    from starlette.applications import Starlette

    from ...library import Library

PATH = "/mcp"


def serve_stdio(library: Library, *, may_add: bool = False, budget: int = BUDGET) -> None:
    """Serves until the client closes its end."""
    asyncio.run(_stdio(make_server(library, may_add=may_add, budget=budget)))


async def _stdio(server: Server[Any]) -> None:
    from mcp.server.stdio import stdio_server

    try:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())
    except* (BrokenPipeError, ConnectionResetError):
        pass  # the client has gone; there is nobody to tell


def http_app(library: Library, *, token: str | None = None, may_add: bool = False, budget: int = BUDGET) -> Starlette:
    """An ASGI application that answers at ``/mcp``. Without ``token`` it serves only requests addressed to this
    machine's own names. No session is kept, so that a client that vanishes leaves nothing behind."""
    server = make_server(library, may_add=may_add, budget=budget)
    app = server.streamable_http_app(streamable_http_path=PATH, stateless_http=True, host="" if token else "127.0.0.1")
    app.add_middleware(Guard, token=token or None)
    return app


def serve_http(
    library: Library,
    host: str = "127.0.0.1",
    port: int = 8322,
    token: str | None = None,
    *,
    may_add: bool = False,
    budget: int = BUDGET,
) -> None:
    """Serves until it is interrupted; port 0 takes a free one.

    Raises ``InputError`` for a host or port that cannot be had, and for one that others can reach without ``token``.
    """
    import uvicorn

    refuse_open(host, token)
    bound_heap()
    with listen(host, port) as listening:
        print_address(host, listening, PATH)
        app = http_app(library, token=token, may_add=may_add, budget=budget)
        uvicorn.Server(config(app)).run(sockets=[listening])
