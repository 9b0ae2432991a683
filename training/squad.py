"""Reading examples from SQuAD 1.1: question and paragraph as one sequence of WordPieces, with what is to be found.

An example is ``[CLS] question [SEP] passage [SEP]``. Its targets are token positions: every place where the answer
text stands may be the right one (the published starts of answers that occur twice are not known), position 0 where
the passage does not answer. Negatives are other paragraphs: of the same article, or near in words, without the answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evidentia.corpus.spans import sentences

CLS, SEP = 101, 102
QUESTION_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Passage:
    ids: list[int]
    """WordPieces, no special tokens."""
    offsets: list[tuple[int, int]]
    sentence_of: list[int]
    """Index of the sentence that each token stands in."""
    article: int


@dataclass(frozen=True, slots=True)
class Example:
    ids: list[int]
    starts: list[int]
    """Positions of the first tokens of the answer; ``[0]``: the passage does not answer."""
    ends: list[int]
    sentences: list[int]
    """Per token its sentence's number from 1 on; 0 for the question and special tokens."""
    golds: list[int]
    """Numbers of the sentences that hold the answer; ``[0]``: none."""


@dataclass(frozen=True, slots=True)
class Question:
    ids: list[int]
    passage: int
    places: list[tuple[int, int]]
    """Token range (inclusive) of each occurrence of the answer in its passage."""
    answer: str


class Corpus:
    """All paragraphs and questions, tokenised once."""

    def __init__(self, articles: Sequence[dict[str, Any]], tokenizer: Any) -> None:
        texts = [(place, p["context"]) for place, article in enumerate(articles) for p in article["paragraphs"]]
        self.texts = [text for _, text in texts]
        encoded = tokenizer.encode_batch(self.texts, add_special_tokens=False)
        self.passages = [
            Passage(e.ids, e.offsets, _sentence_of(text, e.offsets), article)
            for (article, text), e in zip(texts, encoded, strict=True)
        ]
        asked = [
            (number, qa)
            for number, p in enumerate(p for article in articles for p in article["paragraphs"])
            for qa in p["qas"]
        ]
        self.asked = [qa["question"].strip() for _, qa in asked]
        question_ids = [e.ids[:QUESTION_TOKENS] for e in tokenizer.encode_batch(self.asked, add_special_tokens=False)]
        self.questions = [
            Question(ids, number, self._places(number, qa["answers"][0]["text"]), qa["answers"][0]["text"])
            for (number, qa), ids in zip(asked, question_ids, strict=True)
        ]

    def _places(self, number: int, answer: str) -> list[tuple[int, int]]:
        offsets = self.passages[number].offsets
        starts, ends = np.array([a for a, _ in offsets]), np.array([z for _, z in offsets])
        found = []
        for match in re.finditer(re.escape(answer), self.texts[number]):
            first = int(np.searchsorted(ends, match.start(), side="right"))
            last = int(np.searchsorted(starts, match.end(), side="left")) - 1
            if first <= last:
                found.append((first, last))
        return found

    def near(self, count: int) -> list[list[int]]:
        """For each question up to ``count`` paragraphs near in words that do not hold its answer, nearest first."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True, max_df=0.02, dtype=np.float32)
        matrix = vectorizer.fit_transform(self.texts).T.tocsr()
        asked = vectorizer.transform(self.asked)
        found: list[list[int]] = []
        for at in range(0, asked.shape[0], 1000):
            block = (asked[at : at + 1000] @ matrix).tocsr()
            for row in range(block.shape[0]):
                low, high = block.indptr[row : row + 2]
                best = block.indices[low:high][np.argsort(-block.data[low:high])[: 3 * count]]
                question = self.questions[at + row]
                others = [int(p) for p in best if p != question.passage and question.answer not in self.texts[p]]
                found.append(others[:count])
        return found

    def example(self, question: Question, rng: random.Random, most: int) -> Example:
        """``most``: tokens of the passage that are kept, a stretch around one occurrence of the answer."""
        passage = self.passages[question.passage]
        first, last = rng.choice(question.places)
        start, end = _window(len(passage.ids), first, last, most, rng)
        shift = 2 + len(question.ids) - start
        inside = [(a, z) for a, z in question.places if start <= a and z < end]
        numbered, base = _numbered(passage, start, end)
        return Example(
            [CLS, *question.ids, SEP, *passage.ids[start:end], SEP],
            [a + shift for a, _ in inside],
            [z + shift for _, z in inside],
            [0] * (2 + len(question.ids)) + numbered + [0],
            sorted({passage.sentence_of[a] - base + 1 for a, _ in inside}),
        )

    def negative(self, question: Question, number: int, rng: random.Random, most: int) -> Example:
        passage = self.passages[number]
        start, end = _window(len(passage.ids), 0, 0, most, rng)
        numbered, _ = _numbered(passage, start, end)
        ids = [CLS, *question.ids, SEP, *passage.ids[start:end], SEP]
        return Example(ids, [0], [0], [0] * (2 + len(question.ids)) + numbered + [0], [0])

    def same_article(self) -> list[list[int]]:
        """For each article its paragraphs."""
        members: list[list[int]] = [[] for _ in range(1 + max(p.article for p in self.passages))]
        for number, passage in enumerate(self.passages):
            members[passage.article].append(number)
        return members


def _window(length: int, first: int, last: int, most: int, rng: random.Random) -> tuple[int, int]:
    if length <= most:
        return 0, length
    low, high = max(0, last + 1 - most), min(first, length - most)
    start = rng.randint(low, high) if low <= high else first
    return start, start + most


def _numbered(passage: Passage, start: int, end: int) -> tuple[list[int], int]:
    base = passage.sentence_of[start]
    return [number - base + 1 for number in passage.sentence_of[start:end]], base


def _sentence_of(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    places = sentences(text, 0, len(text))
    ends = np.array([end for _, end in places[:-1]], dtype=np.int64)
    return np.searchsorted(ends, np.array([start for start, _ in offsets]), side="right").tolist()  # type: ignore[no-any-return]
