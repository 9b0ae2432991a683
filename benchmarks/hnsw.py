"""The graph of large libraries beside hnswlib and faiss: speed at equal recall, load orders, dimension, ranks.

    python benchmarks/hnsw.py [--parts speed orders synthetic models] [--sentences 100000] [--cache FOLDER] [--json]

Speed: GloVe (11,925 words of 25 dimensions), MNIST (10,000 images of 784), sentences under MiniLM (384); unit vectors,
held-out queries. Each index gets the least efSearch with which it reaches recall@10 0.95, and is timed with it: one
thread, processor time, all indexes in turn, the best of five rounds. hnswlib has M 16 and efConstruction 200, faiss
M 32 and efConstruction 40 (their defaults); ours the library's. Orders: M 16,
efConstruction 128, efSearch 10 and 40. Synthetic: 1,024 dimensions spanned by 8 to 1,024 orthonormal directions.
Models: nDCG@10 on SciFact's train queries by exact search and by a graph, and whether the models' order moves. hnswlib
is the extra ``bench-hnsw``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import lzma
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray

from evidentia.corpus.spans import sentences
from evidentia.evaluation import scifact
from evidentia.evaluation.data import DATA
from evidentia.evaluation.metrics import ndcg
from evidentia.evaluation.report import arguments, report
from evidentia.retrieval.dense import hnsw
from evidentia.retrieval.dense.audit import orders
from evidentia.retrieval.dense.audit.lid import dimensions, distances, nearest
from evidentia.retrieval.embedders import load as embedder
from evidentia.settings import Settings

Vectors = NDArray[np.float32]
Search = Callable[[Vectors, int], NDArray[np.int64]]
TARGET, K, ROUNDS = 0.95, 10, 5
SYNTHETIC = (8, 16, 32, 64, 128, 256, 512, 1024)


def glove(data: Path) -> tuple[Vectors, list[str]]:
    """The only number array of the R file: its type, its length, then big-endian doubles, column by column."""
    raw = lzma.decompress((data / "glove-twitter-25d" / "glove_twitter_25d.rda").read_bytes())
    count, width = 11_925, 25
    at = raw.index(struct.pack(">ii", 0x30E, count * width)) + 8
    values = np.frombuffer(raw, ">f8", count * width, at).reshape(width, count).T.astype(np.float32)
    return hnsw.unit(values), [""] * count


def mnist(data: Path) -> tuple[Vectors, list[str]]:
    pixels = gzip.decompress((data / "mnist-t10k" / "t10k-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((data / "mnist-t10k" / "t10k-labels-idx1-ubyte.gz").read_bytes())
    images = np.frombuffer(pixels, np.uint8, offset=16).reshape(-1, 784).astype(np.float32)
    return hnsw.unit(images), [str(label) for label in labels[8:]]


def prose(data: Path, count: int) -> tuple[list[str], list[str]]:
    """Sentences of SQuAD's training articles, then of 2WikiMultihop's passages, with the article of each."""
    with gzip.open(data / "squad" / "train-1.1.rebuilt.json.gz", "rt", encoding="utf-8") as stream:
        articles = json.load(stream)["data"]
    texts = [(article["title"], one["context"]) for article in articles for one in article["paragraphs"]]
    more = json.loads((data / "2wikimultihop" / "corpus.json").read_text(encoding="utf-8"))
    texts += [(one["title"], one["text"]) for one in more]
    found = {text[a:b]: title for title, text in texts for a, b in sentences(text, 0, len(text))}
    return list(found)[:count], list(found.values())[:count]


def embedded(cache: Path, name: str, texts: list[str], step: int = 4096) -> Vectors:
    """Vectors of ``texts`` under an embedder, kept in ``cache`` part by part: a stopped run goes on."""
    model = embedder(name, Settings(cache=cache))
    key = hashlib.sha256("\0".join([model.fingerprint, *texts]).encode()).hexdigest()[:16]
    folder, parts = cache / f"vectors-{key}", []
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(texts), step):
        file = folder / f"{start:08d}.npy"
        if not file.exists():
            with file.with_suffix(".part").open("wb") as stream:
                np.save(stream, model.encode(texts[start : start + step]).astype(np.float16), allow_pickle=False)
            file.with_suffix(".part").replace(file)
        parts.append(np.load(file, allow_pickle=False))
    return hnsw.unit(np.concatenate(parts).astype(np.float32))


def ours(vectors: Vectors, plan: hnsw.Plan | None = None) -> Search:
    index = hnsw.empty(plan or hnsw.Plan(), vectors)
    index.add(vectors)
    return lambda queries, effort: hnsw.search(index, queries, K, effort)[1]


def faiss_flat(vectors: Vectors, links: int = 32, construction: int = 40) -> Search:
    import faiss

    index = faiss.IndexHNSWFlat(vectors.shape[1], links, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = construction
    index.add(vectors)

    def search(queries: Vectors, effort: int) -> NDArray[np.int64]:
        index.hnsw.efSearch = effort
        found: NDArray[np.int64] = index.search(queries, K)[1]
        return found

    return search


def hnswlib_flat(vectors: Vectors, links: int = 16, construction: int = 200) -> Search:
    import hnswlib

    index = hnswlib.Index("ip", vectors.shape[1])
    index.init_index(len(vectors), construction, links)
    index.add_items(vectors, num_threads=1)

    def search(queries: Vectors, effort: int) -> NDArray[np.int64]:
        index.set_ef(max(effort, K))
        found: NDArray[np.int64] = index.knn_query(queries, K, num_threads=1)[0].astype(np.int64)
        return found

    return search


def recall(found: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    return float(
        np.mean([len(set(one) & set(other)) / K for one, other in zip(found.tolist(), truth.tolist(), strict=True)])
    )


def least(search: Search, queries: Vectors, truth: NDArray[np.int64]) -> int:
    """The least effort that reaches the target, by halving."""
    low, high = K, 1024
    while low < high:
        middle = (low + high) // 2
        if recall(search(queries, middle), truth) >= TARGET:
            high = middle
        else:
            low = middle + 1
    return low


def speed(name: str, vectors: Vectors, count: int, metrics: dict[str, object]) -> Iterator[list[object]]:
    rows = np.random.default_rng(0).permutation(len(vectors))
    queries, base = vectors[rows[:count]], np.ascontiguousarray(vectors[rows[count:]])
    truth = nearest(queries, base, K).rows
    makers: dict[str, Callable[[Vectors], Search]] = {"ours": ours, "hnswlib": hnswlib_flat, "faiss": faiss_flat}
    built: dict[str, tuple[Search, int, float]] = {}
    for label, make in makers.items():
        begun = process_time()
        search = make(base)
        seconds = process_time() - begun
        built[label] = (search, least(search, queries, truth), seconds)
    best = dict.fromkeys(built, float("inf"))
    for _ in range(ROUNDS):
        for label, (search, effort, _) in built.items():
            begun = process_time()
            search(queries, effort)
            best[label] = min(best[label], process_time() - begun)
    for label, (search, effort, seconds) in built.items():
        reached, per_second = recall(search(queries, effort), truth), count / best[label]
        metrics |= {f"{name}_{label}_per_s": round(per_second), f"{name}_{label}_recall": round(reached, 4)}
        yield [
            f"{name}: {label}",
            f"efSearch {effort}",
            reached,
            f"{per_second:,.0f} queries/s",
            f"built in {seconds:.1f} s",
        ]


def order_effects(
    name: str, vectors: Vectors, sources: list[str], count: int, metrics: dict[str, object]
) -> Iterator[list[object]]:
    rows = np.random.default_rng(0).permutation(len(vectors))
    kept = np.sort(rows[count:])
    queries, base, of = vectors[rows[:count]], vectors[kept], [sources[row] for row in kept]
    truth = nearest(queries, base, K).rows
    lids = dimensions(distances(nearest(queries, base, 100).cosines))
    metrics[f"{name}_lid"] = round(float(np.nanmedian(lids)), 2)
    makers = {"hnswlib": lambda v: hnswlib_flat(v, 16, 128), "faiss": lambda v: faiss_flat(v, 16, 128), "ours": ours}
    for label, make in makers.items():
        found: dict[str, list[float]] = {}
        for order in hnsw.ORDERS:
            entering = orders.order(order, base, of)
            search = make(np.ascontiguousarray(base[entering]))
            found[order] = [recall(entering[search(queries, effort)], truth) for effort in (10, 40)]
            metrics |= {
                f"{name}_{label}_{order}_ef{ef}": round(v, 4) for ef, v in zip((10, 40), found[order], strict=True)
            }
        for place, effort in enumerate((10, 40)):
            yield [f"{name}: {label}", f"efSearch {effort}", *(one[place] for one in found.values())]


def spanned(directions: int, count: int, dimension: int = 1024, seed: int = 0) -> Vectors:
    """Unit vectors ``[count, 1024]`` in the span of that many orthonormal directions (Gram-Schmidt, as QR)."""
    draw = np.random.default_rng(seed)
    basis, _ = np.linalg.qr(draw.standard_normal((dimension, directions)))
    return hnsw.unit((draw.standard_normal((count, directions)) @ basis.T).astype(np.float32))


def synthetic(count: int, queries: int, metrics: dict[str, object]) -> Iterator[list[object]]:
    for directions in SYNTHETIC:
        vectors = spanned(directions, count + queries)
        base, asked = np.ascontiguousarray(vectors[queries:]), vectors[:queries]
        truth = nearest(asked, base, 100)
        lid = float(np.nanmedian(dimensions(distances(truth.cosines))))
        row: list[object] = [f"{directions} directions", f"LID {lid:.1f}"]
        for label, make in {
            "hnswlib": lambda v: hnswlib_flat(v, 16, 128),
            "faiss": lambda v: faiss_flat(v, 16, 128),
        }.items():
            search = make(base)
            for effort in (10, 40):
                row.append(recall(search(asked, effort), truth.rows[:, :K]))
                metrics[f"synthetic_{directions}_{label}_ef{effort}"] = round(float(str(row[-1])), 4)
        yield row


def models(data: Path, cache: Path, count: int, metrics: dict[str, object]) -> Iterator[list[object]]:
    """Embedders ranked by nDCG@10: exact, and by graphs of M 16, efConstruction 128 at efSearch 10 and 40; of
    ``count`` abstracts, every other one an answer, and the queries that these answer."""
    folder = data / "beir-scifact"
    corpus = scifact.read_corpus(folder)
    queries, qrels = scifact.read_queries(folder), scifact.read_grades(folder)
    if count < len(corpus):
        gold = {key: None for grades in qrels.values() for key in grades}
        chosen = [*list(gold)[: count // 2], *(key for key in corpus if key not in gold)][:count]
        corpus = {key: corpus[key] for key in chosen}
        qrels = {query: grades for query, grades in qrels.items() if corpus.keys() >= grades.keys()}
    texts, asked = [f"{title} {text}" for title, text in corpus.values()], [queries[key] for key in qrels]
    mini, questions = embedded(cache, "all-MiniLM-L6-v2", texts), embedded(cache, "all-MiniLM-L6-v2", asked)
    pairs = {
        f"MiniLM, first {width}": (hnsw.unit(mini[:, :width]), hnsw.unit(questions[:, :width]))
        for width in (384, 256, 128, 64)
    }
    pairs |= {name: (embedded(cache, name, texts), embedded(cache, name, asked)) for name in ("static", "hash")}
    keys, scores = list(corpus), dict[str, list[float]]()

    def score(found: NDArray[np.int64]) -> float:
        return ndcg(
            {query: [keys[row] for row in line] for query, line in zip(qrels, found.tolist(), strict=True)}, qrels
        )

    for name, (vectors, questions) in pairs.items():
        vectors, questions = np.ascontiguousarray(vectors), np.ascontiguousarray(questions)
        exact = nearest(questions, vectors, K).rows
        search = faiss_flat(vectors, 16, 128)
        scores[name] = [score(exact), *(score(search(questions, effort)) for effort in (10, 40))]
        scores[name].append(recall(search(questions, 10), exact))
    ranks = [sorted(scores, key=lambda name, place=place: -scores[name][place]) for place in range(3)]
    for name, values in scores.items():
        metrics |= {
            f"model_{name}_{kind}": round(v, 4) for kind, v in zip(("exact", "ef10", "ef40"), values, strict=False)
        }
        yield [name, *values, " ".join(str(order.index(name) + 1) for order in ranks)]


def main() -> None:
    import faiss

    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, default=Path("hnsw-cache"))
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=1000, help="queries of the speed part")
    parser.add_argument("--abstracts", type=int, default=1 << 30, help="of the models part, at most")
    parser.add_argument("--parts", nargs="+", default=["speed", "orders", "synthetic", "models"])
    parser.add_argument("--sets", nargs="+", default=["glove", "mnist", "sentences"])
    parser.add_argument("--synthetic", type=int, default=10_000, help="vectors of each synthetic set")
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    metrics: dict[str, object] = {"sentences": options.sentences, "dispatch": faiss.get_compile_options()}
    for title, columns, rows in parts(options, metrics):
        made = list(rows)
        if not options.json:
            report(False, title, columns, made, {})
            print()
    if options.json:
        report(True, "", (), (), metrics)


def parts(
    options: argparse.Namespace, metrics: dict[str, object]
) -> Iterator[tuple[str, list[str], Iterator[list[object]]]]:
    sets: dict[str, Callable[[], tuple[Vectors, list[str]]]] = {
        "glove": lambda: glove(options.data),
        "mnist": lambda: mnist(options.data),
        "sentences": lambda: with_vectors(options.cache, *prose(options.data, options.sentences)),
    }
    for name in options.sets if {"speed", "orders"} & set(options.parts) else ():
        vectors, sources = sets[name]()
        if "speed" in options.parts:
            columns = ["index", "effort", "recall@10", "speed", "build"]
            yield f"Speed at recall@10 {TARGET}", columns, speed(name, vectors, options.questions, metrics)
        if "orders" in options.parts:
            columns = ["index", "effort", *hnsw.ORDERS]
            some = np.sort(np.random.default_rng(1).permutation(len(vectors))[:30_000])
            effects = order_effects(name, vectors[some], [sources[row] for row in some], 500, metrics)
            yield "Recall@10 by load order", columns, effects
    if "synthetic" in options.parts:
        columns = [
            "set",
            "measured",
            *(f"{label} ef {effort}" for label in ("hnswlib", "faiss") for effort in (10, 40)),
        ]
        yield "Recall@10 by intrinsic dimension", columns, synthetic(options.synthetic, 300, metrics)
    if "models" in options.parts:
        columns = ["model", "exact", "ef 10", "ef 40", "recall ef 10", "ranks"]
        yield "nDCG@10 on SciFact train", columns, models(options.data, options.cache, options.abstracts, metrics)


def with_vectors(cache: Path, texts: list[str], sources: list[str]) -> tuple[Vectors, list[str]]:
    return embedded(cache, "all-MiniLM-L6-v2", texts), sources


if __name__ == "__main__":
    main()
