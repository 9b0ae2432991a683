"""How two entities are related: the few shortest chains of edges between them, each with the sentence it rests on.

Not the fewest steps: a step over what everything is joined with explains nothing, so a step costs more the more
sentences its ends are in (as in Milne and Witten's link measure), and more where no single sentence holds both. What
an imported index says of two is a step as well, where the texts have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ...corpus.document import Evidence
from .facts import NAME
from .graph import Knowledge
from .quotes import Quotes
from .statements import ImportedStatement, Statements

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PATHS = 3
"""How many are shown."""
LONGEST = 4
"""Steps of a chain."""
COMMON, APART, NAMELESS = 0.3, 1.0, 3.0
"""What the logarithm of an end's sentences costs, a step between neighbouring sentences, and one to a term."""
_AGAIN = 2.0
"""How much dearer the inner entities of a shown chain are for the next one."""


@dataclass(frozen=True, slots=True)
class Hop:
    source: int
    target: int
    label: str
    """The words between both in the quoted sentence; empty where they are too many."""
    evidence: Evidence | None
    """``None`` where no sentence joins the two, but an imported index does."""
    said: ImportedStatement | None = None


@dataclass(frozen=True, slots=True)
class EntityChain:
    entities: tuple[int, ...]
    hops: tuple[Hop, ...]


def paths(quotes: Quotes, start: int, end: int, count: int = PATHS) -> list[EntityChain]:
    """Distinct chains, the best first; empty where nothing joins the two within ``LONGEST`` steps."""
    found = [EntityChain(entities, _hops(quotes, entities)) for entities in chains(quotes.graph, start, end, count)]
    # A longer chain whose steps all rest on one sentence says no more than the two ends in it do.
    telling = [one for one in found if len(one.hops) == 1 or len({_ground(hop) for hop in one.hops}) > 1]
    return telling or found


def _ground(hop: Hop) -> str:
    return hop.evidence.quote if hop.evidence else hop.said.description if hop.said else ""


def chains(graph: Knowledge, start: int, end: int, count: int) -> list[tuple[int, ...]]:
    from scipy.sparse.csgraph import dijkstra

    costs = _costs(graph, start, end)
    found: list[tuple[int, ...]] = []
    for _ in range(3 * count):
        _, before = dijkstra(costs, indices=start, return_predecessors=True)
        chain = tuple(_back(before, start, end))
        if len(chain) < 2 or len(chain) > LONGEST + 1:
            break
        if chain not in found:
            found.append(chain)
        if len(found) == count:
            break
        _make_dearer(costs, chain)
    return found


def _costs(graph: Knowledge, start: int, end: int) -> Any:
    """``csr_array`` of what each step costs; leaving an entity that is no name is dear, unless it was asked for."""
    import numpy as np
    from scipy import sparse

    joined = graph.adjacency
    common = COMMON * np.log(np.maximum(1, graph.spread))
    edge = joined.data - 1
    rows = np.repeat(np.arange(joined.shape[0]), np.diff(joined.indptr))
    costs = 1.0 + common[rows] + common[joined.indices] + APART * (graph.together[edge] == 0)
    terms = graph.kinds[np.maximum(graph.head, 0)] != NAME
    terms[[start, end]] = False
    counted = sparse.csr_array((costs + NAMELESS * terms[rows], joined.indices, joined.indptr), shape=joined.shape)
    if not len(graph.relations):
        return counted
    both = np.concatenate([graph.relations[:, :2], graph.relations[:, 1::-1]]).astype(np.int64)
    size = joined.shape[0]
    pairs = np.setdiff1d(both[:, 0] * size + both[:, 1], rows.astype(np.int64) * size + joined.indices)
    source, target = np.divmod(pairs, size)
    told = 1.0 + common[source] + common[target] + APART + NAMELESS * terms[source]
    return sparse.csr_array(counted + sparse.csr_array((told, (source, target)), shape=joined.shape))


def _back(before: NDArray[np.int32], start: int, end: int) -> Iterator[int]:
    chain = [end]
    while chain[-1] != start and before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    yield from reversed(chain) if chain[-1] == start else ()


def _make_dearer(costs: Any, chain: tuple[int, ...]) -> None:
    for entity in chain[1:-1]:
        costs.data[costs.indptr[entity] : costs.indptr[entity + 1]] *= _AGAIN
    if len(chain) == 2:
        first, last = costs.indptr[chain[0]], costs.indptr[chain[0] + 1]
        for at in range(first, last):
            if costs.indices[at] == chain[1]:
                costs.data[at] = math.inf


def _hops(quotes: Quotes, entities: tuple[int, ...]) -> tuple[Hop, ...]:
    hops = []
    statements = Statements(quotes)
    for one, other in pairwise(entities):
        why = f"joins {quotes.graph.name(one)} and {quotes.graph.name(other)}"
        evidence = quotes.between(one, other, why)
        said = statements.between(one, other) if evidence is None else None
        hops.append(Hop(one, other, quotes.verb(one, other), evidence, said))
    return tuple(hops)
