"""A change of low rank of the reader's network (LoRA, Hu et al., 2021) and a head, for one task: judging or ranking.

The reader's own tensors stay as they are, so reading cannot become worse, and the weights grow by a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from evidentia.retrieval.embedders.bert_torch import HEADS, TorchBert, encode, layer_norm
from evidentia.training.reader import attention

WIDTH, FROZEN = 384, 2
"""``FROZEN``: layers that stay as they are, as in the reader's training."""
MATRICES = ("fused", "out", "up", "down")
"""Of each layer: query, key and value together; the attention's output; the two of the feed-forward part."""
DROPPED = 0.1


Head = tuple[Tensor, Tensor]
"""Weights ``[outputs, WIDTH]`` and biases ``[outputs]``."""


def small_head(outputs: int) -> Head:
    return torch.randn(outputs, WIDTH, generator=torch.Generator().manual_seed(0)) * 0.02, torch.zeros(outputs)


class LowRank:
    """``task`` begins the names of its tensors; ``head`` is what it starts from; ``rank``: of each change."""

    def __init__(
        self, bert: TorchBert, task: str, head: Head, rank: int, state: dict[str, Tensor] | None = None
    ) -> None:
        self.bert, self.task = bert, task
        generator = torch.Generator().manual_seed(0)
        fresh = {f"{task}.weight": head[0], f"{task}.bias": head[1]}
        for number, layer in enumerate(bert.layers[FROZEN:], start=FROZEN):
            for name, (weight, _) in zip(MATRICES, (layer[0], layer[1], layer[3], layer[4]), strict=True):
                rows, columns = weight.shape
                key = f"{task}.layer.{number}.{name}"
                fresh[f"{key}.down"] = torch.randn(rank, columns, generator=generator) * columns**-0.5
                fresh[f"{key}.up"] = torch.zeros(rows, rank)
        self.parameters = {name: (state or fresh)[name].clone().float().requires_grad_() for name in fresh}

    def logits(self, ids: Tensor, lengths: Tensor, *, inner_dropout: float = 0.0) -> Tensor:
        """Padded ids ``[batch, tokens]`` to ``[batch, tokens, outputs]``. Dropout, within the layers too if it is
        asked for, is applied where gradients are."""
        training = torch.is_grad_enabled()
        real = torch.arange(ids.shape[1]) < lengths[:, None]
        mask = None if bool(real.all()) else real[:, None, None]
        with torch.no_grad():
            hidden = encode(self.bert.embed(ids), mask, self.bert.layers[:FROZEN])
        batch, tokens, _ = hidden.shape
        p = {name: value.to(self.bert.dtype) for name, value in self.parameters.items()}

        def through(number: int, name: str, values: Tensor, pair: tuple[Tensor, Tensor]) -> Tensor:
            key = f"{self.task}.layer.{number}.{name}"
            return F.linear(values, *pair) + F.linear(F.linear(values, p[f"{key}.down"]), p[f"{key}.up"])

        for number, (fused, out, first, up, down, second) in enumerate(self.bert.layers[FROZEN:], start=FROZEN):
            mixed = through(number, "fused", hidden, fused).view(batch, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
            mixed = attention(mixed[0], mixed[1], mixed[2], mask).transpose(1, 2).reshape(batch, tokens, -1)
            mixed = F.dropout(through(number, "out", mixed, out), inner_dropout, training)
            hidden = layer_norm(hidden + mixed, first)
            wide = F.gelu(through(number, "up", hidden, up))
            hidden = layer_norm(
                hidden + F.dropout(through(number, "down", wide, down), inner_dropout, training), second
            )
        hidden = F.dropout(hidden.float(), DROPPED, training)
        return F.linear(hidden, self.parameters[f"{self.task}.weight"], self.parameters[f"{self.task}.bias"])


def padded(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids ``[batch, tokens]`` and lengths ``[batch]``."""
    width = max(len(one) for one in ids)
    return torch.tensor([[*one, *[0] * (width - len(one))] for one in ids]), torch.tensor([len(one) for one in ids])


def save(trained: LowRank, file: Path) -> None:
    part = file.with_suffix(".part")
    save_file({name: value.detach().clone() for name, value in trained.parameters.items()}, part)
    part.replace(file)


def export(task: str, trained: Path, target: Path) -> None:
    """The reader's weights as they are in the package, with those of ``task`` in place of what it had; float16."""
    with as_file(files("evidentia.retrieval.reader") / "weights.safetensors") as file:
        tensors = {name: value for name, value in load_file(file).items() if not name.startswith(f"{task}.")}
    tensors |= {name: value.to(torch.float16) for name, value in load_file(trained).items()}
    save_file(tensors, target)
