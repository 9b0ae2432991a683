"""langchain-openai: chat, tools, structured output in its three ways, an agent, plain completions, vectors."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Literal

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings
from pydantic import BaseModel

from evidentia.benchmarks.client_talks.talk import ADDRESS, BERN, EMBEDDER, FRANCE, MODEL, PIXEL, case, refused, run

WHERE: Any = {"base_url": ADDRESS, "api_key": "none", "max_retries": 0, "timeout": 600}


class Place(BaseModel):
    """A place."""

    city: str
    country: Literal["France", "Italy"]


@tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"Sunny in {city}."


def model(**more: Any) -> Any:
    return ChatOpenAI(**{"model": MODEL, "temperature": 0, "max_tokens": 24, **WHERE, **more})


@case("invoke, with usage")
def _() -> None:
    reply = model().invoke(FRANCE)
    assert "Paris" in reply.content
    assert reply.usage_metadata["output_tokens"] > 0


@case("stream, with usage")
def _() -> None:
    chunks = list(model(stream_usage=True).stream(FRANCE))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert "Paris" in whole.content
    assert whole.usage_metadata["output_tokens"] > 0


@case("batch, awaited")
def _() -> None:
    assert len(asyncio.run(model(max_tokens=4).abatch([FRANCE, "Hello"]))) == 2


@case("roles, names, stop, seed")
def _() -> None:
    turns = [SystemMessage("Be brief."), HumanMessage("Hi", name="ada"), AIMessage("Yes?"), HumanMessage(FRANCE)]
    assert model(seed=4, stop=["\n"]).invoke(turns).content


@case("n by generate")
def _() -> None:
    assert len(model(n=2, temperature=1).generate([[HumanMessage(FRANCE)]]).generations[0]) == 2


@case("log probabilities")
def _() -> None:
    assert model(logprobs=True, top_logprobs=2).invoke(FRANCE).response_metadata["logprobs"]["content"]


@case("tools, auto")
def _() -> None:
    reply = model(max_tokens=60).bind_tools([weather]).invoke(BERN)
    assert reply.content or reply.tool_calls


@case("tools, auto, with log probabilities")
def _() -> None:
    reply = model(logprobs=True).bind_tools([weather]).invoke(FRANCE)
    assert reply.response_metadata["logprobs"]["content"]


@case("tools, any, and the result sent back")
def _() -> None:
    offered = model(max_tokens=60).bind_tools([weather], tool_choice="any")
    reply = offered.invoke(BERN)
    (call,) = reply.tool_calls
    assert call["name"] == "weather"
    turns = [HumanMessage(BERN), reply, ToolMessage("Sunny.", tool_call_id=call["id"])]
    assert model().bind_tools([weather]).invoke(turns)


@case("tools, named, streamed")
def _() -> None:
    offered = model(max_tokens=60).bind_tools([weather], tool_choice="weather")
    chunks = list(offered.stream(BERN))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert whole.tool_calls[0]["args"]["city"]


@case("tools, strict")
def _() -> None:
    assert model(max_tokens=60).bind_tools([weather], tool_choice="any", strict=True).invoke(BERN).tool_calls


@case("structured output by JSON schema")
def _() -> None:
    assert isinstance(model(max_tokens=60).with_structured_output(Place).invoke(FRANCE), Place)


@case("structured output by a function")
def _() -> None:
    made = model(max_tokens=60).with_structured_output(Place, method="function_calling").invoke(FRANCE)
    assert isinstance(made, Place)


@case("structured output in JSON mode")
def _() -> None:
    made = model(max_tokens=40).with_structured_output(None, method="json_mode").invoke(f"{FRANCE} In JSON.")
    assert isinstance(made, dict)


@case("structured output beside tools")
def _() -> None:
    both = model(max_tokens=60).with_structured_output(Place, tools=[weather], strict=True, include_raw=True)
    made = both.invoke(FRANCE)
    assert made["raw"].tool_calls or isinstance(made["parsed"], Place)


@case("by responses, streamed and with tools")
def _() -> None:
    asked = model(use_responses_api=True, max_tokens=60)
    assert "Paris" in asked.invoke(FRANCE).text
    assert list(asked.stream(FRANCE))
    assert asked.bind_tools([weather], tool_choice="any").invoke(BERN).tool_calls


@case("by responses, to a class")
def _() -> None:
    asked = model(use_responses_api=True, max_tokens=60)
    assert isinstance(asked.with_structured_output(Place).invoke(FRANCE), Place)


@case("plain completions")
def _() -> None:
    asked: Any = OpenAI(model=MODEL, max_tokens=4, temperature=0, **WHERE)
    assert "Paris" in asked.invoke("The capital of France is")
    assert list(asked.stream("The capital of France is"))


@case("vectors")
def _() -> None:
    found: Any = OpenAIEmbeddings(
        model=EMBEDDER,
        base_url=ADDRESS,
        api_key="none",
        check_embedding_ctx_length=False,
    )
    assert len(found.embed_documents(["a", "b"])) == 2


@case("refused: another model")
def _() -> None:
    with refused(404, "model_not_found"):
        model(model="gpt-5").invoke(FRANCE)


@case("refused: an image")
def _() -> None:
    image = HumanMessage(content=[{"type": "image_url", "image_url": {"url": PIXEL}}])
    with refused(says="image_url"):
        model().invoke([image])


@case("refused: a prompt beyond the context is LangChain's own error for that")
def _() -> None:
    from langchain_core.exceptions import ContextOverflowError

    try:
        model().invoke("word " * 9000)
    except ContextOverflowError:
        return
    raise AssertionError("no ContextOverflowError")


if __name__ == "__main__":
    run(*sys.argv[1:])
