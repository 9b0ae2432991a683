"""Trains a draft network with nested exits: ``python training/s2d.py --features runs/features --out runs/s2d``.

The layers start as the large model's first ones. Sorted fine-tuning: the losses of all exits are added. One exit
(``--exits 4``) makes a plain draft model.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from torch import Tensor, nn

from evidentia.training.drafts import Batch, Teacher, arguments, fit, opened, write


class Exit(nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.norm = deepcopy(model.model.norm)


class Exits(nn.Module):
    def __init__(self, model: Any, exits: list[int]) -> None:
        super().__init__()
        self.exits = exits
        self.layers = nn.ModuleList(deepcopy(layer) for layer in model.model.layers[: exits[-1]])
        self.norms = nn.ModuleList(Exit(model) for _ in exits)
        self.requires_grad_(True)

    def forward(self, x: Tensor, turns: tuple[Tensor, Tensor]) -> list[Tensor]:
        """Outputs of each exit's norm."""
        said = []
        for number, layer in enumerate(self.layers, 1):
            x = layer(x, position_embeddings=turns, attention_mask=None)  # type: ignore[operator]
            if number in self.exits:
                said.append(self.norms[len(said)].norm(x))  # type: ignore[operator]
        return said


def loss_of(network: Exits, teacher: Teacher, batch: Batch) -> Tensor:
    teacher.begin()
    law = teacher.law(batch.hidden[batch.valid])
    said = network(teacher.embedding[batch.ids], teacher.turns(batch.ids))
    losses = [teacher.loss(law, normed[batch.valid]).mean() for normed in said]
    total: Tensor = sum(losses[1:], losses[0])
    return total


def main() -> None:
    parser = arguments(__doc__, minutes=10, rate=3e-4)
    parser.add_argument("--exits", type=int, nargs="+", default=[2, 4, 6], help="numbers of layers, ascending")
    options = parser.parse_args()
    model, replies, teacher = opened(options)
    network = Exits(model, options.exits)
    fit(network, lambda batch: loss_of(network, teacher, batch), replies, options)
    tensors = {name: weight.bfloat16() for name, weight in network.state_dict().items()}
    facts = {"drafter": "s2d", "exits": " ".join(map(str, options.exits))}
    write(options.out / "s2d.safetensors", tensors, facts)


if __name__ == "__main__":
    main()
