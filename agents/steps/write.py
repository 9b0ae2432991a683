"""The written answer: the model gets the evidence and answers in its words; what is not carried by it is marked.

Only text that was found in stored documents reaches the model, and each sentence that it writes is looked up again in
that text: the sentence of the evidence that carries it becomes its citation.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from ...corpus.catalog import stored_text
from ...corpus.document import Evidence
from ...corpus.spans import sentences
from ...corpus.store import Store
from ...errors import MissingExtra, ModelError
from ...retrieval import open_retriever
from ...retrieval.narrow import narrow, surroundings
from ...retrieval.quoting import Quote
from ...serving.base import Completing, Finishing, LanguageModel, Message, Sampling
from .. import grounded
from ..answer import Answer, Citation, Sentence, Step
from ..answers.quoted import cite
from ..loop import Budget, Room, answer_with_tools
from ..support.exact import holds
from .check import CUT, Checked, carrier, check_sentences
from .sources import Sources
from .trace import Trace, plural

_SYSTEM = (
    "Answer the question from the numbered evidence only, in one or two short sentences. "
    "Use the words of the evidence. If it does not answer the question, say: Not found."
)
MAX_TOKENS = 64
PIECES, PIECE_CHARS = 3, 400
"""Up to about 300 tokens of evidence: enough for an answer, and a first token within a second on two cores."""
AROUND = 2_000
"""Characters of a document before and behind the evidence that the reply may quote as well."""
CANDIDATES = 9
"""How many statements a model may write of."""

_SILENT = "The model found no answer in the evidence; this is quoted instead"
_CUT_SHORT = "the language model's reply was cut short, and its unfinished sentence left out"
_UNSUPPORTED = "What the model wrote is not supported by the evidence; this is quoted instead"
_DIFFERS = "The model answers: {}. The reader, which is right more often, disagrees; this is quoted instead"
"""Said of a model with the adapter for grounded answers; ``benchmarks/grounded.py`` measures which of the two is
right."""


def write(
    sources: Sources, question: str, answer: Answer, quotes: Sequence[Quote], budget: Budget, trace: Trace
) -> Generator[Step | Sentence, None, Answer]:
    """The written answer, or the quoted ``answer`` with the reason why it stands."""
    citations: list[Citation] = []
    written: list[Sentence] = []
    try:
        model = grounded.prepare(sources.model())
        found = yield from _sentences(sources, model, question, quotes[:CANDIDATES], budget=budget, trace=trace)
        for text, carried_by in found:
            if carried_by is not None:
                citations.append(cite(sources.store, len(citations) + 1, carried_by))
            written.append(Sentence(text, carried_by is not None, len(citations) if carried_by else None))
            yield written[-1]
    except (ModelError, MissingExtra) as error:
        yield trace.step("write", str(error))
        return replace(answer, text=f"No language model wrote an answer: {error}\nQuoted instead:\n{answer.text}")
    passed = sum(sentence.supported for sentence in written)
    yield trace.step("write", f"{model.name}: {passed} of {plural(len(written), 'sentence')} supported by the evidence")
    if not passed:
        silent = all(sentence.text.strip() == grounded.NOT_FOUND for sentence in written)
        return _quoted_instead(answer, written, model, _SILENT if silent else _UNSUPPORTED)
    if grounded.is_trained(model) and not _agree(answer.short, written[0].text):
        return _quoted_instead(answer, written, model, _DIFFERS.format(written[0].text))
    text = " ".join(f"{sentence.text} [{sentence.citation}]" for sentence in written if sentence.supported)
    if written[-1].text.endswith(CUT):
        answer = replace(answer, notes=(*answer.notes, _CUT_SHORT))
    answer = replace(answer, text=text, status="written", model=model.name, short="")
    return replace(answer, citations=tuple(citations), sentences=tuple(written))


def _sentences(
    sources: Sources, model: LanguageModel, question: str, quotes: Sequence[Quote], budget: Budget, trace: Trace
) -> Generator[Step, None, Iterator[Checked]]:
    """The sentences of a model that plans come from its loop of tools, those of any other from the evidence alone."""
    store = sources.store
    if not model.plans or not isinstance(model, Completing):
        return stream_sentences(store, model, question, context(store, quotes))
    fused = open_retriever("fused", store, sources.embedder, sources.model)
    room = Room(store, sources.graph, sources.knowledge, sources.tables, fused)
    done = answer_with_tools(model, question, room, budget, [quote.passage for quote in quotes])
    spent = "" if done.ended == "answered" else f"; the budget of {done.ended} was spent"
    yield trace.step("tools", f"{', '.join(done.calls) or 'none was called'}{spent}")
    return check_sentences(store, question, done.text, done.evidence)


def _quoted_instead(answer: Answer, written: Sequence[Sentence], model: LanguageModel, note: str) -> Answer:
    return replace(answer, sentences=tuple(written), model=model.name, text=f"{note}:\n{answer.text}")


def messages(question: str, passages: Sequence[Evidence]) -> list[Message]:
    evidence = "\n\n".join(f"[{number}] {passage.quote}" for number, passage in enumerate(passages, start=1))
    return [Message("system", _SYSTEM), Message("user", f"Evidence:\n{evidence}\n\nQuestion: {question}")]


def context(store: Store, quotes: Sequence[Quote]) -> list[Evidence]:
    """The best quotes among their neighbours, one stretch per passage; examples only where there is nothing else."""
    first = {quote.passage.key: quote for quote in reversed(quotes)}
    best = [quote for quote in quotes if first[quote.passage.key] is quote]
    best = [quote for quote in best if not quote.example] or best
    return [surroundings(store, quote.passage, quote.evidence, PIECE_CHARS) for quote in best[:PIECES]]


def parents(store: Store, passages: Sequence[Evidence]) -> Iterator[str]:
    """The text around each passage in its document."""
    for span in [passage.span for passage in passages if passage.span is not None]:
        wider = replace(span, start=max(0, span.start - AROUND), end=span.end + AROUND)
        yield stored_text(store, wider) or ""


def stream_sentences(
    store: Store, model: LanguageModel, question: str, passages: Sequence[Evidence]
) -> Iterator[Checked]:
    """Yields sentences as the model finishes them. A model that begins to repeat itself is stopped; one that is trained
    for it copies a short answer instead, and the sentence that says so carries it."""
    if grounded.is_trained(model):
        yield _copied_sentence(
            store, grounded.answer(model, question, [passage.quote for passage in passages]), passages
        )
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
        cut = CUT if isinstance(reply, Finishing) and reply.finish == "length" else ""
        yield from check_sentences(store, question, text[done:] + cut, passages)


def _copied_sentence(store: Store, found: grounded.GroundedAnswer, passages: Sequence[Evidence]) -> Checked:
    if found.place is None:
        return grounded.NOT_FOUND, None
    number, start, end = found.place
    return found.answer, narrow(store, passages[number], start, end)


def _agree(short: str, written: str) -> bool:
    """Whether one holds the other; no short answer agrees with all."""
    return holds(written, short) or holds(short, written) if short else True
