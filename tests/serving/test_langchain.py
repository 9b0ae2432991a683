"""Our models as LangChain chat models, up to an agent that calls a tool through an endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from evidentia.errors import InputError, ModelError
from evidentia.serving.endpoint import EndpointModel
from evidentia.serving.scripted import ByteModel, ScriptedModel

pytest.importorskip("langchain_core", reason="the extra langchain is not installed")

from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool

from evidentia.serving.langchain import chat_model


@tool
def damping(function: str) -> str:
    """The damping factor of a function."""
    return f"{function}: 0.85"


class Recorded(EndpointModel):
    """An endpoint whose replies are given: the HTTP side has tests of its own."""

    def __init__(self, *replies: dict[str, Any]) -> None:
        super().__init__("some-model", "http://localhost/v1", key="k")
        self.replies, self.requests = iter(replies), []

    def complete(self, messages: Any, sampling: Any = None, **extra: Any) -> dict[str, Any]:
        self.requests.append({"messages": list(messages), **extra})
        return next(self.replies)


CALL = {"id": "c1", "type": "function", "function": {"name": "damping", "arguments": '{"function": "pagerank"}'}}
CALLING, ANSWER = {"content": None, "tool_calls": [CALL]}, {"content": "It is 0.85."}


@pytest.fixture
def calling() -> Iterator[Recorded]:
    model = Recorded(CALLING, ANSWER)
    yield model
    model.close()


def test_invoke_passes_roles_and_stop_on() -> None:
    model = ScriptedModel(lambda messages: "one two three")
    reply = chat_model(model).invoke([SystemMessage("Be brief."), HumanMessage("Why?")], stop=["three"])
    assert reply.text == "one two "
    assert [(turn.role, turn.content) for turn in model.asked[0]] == [("system", "Be brief."), ("user", "Why?")]


def test_stream_yields_the_pieces_of_the_model() -> None:
    pieces = [chunk.text for chunk in chat_model(ScriptedModel(["one two"])).stream("Why?")]
    assert [piece for piece in pieces if piece] == ["one ", "two"]


def test_a_local_model_refuses_tools_clearly() -> None:
    for model in (ScriptedModel([]), ByteModel()):
        with pytest.raises(ModelError, match="does not call tools"):
            chat_model(model).bind_tools([damping])


def test_a_local_model_refuses_the_messages_of_tools() -> None:
    with pytest.raises(InputError, match="type tool"):
        chat_model(ScriptedModel(["x"])).invoke([HumanMessage("?"), ToolMessage("0.85", tool_call_id="1")])


def test_tool_calls_of_an_endpoint_become_those_of_langchain(calling: Recorded) -> None:
    reply = chat_model(calling).bind_tools([damping], tool_choice="damping").invoke("What is it?")
    assert reply.tool_calls == [{"name": "damping", "args": {"function": "pagerank"}, "id": "c1", "type": "tool_call"}]
    request = calling.requests[0]
    assert request["tools"][0]["function"]["name"] == "damping"
    assert request["tool_choice"] == {"type": "function", "function": {"name": "damping"}}


def test_a_streamed_tool_call_is_whole(calling: Recorded) -> None:
    whole: AIMessageChunk | None = None
    for chunk in chat_model(calling).bind_tools([damping]).stream("What is it?"):
        whole = chunk if whole is None else whole + chunk
    assert whole is not None
    assert [call["args"] for call in whole.tool_calls] == [{"function": "pagerank"}]


def test_arguments_that_are_no_json_are_kept_as_an_invalid_call() -> None:
    broken = {"content": "", "tool_calls": [{**CALL, "function": {"name": "damping", "arguments": "{oops"}}]}
    model = Recorded(broken)
    reply = chat_model(model).bind_tools([damping]).invoke("What is it?")
    model.close()
    assert reply.tool_calls == []
    assert [call["args"] for call in reply.invalid_tool_calls] == ["{oops"]


@pytest.mark.slow
def test_an_agent_of_langchain_calls_our_tool_through_an_endpoint(calling: Recorded) -> None:
    agents = pytest.importorskip("langchain.agents", reason="the extra langchain is not installed")
    agent = agents.create_agent(chat_model(calling), tools=[damping])
    result = agent.invoke({"messages": [HumanMessage("What is the damping factor of pagerank?")]})
    assert result["messages"][-1].text == "It is 0.85."
    sent = calling.requests[1]["messages"]
    assert [turn["role"] for turn in sent] == ["user", "assistant", "tool"]
    assert sent[2]["content"] == "pagerank: 0.85"
    assert json.loads(sent[1]["tool_calls"][0]["function"]["arguments"]) == {"function": "pagerank"}
