"""The API on a real library: what it answers can be opened, and the server starts and stops like a good citizen."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from evidentia.app.server import create_app
from evidentia.library import Library
from evidentia.retrieval.embedders.hash import HashEmbedder

GUIDE = """# Pump

The pump moves water from the well to the tank.

## Settings

The default rate of the pump is four litres in a second.
"""
CODE = '''"""Runs the pump."""


def check(rate):
    """Refuse a rate above nine."""
    return rate <= 9


def start(rate=4.0):
    """Start the pump."""
    return check(rate)
'''


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "plant"
    folder.mkdir()
    (folder / "guide.md").write_text(GUIDE, encoding="utf-8")
    (folder / "pump.py").write_text(CODE, encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    return folder


@pytest.fixture
def client(source: Path, tmp_path: Path) -> Iterator[TestClient]:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(source)
        with TestClient(create_app(library), base_url="http://localhost") as opened:
            yield opened


def test_a_damaged_document_says_so_wherever_it_is_shown(client: TestClient, tmp_path: Path) -> None:
    uri = str(tmp_path / "plant" / "guide.md")
    assert client.get("/api/document", params={"uri": uri}).json()["damaged"] is False
    connection = sqlite3.connect(tmp_path / "library" / "library.db")
    connection.execute("UPDATE documents SET text = replace(text, 'four litres', 'nine litres')")
    connection.commit()
    connection.close()
    assert client.get("/api/document", params={"uri": uri}).json()["damaged"] is True
    assert client.get("/api/status").json()["damaged"] == [uri]
    answer = client.post("/api/ask", json={"question": "What is the default rate of the pump?"}).json()
    assert [note for note in answer["notes"] if "guide.md is not what was read" in note]
    assert not [citation for citation in answer["citations"] if "nine litres" in citation["quote"]]


def test_every_quote_of_an_answer_is_what_its_document_opens_at(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "What is the default rate of the pump?"}).json()
    assert answer["citations"]
    for citation in answer["citations"]:
        span = citation["evidence"]["span"]
        where = {"uri": span["document"], "start": span["start"], "end": span["end"], "lines": 0}
        part = client.get("/api/document", params=where).json()
        assert part["quote"] == citation["quote"]
        assert part["name"] == citation["evidence"]["name"]
        assert part["first_line"] == span["line"]


def test_a_question_about_code_answers_with_rows_and_the_line_of_the_call(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "Who calls `check`?"}).json()
    assert answer["status"] == "rows"
    assert [citation["quote"] for citation in answer["citations"][1:]] == ["return check(rate)"]


def test_verbs_and_queries_of_the_graph_agree(client: TestClient) -> None:
    (found,) = client.get("/api/graph/callers", params={"name": "check"}).json()
    callers = [row["symbol"]["id"] for row in found["rows"]]
    rows = client.post("/api/graph/query", json={"cypher": found["query"]}).json()
    assert [row[rows["columns"].index("id")] for row in rows["rows"]] == callers


def test_the_status_names_what_was_skipped(client: TestClient, source: Path) -> None:
    status = client.get("/api/status").json()
    assert status["counts"]["documents"] == 2
    assert [item["path"] for item in status["skipped"]] == [(source / "broken.pdf").as_posix()]


def test_a_document_that_was_never_added_does_not_open(client: TestClient, source: Path) -> None:
    (source / "secret.md").write_text("not added", encoding="utf-8")
    assert client.get("/api/document", params={"uri": (source / "secret.md").as_posix()}).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_chat_says_where_it_listens_answers_and_stops_at_a_signal(
    source: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        library.add(source)
    command = [sys.executable, "-m", "evidentia", "chat", "--port", "0", "--library", str(tmp_path / "library")]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[0]
        assert httpx.get(f"{address}health").json() == {"status": "ok"}
        assert httpx.get(f"{address}api/graph/callers", params={"name": "check"}).status_code == 200
        server.send_signal(sent)
        _, said = server.communicate(timeout=20)
    assert server.returncode == 128 + sent
    assert said == ""
