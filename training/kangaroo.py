"""Trains Kangaroo's layer: ``python training/kangaroo.py --features runs/features --out runs/kangaroo``.

Attention and norms over the output of the large model's layer ``--exit``, towards the large model's own scores (soft
cross-entropy, base and head frozen). The layer starts as a copy of the attention that follows.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from evidentia.training.drafts import Batch, Teacher, arguments, fit, opened, write


class Adapter(nn.Module):
    def __init__(self, model: Any, exit: int) -> None:
        super().__init__()
        layer = model.model.layers[exit]
        self.input_layernorm, self.self_attn = deepcopy(layer.input_layernorm), deepcopy(layer.self_attn)
        self.norm = deepcopy(model.model.norm)
        self.requires_grad_(True)

    def forward(self, x: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
        """Outputs of the last norm."""
        seen, _ = self.self_attn(self.input_layernorm(x), position_embeddings=turns, attention_mask=None)
        normed: Tensor = self.norm(x + seen)
        return normed


def loss_of(adapter: Adapter, teacher: Teacher, exit: int, batch: Batch) -> Tensor:
    teacher.begin()
    turns = teacher.turns(batch.ids)
    with torch.no_grad():
        x = teacher.embedding[batch.ids]
        for layer in teacher.model.model.layers[:exit]:
            x = layer(x, position_embeddings=turns, attention_mask=None)
    normed = adapter(x, turns)[batch.valid]
    return teacher.loss(teacher.law(batch.hidden[batch.valid]), normed).mean()


def main() -> None:
    parser = arguments(__doc__, minutes=8, rate=1e-3)
    parser.add_argument("--exit", type=int, default=4, help="layers of the large model that draft")
    options = parser.parse_args()
    model, replies, teacher = opened(options)
    adapter = Adapter(model, options.exit)
    fit(adapter, lambda batch: loss_of(adapter, teacher, options.exit, batch), replies, options)
    tensors = {name: weight.bfloat16() for name, weight in adapter.state_dict().items()}
    write(options.out / "kangaroo.safetensors", tensors, {"drafter": "kangaroo", "exit": str(options.exit)})


if __name__ == "__main__":
    main()
