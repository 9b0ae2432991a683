"""The library under the name ``evidentia``: answers as chat completions and responses, whole and streamed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from evidentia import Library
from evidentia.app.openai.served_model import Models
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.models.scripted import ByteModel

QUESTION = "How often is the pump checked?"
ASK = [{"role": "user", "content": QUESTION}]


@pytest.fixture
def client(tmp_path: Path, serving_models: Any) -> Iterator[Any]:
    (tmp_path / "pump.md").write_text("# Pump\n\nThe pump is checked every 14 days.\n")
    embedder = HashEmbedder()
    with Library(tmp_path / "library", embedder=embedder) as library:
        library.add(tmp_path / "pump.md")
        model = ByteModel()
        yield serving_models(Models("bytes", lambda: model, "hash", lambda: embedder, library=library))


def test_the_library_is_a_model_beside_the_raw_one(client: Any) -> None:
    assert [model.id for model in client.models.list()] == ["evidentia", "bytes", "hash"]
    assert client.chat.completions.create(model="bytes", messages=ASK, max_tokens=3).model == "bytes"


def test_an_answer_is_a_chat_completion_with_citations(client: Any) -> None:
    choice = client.chat.completions.create(model="evidentia", messages=ASK).choices[0]
    assert choice.finish_reason == "stop"
    assert "14 days" in choice.message.content
    assert "pump.md" in choice.message.content
    mark = choice.message.annotations[0].url_citation
    assert choice.message.content[mark.start_index : mark.end_index] == "[1]"
    assert mark.url.endswith("pump.md")


def test_a_streamed_answer_is_the_same(client: Any) -> None:
    whole = client.chat.completions.create(model="evidentia", messages=ASK).choices[0].message.content
    stream = list(client.chat.completions.create(model="evidentia", messages=ASK, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == whole
    assert any(getattr(chunk.choices[0].delta, "annotations", None) for chunk in stream)
    assert stream[-1].choices[0].finish_reason == "stop"


def test_an_answer_is_a_response(client: Any) -> None:
    found = client.responses.create(model="evidentia", input=QUESTION)
    assert "14 days" in found.output_text
    assert found.output[0].content[0].annotations[0].type == "url_citation"
    with client.responses.stream(model="evidentia", input=QUESTION) as stream:
        assert stream.get_final_response().output_text == found.output_text


@pytest.mark.parametrize("more", [{"n": 2}, {"response_format": {"type": "json_object"}}, {"logprobs": True}])
def test_what_an_answer_cannot_be_is_refused(client: Any, more: dict[str, Any]) -> None:
    with pytest.raises(openai.BadRequestError, match="only with quotes"):
        client.chat.completions.create(model="evidentia", messages=ASK, **more)
