"""Trains EAGLE's head, or FSPAD's: ``python training/fspad.py --sampling --partial --features … --out …``.

Without flags it is EAGLE: all of the output is held to the large model's next feature (smooth L1), and its scores to
the large model's (soft cross-entropy; the paper's weight of a tenth learns too slowly for a training of minutes).
``--sampling`` puts the gate before it, ``--partial`` holds only half of the output to the feature. The layer starts as
the large model's last one, with what it adds made as small as features are beside the outputs of layers.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from evidentia.training.drafts import Batch, Teacher, arguments, fit, opened, write

SCORES, SHRUNK = 1.0, 0.03
NOISE = 0.2
"""Features are read with uniform noise of this size: later guesses stand behind features that were guessed."""


class Head(nn.Module):
    def __init__(self, model: Any, sampling: bool) -> None:
        super().__init__()
        width = model.config.hidden_size
        self.join = nn.Linear(2 * width, width, bias=False)
        self.layer = deepcopy(model.model.layers[-1])
        if sampling:
            self.by_token = nn.Linear(width, 2 * width, bias=False)
            self.up, self.down = nn.Linear(width, 2 * width, bias=False), nn.Linear(2 * width, width, bias=False)
        with torch.no_grad():  # the feature as it is, and half of what the gate lets through
            for adds in (self.layer.self_attn.o_proj, self.layer.mlp.down_proj):
                adds.weight.mul_(SHRUNK)
            self.join.weight.copy_(torch.cat([torch.zeros(width, width), torch.eye(width)], 1))
            if sampling:
                self.by_token.weight.zero_()
                self.up.weight.copy_(torch.eye(width).repeat(2, 1))
                self.down.weight.copy_(torch.eye(width).repeat(1, 2))
        self.sampling = sampling
        self.requires_grad_(True)

    def forward(self, features: Tensor, embedded: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
        """The next features."""
        if self.sampling:
            features = self.down(self.by_token(embedded).sigmoid() * self.up(features))
        joined = self.join(torch.cat([embedded, features], -1))
        out: Tensor = self.layer(joined, position_embeddings=turns, attention_mask=None)
        return out


def loss_of(head: Head, teacher: Teacher, partial: bool, batch: Batch) -> Tensor:
    teacher.begin()
    ids, valid = batch.ids[:, 1:], batch.valid[:, 1:]
    noise = (torch.rand_like(batch.hidden[:, :-1]) - 0.5) * NOISE
    features = teacher.model.model.norm(batch.hidden)
    out = head(features[:, :-1] + noise, teacher.embedding[ids], teacher.turns(ids))[valid]
    truth = features[:, 1:][valid]
    law = teacher.law(batch.hidden[:, 1:][valid])
    width = truth.shape[1] // 2 if partial else truth.shape[1]
    apart = functional.smooth_l1_loss(out[:, :width].float(), truth[:, :width])
    return apart + SCORES * teacher.loss(law, out).mean()


def main() -> None:
    parser = arguments(__doc__, minutes=6, rate=1e-3)
    parser.add_argument("--sampling", action="store_true")
    parser.add_argument("--partial", action="store_true")
    options = parser.parse_args()
    model, replies, teacher = opened(options)
    head = Head(model, options.sampling)
    fit(head, lambda batch: loss_of(head, teacher, options.partial, batch), replies, options)
    tensors = {name: weight.bfloat16() for name, weight in head.state_dict().items()}
    write(options.out / "features.safetensors", tensors, {"drafter": "features"})


if __name__ == "__main__":
    main()
