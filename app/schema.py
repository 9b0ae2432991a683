"""The bodies of the HTTP API as its OpenAPI description tells them. The replies mirror the dataclasses of ``agents``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..retrieval import RETRIEVERS

Verb = Literal["callers", "callees", "definition", "subclasses", "references"]
QuestionText = Annotated[str, Field(json_schema_extra={"minLength": 1, "maxLength": 4000, "pattern": r"\S"})]
"""Described here, refused by the library: its sentence says more than a schema's."""


class Question(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    question: QuestionText
    write: bool = Field(False, description="Let the language model answer in its words, each sentence checked.")
    retriever: Annotated[str | None, Field(json_schema_extra={"enum": [*RETRIEVERS, "graph", None]})] = None


class GraphQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    cypher: str = Field(description="Read-only; everything else is refused.")
    params: dict[str, Any] = Field(default_factory=dict)
    max_rows: int = Field(200, ge=1, le=1000)


class SpanBody(BaseModel):
    document: str = Field(description="The document's uri, as /api/document takes it.")
    start: int
    end: int
    line: int
    end_line: int
    page: int | None


class EvidenceBody(BaseModel):
    quote: str
    score: float
    retriever: str
    why: str
    span: SpanBody | None = Field(description="Null for the rows of a query.")
    name: str
    heading: str
    kind: str
    key: int
    query: str = Field(description="The query that gave the rows; empty for text.")
    rows: list[list[Any]]


class CitationBody(BaseModel):
    number: int
    quote: str = Field(description="Verbatim: equals the stored text at evidence.span.")
    evidence: EvidenceBody
    verified: bool
    place: str = Field(description="name:line, or name, page n.")


class SentenceBody(BaseModel):
    text: str
    supported: bool
    citation: int | None


class StepBody(BaseModel):
    name: str
    detail: str
    seconds: float


class AnswerBody(BaseModel):
    question: str
    text: str
    status: Literal["quoted", "written", "rows", "not_found"]
    citations: list[CitationBody]
    sentences: list[SentenceBody]
    trace: list[StepBody]
    model: str
    metadata: dict[str, Any]


class RowsBody(BaseModel):
    columns: list[str]
    rows: list[list[Any]]
    truncated: bool
    seconds: float


class Excerpt(BaseModel):
    """``before + quote + after`` is a stretch of the stored text; its first line has the number ``first_line``."""

    uri: str
    name: str
    title: str
    media_type: str
    page: int | None = Field(description="Of the quote, where the document has pages.")
    start: int
    end: int
    first_line: int
    before: str
    quote: str
    after: str
    more_before: bool
    more_after: bool


class FailureDetail(BaseModel):
    what: str
    where: str
    fix: str
    kind: str = Field(description="An error of evidentia.errors, Refused, or Unexpected.")


class Failure(BaseModel):
    error: FailureDetail


class Health(BaseModel):
    status: Literal["ok"]
