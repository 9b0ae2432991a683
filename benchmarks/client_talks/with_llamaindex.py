"""llama-index-llms-openai-like: chat, completion, tools, and structured output by functions and by a schema."""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Literal

from llama_index.core.llms import ChatMessage
from llama_index.core.prompts import PromptTemplate
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

from evidentia.benchmarks.client_talks.talk import ADDRESS, BERN, FRANCE, MODEL, case, refused, run

ASK = [ChatMessage(role="user", content=FRANCE)]


class Place(BaseModel):
    """A place."""

    city: str
    country: Literal["France", "Italy"]


def _weather(city: str) -> str:
    """The weather in a city."""
    return f"Sunny in {city}."


WEATHER = FunctionTool.from_defaults(_weather, name="weather")


def model(**more: Any) -> Any:
    given = {
        "model": MODEL,
        "api_base": ADDRESS,
        "api_key": "none",
        "is_chat_model": True,
        "is_function_calling_model": True,
        "context_window": 8192,
        "temperature": 0,
        "max_tokens": 60,
        "max_retries": 0,
        "timeout": 600,
        **more,
    }
    return OpenAILike(**given)


@case("chat")
def _() -> None:
    assert "Paris" in model().chat(ASK).message.content


@case("chat streamed, and awaited")
def _() -> None:
    assert "Paris" in list(model().stream_chat(ASK))[-1].message.content
    assert asyncio.run(model().achat(ASK)).message.content


@case("completion of a chat model, and a plain one")
def _() -> None:
    assert "Paris" in model().complete(FRANCE).text
    plain = model(is_chat_model=False, max_tokens=4)
    assert "Paris" in plain.complete("The capital of France is").text
    assert list(plain.stream_complete("The capital of France is"))


@case("log probabilities")
def _() -> None:
    assert model(logprobs=True, top_logprobs=2).chat(ASK).logprobs


@case("stop, seed")
def _() -> None:
    assert model(additional_kwargs={"seed": 3, "stop": ["\n"]}).chat(ASK).message.content


@case("tools, auto, and the result sent back")
def _() -> None:
    reply = model().chat_with_tools([WEATHER], user_msg=BERN)
    calls = model().get_tool_calls_from_response(reply, error_on_no_tool_call=False)
    turns = [ChatMessage(role="user", content=BERN), reply.message]
    turns += [
        ChatMessage(role="tool", content="Sunny.", additional_kwargs={"tool_call_id": call.tool_id}) for call in calls
    ]
    assert model().chat_with_tools([WEATHER], chat_history=turns)


@case("tools, required")
def _() -> None:
    reply = model().chat_with_tools([WEATHER], user_msg=BERN, tool_required=True)
    (call,) = model().get_tool_calls_from_response(reply)
    assert call.tool_kwargs["city"]


@case("tools, required, streamed")
def _() -> None:
    *_, last = model().stream_chat_with_tools([WEATHER], user_msg=BERN, tool_required=True)
    assert model().get_tool_calls_from_response(last)[0].tool_kwargs["city"]


@case("predict_and_call")
def _() -> None:
    assert "Sunny" in str(model().predict_and_call([WEATHER], user_msg=BERN, tool_required=True))


@case("structured output by a function")
def _() -> None:
    assert isinstance(model().structured_predict(Place, PromptTemplate(FRANCE)), Place)


@case("structured output by a schema")
def _() -> None:
    made = model(should_use_structured_outputs=True).structured_predict(Place, PromptTemplate(FRANCE))
    assert isinstance(made, Place)


@case("as a structured model, streamed")
def _() -> None:
    assert isinstance(model().as_structured_llm(Place).chat(ASK).raw, Place)
    assert list(model().stream_structured_predict(Place, PromptTemplate(FRANCE)))


@case("refused: another model")
def _() -> None:
    with refused(404, "model_not_found"):
        model(model="gpt-5").chat(ASK)


@case("refused: a prompt beyond the context")
def _() -> None:
    with refused(says="context_length_exceeded"):
        model().chat([ChatMessage(role="user", content="word " * 9000)])


if __name__ == "__main__":
    run(*sys.argv[1:])
