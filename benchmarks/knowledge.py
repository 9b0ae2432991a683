"""The knowledge graph: against an index that a language model made, paths of 2WikiMultiHopQA, themes, times.

    python benchmarks/knowledge.py [reference|paths|themes|times|growth ...] [--library FOLDER]

*reference*: the entities and relationships of Microsoft GraphRAG's index of one book that occur in the book by name,
which of them this graph has, and how far its communities agree (normalised mutual information), beside a random
partition and GraphRAG's own settings without a language model, rebuilt. *paths*: pairs from two evidence triples of
2Wiki that share their middle; right when that middle is in one of the three chains shown. *themes*: answers to those
about the whole of a collection (``global_answers.py``). *times*: facts, graph, communities, and one edit among 6,119
documents. *growth*: the same of every tenth of these documents and of all, and how many times as long ten times the
text takes.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from evidentia import Library
from evidentia.agents.tools.tell_whole import overview
from evidentia.benchmarks.global_answers import THEMES, measure, open_collection, questions_of, spread_of
from evidentia.corpus.phrases.names import normal
from evidentia.corpus.store import Store
from evidentia.errors import NotFoundError
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.wiki import read_2wiki
from evidentia.graphs.knowledge.communities import Communities
from evidentia.graphs.knowledge.derive import build
from evidentia.graphs.knowledge.graph import Knowledge
from evidentia.graphs.knowledge.linking import find_entity, link
from evidentia.graphs.knowledge.paths import chains
from evidentia.retrieval.embedders.hash import HashEmbedder

PAIRS = 60


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("parts", nargs="*", default=[*PARTS])
    parser.add_argument("--transcripts", type=Path, help="a library of the transcripts that was made before")
    parser.add_argument("--podcasts", type=Path, help="the same of the podcasts")
    parser.add_argument("--collections", nargs="*", default=["podcasts"], help="transcripts were looked at")
    parser.add_argument("--wiki", type=Path, help="a library of the 2Wiki pages (NNNNN.md) that was made before")
    parser.add_argument("--seed", type=int, default=2, help="of the pairs; 1 was looked at while the costs were chosen")
    options = parser.parse_args()
    rows: list[list[object]] = []
    metrics: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts:
            found = PARTS[part](Path(folder, part), options)
            rows += [[part, *row] for row in found]
    metrics = {f"{part}, {what}": value for part, what, value, _ in rows}
    report(options.json, "The knowledge graph", ("part", "what", "this graph", "beside it"), rows, metrics)


def _made(folder: Path, texts: dict[str, str]) -> Library:
    """Of these texts; vectors are not looked at, so words are hashed."""
    source = folder / "texts"
    source.mkdir(parents=True)
    for name, text in texts.items():
        (source / name).write_text(text, encoding="utf-8")
    library = Library(folder / "library", embedder=HashEmbedder())
    library.add(source)
    return library


def _reference(folder: Path, _: Any) -> list[list[object]]:
    import pyarrow.parquet as parquet

    def table(name: str) -> list[dict[str, Any]]:
        return list(parquet.read_table(DATA / "graphrag-reference-index" / f"{name}.parquet").to_pylist())

    text = table("documents")[0]["text"]
    inside = f" {normal(text)} "
    titles = {one["title"] for one in table("entities")}
    named = {title for title in titles if f" {normal(title)} " in inside}
    library = _made(folder, {"book.txt": text})
    graph = library.knowledge.graph()
    found = {title: find_entity(graph, title) for title in named}
    has = {title: entity for title, entity in found.items() if entity is not None}
    relations = [(one["source"], one["target"]) for one in table("relationships")]
    by_name = [pair for pair in relations if pair[0] in named and pair[1] in named]
    joined = [p for p in by_name if p[0] in has and p[1] in has and graph.link(has[p[0]], has[p[1]]) is not None]
    asked = [pair for pair in by_name if _are_joined(library.store, graph, *pair)]
    ids = {one["id"]: one["title"] for one in table("entities")}
    theirs = {
        ids[entity]: one["community"]
        for one in table("communities")
        if one["level"] == 0
        for entity in one["entity_ids"]
    }
    ours = _partition(library.knowledge.communities())
    both = sorted(title for title, entity in has.items() if title in theirs and entity in ours)
    gold = [theirs[title] for title in both]
    agreed = _agreement(gold, [ours[has[title]] for title in both])
    fast = _fast_settings(graph)
    common = [title for title in both if has[title] in fast]
    fast_agreed = _agreement([theirs[title] for title in common], [fast[has[title]] for title in common])
    shuffled = [ours[has[title]] for title in both]
    random.Random(0).shuffle(shuffled)
    return [
        [
            f"entities of {len(named)} (of {len(titles)}) that the book names",
            len(has) / len(named),
            "a language model: 1",
        ],
        [f"joined, of {len(by_name)} relations whose ends it names", len(joined) / len(by_name), "1"],
        ["… when they are asked for: terms that are no entity are looked up", len(asked) / len(by_name), "1"],
        [f"joined, of all {len(relations)} relations", len(joined) / len(relations), "1"],
        [
            f"communities, {len(both)} entities",
            agreed,
            f"GraphRAG's fast settings {fast_agreed:.3f} ({len(common)}), shuffled {_agreement(gold, shuffled):.3f}",
        ],
    ]


def _are_joined(store: Store, graph: Knowledge, one: str, other: str) -> bool:
    """Whether an edge leads from one to the other as ``kg path`` finds both."""
    try:
        graph, (start, end) = link(store, graph, one, other)
    except NotFoundError:
        return False
    return start != end and graph.link(start, end) is not None


def _partition(found: Communities) -> dict[int, int]:
    return {entity: one.number for one in found.at(0) for entity in one.members}


def _agreement(one: Sequence[int], other: Sequence[int]) -> float:
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(one, other)) if one else 0.0


def _fast_settings(graph: Knowledge) -> dict[int, int]:
    """Chunks of about 75 words, weight p(x, y) · log2(p(x, y) / p(x) p(y)), nodes of two chunks or more, the one of
    highest degree left out, and edges above the 40th percentile; communities of at most ten."""
    import graspologic_native
    from scipy import sparse

    chunk = np.cumsum(graph.sentences[:, 2] - graph.sentences[:, 1]) // 450
    rows, columns = chunk[graph.mentions[:, 5]], graph.mentions[:, 0]
    inside = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(int(chunk[-1]) + 1, len(graph.phrases)))
    inside.data[:] = 1
    counts = np.asarray(inside.sum(axis=0)).ravel()
    pairs = sparse.triu(inside.T @ inside, k=1, format="coo")
    one, other = pairs.coords
    joint = pairs.data / pairs.data.sum()
    share = counts / counts.sum()
    weight = joint * np.log2(joint / (share[one] * share[other]))
    kept = (counts[one] > 1) & (counts[other] > 1)
    degree = np.bincount(one[kept], minlength=len(counts)) + np.bincount(other[kept], minlength=len(counts))
    hub = int(np.argmax(degree))
    kept &= (one != hub) & (other != hub)
    kept &= weight >= np.quantile(weight[kept], 0.4)
    low = float(min(0.0, weight[kept].min()))
    edges = [
        (str(a), str(b), w - low + 1e-9)
        for a, b, w in zip(one[kept].tolist(), other[kept].tolist(), weight[kept].tolist(), strict=True)
    ]
    found = graspologic_native.hierarchical_leiden(
        edges, None, 1.0, 0.001, 1, use_modularity=True, max_cluster_size=10, seed=0xDEADBEEF
    )
    return {int(part.node): part.cluster for part in found if part.level == 0}


def _wiki() -> dict[str, str]:
    return {
        f"{at:05d}.md": f"# {title}\n\n{text}\n"
        for at, (title, text) in enumerate(read_2wiki(DATA / "2wikimultihop")[0])
    }


def _of_wiki(folder: Path, options: Any) -> Library:
    if options.wiki:
        return Library(options.wiki, create=False, embedder=HashEmbedder())
    return _made(folder, _wiki())


def _paths(folder: Path, options: Any) -> list[list[object]]:
    entries = json.loads((DATA / "2wikimultihop" / "questions.json").read_text())
    pairs = sorted(
        {
            (a[0], a[2], b[2])
            for entry in entries
            for a in entry["evidence"]
            for b in entry["evidence"]
            if a is not b and normal(a[2]) == normal(b[0]) and normal(a[0]) != normal(b[2])
        }
    )
    random.Random(options.seed).shuffle(pairs)
    library = _of_wiki(folder, options)
    graph = library.knowledge.graph()
    right = linkable = 0
    seconds = []
    for start, middle, end in pairs[:PAIRS]:
        ends = find_entity(graph, start), find_entity(graph, end)
        if ends[0] is None or ends[1] is None:
            continue
        linkable += 1
        started = time.perf_counter()
        shown = chains(graph, ends[0], ends[1], 3)
        seconds.append(time.perf_counter() - started)
        right += any(_same(graph.name(entity), middle) for chain in shown for entity in chain[1:-1])
    return [
        [f"gold chain among three, {PAIRS} pairs of {len(pairs)}", right / PAIRS, ""],
        ["… of those whose both ends the pages name", right / max(1, linkable), f"{linkable} pairs"],
        ["seconds a pair, median", float(np.median(seconds)), ""],
    ]


def _same(one: str, other: str) -> bool:
    """The words of one are among the other's: "Princess Irina Paley" and "Irina Paley"."""
    if normal(one) == normal(other):
        return True
    first, second = set(normal(one).split()), set(normal(other).split())
    return len(first & second) > 1 and (first <= second or second <= first)


def _themes(folder: Path, options: Any) -> list[list[object]]:
    made = {"transcripts": options.transcripts, "podcasts": options.podcasts}
    rows: list[list[object]] = []
    for name in options.collections:
        with open_collection(name, made[name], folder / name) as library:
            overview_of = library.ask(THEMES)
            started = time.process_time()
            library.ask(THEMES)
            seconds = time.process_time() - started
            spread = spread_of(library, overview_of)
            told = f"{spread.quotes}, {spread.documents}, {spread.closest:.2f}; {seconds:.1f} s"
            rows.append([f"{name}: main themes: quotes, documents, closest pair; CPU", told, ""])
            rows += [[f"{name}: {what}", value, beside] for what, value, beside in measure(library, questions_of(name))]
    return rows


def _times(folder: Path, options: Any) -> list[list[object]]:
    library = _of_wiki(folder, options)
    size = library.store.connection.execute("SELECT sum(length(text)) FROM documents").fetchone()[0] / 1e6
    store, knowledge = library.store, library.knowledge
    store.connection.execute("DELETE FROM knowledge_facts")
    with store.writing():
        facts = _cpu(knowledge.update)
    graph = _cpu(knowledge.graph)
    groups = _cpu(knowledge.communities)
    reports = _cpu(lambda: overview(store, knowledge.graph(), knowledge.communities(), THEMES, "", 100, 0))
    again = _cpu(lambda: overview(store, knowledge.graph(), knowledge.communities(), THEMES, "", 100, 0))
    page = Path(
        library.store.connection.execute("SELECT uri FROM documents ORDER BY id LIMIT 1 OFFSET 17").fetchone()[0]
    )
    page.write_text(page.read_text() + "\nZebulon Quark met Orla Finch in Bremen.\n")
    started = time.perf_counter(), time.process_time()
    library.add(page)
    added = time.perf_counter() - started[0], time.process_time() - started[1]
    edited = _cpu(knowledge.graph)
    assert knowledge.graph().find("Zebulon Quark") is not None
    return [
        [
            f"facts of {size:.1f} MB: seconds (CPU), MB a minute",
            f"{facts[1]:.1f}, {60 * size / facts[1]:.1f}",
            f"{facts[0]:.1f} s by the clock",
        ],
        ["graph of the facts: seconds (CPU)", graph[1], f"{graph[0]:.1f} s by the clock"],
        ["communities: seconds (CPU)", groups[1], f"{groups[0]:.1f} s by the clock"],
        ["100 reports: seconds (CPU)", reports[1], f"again, unchanged: {again[1]:.2f}"],
        ["one document of 6,119 edited: seconds (CPU) until added", added[1], f"{added[0]:.1f} s by the clock"],
        ["… and until the graph is that of the new text", edited[1], f"{edited[0]:.1f} s by the clock"],
    ]


def _growth(folder: Path, options: Any) -> list[list[object]]:
    tenth = {name: text for at, (name, text) in enumerate(_wiki().items()) if at % 10 == 0}
    few, many = _made(folder / "tenth", tenth), _of_wiki(folder / "all", options)
    sizes, seconds = [], []
    for library in (few, many):
        store, knowledge = library.store, library.knowledge
        sizes.append(store.connection.execute("SELECT sum(length(text)) FROM documents").fetchone()[0])
        store.connection.execute("DELETE FROM knowledge_facts")
        with store.writing():
            facts = _cpu(knowledge.update)[1]
        seconds.append((facts, _cpu(partial(build, store))[1], _cpu(knowledge.communities)[1]))
    rows: list[list[object]] = []
    for name, small, large in zip(("facts", "graph", "communities"), *seconds, strict=True):
        rows.append([f"{sizes[1] / sizes[0]:.1f} times the text: {name}, times as long (CPU)", large / small, small])
    rows.append(["… all three", sum(seconds[1]) / sum(seconds[0]), f"{sum(seconds[1]):.1f} s"])
    return rows


PARTS = {"reference": _reference, "paths": _paths, "themes": _themes, "times": _times, "growth": _growth}


def _cpu(work: Any) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    started = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started[0], time.process_time() - started[1]


if __name__ == "__main__":
    main()
