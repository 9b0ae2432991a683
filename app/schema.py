"""The bodies of the HTTP API as its OpenAPI description tells them. Where the package's own
dataclasses say it already, the description is made from them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..agents.answer import FitLevel, Sentence, Status, Step
from ..corpus.document import Evidence
from ..retrieval import RETRIEVERS

QuestionText = Annotated[str, Field(json_schema_extra={"minLength": 1, "pattern": r"\S"})]
"""Described here, refused by the library: its sentence says more than a schema's. ``limit_questions`` adds how long it
may be."""


class LibraryBody(BaseModel):
    """Nothing unknown, nothing converted, and text that can be written as UTF-8."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _encodable(cls, raw: Any) -> Any:
        try:
            json.dumps(raw, ensure_ascii=False, default=str).encode()
        except (UnicodeEncodeError, RecursionError) as error:
            raise ValueError("it holds half of a surrogate pair, or is nested too deeply") from error
        return raw


RETRIEVER = "A name, or several put together, such as: lexical % 20 + dense >> reader."


class QuestionBody(LibraryBody):
    question: QuestionText
    write: bool = Field(False, description="Let the language model answer in its own words, each sentence checked.")
    retriever: Annotated[str | None, Field(description=RETRIEVER, examples=[*RETRIEVERS, "graph"])] = None
    where: list[str] = Field(
        default_factory=list, description="The only folders, files or patterns that are searched; all when empty."
    )


def limit_questions(description: dict[str, Any], most: int) -> None:
    """Writes into the description of the API that a question has at most ``most`` characters."""
    in_query = description["paths"]["/api/search"]["get"]["parameters"]
    described = [each["schema"] for each in in_query if each["name"] == "question"]
    bodies = (description["components"]["schemas"][name] for name in ("QuestionBody", "GraphQuestionBody"))
    for schema in (*described, *(body["properties"]["question"] for body in bodies)):
        schema["maxLength"] = most


class GraphQuestionBody(LibraryBody):
    question: QuestionText
    write: bool = Field(False, description="Let the language model write the query.")


class GraphQuery(LibraryBody):
    cypher: str = Field(min_length=1, description="Read-only; everything else is refused.")
    params: dict[str, Any] = Field(default_factory=dict)
    max_rows: int = Field(200, ge=1, le=1000)


class CitationBody(BaseModel):
    number: int
    quote: str = Field(description="Verbatim: equals the stored text at evidence.span.")
    evidence: Evidence
    verified: bool
    focus: list[tuple[int, int]] = Field(
        description="Characters of quote that were chosen, where it holds what stands around them too."
    )
    place: str = Field(description="name:line, or name, page n.")


class AnswerBody(BaseModel):
    question: str
    text: str
    status: Status
    short: str = Field(description="The few words that answer, verbatim from the first citation, or empty.")
    fit: FitLevel = Field(description="How well the first citation fits the question; no: it is only close.")
    reasons: list[str] = Field(description="Why the fit is not better.")
    notes: list[str] = Field(description="What to know about the library: that it is unfinished, or damaged.")
    citations: list[CitationBody]
    sentences: list[Sentence]
    trace: list[Step]
    model: str
    metadata: dict[str, Any]


class Listed(BaseModel):
    uri: str
    name: str
    title: str
    removable: bool = Field(description="It was handed over here, and DELETE /api/document deletes it.")


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
    damaged: bool = Field(description="The stored text is not what was read.")


class FailureDetail(BaseModel):
    what: str
    where: str
    fix: str
    kind: str = Field(description="An error of evidentia.errors, Refused, or Unexpected.")


class FailureBody(BaseModel):
    error: FailureDetail


class Health(BaseModel):
    status: Literal["ok"]
