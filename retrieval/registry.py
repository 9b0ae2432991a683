"""The retrievers by name, each imported when it is first asked for; ``compose.py`` puts them together."""

from __future__ import annotations

from ..registry import Registry

RETRIEVERS = Registry(
    "retriever",
    __package__,
    {
        "dense": "dense.retriever:DenseRetriever",
        "lexical": "lexical:LexicalRetriever",
        "ngram": "ngram.retriever:NgramRetriever",
        "seal": "seal.retriever:SealRetriever",
        "cfic": "cfic.retriever:CficRetriever",
        "likelihood": "likelihood:LikelihoodRetriever",
        "multihop": "multihop.retriever:MultihopRetriever",
        "structure": "structure.retriever:StructureRetriever",
        "relational": "structure.encoder:RelationalRetriever",
        "fused": "fusion:FusedRetriever",
        "reader": "reader.retriever:ReaderRetriever",
    },
)

OVER = ("reader", "likelihood", "cfic", "multihop", "structure")
"""Those that start from the hits of another: ``first``."""
SPARSE = ("multihop", "structure", "relational")
"""Those that need scipy."""
READ_BY_MODEL = frozenset({"cfic", "likelihood", "seal"})
"""Those that let a language model read."""
