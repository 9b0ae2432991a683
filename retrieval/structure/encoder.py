"""Structure-aware vectors: what a trained graph encoder knows of a document, fused with its passages' text vectors.

The trained form of ATLANTIC (Munikoti et al., 2023). The encoder learns on the library itself, by link prediction over
the relations of its documents; a passage's vector is then the text's and the document's, put together. Optional: it
needs torch to be made and numpy to be searched. ``benchmarks/structure_encoder.py`` measures it beside fused search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ...corpus.array_file import Arrays, DerivedArrays
from ...corpus.catalog import evidence
from ...corpus.document import Evidence
from ...corpus.store import Store
from ...corpus.vectors import passages_by_vector, stored_vectors
from ...errors import require
from ...graphs.documents.relations import Relations, relations
from ..base import Embedder
from ..dense.retriever import require_embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "1"
USED = ("link", "mention", "entity", "commit", "author", "folder")
MOST_JOINED = 20
"""Edges per document of a relation, on average: one that joins more says too little, and costs too much."""
DEPTH, EPOCHS = 2, 40


@dataclass(frozen=True)
class EncoderPlan:
    layer: str = "gcn"
    """``gcn`` or ``scan``."""
    layerwise: bool = False
    share: float = 0.3
    """Of the document's structural vector in a passage's."""
    epochs: int = EPOCHS


@dataclass(frozen=True)
class StructuralVectors:
    keys: NDArray[np.int64]
    """Row ids of passages."""
    vectors: NDArray[np.float32]
    """``[n, dimension]``, of unit length."""


class RelationalRetriever:
    """Finds passages by their text and by what is related to their documents."""

    name = "relational"

    def __init__(
        self, store: Store, embedder: Callable[[], Embedder], model: object = None, plan: EncoderPlan | None = None
    ) -> None:
        self._store, self._embedder, self._plan = store, embedder, plan or EncoderPlan()

    def search(self, question: str, k: int) -> list[Evidence]:
        """Trains at the first search after a change of the library. Raises ``MissingExtra`` without torch and scipy,
        ``LibraryIncompatible`` when the library was embedded by another model."""
        import numpy as np

        embedder = self._embedder()
        require_embedder(self._store, embedder)
        found = self._vectors()
        if not len(found.keys):
            return []
        scores = found.vectors @ embedder.encode([question])[0]
        best: dict[int, float] = {}  # several windows of one passage may be near
        for at in np.argsort(-scores, kind="stable").tolist():
            best.setdefault(int(found.keys[at]), float(scores[at]))
        places, hits = list(best.items()), list[Evidence]()
        for first in range(0, len(places), 4 * k):  # those out of scope fall away
            hits += evidence(
                self._store, places[first : first + 4 * k], self.name, "text and relations of its document"
            )
            if len(hits) >= k:
                break
        return hits[:k]

    def _vectors(self) -> StructuralVectors:
        plan = self._plan
        version = f"{VERSION}.{plan.layer}.{plan.layerwise}.{plan.share}.{plan.epochs}"
        return DerivedArrays("relational", version, lambda store: build(store, plan), load).current(self._store)


def load(arrays: Arrays) -> StructuralVectors:
    return StructuralVectors(arrays["keys"], arrays["vectors"])


def build(store: Store, plan: EncoderPlan) -> Arrays:
    import numpy as np

    require("torch", "local")
    require("scipy", "local")
    import torch

    from .message_passing import LAYERS, encode, train

    keys, vectors, owner, found = _texts(store)
    if not len(keys):
        return {"keys": keys, "vectors": vectors}
    size = len(found.documents)
    pooled = np.zeros((size, vectors.shape[1]), np.float32)
    np.add.at(pooled, owner, vectors)
    texts = torch.nn.functional.normalize(torch.from_numpy(pooled), dim=1)
    graph = _typed_graph(found)
    torch.manual_seed(0)
    layers = [LAYERS[plan.layer](vectors.shape[1], len(graph.edges)) for _ in range(DEPTH)]
    train(layers, texts, graph, epochs=plan.epochs, layerwise=plan.layerwise)
    structure = encode(layers, texts, graph).numpy()
    mixed = (1 - plan.share) * vectors + plan.share * structure[owner]
    mixed /= np.maximum(1e-9, np.linalg.norm(mixed, axis=1, keepdims=True))
    return {"keys": keys, "vectors": mixed.astype(np.float32)}


def _texts(store: Store) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64], Relations]:
    """Passages, their vectors, the rows of their documents, and the relations; only of passages with a vector."""
    import numpy as np

    stored, found = stored_vectors(store), relations(store)
    passage = passages_by_vector(store)
    rows = [(at, passage[key], found.row(passage[key])) for at, key in enumerate(stored.keys.tolist())]
    kept = [(at, key, row) for at, key, row in rows if row is not None]
    owner = np.asarray([found.owner[row] for *_, row in kept], np.int64)
    keys = np.asarray([key for _, key, _ in kept], np.int64)
    return keys, stored.vectors[[at for at, *_ in kept]].astype(np.float32), owner, found


def _typed_graph(found: Relations) -> Any:
    import numpy as np
    import torch

    from .message_passing import TypedGraph

    size = len(found.documents)
    edges = []
    for name in USED:
        matrix = found.matrices[name]
        if not matrix.nnz:
            continue
        joined = _between(found, name)
        if joined is not None and joined.nnz <= MOST_JOINED * size:
            edges.append(torch.from_numpy(np.stack(joined.tocoo().coords).astype(np.int64)))
    return TypedGraph(size, edges or [torch.zeros(2, 0, dtype=torch.long)])


def _between(found: Relations, name: str) -> Any:
    """``None`` for groups so large that the product alone would fill the memory."""
    import numpy as np

    matrix = found.matrices[name]
    if name not in ("link", "mention"):
        sizes = np.asarray(matrix.sum(axis=0)).ravel()
        if float((sizes**2).sum()) > 4 * MOST_JOINED * len(found.documents):
            return None
    return found.between_documents(name)


@cache
def variants() -> dict[str, EncoderPlan]:
    """The three that are compared."""
    return {
        "relational GCN": EncoderPlan("gcn"),
        "state-space scan": EncoderPlan("scan"),
        "GCN, layer by layer": EncoderPlan("gcn", layerwise=True),
    }
