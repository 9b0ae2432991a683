"""Fits the weights of ``retrieval/fusion.py``, ``retrieval/reader/retriever.py`` and ``retrieval/quoting.py``.

    python training/fusion.py --squad LIBRARY --scifact LIBRARY

Each library holds one file per paragraph or abstract, as ``benchmarks/squad.py`` and ``benchmarks/scifact.py`` make
them: the paragraphs of the articles of SQuAD's train split that the reader was not trained on (``--make FOLDER`` writes
them), and SciFact's abstracts with the train claims. Every model is a choice among candidates (conditional logit), so
the weights are those that put the right one first. Printed: the weights, and figures from four-fold cross-validation.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from evidentia import Evidence, Library
from evidentia.evaluation import scifact
from evidentia.evaluation.data import DATA
from evidentia.evaluation.squad import read_articles, split_articles
from evidentia.retrieval import fusion, quoting
from evidentia.retrieval.dense.retriever import DenseRetriever
from evidentia.retrieval.lexical import LexicalRetriever
from evidentia.retrieval.reader import retriever as reading

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    question: str
    documents: frozenset[str]
    """Names of the right files."""
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates of one question: features ``[candidates, features]``, and which of them are right."""

    features: Array
    right: NDArray[np.bool_]


def squad_questions(count: int) -> tuple[list[str], list[Asked]]:
    """Held-out paragraphs in order, and questions about them."""
    paragraphs, asked = [], []
    for article in split_articles(read_articles(DATA / "squad" / "train-1.1.rebuilt.json.gz"))[1]:
        for paragraph in article["paragraphs"]:
            name = frozenset({f"{len(paragraphs):04d}.txt"})
            paragraphs.append(paragraph["context"])
            asked += [
                Asked(qa["question"], name, tuple(answer["text"] for answer in qa["answers"]))
                for qa in paragraph["qas"]
            ]
    return paragraphs, random.Random(3).sample(asked, min(count, len(asked)))


def scifact_questions(count: int) -> list[Asked]:
    _, queries, qrels = scifact.read(DATA / "beir-scifact")
    asked = [
        Asked(queries[key], frozenset(f"{document}.md" for document, grade in found.items() if grade), ())
        for key, found in sorted(qrels.items())
    ]
    return random.Random(3).sample(asked, min(count, len(asked)))


def passages(library: Library, asked: Sequence[Asked]) -> list[Choice]:
    """Candidates of both searches: cosine and share of the best BM25 score."""
    dense, lexical = DenseRetriever(library.store, library.embedder), LexicalRetriever(library.store)
    found = []
    for one in asked:
        lists = dense.search(one.question, fusion.DEPTH), lexical.search(one.question, fusion.DEPTH)
        hits = fusion.fuse_calibrated(*lists, [], 2 * fusion.DEPTH)
        features = fusion.features(*lists, [])
        found.append(_choice(one, hits, [features[fusion.key(hit)] for hit in hits]))
    return found


def reranked(library: Library, asked: Sequence[Asked]) -> list[Choice]:
    found, search = [], fusion.FusedRetriever(library.store, library.embedder).search
    for one in asked:
        hits = search(one.question, reading.READ)
        rows = [
            reading.features(hit, read)
            for hit, read in zip(hits, reading.read(library.store, one.question, hits), strict=True)
        ]
        found.append(_choice(one, hits, rows))
    return found


def sentences(library: Library, asked: Sequence[Asked]) -> list[Choice]:
    found, search = [], fusion.FusedRetriever(library.store, library.embedder).search
    for one in asked:
        hits = search(one.question, reading.READ)
        quotes = quoting.sentences_of(library.store, one.question, hits)
        right = [_named(quote.passage, one) and any(a in quote.evidence.quote for a in one.answers) for quote in quotes]
        found.append(Choice(np.array([quote.features for quote in quotes]), np.array(right, dtype=bool)))
    return found


def _choice(one: Asked, hits: Sequence[Evidence], rows: Iterable[Sequence[float]]) -> Choice:
    return Choice(np.array(list(rows)), np.array([_named(hit, one) for hit in hits], dtype=bool))


def _named(hit: Evidence, one: Asked) -> bool:
    return hit.span is not None and Path(hit.span.document).name in one.documents


def fit(choices: Sequence[Choice], ridge: float = 1e-3) -> Array:
    """Weights that make the right candidates most likely; each question counts the same."""
    usable = [choice for choice in choices if choice.right.any()]
    table = np.concatenate([choice.features for choice in usable])
    scale = table.std(axis=0) + 1e-9
    starts = np.cumsum([0, *(len(choice.right) for choice in usable[:-1])])
    owner = np.repeat(np.arange(len(usable)), [len(choice.right) for choice in usable])
    scaled, right = table / scale, np.concatenate([choice.right for choice in usable])

    def loss(weights: Array) -> tuple[float, Array]:
        scores = scaled @ weights
        odds = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        share = odds / np.add.reduceat(odds, starts)[owner]
        mass = np.add.reduceat(share * right, starts) + 1e-300
        slope = scaled.T @ (share - share * right / mass[owner]) / len(usable)
        return float(-np.log(mass).mean() + ridge * weights @ weights), slope + 2 * ridge * weights

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / scale)


def first(choices: Sequence[Choice], weights: Array) -> tuple[float, float]:
    """Share of questions with a right candidate first, and among the first three."""
    places = [choice.right[np.argsort(-(choice.features @ weights), kind="stable")] for choice in choices]
    return float(np.mean([p[:1].any() for p in places])), float(np.mean([p[:3].any() for p in places]))


def crossed(choices: Sequence[Choice], folds: int = 4) -> tuple[float, float]:
    found = []
    for fold in range(folds):
        rest = [choice for at, choice in enumerate(choices) if at % folds != fold]
        found.append(first(choices[fold::folds], fit(rest)))
    one, three = np.mean(found, axis=0)
    return float(one), float(three)


def bias(choices: Sequence[Choice], weights: Array) -> float:
    """Of a logistic model with these weights, so that scores are log-odds of being right."""
    scores = np.concatenate([choice.features @ weights for choice in choices])
    right = np.concatenate([choice.right for choice in choices])

    def loss(value: Array) -> float:
        return float(np.logaddexp(0, np.where(right, -1, 1) * (scores + value[0])).mean())

    return float(minimize(loss, np.array([-scores.mean()])).x[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--squad", type=Path, help="library of the held-out paragraphs")
    parser.add_argument("--scifact", type=Path, help="library of SciFact's abstracts")
    parser.add_argument("--questions", type=int, default=800)
    parser.add_argument(
        "--only", nargs="+", default=["passages", "reader", "sentences"],
        help="the later ones use the weights of the earlier ones as they stand in the package",
    )  # fmt: skip
    parser.add_argument("--make", type=Path, help="only write the held-out paragraphs there, one file each")
    options = parser.parse_args()
    paragraphs, asked = squad_questions(options.questions)
    if options.make:
        options.make.mkdir(parents=True)
        for number, text in enumerate(paragraphs):
            (options.make / f"{number:04d}.txt").write_text(text, encoding="utf-8")
        return
    with Library(options.squad, create=False) as on_squad, Library(options.scifact, create=False) as on_scifact:
        claims = scifact_questions(options.questions)
        both = [(on_squad, asked), (on_scifact, claims)]
        if "passages" in options.only:
            show("passages: COSINE, LEXICAL, named", passages, both)
        if "reader" in options.only:
            show("reader: FOUND, ANSWERED, SENTENCE", reranked, both)
        if "sentences" in options.only:
            show("sentences: " + ", ".join(quoting.FEATURES), sentences, both[:1])


def show(
    what: str,
    gather: Callable[[Library, Sequence[Asked]], list[Choice]],
    sources: Sequence[tuple[Library, Sequence[Asked]]],
) -> None:
    sets = [gather(library, asked) for library, asked in sources]
    together = [choice for choices in sets for choice in choices]
    weights = fit(together)
    print(what, weights.round(3).tolist(), "bias", round(bias(together, weights), 3))
    for choices in sets:
        print(f"  {len(choices)} questions: first {crossed(choices)}; with the joint weights {first(choices, weights)}")


if __name__ == "__main__":
    main()
