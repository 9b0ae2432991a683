"""What the talks of all clients share: where the server is, what a case is, and how a refusal is told from a fault.

Runs in the clients' own environment, so it imports nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

ADDRESS = os.environ.get("TALK_ADDRESS", "http://127.0.0.1:8321/v1")
MODEL = os.environ.get("TALK_MODEL", "SmolLM2-135M-Instruct")
EMBEDDER = os.environ.get("TALK_EMBEDDER", "all-MiniLM-L6-v2")
FRANCE = "What is the capital of France?"
BERN = "How is the weather in Bern?"
PLACE = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 20}, "country": {"enum": ["France", "Italy"]}},
    "required": ["city", "country"],
    "additionalProperties": False,
}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
MADE = json.loads(os.environ.get("TALK_MADE", "[]"))
"""Names of requests that were right in an earlier run."""
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_CASES: dict[str, Callable[[], Any]] = {}


def case(name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Registers a request; one that returns is right, one that raises is wrong."""

    def register(ask: Callable[[], Any]) -> Callable[[], Any]:
        assert name not in _CASES, name
        _CASES[name] = ask
        return ask

    return register


@contextmanager
def refused(status: int = 400, says: str = "", kind: str = "invalid_request_error") -> Iterator[None]:
    """The request must be refused with ``status``, OpenAI's type of error, and words that name what is wrong."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - every client has errors of its own
        found = list(_chain(error))
        statuses = [getattr(each, "status_code", None) for each in found]
        told = " ".join(f"{each} {getattr(each, 'body', '')}" for each in found)
        assert status in statuses, f"status {statuses} instead of {status}: {told[:300]}"
        assert kind in told, f"no {kind}: {told[:300]}"
        assert says in told, f"says nothing of {says}: {told[:300]}"
    else:
        raise AssertionError("accepted what must be refused")


def check_call(name: str, arguments: str, expected: str = "weather") -> None:
    """The arguments of a call are those that the tool asks for."""
    assert name == expected, name
    assert isinstance(json.loads(arguments)["city"], str), arguments


def run(only: str = "") -> None:
    """Makes every request and prints one line of JSON for each."""
    for name, ask in _CASES.items():
        if only not in name or name in MADE:
            continue
        start, why = time.perf_counter(), ""
        try:
            ask()
        except Exception as error:  # noqa: BLE001 - a case may fail in any way, and the others go on
            why = f"{type(error).__name__}: {error}"[:600]
        seconds = round(time.perf_counter() - start, 2)
        print(json.dumps({"name": name, "right": not why, "why": why, "seconds": seconds}), flush=True)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
