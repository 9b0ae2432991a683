"""Query likelihood as a re-ranker on SQuAD 1.1 dev, open corpus: is the gold paragraph the first passage, and what does
it cost, the first time and when the passages have been read before?

Rivals in the same run: the first pass alone, and the ten passages ranked by likelihood alone.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from evidentia import Library
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import forget_sessions, open_or_make
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import TUNED_ON, Question, read_dev
from evidentia.retrieval.cfic.reading import local
from evidentia.retrieval.likelihood import RANKED, likelihoods

Row = tuple[object, ...]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "squad")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--library", type=Path, help="a library of the paragraphs that was made before")
    options = parser.parse_args()
    paragraphs, questions = read_dev(options.data)
    tuned = set(random.Random(5).sample(range(len(questions)), TUNED_ON))
    unseen = [question for number, question in enumerate(questions) if number not in tuned]
    sample = random.Random(0).sample(unseen, options.questions)
    with open_or_make(options.library, paragraphs, "paragraphs") as library:
        rows, metrics = measured(library, sample)
    report(
        options.json,
        f"Query likelihood, SQuAD 1.1 dev, {len(paragraphs):,} paragraphs, {len(sample)} questions",
        ("what", "hits@1", "seconds", "CPU seconds"),
        rows,
        metrics,
    )


def measured(library: Library, sample: Sequence[Question]) -> tuple[list[Row], dict[str, object]]:
    ways: dict[str, Callable[[str], list[Evidence]]] = {
        "fused": lambda question: library.search(question, 1),
        "rival: fused, then read": lambda question: library.search(question, 1, "reader"),
        "fused + likelihood, nothing kept": lambda question: library.search(question, 1, "likelihood"),
        "fused + likelihood, the same passages again": lambda question: library.search(question, 1, "likelihood"),
        f"rival: the {RANKED} passages by likelihood alone": lambda question: alone(library, question),
    }
    library.search("warm up", 1, "likelihood")
    forget_sessions(library)
    figures: dict[str, list[tuple[bool, float, float]]] = {name: [] for name in ways}
    for document, question, _ in sample:
        for name, search in ways.items():
            started, computed = time.perf_counter(), time.process_time()
            found = search(question)
            spent = time.perf_counter() - started, time.process_time() - computed
            right = any(hit.span is not None and Path(hit.span.document).name == document for hit in found[:1])
            figures[name].append((right, *spent))
    rows: list[Row] = []
    metrics: dict[str, object] = {}
    for name, measures in figures.items():
        hits, wall, cpu = zip(*measures, strict=True)
        rows.append((name, *map(statistics.fmean, (hits, wall, cpu))))
        key = name.replace(",", "").replace(":", "").replace(" ", "_")
        metrics |= {
            f"likelihood_hits@1_{key}": round(statistics.fmean(hits), 4),
            f"likelihood_seconds_{key}": round(statistics.fmean(wall), 3),
            f"likelihood_cpu_seconds_{key}": round(statistics.fmean(cpu), 3),
        }
    return rows, metrics


def alone(library: Library, question: str) -> list[Evidence]:
    hits = library.search(question, RANKED)
    found = likelihoods(library.store, local(library.model()), question, hits)
    return [hit for _, hit in sorted(zip(found, hits, strict=True), key=lambda entry: -entry[0])]


if __name__ == "__main__":
    main()
