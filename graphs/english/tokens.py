"""The words of a question, with their roots and places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import root

_TOKEN = re.compile(r"\d[\d,.-]*\d|\w+(?:[-'’./]\w+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class QuestionToken:
    text: str
    root: str
    start: int
    end: int

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper() or self.text[0].isdigit()


def tokens_of(question: str) -> tuple[QuestionToken, ...]:
    return tuple(
        QuestionToken(bare, root(bare), found.start(), found.start() + len(bare))
        for found in _TOKEN.finditer(question)
        if (bare := found[0].removesuffix("'s").removesuffix("’s"))
    )
