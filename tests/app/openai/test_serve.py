"""``evidentia model serve`` as a process, and the chat server with a local model under /v1."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openai
import pytest
from fastapi.testclient import TestClient

from evidentia import Library
from evidentia.app.openai.served_model import of_library
from evidentia.app.server import create_app
from evidentia.serving.models import hub
from evidentia.serving.models.scripted import ByteModel
from evidentia.settings import Settings

from ...conftest import Command


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--model", "no/such-model"), 6, "not on this machine"),
        (("--host", "0.0.0.0"), 2, "needs a token"),
        (("--port", "99999"), 2, "cannot listen"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(
    evidentia: Command, words: tuple[str, ...], code: int, says: str
) -> None:
    if "--port" in words and hub.find(Settings().model, Settings.from_env().cache) is None:
        pytest.skip("the packaged model is not on this machine; run: evidentia model get")
    done = evidentia("model", "serve", *words)
    assert done.returncode == code
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.model
@pytest.mark.slow
def test_one_command_serves_the_local_model_and_the_client_talks_to_it(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "evidentia", "model", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().split()[0]
            with openai.OpenAI(base_url=address, api_key="none") as client:
                _talk(client)
        finally:
            running.send_signal(signal.SIGINT)


def _talk(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model=client.models.list().data[0].id,
        messages=[{"role": "user", "content": "What is the capital of France?"}],
        temperature=0,
        max_tokens=20,
    )
    assert "Paris" in str(reply.choices[0].message.content)
    vectors = client.embeddings.create(model="all-MiniLM-L6-v2", input=["a pump"])
    assert len(vectors.data[0].embedding) == 384


def test_the_chat_server_mounts_the_local_model_beside_its_page(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path, embedder="hash", model="bytes")
    with Library(settings=settings, model=ByteModel(name="bytes", replies=["Yes."])) as library:
        from evidentia.app.openai.served_model import Models

        models = Models("bytes", library.model, "hash", library.embedder)
        with TestClient(create_app(library, models=models), base_url="http://localhost") as client:
            asked: dict[str, Any] = {"model": "bytes", "messages": [{"role": "user", "content": "Well?"}]}
            reply = client.post("/v1/chat/completions", json=asked)
            assert reply.json()["choices"][0]["message"]["content"] == "Yes."
            assert client.get("/api/status").status_code == 200
            assert client.get("/").status_code == 200


@pytest.mark.parametrize("settings", [{"endpoint": "http://localhost:1/v1"}, {"model": "no/such-model"}])
def test_without_a_local_model_the_chat_server_has_no_such_address(tmp_path: Path, settings: dict[str, str]) -> None:
    with Library(settings=Settings(library=tmp_path, embedder="hash", **settings)) as library:
        models = of_library(library)
        assert models is None
        with TestClient(create_app(library, models=models), base_url="http://localhost") as client:
            assert client.get("/v1/models").status_code == 404
