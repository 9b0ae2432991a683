"""Examples for chunking-free evidence: a document, a question, and the sentence of the document that answers it."""

from __future__ import annotations

import gzip
import json
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from evidentia.retrieval.cfic import prompts
from evidentia.training.articles import Paragraph, Question
from evidentia.training.trees import Pair

QUESTIONS = 6
WHOLE, BEGUN = 0.2, 6
"""Share of sentences that are written to their end; of the others so many tokens, which is what tells them apart."""
COPIED = 0.1
"""Weight of a token between the first ``BEGUN`` and the end token: copying is soon learnt."""
JOINED, JOINED_CHARS = 0.25, 2000
"""Share of documents made of neighbouring paragraphs, and their largest size."""


class Evidence:
    """SQuAD's paragraphs, and SciFact's abstracts with their claims."""

    def __init__(self, model: Any, articles: list[list[Paragraph]], abstracts: list[Paragraph]) -> None:
        self.model = model
        self.sources = [(article, at) for article in articles for at in range(len(article))]
        self.sources += [([abstract], 0) for abstract in abstracts]

    def __len__(self) -> int:
        return len(self.sources)

    def group(self, number: int, rng: Random) -> list[Pair]:
        article, at = self.sources[number]
        document = document_tokens(self.model, article, at, rng)
        asked = [(q.text, article[at].text[slice(*q.sentence)]) for q in article[at].questions if q.sentence]
        rng.shuffle(asked)
        return [self._pair(document, question, sentence, rng) for question, sentence in asked[:QUESTIONS]]

    def _pair(self, document: list[int], question: str, sentence: str, rng: Random) -> Pair:
        reply = prompts.reply_tokens(self.model, sentence)
        if len(reply) > BEGUN and rng.random() > WHOLE:
            reply = reply[:BEGUN]
        weights = [1.0 if at < BEGUN or at == len(reply) - 1 else COPIED for at in range(len(reply))]
        return Pair(document + prompts.question_tokens(self.model, question), reply, weights)


def document_tokens(model: Any, article: list[Paragraph], at: int, rng: Random) -> list[int]:
    """The paragraph, alone or between neighbours."""
    first = last = at
    while rng.random() < JOINED and last + 1 - first < len(article):
        wider = rng.choice([(first - 1, last), (first, last + 1)])
        if wider[0] < 0 or wider[1] >= len(article):
            break
        if sum(len(part.text) for part in article[wider[0] : wider[1] + 1]) > JOINED_CHARS:
            break
        first, last = wider
    return prompts.document_tokens(model, "\n\n".join(part.text for part in article[first : last + 1]))


def scifact(folder: Path) -> list[Paragraph]:
    """The abstracts that hold evidence in SciFact's train split, with its claims as questions."""
    claims = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    proofs: dict[str, list[tuple[str, int]]] = {}
    for row in _rows(folder / "evidence_train.jsonl"):
        proofs.setdefault(row["corpus-id"], []).extend((claims[row["query-id"]], at) for at in row["sentences"])
    return [_abstract(row, proofs[row["_id"]]) for row in _rows(folder / "corpus.jsonl.gz") if row["_id"] in proofs]


def _abstract(row: dict[str, Any], proofs: list[tuple[str, int]]) -> Paragraph:
    texts = [sentence.strip() for sentence in row["sentences"]]
    ends = list(accumulate(len(text) + 1 for text in texts))
    places = [(end - len(text) - 1, end - 1) for text, end in zip(texts, ends, strict=True)]
    return Paragraph(" ".join(texts), row["title"], [Question(claim, "", places[at]) for claim, at in proofs], places)


def _rows(path: Path) -> list[dict[str, Any]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.splitlines()]
