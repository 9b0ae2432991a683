"""Multi-hop retrieval on 2WikiMultiHopQA (6,119 passages), MuSiQue (1,890) and HotpotQA (994), without a model.

Printed: recall@5 of the gold documents by dense, lexical, fused and multihop search in one run, multihop also without
each of its parts. 2Wiki is shown in halves: the weights were chosen on the even questions, the odd ones were only
measured; MuSiQue and HotpotQA were only measured. A document counts once, at its best passage. Times are without the
embedding of the question, which all share.

With ``--triples`` those that GPT-3.5 extracted from MuSiQue's passages are imported into its library first. All rows
but one are then measured without them, and that one stands beside plain fused search and multihop with paired
intervals.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from evidentia import Library
from evidentia.corpus.document import Evidence
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import open_caching
from evidentia.evaluation.metrics import paired_interval
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.wiki import Page, Question, read_2wiki, read_hotpotqa, read_musique, texts_of
from evidentia.graphs.knowledge.extraction import read_extraction
from evidentia.retrieval import open_retriever
from evidentia.retrieval.base import Retriever
from evidentia.retrieval.multihop.retriever import MultihopRetriever
from evidentia.retrieval.multihop.start import WalkWeights

DEPTH = 5
TOLD = "multihop with ready triples"
PARTS = {
    "multihop": WalkWeights(told=False),
    "without facts": WalkWeights(told=False, fact=0.0),
    "without nearness": WalkWeights(told=False, near=0.0),
    "without phrases of the question": WalkWeights(told=False, asked=0.0),
    "without dense passages": WalkWeights(told=False, passage=0.0),
    "title edges like others": WalkWeights(told=False, named=1.0),
    "without synonym edges": WalkWeights(told=False, synonym=0.0),
    TOLD: WalkWeights(),
}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "2wikimultihop")
    parser.add_argument("--musique", type=Path, default=DATA / "musique")
    parser.add_argument("--hotpotqa", type=Path, default=DATA / "hotpotqa")
    parser.add_argument("--only", choices=("2wiki", "musique", "hotpotqa"), nargs="+", help="these sets alone")
    parser.add_argument("--library", type=Path, help="a library of the 2Wiki pages that was made before (NNNNN.md)")
    parser.add_argument("--musique-library", type=Path, help="the same for MuSiQue")
    parser.add_argument("--triples", action="store_true", help="import MuSiQue's ready triples first")
    parser.add_argument("--questions", type=int, default=1000, help="of each set, at most")
    options = parser.parse_args()
    wanted = options.only or ("2wiki", "musique", "hotpotqa")
    metrics: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as made, ExitStack() as opened:
        sets: list[tuple[str, Library, list[Question]]] = []

        def put(pages: Sequence[Page], library: Path | None, asked: dict[str, list[Question]]) -> None:
            name = next(iter(asked))
            texts = opened.enter_context(open_caching(library, texts_of(pages), Path(made, name), "pages"))
            sets.extend((name, texts, part) for name, part in asked.items())

        if "2wiki" in wanted:
            pages, questions, metrics["2wiki_questions_left_out"] = read_2wiki(options.data)
            half = options.questions // 2
            halves = {"2wiki tuned": questions[::2][:half], "2wiki held out": questions[1::2][:half]}
            put(pages, options.library, halves)
        if "musique" in wanted:
            pages, questions = read_musique(options.musique)
            put(pages, options.musique_library, {"musique": questions[: options.questions]})
            if options.triples:
                found = read_extraction(options.musique / "openie_gpt35_train1890.json")
                sets[-1][1].knowledge.put_import("openie", found)
        if "hotpotqa" in wanted:
            pages, questions = read_hotpotqa(options.hotpotqa)
            put(pages, None, {"hotpotqa": questions[: options.questions]})
        names = [name for name in ("dense", "lexical", "fused", *PARTS) if name != TOLD or options.triples]
        recalls: dict[tuple[str, str], list[float]] = {}
        rows = [measure(name, sets, metrics, recalls) for name in names]
    columns = ("retriever", *(f"{name}, recall@{DEPTH}" for name, *_ in sets), f"ms a question on {sets[0][0]}")
    left_out = metrics.get("2wiki_questions_left_out", "none")
    report(options.json, f"Multi-hop retrieval ({left_out} of the 2Wiki questions left out)", columns, rows, metrics)
    if options.triples and "musique" in wanted and not options.json:
        told = recalls["musique", TOLD]
        for half, part in (("all", slice(None)), ("even", slice(0, None, 2)), ("odd", slice(1, None, 2))):
            print(f"\n{TOLD}, musique, {half} questions: {sum(told[part]) / len(told[part]):.3f}", end="")
            for rival in ("fused", "multihop"):
                low, high = paired_interval(told[part], recalls["musique", rival][part])
                print(f"; less {rival} {low:+.3f} to {high:+.3f}", end="")
        print()


def measure(
    name: str,
    sets: Sequence[tuple[str, Library, list[Question]]],
    metrics: dict[str, object],
    recalls: dict[tuple[str, str], list[float]],
) -> list[object]:
    row: list[object] = [name]
    pace = 0.0
    for place, (data, library, questions) in enumerate(sets):
        found = _retriever(name, library)
        for question, _ in questions:
            library.embedder().encode([question])
        found.search("warm", DEPTH)
        started = time.perf_counter()
        each = [_recall(documents(found.search(question, 4 * DEPTH)), gold) for question, gold in questions]
        recalls[data, name] = each
        if place == 0:
            pace = 1000 * (time.perf_counter() - started) / len(questions)
        row.append(sum(each) / len(each))
        metrics[f"{data}_{name}_recall@{DEPTH}".replace(" ", "_")] = row[-1]
    metrics[f"{sets[0][0]}_{name}_ms".replace(" ", "_")] = pace
    return [*row, f"{pace:.0f}"]


def _retriever(name: str, library: Library) -> Retriever:
    if name in PARTS:
        return MultihopRetriever(library.store, library.embedder, weights=PARTS[name])
    return open_retriever(name, library.store, library.embedder, library.model)


def documents(hits: Sequence[Evidence]) -> list[int]:
    """Numbers of the pages, each once, in order."""
    return list(dict.fromkeys(int(Path(hit.span.document).stem) for hit in hits if hit.span))


def _recall(found: Sequence[int], gold: Sequence[set[int]]) -> float:
    top = set(found[:DEPTH])
    return sum(not top.isdisjoint(pages) for pages in gold) / len(gold)


if __name__ == "__main__":
    main()
