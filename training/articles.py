"""SQuAD's articles: paragraphs, their sentences, and questions with the sentence that answers each.

Only train files are meant to be read with it. Knows nothing of models and tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from evidentia.corpus import words
from evidentia.corpus.spans import sentences
from evidentia.evaluation.squad import read_articles

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    answer: str
    sentence: Place | None
    """Of the paragraph, where one holds the whole answer."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    title: str
    questions: list[Question]
    sentences: list[Place]


def squad(path: Path) -> list[list[Paragraph]]:
    """Articles of paragraphs from a SQuAD file (JSON, gzipped or not)."""
    return [
        [paragraph(entry["context"], article.get("title", ""), entry["qas"]) for entry in article["paragraphs"]]
        for article in read_articles(path)
    ]


def paragraph(text: str, title: str, qas: Sequence[dict[str, Any]]) -> Paragraph:
    places = sentences(text, 0, len(text))
    questions = [
        Question(qa["question"].strip(), answer, evidence_sentence(text, places, qa["question"], answer))
        for qa in qas
        if (answer := qa["answers"][0]["text"].strip())
    ]
    return Paragraph(text, title.replace("_", " "), questions, places)


def evidence_sentence(text: str, places: Sequence[Place], question: str, answer: str) -> Place | None:
    """The sentence that holds ``answer``; of several, the one that shares most with the question."""
    asked = set(words.stems(question))
    holding = [(start, end) for start, end in places if answer in text[start:end]]
    return max(holding, key=lambda place: len(asked & set(words.stems(text[slice(*place)]))), default=None)


def widened(places: Sequence[Place], core: Place, chars: int, rng: Random) -> Place:
    """``core`` with as many whole neighbours, drawn from either side, as fit into ``chars`` characters."""
    first = last = places.index(core)
    while True:
        wider = [(first - 1, last), (first, last + 1)]
        fits = [(a, z) for a, z in wider if a >= 0 and z < len(places) and places[z][1] - places[a][0] <= chars]
        if not fits:
            return places[first][0], places[last][1]
        first, last = rng.choice(fits)
