"""A server over a byte model and hashed vectors, and the official client that talks to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn

from evidentia.app.openai.served_model import Models
from evidentia.app.server import create_app
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.serving.models.scripted import ByteModel

openai = pytest.importorskip("openai", reason="the openai client is not installed")

CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Bern"}}\n</tool_call>'


def models_of(model: Any, seconds: int = 600) -> Models:
    if isinstance(model, Models):
        return model
    embedder = HashEmbedder()
    return Models(model.name, lambda: model, "hash", lambda: embedder, seconds)


@contextmanager
def listening(model: Any, token: str | None = None, seconds: int = 600) -> Iterator[str]:
    """A real server on a free port of this machine; gives the address of its API."""
    app = create_app(models=models_of(model, seconds), token=token)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=3))
    with socket.create_server(("127.0.0.1", 0)) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}/v1"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def talking(address: str, key: str = "none") -> Iterator[Any]:
    with openai.OpenAI(base_url=address, api_key=key, max_retries=0) as client:
        yield client


@pytest.fixture
def client_of() -> Iterator[Callable[..., Any]]:
    """A client of a server over a model."""
    with ExitStack() as stack:
        yield lambda model, token=None, key="none", **more: stack.enter_context(
            talking(stack.enter_context(listening(model, token, **more)), key)
        )


@pytest.fixture
def serving_models(client_of: Callable[..., Any]) -> Callable[..., Any]:
    """A client of a server over ``Models``."""
    return client_of


@pytest.fixture
def says(client_of: Callable[..., Any]) -> Callable[..., Any]:
    """A client of a server whose model says the given texts in turn."""
    return lambda *replies, **more: client_of(ByteModel(replies=replies, **more))


@pytest.fixture
def noise(client_of: Callable[..., Any]) -> Any:
    """A client of a server whose model writes noise."""
    return client_of(ByteModel())


@pytest.fixture
def weather() -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {"city": {"enum": ["Bern", "Rome"]}},
        "required": ["city"],
        "additionalProperties": False,
    }
    return {"type": "function", "function": {"name": "weather", "description": "Of a city.", "parameters": schema}}
