"""Search: retrievers by name (``registry.py``) and put together (``compose.py``), and what reads their hits.

``fused`` is what a question gets unless it asks for another.
"""

from __future__ import annotations

from .compose import as_expression as as_expression
from .compose import open_retriever as open_retriever
from .registry import RETRIEVERS as RETRIEVERS

__all__ = ["RETRIEVERS", "as_expression", "open_retriever"]
