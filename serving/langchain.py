"""Any language model of ours as a LangChain chat model. The only file of this folder that knows LangChain.

A local model with an engine is asked in process: calls of tools and structured output are held to their schemas by
constraints. What an endpoint can do is passed through to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import InputError, MissingExtra, ModelError
from .base import GREEDY, Completing, FunctionCall, FunctionTool, LanguageModel, Message, Sampling
from .engine.request import TokenUsage
from .talk import tools as offering
from .talk.calls import CallEnded, PartialCall, ToolOffer
from .talk.forms import Form, constraint
from .talk.text import ServedModel, TextPiece, ask, is_served

try:
    from langchain_core.callbacks import CallbackManagerForLLMRun
    from langchain_core.exceptions import OutputParserException
    from langchain_core.language_models import BaseChatModel, LanguageModelInput
    from langchain_core.messages import (
        AIMessage,
        AIMessageChunk,
        BaseMessage,
        ToolMessage,
        convert_to_openai_messages,
        message_chunk_to_message,
    )
    from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
    from langchain_core.messages.tool import tool_call_chunk
    from langchain_core.output_parsers import JsonOutputParser, PydanticOutputParser
    from langchain_core.output_parsers.openai_tools import make_invalid_tool_call, parse_tool_call
    from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
    from langchain_core.runnables import Runnable, RunnableLambda
    from langchain_core.tools import BaseTool
    from langchain_core.utils.function_calling import convert_to_json_schema, convert_to_openai_tool
    from pydantic import BaseModel
except ImportError as error:
    raise MissingExtra("langchain-core", "langchain") from error

_ROLES = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool"}
_PLAIN = ("human", "ai", "system")
_SAMPLING = ("max_tokens", "temperature", "top_p", "seed")


class ChatEvidentia(BaseChatModel):
    """A ``LanguageModel`` in LangChain's terms. ``max_tokens``, ``temperature``, ``top_p`` and ``seed`` may be bound
    or given with a call."""

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
        """``tool_choice`` is ``auto``, ``any`` or a tool's name. Raises ``ModelError`` for a model that cannot: a local
        one whose chat template shows no tools can be held to a call, but cannot choose to make one."""
        choice = _choice(tool_choice) if tool_choice else None
        if not isinstance(self.model, Completing) and not _can_call(self.model, choice):
            raise ModelError(
                "this local model does not call tools by itself",
                where=self.model.name,
                fix='demand a call with tool_choice="any", or set EVIDENTIA_ENDPOINT to a model that calls tools',
            )
        if choice:
            kwargs["tool_choice"] = choice
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, Any]:
        """Replies that follow ``schema``: a pydantic class gives its objects, anything else dictionaries. Local models
        are held to it token by token; raises ``InputError`` when asked, for a schema that cannot be enforced."""
        kwargs.pop("method", None)
        kwargs.pop("strict", None)
        if kwargs:
            raise InputError("that is not known here", where=", ".join(kwargs), fix="leave it out")
        described = convert_to_json_schema(schema)
        named = {"name": described.get("title", "reply"), "schema": described}
        held = self.bind(response_format={"type": "json_schema", "json_schema": named})
        parser: Any = JsonOutputParser()
        if isinstance(schema, type) and issubclass(schema, BaseModel):
            parser = PydanticOutputParser(pydantic_object=schema)
        found: Runnable[LanguageModelInput, Any] = held | parser
        return {"raw": held} | RunnableLambda(_parsed_beside(parser)) if include_raw else found

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        if isinstance(self.model, Completing):
            sampling, more = self._sampling(stop, kwargs)
            message: BaseMessage = _reply(self.model.complete(_openai(messages), sampling, **more))
        else:
            chunks = [chunk.message for chunk in self._stream(messages, stop, run_manager, **kwargs)]
            message = message_chunk_to_message(sum(chunks[1:], chunks[0]) if chunks else AIMessageChunk(content=""))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Piece by piece; a call arrives whole, and a reply of an endpoint that may hold calls as one chunk."""
        sampling, more = self._sampling(stop, kwargs)
        if isinstance(self.model, Completing) and (more or any(turn.type not in _PLAIN for turn in messages)):
            made: Iterator[AIMessageChunk] = iter(
                [_as_chunk(_reply(self.model.complete(_openai(messages), sampling, **more)))]
            )
        elif is_served(self.model):
            made = _stream_from_engine(self.model, messages, sampling, more)
        else:
            _refuse(more)
            made = (AIMessageChunk(content=piece) for piece in self.model.stream(_plain(messages), sampling))
        for message in made:
            chunk = ChatGenerationChunk(message=message)
            if run_manager and message.content:
                run_manager.on_llm_new_token(message.text, chunk=chunk)
            yield chunk

    def _sampling(self, stop: list[str] | None, given: Mapping[str, Any]) -> tuple[Sampling, dict[str, Any]]:
        """The settings of a call, and whatever else was given with it."""
        changed = {name: given[name] for name in _SAMPLING if given.get(name) is not None}
        sampling = replace(self.sampling, stop=(*self.sampling.stop, *(stop or ())), **changed)
        return sampling, {name: value for name, value in given.items() if name not in _SAMPLING}


def chat_model(model: LanguageModel, sampling: Sampling = GREEDY) -> ChatEvidentia:
    """The LangChain chat model over ``model``. It can be given to ``create_agent`` with tools over an endpoint, and
    over a local model whose chat template shows tools."""
    return ChatEvidentia(model=model, sampling=sampling)


def _stream_from_engine(
    model: ServedModel, messages: Sequence[BaseMessage], sampling: Sampling, more: dict[str, Any]
) -> Iterator[AIMessageChunk]:
    """Text as it comes, calls whole, and at the end what it took. LangChain would complete the arguments of a call that
    was cut off and run it, so that such a one is text."""
    offer, form = _read_request(model, more)
    prompt = offering.prompt(model, _turns(messages), offer.tools, held=offer.must)
    reply = ask(model, prompt, sampling, constraint=constraint(model, form), marks=offer.marks)
    calls: list[PartialCall] = []
    count = 0
    for part in offer.parts(iter(reply)):
        if isinstance(part, TextPiece):
            yield AIMessageChunk(content=part.text)
            continue
        call = offer.collect(calls, part)
        if isinstance(part, CallEnded) and _is_object(call.arguments):
            made = tool_call_chunk(name=call.name, args=call.arguments, id=call.id, index=count)
            yield AIMessageChunk(content="", tool_call_chunks=[made])
            count += 1
        elif isinstance(part, CallEnded):
            yield AIMessageChunk(content=f'{{"name": {json.dumps(call.name)}, "arguments": {call.arguments}')
    yield AIMessageChunk(
        content="",
        usage_metadata=_usage(reply.usage),
        response_metadata={
            "model_name": model.name,
            "finish_reason": "tool_calls" if count else reply.finish or "stop",
        },
        chunk_position="last",
    )


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _read_request(model: ServedModel, more: dict[str, Any]) -> tuple[ToolOffer, Form | None]:
    """The tools and the form that were bound. Raises ``InputError`` for what a local model cannot be asked."""
    functions = [tool["function"] for tool in more.pop("tools", ())]
    choice, format = more.pop("tool_choice", None), more.pop("response_format", None)
    _refuse(more)
    offered = [FunctionTool(each["name"], each.get("description", ""), each["parameters"]) for each in functions]
    named = [choice["function"]["name"]] if isinstance(choice, dict) else []
    strict = any(each.get("strict") for each in functions)
    offer = ToolOffer.of(offered, "required" if named else choice, named, strict=strict, one=False, format=model.tools)
    return offer, offer.form_beside(("json", format["json_schema"]["schema"]) if format else None)


def _refuse(more: Mapping[str, Any]) -> None:
    if more:
        raise InputError("a local model cannot be asked that", where=", ".join(more), fix="leave it out")


def _can_call(model: Any, choice: str | dict[str, Any] | None) -> bool:
    return is_served(model) and bool(model.tools or choice not in (None, "auto"))


def _usage(usage: TokenUsage) -> UsageMetadata:
    return UsageMetadata(
        input_tokens=usage.prompt,
        output_tokens=usage.written,
        total_tokens=usage.prompt + usage.written,
        input_token_details=InputTokenDetails(cache_read=usage.cached),
    )


def _parsed_beside(parser: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def parse(found: dict[str, Any]) -> dict[str, Any]:
        try:
            return {**found, "parsed": parser.invoke(found["raw"]), "parsing_error": None}
        except OutputParserException as error:
            return {**found, "parsed": None, "parsing_error": error}

    return parse


def _turns(messages: Sequence[BaseMessage]) -> list[Message]:
    return [
        Message(_role(turn), turn.text, _calls(turn), turn.tool_call_id if isinstance(turn, ToolMessage) else "")
        for turn in messages
    ]


def _calls(turn: BaseMessage) -> tuple[FunctionCall, ...]:
    made = turn.tool_calls if isinstance(turn, AIMessage) else []
    return tuple(
        FunctionCall(call["name"], json.dumps(call["args"], ensure_ascii=False), call["id"] or "") for call in made
    )


def _role(turn: BaseMessage) -> str:
    if turn.type not in _ROLES:
        raise InputError(f"a message of type {turn.type} is not known here", fix="send text")
    return _ROLES[turn.type]


def _plain(messages: Sequence[BaseMessage]) -> list[Message]:
    """Raises ``InputError`` for a message that only a tool-calling model understands."""
    if any(isinstance(turn, ToolMessage) for turn in messages):
        raise InputError("a message of type tool needs a model that calls tools", fix="set EVIDENTIA_ENDPOINT")
    return [Message(_role(turn), turn.text) for turn in messages]


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
