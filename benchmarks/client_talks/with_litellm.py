"""litellm: as ``openai/…``, ``hosted_vllm/…`` and ``text-completion-openai/…``."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Literal

import litellm
from pydantic import BaseModel

from evidentia.benchmarks.client_talks.talk import (
    ADDRESS,
    BERN,
    EMBEDDER,
    FRANCE,
    MODEL,
    PIXEL,
    WEATHER,
    case,
    check_call,
    refused,
    run,
)

ASK: Any = [{"role": "user", "content": FRANCE}]
WHERE: Any = {"api_base": ADDRESS, "api_key": "none", "num_retries": 0, "timeout": 600}


class Place(BaseModel):
    city: str
    country: Literal["France", "Italy"]


def chat(provider: str = "openai", **more: Any) -> Any:
    given = {"model": f"{provider}/{MODEL}", "messages": ASK, "temperature": 0, "max_tokens": 24, **WHERE, **more}
    return litellm.completion(**given)


@case("chat")
def _() -> None:
    assert "Paris" in chat().choices[0].message.content


@case("chat streamed, rebuilt from its chunks")
def _() -> None:
    chunks = list(chat(stream=True, stream_options={"include_usage": True}))
    whole: Any = litellm.stream_chunk_builder(chunks, messages=ASK)
    assert "Paris" in whole.choices[0].message.content
    assert whole.usage.completion_tokens > 0


@case("chat, awaited")
def _() -> None:
    reply: Any = asyncio.run(litellm.acompletion(model=f"openai/{MODEL}", messages=ASK, max_tokens=24, **WHERE))
    assert reply.choices[0].message.content


@case("as hosted_vllm, with top_k")
def _() -> None:
    assert chat("hosted_vllm", top_k=20, temperature=1, seed=1).choices[0].message.content


@case("n, stop, seed, penalties")
def _() -> None:
    more: Any = {"n": 2, "stop": ["\n"], "seed": 3, "presence_penalty": 0.1, "frequency_penalty": 0.1, "temperature": 1}
    assert len(chat(**more).choices) == 2


@case("log probabilities")
def _() -> None:
    assert chat(logprobs=True, top_logprobs=2).choices[0].logprobs.content


@case("tools, auto, its reply sent back")
def _() -> None:
    asked = [{"role": "user", "content": BERN}]
    message = chat(messages=asked, tools=[WEATHER], max_tokens=60).choices[0].message
    turns = [*asked, message]
    turns += [{"role": "tool", "tool_call_id": call.id, "content": "Sunny."} for call in message.tool_calls or ()]
    assert chat(messages=turns, tools=[WEATHER]).choices[0]


@case("tools, required, streamed, rebuilt and sent back")
def _() -> None:
    asked = [{"role": "user", "content": BERN}]
    chunks = list(chat(messages=asked, tools=[WEATHER], tool_choice="required", max_tokens=60, stream=True))
    message = litellm.stream_chunk_builder(chunks).choices[0].message
    call = message.tool_calls[0]
    check_call(call.function.name, call.function.arguments)
    answer = {"role": "tool", "tool_call_id": call.id, "name": "weather", "content": "Sunny."}
    for said in (message, message.model_dump()):
        assert chat(messages=[*asked, said, answer], tools=[WEATHER]).choices[0]


@case("a class as the format")
def _() -> None:
    Place.model_validate_json(chat(response_format=Place, max_tokens=60).choices[0].message.content)


@case("JSON object")
def _() -> None:
    json.loads(chat(response_format={"type": "json_object"}, max_tokens=40).choices[0].message.content)


@case("plain completion")
def _() -> None:
    given: Any = {"model": f"text-completion-openai/{MODEL}", "prompt": "The capital of France is", "max_tokens": 4}
    assert litellm.text_completion(**given, **WHERE).choices[0].text


@case("response")
def _() -> None:
    reply: Any = litellm.responses(model=f"openai/{MODEL}", input=FRANCE, max_output_tokens=24, **WHERE)
    assert reply.output[0].content[0].text


@case("embeddings")
def _() -> None:
    reply = litellm.embedding(model=f"openai/{EMBEDDER}", input=["a", "b"], **WHERE)
    assert len(reply.data) == 2


@case("refused: another model")
def _() -> None:
    with refused(404, "no such model", "model_not_found"):
        chat(model="openai/other-model")


@case("refused: a prompt beyond the context is litellm's own error for that")
def _() -> None:
    try:
        chat(messages=[{"role": "user", "content": "word " * 9000}])
    except litellm.ContextWindowExceededError:
        return
    raise AssertionError("no ContextWindowExceededError")


@case("refused: an image")
def _() -> None:
    with refused(400, "image_url", "BadRequestError"):
        chat(messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": PIXEL}}]}])


@case("refused: out of range")
def _() -> None:
    with refused(400, "temperature", "BadRequestError"):
        chat(temperature=5)


if __name__ == "__main__":
    run(*sys.argv[1:])
