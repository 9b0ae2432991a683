"""Embedders by name: the packaged default, the instant one, the test double, those that were made on this
machine, and any sentence-transformers model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...registry import Registry

if TYPE_CHECKING:
    from ...settings import Settings
    from ..base import Embedder

EMBEDDERS = Registry(
    "embedder",
    __name__,
    {
        "all-MiniLM-L6-v2": "minilm:MiniLM",
        "sentence-transformers/all-MiniLM-L6-v2": "minilm:MiniLM",
        "static": "static:StaticEmbedder",
        "universal-sentence-encoder-multilingual": "multilingual:MultilingualEmbedder",
        "hash": "hash:HashEmbedder",
    },
)


def load(name: str, settings: Settings) -> Embedder:
    """The embedder of that name; weights are read at its first ``encode``, except for sentence-transformers models.

    Raises ``ModelError`` for a name that is neither known here nor loadable, ``DigestMismatch`` for damaged weights.
    """
    if name in EMBEDDERS:
        made: Embedder = EMBEDDERS.load(name).from_settings(name, settings)
        return made
    from . import folder

    made_here = folder.find(name, settings.cache)
    if made_here is not None:
        return folder.FolderMiniLM(made_here, settings.cache)
    from .sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder.from_settings(name, settings)
