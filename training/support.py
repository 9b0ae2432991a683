"""Trains the judge: does a statement carry a claim, and which of its words does it not?

    python training/support.py --wordnet FOLDER --out runs/support --minutes 40

What is trained is a change of low rank of the reader's network (``low_rank.py``), used when it judges only, with two
outputs: one for the claim, one for each of its words. Pairs were written by people (``written_claims/``) or are made by
rule (``pairs.py``); those of a tenth of the statements that people wrote about are held out and tell how well it goes.
``--export`` puts the trained tensors into the reader's weights.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from evidentia.agents.support.verdict import decide_by_rules
from evidentia.evaluation.claims import read_claims
from evidentia.evaluation.squad import read_articles, split_articles
from evidentia.retrieval.embedders import weights
from evidentia.retrieval.embedders.bert_torch import TorchBert
from evidentia.retrieval.reader.judge import CLAIM_TOKENS, pair_ids
from evidentia.retrieval.reader.network import ReaderNetwork
from evidentia.training import wordnet
from evidentia.training.low_rank import LowRank, export, padded, save, small_head
from evidentia.training.pairs import Maker, Pair, scifact

RANK, LEARNING_RATE, WARMUP = 24, 1.5e-3, 0.03
BATCH_TOKENS, CHUNK = 3072, 6_000
WORDS = 1.0
"""Weight of the loss of the words."""
WRITTEN = Path(__file__).parent / "written_claims"
HELD_STATEMENT, SHARE = 10, 0.6
"""``SHARE``: of pairs that people wrote among those that are trained on."""


class Batch:
    """``truth``: carried or not; ``words``: per token 1 wrong, 0 right, -1 no word of the claim or not known."""

    def __init__(self, made: list[tuple[list[int], list[float], float]]) -> None:
        self.ids, self.lengths = padded([ids for ids, _, _ in made])
        width = self.ids.shape[1]
        self.words = torch.tensor([marks + [-1.0] * (width - len(marks)) for _, marks, _ in made])
        self.truth = torch.tensor([truth for _, _, truth in made])


def loss_of(judge: LowRank, batch: Batch) -> Tensor:
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


def written(folder: Path) -> tuple[list[Pair], list[Pair]]:
    """Pairs that people wrote, to train on and, of every ``HELD_STATEMENT``th statement, to measure with."""
    kept: tuple[list[Pair], list[Pair]] = ([], [])
    for file in sorted(folder.glob("*.txt")):
        for one in read_claims(file):
            held = crc32(one.statement.encode()) % HELD_STATEMENT == 0
            kept[held].append(Pair(one.statement, one.claim, one.true, None, one.kind, one.governor))
    return kept


def mixed(made: Iterator[Pair], by_people: Sequence[Pair], share: float, rng: Random) -> Iterator[Pair]:
    """``share`` of the pairs are those that people wrote, all of them in turn."""
    queue: list[Pair] = []
    while True:
        if rng.random() >= share:
            yield next(made)
            continue
        queue = queue or rng.sample(by_people, len(by_people))
        yield queue.pop()


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


def measured(judge: LowRank, pairs: list[Pair], tokenizer: Any) -> str:
    """Share of true ones let through where 5 % of the false ones are, per score, on pairs that were held out; and of
    each kind, where 10 % are."""
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
    above = np.mean(table[right, 0][:, None] > table[~right, 0])
    parts.append(f"true above false {above:.3f}")
    least = np.quantile(table[~right, 2], 0.9)
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
    parser.add_argument("--written", type=Path, default=WRITTEN)
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
        export("support", options.out / "judge.safetensors", options.export)
        return
    tokenizer = weights.tokenizer(cache)
    judge = LowRank(base(cache), "support", small_head(2), RANK, load_file(options.start) if options.start else None)
    net = wordnet.opened(options.wordnet)
    train, _ = split_articles(read_articles(options.data))
    facts = scifact(options.scifact)
    by_people, test = written(options.written)
    maker = Maker(train, net, options.focused)
    optimiser = torch.optim.AdamW(judge.parameters.values(), lr=options.rate, weight_decay=0.01)
    rng, began, seen, losses = Random(options.seed), time.monotonic(), 0, list[float]()
    saved = began
    pairs = mixed(endless(maker, facts, options.seed), by_people, SHARE, rng)
    for batch in batches(pairs, tokenizer, rng):
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
            save(judge, options.out / "judge.safetensors")
            print(measured(judge, test, tokenizer), flush=True)
            saved = time.monotonic()
    save(judge, options.out / "judge.safetensors")
    print(measured(judge, test, tokenizer), flush=True)


if __name__ == "__main__":
    main()
