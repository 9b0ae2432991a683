"""Texts as windows of tokens: what a model is calibrated on, and what it is measured on, which is never the same.

Knows nothing of where texts come from.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from ...errors import InputError

LEAST = 4
"""Windows below which moments say nothing."""
FOLD = 8
"""Tokens that a fit needs for each channel at least."""
HELD_OUT = 8
"""Every eighth window is measured on."""
PIECE = 6
"""Characters that are encoded for a token that is wanted: one has four on average."""


def windows(
    texts: Sequence[str], encode: Callable[[str], list[int]], count: int, length: int, seed: int = 0
) -> list[list[int]]:
    """Up to ``count`` windows of ``length`` tokens, one from each text as long as there are texts; short ones are
    joined. Raises ``InputError`` where there is too little text."""
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)  # noqa: S311
    found: list[list[int]] = []
    read, open_ = dict.fromkeys(order, 0), list(order)
    held: list[int] = []
    while open_ and len(found) < count:
        for number in list(open_):
            start = read[number]
            piece = texts[number][start : start + PIECE * length]
            read[number] = start + len(piece)
            if read[number] >= len(texts[number]):
                open_.remove(number)
            held += encode(piece + "\n\n")
            if len(held) >= length:
                found.append(held[:length])
                held = []
                if len(found) == count:
                    break
    if len(found) < LEAST:
        raise InputError(
            f"the calibration text has {len(found) * length + len(held)} tokens, and {LEAST * length} are needed",
            fix="give more text, or a library with more documents",
        )
    return found


def encoder(tokenizer: Any) -> Callable[[str], list[int]]:
    """How transformers' ``tokenizer`` cuts plain text: what looks like a control token is spelled out."""

    def encode(text: str) -> list[int]:
        ids: list[int] = tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
        return ids

    return encode


def refuse_too_few(tokens: int, width: int) -> None:
    """Raises ``InputError`` for fewer than ``FOLD`` tokens for each of ``width`` channels: from few, least squares
    learn the text by heart."""
    if tokens < FOLD * width:
        raise InputError(
            f"{tokens} tokens are too few to fit {width} channels on, which need {FOLD * width}",
            fix="give more text or more --windows",
        )


def split_windows(found: Sequence[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    """Windows to calibrate on, and windows to measure on."""
    held = [one for number, one in enumerate(found) if number % HELD_OUT == HELD_OUT // 2]
    return [one for number, one in enumerate(found) if number % HELD_OUT != HELD_OUT // 2], held
