"""The retrievers by name; each is one short file. ``fused`` is what a question gets unless it asks for another."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from ..corpus.store import Store
from ..corpus.wanted import check
from ..errors import require
from ..serving.base import LanguageModel
from .base import Embedder, Retriever

RETRIEVERS = {
    "dense": "dense.retriever:DenseRetriever",
    "lexical": "lexical:LexicalRetriever",
    "ngram": "ngram.retriever:NgramRetriever",
    "seal": "seal.retriever:SealRetriever",
    "cfic": "evidence.retriever:CficRetriever",
    "likelihood": "likelihood:LikelihoodRetriever",
    "multihop": "multihop.retriever:MultihopRetriever",
    "structure": "structure.retriever:StructureRetriever",
    "fused": "fusion:FusedRetriever",
    "reader": "reader.retriever:ReaderRetriever",
}

SPARSE = ("multihop", "structure")
"""Those that need scipy."""

Factory = Callable[[Store, Callable[[], Embedder], Callable[[], LanguageModel]], Retriever]


def open_retriever(
    name: str, store: Store, embedder: Callable[[], Embedder], model: Callable[[], LanguageModel]
) -> Retriever:
    """``embedder`` and ``model`` are called only by retrievers that need them. Raises ``KeyError`` for a name that is
    not in ``RETRIEVERS``, ``MissingExtra`` where a package that it needs is not installed."""
    check()
    if name in SPARSE:
        require("scipy", "local")
    module, _, attribute = RETRIEVERS[name].partition(":")
    factory: Factory = getattr(import_module(f".{module}", __name__), attribute)
    return factory(store, embedder, model)
