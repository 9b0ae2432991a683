"""A byte-level vocabulary with room behind it, as models pad theirs, and ways to ask a constraint about whole texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from evidentia.serving.constraints.constraint import Constraint

PADDED = 272
Encode = Callable[[str], list[int]]
Accepts = Callable[[Constraint, str], bool]


@pytest.fixture(scope="session")
def encode(tokenizer: Any) -> Encode:
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False))


@pytest.fixture(scope="session")
def accepts(encode: Encode) -> Accepts:
    """Whether a reply may be this text, and then end."""

    def ask(constraint: Constraint, text: str) -> bool:
        guide = constraint.start()
        for token in encode(text):
            if not guide.allows(token):
                return False
            guide.advance(token)
        return guide.allows(1)

    return ask
