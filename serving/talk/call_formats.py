"""How families of models write calls of functions, and how one is told from a chat template.

Another family is another entry of ``FORMATS``. Knows nothing of messages, schemas and streams.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write calls: ``open``, ``first``, one call or several with ``between`` them, ``close``."""

    name: str
    signs: tuple[str, ...] = ()
    """Texts that all stand in the chat template of a model that writes so."""
    open: str = ""
    """The mark that a call or a list of calls begins with; a control token of most tokenizers."""
    first: str = ""
    """What follows that mark."""
    between: str = ""
    """Between two calls behind one mark; empty where every call has a mark of its own."""
    close: str = ""
    key: str = "arguments"
    """What a call names its arguments, where it is one JSON object."""
    separator: str = ""
    """Between a bare name and its arguments, where a call is no JSON object."""
    numbered: str = ""
    """Between a bare name and an id of the model's own, which may stand before ``separator``."""
    bare: bool = False
    """The chat template has a reply begin with a call without a mark."""
    single: bool = False
    """The chat template takes one call in a turn."""
    ids: int = 0
    """The number of letters and digits that the template wants ids to have; 0 where it takes any."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What may be a control token."""
        return tuple(filter(None, (self.open, self.separator, self.numbered, self.close)))


PLAIN = Format("json", bare=True)
"""Of models that are only told of tools, and held to a call or to the choice between words and one."""
HERMES = Format(
    "hermes",
    signs=("<tool_call>",),
    open="<tool_call>",
    first="\n",
    close="\n</tool_call>",
)
"""Hermes, Qwen 2.5 and 3, SmolLM3."""
LLAMA = Format(
    "llama",
    signs=('"name": function name, "parameters":',),
    open="<|python_tag|>",
    between="; ",
    key="parameters",
    bare=True,
    single=True,
)
"""Llama 3.1 to 3.3, and 4 where its template asks for JSON."""
MISTRAL = Format(
    "mistral",
    signs=("[TOOL_CALLS]",),
    open="[TOOL_CALLS]",
    first="[",
    between=", ",
    close="]",
    ids=9,
)
"""Mistral 7B v0.3, Nemo, Mixtral and Mistral Small up to 3.1."""
MISTRAL_NAMED = Format(
    "mistral-named",
    signs=("[TOOL_CALLS]", "[ARGS]"),
    open="[TOOL_CALLS]",
    separator="[ARGS]",
    numbered="[CALL_ID]",
    ids=9,
)
"""Mistral Small 3.2, Magistral, Ministral 3, Devstral."""

FORMATS = (HERMES, MISTRAL_NAMED, MISTRAL, LLAMA)
"""The first one whose signs are found is taken."""


def format_of(template: str) -> Format | None:
    """The format in which a chat template shows calls, ``None`` where it shows no tools or an unknown format."""
    if "tools" not in template:
        return None
    return next((format for format in FORMATS if all(sign in template for sign in format.signs)), None)


def new_id(format: Format) -> str:
    """For a call that a model has just made."""
    return secrets.token_hex(format.ids)[: format.ids] if format.ids else f"call_{secrets.token_hex(12)}"


def fitting(format: Format, id: str) -> str:
    """``id`` as the template takes it: one that came from elsewhere becomes another, the same one every time."""
    if not format.ids or (len(id) == format.ids and id.isascii() and id.isalnum()):
        return id
    return hashlib.sha256(id.encode()).hexdigest()[: format.ids]
