"""The written answer: the model gets the evidence and answers in its words; what is not carried by it is marked.

Only text that was found in stored documents reaches the model, and each sentence that it writes is looked up again in
that text: the sentence of the evidence that carries it becomes its citation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..corpus.catalog import stored_text
from ..corpus.document import Evidence
from ..corpus.spans import sentences
from ..corpus.spans.statements import statements
from ..corpus.store import Store
from ..retrieval.quoting import Quote, header_row, may_answer, narrow, surroundings
from ..serving.base import LanguageModel, Message, Sampling
from . import grounded
from .check import rows_carry
from .support import verdicts

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


CUT = " …"
"""Ends a text that its model was given no room to finish."""
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
    reply = model.stream(messages(question, passages), sampling)
    for piece in reply:
        text += piece
        for start, end in sentences(text, done, len(text))[:-1]:
            if text[start:end] in text[:start]:
                return
            yield text[start:end], carrier(store, question, text[start:end], passages)
            done = end
    if text[done:].strip() not in text[:done]:
        cut = CUT if getattr(reply, "finish", None) == "length" else ""
        yield from checked(store, question, text[done:] + cut, passages)


def _copied(store: Store, found: grounded.Grounded, passages: Sequence[Evidence]) -> Checked:
    if found.place is None:
        return grounded.NOT_FOUND, None
    number, start, end = found.place
    return found.answer, narrow(store, passages[number], start, end)


def checked(store: Store, question: str, text: str, passages: Sequence[Evidence]) -> Iterator[Checked]:
    """Half a sentence is carried by nothing: what follows might turn it round."""
    places = sentences(text, 0, len(text))
    for number, (start, end) in enumerate(places, 1):
        half = number == len(places) and text.endswith(CUT)
        yield text[start:end], None if half else carrier(store, question, text[start:end], passages)


def carrier(store: Store, question: str, sentence: str, passages: Sequence[Evidence]) -> Evidence | None:
    """The statement of the passages, with what governs it, or the rows of a query, that carries ``sentence``: of
    several the one that does so most surely."""
    if not may_answer(sentence, question):
        return None
    rows = next((passage for passage in passages if passage.span is None and rows_carry(passage, sentence)), None)
    if rows is not None:
        return rows
    said = [one for passage in passages if passage.span is not None for one in stated(store, passage)]
    found = verdicts(sentence, [(one.quote, governing(one)) for one in said])
    carrying = [number for number, verdict in enumerate(found) if verdict.carried]
    return said[max(carrying, key=lambda number: found[number].score)] if carrying else None


def stated(store: Store, passage: Evidence) -> Iterator[Evidence]:
    """Each statement of a passage, with what governs it."""
    for one in statements(passage.quote, passage.kind, header_row(passage)):
        if not one.label:
            yield narrow(store, passage, one.start, one.end, one.governors)


def governing(evidence: Evidence) -> tuple[str, ...]:
    """What stands above a statement, as the check takes it: its governors, or else the heading of its passage."""
    return tuple(governor.quote for governor in evidence.governors) or tuple(filter(None, (evidence.heading,)))
