"""Tiny random models of the Llama family, with grouped heads, and a text of random tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

SIZES = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "vocab_size": 96,
    "max_position_embeddings": 64,
    "tie_word_embeddings": True,
}


@pytest.fixture
def tiny() -> Callable[..., Any]:
    def make(architecture: str = "llama", dtype: torch.dtype = torch.float64, **config: object) -> Any:
        from transformers import AutoConfig, AutoModelForCausalLM

        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(AutoConfig.for_model(architecture, **{**SIZES, **config}))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if parameter.ndim == 2:
                    parameter.mul_(6)  # so that layers are not all but the identity
                if name.endswith("bias"):
                    parameter.normal_(0, 0.1)
        return model.to(dtype).eval()

    return make


@pytest.fixture
def windows() -> torch.Tensor:
    return torch.randint(96, (24, 32), generator=torch.Generator().manual_seed(1))
