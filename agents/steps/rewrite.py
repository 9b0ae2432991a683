"""The question as it is searched for: its spelling mended, and cut into the parts that it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...corpus.store import Store
from ...questions.question import Question, parse
from ...retrieval.spelling import mend
from ..answer import Answer

LEANING = 6
"""Words of a question that begins as one after another does ("And what about …"), up to which it says too little."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    asked: Question
    changes: Mapping[str, str]
    """Words that were misspelt, and what they were taken for."""

    @property
    def parts(self) -> Sequence[Question]:
        return self.asked.parts or (self.asked,)

    @property
    def leans(self) -> bool:
        """Whether it cannot be understood without the question before it."""
        return self.asked.follow_up and len(self.asked.text.split()) <= LEANING


def rewrite(store: Store, question: str) -> Rewritten:
    asked = parse(question)
    text, changes = mend(store, asked)
    return Rewritten(parse(text) if changes else asked, changes)


def say_changes(question: str, answer: Answer, changes: Mapping[str, str]) -> Answer:
    """The answer to a question whose spelling was mended says what each word was taken for, and is never sure."""
    read = tuple(f"“{word}” was read as “{meant}”" for word, meant in changes.items())
    level = "likely" if answer.fit == "sure" else answer.fit
    return replace(answer, question=question, fit=level, reasons=(*answer.reasons, *read))


def say_unresolved(answer: Answer, pronoun: str) -> Answer:
    """The answer to a question whose ``pronoun`` stands for something unsaid is never more than unsure."""
    if not answer.citations or answer.status == "not_found":
        return answer
    return replace(answer, fit="unsure", reasons=(*answer.reasons, f"what “{pronoun}” means is not said"))


def ask_whole(question: str) -> Answer:
    """The answer to a question that leans on the one before it."""
    text = "Not found here: the question depends on the one before it. Ask it in full, with its subject."
    return Answer(question, text, "not_found")
