"""What the training of drafters shares: recorded replies in batches, the large model's say, and a loop that goes on.

The scores of the large model are computed again from the recorded outputs of its last layer, over the tokens that
come most often and a few others drawn anew for each step: over all 49,152 they would cost more than the drafter.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

COMMON, OTHERS = 6144, 1024
"""Tokens whose scores are compared: the most frequent ones, and others in each step."""
WARM_UP, CLIP, REPORT_EVERY, SAVE_EVERY = 0.05, 0.5, 20.0, 60.0
log = logging.getLogger("training")


class Batch(NamedTuple):
    ids: Tensor
    """``[batch, length]``."""
    hidden: Tensor
    """``[batch, length, width]``: outputs of the large model's last layer."""
    valid: Tensor
    """Bool ``[batch, length]``."""


class Replies:
    """What ``features.py`` wrote. A sequence starts where its features do."""

    def __init__(self, folder: Path) -> None:
        self.items: list[tuple[Tensor, Tensor]] = []
        for path in sorted(folder.glob("*.safetensors")):
            kept = load_file(path)
            hidden, start = kept["hidden"], int(kept["places"][0])
            self.items.append((kept["tokens"][start : start + len(hidden)], hidden))
        self.tokens = sum(len(ids) for ids, _ in self.items)

    def batches(self, seed: int, tokens: int) -> Iterator[Batch]:
        """Without end; sequences of like length together, at most ``tokens`` tokens when padded."""
        rng = Random(seed)
        while True:
            groups: list[list[tuple[Tensor, Tensor]]] = []
            for item in sorted(self.items, key=lambda item: len(item[0]) + rng.random() * 40):
                length = max([len(item[0]), *(len(ids) for ids, _ in groups[-1])]) if groups else 0
                if groups and length * (len(groups[-1]) + 1) <= tokens:
                    groups[-1].append(item)
                else:
                    groups.append([item])
            rng.shuffle(groups)
            yield from map(_padded, groups)

    def common(self, vocabulary: int) -> Tensor:
        """The most frequent tokens, then the others."""
        counts = torch.bincount(torch.cat([ids for ids, _ in self.items]), minlength=vocabulary)
        return counts.argsort(descending=True, stable=True)


def _padded(items: list[tuple[Tensor, Tensor]]) -> Batch:
    ids = nn.utils.rnn.pad_sequence([ids for ids, _ in items], batch_first=True)
    hidden = nn.utils.rnn.pad_sequence([hidden for _, hidden in items], batch_first=True)
    lengths = torch.tensor([len(ids) for ids, _ in items])
    return Batch(ids, hidden.float(), torch.arange(ids.shape[1]) < lengths[:, None])


class Teacher:
    """The large model's parts that drafters share, frozen, and what it says."""

    def __init__(self, model: Any, order: Tensor, seed: int) -> None:
        self.model, self.order, self.random = model, order, torch.Generator().manual_seed(seed)
        self.embedding = model.get_input_embeddings().weight.detach()
        self.head = model.get_output_embeddings().weight.detach().bfloat16()
        self.columns = order[:COMMON]

    def begin(self) -> None:
        """Draws the tokens that are compared in this step."""
        others = torch.randint(COMMON, len(self.order), (OTHERS,), generator=self.random)
        self.columns = torch.cat([self.order[:COMMON], self.order[others.unique()]])
        self.part = self.head[self.columns]

    def scores(self, normed: Tensor) -> Tensor:
        """Of the columns, from the outputs of a last norm."""
        return functional.linear(normed.bfloat16(), self.part).float()

    def law(self, hidden: Tensor) -> Tensor:
        """What the large model says, from the outputs of its last layer."""
        with torch.no_grad():
            normed: Tensor = self.model.model.norm(hidden.to(self.model.dtype))
            return self.scores(normed).softmax(-1)

    def loss(self, law: Tensor, normed: Tensor) -> Tensor:
        """Soft cross-entropy per token."""
        return -(law * self.scores(normed).log_softmax(-1)).sum(-1)

    def turns(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Rotary positions."""
        places = torch.arange(ids.shape[1])[None]
        cos, sin = self.model.model.rotary_emb(torch.zeros(1, dtype=torch.float32), places)
        return cos, sin


@dataclass
class Progress:
    step: int = 0
    seconds: float = 0.0


def fit(
    module: nn.Module, loss_of: Callable[[Batch], Tensor], replies: Replies, options: argparse.Namespace
) -> Progress:
    """Trains for ``options.minutes`` of this process's own time; ``options.resume``: from where ``options.out`` was
    left."""
    weights = dict(module.named_parameters())
    optimiser = torch.optim.AdamW(weights.values(), lr=options.rate, betas=(0.9, 0.95), weight_decay=0.0)
    progress = _resume(weights, optimiser, options.out) if options.resume else Progress()
    losses: list[float] = []
    saved = reported = time.monotonic()
    for batch in replies.batches(options.seed + progress.step, options.tokens):
        began = time.process_time()
        done = _done(progress, options)
        for group in optimiser.param_groups:
            group["lr"] = options.rate * _rate(done)
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(weights.values(), CLIP)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
        now = time.monotonic()
        progress.step, progress.seconds = progress.step + 1, progress.seconds + time.process_time() - began
        if now - reported > REPORT_EVERY or done >= 1:
            log.info("%4.1f min, %d steps, loss %.3f", progress.seconds / 60, progress.step, sum(losses) / len(losses))
            losses, reported = [], now
        if now - saved > SAVE_EVERY or done >= 1:
            _save(weights, optimiser, progress, options.out)
            saved = now
        if done >= 1:
            return progress
    return progress


def _done(progress: Progress, options: argparse.Namespace) -> float:
    """0 at the start, 1 at the end."""
    shares = [progress.seconds / 60 / options.minutes if options.minutes else 0.0]
    shares.append(progress.step / options.steps if options.steps else 0.0)
    return min(1.0, max(shares))


def _rate(done: float) -> float:
    return done / WARM_UP + 0.01 if done < WARM_UP else 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def write(path: Path, tensors: dict[str, Tensor], facts: dict[str, str]) -> None:
    """A file that is whole at any moment."""
    part = path.with_suffix(".part")
    save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, part, facts)
    part.replace(path)


def _save(weights: dict[str, nn.Parameter], optimiser: Any, progress: Progress, out: Path) -> None:
    tensors: dict[str, Tensor] = {f"weight:{name}": weight for name, weight in weights.items()}
    for name, weight in weights.items():
        tensors |= {f"{moment}:{name}": torch.as_tensor(value) for moment, value in optimiser.state[weight].items()}
    write(out / "state.safetensors", tensors, {"progress": json.dumps(vars(progress))})


def _resume(weights: dict[str, nn.Parameter], optimiser: Any, out: Path) -> Progress:
    from safetensors import safe_open

    tensors = load_file(out / "state.safetensors")
    with torch.no_grad():
        for name, weight in weights.items():
            weight.copy_(tensors[f"weight:{name}"])
            optimiser.state[weight] = {key: tensors[f"{key}:{name}"] for key in ("step", "exp_avg", "exp_avg_sq")}
    with safe_open(out / "state.safetensors", "pt") as opened:
        return Progress(**json.loads(opened.metadata()["progress"]))


def arguments(description: str | None, minutes: float, rate: float) -> argparse.ArgumentParser:
    from evidentia.settings import Settings

    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True, help="folder that features.py wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=minutes, help="processor time of the training itself")
    parser.add_argument("--steps", type=int, default=0, help="steps at most; 0 for no limit")
    parser.add_argument("--rate", type=float, default=rate, help="peak learning rate")
    parser.add_argument("--tokens", type=int, default=2048, help="tokens of a batch")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--seed", type=int, default=0)
    return parser


def opened(options: argparse.Namespace) -> tuple[Any, Replies, Teacher]:
    """The model in fp32, the replies and the teacher."""
    from evidentia import serving
    from evidentia.serving.heap import keep_memory
    from evidentia.settings import Settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    keep_memory()
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    model: Any = serving.load(options.model, Settings.from_env())
    replies = Replies(options.features)
    log.info("%d replies, %d tokens", len(replies.items), replies.tokens)
    whole = model.model.float()
    whole.requires_grad_(False)
    return whole, replies, Teacher(whole, replies.common(whole.config.vocab_size), options.seed)
