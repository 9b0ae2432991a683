"""A request's bytes as one of the bodies of ``schema.py``, or a refusal that names the parameter."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from ...errors import InputError
from .response_items import NOT_READ
from .schema import ModelBody

B = TypeVar("B", bound=ModelBody)
_CLEAREST = {NOT_READ: 0, "union_tag_invalid": 1, "extra_forbidden": 2}
"""Which of pydantic's errors tells most; of several the innermost."""


def read(kind: type[B], raw: bytes) -> B:
    """Raises ``InputError`` whose ``where`` is the parameter that cannot be taken."""
    try:
        return kind.model_validate(from_json(raw))
    except ValidationError as error:
        raise _refusal(error) from error
    except ValueError as error:
        raise InputError("the body cannot be read as JSON", fix="send one JSON object") from error


def _refusal(error: ValidationError) -> InputError:
    first = min(error.errors(), key=lambda found: (_CLEAREST.get(found["type"], len(_CLEAREST)), -len(found["loc"])))
    where = ".".join(str(part) for part in first["loc"] if _is_place(part))
    if not first["loc"]:
        return InputError("the body is no JSON object", fix="send one JSON object")
    if first["type"] == NOT_READ:
        return InputError(first["msg"], where=where, fix=first["ctx"]["fix"])
    if first["type"] == "union_tag_invalid":
        tag, known = str(first["ctx"]["tag"])[:60], first["ctx"]["expected_tags"]
        return InputError(f"a part of the type {tag!r} is not read here", where=where, fix=f"send {known}")
    if first["type"] == "extra_forbidden":
        return InputError("this server does not do that", where=where, fix=f"leave out {where}")
    return InputError(f"the parameter cannot be taken: {first['msg']}", where=where, fix=f"send another {where}")


def _is_place(part: int | str) -> bool:
    """Whether a part of a place is a field, not the name that pydantic gives to a type that it tried."""
    return isinstance(part, int) or (part.isidentifier() and part.islower() and part not in ("str", "int"))
