"""Structure-aware scores beside dense search alone: nDCG@10, recall@10, and how close together the ten best lie.

On 2WikiMultiHopQA (titles that other pages mention are the links), and on documentation trees (``--tree``, by default
this project's own), with their git history where they have one. A tree asks itself: sentences are taken out of its
files, and each must lead back to its file (the inverse cloze task of Lee, Chang and Toutanova, 2019).

Distance: links and mentions between the documents of the ten best, the mean over all pairs (5 where there are more than
4 or no path); lower is more coherent. The relations that are counted are also among those that are followed, so the
figure says what the method does, not whether readers like it. Each relation is also shown left out.
"""

from __future__ import annotations

import math
import random
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from evidentia import Library
from evidentia.corpus.document import Evidence
from evidentia.corpus.spans import sentences
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import CachingEmbedder, open_caching
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.wiki import read_2wiki, texts_of
from evidentia.graphs.documents.relations import RELATIONS, Relations, relations
from evidentia.retrieval.base import Retriever
from evidentia.retrieval.dense.retriever import DenseRetriever
from evidentia.retrieval.structure.retriever import RelationWeights, StructureRetriever

TOP = 10
READ = 40
"""Passages asked for, so that ten documents are among them."""
FAR = 5.0
PER_FILE = 8
DOCS = Path(__file__).resolve().parents[1] / "docs"

Question = tuple[str, list[set[str]]]
"""The question; for each document that is gold, the uris that may stand for it."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "2wikimultihop")
    parser.add_argument("--library", type=Path, help="a library of the 2Wiki pages that was made before (NNNNN.md)")
    parser.add_argument("--tree", type=Path, nargs="*", default=[DOCS])
    parser.add_argument("--questions", type=int, default=1000, help="of each set, at most")
    options = parser.parse_args()
    metrics: dict[str, object] = {}
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder:
        pages, asked, _ = read_2wiki(options.data)
        wiki = open_caching(options.library, texts_of(pages), Path(folder, "2wiki"), "pages")
        rows += measure("2wiki", wiki, by_uri(wiki, asked)[: options.questions], metrics)
        for place, tree in enumerate(options.tree):
            library, clozes = make_cloze(tree, Path(folder, str(place)))
            rows += measure(tree.name, library, clozes[: options.questions], metrics)
    columns = ("where", "ranked by", f"nDCG@{TOP}", f"recall@{TOP}", "distance")
    report(options.json, "Structure-aware scores", columns, rows, metrics)


def by_uri(library: Library, asked: Sequence[tuple[str, list[set[int]]]]) -> list[Question]:
    rows = library.store.connection.execute("SELECT uri FROM documents")
    uris = {int(Path(uri).stem): uri for (uri,) in rows}
    return [(question, [{uris[number] for number in pages} for pages in gold]) for question, gold in asked]


def make_cloze(tree: Path, folder: Path) -> tuple[Library, list[Question]]:
    """A library of the tree's text files with holes, and the sentences that were there."""
    drawn, questions = random.Random(0), []
    copy = cloned(tree, folder / "tree")
    for path in sorted(path for path in tree.rglob("*") if path.suffix in (".md", ".rst", ".txt")):
        text, target = path.read_text(errors="replace"), copy / path.relative_to(tree)
        whole = [(start, end) for start, end in sentences(text, 0, len(text)) if _stands_alone(text[start:end])]
        taken = sorted(drawn.sample(whole, min(len(whole) // 4, PER_FILE)), reverse=True)
        for start, end in taken:
            questions.append((text[start:end], [{target.resolve().as_posix()}]))
            text = text[:start] + text[end:]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    with Library(folder / "library") as library:
        library.add(copy)
        kept = CachingEmbedder(library.embedder())
    return Library(folder / "library", create=False, embedder=kept), questions


def cloned(tree: Path, folder: Path) -> Path:
    """Where the copy of ``tree`` goes: into a clone of its git repository, where it has one, since who changed what
    with what is read from there; else into an empty ``folder``."""
    found = subprocess.run(
        ["git", "rev-parse", "--show-toplevel"], cwd=tree, capture_output=True, text=True, check=False
    )
    if found.returncode:
        return folder
    subprocess.run(["git", "clone", "--quiet", found.stdout.strip(), str(folder)], check=True)
    return folder / tree.resolve().relative_to(found.stdout.strip())


def _stands_alone(sentence: str) -> bool:
    return 60 <= len(sentence) <= 300 and sentence[0].isupper() and sentence.endswith(".") and "|" not in sentence


def measure(name: str, library: Library, questions: list[Question], metrics: dict[str, object]) -> list[list[object]]:
    found = relations(library.store)
    whole = RelationWeights()
    ways: dict[str, Retriever] = {"dense": DenseRetriever(library.store, library.embedder)}
    ways["structure"] = StructureRetriever(library.store, library.embedder, weights=whole)
    for relation in (one for one in RELATIONS if found.matrices[one].nnz):
        rest = {key: weight for key, weight in whole.relations.items() if key != relation}
        part = replace(whole, relations=rest)
        ways[f"without {relation}"] = StructureRetriever(library.store, library.embedder, weights=part)
    distance = _distances(found)
    rows = []
    for way, retriever in ways.items():
        figures = _figures(retriever, questions, distance)
        rows.append([name, way, *figures])
        keys = (f"{name}_{way}_{figure}".replace(" ", "_") for figure in ("ndcg@10", "recall@10", "distance"))
        metrics.update(zip(keys, figures, strict=True))
    return rows


def _figures(
    retriever: Retriever, questions: Sequence[Question], distance: Callable[[list[str]], float]
) -> tuple[float, float, float]:
    gains, recalls, distances = [], [], []
    for question, gold in questions:
        top = documents_within(retriever.search(question, READ))
        gains.append(_ndcg(top, gold))
        recalls.append(sum(not uris.isdisjoint(top) for uris in gold) / len(gold))
        distances.append(distance(top))
    return float(np.mean(gains)), float(np.mean(recalls)), float(np.mean(distances))


def documents_within(hits: Sequence[Evidence], most: int = TOP) -> list[str]:
    return list(dict.fromkeys(hit.span.document for hit in hits if hit.span))[:most]


def _ndcg(top: Sequence[str], gold: Sequence[set[str]]) -> float:
    gain = sum(1 / math.log2(rank + 2) for rank, uri in enumerate(top) if any(uri in uris for uris in gold))
    return gain / sum(1 / math.log2(rank + 2) for rank in range(min(len(gold), TOP)))


def _distances(found: Relations) -> Callable[[list[str]], float]:
    from scipy.sparse.csgraph import dijkstra

    joined: Any = found.between_documents("link") + found.between_documents("mention")
    row = {uri: at for at, uri in enumerate(found.documents)}

    def mean(top: list[str]) -> float:
        rows = [row[uri] for uri in top]
        if len(rows) < 2:
            return 0.0
        hops = dijkstra(joined, directed=False, unweighted=True, indices=rows, limit=FAR - 1)[:, rows]
        hops[np.isinf(hops)] = FAR
        return float(hops.sum() / (len(rows) * (len(rows) - 1)))

    return mean


if __name__ == "__main__":
    main()
