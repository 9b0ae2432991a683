"""Which texts and numbers of a schema the engine can hold a reply to. Pure."""

from __future__ import annotations

from typing import Any

from .given_schema import inexact
from .supported import LARGEST

_CONTROLS = frozenset(map(chr, range(32))) - set("\b\t\n\f\r")
COUNTS = frozenset(["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"])


def exact(key: str, value: Any, where: str) -> Any:
    """The value of a keyword that is copied. Raises ``InputError`` for a number that double precision cannot hold."""
    if key in COUNTS:
        return int(value)
    if key == "required":
        for name in value:
            writable(name, f"{where}/{key}")
    elif key in _LIMITS and abs(value) > LARGEST:
        # The largest number that is exact, in place of a limit that lies behind it.
        if value * _LIMITS[key] < 0:
            raise inexact(f"{value} is out of the range in which numbers are exact", where)
        return _LIMITS[key] * LARGEST
    elif key != "type":
        _holdable(value, f"{where}/{key}")
    return value


_LIMITS = {"minimum": -1, "exclusiveMinimum": -1, "maximum": 1, "exclusiveMaximum": 1}
"""The direction in which each lets nothing through."""


def _holdable(value: float, where: str) -> None:
    if abs(value) > LARGEST or (value and abs(value) < 1 / LARGEST):
        raise inexact(f"{value} is out of the range in which numbers are exact", where)


def writable(text: str, where: str) -> None:
    """Every text has one spelling; control characters without a short escape have none."""
    if _CONTROLS & set(text) or any("\ud800" <= letter < "\ue000" for letter in text):
        raise inexact("a text holds a control character or half a character", where)


def values(given: list[Any], where: str) -> None:
    for value in given:
        if isinstance(value, str):
            writable(value, where)
        elif isinstance(value, dict):
            values([*value.keys(), *value.values()], where)
        elif isinstance(value, list):
            values(value, where)
        elif value is not None and not isinstance(value, bool):
            _holdable(value, where)
