"""Examples for grounded answers: evidence in pieces, questions that it answers, and some that it does not."""

from __future__ import annotations

from random import Random
from typing import Any

from evidentia.agents import grounded
from evidentia.agents.steps.write import PIECE_CHARS, PIECES
from evidentia.retrieval.cfic.prompts import end_token
from evidentia.training.articles import Paragraph, Place, Question, widened
from evidentia.training.trees import Pair

WHOLE_CHARS = 1600
"""Longer paragraphs are only shown in pieces."""
WHOLE, UNANSWERABLE, NEAR = 0.7, 0.6, 0.6
"""Shares: of whole paragraphs, of contexts with a question that they do not answer, of distractors from the article."""
QUESTIONS = 6
FULL_QUOTE, BEGUN_QUOTE, QUOTE_TOKENS, QUOTE_WEIGHT = 0.08, 0.35, 8, 0.5
"""Most quotes are left out or only begun, which is cheaper: once a sentence has begun, the rest of it is copied."""


class Grounded:
    def __init__(self, model: Any, articles: list[list[Paragraph]]) -> None:
        self.model, self.articles = model, articles
        self.places = [(a, p) for a, article in enumerate(articles) for p in range(len(article))]
        self.end = end_token(model)

    def __len__(self) -> int:
        return len(self.places)

    def group(self, number: int, rng: Random) -> list[Pair]:
        article, place = self.places[number]
        source = self.articles[article][place]
        pieces, window = self._pieces(article, place, rng)
        at = pieces.index(source.text[slice(*window)]) + 1
        asked = [q for q in source.questions if q.sentence and _within(q.sentence, window)]
        rng.shuffle(asked)
        pairs = [self._answered(q, source, pieces, at, rng) for q in asked[:QUESTIONS]]
        if pairs and rng.random() < UNANSWERABLE:
            pairs += self._unanswerable(article, pieces, rng)
        return pairs

    def _pieces(self, article: int, place: int, rng: Random) -> tuple[list[str], Place]:
        source = self.articles[article][place]
        if rng.random() < WHOLE and len(source.text) <= WHOLE_CHARS:
            return [source.text], (0, len(source.text))
        asked = [q.sentence for q in source.questions if q.sentence]
        window = widened(source.sentences, rng.choice(asked or source.sentences), PIECE_CHARS, rng)
        pieces = [source.text[slice(*window)]]
        for _ in range(rng.randrange(PIECES)):
            home = article if rng.random() < NEAR else rng.randrange(len(self.articles))
            other = rng.choice(self.articles[home])
            if other.text != source.text and other.sentences:
                core = rng.choice(other.sentences)
                pieces.append(other.text[slice(*widened(other.sentences, core, PIECE_CHARS, rng))])
        rng.shuffle(pieces)
        return pieces, window

    def _answered(self, q: Question, source: Paragraph, pieces: list[str], at: int, rng: Random) -> Pair:
        assert q.sentence is not None
        answer = self._encode(grounded.answer_line(q.answer))
        quote = [*self._encode(grounded.quote_line(at, source.text[slice(*q.sentence)])), self.end]
        if (drawn := rng.random()) > FULL_QUOTE:
            quote = quote[:QUOTE_TOKENS] if drawn < FULL_QUOTE + BEGUN_QUOTE else []
        return self._pair(q.text, pieces, answer + quote, [1.0] * len(answer) + [QUOTE_WEIGHT] * len(quote))

    def _unanswerable(self, article: int, pieces: list[str], rng: Random) -> list[Pair]:
        """A question of the same article whose answer does not stand in the pieces, where there is one."""
        other = rng.choice(self.articles[article])
        shown = "\n".join(pieces).lower()
        fit = [q for q in other.questions if q.answer.lower() not in shown]
        target = [*self._encode(f" {grounded.NOT_FOUND}"), self.end]
        return [self._pair(rng.choice(fit).text, pieces, target)] if fit else []

    def _pair(self, question: str, pieces: list[str], target: list[int], weights: list[float] | None = None) -> Pair:
        prompt = self.model.chat_tokens(grounded.messages(question, pieces))
        return Pair(prompt, target, weights or [1.0] * len(target))

    def _encode(self, text: str) -> list[int]:
        tokens: list[int] = self.model.encode(text)
        return tokens


def _within(inner: Place, outer: Place) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
