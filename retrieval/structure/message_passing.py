"""Message passing between related documents: one interface, two layers, and two ways to train a stack of them.

*Relational GCN* (Schlichtkrull et al., 2018) with weights of low rank; *state-space scan*, in which a node reads its
neighbours as a sequence with a selective state, as Graph Mamba does (Behrouz and Hashemi, 2024). A stack is trained
end to end, or layer by layer with nothing sent back, as ForwardGNN does (Park et al., 2024). Every layer adds to what
it is given and adds nothing at first, so that an untrained stack gives the documents' own vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch
    from torch import Tensor

RANK = 32
NEIGHBOURS = 12
"""Of a node that the scan reads, the ones with fewest edges last: what is read last is remembered best."""
TEMPERATURE = 0.05
BATCH = 512


@dataclass(frozen=True)
class TypedGraph:
    """``edges[r]`` is ``[2, n]``: source and target of each edge of relation ``r``, in both directions."""

    size: int
    edges: Sequence[Tensor]

    def without(self, hidden: Sequence[Tensor]) -> TypedGraph:
        """The graph less the edges that these masks mark."""
        return TypedGraph(self.size, [edge[:, ~mask] for edge, mask in zip(self.edges, hidden, strict=True)])


class MessageLayer(Protocol):
    """What a layer is; a module of torch."""

    def __call__(self, states: Tensor, graph: TypedGraph) -> Tensor:
        """``[nodes, dimension]`` -> the same, each with what its neighbours say."""
        ...

    def parameters(self) -> object: ...


def _mean(states: Tensor, edges: Tensor, size: int) -> Tensor:
    """The mean of each node's neighbours."""
    import torch

    shares = 1.0 / torch.bincount(edges[1], minlength=size).clamp(min=1)[edges[1]]
    matrix = torch.sparse_coo_tensor(edges.flip(0), shares, (size, size), check_invariants=False)
    found: Tensor = torch.sparse.mm(matrix, states)
    return found


def relational_gcn(dimension: int, relations: int) -> torch.nn.Module:
    import torch
    from torch import nn

    class RelationalGcn(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gate = nn.Parameter(torch.full((relations,), 0.05))
            self.down = nn.Parameter(torch.randn(relations, dimension, RANK) * dimension**-0.5)
            self.up = nn.Parameter(torch.zeros(relations, RANK, dimension))

        def forward(self, states: Tensor, graph: TypedGraph) -> Tensor:
            added = torch.zeros_like(states)
            for relation, edges in enumerate(graph.edges):
                if edges.shape[1]:
                    said = _mean(states, edges, graph.size)
                    added = added + self.gate[relation] * said + said @ self.down[relation] @ self.up[relation]
            return nn.functional.normalize(states + added, dim=1)

    return RelationalGcn()


def state_space_scan(dimension: int, relations: int) -> torch.nn.Module:
    import torch
    from torch import nn

    class StateSpaceScan(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.keep = nn.Linear(dimension, dimension)
            self.read = nn.Linear(dimension, dimension)
            self.kind = nn.Parameter(torch.zeros(relations, dimension))
            self.gate = nn.Parameter(torch.tensor(0.05))
            nn.init.zeros_(self.read.weight)
            nn.init.ones_(self.read.bias)

        def forward(self, states: Tensor, graph: TypedGraph) -> Tensor:
            places, kinds, held = _sequences(graph)
            state = torch.zeros_like(states)
            for step in range(places.shape[1]):
                token = states[places[:, step]] + self.kind[kinds[:, step]]
                keep = torch.sigmoid(self.keep(token))
                moved = keep * state + (1 - keep) * self.read(token) * token
                state = torch.where(held[:, step, None], moved, state)
            return nn.functional.normalize(states + self.gate * state, dim=1)

    return StateSpaceScan()


def _sequences(graph: TypedGraph) -> tuple[Tensor, Tensor, Tensor]:
    """``[nodes, NEIGHBOURS]`` neighbours and relations, and which places are taken: most edges first."""
    import torch

    if not any(edge.shape[1] for edge in graph.edges):
        empty = torch.zeros(graph.size, 0, dtype=torch.long)
        return empty, empty, empty.bool()
    sources = torch.cat([edge[0] for edge in graph.edges])
    targets = torch.cat([edge[1] for edge in graph.edges])
    kinds = torch.cat([torch.full((edge.shape[1],), at) for at, edge in enumerate(graph.edges)])
    degree = torch.bincount(sources, minlength=graph.size)
    order = torch.argsort(degree[sources], stable=True)
    order = order[torch.argsort(targets[order], stable=True)]  # by target, fewest edges first
    sources, targets, kinds = sources[order], targets[order], kinds[order]
    first = torch.searchsorted(targets, torch.arange(graph.size))
    rank = torch.arange(len(targets)) - first[targets]
    kept = rank < NEIGHBOURS
    column = NEIGHBOURS - 1 - rank[kept]
    places = torch.zeros(graph.size, NEIGHBOURS, dtype=torch.long)
    types, held = torch.zeros_like(places), torch.zeros(graph.size, NEIGHBOURS, dtype=torch.bool)
    places[targets[kept], column] = sources[kept]
    types[targets[kept], column] = kinds[kept]
    held[targets[kept], column] = True
    return places, types, held


LAYERS: dict[str, Callable[[int, int], torch.nn.Module]] = {"gcn": relational_gcn, "scan": state_space_scan}


def train(
    layers: Sequence[torch.nn.Module], texts: Tensor, graph: TypedGraph, *, epochs: int, layerwise: bool, seed: int = 0
) -> list[float]:
    """Fits the layers to tell which documents are joined: the text of one end is to find the other end's vector, as a
    question's is to find a passage's. A fifth of the edges is hidden from the messages in each epoch, and only these
    are asked for. ``layerwise``: each layer by a loss of its own, on what the one below gives as it is. Returns the
    loss of each epoch."""
    import torch

    drawn = torch.Generator().manual_seed(seed)
    stacks = [[layer] for layer in layers] if layerwise else [list(layers)]
    losses: list[float] = []
    every = torch.cat([edge[0] * graph.size + edge[1] for edge in graph.edges])
    for depth, stack in enumerate(stacks):
        below = layers[:depth] if layerwise else ()
        optimiser = torch.optim.Adam([one for layer in stack for one in layer.parameters()], lr=3e-3)
        for _ in range(epochs):
            hidden = [torch.rand(edge.shape[1], generator=drawn) < 0.2 for edge in graph.edges]
            seen = graph.without(hidden)
            asked = torch.cat([edge[:, mask] for edge, mask in zip(graph.edges, hidden, strict=True)], dim=1)
            if asked.shape[1] < 2:
                continue
            batch = asked[:, torch.randperm(asked.shape[1], generator=drawn)[:BATCH]]
            states = texts
            with torch.no_grad():
                for layer in below:
                    states = layer(states, seen)
            for layer in stack:
                states = layer(states, seen)
            near = texts[batch[0]] @ states[batch[1]].T / TEMPERATURE
            # Another true neighbour is no wrong answer: else the shown edges would be learnt as wrong ones.
            joined = torch.isin(batch[0][:, None] * graph.size + batch[1][None, :], every)
            near = near.masked_fill(joined & ~torch.eye(len(near), dtype=torch.bool), float("-inf"))
            loss = torch.nn.functional.cross_entropy(near, torch.arange(len(near)))
            # A stack that forgets the documents' own words finds neighbours and no answers.
            loss = loss + (1 - (states * texts).sum(1)).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses.append(float(loss.detach()))
    return losses


def encode(layers: Sequence[torch.nn.Module], texts: Tensor, graph: TypedGraph) -> Tensor:
    import torch

    with torch.no_grad():
        for layer in layers:
            texts = layer(texts, graph)
    return texts
