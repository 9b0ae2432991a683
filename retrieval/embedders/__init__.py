"""Embedders by name: the packaged default, the instant one, the test double, and any sentence-transformers model."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...settings import Settings
    from ..base import Embedder

_OWN = {
    "all-MiniLM-L6-v2": "minilm:MiniLM",
    "sentence-transformers/all-MiniLM-L6-v2": "minilm:MiniLM",
    "static": "static:StaticEmbedder",
    "hash": "hash:HashEmbedder",
}


def load(name: str, settings: Settings) -> Embedder:
    """The embedder of that name; weights are read at its first ``encode``, except for sentence-transformers models.

    Raises ``ModelError`` for a name that is neither known here nor loadable, ``DigestMismatch`` for damaged weights.
    """
    module, _, factory = _OWN.get(name, "sentence_transformer:SentenceTransformerEmbedder").partition(":")
    made: Embedder = getattr(import_module(f".{module}", __name__), factory).from_settings(name, settings)
    return made
