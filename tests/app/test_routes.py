"""The HTTP API: what each address answers, and that every failure is one JSON sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from evidentia.app.server import create_app


@pytest.fixture
def client(scripted: Any) -> Iterator[TestClient]:
    with TestClient(create_app(scripted), base_url="http://localhost", raise_server_exceptions=False) as opened:
        yield opened


def error(reply: Any) -> dict[str, str]:
    assert set(reply.json()) == {"error"}
    assert set(reply.json()["error"]) == {"what", "where", "fix", "kind"}
    assert "Traceback" not in reply.text
    return reply.json()["error"]


def told(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_an_answer_carries_its_citations_with_their_place(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "What is the default rate?"}).json()
    assert answer["status"] == "quoted"
    first = answer["citations"][0]
    assert first["place"] == "books/guide.md:11-12"
    assert first["verified"] is True
    assert f"{first['quote']} [1]" in answer["text"]


def test_a_stream_tells_the_steps_then_the_sentences_then_the_answer(client: TestClient) -> None:
    reply = client.post("/api/ask/stream", json={"question": "What is the rate?", "write": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    names = [name for name, _ in told(reply.text)]
    assert names == ["step", "step", "step", "step", "sentence", "answer"]


def test_the_last_event_of_a_stream_equals_the_plain_answer(client: TestClient) -> None:
    body = {"question": "What is the default rate?"}
    streamed = told(client.post("/api/ask/stream", json=body).text)[-1]
    assert streamed == ("answer", client.post("/api/ask", json=body).json())


def test_a_known_failure_inside_a_stream_is_its_last_event(client: TestClient) -> None:
    name, data = told(client.post("/api/ask/stream", json={"question": "which model?", "write": True}).text)[-1]
    assert name == "error"
    assert data["error"]["kind"] == "ModelError"
    assert data["error"]["fix"] == "run: evidentia model get"


def test_an_unexpected_failure_inside_a_stream_tells_no_detail(client: TestClient) -> None:
    text = client.post("/api/ask/stream", json={"question": "break"}).text
    name, data = told(text)[-1]
    assert (name, data["error"]["kind"]) == ("error", "Unexpected")
    assert "secret" not in text


def test_an_unexpected_failure_is_a_500_without_detail_or_traceback(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "break"})
    assert reply.status_code == 500
    assert error(reply)["kind"] == "Unexpected"
    assert "secret" not in reply.text


@pytest.mark.parametrize("address", ["/api/ask", "/api/ask/stream"])
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"question": " \n "}, "the question is empty"),
        ({}, "question"),
        ({"question": "x", "speed": 11}, "speed"),
        ({"question": 5}, "question"),
        ({"question": "x", "write": "yes"}, "write"),
        ({"question": "\ud800"}, "surrogate"),
        ({"question": "x", "\ud800": 1}, "surrogate"),
        ([], "body"),
    ],
)
def test_a_question_that_is_not_as_described_is_refused(client: TestClient, address: str, body: Any, says: str) -> None:
    reply = client.post(address, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    failure = error(reply)
    assert says in f"{failure['what']} {failure['where']}"


def test_what_is_not_json_is_refused(client: TestClient) -> None:
    assert client.post("/api/ask", content="question=x").status_code == 400
    reply = client.post("/api/ask", content="{", headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    error(reply)


def test_a_question_of_a_megabyte_is_refused_in_one_sentence(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "x" * 1_000_000})
    assert reply.status_code == 413
    assert error(reply)["what"] == "the request is larger than 262,144 bytes"


def test_a_large_body_that_hides_its_length_is_refused_too(client: TestClient) -> None:
    pieces = (b"x" * 65536 for _ in range(16))
    reply = client.post("/api/ask", content=pieces, headers={"Content-Type": "application/json"})
    assert reply.status_code == 413
    error(reply)


def test_a_search_gives_passages(client: TestClient) -> None:
    found = client.get("/api/search", params={"question": "water", "k": 1}).json()
    assert [item["name"] for item in found] == ["books/guide.md"]
    assert client.get("/api/search", params={"question": "water", "k": 0}).status_code == 400
    assert error(client.get("/api/search", params={"question": " "}))["what"] == "the question is empty"
    assert error(client.get("/api/search", params={"question": "x", "retriever": "magic"}))["kind"] == "InputError"


def test_the_status_is_the_librarys(client: TestClient, scripted: Any) -> None:
    assert client.get("/api/status").json() == scripted.status()


def test_a_cited_document_opens_at_its_quote(client: TestClient) -> None:
    citation = client.post("/api/ask", json={"question": "rate"}).json()["citations"][0]
    span = citation["evidence"]["span"]
    part = client.get(
        "/api/document", params={"uri": span["document"], "start": span["start"], "end": span["end"], "lines": 1}
    ).json()
    assert part["quote"] == citation["quote"]
    assert (part["first_line"], part["before"]) == (10, "\n")
    assert part["after"] == "\nValues above nine are refused."
    assert part["more_before"]
    assert part["more_after"]


@pytest.mark.parametrize("uri", ["/etc/passwd", "file:///etc/passwd", "../../etc/passwd", "/books/../etc/passwd", ""])
def test_only_documents_of_the_library_open(client: TestClient, uri: str) -> None:
    reply = client.get("/api/document", params={"uri": uri})
    assert reply.status_code == 404
    assert error(reply)["kind"] == "NotFoundError"


@pytest.mark.parametrize("span", [{"start": 5, "end": 2}, {"start": 0, "end": 10**9}, {"start": -1}])
def test_a_span_outside_the_text_is_refused(client: TestClient, span: dict[str, int]) -> None:
    reply = client.get("/api/document", params={"uri": "/books/guide.md", **span})
    assert reply.status_code == 400
    error(reply)


def test_a_graph_query_gives_rows_and_numbers_that_json_lacks_are_null(client: TestClient) -> None:
    rows = client.post("/api/graph/query", json={"cypher": "MATCH (n) RETURN n.name, n.line"}).json()
    assert (rows["columns"], rows["rows"]) == (["name", "line"], [["start", 1], ["check", None]])


def test_a_graph_query_that_writes_is_refused(client: TestClient) -> None:
    reply = client.post("/api/graph/query", json={"cypher": "MATCH (n) DELETE n"})
    assert reply.status_code == 400
    assert error(reply)["kind"] == "QueryRefused"


def test_a_verb_answers_or_suggests(client: TestClient) -> None:
    assert client.get("/api/graph/callers", params={"name": "check"}).json() == [{"verb": "callers", "symbol": "check"}]
    reply = client.get("/api/graph/callers", params={"name": "chek"})
    assert reply.status_code == 404
    assert "did you mean check" in error(reply)["fix"]


def test_health_tells_nothing_of_the_library(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_an_unknown_address_and_a_wrong_method_are_json_too(client: TestClient) -> None:
    assert error(client.get("/api/nothing"))["what"] == "there is nothing at this address"
    assert client.get("/api/ask").status_code == 405
    assert client.get("/docs").status_code == 404


def test_the_page_comes_with_everything_it_names(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for name in ("page.css", "page.js", "answer.js", "document.js", "library.js", "server.js", "dom.js"):
        assert client.get(f"/{name}").status_code == 200
    assert "http://" not in page.text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page.text
