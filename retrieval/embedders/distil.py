"""A narrower BERT learns to give what the whole one gives: states of tokens, and vectors of texts.

Needs no labels. Embeddings stay as they are; all of the layers is learnt. Gradual distillation without matching of
layers beyond their number: Kurtic et al., ZipLM, 2023 (token-wise states); Reimers and Gurevych, 2020 (vectors).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional as F

from ...corpus.cancellation import check
from .bert_torch import TorchBert, attend, feed_forward

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

RATE, WARMUP, DECAY, CLIP = 2e-4, 0.03, 0.01, 1.0
MATCHED = (1, 3)
"""Layers of the whole model whose states are matched beside the last one's, as far as the narrow one has them."""
VECTORS = 20.0
"""Weight of the vectors' cosine beside the states' squared error."""
SAVED = 240.0
"""Processor seconds between checkpoints."""
NAMES = {
    "fused": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "out": ("attention.output.dense",),
    "first": ("attention.output.LayerNorm",),
    "up": ("intermediate.dense",),
    "down": ("output.dense",),
    "second": ("output.LayerNorm",),
}
"""The parts of a layer in their order, and those of a Hugging Face checkpoint that make them up."""

Batch = Sequence[Sequence[int]]
"""Token ids per text, special tokens included."""
Told = Callable[[int, float, float, float], None]
"""Gets the step, processor minutes, the states' error and one minus the vectors' cosine, the last two smoothed."""


class Student:
    """The layers of ``bert`` as parameters, by name."""

    def __init__(self, bert: TorchBert) -> None:
        self.count = len(bert.layers)
        self.parameters = {
            f"{number}.{part}.{kind}": value.clone().requires_grad_()
            for number, layer in enumerate(bert.layers)
            for part, pair in zip(NAMES, layer, strict=True)
            for kind, value in zip(("weight", "bias"), pair, strict=True)
        }

    def layers(self) -> list[list[tuple[Tensor, Tensor]]]:
        p = self.parameters
        return [[(p[f"{n}.{part}.weight"], p[f"{n}.{part}.bias"]) for part in NAMES] for n in range(self.count)]

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """Named as in a Hugging Face BERT checkpoint."""
        found = {}
        for name, value in self.parameters.items():
            number, part, kind = name.split(".")
            places = NAMES[part]
            for place, rows in zip(places, np.split(value.detach().numpy(), len(places)), strict=True):
                found[f"encoder.layer.{number}.{place}.{kind}"] = np.array(rows)
        return found


def distil(
    whole: TorchBert, student: Student, source: Iterator[Batch], minutes: float,
    *, kept: Sequence[int], checkpoint: Path | None = None, rate: float = RATE, told: Told = lambda *_: None,
) -> None:  # fmt: skip
    """Learns for so many ``minutes`` of the processor's time, the rate falling to nothing. ``kept``: which of the whole
    model's layers the student's are. ``checkpoint``: where a run that is stopped goes on."""
    optimiser = _optimiser(student, rate)
    spent, step = _resume(checkpoint, student, optimiser)
    begun, saved, shown = time.process_time() - spent, spent, [0.0, 0.0]
    while (spent := time.process_time() - begun) < 60 * minutes:
        check()
        share = spent / (60 * minutes)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (share + 0.001) / WARMUP) * (1 - share)
        losses = _losses(whole, student, next(source), kept)
        optimiser.zero_grad()
        (losses[0] + VECTORS * losses[1]).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(list(student.parameters.values()), CLIP)
        optimiser.step()
        step += 1
        weight = max(0.05, 1 / step)
        shown = [(1 - weight) * old + weight * new.item() for old, new in zip(shown, losses, strict=True)]
        told(step, spent / 60, *shown)
        if checkpoint is not None and spent - saved > SAVED:
            saved = spent
            _save(checkpoint, student, optimiser, spent=spent, step=step)


def _losses(whole: TorchBert, student: Student, ids: Batch, kept: Sequence[int]) -> tuple[Tensor, Tensor]:
    """The states' squared error as a share of their square, and one minus the cosine of the vectors."""
    padded, real = whole.pad(ids)
    mask = None if bool(real.all()) else real[:, None, None]
    with torch.no_grad():
        first = whole.embed(padded)
        taught = _states(first, mask, whole.layers, F.scaled_dot_product_attention)
    learnt = _states(first, mask, student.layers(), plain_attention)
    matched = [at for at, old in enumerate(kept) if old in MATCHED or at == len(kept) - 1]
    pairs = [(learnt[at][real], taught[kept[at]][real]) for at in matched]
    pairs[-1] = (learnt[-1][real], taught[-1][real])
    apart = torch.stack([(own - other).square().mean() / other.square().mean() for own, other in pairs]).mean()
    cosine = (_vectors(learnt[-1], real) * _vectors(taught[-1], real)).sum(1).mean()
    return apart, 1 - cosine


def _states(hidden: Tensor, mask: Tensor | None, layers: Any, attention: Any) -> list[Tensor]:
    """The states behind each of ``layers``."""
    found = []
    for layer in layers:
        hidden = feed_forward(attend(hidden, mask, *layer[:3], attention=attention), *layer[3:])
        found.append(hidden)
    return found


def _vectors(hidden: Tensor, real: Tensor) -> Tensor:
    return F.normalize((hidden * real[..., None]).sum(1), dim=1)


def plain_attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Plain products: on a CPU the backward of the fused kernel takes half of the whole step."""
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e4)
    mixed: Tensor = scores.softmax(-1) @ value
    return mixed


def _optimiser(student: Student, rate: float) -> torch.optim.AdamW:
    matrices = [value for value in student.parameters.values() if value.dim() > 1]
    others = [value for value in student.parameters.values() if value.dim() == 1]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, rate, betas=(0.9, 0.98))


def _resume(checkpoint: Path | None, student: Student, optimiser: torch.optim.AdamW) -> tuple[float, int]:
    """Processor seconds and steps that are behind."""
    from safetensors.torch import load_file

    if checkpoint is None or not checkpoint.exists():
        return 0.0, 0
    held = load_file(checkpoint)
    with torch.no_grad():
        for name, value in student.parameters.items():
            value.copy_(held[name])
            optimiser.state[value] = {moment: held[f"{moment}:{name}"] for moment in ("step", "exp_avg", "exp_avg_sq")}
    return float(held["spent"]), int(held["steps"])


def _save(checkpoint: Path, student: Student, optimiser: torch.optim.AdamW, *, spent: float, step: int) -> None:
    """Written under another name first, so that a run stopped at any moment leaves a whole file."""
    from safetensors.torch import save_file

    held = {"spent": torch.tensor(spent), "steps": torch.tensor(step)}
    for name, value in student.parameters.items():
        held[name] = value.detach()
        held |= {f"{moment}:{name}": torch.as_tensor(kept) for moment, kept in optimiser.state[value].items()}
    part = checkpoint.with_suffix(".part")
    save_file(held, part)
    part.replace(checkpoint)
