"""Embedders by name: the packaged default, the instant one, the test double, those that were made on this
machine, and any sentence-transformers model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...corpus.catalog import drawn_languages
from ...corpus.languages import ENGLISH
from ...registry import Registry
from ...settings import DEFAULT_EMBEDDER

if TYPE_CHECKING:
    from ...corpus.store import Store
    from ...settings import Settings
    from ..base import Embedder

MULTILINGUAL = "universal-sentence-encoder-multilingual"
EMBEDDERS = Registry(
    "embedder",
    __name__,
    {
        "all-MiniLM-L6-v2": "minilm:MiniLM",
        "sentence-transformers/all-MiniLM-L6-v2": "minilm:MiniLM",
        "static": "static:StaticEmbedder",
        MULTILINGUAL: "multilingual:MultilingualEmbedder",
        "hash": "hash:HashEmbedder",
    },
)


FOREIGN_SHARE = 1 / 3
"""Of a new library's documents, from which on the embedder of many languages makes its vectors. Tables and lists of
names are taken for English."""


def name_for(store: Store, settings: Settings) -> str:
    """The embedder of a library: that of the settings; in place of the default that of many languages, where it made
    the library's vectors, or where the texts of a library without vectors are to a good part in other languages than
    English."""
    usual, foreign = settings.embedder, settings.foreign_embedder
    if usual != DEFAULT_EMBEDDER:
        return usual
    have = store.get("embedder")
    if have is not None:
        return foreign if _is_of(have, foreign) else usual
    drawn = drawn_languages(store)
    others = sum(language != ENGLISH for language in drawn)
    return foreign if drawn and others >= FOREIGN_SHARE * len(drawn) else usual


def is_multilingual(fingerprint: str | None) -> bool:
    """Whether vectors of this fingerprint are those of the packaged embedder of many languages."""
    return fingerprint is not None and _is_of(fingerprint, MULTILINGUAL)


def _is_of(fingerprint: str, name: str) -> bool:
    """Fingerprints begin with their embedder's name."""
    return fingerprint.startswith(f"{name} ")


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
