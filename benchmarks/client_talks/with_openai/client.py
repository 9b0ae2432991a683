"""openai-python as all its talks ask it: the client, one short request of each endpoint, and the forms of replies."""

from __future__ import annotations

from typing import Any, Literal

import openai
from pydantic import BaseModel

from evidentia.benchmarks.client_talks.talk import ADDRESS, FRANCE, MODEL, PLACE

client = openai.OpenAI(base_url=ADDRESS, api_key="none", max_retries=0, timeout=600)
ASK: Any = [{"role": "user", "content": FRANCE}]
SHAPE: Any = {"type": "json_schema", "json_schema": {"name": "place", "schema": PLACE, "strict": True}}


class Place(BaseModel):
    city: str
    country: Literal["France", "Italy"]


def chat(**more: Any) -> Any:
    given = {"model": MODEL, "messages": ASK, "temperature": 0, "max_completion_tokens": 24, **more}
    return client.chat.completions.create(**given)


def respond(**more: Any) -> Any:
    return client.responses.create(
        **{"model": MODEL, "input": FRANCE, "temperature": 0, "max_output_tokens": 24, **more}
    )


def complete(**more: Any) -> Any:
    return client.completions.create(
        **{"model": MODEL, "prompt": "The capital of France is", "temperature": 0, "max_tokens": 4, **more}
    )
