"""Communities of entities at several levels, by the Leiden algorithm on the neighbourhoods of the graph.

Traag et al., *From Louvain to Leiden: guaranteeing well-connected communities*, 2019; a community that is too large is
cut again, as GraphRAG does (Edge et al., 2024). The same graph has the same communities: entities come in the order of
the alphabet, and the seed is fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...corpus.array_file import Arrays, DerivedArrays
from ...corpus.store import Store
from .facts import DATE
from .graph import Knowledge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "1"
LARGEST = 40
"""Entities of a community that is not cut again."""
_SEED = 0xE71DE
_RANDOMNESS = 0.001
_RESOLUTION = 1.0


@dataclass(frozen=True, slots=True)
class Community:
    number: int
    level: int
    parent: int
    """Of the level above; -1 at the top."""
    members: tuple[int, ...]
    """Entities."""


@dataclass(frozen=True)
class Communities:
    rows: NDArray[np.int64]
    """``[n, 4]``: entity, community, level, parent."""

    @cached_property
    def all(self) -> dict[int, Community]:
        members: dict[int, list[int]] = {}
        of: dict[int, tuple[int, int]] = {}
        for entity, community, level, parent in self.rows.tolist():
            members.setdefault(community, []).append(entity)
            of[community] = (level, parent)
        return {number: Community(number, *of[number], tuple(sorted(found))) for number, found in members.items()}

    def at(self, level: int) -> list[Community]:
        return [community for community in self.all.values() if community.level == level]

    @property
    def levels(self) -> int:
        return int(self.rows[:, 2].max(initial=-1)) + 1


def communities(store: Store, graph: Knowledge, version: str) -> Communities:
    """Those of the store's present revision, made first where they are not; ``version`` is that of the graph."""
    kind = DerivedArrays("communities", f"{VERSION}.{version}", lambda _: build(graph), load)
    return kind.current(store)


def build(graph: Knowledge) -> Arrays:
    import graspologic_native
    import numpy as np

    held = graph.near & (graph.kinds[graph.ends[0]] != DATE) & (graph.kinds[graph.ends[1]] != DATE)
    one, other = graph.ends[0][held].tolist(), graph.ends[1][held].tolist()
    if not one:
        return {"rows": np.zeros((0, 4), np.int64)}
    # Fixed width, so that the library's own order of names is that of the numbers.
    edges = [(f"{a:09d}", f"{b:09d}", w) for a, b, w in zip(one, other, graph.weight[held].tolist(), strict=True)]
    # All arguments are said, for the stubs of 1.2 know no defaults.
    found = graspologic_native.hierarchical_leiden(
        edges, None, _RESOLUTION, _RANDOMNESS, 1, use_modularity=True, max_cluster_size=LARGEST, seed=_SEED
    )
    rows = [
        (int(part.node), part.cluster, part.level, -1 if part.parent_cluster is None else part.parent_cluster)
        for part in found
    ]
    return {"rows": np.asarray(sorted(rows), np.int64).reshape(-1, 4)}


def load(arrays: Arrays) -> Communities:
    return Communities(arrays["rows"])
