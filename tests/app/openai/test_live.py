"""The packaged model on the real engine behind the real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from evidentia.serving.models import hub
from evidentia.serving.models.local import load_local
from evidentia.settings import Settings

pytestmark = [pytest.mark.model, pytest.mark.slow]
NAME = Settings().model
ASK = [{"role": "user", "content": "What is the capital of France?"}]


@pytest.fixture(scope="module")
def smol() -> Iterator[Any]:
    import torch

    folder = hub.find(NAME, Settings.from_env().cache)
    if folder is None:
        pytest.skip(f"{NAME} is not on this machine; run: evidentia model get")
    torch.set_num_threads(1)
    model = load_local(folder, NAME, dtype="float32", device="cpu")
    yield model
    model.engine.close()


def test_the_model_answers_and_its_prompt_is_read_once(client_of: Callable[..., Any], smol: Any) -> None:
    client = client_of(smol)
    first, second = (
        client.chat.completions.create(model=NAME, messages=ASK, temperature=0, max_tokens=20) for _ in range(2)
    )
    assert "Paris" in first.choices[0].message.content
    assert second.choices[0].message.content == first.choices[0].message.content
    assert second.usage.prompt_tokens_details.cached_tokens > 0


def test_its_streams_equal_its_whole_replies_eight_at_once(client_of: Callable[..., Any], smol: Any) -> None:
    client = client_of(smol)

    def ask(number: int, *, stream: bool) -> str:
        turns: Any = [{"role": "user", "content": f"Name {number + 2} colours."}]
        made = client.chat.completions.create(model=NAME, messages=turns, temperature=0, max_tokens=12, stream=stream)
        if stream:
            return "".join(chunk.choices[0].delta.content or "" for chunk in made)
        return str(made.choices[0].message.content)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda number: ask(number, stream=True), range(8)))
    assert together == [ask(number, stream=False) for number in range(8)]


def test_it_is_held_to_a_schema_and_to_a_call(client_of: Callable[..., Any], smol: Any, weather: Any) -> None:
    client = client_of(smol)
    schema = {
        "type": "object",
        "properties": {"capital": {"type": "string", "maxLength": 20}},
        "required": ["capital"],
        "additionalProperties": False,
    }
    shape: Any = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    reply = client.chat.completions.create(
        model=NAME, messages=ASK, temperature=0, max_tokens=60, response_format=shape
    )
    assert "Paris" in json.loads(reply.choices[0].message.content)["capital"]
    asked: Any = [{"role": "user", "content": "How is the weather in Bern?"}]
    called = client.chat.completions.create(
        model=NAME, messages=asked, temperature=0, max_tokens=60, tools=[weather], tool_choice="required"
    )
    assert json.loads(called.choices[0].message.tool_calls[0].function.arguments) == {"city": "Bern"}


def test_log_probabilities_of_the_engine_are_those_of_greedy_choices(client_of: Callable[..., Any], smol: Any) -> None:
    reply = client_of(smol).chat.completions.create(
        model=NAME, messages=ASK, temperature=0, max_tokens=5, logprobs=True, top_logprobs=3
    )
    tokens = reply.choices[0].logprobs.content
    assert "".join(token.token for token in tokens) == reply.choices[0].message.content
    assert all(token.logprob == token.top_logprobs[0].logprob for token in tokens)


def test_a_client_that_leaves_frees_the_engine(client_of: Callable[..., Any], smol: Any) -> None:
    import time

    client = client_of(smol)
    stream = client.chat.completions.create(model=NAME, messages=ASK, stream=True, temperature=1.0, seed=1)
    next(iter(stream))
    stream.close()
    until = time.monotonic() + 20
    while smol.engine.load != (0, 0) and time.monotonic() < until:
        time.sleep(0.05)
    assert smol.engine.load == (0, 0)
