"""The retrievers by name; each is one short file. ``fused`` is what a question gets unless it asks for another."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from .base import Embedder, Retriever
from .store import Store

RETRIEVERS = {
    "dense": "dense:DenseRetriever",
    "lexical": "lexical:LexicalRetriever",
    "ngram": "ngram.retriever:NgramRetriever",
    "fused": "fusion:FusedRetriever",
}


def open_retriever(name: str, store: Store, embedder: Callable[[], Embedder]) -> Retriever:
    """``embedder`` is called only by retrievers that embed. Raises ``KeyError`` for a name not in ``RETRIEVERS``."""
    module, _, attribute = RETRIEVERS[name].partition(":")
    factory: Callable[[Store, Callable[[], Embedder]], Retriever] = getattr(
        import_module(f".{module}", __name__), attribute
    )
    return factory(store, embedder)
