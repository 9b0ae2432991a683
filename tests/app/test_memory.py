"""What requests cost in memory is bounded: a warm server grows by no more than is said, whatever is thrown at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from evidentia import Library, Settings

MOST = 300_000_000
"""Bytes, as ``SECURITY.md`` says. Requests at work and waiting may hold 25 MB of bodies; the rest are the work's own
arrays, the threads' connections, and what the system's allocator does not give back."""
SECONDS, CLIENTS = 20, 60
RETRIEVERS = ("fused", "reader", "multihop", "structure", "ngram", "dense", "lexical")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, int]]:
    source, folder = tmp_path / "source", tmp_path / "library"
    source.mkdir()
    for number in range(200):
        text = "\n\n".join(f"The limit of pump {number} at step {step} is {step * number} bar." for step in range(40))
        (source / f"pump{number}.md").write_text(f"# Pump {number}\n\n{text}\n")
        (source / f"pump{number}.py").write_text(
            f"def start{number}(x):\n    return check(x)\n\n\ndef check(x):\n    return x\n"
        )
    with Library(folder, settings=Settings(embedder="hash")) as library:
        library.add(source)
    command = [sys.executable, "-P", "-m", "evidentia", "chat", "--port", "0", "--library", str(folder)]
    environment = os.environ | {"EVIDENTIA_EMBEDDER": "hash", "EVIDENTIA_MODEL": "none"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0].rstrip("/"), process.pid
        finally:
            process.terminate()


def resident(pid: int) -> int:
    """Bytes of the process. Those that it starts for Cypher have a limit of their own (``tests/graphs``)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def warm(address: str) -> None:
    with httpx.Client(base_url=address, timeout=120) as client:
        for _ in range(3):
            for retriever in RETRIEVERS:
                client.get("/api/search", params={"question": "the limit of pump 7", "retriever": retriever})
            client.post("/api/ask", json={"question": "What is the limit of pump 7 at step 3?"})
            client.get("/api/status")
            client.get("/api/graph/callers", params={"name": "check"})
            client.post("/api/graph/query", json={"cypher": "MATCH (n) RETURN count(n)"})


def search_and_leave(address: str, number: int) -> None:
    words = {"question": f"What is the limit of pump {number}?", "retriever": RETRIEVERS[number % len(RETRIEVERS)]}
    httpx.get(f"{address}/api/search", params=words, timeout=0.4)


def ask(address: str, number: int) -> None:
    httpx.post(f"{address}/api/ask", json={"question": f"What is the limit of pump {number} at step 5?"}, timeout=30)


def send_much(address: str, number: int) -> None:
    httpx.post(f"{address}/api/ask", json={"question": "x" * 250_000}, timeout=30)


def multiply(address: str, number: int) -> None:
    query = "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b RETURN count(a + b)"
    httpx.post(f"{address}/api/graph/query", json={"cypher": query}, timeout=2)


def send_half(address: str, number: int) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=5)) as client:
        client.sendall(b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n" + b"x" * 100_000)
        time.sleep(1)


@pytest.mark.slow
def test_a_warm_server_grows_by_no_more_than_is_said(server: tuple[str, int]) -> None:
    address, pid = server
    warm(address)
    before, most, until = resident(pid), 0, time.monotonic() + SECONDS
    ways = (search_and_leave, search_and_leave, ask, send_much, multiply, send_half)

    def behave(way: Callable[[str, int], None], number: int) -> None:
        while time.monotonic() < until:
            with suppress(httpx.HTTPError, OSError):
                way(address, number)

    threads = [threading.Thread(target=behave, args=(ways[n % len(ways)], n)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    while time.monotonic() < until:
        most = max(most, resident(pid))
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    assert most - before <= MOST
    assert httpx.get(f"{address}/api/status", timeout=30).status_code == 200
