"""Chunking-free evidence: the local model reads the documents of the first pass and names the sentences that answer.

Which sentence of a document is told by the model's prefix scores, which document by the first pass and the likelihood
of the question: some sentence is easy to begin in every document, so prefix scores do not compare across them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...corpus import catalog
from ...corpus.document import Evidence
from ...corpus.passages import passage_at
from ...corpus.places import line_breaks, span_at
from ...corpus.store import Store
from ...errors import MissingExtra, ModelError
from ...serving.base import LanguageModel, LocalModel, adapt
from ..base import Embedder, Retriever
from ..fusion import FusedRetriever
from ..quoting import best_sentences
from . import prompts
from .decoding import Prefix, last_sentences, prefix_scores
from .reading import WINDOW_BYTES, ask, local, window_bytes
from .sessions import open_sessions
from .standard import standardise
from .windows import Window, windows

DOCUMENTS = 5
"""Documents of the first pass that are read."""
STARTS = 3
"""The paper's k: sentences from which a quote may start."""
DOCUMENT = 3.0
"""Weight of a document's standardised scores, in nats of the prefix score."""
ADAPTER = "evidence"
"""Used where it was trained for the model."""


@dataclass(frozen=True, slots=True)
class QuotedSentences:
    window: Window
    first: int
    last: int
    """Sentences of the window."""
    score: float
    prefix: Prefix
    model: str

    @property
    def start(self) -> int:
        return self.window.sentences[self.first][0]

    @property
    def end(self) -> int:
        return self.window.sentences[self.last][1]


class CficRetriever:
    name = "cfic"

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        model: Callable[[], LanguageModel],
        *,
        first: Retriever | None = None,
    ) -> None:
        """``first``: whose hits are read, those of fused search unless it is given."""
        self._store, self._model = store, model
        self._first = first or FusedRetriever(store, embedder)

    def search(self, question: str, k: int) -> list[Evidence]:
        """Finds spans of whole sentences, at most ``STARTS``. Without a model in this process the embedded reader
        chooses them, as ``why`` then says."""
        hits = self._first.search(question, DOCUMENTS)
        if not hits:
            return []
        try:
            found = read(self._store, adapt(local(self._model()), ADAPTER), question, hits)
        except (ModelError, MissingExtra) as error:
            quotes = best_sentences(self._store, question, hits, min(k, STARTS))
            why = f"chosen by the embedded reader, without a language model: {error}"
            return [replace(quote.evidence, score=quote.score, retriever=self.name, why=why) for quote in quotes]
        return [hit for quoted in found[:k] for hit in evidence(self._store, quoted, self.name)]


def read(
    store: Store, model: LocalModel, question: str, hits: Sequence[Evidence], most: int = WINDOW_BYTES
) -> list[QuotedSentences]:
    """The quotes of the documents that ``hits`` lead to, best first, none overlapping another. ``most``: bytes of what
    is read at once.

    Raises ``ModelError`` for a model that cannot branch or has too small a context.
    """
    lead, asked, tail = prompts.question_parts(model, question)
    found = windows(store, hits, question, window_bytes(model, [*lead, *asked, *tail], most=most))
    if not found:
        return []
    documents = open_sessions(store, model, ((window.document.digest, window.text) for window in found))
    heard = ask(model, documents, lead, asked, tail)
    texts = [[model.encode(window.document.text[start:end]) for start, end in window.sentences] for window in found]
    ranked = prefix_scores(heard.session, heard.ends, heard.rows, texts, sorted(model.ends))
    starts = best_starts(ranked, document_scores(found, heard.likelihoods))
    lasts = last_sentences(
        heard.session,
        [(heard.ends[at], later(model, found[at], prefix.sentence, texts[at])) for _, at, prefix in starts],
        sorted(model.ends),
    )
    return merge_quotes(
        QuotedSentences(
            found[at], prefix.sentence, prefix.sentence + more, score=score, prefix=prefix, model=model.name
        )
        for (score, at, prefix), more in zip(starts, lasts, strict=True)
    )


def document_scores(found: Sequence[Window], likelihoods: Sequence[float]) -> list[float]:
    first, second = standardise([window.score for window in found]), standardise(likelihoods)
    return [DOCUMENT * (one + other) for one, other in zip(first, second, strict=True)]


def best_starts(ranked: Sequence[Sequence[Prefix]], documents: Sequence[float]) -> list[tuple[float, int, Prefix]]:
    """``(score, document, prefix)`` of the ``STARTS`` best, best first."""
    found = [
        (prefix.score + documents[at], at, prefix) for at, prefixes in enumerate(ranked) for prefix in prefixes[:STARTS]
    ]
    return sorted(found, key=lambda entry: -entry[0])[:STARTS]


def later(model: LocalModel, window: Window, first: int, texts: Sequence[list[int]]) -> list[list[int]]:
    """The tokens of the sentence ``first``, and of each later one with the white space before it."""
    spans, text = window.sentences, window.document.text
    return [texts[first], *(model.encode(text[spans[at - 1][1] : spans[at][1]]) for at in range(first + 1, len(spans)))]


def merge_quotes(quotes: Iterable[QuotedSentences]) -> list[QuotedSentences]:
    """Merges the quotes of a document that overlap into one, with the better one's score and place. ``quotes``: best
    first."""
    found: list[QuotedSentences] = []
    for quote in quotes:
        same = (other for other in found if other.window is quote.window)
        touching = [quote, *(other for other in same if quote.first <= other.last and other.first <= quote.last)]
        best = max(touching, key=lambda one: one.score)
        first, last = min(one.first for one in touching), max(one.last for one in touching)
        found = [other for other in found if other not in touching]
        found.append(replace(best, first=first, last=last))
    return sorted(found, key=lambda quote: -quote.score)


def evidence(store: Store, quoted: QuotedSentences, retriever: str) -> Iterator[Evidence]:
    """The quote as the stored text has it, with its place in the original; none once its document has gone."""
    document, prefix = quoted.window.document, quoted.prefix
    place = passage_at(store, document.uri, quoted.start)
    why = f"{quoted.model} begins with it: mean log p {prefix.score:.2f} over {count_tokens(prefix.length)}"
    span = span_at(document, quoted.start, quoted.end, line_breaks(document.text))
    for passage in catalog.evidence(store, [(place, quoted.score)] if place else [], retriever, why):
        yield replace(passage, quote=document.text[quoted.start : quoted.end], span=span)


def count_tokens(tokens: int) -> str:
    return "1 token" if tokens == 1 else f"{tokens} tokens"
