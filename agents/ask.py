"""One question in, one checked answer out. This file is the picture of it; each step is a file in ``steps/``.

The steps are yielded as they finish, so that a page can show them; the answer comes last. The quoted answer is always
made first, and stands wherever nothing better passes the check.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace

from ..corpus import soundness
from ..corpus.cancellation import check
from ..errors import InputError
from ..questions.question import Question, parse
from ..retrieval import as_expression, unfinished
from ..retrieval.compose import Expression
from .answer import Answer, Event
from .answers.over_rows import doubt_single
from .answers.parts import combine
from .answers.passage import EXPLAINED
from .answers.quoted import not_found
from .loop import Budget
from .steps import code_graph, knowledge_graph, parameters, tables, written_values
from .steps.abstain import doubt, judge, ranked_first
from .steps.quote import quote_answer, whole
from .steps.read import read
from .steps.rewrite import ask_whole, rewrite, say_changes, say_unresolved
from .steps.route import route
from .steps.search import search
from .steps.sources import Sources
from .steps.trace import Trace, plural
from .steps.write import write
from .steps.write_whole import write_whole

Wanted = str | Expression | None
"""The only retriever that may answer, by its name, as text that puts several together, or as that value."""


@dataclass(frozen=True, slots=True)
class Agent(Sources):
    """Everything that answering needs."""

    max_question_chars: int
    budget: Budget = field(default_factory=Budget)
    """What a model that plans may spend on one question."""

    def ask(self, question: str, *, written: bool = False, retriever: Wanted = None) -> Iterator[Event]:
        """Yields each step when it is finished, and the answer at the end. Raises ``InputError`` for an empty or
        overlong question or an unknown retriever."""
        refuse(question, self.max_question_chars, retriever)
        trace = Trace()
        for event in self._events(question.strip(), written, retriever, trace):
            check()
            if isinstance(event, Answer):
                partly = unfinished.notes(self.store, by_vectors=event.status != "rows")
                notes = event.notes + partly + soundness.notes(self.store)
                event = replace(event, trace=tuple(trace.steps), notes=notes)
            yield event

    def _events(self, question: str, written: bool, retriever: Wanted, trace: Trace) -> Iterator[Event]:
        yield (yield from self._answer(question, written, retriever, trace))

    def _answer(self, question: str, written: bool, retriever: Wanted, trace: Trace) -> Generator[Event, None, Answer]:
        scope = self.store.scope
        if scope is not None:
            yield trace.step("scope", f"in {scope}")
        way = route(question, retriever, scoped=scope is not None)
        yield trace.step("route", way.reason)
        if way.match is not None:
            outcome = knowledge_graph.answer(self.knowledge, way.match, question)
            yield trace.step("knowledge", outcome.said)
            if outcome.answer is not None and written and way.match.verb.written:
                return (yield from write_whole(self, question, outcome.answer, self.budget, trace))
            if outcome.answer is not None:
                return outcome.answer
        from_graph: Answer | None = None
        if way.verb is not None:
            from_graph = code_graph.answer(self.store, self.graph, way, question)
            said = from_graph.metadata.get("query", "") if from_graph else ""
            yield trace.step("graph", said or f"no symbol named {way.symbol}")
            if from_graph is not None and (retriever == "graph" or code_graph.says_something(way, from_graph)):
                return from_graph
        if retriever == "graph":
            raise InputError(
                "this is not a question that the code graph can answer",
                where=question,
                fix="ask, for example: Who calls shortest_path?",
            )
        from_tables: tables.FromTables | None = None
        if from_graph is None and retriever is None and scope is None and not self.tables.is_empty:
            from_tables = tables.answer(self.tables, question)
            yield trace.step("tables", from_tables.said)
            if from_tables.answer is not None and from_tables.stands:
                return from_tables.answer
        rewritten = rewrite(self.store, question)
        if rewritten.changes:
            yield trace.step("spelling", "; ".join(f"{word} → {meant}" for word, meant in rewritten.changes.items()))
        if rewritten.leans:
            return ask_whole(question)
        answers: list[Answer] = []
        for part in rewritten.parts:
            answer = yield from self._search(question, part, written, retriever, trace)
            if answer.fit not in ("sure", "likely") and retriever is None and scope is None:
                stated = parameters.answer(self.store, self.graph, part) or written_values.answer(
                    self.store, self.graph, part
                )
                answer = stated or answer
            answers.append(answer)
        answer = answers[0] if len(answers) == 1 else combine(question, answers)
        answer = doubt_single(question, answer)
        if from_graph is not None:
            answer = code_graph.choose(way, from_graph, answer)
        if from_tables is not None:
            answer = tables.choose(question, from_tables, answer)
        if rewritten.changes:
            answer = say_changes(question, answer, rewritten.changes)
        if rewritten.asked.unresolved:
            answer = say_unresolved(answer, rewritten.asked.unresolved)
        return replace(answer, text=f"{answer.text}\nSearched only in {scope}.") if scope is not None else answer

    def _search(
        self, question: str, asked: Question, written: bool, retriever: Wanted, trace: Trace
    ) -> Generator[Event, None, Answer]:
        """The answer to one part of the question, from what is searched for it."""
        hits = yield from search(self, asked, retriever, trace)
        asked, quotes = read(self.store, asked, hits)
        yield trace.step("read", f"the best of {plural(len(quotes), 'sentence')}")
        if asked.sides and retriever is None and not (quotes and (quotes[0].cell or quotes[0].fit.level == "sure")):
            one = yield from self._search(question, parse(asked.sides[0]), False, retriever, trace)
            sides = (one, (yield from self._search(question, parse(asked.sides[1]), False, retriever, trace)))
            if all(side.status != "not_found" for side in sides):
                return combine(asked.text, sides)
        judgement = judge(quotes)
        if quotes:
            best = quotes[0].fit
            yield trace.step("fit", "; ".join([best.level, *best.reasons]))
        if not judgement.found and (ranked := ranked_first(quotes)):
            quotes, judgement = ranked, replace(judgement, found=True)
            yield trace.step("rank", "unsure; the ranker alone finds that it answers")
        if not judgement.found:
            yield trace.step("verify", f"confidence {judgement.confidence:.2f}: not enough to answer")
            explains = retriever is None and asked.kind in {*EXPLAINED, "place", "yes_no"}
            here = code_graph.places(self.store, self.graph, asked, hits) if explains else None
            return here or not_found(self.store, asked.text, quotes)
        shown = whole(self.store, asked, quotes[0])
        quotes = [doubt(self.store, asked, quotes, shown), *quotes[1:]]
        if quotes[0] is not shown:
            yield trace.step("doubt", "; ".join([quotes[0].fit.level, *quotes[0].fit.reasons[-1:]]))
        answer = quote_answer(self.store, asked, quotes, hits)
        if not answer.citations:
            yield trace.step("verify", "no quote matches the stored text any more")
            return not_found(self.store, asked.text, [])
        yield trace.step("verify", f"{plural(len(answer.citations), 'quote')} compared with the stored text")
        if answer.fit == "unsure" and retriever is None and code_graph.asks_for_deed(asked.text):
            answer = code_graph.places(self.store, self.graph, asked, hits) or answer
        if written:
            answer = yield from write(self, question, answer, quotes, budget=self.budget, trace=trace)
        return replace(answer, metadata={"confidence": round(judgement.confidence, 3)})


def refuse(question: str, limit: int, retriever: Wanted) -> None:
    """Refuses what cannot be asked. Raises ``InputError``."""
    if not question.strip():
        raise InputError("the question is empty", fix="ask something, such as: What does it do?")
    if len(question) > limit:
        raise InputError(
            f"the question has {len(question):,} characters, more than {limit:,}",
            fix="shorten it, or add the text as a document and ask about it",
        )
    if retriever is not None and retriever != "graph":
        as_expression(retriever)
