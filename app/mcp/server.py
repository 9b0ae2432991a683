"""The MCP server: the table of tools as MCP's tools, the stored documents as its resources.

Made on the official SDK's low-level server, since our table already says what each tool takes. A tool that fails is a
result that says so, for the model to read; no request ends the server. Knows nothing of how messages travel.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, quote, unquote, urlsplit

from starlette.exceptions import HTTPException

from ...agents.tools.library import DAMAGED, find_document, offered_at, run
from ...agents.tools.tool import Tool
from ...corpus.cancellation import Wanted
from ...corpus.catalog import document_rows, document_text
from ...errors import EvidentiaError, InputError, MissingExtra
from ...registry import check_name
from ..threads import Workers
from .paging import BUDGET, page_of

try:
    import mcp_types as types
    from mcp.server.lowlevel.server import Server
    from mcp.shared.exceptions import MCPError
except ImportError as error:
    raise MissingExtra("mcp", "mcp") from error

if TYPE_CHECKING:
    from ...library import Library

log = logging.getLogger(__name__)
T = TypeVar("T")

OFFERED = offered_at("mcp")
SCHEME, HOST = "evidentia", "document"
LISTED = 200
"""Resources in one reply."""
LINES = 400
"""Of a document, where a resource's address names none."""
AT_ONCE, WAITING = 4, 32

INSTRUCTIONS = (
    "A library of documents and code on this machine. ask answers a question with checked quotes; search gives "
    "passages; the other tools ask the code graph. A name is a symbol, dotted as far as needed (run, Client.send). "
    "Rows are sure (exact) unless they say inferred or unknown. A long result comes in pages: page=2 is the second."
)


def make_server(library: Library, *, may_add: bool = False, budget: int = BUDGET) -> Server[Any]:
    """``may_add``: the tool that reads further files into the library is offered. ``budget``: tokens of one result."""
    from ... import __version__

    tools = {name: tool for name, tool in OFFERED.items() if may_add or not tool.writes}
    listed = [_describe(tool) for tool in tools.values()]
    work = _Work(library)

    async def list_tools(_: Any, params: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed)

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            check_name("tool", params.name, tools)
            given = dict(params.arguments or {})
            number = given.pop("page", 1)
            if not isinstance(number, int) or isinstance(number, bool) or number < 1:
                raise InputError("a page is a whole number from 1 up", where=repr(number))
            found = await work.perform(partial(run, tools[params.name], library, given))
            return _text(page_of(found.lines, number, budget))
        except EvidentiaError as error:
            return _text(str(error), failed=True)
        except Exception:  # one tool's fault must not end the others' server
            log.exception("the tool %s failed", params.name)
            return _text("the tool failed; the server's log says why", failed=True)

    async def list_resources(_: Any, params: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        cursor = params.cursor if params else None
        if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
            raise MCPError(types.INVALID_PARAMS, "the cursor is not from this server")
        start = int(cursor or 0)
        rows = await work.request(lambda: document_rows(library.store, LISTED + 1, start))
        following = str(start + LISTED) if len(rows) > LISTED else None
        shown = [
            types.Resource(name=row.name, uri=address(row.name), mime_type=row.media_type) for row in rows[:LISTED]
        ]
        return types.ListResourcesResult(resources=shown, next_cursor=following)

    async def list_templates(_: Any, params: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="lines of a document", uri_template=f"{SCHEME}://{HOST}/{{+name}}{{?lines}}", mime_type="text/plain"
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(_: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        text = await work.request(partial(_read, library, params.uri))
        return types.ReadResourceResult(
            contents=[types.TextResourceContents(uri=params.uri, mime_type="text/plain", text=text)]
        )

    return Server(
        "evidentia",
        version=__version__,
        title="Evidentia",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        get_tool_input_schema=lambda name: None,
    )


class _Work:
    """Calls of the library on threads of their own, each for a bounded time; who goes away ends his work."""

    def __init__(self, library: Library) -> None:
        self._workers = Workers(AT_ONCE, WAITING, name="mcp")
        self._seconds = library.settings.request_seconds

    async def perform(self, call: Callable[[], T]) -> T:
        wanted = Wanted(self._seconds)
        try:
            async with asyncio.timeout(self._seconds):
                return await self._workers.run(call, wanted)
        except TimeoutError:
            raise wanted.error() from None
        except HTTPException as error:  # too many at once
            raise EvidentiaError(error.detail) from error
        finally:
            wanted.stop()

    async def request(self, call: Callable[[], T]) -> T:
        """``done`` for a request whose failure is an error of the protocol."""
        try:
            return await self.perform(call)
        except EvidentiaError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from error


def _describe(tool: Tool) -> types.Tool:
    """Every tool takes ``page``, too: a result of several pages says so, which costs less than each schema would."""
    return types.Tool(
        name=tool.name,
        description=tool.description,
        input_schema=tool.schema(),
        annotations=None if tool.writes else types.ToolAnnotations(read_only_hint=True),
    )


def _text(text: str, *, failed: bool = False) -> types.CallToolResult:
    # A lone half of a surrogate pair cannot be sent.
    clean = text.encode(errors="replace").decode()
    return types.CallToolResult(content=[types.TextContent(text=clean)], is_error=failed)


def address(name: str, lines: str = "") -> str:
    """A document's, or of some of its lines: ``evidentia://document/src/a.py?lines=10-20``."""
    return f"{SCHEME}://{HOST}/{quote(name)}" + (f"?lines={lines}" if lines else "")


def _read(library: Library, uri: str) -> str:
    """Raises ``InputError`` for what is no address of ours, ``NotFoundError`` for a document that is not there."""
    try:
        parts = urlsplit(uri)
        wanted = parse_qs(parts.query)
    except ValueError as error:
        raise InputError("this is not the address of a document", where=uri) from error
    if (parts.scheme, parts.netloc) != (SCHEME, HOST):
        raise InputError("this is not the address of a document", where=uri, fix=f"write {address('NAME', '1-20')}")
    first, last = _lines(wanted.get("lines", [""])[0])
    document, uri, _ = find_document(library.store, unquote(parts.path.removeprefix("/")))
    text = document_text(library.store, document)
    note = "" if library.is_sound(uri) else f"{DAMAGED}\n"
    return note + "".join(text.splitlines(keepends=True)[first - 1 : last])


def _lines(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not text:
        return 1, LINES
    if not (first.isascii() and first.isdigit() and (not last or (last.isascii() and last.isdigit()))):
        raise InputError("lines are written as 10 or 10-20", where=text)
    start, end = int(first[:9]), int((last or first)[:9])
    if not 1 <= start <= end:
        raise InputError("lines are counted from 1, the first before the last", where=text)
    return start, end


def schemas(tools: Mapping[str, Tool] = OFFERED) -> list[dict[str, Any]]:
    """The descriptions of the tools, as they are sent to a client."""
    fields = {"name", "description", "input_schema"}
    return [_describe(tool).model_dump(by_alias=True, include=fields) for tool in tools.values()]
