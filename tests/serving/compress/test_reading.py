"""What recovery reads: nothing that is measured on, and of each kind as much."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidentia.agents.talks import talks
from evidentia.serving.base import Message
from evidentia.serving.compress.calibration import encoder, split_windows, windows
from evidentia.serving.compress.reading import mix, pieces
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.recover import LENGTH

TEXT = "\n".join(f"Line {number}: the quick brown fox jumps over {number * 7} lazy dogs." for number in range(400))
RECIPE = Recipe(windows=16, length=256)


@pytest.fixture
def tokens(tiny_checkpoint: Callable[..., Path]) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny_checkpoint("llama"))


def test_what_is_measured_on_is_not_read(tokens: Any) -> None:
    read = mix([TEXT], [], [], tokens, recipe=RECIPE)
    _, measured = split_windows(windows([TEXT], encoder(tokens), RECIPE.windows, RECIPE.length, RECIPE.seed))
    assert measured
    assert all(len(one) == LENGTH for one in read)
    assert not {tuple(one) for one in measured} & {tuple(one) for one in read}


def test_each_kind_takes_its_turn(tokens: Any) -> None:
    talk = [Message("user", "who " * 60), Message("assistant", "me")]
    read = mix([TEXT], [talk] * 200, ["general words " * 2000], tokens, recipe=RECIPE)
    shown = [tokens.decode(one) for one in read[:9]]
    assert ["who" in one for one in shown] == [False, True, False] * 3
    assert ["general" in one for one in shown] == [False, False, True] * 3


def test_pieces_are_whole() -> None:
    assert [len(one) for one in pieces(iter(range(2 * LENGTH + 3)))] == [LENGTH, LENGTH]
    assert pieces(iter([])) == []


def test_talks_quote_a_sentence_of_their_evidence() -> None:
    found = talks(["The harbour lies behind the northern lighthouse. Nothing else is known about sailors there."])
    assert found == talks(
        ["The harbour lies behind the northern lighthouse. Nothing else is known about sailors there."]
    )
    (talk,) = found
    assert [one.role for one in talk] == ["system", "user", "assistant"]
    assert talk[2].content.partition("[1] ")[2] in talk[1].content
    assert talks(["", "Too short."]) == []
