"""Tables of documents as typed rows, their keys and the edges between them, and questions that their rows answer."""

from .index import TableGraph as TableGraph

__all__ = ["TableGraph"]
