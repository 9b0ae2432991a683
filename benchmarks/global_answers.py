"""Answers to questions about the whole of a collection: the *themes* part of ``knowledge.py``.

Beside each answer stand the twenty best passages of fused search, and the first sentences of the largest communities,
as many as the answer has words.
"""

from __future__ import annotations

import csv
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evidentia import Library
from evidentia.agents.answer import Answer
from evidentia.evaluation.data import DATA
from evidentia.graphs.knowledge.facts import DATE
from evidentia.graphs.knowledge.graph import Knowledge
from evidentia.graphs.knowledge.linking import entities_in
from evidentia.graphs.knowledge.quotes import Quotes

THEMES = "What are the main themes of these calls?"
SETS = {
    "transcripts": ("msft_transcripts.zip", "msft_multi_questions.csv"),
    "podcasts": ("kevin_scott_podcasts.zip", "kevin_scott_questions.csv"),
}
Said = list[tuple[str, str]]
"""Texts and the documents that they are of."""


@dataclass(frozen=True)
class Spread:
    """What some quotes cover."""

    quotes: int
    documents: int
    closest: float
    """The largest cosine of two of them."""
    words: int
    entities: int


def open_collection(name: str, made: Path | None, folder: Path) -> Library:
    """The library at ``made``, where there is one; else one is made, which takes some minutes."""
    if made is not None:
        return Library(made, create=False)
    source = folder / "texts"
    source.mkdir(parents=True)
    with zipfile.ZipFile(DATA / "ms-graphrag" / SETS[name][0]) as archive:
        for member in archive.namelist():
            if member.endswith(".txt"):
                text = archive.read(member).decode("utf-8", "replace")
                (source / Path(member).name).write_text(text, encoding="utf-8")
    library = Library(folder / "library")
    library.add(source)
    return library


def questions_of(name: str) -> list[str]:
    with (DATA / "ms-graphrag" / SETS[name][1]).open(encoding="utf-8-sig") as handle:
        return [row["question_text"].strip() for row in csv.DictReader(handle) if row["question_text"].strip()]


def measure(library: Library, questions: Sequence[str]) -> Iterator[list[object]]:
    graph = library.knowledge.graph()
    library.knowledge.verb("global", questions[0])
    answers: list[Answer] = []
    seconds = []
    for question in questions:
        started = time.process_time()
        answers.append(library.knowledge.verb("global", question))
        seconds.append(time.process_time() - started)
    own = [_spread(library, graph, [(one.quote, one.evidence.name) for one in answer.citations]) for answer in answers]
    passages = [
        _spread(library, graph, [(hit.quote, hit.name) for hit in library.search(question, 20)])
        for question in questions
    ]
    firsts = [_spread(library, graph, _first_sentences(library, graph, one.words)) for one in own]
    asked = len(questions)
    communities = [answer.metadata["rests_on"]["communities"] for answer in answers]
    enough = sum(max(one.documents, spoken) >= 10 for one, spoken in zip(own, communities, strict=True))
    apart = sum(one.closest < 0.85 for one in own)
    verified = sum(one.verified for answer in answers for one in answer.citations)
    yield [f"verified quotes of {asked} answers", f"{verified} of {sum(one.quotes for one in own)}", ""]
    yield ["answers quoted from 10 documents or communities", f"{enough} of {asked}", ""]
    yield ["answers without two quotes of cosine 0.85", f"{apart} of {asked}", _closest(passages, firsts)]
    for what, figure in (("entities", "entities"), ("documents", "documents")):
        mean = [np.mean([200 * getattr(one, figure) / one.words for one in way]) for way in (own, passages, firsts)]
        beside = f"fused top 20 {mean[1]:.1f}, first sentences {mean[2]:.1f}"
        yield [f"{what} per 200 words", f"{mean[0]:.1f}", beside]
    yield ["words of an answer, mean", f"{np.mean([one.words for one in own]):.0f}", ""]
    yield ["seconds an answer (CPU): median, most", f"{np.median(seconds):.2f}, {max(seconds):.2f}", ""]


def _closest(passages: Sequence[Spread], firsts: Sequence[Spread]) -> str:
    counts = [sum(one.closest < 0.85 for one in way) for way in (passages, firsts)]
    return f"fused top 20 {counts[0]}, first sentences {counts[1]}"


def spread_of(library: Library, answer: Answer) -> Spread:
    """What the quotes of an answer cover."""
    quotes = [(one.quote, one.evidence.name) for one in answer.citations]
    return _spread(library, library.knowledge.graph(), quotes)


def _spread(library: Library, graph: Knowledge, said: Said) -> Spread:
    entities = {
        entity for text, _ in said for entity, *_ in entities_in(graph, text) if graph.kinds[graph.head[entity]] != DATE
    }
    vectors = library.embedder().encode([text for text, _ in said])
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, 0)
    words = sum(len(text.split()) for text, _ in said)
    return Spread(len(said), len({name for _, name in said}), float(alike.max()), words=words, entities=len(entities))


def _first_sentences(library: Library, graph: Knowledge, words: int) -> Said:
    """Of each of the largest communities the first sentence that speaks of two of its entities."""
    quotes, found = Quotes(library.store, graph), library.knowledge.communities()
    said: Said = []
    spent = 0
    for community in sorted(found.at(0), key=lambda one: -len(one.members)):
        members = set(community.members)
        rows = sorted({row for entity in community.members for row in graph.speaking_of(entity)[:50].tolist()})
        first = next((row for row in rows if len({one for one, *_ in graph.in_sentence(row)} & members) > 1), None)
        if first is not None and spent < words:
            text = quotes.text(first)
            said.append((text, quotes.name(int(graph.sentences[first, 0]))))
            spent += len(text.split())
    return said
