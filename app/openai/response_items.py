"""Which items of a conversation ``/v1/responses`` reads, and what it says of the others.

Clients send back whatever a reply held, so thoughts are taken and not read. What belongs to tools that only OpenAI's
servers have, or to a store, is refused in words that say so. Knows nothing of models.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic_core import PydanticCustomError

ReadItem = Literal["message", "function_call", "function_call_output", "reasoning"]
NOT_READ = "not_read"
"""The kind of pydantic's error for an item that is refused whole; its ``fix`` says what to send."""


def read_item(raw: Any) -> Any:
    """The item without what is not read of its type. Raises pydantic's error of the kind ``NOT_READ``."""
    if not isinstance(raw, dict):
        return raw
    kind = raw.get("type") or ("item_reference" if raw.keys() <= {"id", "type"} else "message")
    if kind == "item_reference":
        said = "nothing is stored here, so there is no item to refer to"
        raise PydanticCustomError(NOT_READ, said, {"fix": "send the item itself"})
    if kind not in get_args(ReadItem):
        said = f"items of the type {str(kind)[:60]!r} are not read here"
        raise PydanticCustomError(NOT_READ, "{said}", {"said": said, "fix": f"send {', '.join(get_args(ReadItem))}"})
    return {"type": kind} if kind == "reasoning" else raw
