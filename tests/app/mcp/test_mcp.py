"""The MCP server, asked by the official client: in process, over real pipes, and over HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
import uvicorn
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from evidentia import Library, Settings
from evidentia.agents.tools.library import offered_at
from evidentia.app.mcp.paging import page_of
from evidentia.app.mcp.serve import http_app
from evidentia.app.mcp.server import address, make_server, schemas
from evidentia.app.server import config
from evidentia.corpus.tokens import tokens

CODE = '''def side_length(shape):
    """Length of one side in metres."""
    return shape.side


def area(shape):
    return side_length(shape) ** 2
'''
NOTES = "# Penguins\n\nThe oldest emperor penguin on record was 40 years old.\n"
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    source = tmp_path / "source"
    source.mkdir()
    (source / "shapes.py").write_text(CODE)
    (source / "notes.md").write_text(NOTES)
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(source)
        yield opened


def talk(library: Library, conversation: Talk, mode: str = "auto", **options: Any) -> Any:
    async def run() -> Any:
        async with Client(make_server(library, **options), mode=mode) as client:
            return await conversation(client)

    return asyncio.run(run())


def call(library: Library, name: str, mode: str = "auto", /, **arguments: Any) -> tuple[str, bool]:
    async def conversation(client: Client) -> tuple[str, bool]:
        result = await client.call_tool(name, arguments)
        return result.content[0].text, bool(result.is_error)  # type: ignore[union-attr]

    found: tuple[str, bool] = talk(library, conversation, mode)
    return found


def test_the_descriptions_of_all_tools_cost_few_tokens():
    assert tokens(json.dumps(schemas(), separators=(",", ":"))) <= 2_000


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_verb_answers_with_places_and_lines(library: Library, mode: str):
    text, failed = call(library, "callers", mode, name="side_length")
    assert not failed
    assert "source/shapes.py:7" in text
    assert "return side_length(shape) ** 2" in text


def test_a_question_is_answered_with_its_quote(library: Library):
    text, _ = call(library, "ask", question="How old was the oldest emperor penguin?")
    assert "40 years old" in text
    assert "source/notes.md:3" in text


def test_what_adds_files_is_offered_only_when_it_was_allowed(library: Library, tmp_path: Path):
    async def names(client: Client) -> set[str]:
        return {tool.name for tool in (await client.list_tools()).tools}

    more = tmp_path / "more.md"
    more.write_text("# Owls\n\nOwls fly at night.\n")

    async def add(client: Client) -> Any:
        return await client.call_tool("add", {"path": str(more)})

    assert talk(library, names) == offered_at("mcp").keys() - {"add"}
    assert talk(library, add).is_error
    assert not talk(library, add, may_add=True).is_error
    assert "Owls" in library.document(str(more)).text


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("devour", {}, "no tool has this name"),
        ("callers", {}, "needs a name"),
        ("callers", {"name": 3}, "must be text"),
        ("callers", {"name": "side_lenght"}, "side_length"),
        ("callers", {"name": "area", "page": 0}, "page"),
        ("document", {"name": "/etc/passwd"}, "no such document"),
        ("cypher", {"query": "MATCH (n) DETACH DELETE n"}, "only read"),
    ],
)
def test_what_cannot_be_done_is_told_to_the_model(library: Library, name: str, arguments: dict[str, Any], said: str):
    text, failed = call(library, name, **arguments)
    assert failed
    assert said in text


def test_a_fault_of_one_tool_does_not_end_the_server(library: Library, monkeypatch: pytest.MonkeyPatch):
    async def conversation(client: Client) -> tuple[bool, bool]:
        failed = await client.call_tool("status", {})
        return bool(failed.is_error), bool((await client.call_tool("callers", {"name": "area"})).is_error)

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(library, "status", broken)
    assert talk(library, conversation) == (True, False)


def test_a_call_that_takes_too_long_is_ended(library: Library, monkeypatch: pytest.MonkeyPatch):
    from evidentia.corpus.cancellation import check

    def endless(*_: object) -> None:
        while True:
            check()

    monkeypatch.setattr(library, "settings", Settings(embedder="hash", request_seconds=1))
    monkeypatch.setattr(library, "status", endless)
    text, failed = call(library, "status")
    assert failed
    assert "more than 1 seconds" in text


def test_documents_are_resources_and_lines_of_them_too(library: Library):
    async def conversation(client: Client) -> tuple[list[str], str]:
        listed = await client.list_resources()
        lines = await client.read_resource(address("source/shapes.py", "6-7"))
        return [each.name for each in listed.resources], lines.contents[0].text  # type: ignore[union-attr]

    names, text = talk(library, conversation)
    assert names == ["source/notes.md", "source/shapes.py"]
    assert text == "def area(shape):\n    return side_length(shape) ** 2\n"


@pytest.mark.parametrize(
    "uri",
    [
        "file:///etc/passwd",
        "evidentia://document/../../etc/passwd",
        "evidentia://document/source/shapes.py?lines=9-1",
        "evidentia://document/source/shapes.py?lines=x",
        "evidentia://elsewhere/source/shapes.py",
    ],
)
def test_nothing_but_the_librarys_documents_can_be_read(library: Library, uri: str):
    async def conversation(client: Client) -> None:
        with pytest.raises(MCPError):
            await client.read_resource(uri)

    talk(library, conversation)


@pytest.mark.parametrize("budget", [60, 200, 1_500])
def test_pages_fit_their_budget_and_lose_nothing(budget: int):
    lines = [f"line {number} {'ü' * (number % 90)}" for number in range(300)] + ["x" * 20_000]
    pages = []
    while "call again" in (page := page_of(lines, len(pages) + 1, budget)):
        pages.append(page)
    pages.append(page)
    assert all(tokens(page) <= budget for page in pages)
    shown = "".join(page.rpartition("\n(page")[0] for page in pages)
    assert shown.replace("\n", "") == "".join(lines)
    assert "no page" in page_of(lines, len(pages) + 1, budget)


def _command(library: Library) -> list[str]:
    return ["-P", "-m", "evidentia", "mcp", "--library", str(library.store.folder)]


def test_it_speaks_over_real_pipes(library: Library):
    async def run() -> str:
        server = StdioServerParameters(command=sys.executable, args=_command(library))
        async with Client(stdio_client(server)) as client:
            result = await client.call_tool("callers", {"name": "side_length"})
            return result.content[0].text  # type: ignore[union-attr]

    assert "shapes.area" in asyncio.run(run())


def test_nonsense_from_a_client_does_not_end_it_and_a_vanished_one_does(library: Library):
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    lines = [
        b"hello",
        b"\xff\xfe{}",
        b"[1, 2]",
        b'{"jsonrpc": "2.0", "id":' + b"[" * 50_000,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 7}}).encode(),
        json.dumps({"jsonrpc": "2.0", "id": 2, "method": "initialize", "params": hello}).encode(),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}).encode(),
        json.dumps({"jsonrpc": "2.0", "id": 3, "method": "devour"}).encode(),
        json.dumps(
            {
                "jsonrpc": "2.0",
                "id": 4,
                "method": "tools/call",
                "params": {"name": "callers", "arguments": {"name": "\ud800"}},
            }
        ).encode(),
        json.dumps(
            {
                "jsonrpc": "2.0",
                "id": 5,
                "method": "tools/call",
                "params": {"name": "callers", "arguments": {"name": "area"}},
            }
        ).encode(),
    ]
    with subprocess.Popen(
        [sys.executable, *_command(library)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write(b"\n".join(lines) + b"\n")
        server.stdin.flush()
        replies = {}
        while 5 not in replies:
            reply = json.loads(server.stdout.readline())
            replies[reply.get("id")] = reply
        server.stdin.close()
        assert server.wait(90) == 0
    assert "error" in replies[3]
    assert "no callers" in replies[5]["result"]["content"][0]["text"]


@contextmanager
def listening(library: Library, token: str | None) -> Iterator[str]:
    server = uvicorn.Server(config(http_app(library, token=token)))
    with socket.create_server(("127.0.0.1", 0)) as at:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{at.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            thread.join()


def _over_http(url: str, token: str) -> str:
    async def run() -> str:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            result = await client.call_tool("callers", {"name": "side_length"})
            return result.content[0].text  # type: ignore[union-attr]

    return asyncio.run(run())


def test_over_http_the_token_opens_it_and_nothing_else_does(library: Library):
    with listening(library, "secret") as url:
        assert "shapes.area" in _over_http(url, "secret")
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            assert httpx.post(url, json={}, headers=headers).status_code == 401


def test_over_http_a_client_that_vanishes_ends_nothing(library: Library):
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "schema", "arguments": {}}}
    head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    with listening(library, None) as url:
        port = int(url.rsplit(":", 1)[1].partition("/")[0])
        for body in (json.dumps(call), json.dumps(call)[:20]):
            with socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall((head.format(len(json.dumps(call))) + body).encode())
        assert "shapes.area" in _over_http(url, "any")


def test_without_a_token_only_this_machine_and_no_other_page_is_answered(library: Library):
    with listening(library, None) as url:
        assert "shapes.area" in _over_http(url, "any")
        assert httpx.post(url, json={}, headers={"Host": "evil.example"}).status_code == 403
        assert httpx.post(url, json={}, headers={"Origin": "http://evil.example"}).status_code == 403
        assert httpx.post(url, content=b"nonsense").status_code in (400, 406, 415)
        assert "shapes.area" in _over_http(url, "any")
