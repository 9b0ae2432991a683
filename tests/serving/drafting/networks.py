"""Small random networks of one vocabulary, trained by nobody, and the files that training would write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from evidentia.serving.drafting.drafter import Drafter
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.network.lean import LeanNetwork

VOCABULARY, WIDTH = 31, 32


def model(layers: int = 3, seed: int = 0, vocabulary: int = VOCABULARY, spread: float = 0.2) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=WIDTH,
        intermediate_size=48,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        tie_word_embeddings=True,
        initializer_range=spread,
    )
    return LlamaForCausalLM(config).eval()


def network(layers: int = 3, seed: int = 0, vocabulary: int = VOCABULARY, spread: float = 0.2) -> LeanNetwork:
    return LeanNetwork(model(layers, seed, vocabulary, spread), "plain")


def engine(target: LeanNetwork, drafter: Drafter | None = None, nodes: int = 16) -> Engine:
    """A pass costs the same whatever its width, so that nothing is saved on guesses."""
    made = Engine(target, frozenset(), 4096, drafter=drafter, nodes=nodes)
    made.prices = Prices({1: 1.0, 64: 1.0})
    return made


def parts(source: Any, number: int, prefix: str) -> dict[str, torch.Tensor]:
    """The weights of a layer of ``source`` under other names."""
    return {
        f"{prefix}{name}": weight.detach().clone() for name, weight in source.model.layers[number].state_dict().items()
    }


def write(path: Path, tensors: dict[str, torch.Tensor], **facts: str) -> Path:
    save_file(tensors, path, facts)
    return path


def kangaroo_file(path: Path, source: Any, exit: int = 1) -> Path:
    half = {
        name: weight for name, weight in parts(source, exit, "").items() if "mlp" not in name and "post" not in name
    }
    return write(
        path, half | {"norm.weight": source.model.norm.weight.detach().clone()}, drafter="kangaroo", exit=str(exit)
    )


def s2d_file(path: Path, source: Any, exits: tuple[int, ...] = (1, 2, 3)) -> Path:
    tensors: dict[str, torch.Tensor] = {}
    for number in range(exits[-1]):
        tensors |= parts(source, number, f"layers.{number}.")
    for at in range(len(exits)):
        tensors[f"norms.{at}.norm.weight"] = torch.ones(WIDTH) * (1 + at / 10)
    return write(path, tensors, drafter="s2d", exits=" ".join(map(str, exits)))


def features_file(path: Path, source: Any, gate: bool = True) -> Path:
    tensors = parts(source, 0, "layer.") | {"join.weight": torch.randn(WIDTH, 2 * WIDTH) / 6}
    if gate:
        for name, shape in {"by_token": (64, 32), "up": (64, 32), "down": (32, 64)}.items():
            tensors[f"{name}.weight"] = torch.randn(*shape) / 6
    return write(path, tensors, drafter="features")
