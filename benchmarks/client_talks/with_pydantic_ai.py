"""pydantic-ai: agents over chat completions and over responses, tools, and its three ways to structured output."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated, Any, Literal

import openai
from pydantic import BaseModel, Field
from pydantic_ai import Agent, BinaryContent, ModelSettings, NativeOutput, ToolOutput
from pydantic_ai.exceptions import UsageLimitExceeded
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.usage import UsageLimits

from evidentia.benchmarks.client_talks.talk import ADDRESS, BERN, EMBEDDER, FRANCE, MODEL, case, refused, run

PROVIDER = OpenAIProvider(base_url=ADDRESS, api_key="none")


class Place(BaseModel):
    city: Annotated[str, Field(max_length=20)]
    country: Literal["France", "Italy"]


def agent(by: Any = OpenAIChatModel, name: str = MODEL, settings: Any = None, **more: Any) -> Any:
    given = {"temperature": 0, "max_tokens": 60, **(settings or {})}
    return Agent(by(name, provider=PROVIDER), model_settings=ModelSettings(**given), **more)


def with_weather(by: Any = OpenAIChatModel, **more: Any) -> tuple[Any, list[str]]:
    asked: list[str] = []
    made = agent(by, **more)

    @made.tool_plain  # type: ignore[untyped-decorator]
    def weather(city: str) -> str:
        """The weather in a city."""
        asked.append(city)
        return "Sunny."

    return made, asked


@case("text")
def _() -> None:
    reply = agent().run_sync(FRANCE)
    assert "Paris" in reply.output
    assert reply.usage().output_tokens if callable(reply.usage) else reply.usage.output_tokens


@case("text, streamed")
def _() -> None:
    async def read() -> str:
        async with agent().run_stream(FRANCE) as stream:
            return "".join([piece async for piece in stream.stream_text(delta=True)])

    assert "Paris" in asyncio.run(read())


@case("a conversation that goes on")
def _() -> None:
    first = agent(instructions="Be brief.").run_sync(FRANCE)
    assert agent().run_sync("And of Italy?", message_history=first.all_messages()).output


@case("stop, seed, penalties, log probabilities")
def _() -> None:
    settings = {"seed": 3, "stop_sequences": ["\n"], "presence_penalty": 0.1, "openai_logprobs": True, "temperature": 1}
    assert agent(settings=settings).run_sync(FRANCE).output


@case("a tool, auto")
def _() -> None:
    made, _ = with_weather()
    assert made.run_sync(BERN).output is not None


@case("a tool, auto, streamed")
def _() -> None:
    async def read() -> Any:
        made, _ = with_weather()
        async with made.run_stream(BERN) as stream:
            return await stream.get_output()

    assert asyncio.run(read()) is not None


@case("output by a tool")
def _() -> None:
    assert isinstance(agent(output_type=Place).run_sync(FRANCE).output, Place)


@case("output by a tool, streamed")
def _() -> None:
    async def read() -> Any:
        async with agent(output_type=ToolOutput(Place)).run_stream(FRANCE) as stream:
            return await stream.get_output()

    assert isinstance(asyncio.run(read()), Place)


@case("output by a schema")
def _() -> None:
    assert isinstance(agent(output_type=NativeOutput(Place)).run_sync(FRANCE).output, Place)


@case("output by a schema beside a tool")
def _() -> None:
    made, _ = with_weather(output_type=NativeOutput(Place))
    found = _end(made)
    assert found is None or isinstance(found, Place)


@case("output by a tool beside a tool")
def _() -> None:
    made, _ = with_weather(output_type=Place)
    found = _end(made)
    assert found is None or isinstance(found, Place)


@case("by responses: text, output by a tool, by a schema")
def _() -> None:
    assert "Paris" in agent(OpenAIResponsesModel).run_sync(FRANCE).output
    for kind in (Place, NativeOutput(Place)):
        assert isinstance(agent(OpenAIResponsesModel, output_type=kind).run_sync(FRANCE).output, Place)


@case("by responses: a schema beside a tool")
def _() -> None:
    made, _ = with_weather(OpenAIResponsesModel, output_type=NativeOutput(Place))
    found = _end(made)
    assert found is None or isinstance(found, Place)


@case("by responses: a conversation that goes on, streamed")
def _() -> None:
    async def read() -> str:
        first = await agent(OpenAIResponsesModel).run(FRANCE)
        async with agent(OpenAIResponsesModel).run_stream("And?", message_history=first.all_messages()) as stream:
            return str(await stream.get_output())

    assert asyncio.run(read())


@case("vectors")
def _() -> None:
    from pydantic_ai import Embedder
    from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel

    # A client of its own: the shared one belongs to the loop of another case.
    provider = OpenAIProvider(openai_client=openai.AsyncOpenAI(base_url=ADDRESS, api_key="none"))
    found = asyncio.run(Embedder(OpenAIEmbeddingModel(EMBEDDER, provider=provider)).embed_documents(["a", "b"]))
    assert len(found.embeddings) == 2


@case("refused: another model")
def _() -> None:
    with refused(404, "model_not_found"):
        agent(name="gpt-5").run_sync(FRANCE)


@case("refused: an image")
def _() -> None:
    with refused(says="image_url"):
        agent().run_sync(["What is it?", BinaryContent(b"\x89PNG", media_type="image/png")])


def _end(made: Any) -> Any:
    """The agent's output; ``None`` where the small model called its tool until the agent had enough."""
    try:
        return made.run_sync(FRANCE, usage_limits=UsageLimits(request_limit=4)).output
    except UsageLimitExceeded:
        return None


if __name__ == "__main__":
    run(*sys.argv[1:])
