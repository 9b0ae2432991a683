"""Examples for SEAL: a question, and the phrases and the title that a search for its passage should write."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from evidentia.retrieval.seal import prompts
from evidentia.training.articles import Paragraph
from evidentia.training.trees import Pair


class Seal:
    """One group per question."""

    def __init__(self, model: Any, articles: list[list[Paragraph]]) -> None:
        self.model = model
        self.questions = [
            (paragraph, question.text)
            for article in articles
            for paragraph in article
            for question in paragraph.questions
        ]

    def __len__(self) -> int:
        return len(self.questions)

    def group(self, number: int, rng: Random) -> list[Pair]:
        paragraph, question = self.questions[number]
        drawn = Counter(prompts.training_pairs(question, paragraph.text, paragraph.title, rng))
        return [self._pair(prompt, target, times) for (prompt, target), times in drawn.items()]

    def _pair(self, prompt: str, target: str, times: int) -> Pair:
        longest = prompts.TITLE_TOKENS if target.endswith("\n") else prompts.KEY_TOKENS
        tokens = self.model.encode(target)[:longest]
        return Pair(self.model.encode(prompt), tokens, [float(times)] * len(tokens))
