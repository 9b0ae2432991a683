"""Recall of a graph beside its speed, over efforts, and the least effort that reaches a target. Knows no library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import hnsw
from .lid import Nearest, without

if TYPE_CHECKING:
    from numpy.typing import NDArray

EFFORTS = (10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96, 128, 192, 256, 384, 512, 768, 1024)
TIE = 1e-5


@dataclass(frozen=True, slots=True)
class Probe:
    """What is asked and the exact answers to it, the query's own row left out of both."""

    queries: NDArray[np.float32]
    own: NDArray[np.int64]
    exact: Nearest
    k: int
    known: NDArray[np.int64]
    """Ids that count; a graph may still hold others, which are gone."""


@dataclass(frozen=True, slots=True)
class Point:
    effort: int
    recall: float
    per_second: float
    """Queries per second of processor time, one thread."""


def recalls(index: Any, probe: Probe, effort: int) -> NDArray[np.float64]:
    """The share per query of the exact first ``k`` that was found. An answer as near as the k-th counts: which of two
    equal vectors comes first is nobody's fault."""
    cosines, rows = hnsw.search(index, probe.queries, min(probe.k + 1, index.ntotal), effort)
    found = without(Nearest(cosines, rows), probe.own)
    last = probe.exact.cosines[:, probe.k - 1 : probe.k]
    near = (found.cosines >= last - TIE) & np.isin(found.rows, probe.known)
    share: NDArray[np.float64] = np.minimum(near.sum(axis=1) / probe.exact.cosines[:, : probe.k].shape[1], 1)
    return share


def point(index: Any, probe: Probe, effort: int) -> Point:
    begun = process_time()
    recall = float(recalls(index, probe, effort).mean())
    return Point(effort, recall, len(probe.queries) / max(process_time() - begun, 1e-9))


def sweep(index: Any, probe: Probe, target: float) -> list[Point]:
    """Measures points of growing effort: all up to the target and two beyond it."""
    points: list[Point] = []
    for effort in EFFORTS:
        points.append(point(index, probe, effort))
        if len(points) > 2 and points[-3].recall >= target:
            break
    return points


def least_effort(points: Sequence[Point], target: float) -> Point | None:
    """The least effort from which on every measured one reaches the target."""
    best = None
    for one in reversed(points):
        if one.recall < target:
            break
        best = one
    return best
