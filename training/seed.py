"""What the local model says behind common words, from replies of its own: drafting begins with it (``seed.py`` there).

    python training/seed.py replies --data … --out runs/seed --replies 4000
    python training/seed.py make --out runs/seed

Asked are everyday tasks about subjects and passages of MuSiQue's training set, about shell commands (NL2Bash) and
Python (CoSQA), and sums. One npz per 100 replies, so a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidentia import serving
from evidentia.serving.base import Message, Sampling
from evidentia.serving.drafting import seed
from evidentia.serving.drafting.drafter import BEST
from evidentia.serving.drafting.seed import Rows
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.models import hub
from evidentia.serving.models.fingerprint import fingerprint
from evidentia.serving.models.local import load_local
from evidentia.settings import Settings
from evidentia.training.pass_recorder import Recorder

ABOUT = (
    "Write a short story about {subject}.",
    "Explain {subject} to a beginner.",
    "Give me a list of ten facts about {subject}.",
    "Write an e-mail to a colleague about {subject}.",
    "What are the advantages and disadvantages of {subject}?",
    "Write a dialogue between two friends about {subject}.",
    "How would you plan a project about {subject}? Give the steps.",
    "Write a poem about {subject}.",
    "Describe {subject} in three paragraphs.",
    "What should everybody know about {subject}? Answer briefly.",
)
READING = (
    "Summarize: {text}",
    "{text}\n\nWhat is this text about? Answer in one sentence.",
    "Ask five questions about this text and answer them:\n{text}",
    "Rewrite the text in simple words:\n{text}",
    "Read the passage and say what it tells about {subject}.\n\n{text}",
)
SUM = (
    "{name} has {a} books about {subject}. {name} buys {b} more every week for {c} weeks and gives {d} away. How many "
    "books does {name} have? Explain step by step."
)
NAMES = ("Anna", "Ben", "Maria", "Tom", "James", "Lina")
CHARS, LONGEST, TOGETHER, PART = 1_200, 160, 32, 100
MOST = (20_000, 30_000, 30_000)
"""Keys of one, two and three tokens that are kept."""
log = logging.getLogger("training")

Chain = tuple[NDArray[np.int32], NDArray[np.int32]]
"""Tokens that the model read one behind the other, and the likeliest next ones behind each."""


def prompts(data: Path, rng: Random) -> Iterator[str]:
    """Without end."""
    passages = json.loads((data / "musique" / "train_corpus.json").read_text(encoding="utf-8"))
    shell = (data / "nl2bash" / "all.nl").read_text(encoding="utf-8").splitlines()
    python = [one["doc"] for one in json.loads((data / "cosqa" / "cosqa-retrieval-dev-500.json").read_text())]
    while True:
        passage = rng.choice(passages)
        known = {"subject": passage["title"], "text": passage["text"][:CHARS], "name": rng.choice(NAMES)}
        known |= {letter: rng.randint(2, 90) for letter in "abcd"}
        kind = rng.random()
        if kind < 0.4:
            yield rng.choice(ABOUT).format(**known)
        elif kind < 0.7:
            yield rng.choice(READING).format(**known)
        elif kind < 0.85:
            yield SUM.format(**known)
        else:
            yield rng.choice((rng.choice(shell), f"{rng.choice(python)}?"))


def replies(data: Path, out: Path, count: int) -> None:
    settings = Settings.from_env()
    model: Any = serving.load_in_process(settings.model, settings)
    free = Prices({1: 1.0, 512: 1.0})
    recorder = Recorder()
    engine = Engine(model.network, model.ends, model.context, drafter=recorder, prices=free, bytes=4 << 30)
    out.mkdir(parents=True, exist_ok=True)

    def answer(text: str) -> Chain:
        prompt = tuple(model.chat_tokens([Message("user", text)]))
        for _ in engine.submit(EngineRequest(prompt, Sampling(max_tokens=LONGEST))):
            pass
        steps = recorder.started.pop(prompt).steps
        return np.concatenate([step.read for step in steps]), np.concatenate([step.best for step in steps])

    with ThreadPoolExecutor(TOGETHER) as workers:
        for number in range(count // PART):
            path = out / f"{number:04}.npz"
            if path.exists():
                continue
            asked = dict.fromkeys(islice(prompts(data, Random(number)), PART))
            chains = list(workers.map(answer, asked))
            part = path.with_suffix(".part")
            with part.open("wb") as stream:
                np.savez_compressed(
                    stream,
                    read=np.concatenate([read for read, _ in chains]),
                    best=np.concatenate([best for _, best in chains]),
                    lengths=[len(read) for read, _ in chains],
                )
            part.replace(path)
            log.info("%s: %s tokens", path.name, f"{sum(len(read) for read, _ in chains):,}")
    engine.close()


def chains(out: Path) -> Iterator[Chain]:
    for path in sorted(out.glob("*.npz")):
        with np.load(path, allow_pickle=False) as kept:
            cuts = np.cumsum(kept["lengths"])[:-1]
            yield from zip(np.split(kept["read"], cuts), np.split(kept["best"], cuts), strict=True)


def votes(kept: Sequence[Chain], order: int, vocabulary: int) -> tuple[Rows, NDArray[np.int64]]:
    """For every ``order`` tokens that occur, as a key of ``recycling.Memory``, the next tokens that were most often
    among the likeliest, and how often they occur; the most common last."""
    keys, best = [], []
    for read, likely in kept:
        tokens = read.astype(np.int64)
        parts = [tokens[order - 1 - back : len(tokens) - back] * vocabulary**back for back in range(order)]
        keys.append(np.sum(parts, 0))
        best.append(likely[order - 1 :])
    known, places, counts = np.unique(np.concatenate(keys), return_inverse=True, return_counts=True)
    ranked = np.concatenate(best)
    pairs, inverse = np.unique(places[:, None] * vocabulary + ranked, return_inverse=True)
    score = np.bincount(inverse.ravel(), np.tile(1 / np.arange(1, BEST + 1), len(ranked)))
    key, token = np.divmod(pairs, vocabulary)
    ranks = np.lexsort((-score, key))
    firsts = np.searchsorted(key, np.arange(len(known)))
    rows = token[ranks][firsts[:, None] + np.arange(BEST)]
    common = np.argsort(counts, kind="stable")
    return (known[common], rows[common].astype(np.uint16)), counts[common]


def make(out: Path, target: Path) -> None:
    """Keys that occur once say little of the next reply; of single tokens there are few, so that all are kept."""
    settings = Settings.from_env()
    folder = hub.find(settings.model, settings.cache)
    assert folder is not None
    models = [load_local(folder, settings.model, dtype=dtype) for dtype in ("bfloat16", "float32")]
    kept, orders = list(chains(out)), []
    for order, most in enumerate(MOST, 1):
        (keys, rows), counts = votes(kept, order, int(models[0].model.config.vocab_size))
        chosen = np.flatnonzero(counts > (order > 1))[-most:]
        orders.append((keys[chosen], rows[chosen]))
        log.info("%d tokens: %s keys, %s kept", order, f"{len(keys):,}", f"{len(chosen):,}")
    seed.save(target, [fingerprint(model.model) for model in models], orders)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("replies", "make"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--replies", type=int, default=4000)
    asked = parser.parse_args()
    if asked.what == "replies":
        replies(asked.data, asked.out, asked.replies)
    else:
        make(asked.out, seed.SEEDS / f"{Settings.from_env().model}.safetensors")
