"""Texts of strangers on a terminal: nothing in them moves its cursor, colours it or reorders what it shows."""

from __future__ import annotations

_INVISIBLE = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n\r"} | dict.fromkeys(
    (0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)
"""What could move the cursor, colour or reorder what a terminal shows: file names and documents are not ours."""


def visible(text: str) -> str:
    """``text`` with signs in the place of what would steer a terminal."""
    return text.translate(_INVISIBLE)
