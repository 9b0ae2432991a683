"""Any language model of ours as a LangChain chat model. The only file of this folder that knows LangChain.

Tool calls are passed through to endpoints; local models are not asked to make them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError, MissingExtra, ModelError
from .base import GREEDY, LanguageModel, Message, Sampling
from .endpoint import EndpointModel

try:
    from langchain_core.callbacks import CallbackManagerForLLMRun
    from langchain_core.exceptions import OutputParserException
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, convert_to_openai_messages
    from langchain_core.messages.tool import tool_call_chunk
    from langchain_core.output_parsers.openai_tools import make_invalid_tool_call, parse_tool_call
    from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
    from langchain_core.runnables import Runnable
    from langchain_core.tools import BaseTool
    from langchain_core.utils.function_calling import convert_to_openai_tool
except ImportError as error:
    raise MissingExtra("langchain-core", "langchain") from error

_ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class ChatEvidentia(BaseChatModel):
    """A ``LanguageModel`` in LangChain's terms: ``invoke``, ``stream``, ``stop``; ``bind_tools`` for endpoints."""

    model: Any
    """The ``LanguageModel``."""
    sampling: Sampling = GREEDY

    @property
    def _llm_type(self) -> str:
        return "evidentia"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.model.name}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Raises ``ModelError`` for a local model."""
        if not isinstance(self.model, EndpointModel):
            raise ModelError(
                "a local model does not call tools",
                where=self.model.name,
                fix="set EVIDENTIA_ENDPOINT and EVIDENTIA_MODEL to a model that does",
            )
        if tool_choice:
            kwargs["tool_choice"] = _choice(tool_choice)
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        if isinstance(self.model, EndpointModel):
            message = _reply(self.model.complete(_openai(messages), self._sampling(stop), **kwargs))
        else:
            message = AIMessage(content="".join(self.model.stream(_plain(messages), self._sampling(stop))))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Piece by piece; a reply of an endpoint that may hold tool calls arrives as one chunk."""
        if isinstance(self.model, EndpointModel) and (kwargs or any(turn.type not in _ROLES for turn in messages)):
            message = _reply(self.model.complete(_openai(messages), self._sampling(stop), **kwargs))
            yield ChatGenerationChunk(message=_as_chunk(message))
            return
        for piece in self.model.stream(_plain(messages), self._sampling(stop)):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
            if run_manager:
                run_manager.on_llm_new_token(piece, chunk=chunk)
            yield chunk

    def _sampling(self, stop: list[str] | None) -> Sampling:
        return replace(self.sampling, stop=(*self.sampling.stop, *(stop or ())))


def chat_model(model: LanguageModel, sampling: Sampling = GREEDY) -> ChatEvidentia:
    """The LangChain chat model over ``model``; over an endpoint it can be given to ``create_agent`` with tools."""
    return ChatEvidentia(model=model, sampling=sampling)


def _plain(messages: Sequence[BaseMessage]) -> list[Message]:
    """Raises ``InputError`` for a message that only a tool-calling model understands."""
    if other := next((turn.type for turn in messages if turn.type not in _ROLES), None):
        raise InputError(f"a message of type {other} needs a model that calls tools", fix="set EVIDENTIA_ENDPOINT")
    return [Message(_ROLES[turn.type], turn.text) for turn in messages]


def _openai(messages: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    turns = convert_to_openai_messages(messages)
    return turns if isinstance(turns, list) else [turns]


def _reply(message: dict[str, Any]) -> AIMessage:
    """Calls whose arguments are not JSON stay visible as invalid ones, so that an agent can ask again."""
    calls, broken = [], []
    for raw in message.get("tool_calls") or ():
        try:
            calls.append(parse_tool_call(raw, return_id=True))
        except OutputParserException as error:
            broken.append(make_invalid_tool_call(raw, str(error)))
    return AIMessage(content=message.get("content") or "", tool_calls=calls, invalid_tool_calls=broken)


def _as_chunk(message: AIMessage) -> AIMessageChunk:
    calls = [(call["name"], json.dumps(call["args"]), call["id"]) for call in message.tool_calls]
    calls += [(call["name"] or "", call["args"] or "", call["id"]) for call in message.invalid_tool_calls]
    chunks = [tool_call_chunk(name=name, args=args, id=id, index=at) for at, (name, args, id) in enumerate(calls)]
    return AIMessageChunk(content=message.content, tool_call_chunks=chunks)


def _choice(choice: str) -> str | dict[str, Any]:
    """LangChain's name of a tool, or its ``any``, in the endpoint's terms."""
    if choice == "any":
        return "required"
    return choice if choice in ("auto", "none", "required") else {"type": "function", "function": {"name": choice}}
