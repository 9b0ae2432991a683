"""The bodies of the OpenAI-compatible requests: what is understood, what is harmless, and what must be refused.

A parameter that this server does not know is refused by its name, unless it is ``null``, stands at the value that
changes nothing, or only labels the request. Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue, models_json_schema
from pydantic_core import CoreSchema

from .harmless import INCLUDED, LABELS, OFF, SENT_BACK
from .response_items import ReadItem, read_item

MAX_CHOICES = 16
_Count = Annotated[int, Field(ge=1)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Penalty = Annotated[float, Field(ge=-2, le=2)]
_Seed = Annotated[int, Field(ge=-(2**63), lt=2**63)]
_Warmth = Annotated[float, Field(ge=0, le=2)]


class BodyPart(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    neutral: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """Values of parameters that are not understood at which they change nothing."""
    unread: ClassVar[frozenset[str]] = frozenset()
    """Parameters that change nothing at any value."""

    @model_validator(mode="before")
    @classmethod
    def _meaningful(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        return {
            name: value
            for name, value in raw.items()
            if value is not None
            and name not in cls.unread
            and not (name not in cls.model_fields and _stands_in(value, cls.neutral.get(name, ())))
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The description names the ``null`` and neutral values that are accepted."""
        schema = handler(core)
        described = handler.resolve_ref_schema(schema)
        properties = described.setdefault("properties", {})
        for name in properties.keys() - set(described.get("required", ())):
            properties[name] = {"anyOf": [properties[name], {"type": "null"}]}
        properties |= {name: {"enum": [*values, None]} for name, values in cls.neutral.items()}
        properties |= {name: {} for name in sorted(cls.unread)}
        described["additionalProperties"] = {"type": "null"}
        return schema


class ModelBody(BodyPart):
    model: str
    unread = LABELS


class Text(BodyPart):
    type: Literal["text", "input_text", "output_text"]
    text: str
    cache_control: dict[str, Any] | None = None
    """A hint that is not needed, here and below: what was read is kept anyway."""
    annotations: list[dict[str, Any]] = []
    """Of an earlier reply; not read."""
    unread = frozenset({"logprobs", "prompt_cache_breakpoint"})


class Refusal(BodyPart):
    """A part of an earlier reply, of a model that would not answer."""

    type: Literal["refusal"]
    refusal: str


Content = str | list[Annotated[Text | Refusal, Field(discriminator="type")]]


def text_of(content: Content) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.text if isinstance(part, Text) else part.refusal for part in content)


class CalledFunction(BodyPart):
    name: str
    arguments: str
    unread = SENT_BACK


class ToolCall(BodyPart):
    id: str = ""
    type: Literal["function"] = "function"
    function: CalledFunction
    index: int = 0
    """Of a call that was put together from a stream; not read."""
    unread = SENT_BACK


class ChatMessage(BodyPart):
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: Content = ""
    tool_calls: list[ToolCall] = []
    tool_call_id: str = ""
    name: Annotated[str, Field(max_length=256)] = ""
    cache_control: dict[str, Any] | None = None
    annotations: list[dict[str, Any]] = []
    reasoning_content: str = ""
    """Of an earlier reply; not read again, as reasoning models want it."""
    refusal: str = ""
    neutral = {"type": ("text", "message")}
    unread = SENT_BACK


class Function(BodyPart):
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_.-]{1,64}$")]
    description: str = ""
    parameters: dict[str, Any] = {"type": "object", "properties": {}}
    strict: bool = False


class ChatTool(BodyPart):
    type: Literal["function"]
    function: Function
    cache_control: dict[str, Any] | None = None


class NamedFunction(BodyPart):
    name: str


class NamedTool(BodyPart):
    type: Literal["function"]
    function: NamedFunction


class AllowedFunctions(BodyPart):
    mode: Literal["auto", "required"]
    tools: Annotated[list[NamedTool], Field(min_length=1)]


class AllowedTools(BodyPart):
    type: Literal["allowed_tools"]
    allowed_tools: AllowedFunctions


class NamedSchema(BodyPart):
    name: str
    description: str = ""
    schema_: dict[str, Any] = Field({}, alias="schema")
    strict: bool = False


class ChatFormat(BodyPart):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: NamedSchema | None = None


class StreamOptions(BodyPart):
    include_usage: bool = False
    neutral = {"include_obfuscation": (False, True)}


class TableForm(BodyPart):
    """One table with these columns."""

    columns: Annotated[list[str], Field(min_length=1, max_length=64)]
    syntax: Literal["markdown", "html", "latex"] = "markdown"
    rows: Annotated[list[Annotated[int, Field(ge=0, le=1000)]], Field(min_length=2, max_length=2)] = [1, 50]
    """At least and at most."""
    patterns: dict[str, str] = {}
    """By column, what its cells match."""


class Structured(BodyPart):
    """vLLM's name for a reply that is held to a form; exactly one is given. ``quote``: the reply is one stretch of
    one of the texts, token for token; ``sentence``: it is one of them, whole."""

    json_: dict[str, Any] | str | None = Field(None, alias="json")
    any_order: bool | Literal["auto"] = Field(
        False,
        description="Of json: properties may come in any order, not only in the schema's; auto: where nobody chose it.",
    )
    regex: str | None = None
    choice: list[str] | None = None
    grammar: str | None = None
    quote: list[str] | None = None
    sentence: list[str] | None = None
    table: TableForm | None = None


class Prediction(BodyPart):
    """A text that most of the reply is likely to repeat."""

    type: Literal["content"]
    content: Content


class Writing(ModelBody):
    """The parameters that chat and plain completions share."""

    max_tokens: _Count | None = None
    temperature: _Warmth = 1.0
    top_p: _Share = 1.0
    stop: str | list[str] = []
    seed: _Seed | None = None
    n: Annotated[int, Field(ge=1, le=MAX_CHOICES)] = 1
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    structured_outputs: Structured | None = None
    presence_penalty: _Penalty = 0.0
    frequency_penalty: _Penalty = 0.0
    repetition_penalty: Annotated[float, Field(ge=0.01, le=10)] = 1.0
    logit_bias: dict[str, Annotated[float, Field(ge=-100, le=100)]] = {}
    top_k: Annotated[int, Field(ge=-1)] = 0
    min_p: _Share = 0.0
    typical_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    min_tokens: Annotated[int, Field(ge=0)] = 0
    stop_token_ids: list[Annotated[int, Field(ge=0)]] = []
    ignore_eos: bool = False
    echo: bool = Field(False, description="Plain: the prompt comes first; chat: the last message, if it is continued.")
    prompt_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None


class ChatBody(Writing):
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    max_completion_tokens: _Count | None = None
    logprobs: bool = False
    top_logprobs: Annotated[int, Field(ge=0, le=20)] = 0
    response_format: ChatFormat | None = None
    tools: list[ChatTool] = []
    tool_choice: Literal["none", "auto", "required"] | NamedTool | AllowedTools | None = None
    parallel_tool_calls: bool = True
    prediction: Prediction | None = None
    chat_template_kwargs: dict[str, Any] = {}
    continue_final_message: bool = False
    add_generation_prompt: bool = True
    neutral = {
        **OFF,
        "add_special_tokens": (False,),
        "modalities": (["text"],),
        "reasoning_effort": ("none",),
        "verbosity": ("medium",),
    }


class CompletionBody(Writing):
    prompt: str | list[str] | list[int] | list[list[int]]
    max_tokens: Annotated[int, Field(ge=0)] = 16
    logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    neutral = {**OFF, "add_special_tokens": (True,), "suffix": ("",)}


class ResponseFormat(BodyPart):
    type: Literal["text", "json_object", "json_schema"]
    name: str = ""
    description: str = ""
    schema_: dict[str, Any] = Field({}, alias="schema")
    strict: bool = False


class ResponseText(BodyPart):
    format: ResponseFormat = ResponseFormat.model_validate({"type": "text"})
    neutral = {"verbosity": ("medium",)}


class ResponseTool(Function):
    type: Literal["function"]


class ResponseNamedTool(BodyPart):
    type: Literal["function"]
    name: str


class ResponseAllowedTools(BodyPart):
    type: Literal["allowed_tools"]
    mode: Literal["auto", "required"]
    tools: Annotated[list[ResponseNamedTool], Field(min_length=1)]


class ResponseItem(BodyPart):
    """One item of a conversation: a message, a call, what a call gave, or thoughts, which are not read again."""

    type: ReadItem = "message"
    id: str = ""
    status: str = ""
    role: Literal["system", "developer", "user", "assistant"] | None = None
    content: Content = ""
    call_id: str = ""
    name: str = ""
    arguments: str = "{}"
    output: Content = ""
    unread = frozenset({"phase"})
    neutral = {"caller": ({"type": "direct"},), "async": (False,)}
    _by_type = model_validator(mode="before")(read_item)


class ResponseBody(ModelBody):
    input: str | list[ResponseItem]
    instructions: str = ""
    max_output_tokens: _Count | None = None
    temperature: _Warmth = 1.0
    top_p: _Share = 1.0
    top_logprobs: Annotated[int, Field(ge=0, le=20)] = 0
    include: list[Literal["message.output_text.logprobs"] | INCLUDED] = []
    text: ResponseText = ResponseText()
    tools: list[ResponseTool] = []
    tool_choice: Literal["none", "auto", "required"] | ResponseNamedTool | ResponseAllowedTools | None = None
    parallel_tool_calls: bool = True
    stream: bool = False
    stream_options: StreamOptions = StreamOptions()
    neutral = {"background": (False,), "truncation": ("disabled",), "reasoning": ({}, {"effort": "none"})}


class EmbeddingBody(ModelBody):
    input: str | list[str] | list[int] | list[list[int]]
    dimensions: _Count | None = None
    encoding_format: Literal["float", "base64"] = "float"


class TokenizeBody(ModelBody):
    model: str = ""
    prompt: str | None = None
    messages: list[ChatMessage] = []
    add_generation_prompt: bool = True
    continue_final_message: bool = False
    chat_template_kwargs: dict[str, Any] = {}
    neutral = {"add_special_tokens": (False, True), "return_token_strs": (False,)}


class DetokenizeBody(ModelBody):
    model: str = ""
    tokens: list[int]


REFERENCE = "#/components/schemas/{model}"


def bodies_described(models: Sequence[str], embedder: str) -> dict[str, Any]:
    """The schemas of the bodies and of their parts by name, for the description of a server of these two."""
    served: dict[type[BaseModel], Sequence[str]] = {
        ChatBody: models,
        CompletionBody: models[:1],
        ResponseBody: models,
        EmbeddingBody: (embedder,),
    }
    _, found = models_json_schema([(body, "validation") for body in served], ref_template=REFERENCE)
    schemas: dict[str, Any] = found["$defs"]
    for body, names in served.items():
        schemas[body.__name__]["properties"]["model"] = {"enum": list(names)}
    return schemas


def _stands_in(value: Any, values: tuple[Any, ...]) -> bool:
    """``False`` is no 0 here."""
    return any(value == other and isinstance(value, bool) == isinstance(other, bool) for other in values)
