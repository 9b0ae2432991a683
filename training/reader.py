"""Trains the reader: MiniLM with span, sentence and no-answer heads, on SQuAD 1.1 train.

    python training/reader.py --out runs/reader --epochs 2

The embeddings and the first layers stay as they are, so only the upper layers and the heads are saved. A run that was
stopped goes on where its last checkpoint was. Uses a GPU where there is one. About 35 examples per second on one core
with bf16 matrix units (AMX) that it has for itself.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from evidentia.evaluation.squad import read_articles, split_articles
from evidentia.retrieval.embedders import minilm, weights
from evidentia.retrieval.embedders.bert_torch import TorchBert, encode
from evidentia.settings import Settings
from evidentia.training import squad

FROZEN = 2
"""Layers that are not trained."""
WIDTH = 384
WEIGHTS = ("span.weight", "span.bias", "sentence.weight", "sentence.bias", "answer.weight", "answer.bias")
LEARNING_RATE, WARMUP, DECAY = 2.5e-4, 0.03, 0.01
BATCH_TOKENS = 3072
SHORT, LONG, SHARE_LONG = 160, 380, 0.1
"""Tokens of the passage that are kept; a tenth of the examples keeps all of it."""
NEGATIVES = 0.3
"""Unanswerable examples for each answerable one."""


def examples(corpus: squad.Corpus, near: list[list[int]], epoch: int, seed: int) -> list[squad.Example]:
    """One epoch, shuffled: every question with its paragraph, and some with one that does not answer."""
    rng = random.Random(f"{seed} {epoch}")
    articles = corpus.same_article()
    made = []
    for number, question in enumerate(corpus.questions):
        most = LONG if rng.random() < SHARE_LONG else SHORT
        if question.places:
            made.append(corpus.example(question, rng, most))
        if rng.random() < NEGATIVES:
            others = near[number] if rng.random() < 0.6 else articles[corpus.passages[question.passage].article]
            wrong = [p for p in others if p != question.passage and question.answer not in corpus.texts[p]]
            if wrong:
                made.append(corpus.negative(question, rng.choice(wrong), rng, most))
    rng.shuffle(made)
    return made


def batches(made: list[squad.Example], seed: str) -> list[list[squad.Example]]:
    """Examples of like length together, as many as fit; in random order."""
    found: list[list[squad.Example]] = []
    for at in range(0, len(made), 2000):
        group: list[squad.Example] = []
        for example in sorted(made[at : at + 2000], key=lambda one: len(one.ids)):
            if group and len(example.ids) * (len(group) + 1) > BATCH_TOKENS:
                found.append(group)
                group = []
            group.append(example)
        found.append(group)
    random.Random(seed).shuffle(found)
    return found


class Reader:
    """Trained parameters in float32, by name; the forward runs in the encoder's dtype."""

    def __init__(self, bert: TorchBert, state: dict[str, Tensor] | None = None) -> None:
        self.bert = bert
        generator = torch.Generator().manual_seed(0)
        fresh = {
            name: torch.zeros(1) if name.endswith("bias") else torch.randn(1, WIDTH, generator=generator) * 0.02
            for name in WEIGHTS
        }
        fresh["span.weight"], fresh["span.bias"] = torch.randn(2, WIDTH, generator=generator) * 0.02, torch.zeros(2)
        for number, layer in enumerate(bert.layers[FROZEN:], start=FROZEN):
            for part, pair in enumerate(layer):
                fresh[f"layer.{number}.{part}.weight"], fresh[f"layer.{number}.{part}.bias"] = pair
        self.parameters = {
            name: (state or fresh)[name].to(bert.device, torch.float32).clone().requires_grad_() for name in fresh
        }

    def layers(self) -> list[list[tuple[Tensor, Tensor]]]:
        cast = {name: value.to(self.bert.dtype) for name, value in self.parameters.items()}
        return [
            [(cast[f"layer.{n}.{part}.weight"], cast[f"layer.{n}.{part}.bias"]) for part in range(6)]
            for n in range(FROZEN, len(self.bert.layers))
        ]

    def hidden(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Padded ids ``[batch, tokens]`` to float32 states ``[batch, tokens, width]``."""
        real = torch.arange(ids.shape[1], device=ids.device) < lengths[:, None]
        mask = None if bool(real.all()) else real[:, None, None]
        with torch.no_grad():
            below = encode(self.bert.embed(ids), mask, self.bert.layers[:FROZEN])
        return encode(below, mask, self.layers(), attention).float()

    def loss(self, group: list[squad.Example]) -> Tensor:
        p, device = self.parameters, self.bert.device
        ids, lengths, numbers = padded(group, device)
        hidden = self.hidden(ids, lengths)
        real = torch.arange(ids.shape[1], device=device) < lengths[:, None]
        allowed = real & ((numbers > 0) | (torch.arange(ids.shape[1], device=device) == 0))
        span = F.linear(hidden, p["span.weight"], p["span.bias"]).masked_fill(~allowed[..., None], -1e4)
        starts = marked([one.starts for one in group], ids.shape[1], device)
        ends = marked([one.ends for one in group], ids.shape[1], device)
        total = (_nll(span[..., 0], starts) + _nll(span[..., 1], ends)) / 2
        scores = by_sentence(F.linear(hidden, p["sentence.weight"], p["sentence.bias"])[..., 0], numbers, allowed)
        total = total + 0.5 * _nll(scores, marked([one.golds for one in group], scores.shape[1], device))
        answered = torch.tensor([float(one.starts[0] > 0) for one in group], device=device)
        logit = F.linear(hidden[:, 0], p["answer.weight"], p["answer.bias"])[:, 0]
        return total + 0.5 * F.binary_cross_entropy_with_logits(logit, answered)


def attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Plain products: on a CPU the backward of the fused kernel takes half of the whole step."""
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e4)
    return scores.softmax(-1) @ value


def padded(group: list[squad.Example], device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, lengths and sentence numbers of a batch."""
    lengths = [len(one.ids) for one in group]
    ids, numbers = (np.zeros((len(group), max(lengths)), dtype=np.int64) for _ in range(2))
    for row, one in enumerate(group):
        ids[row, : len(one.ids)], numbers[row, : len(one.ids)] = one.ids, one.sentences
    return (
        torch.from_numpy(ids).to(device),
        torch.tensor(lengths, device=device),
        torch.from_numpy(numbers).to(device),
    )


def by_sentence(scores: Tensor, numbers: Tensor, allowed: Tensor) -> Tensor:
    """Token scores ``[batch, tokens]`` to the mean of each sentence ``[batch, 1 + sentences]``; 0 is "none of them"."""
    shape = (scores.shape[0], int(numbers.max()) + 1)
    weights = allowed.float()
    sums = torch.zeros(shape, device=scores.device).scatter_add(1, numbers, scores * weights)
    counts = torch.zeros(shape, device=scores.device).scatter_add(1, numbers, weights)
    return (sums / counts.clamp(min=1)).masked_fill(counts == 0, -1e4)


def marked(places: list[list[int]], width: int, device: torch.device) -> Tensor:
    mask = torch.zeros(len(places), width, dtype=torch.bool)
    for row, found in enumerate(places):
        mask[row, found] = True
    return mask.to(device)


def _nll(scores: Tensor, gold: Tensor) -> Tensor:
    """Minus the log of the probability that the gold places have together."""
    return (scores.logsumexp(1) - scores.masked_fill(~gold, -1e9).logsumexp(1)).mean()


def export(reader: Reader, file: Path) -> None:
    """The trained tensors by the names of a Hugging Face BERT checkpoint, and the heads; float16."""
    parts = (
        "",
        "attention.output.dense",
        "attention.output.LayerNorm",
        "intermediate.dense",
        "output.dense",
        "output.LayerNorm",
    )
    tensors: dict[str, Tensor] = {}
    for name, value in reader.parameters.items():
        half = value.detach().cpu().to(torch.float16)
        if not name.startswith("layer."):
            tensors[name] = half
            continue
        _, number, part, kind = name.split(".")
        layer = f"encoder.layer.{number}"
        if part != "0":
            tensors[f"{layer}.{parts[int(part)]}.{kind}"] = half
            continue
        for which, third in zip(("query", "key", "value"), half.chunk(3), strict=True):
            tensors[f"{layer}.attention.self.{which}.{kind}"] = third.clone()
    save_file(tensors, file)


def rate(done: float) -> float:
    return LEARNING_RATE * min(1.0, done / WARMUP) * max(0.0, 1 - done)


def save(out: Path, reader: Reader, optimiser: torch.optim.AdamW, state: dict[str, Any]) -> None:
    moments = {
        f"{name}:{key}": optimiser.state[value][key].clone()
        for name, value in reader.parameters.items()
        for key in ("exp_avg", "exp_avg_sq", "step")
        if value in optimiser.state
    }
    tensors = {name: value.detach().clone() for name, value in reader.parameters.items()}
    save_file(tensors | moments, out / "checkpoint.part", {"state": json.dumps(state)})
    (out / "checkpoint.part").replace(out / "checkpoint.safetensors")


def resume(out: Path, bert: TorchBert) -> tuple[Reader, torch.optim.AdamW, dict[str, Any]]:
    from safetensors import safe_open

    file = out / "checkpoint.safetensors"
    found = load_file(file) if file.is_file() else {}
    reader = Reader(bert, {name: value for name, value in found.items() if ":" not in name} or None)
    optimiser = torch.optim.AdamW(reader.parameters.values(), lr=LEARNING_RATE, weight_decay=DECAY, fused=True)
    if not found:
        return reader, optimiser, {"epoch": 0, "batch": 0, "seen": 0, "seconds": 0.0}
    for name, value in reader.parameters.items():
        optimiser.state[value] = {key: found[f"{name}:{key}"] for key in ("exp_avg", "exp_avg_sq", "step")}
    with safe_open(file, "pt") as opened:
        return reader, optimiser, json.loads(opened.metadata()["state"])


def plan(
    corpus: squad.Corpus, epochs: int, seed: int, state: dict[str, Any]
) -> Iterator[tuple[float, list[squad.Example]]]:
    """Share done and the next batch, from where ``state`` is on."""
    near = corpus.near(4)
    while state["epoch"] < epochs:
        found = batches(examples(corpus, near, state["epoch"], seed), f"{seed} {state['epoch']}")
        for group in found[state["batch"] :]:
            yield (state["epoch"] + state["batch"] / len(found)) / epochs, group
            state["batch"] += 1
        state["epoch"], state["batch"] = state["epoch"] + 1, 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared / "squad" / "train-1.1.rebuilt.json.gz")
    parser.add_argument("--out", type=Path, default=Path("runs/reader"))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=0, help="end the schedule by then (0: when all is seen)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--export", type=Path, help="write the weights of the last checkpoint there, and train no more")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    cache = Settings.from_env().cache
    reader, optimiser, state = resume(
        options.out, TorchBert(weights.tensors(weights.published_file(minilm.MODEL, cache)))
    )
    if options.export:
        export(reader, options.export)
        return
    corpus = squad.Corpus(split_articles(read_articles(options.data))[0], weights.tokenizer(cache))
    saved, losses, before = time.monotonic(), [], state["seconds"]
    began = time.monotonic()
    for share, group in plan(corpus, options.epochs, options.seed, state):
        state["seconds"] = before + time.monotonic() - began
        done = max(share, state["seconds"] / (60 * options.minutes)) if options.minutes else share
        if done >= 1:
            break
        for choice in optimiser.param_groups:
            choice["lr"] = rate(done)
        loss = reader.loss(group)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(reader.parameters.values()), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        state["seen"] += len(group)
        if len(losses) == 50:
            speed = state["seen"] / state["seconds"]
            print(f"{state['seen']:,} examples, loss {np.mean(losses):.3f}, {speed:.1f}/s, {done:.1%}", flush=True)
            losses.clear()
        if time.monotonic() - saved > 180:
            save(options.out, reader, optimiser, state)
            saved = time.monotonic()
    save(options.out, reader, optimiser, state)


if __name__ == "__main__":
    main()
