"""How families of models write calls of functions, and how one is told from a chat template.

Another family is another entry of ``CALL_FORMATS``. Knows nothing of messages, schemas and streams.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator

from ...registry import Registry
from ..base import CallFormat

PLAIN = CallFormat("json", bare=True)
"""The format of models that only read of tools in the system message, and are held to a call or to the choice between
words and one."""
HERMES = CallFormat(
    "hermes",
    signs=("<tool_call>",),
    open="<tool_call>",
    first="\n",
    close="\n</tool_call>",
)
"""Hermes, Qwen 2.5 and 3, SmolLM3."""
LLAMA = CallFormat(
    "llama",
    signs=('"name": function name, "parameters":',),
    open="<|python_tag|>",
    between="; ",
    key="parameters",
    bare=True,
    single=True,
)
"""Llama 3.1 to 3.3, and 4 where its template asks for JSON."""
MISTRAL = CallFormat(
    "mistral",
    signs=("[TOOL_CALLS]",),
    open="[TOOL_CALLS]",
    first="[",
    between=", ",
    close="]",
    ids=9,
)
"""Mistral 7B v0.3, Nemo, Mixtral and Mistral Small up to 3.1."""
MISTRAL_NAMED = CallFormat(
    "mistral-named",
    signs=("[TOOL_CALLS]", "[ARGS]"),
    open="[TOOL_CALLS]",
    separator="[ARGS]",
    numbered="[CALL_ID]",
    ids=9,
)
"""Mistral Small 3.2, Magistral, Ministral 3, Devstral."""

CALL_FORMATS = Registry(
    "format of calls",
    __package__,
    {
        "hermes": "call_formats:HERMES",
        "mistral-named": "call_formats:MISTRAL_NAMED",
        "mistral": "call_formats:MISTRAL",
        "llama": "call_formats:LLAMA",
    },
)
"""The first one whose signs are found in a chat template is taken."""


def format_of(template: str) -> CallFormat | None:
    """The format in which a chat template shows calls, ``None`` where it shows no tools or an unknown format."""
    if "tools" not in template:
        return None
    formats: Iterator[CallFormat] = map(CALL_FORMATS.load, CALL_FORMATS)
    return next((format for format in formats if all(sign in template for sign in format.signs)), None)


def new_id(format: CallFormat) -> str:
    """The id of a call that a model has just made."""
    return secrets.token_hex(format.ids)[: format.ids] if format.ids else f"call_{secrets.token_hex(12)}"


def fitting(format: CallFormat, id: str) -> str:
    """``id`` as the template takes it: one that came from elsewhere becomes another, the same one every time."""
    if not format.ids or (len(id) == format.ids and id.isascii() and id.isalnum()):
        return id
    return hashlib.sha256(id.encode()).hexdigest()[: format.ids]
