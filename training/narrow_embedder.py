"""Makes a MiniLM with narrow feed-forwards, cut by its moments and then distilled on texts of many kinds.

    python training/narrow_embedder.py --data FOLDER --out FOLDER [--width 512] [--layers 0 1 2 3 4 5] [--minutes 30]

Three steps. (1) Cut: of each feed-forward the channels that the surgeon leaves, fitted by least squares
(``retrieval/embedders/compress.py``). (2) Distil: states of tokens and vectors of texts shall be the whole model's;
no labels, no questions with their answers. Embeddings stay as they are. (3) Compare, on held-out articles.

Texts: paragraphs, sentences and questions of SQuAD 1.1 train without every twelfth article (CC BY-SA 4.0), paragraphs
of HotpotQA's train corpus (Wikipedia, CC BY-SA 4.0), what people ask of a shell (NL2Bash), Python's own library (PSF),
and this project's pages. Nothing of a benchmark. The package ships none: it takes hours (docs/experiments.md). A run
that is stopped goes on where its last checkpoint was.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from evidentia.corpus.spans import sentences
from evidentia.evaluation import squad
from evidentia.evaluation.data import DATA, read_json
from evidentia.retrieval.embedders import minilm, weights
from evidentia.retrieval.embedders.bert_torch import TorchBert
from evidentia.retrieval.embedders.compress import narrow, widths_for
from evidentia.retrieval.embedders.distil import RATE, Student, distil
from evidentia.settings import Settings

log = logging.getLogger("narrow_embedder")
ROOT = Path(__file__).resolve().parents[1]
BATCH_TOKENS = 2048
PIECE = 900
"""Characters of a piece of code or of a page."""
CALIBRATE = 150_000
"""Tokens that the cut is fitted on."""
Texts = dict[str, list[str]]


def read(data: Path, seed: int = 0) -> tuple[Texts, list[Any]]:
    """Texts by kind, shuffled, and the held-out articles."""
    articles, held = squad.split_articles(squad.read_articles(data / "squad" / squad.TRAIN))
    paragraphs = [part for article in articles for part in article["paragraphs"]]
    contexts = [part["context"] for part in paragraphs]
    wiki: dict[str, list[str]] = read_json(data / "hotpotqa" / "train_corpus.json")
    library = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    pages = sorted(ROOT.glob("docs/**/*.md"))
    texts = {
        "paragraphs": [f"{wiki_title(article)}\n{part['context']}" if at % 2 else part["context"]
                       for article in articles for at, part in enumerate(article["paragraphs"])],
        "wiki": [f"{title}\n{''.join(lines)}" for title, lines in wiki.items()],
        "sentences": [text[a:b] for text in contexts[::30] for a, b in sentences(text, 0, len(text))],
        "questions": [qa["question"] for part in paragraphs for qa in part["qas"]],
        "shell": (data / "nl2bash" / "all.nl").read_text(encoding="utf-8").splitlines(),
        "code": [piece for path in library for piece in pieces(path)],
        "pages": [piece for path in pages for piece in pieces(path)],
    }  # fmt: skip
    for found in texts.values():
        random.Random(seed).shuffle(found)
    return texts, held


def wiki_title(article: dict[str, Any]) -> str:
    return str(article["title"]).replace("_", " ")


def pieces(path: Path) -> list[str]:
    """Whole lines of a file, about ``PIECE`` characters each."""
    found, held = [], ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True):
        held += line
        if len(held) > PIECE:
            found.append(f"{path.stem}\n{held}")
            held = ""
    return found


SHARES = {"paragraphs": 0.4, "wiki": 0.1, "sentences": 0.12, "questions": 0.12, "shell": 0.02, "code": 0.16,
          "pages": 0.08}  # fmt: skip
"""Of the tokens that are learnt from."""


def batches(texts: Texts, tokenizer: Any, seed: int) -> Iterator[list[list[int]]]:
    """Batches of ids without end: texts of one kind and of like length, kinds by their share."""
    rng = random.Random(seed)
    at = dict.fromkeys(texts, 0)
    spent = dict.fromkeys(texts, 0.0)
    waiting: dict[str, list[list[list[int]]]] = {kind: [] for kind in texts}
    while True:
        kind = min(SHARES, key=lambda one: (spent[one] / SHARES[one], rng.random()))
        if not waiting[kind]:
            some = [texts[kind][(at[kind] + step) % len(texts[kind])] for step in range(600)]
            at[kind] += 600
            ids = [encoding.ids for encoding in tokenizer.encode_batch(some)]
            groups = minilm.batches([len(text) for text in ids], BATCH_TOKENS)
            waiting[kind] = [[ids[row] for row in rows] for rows in groups]
        group = waiting[kind].pop()
        spent[kind] += sum(map(len, group))
        yield group


def compared(tensors: dict[str, Any], whole: dict[str, Any], held: list[Any], tokenizer: Any) -> dict[str, float]:
    """On held-out articles: how near the vectors are, and how often a question's paragraph is among the first."""
    paragraphs = [part for article in held for part in article["paragraphs"]][:120]
    questions = [(qa["question"], at) for at, part in enumerate(paragraphs) for qa in part["qas"][:2]]
    texts = [part["context"] for part in paragraphs] + [question for question, _ in questions]
    ids = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    found: dict[str, float] = {}
    made = []
    for name, held_tensors in (("whole", whole), ("fast", tensors)):
        bert = TorchBert(held_tensors, torch.device("cpu"), torch.float32)
        rows = np.zeros((len(ids), 384), np.float32)
        for some in minilm.batches([len(text) for text in ids], 2048):
            rows[some] = bert.mean_vectors([ids[row] for row in some])
        made.append(rows)
        scores = rows[len(paragraphs) :] @ rows[: len(paragraphs)].T
        own = scores[np.arange(len(questions)), [at for _, at in questions]]
        rank = (scores > own[:, None]).sum(1)
        found |= {f"{name} hits@{k}": round(float((rank < k).mean()), 4) for k in (1, 5)}
    near = (made[0] * made[1]).sum(1)
    return found | {"cosine": round(float(near.mean()), 5), "least cosine": round(float(near.min()), 4)}


def tell(step: int, minutes: float, apart: float, turned: float) -> None:
    if step % 20 == 0:
        log.info("step %d, %.1f minutes: states %.4f, vectors %.5f", step, minutes, apart, turned)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--width", type=int, nargs="+", default=[512], help="channels, for all layers or for each")
    parser.add_argument("--speed", type=float, help="choose the widths for layers that are so many times as fast")
    parser.add_argument("--layers", type=int, nargs="+", default=list(range(6)), help="layers that stay")
    parser.add_argument("--minutes", type=float, default=30, help="of processor time")
    parser.add_argument("--rate", type=float, default=RATE)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    cache = Settings.from_env().cache
    tensors = weights.tensors(weights.published_file(minilm.MODEL, cache))
    tokenizer = minilm.MiniLM(cache).tokenizer
    texts, held = read(options.data)
    source = batches(texts, tokenizer, 1)
    kept = options.layers
    start = keep_layers(tensors, kept)
    widths = options.width * len(kept) if len(options.width) == 1 else options.width
    begun = options.out / "start.safetensors"
    if begun.exists():
        start |= load_file(begun)
    elif options.speed or min(widths) < 1536:
        calibrate: list[list[int]] = []
        while sum(map(len, calibrate)) < CALIBRATE:
            calibrate += next(source)
        if options.speed:
            widths, _ = widths_for(start, calibrate, options.speed)
            log.info("widths: %s", widths)
        made, errors = narrow(start, calibrate, widths)
        log.info("squared error by layer: %s", ", ".join(f"{error:.3f}" for error in errors))
        start = made
        save_file(
            {name: np.ascontiguousarray(value) for name, value in start.items() if name.startswith("encoder")}, begun
        )
        print(json.dumps({"cut": compared(start, tensors, held, tokenizer)}), flush=True)
    whole = TorchBert(tensors, torch.device("cpu"), torch.float32)
    student = Student(TorchBert(start, torch.device("cpu"), torch.float32))
    if options.minutes:
        distil(
            whole, student, source, options.minutes,
            kept=kept, checkpoint=options.out / "checkpoint.safetensors", rate=options.rate, told=tell,
        )  # fmt: skip
        save_file(student.tensors(), options.out / "weights.safetensors")
        print(json.dumps({"distilled": compared(start | student.tensors(), tensors, held, tokenizer)}))


def keep_layers(tensors: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    found = {name: value for name, value in tensors.items() if not name.startswith("encoder.layer.")}
    for new, old in enumerate(kept):
        stem = f"encoder.layer.{old}."
        found |= {
            f"encoder.layer.{new}.{name.removeprefix(stem)}": value
            for name, value in tensors.items()
            if name.startswith(stem)
        }
    return found


if __name__ == "__main__":
    main()
