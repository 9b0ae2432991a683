"""Embedders side by side, dense search alone: sentences per second, and what is found, on corpora that none learnt on.

    python benchmarks/embedders.py [--embedders all-MiniLM-L6-v2:32 all-MiniLM-L6-v2 static] [--cache FOLDER]
        [--documents 600]

A number behind a name is ``EVIDENTIA_EMBEDDING_BITS``. ``--documents`` takes so many of each corpus, those that answer
the questions among them, so that machines with little time can compare.
Passages are cut and embedded as in a library, and compared exactly. SciFact: nDCG@10 of all 809 claims of the train
split over 5,183 abstracts. SQuAD dev: how often a question's paragraph is among the first 1 and 5 of 2,067. CoSQA:
mean reciprocal rank of the gold function among 6,267. 2WikiMultiHopQA: recall of the first five pages. Speed: of
abstracts and paragraphs, each embedder in turn, the least of the processor's seconds.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from evidentia.corpus.document import Document
from evidentia.corpus.spans import split
from evidentia.corpus.spans.embedding_texts import embedding_texts
from evidentia.evaluation import scifact, squad, wiki
from evidentia.evaluation.data import DATA
from evidentia.evaluation.metrics import DEPTH, ndcg
from evidentia.evaluation.report import arguments, report
from evidentia.retrieval.base import Embedder
from evidentia.retrieval.embedders import load
from evidentia.retrieval.embedders.minilm import MiniLM
from evidentia.settings import Settings

EMBEDDERS = ("all-MiniLM-L6-v2:32", "all-MiniLM-L6-v2", "static")
QUESTIONS = 2000

Ranks = list[list[int]]
"""For each question its documents, best first."""


@dataclass(frozen=True)
class Corpus:
    name: str
    windows: list[str]
    """What is embedded."""
    owner: list[int]
    """The document of each."""
    questions: list[str]
    score: Callable[[Ranks], dict[str, float]]
    wanted: frozenset[int]
    """Documents that answer."""


def windows_of(texts: Sequence[str], media_type: str) -> tuple[list[str], list[int]]:
    windows, owner = [], []
    for number, text in enumerate(texts):
        title = text.partition("\n")[0].removeprefix("# ") if media_type == "text/markdown" else ""
        document = Document(str(number), str(number), text, media_type, "", title)
        for passage in split(document):
            found = embedding_texts(document, passage)
            windows += found
            owner += [number] * len(found)
    return windows, owner


def scifact_corpus(data: Path) -> Corpus:
    texts, queries, grades = scifact.read(data / "beir-scifact")
    keys = [Path(name).stem for name in texts]
    asked = list(grades)

    def score(ranks: Ranks) -> dict[str, float]:
        run = {query: [keys[at] for at in found[:DEPTH]] for query, found in zip(asked, ranks, strict=True)}
        return {"nDCG@10": ndcg(run, grades)}

    wanted = {at for at, key in enumerate(keys) if any(key in graded for graded in grades.values())}
    windows, owner = windows_of(list(texts.values()), "text/markdown")
    return Corpus("SciFact", windows, owner, [queries[query] for query in asked], score, frozenset(wanted))


def squad_corpus(data: Path, count: int = QUESTIONS) -> Corpus:
    paragraphs, questions = squad.read_dev(data / "squad")
    place = {name: at for at, name in enumerate(paragraphs)}
    some = random.Random(0).sample(questions, count)

    def score(ranks: Ranks) -> dict[str, float]:
        pairs = list(zip(ranks, some, strict=True))
        return {
            f"hits@{k}": sum(place[name] in found[:k] for found, (name, _, _) in pairs) / len(pairs) for k in (1, 5)
        }

    windows, owner = windows_of(list(paragraphs.values()), "text/plain")
    wanted = frozenset(place[name] for name, _, _ in some)
    return Corpus("SQuAD", windows, owner, [question for _, question, _ in some], score, wanted)


def cosqa_corpus(data: Path) -> Corpus:
    codes = json.loads((data / "cosqa" / "code_idx_map.txt").read_text("utf-8"))
    asked = json.loads((data / "cosqa" / "cosqa-retrieval-dev-500.json").read_text("utf-8"))
    place = {number: at for at, number in enumerate(codes.values())}
    golds = [place[one["retrieval_idx"]] for one in asked]

    def score(ranks: Ranks) -> dict[str, float]:
        pairs = zip(ranks, golds, strict=True)
        return {"MRR": sum(1 / (1 + found.index(gold)) if gold in found else 0.0 for found, gold in pairs) / len(golds)}

    windows, owner = windows_of(list(codes), "text/x-python")
    return Corpus("CoSQA", windows, owner, [one["doc"] for one in asked], score, frozenset(golds))


def wiki_corpus(data: Path) -> Corpus:
    pages, questions, _ = wiki.read_2wiki(data / "2wikimultihop")

    def score(ranks: Ranks) -> dict[str, float]:
        found = [
            sum(bool(one & {*ranked[:5]}) for one in gold) / len(gold)
            for ranked, (_, gold) in zip(ranks, questions, strict=True)
        ]
        return {"recall@5": sum(found) / len(found)}

    windows, owner = windows_of(list(wiki.texts_of(pages).values()), "text/markdown")
    wanted = frozenset(at for _, gold in questions for one in gold for at in one)
    return Corpus("2Wiki", windows, owner, [question for question, _ in questions], score, wanted)


CORPORA: dict[str, Callable[[Path], Corpus]] = {
    "scifact": scifact_corpus,
    "squad": squad_corpus,
    "cosqa": cosqa_corpus,
    "2wiki": wiki_corpus,
}


def open_embedder(name: str) -> Embedder:
    plain, _, bits = name.partition(":")
    made = load(plain, replace(Settings.from_env(), embedding_bits=int(bits or 8)))
    if isinstance(made, MiniLM):
        made.few_tokens = 0
    return made


def cut(corpus: Corpus, documents: int) -> Corpus:
    """The corpus with so many documents, those in ``wanted`` first."""
    others = [at for at in range(max(corpus.owner) + 1) if at not in corpus.wanted]
    chosen = {*corpus.wanted, *random.Random(2).sample(others, max(0, documents - len(corpus.wanted)))}
    rows = [row for row, at in enumerate(corpus.owner) if at in chosen]
    return replace(corpus, windows=[corpus.windows[row] for row in rows], owner=[corpus.owner[row] for row in rows])


def vectors(name: str, embedder: Embedder, texts: Sequence[str], cache: Path | None) -> NDArray[np.float32]:
    """The texts' vectors, from the cache as far as they are there."""
    key = hashlib.sha256("\0".join([name, embedder.fingerprint, *texts]).encode()).hexdigest()[:20]
    file = cache / f"{key}.npy" if cache else None
    if file is not None and file.exists():
        return np.asarray(np.load(file, allow_pickle=False), np.float32)
    made = embedder.encode(texts)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, made.astype(np.float16), allow_pickle=False)
    return made


def rank(corpus: Corpus, asked: NDArray[np.float32], told: NDArray[np.float32], depth: int = 100) -> Ranks:
    owner = np.asarray(corpus.owner)
    found = []
    for row in asked:
        order = np.argsort(-(told @ row), kind="stable")[: 8 * depth]
        found.append(list(dict.fromkeys(owner[order].tolist()))[:depth])
    return found


def speeds(embedders: dict[str, Embedder], texts: Sequence[str]) -> dict[str, float]:
    """Texts per second of the processor, the better of two turns: what is prepared once is in the first."""
    best = dict.fromkeys(embedders, float("inf"))
    for _ in range(2):
        for name, embedder in embedders.items():
            begun = process_time()
            embedder.encode(texts)
            best[name] = min(best[name], process_time() - begun)
    return {name: len(texts) / seconds for name, seconds in best.items()}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--embedders", nargs="+", default=EMBEDDERS, help="the first is what the others are held to")
    parser.add_argument("--corpora", nargs="+", default=list(CORPORA), choices=list(CORPORA))
    parser.add_argument("--cache", type=Path, help="where vectors are kept")
    parser.add_argument("--documents", type=int, default=0, help="of each corpus; all unless given")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="to SQuAD")
    parser.add_argument("--passages", type=int, default=240, help="that are timed")
    parser.add_argument("--threads", type=int, help="of torch")
    options = parser.parse_args()
    if options.threads:
        import torch

        torch.set_num_threads(options.threads)
    rows: list[list[object]] = []
    metrics: dict[str, object] = {}
    embedders = {name: open_embedder(name) for name in options.embedders}
    makers: dict[str, Callable[[Path], Corpus]] = {**CORPORA, "squad": partial(squad_corpus, count=options.questions)}
    corpora = [makers[name](options.data) for name in options.corpora]
    if options.documents:
        corpora = [cut(corpus, options.documents) for corpus in corpora]
    share = options.passages // len(corpora)
    texts = [text for corpus in corpora for text in random.Random(1).sample(corpus.windows, share)]
    found = speeds(embedders, texts)
    first = options.embedders[0]
    for name, speed in found.items():
        rows.append([name, "texts per processor second", speed, speed / found[first]])
        metrics[f"{name} texts_per_cpu_s"] = round(speed, 1)
    for corpus in corpora:
        held: dict[str, float] = {}
        for name, embedder in embedders.items():
            asked, told = (vectors(name, embedder, part, options.cache) for part in (corpus.questions, corpus.windows))
            for what, value in corpus.score(rank(corpus, asked, told)).items():
                held.setdefault(what, value)
                rows.append([name, f"{corpus.name} {what}", value, value / held[what]])
                metrics[f"{name} {corpus.name} {what}"] = round(value, 4)
    report(options.json, "Embedders side by side", ["embedder", "what", "value", f"beside {first}"], rows, metrics)


if __name__ == "__main__":
    main()
