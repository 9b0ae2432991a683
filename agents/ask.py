"""One question in, one checked answer out: route, search, choose, perhaps write, verify.

The steps are yielded as they finish, so that a page can show them; the answer comes last. The quoted answer is always
made first, and stands wherever nothing better passes the check.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..corpus import soundness
from ..corpus.document import Evidence
from ..corpus.store import Store
from ..corpus.wanted import check
from ..errors import InputError, MissingExtra, ModelError
from ..retrieval import as_expression, open_retriever, unfinished
from ..retrieval.base import Embedder
from ..retrieval.compose import Expression
from ..retrieval.exact import named_passages
from ..retrieval.fit.question import Question, parse
from ..retrieval.fusion import FusedRetriever, by_rank
from ..retrieval.quoting import Quote, best_sentences
from ..retrieval.rows import named_rows
from ..retrieval.spelling import mend
from ..serving.base import LanguageModel
from . import abstain, code, grounded, knowledge, listing, versions, write
from .base import Answer, Citation, Sentence, Step
from .check import holds
from .parts import combine
from .passage import EXPLAINED, whole_passage
from .plan import Toolbox, plan
from .quoted import cite, nearest, not_found, quoted
from .route import Route, route
from .tools.asked import AskedGraph, AskedKnowledge
from .tools.knowledge import meant

FOUND, CANDIDATES = 10, 9
"""How many passages are searched for, and of how many statements a model may write."""

_SILENT = "The model found no answer in the evidence; this is quoted instead"
_CUT_SHORT = "the language model's reply was cut short, and its unfinished sentence left out"
_UNSUPPORTED = "What the model wrote was not carried by the evidence; this is quoted instead"
_DIFFERS = "The model answers: {}. The reader, more often right where it is sure, differs; this is quoted instead"
"""Of the adapter for grounded answers, measured in ``benchmarks/grounded.py``."""

LEANING = 6
"""Words of a question that begins as one after another does ("And what about …"), up to which it says too little."""

Event = Step | Sentence | Answer


@dataclass(frozen=True, slots=True)
class Agent:
    """Everything that answering needs. ``embedder`` and ``model`` are loaded when they are first called."""

    store: Store
    graph: AskedGraph
    knowledge: AskedKnowledge
    embedder: Callable[[], Embedder]
    model: Callable[[], LanguageModel]
    max_question_chars: int

    def ask(
        self, question: str, *, written: bool = False, retriever: str | Expression | None = None
    ) -> Iterator[Event]:
        """Raises ``InputError`` for an empty or overlong question or an unknown retriever."""
        for event in self._events(question, written, retriever):
            check()
            yield replace(event, notes=event.notes + self._notes(event)) if isinstance(event, Answer) else event

    def _notes(self, answer: Answer) -> tuple[str, ...]:
        return unfinished.notes(self.store, by_vectors=answer.status != "rows") + soundness.notes(self.store)

    def _events(self, question: str, written: bool, retriever: str | Expression | None) -> Iterator[Event]:
        refuse(question, self.max_question_chars, retriever)
        run = _Run(question.strip())
        scope = self.store.scope
        if scope is not None:
            yield run.step("scope", f"in {scope}")
        if retriever is not None and retriever != "graph":
            way = Route(None, reason=f"asked for {retriever} alone")
        elif scope is not None and retriever is None:
            way = Route(None, reason="the code graph knows no scope: searched for")
        else:
            way = route(run.question)
        meaning = meant(run.question) if way.verb is None and retriever is None and scope is None else None
        yield run.step("route", meaning.reason if meaning else way.reason)
        if meaning is not None:
            found = knowledge.answer(self.knowledge, meaning, run.question)
            yield run.step("knowledge", found.said)
            if found.answer is not None:
                yield replace(found.answer, trace=tuple(run.trace))
                return
        unknown: Answer | None = None
        if way.verb is not None:
            answer = code.answer(self.store, self.graph, way, run.question)
            yield run.step("graph", answer.metadata.get("query", "") if answer else f"no symbol named {way.symbol}")
            told = answer is not None and answer.status != "not_found" and not code.knows_nothing(way, answer)
            if answer is not None and (told or retriever == "graph"):
                yield replace(answer, trace=tuple(run.trace))
                return
            unknown = answer
        if retriever == "graph":
            raise InputError(
                "this is no question that the code graph answers alone",
                where=run.question,
                fix="ask, for example: Who calls shortest_path?",
            )
        asked = parse(run.question)
        text, changes = mend(self.store, asked)
        if changes:
            asked = parse(text)
            yield run.step("spelling", "; ".join(f"{word} → {meant}" for word, meant in changes.items()))
        if asked.follow_up and len(asked.text.split()) <= LEANING:
            yield replace(_leans(run.question), trace=tuple(run.trace))
            return
        answers: list[Answer] = []
        for part in asked.parts or (asked,):
            answer = yield from self._answered(run, part, written, retriever)
            answers.append(answer)
        answer = answers[0] if len(answers) == 1 else combine(run.question, answers)
        if unknown is not None and (answer.status == "not_found" or (unknown.citations and answer.fit == "unsure")):
            answer = unknown
        if changes:
            answer = _as_read(run.question, answer, changes)
        if scope is not None:
            answer = replace(answer, text=f"{answer.text}\nSearched in {scope} alone.")
        yield replace(answer, trace=tuple(run.trace))

    def _answered(
        self, run: _Run, asked: Question, written: bool, retriever: str | Expression | None
    ) -> Generator[Event, None, Answer]:
        """The answer to one single question."""
        question = asked.text
        hits = yield from self._hits(run, asked, retriever)
        quotes = best_sentences(self.store, question, hits, asked=asked)
        if asked.kind == "count" and not _fits(quotes):
            as_list = replace(asked, kind="list")
            listed = best_sentences(self.store, question, hits, asked=as_list)
            if _fits(listed):
                asked, quotes = as_list, listed
        quotes = versions.prefer(asked, sorted(quotes, key=lambda quote: quote.fit.level == "no"))
        yield run.step("read", f"the best of {counted(len(quotes), 'sentence')}")
        if asked.sides and retriever is None and not (quotes and (quotes[0].cell or quotes[0].fit.level == "sure")):
            one = yield from self._answered(run, parse(asked.sides[0]), False, retriever)
            sides = (one, (yield from self._answered(run, parse(asked.sides[1]), False, retriever)))
            if all(side.status != "not_found" for side in sides):
                return combine(asked.text, sides)
        verdict = abstain.judge(quotes)
        if quotes:
            best = quotes[0].fit
            yield run.step("fit", "; ".join([best.level, *best.reasons]))
        if not verdict.found:
            yield run.step("verify", f"confidence {verdict.confidence:.2f}: not enough to answer")
            explains = retriever is None and asked.kind in {*EXPLAINED, "place", "yes_no"}
            here = code.places(self.store, self.graph, asked, hits) if explains else None
            return here or not_found(self.store, question, quotes)
        shown = whole(self.store, asked, quotes[0])
        quotes = [abstain.doubted(asked, shown), *quotes[1:]]
        if quotes[0] is not shown:
            yield run.step("doubt", quotes[0].fit.reasons[-1])
        answer = listing.every(self.store, question, asked, quotes[0]) if asked.kind in ("list", "count") else None
        if answer is None:
            unsure = quotes[0].fit.level == "unsure"
            answer = nearest(self.store, question, quotes, hits) if unsure else quoted(self.store, question, quotes)
        if not answer.citations:
            yield run.step("verify", "no quote equals the stored text any more")
            return not_found(self.store, question, [])
        yield run.step("verify", f"{counted(len(answer.citations), 'quote')} compared with the stored text")
        if written:
            answer = yield from self._write(run, answer, quotes[:CANDIDATES])
        return replace(answer, metadata={"confidence": round(verdict.confidence, 3)})

    def _hits(
        self, run: _Run, asked: Question, retriever: str | Expression | None
    ) -> Generator[Event, None, list[Evidence]]:
        """From the retriever that was asked for, or from all: text search, the passages that hold an identifier, the
        definitions of named symbols."""
        if retriever is not None:
            hits = open_retriever(retriever, self.store, self.embedder, self.model).search(asked.text, FOUND)
            yield run.step(str(retriever), counted(len(hits), "passage"))
            return by_rank(hits)
        named = code.definitions(self.store, self.graph, asked.text)
        if named:
            yield run.step("graph", "; ".join(hit.why for hit in named))
        exact = named_passages(self.store, asked)
        if exact:
            yield run.step("exact", "; ".join(dict.fromkeys(hit.why for hit in exact)))
        rows = named_rows(self.store, asked)
        if rows:
            yield run.step("rows", counted(len(rows), "passage"))
        hits = FusedRetriever(self.store, self.embedder).search(asked.text, FOUND, named, exact, rows)
        yield run.step("fused", counted(len(hits), "passage"))
        return hits

    def _write(self, run: _Run, answer: Answer, quotes: Sequence[Quote]) -> Generator[Event, None, Answer]:
        """The written answer, or the quoted one with the reason why it stands."""
        citations: list[Citation] = []
        sentences: list[Sentence] = []
        try:
            model = grounded.trained(self.model())
            for text, carrier in self._sentences(model, run.question, quotes):
                if carrier is not None:
                    citations.append(cite(self.store, len(citations) + 1, carrier))
                sentences.append(Sentence(text, carrier is not None, len(citations) if carrier else None))
                yield sentences[-1]
        except (ModelError, MissingExtra) as error:
            yield run.step("write", str(error))
            return replace(answer, text=f"No language model wrote an answer: {error}\nQuoted instead:\n{answer.text}")
        passed = sum(sentence.supported for sentence in sentences)
        yield run.step(
            "write", f"{model.name}: {passed} of {counted(len(sentences), 'sentence')} carried by the evidence"
        )
        if not passed:
            silent = all(sentence.text.strip() == grounded.NOT_FOUND for sentence in sentences)
            return _instead(answer, sentences, model, _SILENT if silent else _UNSUPPORTED)
        if grounded.is_trained(model) and not _agree(answer.short, sentences[0].text):
            return _instead(answer, sentences, model, _DIFFERS.format(sentences[0].text))
        text = " ".join(f"{sentence.text} [{sentence.citation}]" for sentence in sentences if sentence.supported)
        if sentences[-1].text.endswith(write.CUT):
            answer = replace(answer, notes=(*answer.notes, _CUT_SHORT))
        answer = replace(answer, text=text, status="written", model=model.name, short="")
        return replace(answer, citations=tuple(citations), sentences=tuple(sentences))

    def _sentences(
        self, model: LanguageModel, question: str, quotes: Sequence[Quote]
    ) -> Iterator[tuple[str, Evidence | None]]:
        if not model.plans:
            yield from write.written(self.store, model, question, write.context(self.store, quotes))
            return
        evidence = [quote.passage for quote in quotes]
        fused = open_retriever("fused", self.store, self.embedder, self.model)
        toolbox = Toolbox(self.store, self.graph, self.knowledge, fused, evidence)
        yield from write.checked(self.store, question, plan(model, question, toolbox), toolbox.evidence)


def refuse(question: str, limit: int, retriever: str | Expression | None) -> None:
    """Raises ``InputError`` for what cannot be asked."""
    if not question.strip():
        raise InputError("the question is empty", fix="ask something, such as: What does it do?")
    if len(question) > limit:
        raise InputError(
            f"the question has {len(question):,} characters, more than {limit:,}",
            fix="shorten it, or add the text as a document and ask about it",
        )
    if retriever is not None and retriever != "graph":
        as_expression(retriever)


def _fits(quotes: Sequence[Quote]) -> bool:
    return bool(quotes) and quotes[0].fit.level in ("sure", "likely")


def whole(store: Store, asked: Question, quote: Quote) -> Quote:
    """The quote in the form that the kind of question asks for: the list that it is in, or its passage."""
    listed = listing.whole_list(store, asked, quote)
    return listed if listed is not quote else whole_passage(store, asked, quote)


def _as_read(question: str, answer: Answer, changes: Mapping[str, str]) -> Answer:
    """Of a question whose spelling was mended: what it was taken for is said, and nothing is sure."""
    read = tuple(f"“{word}” was read as “{meant}”" for word, meant in changes.items())
    level = "likely" if answer.fit == "sure" else answer.fit
    return replace(answer, question=question, fit=level, reasons=(*answer.reasons, *read))


def _leans(question: str) -> Answer:
    text = "Not found here: the question leans on one before it. Ask it whole, with what it is about."
    return Answer(question, text, "not_found")


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@dataclass
class _Run:
    question: str
    trace: list[Step] = field(default_factory=list)
    _since: float = field(default_factory=time.perf_counter)

    def step(self, name: str, detail: str) -> Step:
        now = time.perf_counter()
        self.trace.append(Step(name, detail, round(now - self._since, 4)))
        self._since = now
        return self.trace[-1]


def _instead(answer: Answer, sentences: Sequence[Sentence], model: LanguageModel, note: str) -> Answer:
    return replace(answer, sentences=tuple(sentences), model=model.name, text=f"{note}:\n{answer.text}")


def _agree(short: str, written: str) -> bool:
    """Whether one holds the other; no short answer agrees with all."""
    return holds(written, short) or holds(short, written) if short else True
