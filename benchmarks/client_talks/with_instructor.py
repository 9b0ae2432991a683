"""instructor: each of its modes that an OpenAI-compatible server can be asked in."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import instructor
import openai
from pydantic import BaseModel, Field

from evidentia.benchmarks.client_talks.talk import ADDRESS, FRANCE, MODEL, case, refused, run

ASK: Any = [{"role": "user", "content": FRANCE}]


class Place(BaseModel):
    city: Annotated[str, Field(max_length=20)]
    country: Literal["France", "Italy"]


def client(mode: instructor.Mode) -> Any:
    return instructor.from_openai(openai.OpenAI(base_url=ADDRESS, api_key="none", max_retries=0), mode=mode)


def make(mode: instructor.Mode, **more: Any) -> Any:
    given = {"model": MODEL, "messages": ASK, "response_model": Place, "temperature": 0, "max_tokens": 60, **more}
    return client(mode).chat.completions.create(max_retries=1, **given)


@case("tools")
def _() -> None:
    assert isinstance(make(instructor.Mode.TOOLS), Place)


@case("strict tools")
def _() -> None:
    assert isinstance(make(instructor.Mode.TOOLS_STRICT), Place)


@case("JSON schema")
def _() -> None:
    assert isinstance(make(instructor.Mode.JSON_SCHEMA), Place)


@case("JSON: an object, whatever the small model puts in it")
def _() -> None:
    text = str(make(instructor.Mode.JSON, response_model=None, response_format={"type": "json_object"}))
    assert "{" in text


@case("parallel tools")
def _() -> None:
    made = list(make(instructor.Mode.PARALLEL_TOOLS, response_model=Iterable[Place]))
    assert all(isinstance(one, Place) for one in made)


@case("partial, streamed")
def _() -> None:
    for mode in (instructor.Mode.TOOLS, instructor.Mode.JSON_SCHEMA):
        *_, last = client(mode).chat.completions.create_partial(
            model=MODEL, messages=ASK, response_model=Place, temperature=0, max_tokens=60
        )
        assert last.country in ("France", "Italy")


@case("several, streamed")
def _() -> None:
    made = client(instructor.Mode.TOOLS).chat.completions.create_iterable(
        model=MODEL, messages=ASK, response_model=Place, temperature=0, max_tokens=120
    )
    assert all(isinstance(one, Place) for one in made)


@case("with the completion")
def _() -> None:
    made, raw = client(instructor.Mode.TOOLS).chat.completions.create_with_completion(
        model=MODEL, messages=ASK, response_model=Place, temperature=0, max_tokens=60
    )
    assert made
    assert raw.usage.completion_tokens


@case("asked again after a reply that its validator turns down")
def _() -> None:
    from pydantic import field_validator

    seen: list[str] = []

    class Picky(Place):
        @field_validator("city")
        @classmethod
        def _second(cls, city: str) -> str:
            seen.append(city)
            if len(seen) == 1:
                raise ValueError("another city")
            return city

    for mode in (instructor.Mode.TOOLS, instructor.Mode.JSON_SCHEMA):
        seen.clear()
        made = client(mode).chat.completions.create(
            model=MODEL, messages=ASK, response_model=Picky, temperature=0, max_tokens=60, max_retries=2
        )
        assert isinstance(made, Picky)
        assert len(seen) == 2


@case("by responses")
def _() -> None:
    made = client(instructor.Mode.RESPONSES_TOOLS).responses.create(
        model=MODEL, input=FRANCE, response_model=Place, temperature=0, max_output_tokens=60
    )
    assert isinstance(made, Place)


@case("refused: another model")
def _() -> None:
    with refused(404, "model_not_found"):
        make(instructor.Mode.TOOLS, model="gpt-5")


if __name__ == "__main__":
    run(*sys.argv[1:])
