"""The knowledge graph of documents: mentions per document, entities and edges derived from them."""

from .index import KnowledgeGraph

__all__ = ["KnowledgeGraph"]
