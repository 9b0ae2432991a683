"""The static embedder beside MiniLM: sentences per second, and what retrieval loses, alone and fused with words.

    python benchmarks/static_embedding.py [--data FOLDER] [--questions 1000] [--minilm FOLDER] [--json]

SciFact train: nDCG@10 over 5,183 abstracts. SQuAD dev: how often a question's paragraph is among the first 1 and 5 of
2,067; the table was learnt on SQuAD's training articles, so this is its home ground and SciFact is not. ``--minilm``
names a folder with MiniLM libraries of the same files (``scifact/library``, ``squad/library``) made earlier; without it
they are made here, which takes minutes.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

from evidentia import Library
from evidentia.corpus.spans import sentences
from evidentia.evaluation import scifact, squad
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import documents_of
from evidentia.evaluation.metrics import DEPTH, ndcg
from evidentia.evaluation.report import arguments, report
from evidentia.retrieval.embedders import load
from evidentia.settings import Settings

EMBEDDERS = ("static", "all-MiniLM-L6-v2")


def speed(texts: list[str], metrics: dict[str, object]) -> Iterator[list[object]]:
    parts = [text[a:b] for text in texts for a, b in sentences(text, 0, len(text))]
    with tempfile.TemporaryDirectory() as folder:
        for name, count in zip(EMBEDDERS, (len(parts), 1000), strict=True):
            model = load(name, Settings(cache=Path(folder)))
            begun = perf_counter()
            model.encode(["What is a first vector?"])
            first = perf_counter() - begun
            model.encode(parts[:200])
            begun, busy = perf_counter(), process_time()
            model.encode(parts[:count])
            rate, per_cpu = count / (perf_counter() - begun), count / (process_time() - busy)
            metrics |= {f"{name}_sentences_per_s": round(rate), f"{name}_sentences_per_cpu_s": round(per_cpu)}
            yield [f"{name}: sentences per second", rate, f"{per_cpu:,.0f} per CPU second, first vector {first:.2f} s"]


def opened(name: str, embedder: str, texts: dict[str, str], folder: Path, prepared: Path | None) -> Library:
    if embedder != "static" and prepared is not None and (prepared / name).exists():
        return Library(prepared / name / "library", create=False)
    source = folder / name
    if not source.exists():
        source.mkdir()
        for file, text in texts.items():
            (source / file).write_text(text, encoding="utf-8")
    library = Library(settings=Settings(library=folder / f"{name}-{embedder}", embedder=embedder))
    library.add(source)
    return library


def on_scifact(data: Path, count: int, folder: Path, prepared: Path | None) -> Iterator[tuple[str, float]]:
    texts, queries, qrels = scifact.read(data / "beir-scifact")
    some = dict(random.Random(0).sample(sorted(qrels.items()), min(count, len(qrels))))
    for embedder in EMBEDDERS:
        with opened("scifact", embedder, texts, folder, prepared) as library:
            for retriever in _retrievers(embedder):
                run = {query: documents_of(library.search(queries[query], 40, retriever), DEPTH) for query in some}
                yield _named(embedder, retriever), ndcg(run, some)


def on_squad(data: Path, count: int, folder: Path, prepared: Path | None) -> Iterator[tuple[str, float, float]]:
    paragraphs, questions = squad.read_dev(data / "squad")
    some = random.Random(0).sample(questions, min(count, len(questions)))
    for embedder in EMBEDDERS:
        with opened("squad", embedder, paragraphs, folder, prepared) as library:
            for retriever in _retrievers(embedder):
                places = [_place(library, question, name, retriever) for name, question, _ in some]
                first, five = (sum(place < k for place in places) / len(places) for k in (1, 5))
                yield _named(embedder, retriever), first, five


def _place(library: Library, question: str, name: str, retriever: str) -> int:
    hits = library.search(question, 20, retriever)
    files = list(dict.fromkeys(Path(hit.span.document).name for hit in hits if hit.span))
    return files.index(name) if name in files else len(files) + 5


def _retrievers(embedder: str) -> tuple[str, ...]:
    return ("dense", "lexical", "fused") if embedder == "static" else ("dense", "fused")


def _named(embedder: str, retriever: str) -> str:
    return {"dense": embedder, "lexical": "words"}.get(retriever, f"{embedder} + words")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--minilm", type=Path, default=None)
    options = parser.parse_args()
    metrics: dict[str, object] = {}
    rows = list(speed(list(squad.read_dev(options.data / "squad")[0].values())[:1000], metrics))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for label, score in on_scifact(options.data, options.questions, folder, options.minilm):
            rows.append([f"SciFact train nDCG@10: {label}", score, ""])
            metrics[f"scifact_{label}_ndcg10"] = round(score, 4)
        for label, first, five in on_squad(options.data, options.questions, folder, options.minilm):
            rows.append([f"SQuAD dev hits@1: {label}", first, f"hits@5 {five:.3f}"])
            metrics |= {f"squad_{label}_hits1": round(first, 4), f"squad_{label}_hits5": round(five, 4)}
    report(options.json, "The static embedder beside MiniLM", ["what", "value", "besides"], rows, metrics)


if __name__ == "__main__":
    main()
