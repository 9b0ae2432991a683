"""Query likelihood: the first pass's best passages, ranked again by how well the model predicts the question from them.

Ponte and Croft, 1998, with the local model in place of word counts (Sachan et al., 2022). The mean log probability of
the question's tokens is standardised over the passages and added to the standardised score of the first pass. What was
read of a passage is kept in the same sessions as chunking-free evidence keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..corpus.catalog import load_document
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..errors import MissingExtra, ModelError
from ..serving.base import LanguageModel, LocalModel
from .base import Embedder, Retriever
from .cfic import prompts
from .cfic.reading import ask, local, window_bytes
from .cfic.sessions import open_sessions
from .cfic.standard import standardise
from .fusion import FusedRetriever

RANKED = 10
"""Passages of the first pass that are ranked again."""
WEIGHT = 1.0
"""Of the likelihood, beside the first pass's score."""


class LikelihoodRetriever:
    name = "likelihood"

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        model: Callable[[], LanguageModel],
        *,
        first: Retriever | None = None,
    ) -> None:
        """``first``: whose hits are ranked again, those of fused search unless it is given."""
        self._store, self._model = store, model
        self._first = first or FusedRetriever(store, embedder)

    def search(self, question: str, k: int) -> list[Evidence]:
        """Without a model in this process the order is that of the first pass, as ``why`` then says."""
        hits = self._first.search(question, max(k, RANKED))
        if not hits:
            return []
        try:
            ranked = rerank(self._store, local(self._model()), question, hits[:RANKED])
        except (ModelError, MissingExtra) as error:
            ranked = [replace(hit, why=f"not ranked again: {error}; {hit.why}") for hit in hits[:RANKED]]
        return [*ranked, *hits[RANKED:]][:k]


def rerank(store: Store, model: LocalModel, question: str, hits: Sequence[Evidence]) -> list[Evidence]:
    """Ranks hits by how likely a model finds the question behind each. Raises ``ModelError`` for a model that cannot
    branch or has too small a context."""
    found = likelihoods(store, model, question, hits)
    mixed = [
        first + WEIGHT * second
        for first, second in zip(standardise([hit.score for hit in hits]), standardise(found), strict=True)
    ]
    ranked = [
        replace(hit, score=score, retriever=f"{hit.retriever}+likelihood", why=f"log p(question) {each:.2f}; {hit.why}")
        for hit, score, each in zip(hits, mixed, found, strict=True)
    ]
    return sorted(ranked, key=lambda hit: -hit.score)


def likelihoods(store: Store, model: LocalModel, question: str, hits: Sequence[Evidence]) -> list[float]:
    """The mean log p(token) of the question behind each passage; of a passage that no context holds, its beginning."""
    lead, asked = prompts.likelihood_tokens(model, question)
    limit = window_bytes(model, [*lead, *asked])
    texts = ((_digest(store, hit), hit.quote.encode()[:limit].decode(errors="ignore")) for hit in hits)
    sessions = open_sessions(store, model, texts)
    return ask(model, sessions, lead, asked).likelihoods


def _digest(store: Store, hit: Evidence) -> str:
    document = load_document(store, hit.span.document) if hit.span else None
    return document.digest if document else ""
