"""The written answer to a question about the whole: quotes in batches, points of each, put together; all is checked.

The map and reduce of GraphRAG's global search (Edge et al., 2024). A batch is one call, which ends with sentences that
its own quotes carry; only these go on. A model that plans puts them together, and every sentence of that is looked up
again; a small one's points stand as they are.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from ...corpus.document import Evidence
from ...corpus.tokens import tokens
from ...errors import MissingExtra, ModelError
from ...serving.base import LanguageModel, Message, Sampling
from ..answer import Answer, Citation, Sentence, Step
from ..answers.quoted import cite
from ..loop import Budget
from .check import Checked, check_sentences
from .sources import Sources
from .trace import Trace, plural

SMALL, LARGE = 700, 4_000
"""Tokens of quotes in one call, for a small model and for one that plans."""
POINTS, WHOLE = 160, 500
"""Tokens of the points of a batch, and of the whole."""
_MAP = (
    "Write what the numbered evidence says about the question: one short sentence for each point, in the words of the "
    "evidence. If it says nothing about it, say: Not found."
)
_REDUCE = (
    "Put these points together into one answer to the question. Keep the words of the points, leave out what repeats, "
    "and add nothing."
)


@dataclass
class _Purse:
    budget: Budget
    since: float
    calls: int = 0
    spent: int = 0

    def allows(self, more: int) -> bool:
        in_time = time.monotonic() - self.since <= self.budget.seconds
        return in_time and self.calls < self.budget.steps and self.spent + more <= self.budget.tokens

    def pay(self, *texts: str) -> None:
        self.calls += 1
        self.spent += sum(map(tokens, texts))


def write_whole(
    sources: Sources, question: str, answer: Answer, budget: Budget, trace: Trace
) -> Generator[Step, None, Answer]:
    """The written answer over the quotes of ``answer``, or that one with the reason why it stands."""
    evidence = [citation.evidence for citation in answer.citations]
    purse = _Purse(budget, time.monotonic())
    try:
        model = sources.model()
        batches = _batches(evidence, LARGE if model.plans else SMALL)
        points: list[Checked] = []
        read = 0
        for batch in batches:
            shown = "\n\n".join(f"[{number}] {one.quote}" for number, one in enumerate(batch, start=1))
            asked = f"Evidence:\n{shown}\n\nQuestion: {question}"
            if not purse.allows(tokens(_MAP + asked) + POINTS):
                break
            text = _reply(model, _MAP, asked, POINTS, purse)
            points += check_sentences(sources.store, question, text, batch)
            read += 1
        kept = [point for point in points if point[1] is not None]
        yield trace.step("map", f"{read} of {len(batches)} batches; {len(kept)} of {len(points)} points carried")
        final = kept
        if model.plans and len(batches) > 1 and len(kept) > 1:
            final = _put_together(sources, model, question, kept, purse=purse, evidence=evidence) or kept
            yield trace.step("reduce", f"{len(kept)} points, {plural(len(final), 'sentence')} carried")
    except (ModelError, MissingExtra) as error:
        yield trace.step("write", str(error))
        return replace(answer, text=f"No language model wrote an answer: {error}\nQuoted instead:\n{answer.text}")
    note = () if read == len(batches) else (f"The budget ended behind {read} of {len(batches)} batches of quotes.",)
    if not final:
        text = f"What the model wrote is not supported by the evidence; this is quoted instead:\n{answer.text}"
        return replace(answer, model=model.name, text=text, notes=(*answer.notes, *note))
    return _put_in_words(sources, replace(answer, notes=(*answer.notes, *note)), model, final, points)


def _put_together(
    sources: Sources,
    model: LanguageModel,
    question: str,
    kept: Sequence[Checked],
    *,
    purse: _Purse,
    evidence: Sequence[Evidence],
) -> list[Checked]:
    """The reduced sentences that are carried; none where too little of the points is left in them."""
    asked = "\n".join(f"- {text}" for text, _ in kept) + f"\n\nQuestion: {question}"
    if not purse.allows(tokens(_REDUCE + asked) + WHOLE):
        return []
    text = _reply(model, _REDUCE, asked, WHOLE, purse)
    found = [one for one in check_sentences(sources.store, question, text, evidence) if one[1] is not None]
    return found if 3 * len(found) >= len(kept) else []


def _reply(model: LanguageModel, system: str, asked: str, most: int, purse: _Purse) -> str:
    text = "".join(model.stream([Message("system", system), Message("user", asked)], Sampling(max_tokens=most)))
    purse.pay(system, asked, text)
    return text


def _batches(evidence: Sequence[Evidence], most: int) -> list[list[Evidence]]:
    found: list[list[Evidence]] = [[]]
    size = 0
    for one in evidence:
        own = tokens(one.quote)
        if found[-1] and size + own > most:
            found.append([])
            size = 0
        found[-1].append(one)
        size += own
    return found


def _put_in_words(
    sources: Sources, answer: Answer, model: LanguageModel, final: Sequence[Checked], points: Sequence[Checked]
) -> Answer:
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for text, carried_by in dict.fromkeys(final):
        assert carried_by is not None
        known = next((one for one in citations if one.evidence.span == carried_by.span), None)
        if known is None:
            known = cite(sources.store, len(citations) + 1, carried_by)
            citations.append(known)
        sentences.append(Sentence(text, True, known.number))
    sentences += [Sentence(text, False, None) for text, carried_by in points if carried_by is None]
    text = "\n".join(f"- {one.text} [{one.citation}]" for one in sentences if one.supported)
    places = {one.evidence.span: one.number for one in citations}
    numbers = {one.number: places.get(one.evidence.span, 0) for one in answer.citations}
    shown = answer.metadata["graph"]
    edges = [{**edge, "citation": numbers.get(edge["citation"], 0)} for edge in shown["edges"]]
    return replace(
        answer,
        metadata={**answer.metadata, "graph": {**shown, "edges": edges}},
        text=text,
        status="written",
        model=model.name,
        short="",
        citations=tuple(citations),
        sentences=tuple(sentences),
    )
