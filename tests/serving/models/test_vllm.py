"""What an endpoint on vLLM is sent, held against a double that is as strict as vLLM 0.12 and later about it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evidentia.errors import InputError, ModelError
from evidentia.serving.base import FunctionTool, Message, Sampling
from evidentia.serving.models.endpoint import EndpointModel, form_fields
from evidentia.serving.talk.forms import Form

ASK = [Message("user", "Left or right?")]
KNOWN = {"model", "messages", "max_tokens", "temperature", "top_p", "stop", "seed", "stream"}
FORMS = {"json", "regex", "choice", "grammar", "json_object", "structural_tag"}


class Vllm(BaseHTTPRequestHandler):
    """Answers with the form it was asked for; refuses fields that vLLM has removed or never had."""

    server: Double

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)
        wrong = self._wrong(body)
        if wrong:
            self._send(400, json.dumps({"error": {"message": wrong, "type": "BadRequestError", "code": 400}}))
            return
        asked = body.get("structured_outputs") or {"json": body.get("response_format")}
        chunk = {"choices": [{"index": 0, "delta": {"content": json.dumps(asked)}, "finish_reason": "stop"}]}
        self._send(200, f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", "text/event-stream")

    def _wrong(self, body: dict[str, Any]) -> str:
        if self.path != "/v1/chat/completions":
            return f"no such path: {self.path}"
        if body["model"] != "served":
            return "no such model"
        if gone := [name for name in body if name.startswith("guided_")]:
            return f"{gone[0]} was removed"
        if unknown := body.keys() - KNOWN - {"structured_outputs", "response_format"}:
            return f"unknown: {min(unknown)}"
        forms = body.get("structured_outputs", {})
        if forms and (len(forms) != 1 or not forms.keys() <= FORMS):
            return "exactly one structured output is supported"
        return ""

    def _send(self, status: int, text: str, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


class Double(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Vllm)
        self.bodies: list[dict[str, Any]] = []


@pytest.fixture
def vllm() -> Iterator[Double]:
    with Double() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def model(vllm: Double) -> Iterator[EndpointModel]:
    made = EndpointModel("served", f"http://127.0.0.1:{vllm.server_port}/v1", timeout=5)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        (("regex", "[a-c]+"), {"regex": "[a-c]+"}),
        (("choice", ("left", "right")), {"choice": ["left", "right"]}),
        (("grammar", 'start: "a"+'), {"grammar": 'start: "a"+'}),
        (
            ("json", {"type": "object"}),
            {"json": {"type": "json_schema", "json_schema": {"name": "reply", "schema": {"type": "object"}}}},
        ),
    ],
)
def test_every_form_is_sent_under_its_present_name(model: EndpointModel, form: Form, asked: dict[str, Any]) -> None:
    assert json.loads("".join(model.stream(ASK, form=form))) == asked


def test_everything_else_that_is_sent_is_known_there(model: EndpointModel, vllm: Double) -> None:
    sampling = Sampling(max_tokens=9, temperature=0.5, top_p=0.9, stop=("END",), seed=7)
    assert list(model.stream(ASK, sampling))
    assert vllm.bodies[0].keys() == KNOWN


def test_what_it_refuses_is_said_in_its_words(model: EndpointModel) -> None:
    with pytest.raises(ModelError, match="guided_json was removed"):
        model.complete([{"role": "user", "content": "?"}], guided_json={})


def test_calls_among_text_are_no_form_for_an_endpoint() -> None:
    with pytest.raises(InputError, match="given tools"):
        form_fields(("calls", [FunctionTool("a", "", {})]))
