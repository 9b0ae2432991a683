"""A library as LlamaIndex's retriever. Raises ``MissingExtra`` without the extra ``llamaindex``."""

from __future__ import annotations

from ..errors import MissingExtra
from .metadata import Search, metadata

try:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
except ImportError as error:
    raise MissingExtra("llama-index-core", "llamaindex") from error


class LlamaIndexRetriever(BaseRetriever):  # type: ignore[misc]
    """Passages of a library, best first; each node's metadata says where it stands."""

    def __init__(self, search: Search, k: int = 10) -> None:
        self._search, self._k = search, k
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=TextNode(text=one.quote, metadata=metadata(one)), score=one.score)
            for one in self._search(query_bundle.query_str, self._k)
        ]
