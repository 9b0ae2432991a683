"""A model that plans: it calls our tools, and what it says at the end is checked all the same."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evidentia import Library
from evidentia.serving.endpoint import EndpointModel

Open = Callable[..., Library]


class _Endpoint:
    """An OpenAI-compatible server that answers from a list and keeps what it was asked."""

    def __init__(self, replies: list[dict[str, Any]]) -> None:
        self.replies, self.asked = list(replies), []  # type: ignore[var-annotated]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                message = {"role": "assistant", "content": None, **outer.replies.pop(0)}
                body = json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def model(self) -> EndpointModel:
        return EndpointModel("planner", f"http://127.0.0.1:{self.server.server_port}/v1", key="none")


def _call(name: str, /, **arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"tool_calls": [{"id": f"call-{name}", "type": "function", "function": function}]}


@pytest.fixture
def endpoint() -> Iterator[Any]:
    started: list[_Endpoint] = []

    def start(*replies: dict[str, Any]) -> _Endpoint:
        started.append(_Endpoint(list(replies)))
        return started[-1]

    yield start
    for one in started:
        one.server.shutdown()
        one.server.server_close()


QUESTION = "How old was the oldest emperor penguin on record?"


def test_a_tool_is_called_and_the_answer_cites_what_it_found(open_library: Open, endpoint: Any):
    server = endpoint(
        _call("search", question="oldest penguin"), {"content": "The oldest emperor penguin was 40 years old."}
    )
    answer = open_library(server.model()).ask(QUESTION, write=True)
    assert answer.status == "written"
    assert answer.citations[0].quote == "The oldest emperor penguin on record was 40 years old."
    assert "40 years old" in json.dumps(server.asked[1]["messages"])


def test_graph_verbs_are_tools_too(open_library: Open, endpoint: Any):
    server = endpoint(_call("callers", name="side_length"), {"content": "The function side_length is called by area."})
    answer = open_library(server.model()).ask("Tell me about the length of one side in metres", write=True)
    assert answer.status == "written"
    assert answer.citations[0].evidence.query.startswith("MATCH")


def test_an_error_of_a_tool_goes_back_to_the_model(open_library: Open, endpoint: Any):
    server = endpoint(_call("cypher", query="MATCH (n) DETACH DELETE n"), {"content": "Not found."})
    answer = open_library(server.model()).ask(QUESTION, write=True)
    assert "error:" in json.dumps(server.asked[1]["messages"])
    assert answer.status == "quoted"


def test_what_a_planning_model_makes_up_is_not_shown(open_library: Open, endpoint: Any):
    server = endpoint({"content": "It was 97 years old."})
    answer = open_library(server.model()).ask(QUESTION, write=True)
    assert "97" not in answer.text


def test_a_model_that_never_ends_is_stopped(open_library: Open, endpoint: Any):
    server = endpoint(*[_call("search", question="penguin")] * 40)
    assert open_library(server.model()).ask(QUESTION, write=True).status == "quoted"
