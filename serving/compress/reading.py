"""What recovery reads: the calibration text and more of the same, prompts with evidence, and general text, in turns.

What a model is measured on is never read. Knows nothing of training.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from ..base import Message
from .calibration import encoder, split_windows, windows
from .recipes import Recipe
from .recover import LENGTH

MORE = 2_000
"""Windows at most, beside those of the calibration text: a million tokens."""


def mix(
    texts: Sequence[str],
    talks: Sequence[Sequence[Message]],
    general: Sequence[str],
    tokenizer: Any,
    *,
    recipe: Recipe,
) -> list[list[int]]:
    """Windows of ``LENGTH`` tokens: of each kind that is given as many as of ``texts``, as long as there are any."""
    encode = encoder(tokenizer)
    drawn = windows(texts, encode, recipe.windows + MORE, recipe.length, recipe.seed)
    read = [*split_windows(drawn[: recipe.windows])[0], *drawn[recipe.windows :]]
    plain = pieces(chain.from_iterable(read))
    random.Random(recipe.seed).shuffle(plain)  # noqa: S311
    said = chain.from_iterable(_talk(tokenizer, talk) for talk in talks)
    common = chain.from_iterable(encode(part) for text in general for part in _parts(text))
    others = [pieces(islice(tokens, LENGTH * len(plain))) for tokens in (said, common)]
    return [
        part
        for number, one in enumerate(plain)
        for part in (one, *(more[number] for more in others if number < len(more)))
    ]


def pieces(tokens: Iterator[int]) -> list[list[int]]:
    """Whole pieces of ``LENGTH`` tokens."""
    found = list(iter(lambda: list(islice(tokens, LENGTH)), []))
    return found if not found or len(found[-1]) == LENGTH else found[:-1]


def _talk(tokenizer: Any, talk: Sequence[Message]) -> list[int]:
    shown = [{"role": one.role, "content": one.content} for one in talk]
    ids: list[int] = tokenizer.apply_chat_template(shown, return_dict=False)
    return ids


def _parts(text: str, size: int = 20_000) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))
