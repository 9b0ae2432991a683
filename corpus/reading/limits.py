"""What one file may cost: seconds, memory, and what may come out of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one file."""

    seconds: int = 50
    memory: int = 900_000_000
    """Bytes by which the process that reads it may grow; in all it then holds less than 1 GB."""
    characters: int = 20_000_000
    """Of its text: a small file may unpack to anything."""
    passages: int = 200_000
