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
from typing import TYPE_CHECKING

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
    steps = _Steps(graph, start, end)
    found: list[tuple[int, ...]] = []
    for _ in range(3 * count):
        chain = steps.cheapest(start, end)
        if len(chain) < 2 or len(chain) > LONGEST + 1:
            break
        if chain not in found:
            found.append(chain)
        if len(found) == count:
            break
        steps.make_dearer(chain)
    return found


class _Steps:
    """What each step costs; leaving an entity that is no name is dear, unless it was asked for."""

    def __init__(self, graph: Knowledge, start: int, end: int) -> None:
        import numpy as np

        joined, size = graph.adjacency, len(graph.phrases)
        targets = np.repeat(np.arange(size), np.diff(joined.starts))
        sources = joined.targets.astype(np.int64)
        apart = APART * (graph.together[joined.edges] == 0)
        if len(graph.relations):  # what an imported index says of two that the texts do not join
            both = np.concatenate([graph.relations[:, :2], graph.relations[:, 1::-1]]).astype(np.int64)
            told = np.setdiff1d(both[:, 1] * size + both[:, 0], targets * size + sources)
            keys = np.concatenate([targets * size + sources, told])
            order = np.argsort(keys)
            targets, sources = np.divmod(keys[order], size)
            apart = np.concatenate([apart, np.full(len(told), APART)])[order]
        common = COMMON * np.log(np.maximum(1, graph.spread))
        nameless = NAMELESS * (graph.kinds[np.maximum(graph.head, 0)] != NAME)
        nameless[[start, end]] = 0.0
        self._sources, self._targets, self._size = sources, targets, size
        self._costs = 1.0 + common[sources] + common[targets] + apart + nameless[sources]

    def cheapest(self, start: int, end: int) -> tuple[int, ...]:
        """The Bellman-Ford algorithm, all steps at once: a chain has few. Empty where nothing joins the two."""
        import numpy as np

        reached, first = np.unique(self._targets, return_index=True)
        spent = np.full(self._size, np.inf)
        spent[start] = 0.0
        while len(first):
            cheaper = np.minimum(spent[reached], np.minimum.reduceat(spent[self._sources] + self._costs, first))
            if np.array_equal(cheaper, spent[reached]):
                break
            spent[reached] = cheaper
        return tuple(reversed([*self._back(spent, start, end)])) if np.isfinite(spent[end]) else ()

    def _back(self, spent: NDArray[np.float64], start: int, end: int) -> Iterator[int]:
        import numpy as np

        yield end
        while end != start:
            steps = slice(*np.searchsorted(self._targets, [end, end + 1]))
            sources = self._sources[steps]
            end = int(sources[np.argmin(spent[sources] + self._costs[steps])])
            yield end

    def make_dearer(self, shown: tuple[int, ...]) -> None:
        """So that the next chain is another one."""
        for entity in shown[1:-1]:
            self._costs[self._sources == entity] *= _AGAIN
        if len(shown) == 2:
            self._costs[(self._sources == shown[0]) & (self._targets == shown[1])] = math.inf


def _hops(quotes: Quotes, entities: tuple[int, ...]) -> tuple[Hop, ...]:
    hops = []
    statements = Statements(quotes)
    for one, other in pairwise(entities):
        why = f"joins {quotes.graph.name(one)} and {quotes.graph.name(other)}"
        evidence = quotes.between(one, other, why)
        said = statements.between(one, other) if evidence is None else None
        hops.append(Hop(one, other, quotes.verb(one, other), evidence, said))
    return tuple(hops)
