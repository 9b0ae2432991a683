"""The questions with their right answers: one JSON file for each corpus in ``questions/``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "questions"
UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    question: str
    kind: str
    expected: tuple[str, ...] = ()
    """Regular expressions (case ignored, ``.`` matches line ends); one must match what is shown."""
    forbidden: tuple[str, ...] = ()
    """None of these may match the answer's own words."""
    file: str = ""
    """A regular expression that the name of the document with the evidence matches."""
    span: str = ""
    """Text of the corpus that a right quote contains."""

    @property
    def split(self) -> str:
        """Half and half, by the id alone, so that a question never changes sides."""
        return ("dev", "held")[hashlib.sha256(self.id.encode()).digest()[0] % 2]


def read(corpus: str) -> Iterator[Question]:
    for said in json.loads((FOLDER / f"{corpus}.json").read_text(encoding="utf-8")):
        lists: dict[str, Any] = {name: tuple(said.pop(name, ())) for name in ("expected", "forbidden")}
        split = said.pop("split")
        question = Question(**said, **lists)
        assert question.split == split, f"{question.id} is of the split {question.split}"
        yield question
