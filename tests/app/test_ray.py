"""Two replicas on a Ray of this machine, and the official client that talks to them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from evidentia.app.ray import app, replicas
from evidentia.errors import InputError

ray = pytest.importorskip("ray", reason="the extra ray is not installed")
openai = pytest.importorskip("openai", reason="the openai client is not installed")
ASK = [{"role": "user", "content": "Why?"}]


@pytest.mark.parametrize("arguments", [{"size": "2"}, {"replicas": "0"}, {"cpus": "many"}, {"gpus": "-1"}])
def test_arguments_that_mean_nothing_are_refused(arguments: dict[str, str]) -> None:
    with pytest.raises(InputError):
        app(arguments)


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    from ray import serve

    def build() -> Any:
        from evidentia.app.openai.served_model import Models
        from evidentia.app.server import create_app
        from evidentia.retrieval.embedders.hash import HashEmbedder
        from evidentia.serving.models.scripted import ByteModel

        model, embedder = ByteModel(), HashEmbedder()
        return create_app(models=Models("bytes", lambda: model, "hash", lambda: embedder), token="sesame")

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ray.init(num_cpus=2, include_dashboard=False, configure_logging=False, log_to_driver=False)
    try:
        serve.start(http_options={"host": "127.0.0.1", "port": port})
        serve.run(replicas(build, count=2, cpus=0.1))
        with openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="sesame", max_retries=0) as made:
            yield made
    finally:
        serve.shutdown()
        ray.shutdown()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_eight_streams_over_two_replicas(client: Any) -> None:
    def read(number: int) -> str:
        made = client.chat.completions.create(
            model="bytes",
            messages=[{"role": "user", "content": str(number)}],
            stream=True,
            temperature=0,
            max_tokens=20,
        )
        return "".join(chunk.choices[0].delta.content or "" for chunk in made)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(read, range(8)))
    assert together == [read(number) for number in range(8)]
    assert all(together)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_refusals_arrive_as_they_are(client: Any) -> None:
    with pytest.raises(openai.BadRequestError, match="logit_bias"):
        client.chat.completions.create(model="bytes", messages=ASK, logit_bias={"1": 5})
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").models.list()
