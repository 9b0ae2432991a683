"""Makes a reader with narrow feed-forwards, and says whether it is worth it: F1 and speed beside the packaged one.

    python training/narrow_reader.py --out FOLDER [--speed 1.5 | --width 512] [--minutes 3]

The same parts as for the embedder. (1) Widths by ZipLM's knapsack over this machine's times (``--speed``), or one for
all layers. (2) Cut: the channels that the surgeon leaves, least squares with a bias, layer by layer. (3) Distil
(``--minutes`` of the processor): states of tokens shall be the whole reader's; the heads stay as they are. (4) Compare,
on questions of SQuAD's dev split with their paragraphs, the two readers taking turns.

Cut and taught on questions of SQuAD 1.1 train with their paragraphs, every twelfth article left out. The result is for
``Reader(cache, file)`` alone: judging and ranking change the wide layers. The package ships none
(docs/experiments.md).
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
from safetensors.numpy import load_file, save_file

from evidentia.evaluation.data import DATA
from evidentia.evaluation.metrics import exact_match, f1
from evidentia.evaluation.squad import TRAIN, read_articles, read_dev, split_articles
from evidentia.retrieval import reader as package
from evidentia.retrieval.embedders import minilm, weights
from evidentia.retrieval.embedders.bert_torch import TorchBert
from evidentia.retrieval.embedders.compress import narrow, widths_for
from evidentia.retrieval.embedders.distil import RATE, Student, distil
from evidentia.retrieval.reader.network import HEADS
from evidentia.retrieval.reader.reader import Reader
from evidentia.settings import Settings
from evidentia.training import squad

ARTICLES = 60
"""Of the train split, that are tokenised."""
BATCH_TOKENS = 2048
LONG = 250
"""Tokens of a passage that are kept."""
FILE = "weights.safetensors"


def batches(data: Path, cache: Path, seed: int = 0) -> Iterator[list[list[int]]]:
    """Questions with their paragraphs as ids, without end."""
    articles = split_articles(read_articles(data / TRAIN))[0]
    random.Random(seed).shuffle(articles)
    corpus, rng = squad.Corpus(articles[:ARTICLES], weights.tokenizer(cache)), random.Random(seed)
    while True:
        asked = rng.sample([one for one in corpus.questions if one.places], 400)
        ids = [corpus.example(question, rng, LONG).ids for question in asked]
        for rows in minilm.batches([len(text) for text in ids], BATCH_TOKENS):
            yield [ids[row] for row in rows]


def compare(cache: Path, file: Path, data: Path, count: int) -> dict[str, float]:
    """EM and F1 of both readers in percent, and how many times faster the narrow one is."""
    paragraphs, questions = read_dev(data)
    readers = {"whole": Reader(cache), "narrow": Reader(cache, file)}
    told: dict[str, list[list[float]]] = {name: [] for name in readers}
    for at, (name, question, golds) in enumerate(random.Random(0).sample(questions, count)):
        for which in [*readers][:: 1 if at % 2 else -1]:
            began = time.process_time()
            (found,) = readers[which].read(question, [paragraphs[name]])
            spent, answer = time.process_time() - began, paragraphs[name][slice(*found.answer)]
            told[which].append([100 * exact_match(answer, golds), 100 * f1(answer, golds), spent])
    whole, other = (np.array(told[which]) for which in ("whole", "narrow"))
    apart = other[:, 1] - whole[:, 1]
    return {
        **{f"{which} {what}": round(float(rows[:, at].mean()), 2)
           for which, rows in (("whole", whole), ("narrow", other)) for at, what in enumerate(("EM", "F1"))},
        "F1 apart": round(float(apart.mean()), 2),
        "standard error": round(float(apart.std() / count**0.5), 2),
        "share of F1": round(float(other[:, 1].mean() / whole[:, 1].mean()), 4),
        "times faster": round(float(np.median(whole[1:, 2] / other[1:, 2])), 3),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--width", type=int, nargs="+", default=[768], help="channels, for all layers or for each")
    parser.add_argument("--speed", type=float, help="choose the widths for layers that are so many times as fast")
    parser.add_argument("--tokens", type=int, default=40_000, help="that the cut is fitted on")
    parser.add_argument("--minutes", type=float, default=0, help="of processor time in which it is distilled")
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--questions", type=int, default=500, help="that are measured on")
    options = parser.parse_args()
    torch.manual_seed(0)
    options.out.mkdir(parents=True, exist_ok=True)
    cache = Settings.from_env().cache
    packaged = {name: one.astype(np.float32) for name, one in load_file(Path(package.__file__).parent / FILE).items()}
    tensors = weights.tensors(weights.published_file(minilm.MODEL, cache)) | packaged
    heads = {name: one for name, one in tensors.items() if name.split(".")[0] in HEADS}
    source = batches(options.data, cache)

    def write(made: dict[str, Any], name: str) -> Path:
        layers = {name: one for name, one in made.items() if name.startswith("encoder.layer.")}
        half = {name: np.ascontiguousarray(one, np.float16) for name, one in (layers | heads).items()}
        path = Path(options.out / name)
        save_file(half, path)
        return path

    begun = options.out / "start.safetensors"
    if begun.is_file():
        start = tensors | load_file(begun)
    else:
        ids: list[list[int]] = []
        while sum(map(len, ids)) < options.tokens:
            ids += next(source)
        widths = options.width * 6 if len(options.width) == 1 else options.width
        if options.speed:
            widths, _ = widths_for(tensors, ids, options.speed)
        start, errors = narrow(tensors, ids, widths)
        told = {"widths": widths, "errors": [round(error, 3) for error in errors]}
        print(
            json.dumps(told | compare(cache, write(start, "cut.safetensors"), options.data, options.questions)),
            flush=True,
        )
        save_file({name: one for name, one in start.items() if name.startswith("encoder")}, begun)
    if options.minutes:
        student = Student(TorchBert(start, torch.device("cpu"), torch.float32))
        distil(
            TorchBert(tensors, torch.device("cpu"), torch.float32), student, source, options.minutes,
            kept=range(6), checkpoint=options.out / "checkpoint.safetensors", rate=options.rate,
        )  # fmt: skip
        print(json.dumps(compare(cache, write(start | student.tensors(), FILE), options.data, options.questions)))


if __name__ == "__main__":
    main()
