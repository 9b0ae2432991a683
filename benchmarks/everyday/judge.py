"""What a shown answer is worth. Knows nothing of how the answer was found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from evidentia.benchmarks.everyday.question_sets import UNANSWERABLE, Question

Verdict = Literal["right", "useful", "wrong", "false not found"]
VERDICTS: tuple[Verdict, ...] = ("right", "useful", "wrong", "false not found")
FITTING = ("sure", "likely")
READ = 3
"""So many quotes does a person read."""
LONGEST = 1_500
"""Characters of a quote in which a person still finds the answer."""


@dataclass(frozen=True, slots=True)
class Shown:
    text: str
    quotes: tuple[tuple[str, str], ...] = ()
    """(name of the document, quote), best first."""
    short: str = ""
    found: bool = True
    verified: bool = True
    """Every quote carries the tick."""
    fit: str = "sure"
    """How well the answer is said to fit; an answer that says nothing of it is shown as fitting."""
    statement: str = ""
    """Of the first quote what is marked, or all of it where nothing is, below what governs it."""

    @classmethod
    def of(cls, answer: Any) -> Shown:
        """From an ``evidentia.agents.answer.Answer``, of a version with or without ``fit``."""
        found = answer.status != "not_found"
        return cls(
            answer.text,
            tuple((citation.evidence.name, citation.quote) for citation in answer.citations),
            answer.short,
            found,
            bool(answer.citations) and all(citation.verified for citation in answer.citations),
            getattr(answer, "fit", "sure" if found else ""),
            _statement(answer.citations[0]) if answer.citations else "",
        )

    @property
    def as_fitting(self) -> bool:
        return self.found and self.fit in FITTING


def _statement(citation: Any) -> str:
    marked = [citation.quote[slice(*place)] for place in getattr(citation, "focus", ())]
    above = (governor.quote for governor in getattr(citation.evidence, "governors", ()))
    return "\n".join([*above, *(marked or [citation.quote])])


def at_a_glance(question: Question, shown: Shown) -> bool:
    """Whether a right answer stands in what is marked first, so that nobody has to read further."""
    near = len(shown.statement) <= LONGEST and _matches(question.expected, [shown.statement])
    return judge(question, shown) == "right" and (near or _matches(question.expected, [shown.short]))


def judge(question: Question, shown: Shown) -> Verdict:
    """``useful``: the place is right, but the answer is beside it, below it, or lost in too long a quote."""
    if question.kind == UNANSWERABLE:
        return "wrong" if shown.as_fitting else "right"
    if not shown.found:
        return "false not found"
    read = _of_file(question, shown.quotes[:READ])
    short_enough = [quote for quote in read if len(quote) <= LONGEST]
    stated = [shown.text] if len(shown.text) <= LONGEST and (read or not question.file) else []
    if (
        _matches(question.expected, [*stated, *short_enough, "\n".join(short_enough)])
        and not _matches(question.forbidden, [shown.short or shown.text])
        and _agrees(question, shown.short, [*short_enough, *stated])
    ):
        return "right"
    every = _of_file(question, shown.quotes)
    if _matches(question.expected, [shown.text, *every, "\n".join(every)]) or _holds(question.span, every):
        return "useful"
    return "useful" if question.file and read else "wrong"


def _of_file(question: Question, quotes: Iterable[tuple[str, str]]) -> list[str]:
    """Rows of the code graph have no document; they name their files in the rows."""
    return [quote for name, quote in quotes if not question.file or re.search(question.file, f"{name}\n{quote}", re.I)]


def _matches(patterns: Iterable[str], texts: Iterable[str]) -> bool:
    texts = list(texts)
    return any(re.search(pattern, text, re.I | re.S) for pattern in patterns for text in texts)


def _agrees(question: Question, short: str, texts: Iterable[str]) -> bool:
    """The words that are set in bold are the answer, or lie within it or around it in the text."""
    if not short or _matches(question.expected, [short]):
        return True
    for text in texts:
        bold = [(found.start(), found.end()) for found in re.finditer(re.escape(short), text)]
        for pattern in question.expected:
            for found in re.finditer(pattern, text, re.I | re.S):
                if not found.group() or any(start < found.end() and end > found.start() for start, end in bold):
                    return True
    return False


def _holds(span: str, quotes: Iterable[str]) -> bool:
    return bool(span) and any(letters(span) in letters(quote) for quote in quotes)


def letters(text: str) -> str:
    """Only letters and digits, so that line breaks, markup and hyphenation do not count."""
    return "".join(character for character in text.casefold() if character.isalnum())
