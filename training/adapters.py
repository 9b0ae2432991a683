"""Trains an adapter for the local language model: ``python training/adapters.py grounded --data … --out …``.

One core is enough (half an hour gives a useful adapter), a GPU is used where there is one. A run that was stopped goes
on with ``--resume``: adapter, optimiser and place in the data are written every few minutes. The adapter is saved in
PEFT's format.
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch.nn import functional

from evidentia import serving
from evidentia.serving.heap import keep_memory
from evidentia.settings import Settings
from evidentia.training.files import load_state, save_adapter, save_state
from evidentia.training.llama import AdaptedLlama
from evidentia.training.tasks import TASKS, Task
from evidentia.training.trees import Tree, batch, grown, of_like_length

POOL = 64
"""Groups that are drawn together and sorted by length."""
WARM_UP = 0.03
REPORT_EVERY, SAVE_EVERY = 30.0, 120.0
"""Seconds."""
log = logging.getLogger("training")


@dataclass
class Progress:
    epoch: int = 0
    pool: int = 0
    batch: int = 0
    examples: int = 0
    tokens: int = 0
    steps: int = 0
    seconds: float = 0.0
    """Spent in steps, over all runs."""


@dataclass(frozen=True, slots=True)
class Limit:
    minutes: float
    examples: int

    def done(self, progress: Progress) -> float:
        """0 at the start, 1 at the end: what the learning rate follows."""
        shares = [progress.seconds / 60 / self.minutes if self.minutes else 0.0]
        shares.append(progress.examples / self.examples if self.examples else 0.0)
        return min(1.0, max(shares))


def rate(done: float) -> float:
    """Share of the peak learning rate: a short linear rise, then half a cosine."""
    if done < WARM_UP:
        return max(done, 0.001) / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


def batches(task: Task, seed: int, progress: Progress, tokens: int) -> Iterator[list[Tree]]:
    """Without end, from the place that ``progress`` names. Every pool is drawn with a seed of its own."""
    while True:
        order = list(range(len(task)))
        Random(f"{seed} {progress.epoch}").shuffle(order)
        while (start := progress.pool * POOL) < len(order):
            rng = Random(f"{seed} {progress.epoch} {progress.pool}")
            groups = [task.group(number, rng) for number in order[start : start + POOL]]
            made = of_like_length((grown(group) for group in groups if group), tokens)
            rng.shuffle(made)
            for trees in made[progress.batch :]:
                progress.batch += 1
                yield trees
            progress.pool, progress.batch = progress.pool + 1, 0
        progress.epoch, progress.pool = progress.epoch + 1, 0


def train(llama: AdaptedLlama, task: Task, options: argparse.Namespace, progress: Progress, optimiser: Any) -> None:
    limit = Limit(options.minutes, options.examples)
    losses: list[float] = []
    saved = reported = time.monotonic()
    for trees in batches(task, options.seed, progress, options.tokens):
        began = time.monotonic()
        for group in optimiser.param_groups:
            group["lr"] = options.rate * rate(limit.done(progress))
        losses.append(step(llama, optimiser, trees))
        progress.steps += 1
        progress.examples += sum(tree.pairs for tree in trees)
        progress.tokens += sum(map(len, trees))
        now = time.monotonic()
        progress.seconds += now - began
        done = limit.done(progress) >= 1
        if done or now - reported > REPORT_EVERY:
            report(progress, losses)
            reported = now
        if done or now - saved > SAVE_EVERY:
            save(llama, optimiser, progress, options)
            saved = now
        if done:
            return


def step(llama: AdaptedLlama, optimiser: Any, trees: list[Tree]) -> float:
    ids, positions, visible, rows, targets, weights = batch(trees, llama.head.device)
    losses = functional.cross_entropy(llama(ids, positions, visible, rows), targets, reduction="none")
    loss = (losses * weights).sum() / weights.sum()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(llama.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(loss.detach())


def report(progress: Progress, losses: list[float]) -> None:
    log.info(
        "%5.1f min, %d steps, %d examples, %.0f tokens/s, %.1f examples/s, loss %.3f",
        progress.seconds / 60,
        progress.steps,
        progress.examples,
        progress.tokens / progress.seconds,
        progress.examples / progress.seconds,
        sum(losses) / max(1, len(losses)),
    )
    losses.clear()


def save(llama: AdaptedLlama, optimiser: Any, progress: Progress, options: argparse.Namespace) -> None:
    save_adapter(llama, options.out)
    save_state(llama, optimiser, {"progress": asdict(progress), "options": settings(options)}, options.out)


def settings(options: argparse.Namespace) -> dict[str, Any]:
    return {name: value for name, value in vars(options).items() if not isinstance(value, Path)}


def main() -> None:
    options = arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    keep_memory()
    torch.manual_seed(options.seed)
    model = serving.load_in_process(options.model, Settings(cache=options.cache) if options.cache else Settings())
    llama = AdaptedLlama(model.model, first=options.first, rank=options.rank, alpha=2 * options.rank)
    task = TASKS[options.task](model, options.data)
    optimiser = torch.optim.AdamW(llama.parameters(), lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0)
    progress = Progress()
    if options.resume:
        progress = Progress(**load_state(llama, optimiser, options.out)["progress"])
    elif options.warm is not None:
        load_state(llama, None, options.warm)
    size = sum(weight.numel() for weight in llama.parameters())
    log.info("%s: %d groups, %.2f M parameters", options.task, len(task), size / 1e6)
    train(llama, task, options, progress, optimiser)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("--data", type=Path, required=True, help="folder that holds squad/ and beir-scifact/")
    parser.add_argument("--out", type=Path, required=True, help="folder of the adapter")
    parser.add_argument("--minutes", type=float, default=30.0, help="training time; 0 for no limit")
    parser.add_argument("--examples", type=int, default=0, help="examples to learn from; 0 for no limit")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--warm", type=Path, help="start from the adapter of another run")
    parser.add_argument("--model", default=Settings().model)
    parser.add_argument("--first", type=int, default=10, help="first adapted layer; those below are only run forward")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--tokens", type=int, default=1600, help="tokens of a batch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, help="folder of the models, if not the usual one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
