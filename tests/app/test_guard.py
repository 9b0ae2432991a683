"""Who may ask: this machine by its own names, or whoever carries the token, and no other web page."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from evidentia.app.openai.served_model import Models
from evidentia.app.server import PAGE, create_app
from evidentia.retrieval.embedders.hash import HashEmbedder

TOKEN = "correct horse battery staple"


@contextmanager
def serving(library: Any, token: str | None = None, base_url: str = "http://localhost:8321") -> Iterator[TestClient]:
    with TestClient(create_app(library, token=token), base_url=base_url) as client:
        yield client


@pytest.mark.parametrize("host", ["localhost", "localhost:8321", "127.0.0.1:8321", "[::1]:8321", "LOCALHOST"])
def test_this_machines_own_names_are_served(scripted: Any, host: str) -> None:
    with serving(scripted) as client:
        assert client.get("/api/status", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8321",
        "",
        "[",
        "192.168.0.7",
        "evil.example@127.0.0.1",
        "localhost/evil.example",
        "localhost#evil.example",
        "localhost:1:2",
    ],
)
def test_another_name_is_refused_so_that_dns_rebinding_fails(scripted: Any, host: str) -> None:
    with serving(scripted) as client:
        for address in ("/", "/api/status", "/health"):
            assert client.get(address, headers={"Host": host}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "chrome-extension://testserver"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
def test_a_request_of_another_web_page_is_refused(scripted: Any, headers: dict[str, str]) -> None:
    with serving(scripted) as client:
        reply = client.post("/api/ask", json={"question": "rate"}, headers=headers)
        assert reply.status_code == 403
        assert reply.json()["error"]["what"] == "the request comes from another web page"


def test_the_servers_own_page_may_ask(scripted: Any) -> None:
    with serving(scripted) as client:
        headers = {"Origin": "http://localhost:8321", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
        assert client.post("/api/ask", json={"question": "rate"}, headers=headers).status_code == 200


def test_a_link_from_elsewhere_may_open_the_page(scripted: Any) -> None:
    with serving(scripted) as client:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert client.get("/", headers=headers).status_code == 200


def test_no_other_page_is_ever_allowed_to_read(scripted: Any) -> None:
    with serving(scripted) as client:
        reply = client.options(
            "/api/ask", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        )
        assert reply.status_code == 403
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer caf\u00e9"])
def test_with_a_token_the_api_wants_it(scripted: Any, given: str | None) -> None:
    with serving(scripted, TOKEN, "http://library.example") as client:
        headers = {"Authorization": given.encode("latin-1")} if given else {}
        reply = client.get("/api/status", headers=headers)
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"] == "Bearer"


def test_an_empty_token_is_none(scripted: Any) -> None:
    with serving(scripted, "", "http://library.example") as client:
        assert client.get("/api/status", headers={"Authorization": "Bearer "}).status_code == 403


def test_with_the_token_any_name_of_the_server_is_served(scripted: Any) -> None:
    with serving(scripted, TOKEN, "http://library.example") as client:
        assert client.get("/api/status", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_the_page_itself_needs_no_token_because_it_holds_nothing(scripted: Any) -> None:
    with serving(scripted, TOKEN, "http://library.example") as client:
        assert client.get("/").status_code == 200
        assert client.get("/api/openapi.json").status_code == 401


def test_every_route_but_a_named_few_is_closed_without_the_token(scripted: Any) -> None:
    models = Models("bytes", lambda: None, "hash", HashEmbedder)
    app = create_app(scripted, models=models, token=TOKEN)
    paths = {re.sub(r"\{[^}]*\}", "any", str(context.path)) for context in iter_route_contexts(app.routes)} | {
        "/no/such/page",
        "/HEALTH",
    }
    assert len(paths) > 40
    open_paths = {"/", "/health", *(f"/{name}" for name in PAGE if name != "page.html")}
    with TestClient(app, base_url="http://library.example", raise_server_exceptions=False) as client:
        answering = {path for path in paths if client.get(path).status_code != 401}
        posting = {path for path in paths if client.post(path, json={}).status_code != 401}
    assert answering == posting == open_paths


def test_neither_token_nor_question_is_logged(scripted: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(scripted, TOKEN) as client:
        client.post("/api/ask", json={"question": "my private rate"}, headers={"Authorization": f"Bearer {TOKEN}"})
        client.post("/api/ask", json={"question": "my private rate"}, headers={"Authorization": "Bearer guess"})
    assert TOKEN not in caplog.text
    assert "private" not in caplog.text
    assert "guess" not in caplog.text


@pytest.mark.parametrize("address", ["/", "/page.js", "/api/status", "/api/nothing"])
def test_every_reply_tells_the_browser_to_trust_nothing_else(scripted: Any, address: str) -> None:
    with serving(scripted) as client:
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
