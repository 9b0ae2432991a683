"""Trains the judge: does a statement carry a claim, and which of its words does it not?

    python training/support.py --wordnet FOLDER --out runs/support --minutes 40

The reader's network stays as it is; what is trained is a change of low rank of each of its matrices (LoRA, Hu et al.,
2021), used when it judges only, and two heads: one for the claim, one for each of its words. So reading cannot become
worse, and the weights grow by a tenth. Pairs are made by rule (``pairs.py``); a tenth of them from articles that are
held out tells how well it goes. ``--export`` puts the trained tensors into the reader's weights.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional as F

from evidentia.agents.support.verdict import decide_by_rules
from evidentia.evaluation.squad import read_articles, split_articles
from evidentia.retrieval.embedders import weights
from evidentia.retrieval.embedders.bert_torch import HEADS, TorchBert, encode, layer_norm
from evidentia.retrieval.reader.judge import CLAIM_TOKENS, pair_ids
from evidentia.retrieval.reader.network import ReaderNetwork
from evidentia.training import wordnet
from evidentia.training.pairs import Maker, Pair, scifact
from evidentia.training.reader import attention

RANK, WIDTH, FROZEN = 24, 384, 2
"""``FROZEN``: layers that judging leaves as they are, as the reader's training does."""
MATRICES = ("fused", "out", "up", "down")
"""Of each layer: query, key and value together; the attention's output; the two of the feed-forward part."""
LEARNING_RATE, WARMUP = 1.5e-3, 0.03
BATCH_TOKENS, CHUNK = 3072, 12_000
WORDS = 1.0
"""Weight of the loss of the words."""


class Judge:
    def __init__(self, bert: TorchBert, state: dict[str, Tensor] | None = None) -> None:
        self.bert = bert
        generator = torch.Generator().manual_seed(0)
        fresh = {"support.weight": torch.randn(2, WIDTH, generator=generator) * 0.02, "support.bias": torch.zeros(2)}
        for number, layer in enumerate(bert.layers[FROZEN:], start=FROZEN):
            for name, (weight, _) in zip(MATRICES, (layer[0], layer[1], layer[3], layer[4]), strict=True):
                rows, columns = weight.shape
                key = f"support.layer.{number}.{name}"
                fresh[f"{key}.down"] = torch.randn(RANK, columns, generator=generator) * columns**-0.5
                fresh[f"{key}.up"] = torch.zeros(rows, RANK)
        self.parameters = {name: (state or fresh)[name].clone().float().requires_grad_() for name in fresh}

    def logits(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """``[batch, tokens, 2]``: carried (read at position 0), wrong (at each token of the claim)."""
        real = torch.arange(ids.shape[1]) < lengths[:, None]
        mask = None if bool(real.all()) else real[:, None, None]
        with torch.no_grad():
            hidden = encode(self.bert.embed(ids), mask, self.bert.layers[:FROZEN])
        batch, tokens, _ = hidden.shape
        p = {name: value.to(self.bert.dtype) for name, value in self.parameters.items()}

        def through(number: int, name: str, values: Tensor, pair: tuple[Tensor, Tensor]) -> Tensor:
            key = f"support.layer.{number}.{name}"
            return F.linear(values, *pair) + F.linear(F.linear(values, p[f"{key}.down"]), p[f"{key}.up"])

        for number, (fused, out, first, up, down, second) in enumerate(self.bert.layers[FROZEN:], start=FROZEN):
            mixed = through(number, "fused", hidden, fused).view(batch, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
            mixed = attention(mixed[0], mixed[1], mixed[2], mask).transpose(1, 2).reshape(batch, tokens, -1)
            hidden = layer_norm(hidden + through(number, "out", mixed, out), first)
            wide = F.gelu(through(number, "up", hidden, up))
            hidden = layer_norm(hidden + through(number, "down", wide, down), second)
        hidden = F.dropout(hidden.float(), 0.1) if torch.is_grad_enabled() else hidden.float()
        return F.linear(hidden, self.parameters["support.weight"], self.parameters["support.bias"])


class Batch:
    """``truth``: carried or not; ``words``: per token 1 wrong, 0 right, -1 no word of the claim or not known."""

    def __init__(self, made: list[tuple[list[int], list[float], float]]) -> None:
        width = max(len(ids) for ids, _, _ in made)
        self.lengths = torch.tensor([len(ids) for ids, _, _ in made])
        self.ids = torch.tensor([ids + [0] * (width - len(ids)) for ids, _, _ in made])
        self.words = torch.tensor([marks + [-1.0] * (width - len(marks)) for _, marks, _ in made])
        self.truth = torch.tensor([truth for _, _, truth in made])


def loss_of(judge: Judge, batch: Batch) -> Tensor:
    logits = judge.logits(batch.ids, batch.lengths)
    total = F.binary_cross_entropy_with_logits(logits[:, 0, 0], batch.truth)
    known = batch.words >= 0
    if bool(known.any()):
        scores, truth = logits[..., 1][known], batch.words[known]
        each = F.binary_cross_entropy_with_logits(scores, truth, reduction="none", pos_weight=torch.tensor(2.0))
        total = total + WORDS * each.mean()
    return total


def encoded(pairs: list[Pair], tokenizer: Any) -> list[tuple[list[int], list[float], float]]:
    claims = tokenizer.encode_batch([pair.claim for pair in pairs], add_special_tokens=False)
    statements = tokenizer.encode_batch([pair.shown for pair in pairs], add_special_tokens=False)
    found = []
    for pair, claim, statement in zip(pairs, claims, statements, strict=True):
        ids = pair_ids(claim.ids, statement.ids)
        marks = [-1.0] * len(ids)
        if pair.wrong is not None:
            for at, (start, end) in enumerate(claim.offsets[:CLAIM_TOKENS]):
                marks[1 + at] = float(any(start < z and a < end for a, z in pair.wrong))
        found.append((ids, marks, float(pair.carried)))
    return found


def batches(pairs: Iterator[Pair], tokenizer: Any, rng: Random) -> Iterator[Batch]:
    """Pairs of like length together, a chunk after the other."""
    while chunk := [pair for pair, _ in zip(pairs, range(CHUNK), strict=False)]:
        made = sorted(encoded(chunk, tokenizer), key=lambda one: len(one[0]))
        groups, group = [], list[tuple[list[int], list[float], float]]()
        for one in made:
            if group and len(one[0]) * (len(group) + 1) > BATCH_TOKENS:
                groups.append(group)
                group = []
            group.append(one)
        rng.shuffle(groups)
        yield from (Batch(group) for group in groups)


def endless(maker: Maker, facts: list[Pair], seed: int) -> Iterator[Pair]:
    """SQuAD's pairs, shuffled among each other, with SciFact's claims spread over them."""
    epoch = 0
    while True:
        rng = Random(f"{seed} {epoch}")
        held: list[Pair] = []
        for pair in maker.epoch(rng):
            if maker.focused and decide_by_rules(pair.claim, pair.statement, pair.above) is not None:
                continue
            held.append(pair)
            if rng.random() < 0.03 and facts:
                held.append(rng.choice(facts))
            if len(held) > 4000:
                at = rng.randrange(len(held))
                held[at], held[-1] = held[-1], held[at]
                yield held.pop()
        rng.shuffle(held)
        yield from held
        epoch += 1


def measured(judge: Judge, pairs: list[Pair], tokenizer: Any) -> str:
    """Share of true ones let through where 5 % of the false ones are, per score; on pairs that were held out."""
    scores, truth, kinds = [], [], []
    made = encoded(pairs, tokenizer)
    with torch.no_grad():
        for start in range(0, len(made), 48):
            batch = Batch(made[start : start + 48])
            logits = judge.logits(batch.ids, batch.lengths)
            worst = logits[..., 1].masked_fill(batch.words < 0, -9).amax(1)
            scores.append(torch.stack([logits[:, 0, 0], -worst, logits[:, 0, 0] - worst], 1))
            truth.append(batch.truth)
    table, right = torch.cat(scores).numpy(), torch.cat(truth).numpy() > 0
    kinds = [pair.kind for pair in pairs]
    parts = []
    for column, name in enumerate(("claim", "words", "both")):
        least = np.quantile(table[~right, column], 0.95)
        parts.append(f"{name} {np.mean(table[right, column] > least):.3f}")
    asked = np.array([kind == "asked" for kind in kinds])
    least = np.quantile(table[~right, 2], 0.95)
    parts.append(f"of statements made of questions {np.mean(table[asked, 2] > least):.3f}")
    worst_kinds = {k: np.mean(table[np.array(kinds) == k, 2] > least) for k in sorted({*kinds})}
    return ", ".join(parts) + " | " + ", ".join(f"{k} {v:.2f}" for k, v in worst_kinds.items())


def base(cache: Path) -> TorchBert:
    """The reader's network, held in the processor's fast type."""
    return TorchBert(ReaderNetwork(cache)._tensors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=shared / "squad" / "train-1.1.rebuilt.json.gz")
    parser.add_argument("--scifact", type=Path, default=shared / "beir-scifact")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--out", type=Path, default=Path("runs/support"))
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--start", type=Path, help="go on from this judge, made before")
    parser.add_argument("--focused", action="store_true", help="only pairs that the exact rules leave to the judge")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--export", type=Path, help="write the reader's weights with the judge's there; train no more")
    options = parser.parse_args()
    from evidentia.settings import Settings

    options.out.mkdir(parents=True, exist_ok=True)
    cache = Settings.from_env().cache
    if options.export:
        export(cache, options.out / "judge.safetensors", options.export)
        return
    tokenizer = weights.tokenizer(cache)
    judge = Judge(base(cache), load_file(options.start) if options.start else None)
    net = wordnet.opened(options.wordnet)
    train, held = split_articles(read_articles(options.data))
    facts = scifact(options.scifact)
    test = list(Maker(held, net, options.focused).epoch(Random(7)))
    if options.focused:
        test = [pair for pair in test if decide_by_rules(pair.claim, pair.statement, pair.above) is None]
    test = Random(8).sample(test, 1500)
    maker = Maker(train, net, options.focused)
    optimiser = torch.optim.AdamW(judge.parameters.values(), lr=options.rate, weight_decay=0.01)
    rng, began, seen, losses = Random(options.seed), time.monotonic(), 0, list[float]()
    saved = began
    for batch in batches(endless(maker, facts, options.seed), tokenizer, rng):
        done = (time.monotonic() - began) / (60 * options.minutes)
        if done >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(1.0, done / WARMUP) * (1 - done)
        loss = loss_of(judge, batch)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(judge.parameters.values()), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        seen += len(batch.truth)
        if len(losses) == 100:
            spent = time.monotonic() - began
            print(f"{seen:,} pairs, loss {np.mean(losses):.3f}, {seen / spent:.1f}/s, {done:.1%}", flush=True)
            losses.clear()
        if time.monotonic() - saved > 240:
            save(judge, options.out)
            print(measured(judge, test, tokenizer), flush=True)
            saved = time.monotonic()
    save(judge, options.out)
    print(measured(judge, test, tokenizer), flush=True)


def save(judge: Judge, out: Path) -> None:
    save_file({name: value.detach().clone() for name, value in judge.parameters.items()}, out / "judge.part")
    (out / "judge.part").replace(out / "judge.safetensors")


def export(cache: Path, trained: Path, target: Path) -> None:
    """The reader's own tensors, untouched, and the judge's, all float16."""
    from importlib.resources import as_file, files

    with as_file(files("evidentia.retrieval.reader") / "weights.safetensors") as file:
        tensors = {name: value for name, value in load_file(file).items() if not name.startswith("support.")}
    tensors |= {name: value.to(torch.float16) for name, value in load_file(trained).items()}
    save_file(tensors, target)


if __name__ == "__main__":
    main()
