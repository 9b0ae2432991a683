"""Trains the ranker: which of the statements that were found answers a question that somebody asks of a manual?

    python training/ranking.py --gather runs/ranking/found      # candidates of every question, as they are found now
    python training/ranking.py --gather-squad 1600              # the same of questions of SQuAD's train split
    python training/ranking.py --found runs/ranking/found --out runs/ranking --held sqlite mutt office

A question is trained on with the statements that answer it, those that search and words put first though they do not,
and "none of them", whose score is 0: so scores are log-odds against that, and questions that nothing answers teach too.
Corpora that are ``--held`` are not trained on and tell how well it goes. What is trained is a change of low rank of the
reader's network (``low_rank.py``); ``--export`` puts it into the reader's weights. Questions: ``questions/``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from evidentia import Evidence, Library
from evidentia.agents.steps.rewrite import rewrite
from evidentia.agents.steps.search import search
from evidentia.agents.steps.trace import Trace
from evidentia.corpus.catalog import document_rows, document_text
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.metrics import answers
from evidentia.evaluation.squad import FOLDER, TRAIN, read_articles, split_articles
from evidentia.retrieval import quoting
from evidentia.retrieval.embedders import weights
from evidentia.retrieval.embedders.bert_torch import TorchBert
from evidentia.retrieval.reader.network import ReaderNetwork
from evidentia.retrieval.reader.ranker import pair_ids
from evidentia.settings import Settings
from evidentia.training.low_rank import LowRank, export, padded, save

QUESTIONS = Path(__file__).parent / "questions"
RANK, LEARNING_RATE, WARM_STEPS = 12, 1e-3, 30
GROUP = 4
"""Questions of a step."""
RIGHT, NEAR, FAR = 2, 6, 1
"""Statements of a question that are trained on: right ones, wrong ones among the first ``DEPTH``, and further ones."""
DEPTH, MOST = 24, 60
EACH, SCARCE = 0.3, 3.0
"""Weight of the loss of each statement by itself, and of the right ones in it."""


@dataclass(frozen=True, slots=True)
class Asked:
    corpus: str
    kind: str
    answerable: bool
    ids: tuple[list[int], ...]
    """Of each candidate, best first as it is ranked without the ranker."""
    right: tuple[bool, ...]
    features: tuple[tuple[float, ...], ...]
    """By ``quoting.FEATURES``, without ``ranked``."""


def read(files: Sequence[Path], tokenizer: Any) -> Iterator[Asked]:
    for file in files:
        for line in file.open(encoding="utf-8"):
            said = json.loads(line)
            found = sorted(said["candidates"], key=lambda one: -one["score"])[:MOST]
            if not found:
                continue
            ids = pair_ids(tokenizer, said["question"], [(one["above"], one["text"]) for one in found])
            yield Asked(
                said["corpus"],
                said["kind"],
                said["answerable"],
                tuple(ids),
                tuple(one["right"] for one in found),
                tuple(tuple(one["features"]) for one in found),
            )


def scores(ranker: LowRank, ids: Sequence[list[int]], size: int = 12) -> Tensor:
    order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
    parts = [order[start : start + size] for start in range(0, len(order), size)]
    flat = torch.cat([ranker.logits(*padded([ids[at] for at in part]), inner_dropout=0.1)[:, 0, 0] for part in parts])
    back = torch.empty(len(ids), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(ids))
    return flat[back]


def loss_of(ranker: LowRank, group: Sequence[Asked], rng: Random) -> Tensor:
    ids: list[list[int]] = []
    spans: list[tuple[int, int]] = []
    for asked in group:
        right = [one for one, is_right in zip(asked.ids, asked.right, strict=True) if is_right]
        near = [one for one, is_right in zip(asked.ids[:DEPTH], asked.right, strict=False) if not is_right]
        far = [one for one, is_right in zip(asked.ids[DEPTH:], asked.right[DEPTH:], strict=True) if not is_right]
        golds = rng.sample(right, min(RIGHT, len(right)))
        spans.append((len(ids), len(golds)))
        ids += golds + rng.sample(near, min(NEAR, len(near))) + rng.sample(far, min(FAR, len(far)))
    found = scores(ranker, ids)
    ends = [start for start, _ in spans[1:]] + [len(ids)]
    total = torch.zeros(())
    for (start, count), end in zip(spans, ends, strict=True):
        with_none = torch.cat([torch.zeros(1), found[start:end]])
        gold = with_none[1 : 1 + count] if count else with_none[:1]
        truth = (torch.arange(end - start) < count).float()
        each = F.binary_cross_entropy_with_logits(found[start:end], truth, pos_weight=torch.tensor(SCARCE))
        total = total + with_none.logsumexp(0) - gold.logsumexp(0) + EACH * each
    return total / len(group)


def measured(ranker: LowRank, held: Sequence[Asked], weight: float = 0.5) -> str:
    """How often a right statement is first among the first ``DEPTH``: without the ranker, by it alone, by both."""
    rows, answered, unanswered = [], [], []
    with torch.no_grad():
        for asked in held:
            ranked = scores(ranker, asked.ids[:DEPTH]).numpy()
            right = np.array(asked.right[:DEPTH])
            (answered if asked.answerable else unanswered).append(ranked.max())
            if asked.answerable:
                before = np.array([np.dot(quoting.WEIGHTS[: len(row)], row) for row in asked.features[:DEPTH]])
                both = (ranked + weight * before).argmax()
                rows.append((right[0], right[ranked.argmax()], right[both], right.any()))
    names = ("before", "ranker", "both", "possible")
    shares = " ".join(f"{name} {share:.3f}" for name, share in zip(names, np.mean(rows, axis=0), strict=True))
    apart = np.mean([a > u for a in answered for u in unanswered]) if unanswered else np.nan
    return f"{len(rows)} questions, first: {shares}; answerable above unanswerable {apart:.3f}"


def train(
    ranker: LowRank, asked: Sequence[Asked], held: Sequence[Asked], epochs: float, rate: float, out: Path
) -> None:
    rng = Random(1)
    optimiser = torch.optim.AdamW(ranker.parameters.values(), lr=rate, weight_decay=0.01)
    steps, began, losses, queue = int(epochs * len(asked) / GROUP), time.monotonic(), list[float](), list[Asked]()
    for step in range(steps):
        for choice in optimiser.param_groups:
            choice["lr"] = rate * min(1.0, (step + 1) / WARM_STEPS) * (1 - step / steps)
        if len(queue) < GROUP:
            queue = rng.sample(list(asked), len(asked))
        group, queue = queue[:GROUP], queue[GROUP:]
        loss = loss_of(ranker, group, rng)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(ranker.parameters.values()), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        if len(losses) == 100:
            each = (time.monotonic() - began) / (step + 1)
            print(f"step {step + 1} of {steps}, loss {np.mean(losses):.3f}, {each:.2f} s a step", flush=True)
            losses.clear()
        if (step + 1) % 400 == 0:
            save(ranker, out / "ranker.safetensors")
            print(measured(ranker, held[:300]), flush=True)
    save(ranker, out / "ranker.safetensors")
    print(measured(ranker, held), flush=True)


def gather(library: Library, corpus: str, questions: Path, found: Path) -> None:
    """Writes the candidates of each question of ``questions`` to ``found``, as the program finds and scores them now
    without the ranker; a candidate is right when it and a piece of text that answers overlap by half of the shorter."""
    texts = {_below(row.name): document_text(library.store, row.key) for row in document_rows(library.store)}
    with found.open("w", encoding="utf-8") as out:
        for line in questions.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            golds = [place for gold in said["golds"] for place in _places(texts, **gold)]
            if bool(golds) != bool(said["golds"]):
                continue
            candidates = [_candidate(quote, golds) for quote in _candidates(library, said["question"])]
            row = {"corpus": corpus, "question": said["question"], "kind": said["kind"], "answerable": bool(golds)}
            out.write(json.dumps({**row, "candidates": candidates}) + "\n")


ARTICLES = 60


def gather_squad(questions: int, found: Path) -> None:
    """The same for questions of ``ARTICLES`` articles of SQuAD's train split, each paragraph a document of its own; a
    candidate is right when it comes from the question's paragraph and holds its answer."""
    rng = Random(0)
    texts: dict[str, str] = {}
    asked: list[tuple[str, str, list[str]]] = []
    for place, article in enumerate(rng.sample(split_articles(read_articles(FOLDER / TRAIN))[0], ARTICLES)):
        title = article["title"].replace("/", " ") if place % 2 else ""  # a file's name tells its subject, or does not
        for paragraph in article["paragraphs"]:
            name = f"{title} {len(texts):04d}.txt"
            texts[name] = paragraph["context"]
            asked += [(name, qa["question"], [one["text"] for one in qa["answers"]]) for qa in paragraph["qas"]]
    with open_or_make(None, texts, "paragraphs") as library, (found / "squad.jsonl").open("w", encoding="utf-8") as out:
        for name, question, golds in rng.sample(asked, questions):
            candidates = [
                _described(quote, answers(quote.evidence, name, golds)) for quote in _candidates(library, question)
            ]
            row = {"corpus": "squad", "question": question, "kind": "squad", "answerable": True}
            out.write(json.dumps({**row, "candidates": candidates}) + "\n")


def _below(name: str) -> str:
    """A document's name without the folder of its corpus."""
    return name.partition("/")[2]


def _places(texts: dict[str, str], file: str, text: str) -> Iterator[tuple[str, int, int]]:
    """Where ``text`` stands in the document of that name."""
    whole = texts.get(file, "")
    at = whole.find(text)
    while at >= 0:
        yield file, at, at + len(text)
        at = whole.find(text, at + 1)


def _candidates(library: Library, question: str) -> list[quoting.Quote]:
    part = rewrite(library.store, question).parts[0]
    steps = search(library._agent, part, None, Trace())
    hits: list[Evidence] = []
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            hits = stop.value
            break
    return quoting.sentences_of(library.store, part.text, hits, part, ranked=False)


def _candidate(quote: quoting.Quote, golds: Sequence[tuple[str, int, int]]) -> dict[str, object]:
    span, said = quote.evidence.span, quote.evidence
    assert span is not None
    length = span.end - span.start
    right = any(
        name == _below(said.name) and min(end, span.end) - max(start, span.start) >= min(end - start, length) / 2
        for name, start, end in golds
    )
    return _described(quote, right)


def _described(quote: quoting.Quote, right: bool) -> dict[str, object]:
    above, text = quoting.above(quote.evidence), quote.evidence.quote
    return {"above": above, "text": text, "features": quote.features, "score": quote.score, "right": right}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gather", type=Path, metavar="FOLDER", help="only write the candidates there, a file each")
    parser.add_argument("--gather-squad", type=int, metavar="QUESTIONS", help="write those of SQuAD to --found")
    parser.add_argument("--corpora", type=Path, help="a folder with the files of each corpus, by its name")
    parser.add_argument("--found", type=Path, default=Path("runs/ranking/found"), help="what --gather wrote")
    parser.add_argument("--out", type=Path, default=Path("runs/ranking"))
    parser.add_argument("--held", nargs="*", default=[], help="corpora that are not trained on")
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--export", type=Path, help="write the reader's weights with the ranker's there; train no more")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.export:
        export("rank", options.out / "ranker.safetensors", options.export)
        return
    if options.gather_squad:
        options.found.mkdir(parents=True, exist_ok=True)
        gather_squad(options.gather_squad, options.found)
        return
    if options.gather:
        options.gather.mkdir(parents=True, exist_ok=True)
        for questions in sorted(QUESTIONS.glob("*.jsonl")):
            with Library(options.gather / "libraries" / questions.stem) as library:
                library.add(options.corpora / questions.stem)
                gather(library, questions.stem, questions, options.gather / questions.name)
        return
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    cache = Settings.from_env().cache
    every = list(read(sorted(options.found.glob("*.jsonl")), weights.tokenizer(cache)))
    held = [asked for asked in every if asked.corpus in options.held]
    usable = [
        asked for asked in every if asked.corpus not in options.held and (any(asked.right) or not asked.answerable)
    ]
    tensors = ReaderNetwork(cache)._tensors
    # The reader knows already whether a passage answers, so the ranker starts from there.
    head = (torch.tensor(tensors["answer.weight"]), torch.tensor(tensors["answer.bias"]))
    ranker = LowRank(TorchBert(tensors, dtype=torch.float32), "rank", head, RANK)
    train(ranker, usable, held, options.epochs, options.rate, options.out)


if __name__ == "__main__":
    main()
