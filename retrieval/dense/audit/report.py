"""The audit of a library's dense index: recall against exact search, local intrinsic dimension, effect of load order.

The numbers that Elliott and Clark (*The Impacts of Data, Ordering, and Intrinsic Dimensionality on Recall in HNSW*,
2024) found to matter, measured on the library's own vectors. Everything random is drawn with one seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ....corpus.store import Store
from ....errors import InputError
from .. import hnsw
from ..index import EXACT_BELOW, open_index, tune, vectors_in_order
from . import lid, measure
from .measure import Point, Probe
from .orders import order, sorted_by_source

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST = 200
"""Vectors below which a share of found neighbours says nothing."""
BEFORE = (10, 40)
"""Efforts at which orders are also compared, those of the published study."""
GAIN = 0.005
"""Recall by which an order must beat the given one, besides two standard errors, to be kept."""


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What the audit shall do. ``sample``: vectors of the graphs that are built for it; ``target``: of recall@``k``."""

    sample: int = 10_000
    queries: int = 500
    target: float = 0.95
    k: int = 10
    orders: tuple[str, ...] = hnsw.ORDERS
    seed: int = 0

    def __post_init__(self) -> None:
        unknown = set(self.orders) - set(hnsw.ORDERS)
        if unknown or not 0 < self.target <= 1 or min(self.sample, self.queries, self.k) < 1:
            raise InputError(
                "the audit cannot be done so",
                where=", ".join(sorted(unknown)) or f"target {self.target}, sample {self.sample}, k {self.k}",
                fix=f"give a target above 0 up to 1, whole numbers above 0, and orders of: {', '.join(hnsw.ORDERS)}",
            )


@dataclass(frozen=True, slots=True)
class OrderEffect:
    """What an order of loading brings: ``recall`` by effort; ``gain`` over the given order at the tuned effort, with
    its standard error."""

    order: str
    recall: dict[int, float]
    gain: float = 0.0
    error: float = 0.0

    @property
    def better(self) -> bool:
        return self.gain >= max(GAIN, 2 * self.error)


@dataclass(frozen=True, slots=True)
class Audit:
    vectors: int
    dimension: int
    exact: bool
    """The library's search is exact; the figures are those that a graph over the sample would have."""
    sample: int
    target: float
    points: list[Point] = field(default_factory=list)
    chosen: Point | None = None
    lid_median: float = 0.0
    lid_edges: list[float] = field(default_factory=list)
    lid_counts: list[int] = field(default_factory=list)
    """The histogram: ``lid_counts[i]`` points lie between ``lid_edges[i]`` and ``lid_edges[i + 1]``."""
    orders: list[OrderEffect] = field(default_factory=list)
    order: str = "given"
    """The best one where it is better than the given, else the given."""
    notes: list[str] = field(default_factory=list)


def audit(store: Store, plan: hnsw.Plan, asked: AuditRequest) -> Audit:
    """Measures the dense index of a library and what tuning it brings. Raises ``InputError`` for a library that is too
    small to say anything, ``StorageError`` for a damaged index."""
    rows = vectors_in_order(store)
    if len(rows.keys) < max(FEWEST, 2 * asked.k):
        raise InputError(
            f"the library has {len(rows.keys)} vectors; an audit needs {FEWEST}",
            where=str(store.folder),
            fix="add more documents: search in so few is exact",
        )
    vectors, notes = _unit(rows.vectors)
    draw = np.random.default_rng(asked.seed)
    picked = np.sort(draw.permutation(len(vectors))[: asked.sample])
    sample, sources = vectors[picked], [rows.sources[row] for row in picked]
    probe = make_probe(sample, asked, draw)
    graph = _graph(plan, sample, np.arange(len(sample)))
    effects, points = [], measure.sweep(graph, probe, asked.target)
    tuned = measure.least_effort(points, asked.target)
    for name in dict.fromkeys(("given", *asked.orders)):
        entering = order(name, sample, sources, asked.seed)
        built = graph if name == "given" else _graph(plan, sample, entering)
        effects.append(_effect(name, built, probe, tuned or points[-1], graph))
    index = open_index(store)
    exact = index is None or hnsw.graph_of(index) is None
    if not exact:
        points = measure.sweep(index, make_probe(vectors, asked, draw, rows.keys), asked.target)
        tuned = measure.least_effort(points, asked.target)
    edges, counts, median = _histogram(lid.dimensions(lid.distances(probe_neighbours(vectors, asked, draw))))
    best = max(effects, key=lambda effect: effect.gain)
    kept = best.order if best.better else "given"
    notes += _notes(exact, len(vectors), tuned, asked=asked, effects=effects, grouped=sorted_by_source(sources))
    return Audit(
        len(vectors),
        vectors.shape[1],
        exact,
        sample=len(sample),
        target=asked.target,
        points=points,
        chosen=tuned,
        lid_median=median,
        lid_edges=edges,
        lid_counts=counts,
        orders=effects,
        order=kept,
        notes=notes,
    )


def keep(store: Store, found: Audit) -> bool:
    """Stores the tuned effort and the order for the graph of a large library; false where search is exact or nothing
    reached the target. Takes the writer's lock: raises ``LibraryLocked``, ``StorageError``."""
    if found.exact or found.chosen is None:
        return False
    with store.writing():
        tune(store, {"search": found.chosen.effort, "order": found.order, "recall": round(found.chosen.recall, 4)})
    return True


def make_probe(
    vectors: NDArray[np.float32], asked: AuditRequest, draw: np.random.Generator, keys: NDArray[np.int64] | None = None
) -> Probe:
    """Draws queries from the vectors of the set itself, each left out of its own answer. ``keys``: the index's id of
    each row."""
    rows = draw.permutation(len(vectors))[: asked.queries]
    exact = lid.nearest(vectors[rows], vectors, asked.k, rows)
    ids = np.arange(len(vectors)) if keys is None else keys
    return Probe(vectors[rows], ids[rows], exact, asked.k, ids)


def probe_neighbours(
    vectors: NDArray[np.float32], asked: AuditRequest, draw: np.random.Generator
) -> NDArray[np.float32]:
    rows = draw.permutation(len(vectors))[: asked.queries]
    return lid.nearest(vectors[rows], vectors, min(lid.NEIGHBOURS, len(vectors) - 1), rows).cosines


def _graph(plan: hnsw.Plan, vectors: NDArray[np.float32], entering: NDArray[np.int64]) -> Any:
    import faiss

    index = faiss.IndexIDMap(hnsw.empty(plan, vectors))
    index.add_with_ids(vectors[entering], entering)
    return index


def _effect(name: str, index: Any, probe: Probe, tuned: Point, given: Any) -> OrderEffect:
    recall = {effort: measure.point(index, probe, effort).recall for effort in sorted({*BEFORE, tuned.effort})}
    gained = measure.recalls(index, probe, tuned.effort) - measure.recalls(given, probe, tuned.effort)
    return OrderEffect(name, recall, float(gained.mean()), float(gained.std() / np.sqrt(len(gained))))


def _unit(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float32], list[str]]:
    wrong = int((np.abs(np.linalg.norm(vectors, axis=1) - 1) > 0.01).sum())
    return hnsw.unit(vectors), [
        f"{wrong:,} vectors were not of unit length, against the embedder's contract: they were scaled"
    ] * bool(wrong)


def _histogram(found: NDArray[np.float64]) -> tuple[list[float], list[int], float]:
    known = found[np.isfinite(found)]
    if not len(known):
        return [], [], 0.0
    counts, edges = np.histogram(known, bins=10)
    return [round(edge, 2) for edge in edges.tolist()], counts.tolist(), round(float(np.median(known)), 2)


def _notes(
    exact: bool, count: int, tuned: Point | None, asked: AuditRequest, effects: Sequence[OrderEffect], grouped: bool
) -> list[str]:
    notes = []
    if exact:
        notes.append(
            f"search is exact below {EXACT_BELOW:,} vectors, and the library has {count:,}: its recall is 1, and "
            "the figures are what a graph would give"
        )
    if tuned is None:
        notes.append(f"no effort up to {measure.EFFORTS[-1]} reached the target: raise M and efConstruction")
    shuffled = next((effect for effect in effects if effect.order == "shuffled"), None)
    if grouped and shuffled is not None and shuffled.better:
        notes.append(
            f"the vectors arrived sorted by source, and this costs {shuffled.gain:.3f} of recall@{asked.k}: "
            "loading them shuffled is better"
        )
    return notes
