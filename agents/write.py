"""The written answer: the model gets the evidence and answers in its words; what is not carried by it is marked.

Only text that was found in stored documents reaches the model, and each sentence that it writes is looked up again in
that text: the sentence of the evidence that carries it becomes its citation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ..corpus.catalog import stored_text
from ..corpus.document import Evidence
from ..corpus.spans import sentences
from ..corpus.store import Store
from ..retrieval.quoting import Quote, may_answer, narrowed, surroundings
from ..serving.base import LanguageModel, Message, Sampling
from . import grounded
from .check import carries, freely_carries, rows_carry

_SYSTEM = (
    "Answer the question from the numbered evidence only, in one or two short sentences. "
    "Use the words of the evidence. If it does not answer the question, say: Not found."
)
MAX_TOKENS = 64
PIECES, PIECE_CHARS = 3, 400
"""Up to about 300 tokens of evidence: enough for an answer, and a first token within a second on two cores."""
AROUND = 2_000
"""Characters of a document before and behind the evidence that the reply may quote as well."""


def messages(question: str, passages: Sequence[Evidence]) -> list[Message]:
    evidence = "\n\n".join(f"[{number}] {passage.quote}" for number, passage in enumerate(passages, start=1))
    return [Message("system", _SYSTEM), Message("user", f"Evidence:\n{evidence}\n\nQuestion: {question}")]


def context(store: Store, quotes: Sequence[Quote]) -> list[Evidence]:
    """The best quotes among their neighbours, one stretch per passage; examples only where there is nothing else."""
    first = {quote.passage.key: quote for quote in reversed(quotes)}
    best = [quote for quote in quotes if first[quote.passage.key] is quote]
    best = [quote for quote in best if not quote.example] or best
    return [surroundings(store, quote, PIECE_CHARS) for quote in best[:PIECES]]


def parents(store: Store, passages: Sequence[Evidence]) -> Iterator[str]:
    """What stands around each passage in its document."""
    for span in [passage.span for passage in passages if passage.span is not None]:
        wider = replace(span, start=max(0, span.start - AROUND), end=span.end + AROUND)
        yield stored_text(store, wider) or ""


Checked = tuple[str, Evidence | None]
"""A sentence, and the evidence that carries it, or ``None``."""


def written(store: Store, model: LanguageModel, question: str, passages: Sequence[Evidence]) -> Iterator[Checked]:
    """Sentences as the model finishes them. A model that begins to repeat itself is stopped; one that is trained for
    it copies a short answer instead, and the sentence that says so carries it."""
    if grounded.is_trained(model):
        yield _copied(store, grounded.answer(model, question, [passage.quote for passage in passages]), passages)
        return
    text, done = "", 0
    sampling = Sampling(max_tokens=MAX_TOKENS, predicted=tuple(parents(store, passages)))
    for piece in model.stream(messages(question, passages), sampling):
        text += piece
        for start, end in sentences(text, done, len(text))[:-1]:
            if text[start:end] in text[:start]:
                return
            yield text[start:end], carrier(store, question, text[start:end], passages)
            done = end
    if text[done:].strip() not in text[:done]:
        yield from checked(store, question, text[done:], passages)


def _copied(store: Store, found: grounded.Grounded, passages: Sequence[Evidence]) -> Checked:
    if found.place is None:
        return grounded.NOT_FOUND, None
    number, start, end = found.place
    return found.answer, narrowed(store, passages[number], start, end)


def checked(store: Store, question: str, text: str, passages: Sequence[Evidence]) -> Iterator[Checked]:
    for start, end in sentences(text, 0, len(text)):
        yield text[start:end], carrier(store, question, text[start:end], passages)


def carrier(store: Store, question: str, sentence: str, passages: Sequence[Evidence]) -> Evidence | None:
    """The first sentence of the passages, or two neighbours, or the rows of a query, that carry ``sentence``: in its
    words, or else freely."""
    if not may_answer(sentence, question):
        return None
    rows = next((passage for passage in passages if passage.span is None and rows_carry(passage, sentence)), None)
    return (
        rows
        or _found(store, passages, lambda quote: carries(quote, sentence))
        or _found(store, passages, lambda quote: freely_carries(question, quote, sentence))
    )


def _found(store: Store, passages: Sequence[Evidence], carries_it: Callable[[str], bool]) -> Evidence | None:
    for passage in passages:
        if passage.span is None:
            continue
        places = sentences(passage.quote, 0, len(passage.quote), passage.kind)
        for width in (1, 2):
            for first, last in zip(places, places[width - 1 :], strict=False):
                if carries_it(passage.quote[first[0] : last[1]]):
                    return narrowed(store, passage, first[0], last[1])
    return None
