"""The loop of a model that is strong enough to plan: it calls our tools until it answers or its budget is spent.

Whatever a tool returns is kept as evidence, so that what the model says at the end is checked like any written answer.
Small local models never come here (``LanguageModel.plans``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..corpus.cancellation import check
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..corpus.tokens import tokens
from ..errors import EvidentiaError, InputError
from ..registry import check_name
from ..retrieval.base import Retriever
from ..serving.base import Completing
from ..settings import Settings
from .tools.asked import AskedGraph, AskedKnowledge, AskedTables
from .tools.library import TOOLS, offered_at, run
from .tools.tool import SearchRoom, Tool

LONGEST = 60
"""Lines of a result that the model reads."""

_SYSTEM = (
    "You answer questions about a library of documents and code. Find evidence with the tools first; never answer from "
    "memory. Answer in a few short sentences in the words of the evidence. If the tools find nothing, say: Not found."
)

Turn = dict[str, Any]
"""One message in the shape of the OpenAI schema."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one question may cost. Whichever runs out first ends the loop before the next reply is asked
    for."""

    steps: int = 8
    """Replies of the model, the last one included."""
    tokens: int = 100_000
    """Tokens that the model reads and writes in all its replies, by the estimate of ``corpus/tokens.py``."""
    seconds: float = 180

    @classmethod
    def of(cls, settings: Settings) -> Budget:
        return cls(settings.plan_steps, settings.plan_tokens, settings.plan_seconds)


@dataclass(frozen=True, slots=True)
class Room:
    """The parts of a library that the tools of one question look things up in."""

    store: Store
    graph: AskedGraph
    knowledge: AskedKnowledge
    tables: AskedTables
    retriever: Retriever

    def search(self, question: str, k: int = 10, retriever: str = "fused") -> list[Evidence]:
        return self.retriever.search(question, k)


@dataclass
class Transcript:
    """The outcome of a loop."""

    evidence: list[Evidence]
    """What it was given, and what its tools have found."""
    text: str = ""
    """The model's last word; empty where the budget was spent before it."""
    calls: list[str] = field(default_factory=list)
    ended: Literal["answered", "steps", "tokens", "seconds"] = "steps"
    """Why it ended: with an answer, or which part of the budget was spent."""


def answer_with_tools(
    model: Completing,
    question: str,
    room: SearchRoom,
    budget: Budget,
    evidence: Sequence[Evidence] = (),
    tools: Sequence[str] = (*offered_at("loop"),),
) -> Transcript:
    """Lets the model call tools until it answers or the budget is spent. Raises ``ModelError`` when the model fails. An
    error of a tool goes back to the model as text, so that it can try another way."""
    offered = {name: TOOLS[name] for name in tools}
    schemas = [_schema(tool) for tool in offered.values()]
    turns: list[Turn] = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": question}]
    done = Transcript(list(evidence))
    until, spent, per_turn = time.monotonic() + budget.seconds, 0, _size(schemas)
    for _ in range(budget.steps):
        check()
        spent += per_turn + sum(map(_size, turns))
        if spent > budget.tokens:
            done.ended = "tokens"
            break
        if time.monotonic() > until:
            done.ended = "seconds"
            break
        reply = model.complete(turns, tools=schemas)
        spent += _size(reply)
        calls = reply.get("tool_calls") or ()
        if not calls:
            done.text, done.ended = str(reply.get("content") or ""), "answered"
            break
        # What a server adds to its reply, another may refuse.
        turns.append({"role": "assistant", "content": reply.get("content"), "tool_calls": reply["tool_calls"]})
        turns += [_result(call, offered, room, done) for call in calls]
    return done


def _result(call: Mapping[str, Any], offered: Mapping[str, Tool], room: SearchRoom, done: Transcript) -> Turn:
    """The turn that answers one call."""
    function = call.get("function") or {}
    name, given = str(function.get("name")), str(function.get("arguments") or "{}")
    try:
        content = _run_tool(name, given, offered, room, done)
    except EvidentiaError as error:
        content = f"error: {error}"
    return {"role": "tool", "tool_call_id": str(call.get("id") or ""), "content": content}


def _run_tool(name: str, given: str, offered: Mapping[str, Tool], room: SearchRoom, done: Transcript) -> str:
    check_name("tool", name, offered)
    try:
        arguments = json.loads(given)
    except (ValueError, RecursionError) as error:
        raise InputError("the arguments are not JSON", where=given, fix="send one JSON object") from error
    if not isinstance(arguments, dict):
        raise InputError("the arguments are not an object", where=given, fix="send one JSON object")
    done.calls.append(f"{name}({', '.join(map(str, arguments.values()))})")
    found = run(offered[name], room, arguments)
    done.evidence += found.evidence
    return "\n".join(found.lines[:LONGEST])


def _schema(tool: Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.schema()}
    return {"type": "function", "function": function}


def _size(value: object) -> int:
    return tokens(json.dumps(value, ensure_ascii=False, default=str))
