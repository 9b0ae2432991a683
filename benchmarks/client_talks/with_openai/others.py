"""Plain completions, embeddings, models, and what several endpoints must refuse alike."""

from __future__ import annotations

from typing import Any

from evidentia.benchmarks.client_talks.talk import EMBEDDER, MODEL, PIXEL, case, refused
from evidentia.benchmarks.client_talks.with_openai.client import chat, client, complete, respond


@case("plain completion, whole and streamed")
def _() -> None:
    whole = complete().choices[0].text
    assert "Paris" in whole
    assert "".join(chunk.choices[0].text for chunk in complete(stream=True)) == whole


@case("plain completion of several prompts")
def _() -> None:
    assert [choice.index for choice in complete(prompt=["One", "Two"], n=2, temperature=1).choices] == [0, 1, 2, 3]


@case("plain completion, echo and log probabilities")
def _() -> None:
    logprobs = complete(echo=True, logprobs=2).choices[0].logprobs
    assert logprobs.token_logprobs[0] is None
    assert len(logprobs.tokens) == len(logprobs.top_logprobs) == len(logprobs.text_offset)


@case("embeddings, default, floats, shortened, of tokens")
def _() -> None:
    short = client.embeddings.create(model=EMBEDDER, input=["a", "b"], dimensions=64)
    assert [len(item.embedding) for item in short.data] == [64, 64]
    more_words: tuple[dict[str, Any], ...] = ({}, {"encoding_format": "float"})
    default, floats = (
        client.embeddings.create(model=EMBEDDER, input="a pump", **more).data[0].embedding for more in more_words
    )
    assert max(abs(one - other) for one, other in zip(default, floats, strict=True)) < 1e-6
    client.embeddings.create(model=EMBEDDER, input=[[1012, 2000]])


@case("models")
def _() -> None:
    assert MODEL in [model.id for model in client.models.list()]
    assert client.models.retrieve(MODEL).id == MODEL


@case("refused: another model, everywhere")
def _() -> None:
    for ask in (chat, complete, respond):
        with refused(404, "model_not_found"):
            ask(model="gpt-5")
    with refused(404, "model_not_found"):
        client.embeddings.create(model="text-embedding-3-small", input="a")
    with refused(404, "model_not_found"):
        client.models.retrieve("gpt-5")


@case("refused: options of a stream without a stream")
def _() -> None:
    for ask in (chat, complete):
        with refused(says="stream_options"):
            ask(stream_options={"include_usage": True})


@case("refused: an image, a sound, a file")
def _() -> None:
    for part in (
        {"type": "image_url", "image_url": {"url": PIXEL}},
        {"type": "input_audio", "input_audio": {"data": "aaaa", "format": "wav"}},
        {"type": "file", "file": {"file_data": "aaaa", "filename": "a.pdf"}},
    ):
        with refused(says=part["type"]):  # type: ignore[arg-type]
            chat(messages=[{"role": "user", "content": [{"type": "text", "text": "What?"}, part]}])
    image = {"type": "input_image", "image_url": PIXEL, "detail": "auto"}
    with refused(says="input.0.content.0"):
        respond(input=[{"role": "user", "content": [image]}])


@case("refused: a prompt beyond the context")
def _() -> None:
    long = "word " * 9000
    with refused(says="context_length_exceeded"):
        chat(messages=[{"role": "user", "content": long}])
    with refused(says="context_length_exceeded"):
        complete(prompt=long)
    with refused(says="context_length_exceeded"):
        respond(input=long)


@case("refused: what is not stored, what needs reasoning")
def _() -> None:
    with refused(says="previous_response_id"):
        respond(previous_response_id="resp_1")
    with refused(says="reasoning_effort"):
        chat(reasoning_effort="high")
    with refused(404):
        client.responses.retrieve("resp_1")


@case("refused: empty input of embeddings")
def _() -> None:
    with refused(says="input"):
        client.embeddings.create(model=EMBEDDER, input="")


@case("refused: endpoints that are not there")
def _() -> None:
    with refused(404):
        client.moderations.create(input="x")
    with refused(404):
        client.files.list()
