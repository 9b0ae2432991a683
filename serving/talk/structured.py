"""A reply that is one JSON value of a schema: held to it by the engine in this process, asked of an endpoint.

An endpoint may ignore what it does not know, so whoever reads the reply checks it. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base import GREEDY, Completing, LanguageModel, Message, Sampling
from .forms import constraint
from .text import ask, is_served


def write_json(
    model: LanguageModel, messages: Sequence[Message], schema: Mapping[str, Any], sampling: Sampling = GREEDY
) -> str:
    """The text of the reply. Raises ``ModelError`` when the model fails, ``InputError`` for a schema that the engine
    cannot hold a reply to or a prompt that does not fit."""
    if isinstance(model, Completing):
        turns = [{"role": message.role, "content": message.content} for message in messages]
        form = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
        return str(model.complete(turns, sampling, response_format=form).get("content") or "")
    if is_served(model):
        held = constraint(model, ("json", schema))
        return "".join(piece.text for piece in ask(model, model.chat_tokens(messages), sampling, constraint=held))
    return "".join(model.stream(messages, sampling))
