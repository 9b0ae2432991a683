"""Grounded answers: a few words of the evidence, and the sentence that says so, from a local model trained for it.

In training the reply has two lines, the answer alone and the number of the piece with its sentence. In use both are
copied: the likeliest stretch of the evidence, then the likeliest of the sentences that hold it, so that nothing is
shown that does not stand there. Training and use share the prompts, so they cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from ..corpus.spans import sentences
from ..serving.base import LanguageModel, LocalModel, Message, Session, adapt, is_adapted
from ..serving.engine.copying import continuations, copies
from .support.exact import holds

ADAPTER = "grounded"

SYSTEM = "Answer from the evidence in its words, then quote the sentence that says so. If none answers, say: Not found."
NOT_FOUND = "Not found."
BEGINNING = 8
"""Tokens of a sentence by which the model chooses it."""

INNER_CHARS = 80
"""Length of an answer that begins behind a sign, such as a quotation mark."""

_INNER_WORD = re.compile(r"(?<=[^\s\w])\w")
_EDGES = ' \n"“”‘’,;:'

Place = tuple[int, int, int]
"""A sentence: the piece, from 0, and its first and last character there."""


@dataclass(frozen=True, slots=True)
class GroundedAnswer:
    answer: str
    """Empty when the evidence does not answer."""
    place: Place | None
    score: float
    """Natural log of the probability that the model writes this answer."""


def messages(question: str, pieces: Sequence[str]) -> list[Message]:
    evidence = "\n\n".join(f"[{number}] {piece}" for number, piece in enumerate(pieces, start=1))
    return [Message("system", SYSTEM), Message("user", f"Evidence:\n{evidence}\n\nQuestion: {question.strip()}")]


def answer_line(answer: str) -> str:
    """The first line of a grounded answer. The space makes its tokens those of the evidence, where a word follows a
    space."""
    return f" {' '.join(answer.split())}\n"


def quote_line(number: int, sentence: str) -> str:
    """The second line of a grounded answer; ``number`` counts from 1."""
    return f"[{number}] {sentence}"


def answer(model: LocalModel, question: str, pieces: Sequence[str]) -> GroundedAnswer:
    """The likeliest answer that stands in one sentence of ``pieces``, or that there is none.

    Raises ``InputError`` when the pieces do not fit the model's context.
    """
    places = [
        (number, start, end) for number, piece in enumerate(pieces) for start, end in sentences(piece, 0, len(piece))
    ]
    runs = [model.encode(text) for number, start, end in places for text in stretches(pieces[number][start:end])]
    session = model.start()
    scores = session.feed(model.chat_tokens(messages(question, pieces)), rows=1)[0]
    stops = {*model.encode("\n"), *model.ends}
    for copy in copies(session, scores, [*runs, model.encode(f" {NOT_FOUND}")], stops):
        text = model.decode(copy.tokens).strip(_EDGES)
        if text == NOT_FOUND:
            return GroundedAnswer("", None, copy.score)
        holding = [place for place in places if holds(pieces[place[0]][place[1] : place[2]], text)]
        if holding:
            return GroundedAnswer(text, _likeliest(model, session, text, pieces, holding), copy.score)
    return GroundedAnswer("", None, 0.0)


def stretches(sentence: str) -> list[str]:
    """The sentence, and what follows where a word begins behind a sign, each behind a space: as answers are written."""
    within = [match.start() for match in _INNER_WORD.finditer(sentence)]
    return [f" {sentence}", *(f" {sentence[at : at + INNER_CHARS]}" for at in within)]


def _likeliest(
    model: LocalModel, session: Session, text: str, pieces: Sequence[str], holding: Sequence[Place]
) -> Place:
    """The sentence that the model would quote behind its answer."""
    if len(holding) == 1:
        return holding[0]
    scores = session.feed(model.encode(answer_line(text)), rows=1)[0]
    lines = [model.encode(quote_line(number + 1, pieces[number][start:end])) for number, start, end in holding]
    likelihoods = continuations(session, scores, [line[:BEGINNING] for line in lines])
    return holding[likelihoods.index(max(likelihoods))]


def prepare(model: LanguageModel) -> LanguageModel:
    """``model`` with its adapter for grounded answers, where one is shipped; else as it is."""
    return adapt(model, ADAPTER)


def is_trained(model: LanguageModel) -> TypeGuard[LocalModel]:
    return is_adapted(model, ADAPTER)
