"""Texts of records, each a key with a value, among words that mean nothing: what looking things up is tested with."""

from __future__ import annotations

import random
from collections.abc import Sequence

WINDOW = 128
START, RECORD, IS = 0, 1, 2
SYMBOLS, WORDS = range(4, 68), range(68, 128)
"""What keys and values are made of, and what stands between records."""
PART = 3
"""Symbols of a key, and of a value."""

Symbols = tuple[int, ...]
Records = dict[Symbols, Symbols]


def records(rng: random.Random, count: int, alphabet: Sequence[int] = SYMBOLS) -> Records:
    """Keys that differ, each with its value."""
    found: Records = {}
    while len(found) < count:
        found[_symbols(rng, alphabet)] = _symbols(rng)
    return found


def record(key: Symbols, value: Symbols) -> list[int]:
    return [RECORD, *key, IS, *value]


def question(key: Symbols) -> list[int]:
    return [RECORD, *key, IS]


def filler(rng: random.Random, count: int) -> list[int]:
    """Words that mean nothing."""
    return rng.choices(WORDS, k=count)


def _symbols(rng: random.Random, alphabet: Sequence[int] = SYMBOLS) -> Symbols:
    return tuple(rng.choices(alphabet, k=PART))
