"""The server as a process runs it: a real socket, a client that goes away, hosts and ports that cannot be had."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
import pytest

from evidentia.app.server import is_loopback, serve
from evidentia.errors import InputError


def test_a_client_that_goes_away_stops_the_work(address: str, scripted: Any) -> None:
    with httpx.stream("POST", f"{address}/api/ask/stream", json={"question": "forever"}) as reply:
        assert next(reply.iter_lines()) == "event: step"
        scripted.closed.clear()  # an earlier stream may have been closed only now
    assert scripted.closed.wait(5)


def test_steps_arrive_before_the_answer_is_ready(address: str, scripted: Any) -> None:
    with httpx.stream("POST", f"{address}/api/ask/stream", json={"question": "wait for the rate"}) as reply:
        lines = reply.iter_lines()
        assert next(lines) == "event: step"
        assert json.loads(next(lines).removeprefix("data: "))["name"] == "route"
        scripted.hold.set()
        assert "event: answer" in list(lines)


def test_others_are_served_while_one_question_takes_long(address: str, scripted: Any) -> None:
    with httpx.stream("POST", f"{address}/api/ask/stream", json={"question": "wait for the rate"}) as reply:
        lines = reply.iter_lines()
        next(lines)
        assert httpx.get(f"{address}/api/status").status_code == 200
        scripted.hold.set()
        list(lines)


@pytest.mark.parametrize("token", [None, ""])
def test_a_server_that_others_can_reach_needs_a_token(scripted: Any, token: str | None) -> None:
    with pytest.raises(InputError, match="needs a token"):
        serve(scripted, host="0.0.0.0", token=token)


def test_a_port_that_is_taken_is_one_sentence(scripted: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InputError, match="cannot listen"):
        serve(scripted, port=taken.getsockname()[1])


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 8321), ("127.0.0.1", 99999), ("8.8.8.8", 8321)])
def test_a_host_or_port_that_cannot_be_had_is_one_sentence(scripted: Any, host: str, port: int) -> None:
    with pytest.raises(InputError, match="cannot listen"):
        serve(scripted, host=host, port=port, token="t")


@pytest.mark.parametrize(
    ("host", "own"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("box", False)],
)
def test_only_this_machines_own_hosts_are_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own
