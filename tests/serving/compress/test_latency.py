"""A width for a speed: from a table by plain numbers, and from the machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from evidentia.errors import InputError
from evidentia.serving.compress.latency import LatencyTable, latency_table, table_of

TABLE = LatencyTable(10, 2.0, {64: 0.2, 128: 0.3, 256: 0.5})


def test_seconds_lie_on_the_line_between_what_was_measured() -> None:
    assert TABLE.seconds(256) == pytest.approx(7)
    assert TABLE.seconds(192) == pytest.approx(6)
    assert TABLE.seconds(32) == pytest.approx(4)
    assert TABLE.faster(128) == pytest.approx(7 / 5)


def test_the_widest_that_is_fast_enough_is_taken() -> None:
    assert TABLE.width_for(1.0, 32) == 256
    assert TABLE.width_for(1.15, 32) == 192
    assert TABLE.width_for(1.4, 32) == 128
    with pytest.raises(InputError, match=r"at most 1\.75"):
        TABLE.width_for(2.0, 32)


def test_a_layer_is_the_difference_of_two_models() -> None:
    found = table_of({(1, 64): 3.0, (5, 64): 7.0, (5, 32): 4.5}, 64, 10)
    assert found.rest == pytest.approx(2)
    assert found.layer == {64: pytest.approx(1), 32: pytest.approx(0.5)}


def test_the_machine_is_measured(tiny: Callable[..., Any]) -> None:
    model = tiny(dtype=torch.float32, num_hidden_layers=6)
    found = latency_table(model, 32)
    assert set(found.layer) >= {32, 128}
    assert found.layers == 6
    assert model.config.intermediate_size == 128
    assert len(model.model.layers) == 6
