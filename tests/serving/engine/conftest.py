"""Small random models of several families, as networks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evidentia.serving.models.local import LocalTransformers, load_local


@pytest.fixture(scope="session")
def small(
    tmp_path_factory: pytest.TempPathFactory, make_checkpoint: Callable[..., Path]
) -> Callable[..., LocalTransformers]:
    """``small(architecture, dtype)``: a random two-layer model with a byte vocabulary."""

    @cache
    def load(architecture: str = "llama", dtype: str = "float32", **config: Any) -> LocalTransformers:
        folder = make_checkpoint(tmp_path_factory.mktemp(architecture), architecture, **config)
        return load_local(folder, architecture, dtype=dtype, device="cpu")

    return load
