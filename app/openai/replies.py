"""What the OpenAI-compatible endpoints reply, for their description: only what every reply of a kind has is named here.
Knows nothing of models or HTTP.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class _Reply(BaseModel):
    id: str
    model: str


class UsageBody(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(0, ge=0)
    total_tokens: int = Field(ge=0)


class FunctionToCall(BaseModel):
    name: str
    arguments: str


class CallToMake(BaseModel):
    id: str
    type: Literal["function"]
    function: FunctionToCall


class ChatText(BaseModel):
    role: Literal["assistant", "user", "system", "tool"]
    content: str | None
    tool_calls: list[CallToMake] = []


class _Choice(BaseModel):
    index: int = Field(ge=0)
    logprobs: dict[str, Any] | None


class ChatChoice(_Choice):
    message: ChatText
    finish_reason: Literal["stop", "length", "tool_calls"]


class Chat(_Reply):
    object: Literal["chat.completion"]
    created: int
    choices: list[ChatChoice]
    usage: UsageBody


class CompletionChoice(_Choice):
    text: str
    finish_reason: Literal["stop", "length"]


class Completion(_Reply):
    object: Literal["text_completion"]
    created: int
    choices: list[CompletionChoice]
    usage: UsageBody


class ResponseUsage(BaseModel):
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    total_tokens: int = Field(ge=0)


class OutputItem(BaseModel):
    type: Literal["message", "function_call"]
    id: str
    status: Literal["completed", "incomplete"]


class Response(_Reply):
    object: Literal["response"]
    status: Literal["completed", "incomplete"]
    output: list[OutputItem]
    usage: ResponseUsage


class Embedding(BaseModel):
    object: Literal["embedding"]
    index: int = Field(ge=0)
    embedding: list[float] | str


class Embeddings(BaseModel):
    object: Literal["list"]
    model: str
    data: list[Embedding]
    usage: UsageBody


class Model(BaseModel):
    id: str
    object: Literal["model"]


class ModelList(BaseModel):
    object: Literal["list"]
    data: list[Model]


class OpenAIFailureDetail(BaseModel):
    message: str
    type: str
    param: str | None
    code: str


class OpenAIFailure(BaseModel):
    error: OpenAIFailureDetail
