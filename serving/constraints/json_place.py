"""Where in a JSON text a reply stands: the brackets that are open, the value that is being written, and of arrays whose
items must differ those that are there.

A place is never changed: each byte gives another. Takes texts that a grammar has let through; knows nothing of tokens.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

Arrays = frozenset[tuple[str | None, int]]
"""Arrays whose items must differ: the name of the property that they are the value of (``None`` for the whole text),
and in how many arrays they stand there."""
EVERYWHERE: Arrays = frozenset([("*", -1)])
"""Any array."""
_ENDS = frozenset(b",]} \n\r\t")


@dataclass(frozen=True, slots=True)
class JsonFrame:
    """An open bracket."""

    start: int
    array: bool
    name: str | None
    """The name that was written last in an object; for an array, the name of its property."""
    level: int = 0
    """The arrays around an array, up to the next object."""
    naming: bool = False
    """The next text in the object is a name."""
    items: frozenset[str] | None = None
    """The items that there are, where they must differ."""
    names: frozenset[str] = frozenset()
    """Of an object: those that are written."""


@dataclass(frozen=True, slots=True)
class JsonPlace:
    frames: tuple[JsonFrame, ...] = ()
    inside: Literal["", "text", "escape", "plain"] = ""
    """What is being written: nothing, a text, what follows a backslash in it, or a number or word."""
    start: int = 0
    """Where that begins."""

    @property
    def differing(self) -> JsonFrame | None:
        """The outermost array with items that must differ, of those that stand in one another without an object."""
        found = None
        for frame in reversed(self.frames):
            if not frame.array:
                break
            found = frame if frame.items else found
        return found


def after(place: JsonPlace, text: bytearray, size: int, arrays: Arrays) -> JsonPlace | None:
    """The place behind ``text``, of which ``place`` is that of the first ``size`` bytes. ``None`` where two items are
    equal that must differ."""
    found: JsonPlace | None = place
    for at in range(size, len(text)):
        if found is None:
            return None
        found = _step(found, text, at, arrays)
    return found


def _step(place: JsonPlace, text: bytearray, at: int, arrays: Arrays) -> JsonPlace | None:
    byte = text[at]
    match place.inside:
        case "escape":
            return replace(place, inside="text")
        case "text":
            if byte == 0x5C:
                return replace(place, inside="escape")
            return _end_value(place, text, place.start, at + 1) if byte == 0x22 else place
        case "plain":
            if byte not in _ENDS:
                return place
            whole = _end_value(place, text, place.start, at)
            return whole and _step(whole, text, at, arrays)
    match byte:
        case 0x22:
            return replace(place, inside="text", start=at)
        case 0x7B | 0x5B:
            return replace(place, frames=(*place.frames, _open_frame(place, byte == 0x5B, at, arrays)))
        case 0x7D | 0x5D:
            if not place.frames:
                return place
            return _end_value(replace(place, frames=place.frames[:-1]), text, place.frames[-1].start, at + 1)
        case 0x2C:
            if place.frames and not place.frames[-1].array:
                return replace(place, frames=(*place.frames[:-1], replace(place.frames[-1], naming=True)))
            return place
        case 0x20 | 0x0A | 0x0D | 0x09 | 0x3A:
            return place
    return replace(place, inside="plain", start=at)


def _open_frame(place: JsonPlace, array: bool, at: int, arrays: Arrays) -> JsonFrame:
    if not array:
        return JsonFrame(at, False, None, naming=True)
    around = place.frames[-1] if place.frames else None
    name = around.name if around else None
    level = around.level + 1 if around and around.array else 0
    differ = arrays is EVERYWHERE or (name, level) in arrays
    return JsonFrame(at, True, name, level, items=frozenset() if differ else None)


def _end_value(place: JsonPlace, text: bytearray, start: int, end: int) -> JsonPlace | None:
    """Behind a whole value, or a name."""
    place = replace(place, inside="")
    if not place.frames:
        return place
    frame = place.frames[-1]
    if frame.naming:
        name = json.loads(text[start:end])
        frame = replace(frame, naming=False, name=name, names=frame.names | {name})
    elif frame.items is not None:
        item = canonical_text(json.loads(text[start:end]))
        if item in frame.items:
            return None
        frame = replace(frame, items=frame.items | {item})
    else:
        return place
    return replace(place, frames=(*place.frames[:-1], frame))


def canonical_text(value: Any) -> str:
    """One text for all spellings of a value: whole numbers without a fraction, objects in the order of their names."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list):
        return f"[{','.join(map(canonical_text, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{json.dumps(key)}:{canonical_text(value[key])}' for key in sorted(value))}}}"
    return json.dumps(value)
