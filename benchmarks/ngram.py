"""The n-gram index: speed and size at ten million tokens, and what n-gram search finds on SQuAD 1.1 dev.

The large text is a random walk over the word pairs of SQuAD's training paragraphs, in documents of 125 words, once with
ids of 16 bits and once with more than 65,536 words. 15 beams take 10 steps: each asks for the legal continuations and
goes on with one, drawn by frequency (``walk``: only tokens that exist). Rivals in the same run: the same index that
finds each interval anew at every step, and a scan of the text that keeps the places found so far.
The FM-index holds the same text in less memory and must go the same ways.

Hits are of the gold paragraph among 2,067, in a real library, beside the other retrievers and all three fused.
"""

from __future__ import annotations

import gzip
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidentia import Library
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_or_make
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import Question, read_dev
from evidentia.retrieval import open_retriever
from evidentia.retrieval.fusion import reciprocal_rank
from evidentia.retrieval.ngram import fm
from evidentia.retrieval.ngram.generation import words
from evidentia.retrieval.ngram.index import Interval, NgramIndex, build
from evidentia.retrieval.ngram.suffix import MOST_NARROW_IDS, TERMINATOR, join
from evidentia.retrieval.ngram.tokens import WordTokenizer

BEAMS, STEPS, RUNS = 15, 10, 12
WORDS = 125
DEPTHS = (1, 5, 20)

Row = tuple[object, ...]
Followers = tuple[NDArray[np.int64], NDArray[np.int64]]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--tokens", type=int, default=10_000_000)
    parser.add_argument("--questions", type=int, default=1000, help="0: speed and size only")
    parser.add_argument("--library", type=Path, help="a library of the paragraphs that was made before")
    options = parser.parse_args()
    metrics: dict[str, object] = {}
    rows = large(options.data, options.tokens, metrics)
    if options.questions:
        rows += found(options.data, options.questions, options.library, metrics)
    report(options.json, "N-gram index", ("what", "value", "unit", "target"), rows, metrics)


def large(data: Path, tokens: int, metrics: dict[str, object]) -> list[Row]:
    tokenizer = WordTokenizer()
    started = time.process_time()
    paragraphs = [tokenizer.learn(text).ids for text in training_paragraphs(data)]
    cutting = sum(map(len, paragraphs)) / (time.process_time() - started) / 1e6
    small, size = build(join(paragraphs, tokenizer.size), tokenizer.size), tokenizer.size
    rows: list[Row] = [("words cut from text (once, at the first search)", cutting, "M tokens/s", "")]
    for bits, vocabulary in ((16, MOST_NARROW_IDS), (32, max(size, MOST_NARROW_IDS + 1))):
        text = random_walk(small, tokens, vocabulary)
        started = time.process_time()
        index = build(text, vocabulary)
        speed = len(text) / (time.process_time() - started) / 1e6
        times = beam_times(index)
        per_token = index.resident_bytes / len(text)
        metrics |= {f"build_mtokens_per_s_{bits}": round(speed, 2), f"bytes_per_token_{bits}": round(per_token, 2)}
        metrics |= {f"beams_ms_{bits}_{name}": round(value, 1) for name, value in times.items()}
        name = f"{len(text) / 1e6:.0f} M tokens, {bits}-bit ids"
        rows += [
            (f"{name}: build, one core", speed, "M tokens/s", ">= 1"),
            (f"{name}: resident, with what is kept after the beams", per_token, "bytes/token", "<= 6, 8 above 16 bits"),
            *((f"{name}: 15 beams x 10 steps, {what}", value, "ms", "<= 100") for what, value in times.items()),
            *small_form(index, vocabulary, name, metrics, bits),
        ]
    return rows


def small_form(index: NgramIndex, vocabulary: int, name: str, metrics: dict[str, object], bits: int) -> list[Row]:
    """The same text as an FM-index, which must go the same ways."""
    started = time.process_time()
    small = fm.build(index.text, vocabulary)
    speed = small.tokens / (time.process_time() - started) / 1e6
    times = [timed(lambda seed=seed: beams(small, seed)) for seed in range(RUNS)]
    assert beams(small, 0) == beams(index, 0), "the two forms differ"
    per_token, median = small.resident_bytes / small.tokens, statistics.median(times)
    metrics |= {f"fm_build_mtokens_per_s_{bits}": round(speed, 2), f"fm_bytes_per_token_{bits}": round(per_token, 2)}
    metrics |= {f"fm_beams_ms_{bits}_median": round(median, 1), f"fm_beams_ms_{bits}_worst": round(max(times), 1)}
    return [
        (f"{name}, as FM-index: build, one core", speed, "M tokens/s", ">= 1"),
        (f"{name}, as FM-index: resident", per_token, "bytes/token", "<= 3"),
        (f"{name}, as FM-index: 15 beams x 10 steps, median", median, "ms", "<= 100"),
        (f"{name}, as FM-index: 15 beams x 10 steps, worst", max(times), "ms", "<= 100"),
    ]


def training_paragraphs(data: Path) -> list[str]:
    with gzip.open(data / "train-1.1.rebuilt.json.gz", "rt") as lines:
        articles = json.load(lines)["data"]
    return [paragraph["context"] for article in articles for paragraph in article["paragraphs"]]


def random_walk(index: NgramIndex, tokens: int, vocabulary: int) -> NDArray[np.unsignedinteger[Any]]:
    """Each word follows the one before as often as in ``index``. Ids beyond ``vocabulary`` are folded into it."""
    rng = np.random.default_rng(0)
    documents = tokens // (WORDS + 1)
    positions = index.positions(0, len(index.rows))
    ids = np.zeros((documents, WORDS), np.int64)
    at = rng.choice(positions, documents)
    for place in range(WORDS):
        ended = index.text[at] == TERMINATOR
        at[ended] = rng.choice(positions, int(ended.sum()))
        stored = index.text[at].astype(np.int64)
        ids[:, place] = (stored - 1) % vocabulary
        low, high = index.first[stored].astype(np.int64), index.first[stored + 1].astype(np.int64)
        at = positions[low + (rng.random(documents) * (high - low)).astype(np.int64)] + 1
    return join(list(ids), vocabulary)


def beam_times(index: NgramIndex) -> dict[str, float]:
    """Milliseconds of index time; the rivals must find what the index finds."""
    kept = [timed(lambda seed=seed: beams(index, seed)) for seed in range(RUNS)]
    again = [timed(lambda seed=seed: beams(index, seed)) for seed in range(RUNS)]
    return {
        "median": statistics.median(kept),
        "worst": max(kept),
        "median with the tables kept": statistics.median(again),
        "rival: intervals found anew at each step": statistics.median(
            timed(lambda seed=seed: beams(index, seed, anew=True)) for seed in range(RUNS)
        ),
        "rival: scan of the text": timed(lambda: scan(index, 0)),
    }


def timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return 1000 * (time.process_time() - started)


def beams(index: NgramIndex | fm.FmIndex, seed: int, anew: bool = False) -> list[list[int]]:
    rng = random.Random(seed)
    prefixes: list[list[int]] = [[] for _ in range(BEAMS)]
    intervals: list[Interval] = [index.root()] * BEAMS
    for _ in range(STEPS):
        for beam in range(BEAMS):
            interval = index.interval(prefixes[beam]) if anew else intervals[beam]
            token = drawn(rng, index.continuations(interval))
            if token is not None:
                prefixes[beam].append(token)
                intervals[beam] = index.extend(interval, token)
    return prefixes


def scan(index: NgramIndex, seed: int) -> None:
    rng = random.Random(seed)
    prefixes: list[list[int]] = [[] for _ in range(BEAMS)]
    places: list[NDArray[np.int64] | None] = [None] * BEAMS
    totals = np.bincount(index.text)[1:]
    every = np.flatnonzero(totals), totals[totals > 0]
    for _ in range(STEPS):
        for beam, at in enumerate(places):
            token = drawn(rng, every if at is None else followers(index, at))
            if token is not None:
                prefixes[beam].append(token)
                ends = np.flatnonzero(index.text == token + 1) if at is None else at[index.text[at] == token + 1]
                places[beam] = ends + 1
    assert prefixes == beams(index, seed), "the scan and the index differ"


def followers(index: NgramIndex, at: NDArray[np.int64]) -> Followers:
    symbols, counts = np.unique(index.text[at], return_counts=True)
    there = symbols != TERMINATOR
    return symbols[there].astype(np.int64) - 1, counts[there]


def drawn(rng: random.Random, continuations: Followers) -> int | None:
    tokens, counts = continuations
    if not len(tokens):
        return None
    edges = np.cumsum(counts)
    return int(tokens[np.searchsorted(edges, rng.randrange(int(edges[-1])), side="right")])


def found(data: Path, count: int, made: Path | None, metrics: dict[str, object]) -> list[Row]:
    paragraphs, questions = read_dev(data)
    sample = random.Random(0).sample(questions, min(count, len(questions)))
    with open_or_make(made, paragraphs, "paragraphs") as library:
        corpus = words(library.store)
        size = sum(part.index.resident_bytes for part in corpus.segments.parts)
        dense = sum(path.stat().st_size for path in library.store.folder.glob("dense-*"))
        rows: list[Row] = [
            ("the paragraphs: n-gram index in memory", size / 1e6, "MB", ""),
            ("the paragraphs: rival: dense index", dense / 1e6, "MB", ""),
        ]
        for name, search in searches(library).items():
            hits, milliseconds = hits_of(search, sample)
            metrics |= {f"hits@{depth}_{name}": round(hit, 4) for depth, hit in zip(DEPTHS, hits, strict=True)}
            shown = " / ".join(f"{hit:.3f}" for hit in hits)
            rows.append((f"{len(sample):,} questions, hits@1/5/20: {name}", shown, f"{milliseconds:.1f} ms each", ""))
    return rows


def searches(library: Library) -> dict[str, Callable[[str], list[Evidence]]]:
    single = {
        name: open_retriever(name, library.store, library.embedder, library.model)
        for name in ("ngram", "lexical", "dense")
    }
    whole = open_retriever("fused", library.store, library.embedder, library.model)
    return {
        **{name: lambda question, one=one: one.search(question, DEPTHS[-1]) for name, one in single.items()},
        "fused": lambda question: whole.search(question, DEPTHS[-1]),
        "fused with ngram": lambda question: reciprocal_rank(
            [one.search(question, 50) for one in single.values()], DEPTHS[-1]
        ),
    }


def hits_of(search: Callable[[str], list[Evidence]], sample: list[Question]) -> tuple[list[float], float]:
    places = []
    started = time.process_time()
    for name, question, _ in sample:
        names = [Path(hit.span.document).name for hit in search(question) if hit.span]
        places.append(names.index(name) if name in names else len(names) + DEPTHS[-1])
    milliseconds = 1000 * (time.process_time() - started) / len(sample)
    return [sum(place < depth for place in places) / len(places) for depth in DEPTHS], milliseconds


if __name__ == "__main__":
    main()
