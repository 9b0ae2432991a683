"""The endpoint model against a real HTTP server on this machine."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evidentia.errors import InputError, ModelError
from evidentia.serving import load
from evidentia.serving.base import Message, Sampling
from evidentia.serving.models.endpoint import EndpointModel
from evidentia.settings import Settings

KEY = "sk-very-secret-123"
ASK = [Message("system", "Be brief."), Message("user", "Why?")]


class Server(ThreadingHTTPServer):
    """Answers each POST with ``answer(handler)`` and keeps what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Callable[[Handler], None] = lambda handler: handler.reply(500, {})
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        self.server.keys.append(self.headers["Authorization"])
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.answer(self)

    def reply(self, status: int, body: object) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def events(self, *lines: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for line in lines:
            self.wfile.write(f"{line}\n\n".encode())
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def model(server: Server) -> Iterator[EndpointModel]:
    made = EndpointModel("some-model", server.url, key=KEY, timeout=5)
    yield made
    made.close()


def _delta(text: str | None, finish: str | None = None) -> str:
    return "data: " + json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": finish}]})


def test_the_reply_arrives_piece_by_piece(server: Server, model: EndpointModel) -> None:
    usage = 'data: {"choices": [], "usage": {"total_tokens": 5}}'
    server.answer = lambda handler: handler.events(
        ": keep-alive", _delta(None), _delta("Bec"), _delta("ause ü"), _delta("", "stop"), usage, "data: [DONE]"
    )
    assert list(model.stream(ASK)) == ["Bec", "ause ü"]
    assert server.paths == ["/v1/chat/completions"]


@pytest.mark.parametrize("why", ["stop", "length"])
def test_the_reply_tells_why_it_ended(server: Server, model: EndpointModel, why: str) -> None:
    server.answer = lambda handler: handler.events(_delta("Bec"), _delta("", why), "data: [DONE]")
    reply = model.stream(ASK)
    assert (list(reply), reply.finish) == (["Bec"], why)


def test_messages_and_sampling_are_sent_in_the_schema_of_openai(server: Server, model: EndpointModel) -> None:
    server.answer = lambda handler: handler.events("data: [DONE]")
    list(model.stream(ASK, Sampling(max_tokens=9, temperature=0.5, top_p=0.9, stop=("a", "b", "c", "d", "e"), seed=7)))
    assert server.bodies == [
        {
            "model": "some-model",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}],
            "max_tokens": 9,
            "temperature": 0.5,
            "top_p": 0.9,
            "stop": ["a", "b", "c", "d"],
            "seed": 7,
            "stream": True,
        }
    ]


def test_every_stop_string_holds_even_where_the_server_ignores_it(server: Server, model: EndpointModel) -> None:
    server.answer = lambda handler: handler.events(_delta("one END"), _delta(" two"), _delta("", "stop"))
    assert "".join(model.stream(ASK, Sampling(stop=("1", "2", "3", "4", "END")))) == "one "


def test_closing_the_stream_closes_the_connection(server: Server, model: EndpointModel) -> None:
    broken = threading.Event()

    def endless(handler: Handler) -> None:
        try:
            while True:
                handler.events(*[_delta("x" * 10_000)] * 100)
        except OSError:
            broken.set()

    server.answer = endless
    stream = model.stream(ASK)
    assert next(stream)
    stream.close()
    assert broken.wait(5)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {}, "refused the key"),
        (403, {}, "refused the key"),
        (404, {}, "does not know the model"),
        (429, {}, "busy"),
        (
            400,
            {"error": {"message": f"too long, key {KEY}"}},
            r"HTTP 400\): too long, key \*\*\*",
        ),
        (422, b"<html>no</html>", r"HTTP 422\): <html>no</html>"),
        (500, {}, "failed .HTTP 500"),
        (503, b"", "failed .HTTP 503"),
    ],
)
def test_a_refusal_is_one_sentence_without_the_key(
    server: Server, model: EndpointModel, status: int, body: object, said: str
) -> None:
    server.answer = lambda handler: handler.reply(status, body)
    with pytest.raises(ModelError, match=said) as caught:
        list(model.stream(ASK))
    assert KEY not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([_delta("half")], "broke off"),
        (["data: {not json"], "not JSON"),
        (['data: {"error": {"message": "out of memory"}}'], "reports: out of memory"),
        (["data: [1, 2]"], "reports"),
    ],
)
def test_a_broken_stream_is_an_error_and_not_a_short_answer(
    server: Server, model: EndpointModel, lines: list[str], said: str
) -> None:
    server.answer = lambda handler: handler.events(*lines)
    with pytest.raises(ModelError, match=said):
        list(model.stream(ASK))


def test_silence_is_a_time_out(server: Server) -> None:
    released = threading.Event()
    server.answer = lambda handler: (released.wait(5), None)[1]
    model = EndpointModel("some-model", server.url, timeout=0.1)
    with pytest.raises(ModelError, match="did not answer in time"):
        list(model.stream(ASK))
    released.set()
    model.close()


def test_a_server_that_is_not_there_is_named(server: Server) -> None:
    server.server_close()
    model = EndpointModel("some-model", server.url)
    with pytest.raises(ModelError, match=r"cannot be reached: 127\.0\.0\.1:\d+\. Check EVIDENTIA_ENDPOINT"):
        list(model.stream(ASK))
    model.close()


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://host/v1", "http://", "http://host:port"])
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(InputError, match="EVIDENTIA_ENDPOINT"):
        EndpointModel("some-model", url)


def test_the_key_comes_from_the_environment_and_is_shown_nowhere(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answer = lambda handler: handler.reply(401, {})
    monkeypatch.setenv("OPENAI_API_KEY", "second")
    monkeypatch.setenv("EVIDENTIA_API_KEY", KEY)
    model = load("some-model", Settings(endpoint=server.url))
    assert isinstance(model, EndpointModel)
    assert model.plans
    with pytest.raises(ModelError):
        list(model.stream(ASK))
    model.close()
    assert server.keys == [f"Bearer {KEY}"]
    assert KEY not in repr(model) + caplog.text


def test_no_key_is_sent_where_none_is_set(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    server.answer = lambda handler: handler.events("data: [DONE]")
    model = EndpointModel("some-model", server.url)
    assert list(model.stream(ASK)) == []
    model.close()
    assert server.keys == [None]


def test_a_whole_reply_keeps_its_tool_calls(server: Server, model: EndpointModel) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "callers", "arguments": '{"of": "f"}'}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    server.answer = lambda handler: handler.reply(200, {"choices": [{"message": message}]})
    assert model.complete([{"role": "user", "content": "Who calls f?"}], tools=[{"type": "function"}]) == message
    assert server.bodies[0]["tools"] == [{"type": "function"}]
    assert "stream" not in server.bodies[0]
