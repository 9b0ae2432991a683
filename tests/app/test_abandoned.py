"""Slow and abandoned requests: their work ends, and nobody else waits for them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import Any, NoReturn

import httpx
import pytest

from evidentia.agents.answer import Answer
from evidentia.app import guard, half_requests
from evidentia.corpus.cancellation import check
from evidentia.corpus.document import Evidence
from evidentia.corpus.scope import Where
from evidentia.settings import Settings

from .conftest import ScriptedLibrary, listening

CFIC = {"question": "What?", "retriever": "cfic"}
FUSED = {"question": "What?"}


class Endless(ScriptedLibrary):
    """Its searches end when nobody waits for them any more, and are counted."""

    def __init__(self, **settings: int) -> None:
        super().__init__()
        self.settings = Settings(**settings)
        self._lock, self.begun, self.ended = threading.Lock(), 0, 0

    def search(self, question: str, k: int = 10, retriever: str = "fused", *, where: Where = ()) -> list[Evidence]:
        self._work()

    def ask(self, question: str, *, write: bool = False, retriever: str | None = None, where: Where = ()) -> Answer:
        self._work()

    def stream(
        self, question: str, *, write: bool = False, retriever: str | None = None, where: Where = ()
    ) -> Iterator[Answer]:
        self._work()
        yield self.ask(question)

    def _work(self) -> NoReturn:
        with self._lock:
            self.begun += 1
        try:
            while True:
                check()
                time.sleep(0.005)
        finally:
            with self._lock:
                self.ended += 1


@contextmanager
def asked(
    address: str, times: int, path: str = "/api/search", **parameters: str
) -> Iterator[list[Future[httpx.Response]]]:
    """So many clients that wait for a reply, each of which may come; at the end they leave."""
    with ThreadPoolExecutor(times) as pool:
        clients = [httpx.Client(timeout=30) for _ in range(times)]
        jobs = [pool.submit(client.get, f"{address}{path}", params=parameters) for client in clients]
        try:
            yield jobs
        finally:
            for client in clients:
                close_now(client)
            for job in jobs:
                with suppress(httpx.HTTPError, RuntimeError, OSError):
                    job.result()
            for client in clients:
                client.close()


def close_now(client: httpx.Client) -> None:
    """As a client does that is killed."""
    for connection in client._transport._pool.connections:  # type: ignore[attr-defined]
        stream = connection._connection and connection._connection._network_stream
        if stream:
            with suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("parameters", [CFIC, FUSED], ids=["cfic", "fused"])
def test_a_client_that_goes_away_ends_its_search(parameters: dict[str, str]) -> None:
    library = Endless()
    with listening(library) as address:
        with asked(address, 1, **parameters):
            assert wait_for(lambda: library.begun == 1)
        assert wait_for(lambda: library.ended == 1)


def test_a_client_that_goes_away_ends_its_question(address: str, scripted: Any) -> None:
    with suppress(httpx.ReadTimeout):
        httpx.post(f"{address}/api/ask", json={"question": "forever"}, timeout=0.3)
    assert scripted.closed.wait(5)


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_client_that_goes_away_before_anything_is_said_ends_its_question(path: str) -> None:
    library = Endless()
    with listening(library) as address:
        with suppress(httpx.ReadTimeout):
            httpx.post(f"{address}{path}", json={"question": "What?"}, timeout=0.5)
        assert wait_for(lambda: library.begun == library.ended == 1)


@pytest.mark.parametrize("path", ["/api/search", "/api/ask", "/api/ask/stream"])
def test_a_request_that_takes_longer_than_allowed_is_ended_and_says_so(path: str) -> None:
    library = Endless(request_seconds=1)
    with listening(library) as address:
        if path == "/api/search":
            reply = httpx.get(f"{address}{path}", params=FUSED)
        else:
            reply = httpx.post(f"{address}{path}", json=FUSED)
        assert reply.status_code == 504
        assert reply.json()["error"]["kind"] == "Stopped"
        assert "more than 1 seconds" in reply.json()["error"]["what"]
        assert wait_for(lambda: library.ended == 1)


def test_slow_retrievers_have_a_limit_of_their_own() -> None:
    library = Endless(request_seconds=60, slow_request_seconds=1)
    with listening(library) as address:
        assert httpx.get(f"{address}/api/search", params=CFIC).status_code == 504


def test_a_request_that_waits_half_of_its_time_for_a_turn_is_told_to_come_again() -> None:
    library = Endless(request_seconds=4)
    with listening(library) as address, asked(address, 8, **FUSED) as jobs:
        replies = [job.result() for job in jobs]
        assert sorted(reply.status_code for reply in replies) == [503] * 4 + [504] * 4
        assert {reply.headers.get("retry-after") for reply in replies} == {"2", None}
        assert library.begun == 4


def test_no_request_passes_through_threads_of_the_framework(address: str) -> None:
    """Plain functions that a route depends on, or that answer failures, would be called on them, and each waits for the
    interpreter's turns."""
    before = set(threading.enumerate())
    for path in ("/api/status", "/api/search?question=What", "/api/uploads", "/api/search?question=", "/api/nothing"):
        httpx.get(f"{address}{path}")
    assert not [each.name for each in set(threading.enumerate()) - before if "AnyIO" in each.name]


def test_look_ups_are_answered_while_every_search_is_slow() -> None:
    library = Endless()
    with (
        listening(library) as address,
        asked(address, 12, **CFIC),
        asked(address, 20, **FUSED),
    ):
        assert wait_for(lambda: library.begun == 8)
        for path in ("/health", "/api/status", "/api/document?uri=/books/guide.md", "/api/graph/callers?name=check"):
            assert httpx.get(f"{address}{path}").status_code == 200


def test_searches_are_answered_while_every_slow_retriever_is_at_work(scripted: Any) -> None:
    library = Endless()
    library.ask = scripted.ask  # type: ignore[method-assign]
    with listening(library) as address, asked(address, 12, **CFIC):
        assert wait_for(lambda: library.begun == 4)
        assert httpx.post(f"{address}/api/ask", json={"question": "What is the rate?"}).status_code == 200


@pytest.mark.parametrize(("parameters", "most"), [(CFIC, 12), (FUSED, 20)], ids=["cfic", "fused"])
def test_what_would_wait_behind_too_many_is_refused_and_told_when_to_come_again(
    parameters: dict[str, str], most: int
) -> None:
    library = Endless()
    with listening(library) as address:
        with asked(address, most + 1, **parameters) as jobs:
            assert wait_for(lambda: any(job.done() for job in jobs))
            [reply] = [job.result() for job in jobs if job.done()]
            assert reply.status_code == 503
            assert reply.headers["Retry-After"] == "2"
            assert "too many" in reply.json()["error"]["what"]
        assert wait_for(lambda: library.begun == library.ended)
        assert library.begun < most  # those that waited were never begun
        assert wait_for(lambda: is_taken(address, parameters))


def is_taken(address: str, parameters: dict[str, str]) -> bool:
    """Whether a request waits for its reply, and is not refused at once."""
    try:
        return httpx.get(f"{address}/api/search", params=parameters, timeout=0.3).status_code != 503
    except httpx.ReadTimeout:
        return True


# --- half requests

HALF_HEAD = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Le"
WHOLE_HEAD = (
    b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
)
STATUS = b"GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n"


def reply_to(address: str, *parts: bytes, pause: float = 0.0) -> bytes:
    """All that comes until the server closes the connection."""
    host, _, port = address.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=10)) as client:
        with suppress(OSError):
            for part in parts:
                client.sendall(part)
                time.sleep(pause)
        found = b""
        while chunk := received(client):
            found += chunk
        return found


def received(client: socket.socket) -> bytes:
    try:
        return client.recv(65536)
    except ConnectionResetError:
        return b""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, scripted: Any) -> Iterator[str]:
    monkeypatch.setattr(half_requests, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.5)
    with listening(scripted) as address:
        yield address


@pytest.mark.parametrize("sent", [b"", HALF_HEAD], ids=["nothing", "half a head"])
def test_a_connection_without_a_whole_head_is_closed(impatient: str, sent: bytes) -> None:
    assert reply_to(impatient, sent) == b""


def test_a_byte_now_and_then_does_not_keep_a_connection(impatient: str) -> None:
    started = time.monotonic()
    reply_to(impatient, *(bytes([byte]) for byte in HALF_HEAD), pause=0.1)
    assert time.monotonic() - started < 0.1 * len(HALF_HEAD) + 5


def test_half_a_second_request_is_closed_too(impatient: str) -> None:
    reply = reply_to(impatient, STATUS + HALF_HEAD)
    assert reply.count(b"HTTP/1.1") == 1
    assert reply.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("body", [[b'{"question": '], [b"{", b'"', b"q", b"u", b"e", b"s", b"t"]])
def test_half_a_body_is_told_so_and_closed(impatient: str, body: list[bytes]) -> None:
    reply = reply_to(impatient, WHOLE_HEAD, *body, pause=0.15)
    assert reply.startswith(b"HTTP/1.1 408")
    assert b"did not arrive within 0.5 seconds" in reply


def test_a_slow_answer_is_no_half_request(impatient: str, scripted: Any) -> None:
    threading.Timer(1.2, scripted.hold.set).start()
    assert httpx.post(f"{impatient}/api/ask", json={"question": "wait for the rate"}).status_code == 200
