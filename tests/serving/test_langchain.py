"""Our models as LangChain chat models, up to an agent that calls a tool through an endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

import pytest

from evidentia.errors import InputError, ModelError
from evidentia.serving.base import Sampling
from evidentia.serving.models.endpoint import EndpointModel
from evidentia.serving.models.scripted import ByteModel, ScriptedModel

pytest.importorskip("langchain_core", reason="the extra langchain is not installed")

from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel

from evidentia.serving.langchain import chat_model


@tool
def damping(function: str) -> str:
    """The damping factor of a function."""
    return f"{function}: 0.85"


@tool
def rate(answer: Literal["yes", "no"]) -> str:
    """Rate it."""
    return answer


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


class Verdict(BaseModel):
    """A verdict."""

    answer: Literal["yes", "no"]


NOISE = Sampling(max_tokens=500, temperature=1.0, seed=3)


def test_structured_output_of_a_local_model_follows_the_class() -> None:
    found = chat_model(ByteModel(), NOISE).with_structured_output(Verdict).invoke("Well?")
    assert isinstance(found, Verdict)
    assert found.answer in ("yes", "no")


def test_structured_output_of_a_schema_is_a_dictionary_with_the_raw_reply_beside_it() -> None:
    schema = {"title": "verdict", **Verdict.model_json_schema(), "additionalProperties": False}
    found = chat_model(ByteModel(), NOISE).with_structured_output(schema, include_raw=True).invoke("Well?")
    assert found["parsed"]["answer"] in ("yes", "no")
    assert found["parsing_error"] is None
    assert isinstance(found["raw"], AIMessage)


def test_structured_output_that_was_cut_short_is_an_error_beside_the_raw_reply() -> None:
    cut = chat_model(ByteModel(), Sampling(max_tokens=3))
    found = cut.with_structured_output(Verdict, include_raw=True).invoke("Well?")
    assert found["parsed"] is None
    assert found["parsing_error"] is not None


@pytest.mark.parametrize("choice", ["any", "rate"])
@pytest.mark.parametrize("shows_tools", [False, True])
def test_a_local_model_is_held_to_a_demanded_call(choice: str, shows_tools: bool) -> None:
    bound = chat_model(ByteModel(tools=shows_tools), NOISE).bind_tools([rate], tool_choice=choice)
    reply = bound.invoke("Well?")
    (call,) = reply.tool_calls
    assert call["name"] == "rate"
    assert call["args"]["answer"] in ("yes", "no")
    assert reply.response_metadata["finish_reason"] == "tool_calls"


def test_a_local_model_whose_template_shows_tools_calls_them_freely() -> None:
    text = 'Hm. <tool_call>{"name": "damping", "arguments": {"function": "pagerank"}}</tool_call>'
    reply = chat_model(ByteModel(replies=[text], tools=True)).bind_tools([damping]).invoke("What is it?")
    assert reply.text == "Hm. "
    assert reply.tool_calls[0]["args"] == {"function": "pagerank"}


def test_a_call_of_a_local_model_that_was_cut_off_is_text_not_a_call() -> None:
    text = '<tool_call>{"name": "damping", "arguments": {"function": "pagerank"}}</tool_call>'
    reply = chat_model(ByteModel(replies=[text], tools=True)).bind_tools([damping]).invoke("What is it?", max_tokens=60)
    assert reply.text == '{"name": "damping", "arguments": {"function": "pa'
    assert not reply.tool_calls
    assert reply.response_metadata["finish_reason"] == "length"


def test_a_local_stream_tells_at_its_end_what_it_took() -> None:
    chunks = list(chat_model(ByteModel(replies=["Yes."])).stream("Why?"))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole = whole + chunk
    assert whole.text == "Yes."
    assert whole.usage_metadata["output_tokens"] == 4
    assert whole.response_metadata["finish_reason"] == "stop"


def test_sampling_may_be_given_with_a_call() -> None:
    model = ByteModel(replies=["one END two"])
    reply = chat_model(model).bind(seed=5, temperature=0.5).invoke("Why?", stop=["END"], max_tokens=30)
    sampling = model.engine.asked[0].sampling
    assert reply.text == "one "
    assert (sampling.seed, sampling.temperature, sampling.max_tokens) == (5, 0.5, 30)


def test_what_a_local_model_cannot_be_asked_is_refused() -> None:
    with pytest.raises(InputError, match="logit_bias"):
        chat_model(ByteModel()).invoke("Why?", logit_bias={})


def test_leaving_a_local_stream_stops_the_engine() -> None:
    model = ByteModel(replies=["x" * 3000])
    stream = chat_model(model).stream("Why?")
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert model.engine.open == 0


@pytest.mark.slow
def test_an_agent_of_langchain_calls_our_tool_through_a_local_model() -> None:
    agents = pytest.importorskip("langchain.agents", reason="the extra langchain is not installed")
    call = '<tool_call>{"name": "damping", "arguments": {"function": "pagerank"}}</tool_call>'
    model = ByteModel(replies=[call, "It is 0.85."], tools=True)
    agent = agents.create_agent(chat_model(model), tools=[damping])
    result = agent.invoke({"messages": [HumanMessage("What is the damping factor of pagerank?")]})
    assert result["messages"][-1].text == "It is 0.85."
    assert "tool: pagerank: 0.85" in model.decode(model.engine.asked[1].prompt)


def test_structured_output_is_passed_on_to_an_endpoint(calling: Recorded) -> None:
    calling.replies = iter([{"content": '{"answer": "yes"}'}])
    assert chat_model(calling).with_structured_output(Verdict).invoke("Well?") == Verdict(answer="yes")
    assert calling.requests[0]["response_format"]["json_schema"]["name"] == "Verdict"


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
