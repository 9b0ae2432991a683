"""The trained structure-aware encoder beside fused search: recall of the first five pages, with a paired interval.

On MuSiQue and 2WikiMultiHopQA, whose pages name each other, and on a tree of documentation that asks itself (see
``structure.py``). The encoder learns on each library's own relations, with no question in sight. Each row's interval is
of its difference to fused search, of the same questions drawn a thousand times (95 %).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evidentia import Library
from evidentia.benchmarks.structure import DOCS, Question, by_uri, documents_within, make_cloze
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_caching
from evidentia.evaluation.metrics import paired_interval
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.wiki import read_2wiki, read_musique, texts_of
from evidentia.retrieval import open_retriever
from evidentia.retrieval.base import Retriever
from evidentia.retrieval.fusion import reciprocal_rank
from evidentia.retrieval.structure.encoder import RelationalRetriever, variants

DEPTH = 5
READ = 40


class Both:
    """Two retrievers, by the ranks of their hits."""

    name = "both"

    def __init__(self, one: Retriever, other: Retriever) -> None:
        self._pair = one, other

    def search(self, question: str, k: int) -> list[Evidence]:
        return reciprocal_rank([each.search(question, 2 * k) for each in self._pair], k)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--library", type=Path, help="a library of the 2Wiki pages that was made before (NNNNN.md)")
    parser.add_argument("--musique-library", type=Path, help="the same for MuSiQue")
    parser.add_argument("--questions", type=int, default=500, help="of each set, at most")
    parser.add_argument("--sets", nargs="*", default=["musique", "2wiki", "docs"])
    options = parser.parse_args()
    rows: list[list[object]] = []
    metrics: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sets:
            library, questions = _open(name, Path(folder, name), options)
            rows += _measure(name, library, questions[: options.questions], metrics)
    columns = ("where", "ranked by", f"recall@{DEPTH}", "less fused, 95 %", "seconds of training")
    report(options.json, "Structure-aware encoder", columns, rows, metrics)


def _open(name: str, folder: Path, options: object) -> tuple[Library, list[Question]]:
    if name == "docs":
        return make_cloze(DOCS, folder)
    if name == "musique":
        pages, asked = read_musique(DATA / "musique")
        made = options.musique_library  # type: ignore[attr-defined]
    else:
        pages, asked, _ = read_2wiki(DATA / "2wikimultihop")
        made = options.library  # type: ignore[attr-defined]
    library = open_caching(made, texts_of(pages), folder, "pages")
    return library, by_uri(library, asked)


def _measure(
    name: str, library: Library, questions: Sequence[Question], metrics: dict[str, object]
) -> list[list[object]]:
    store, embedder = library.store, library.embedder
    fused = open_retriever("fused", store, embedder, library.model)
    ways: dict[str, Retriever] = {
        "fused": fused,
        "dense": open_retriever("dense", store, embedder, library.model),
        "structure, untrained": open_retriever("structure", store, embedder, library.model),
    }
    for variant, plan in variants().items():
        ways[variant] = RelationalRetriever(store, embedder, plan=plan)
        ways[f"fused and {variant}"] = Both(fused, ways[variant])
    rows, base = [], np.zeros(0)
    for way, retriever in ways.items():
        started = time.process_time()
        retriever.search("warm", DEPTH)
        spent = time.process_time() - started
        recalls = np.array([_recall(retriever, question, gold) for question, gold in questions])
        base = recalls if way == "fused" else base
        interval = "" if way == "fused" else "{:+.3f} to {:+.3f}".format(*paired_interval(recalls, base))
        rows.append([name, way, float(recalls.mean()), interval, f"{spent:.0f}" if way in variants() else ""])
        metrics[f"{name}_{way}_recall@{DEPTH}".replace(" ", "_")] = float(recalls.mean())
    return rows


def _recall(retriever: Retriever, question: str, gold: Sequence[set[str]]) -> float:
    top = documents_within(retriever.search(question, READ), DEPTH)
    return sum(not uris.isdisjoint(top) for uris in gold) / len(gold)


if __name__ == "__main__":
    main()
