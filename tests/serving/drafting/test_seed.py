"""What drafting begins with: rows of a file that was made for the model of these weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from evidentia.serving.drafting import seed
from evidentia.serving.drafting.drafter import BEST
from evidentia.serving.drafting.prior import ORDERS
from evidentia.serving.drafting.recycling import Recycled, RecycledRows

from .conftest import VOCABULARY

ROW = np.arange(10, 10 + BEST, dtype=np.uint16)[None]


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecycledRows:
    """Behind 7 something is likely, behind 3 and 7 something else; of three tokens nothing is known."""
    monkeypatch.setattr(seed, "SEEDS", tmp_path)
    none = np.empty(0, np.int64), np.empty((0, BEST), np.uint16)
    two = np.array([7 + 3 * VOCABULARY]), ROW + 8
    seed.save(tmp_path / "seed.safetensors", ["weights", "in-fp32"], [(np.array([7]), ROW), two, none])
    memory = RecycledRows(VOCABULARY)
    seed.plant(memory, "in-fp32")
    return memory


def guessed(memory: RecycledRows, prompt: list[int]) -> list[int]:
    source = Recycled(memory, prompt)
    return [token for token, _ in source.guesses(source.root())]


def test_a_first_request_is_guessed_from_the_seed(planted: RecycledRows) -> None:
    assert guessed(planted, [1, 7]) == ROW[0].tolist()
    assert guessed(planted, [3, 7])[:BEST] == (ROW[0] + 8).tolist()


def test_other_weights_begin_with_nothing(planted: RecycledRows) -> None:
    memory = RecycledRows(VOCABULARY)
    seed.plant(memory, "other weights")
    assert memory.request == 0
    assert not guessed(memory, [1, 7])


def test_the_seeds_in_the_package_are_sound() -> None:
    paths = list(seed.SEEDS.glob("*.safetensors"))
    assert paths
    for path in paths:
        with safe_open(path, "np") as file:
            assert all(len(one) == 32 for one in file.metadata()[seed.FINGERPRINTS].split())
            for order in range(1, ORDERS + 1):
                keys, rows = file.get_tensor(f"keys{order}"), file.get_tensor(f"rows{order}")
                assert rows.shape == (len(keys), BEST)
                assert len(np.unique(keys)) == len(keys)
                assert (np.sort(rows, 1)[:, 1:] > np.sort(rows, 1)[:, :-1]).all()  # no token twice
