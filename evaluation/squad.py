"""SQuAD 1.1: the dev set as an open corpus, one file for each paragraph, and the articles of both splits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .data import DATA, read_json

FOLDER = DATA / "squad"
DEV, TRAIN = "dev-1.1.rebuilt.json", "train-1.1.rebuilt.json.gz"
HELD_OUT = 12
"""Every twelfth article of the train split is never trained on: weights and calibration are fitted on those."""
TUNED_ON = 700
"""Questions that were looked at while the weights of ``retrieval/quoting.py`` were chosen; never among those asked."""
_ROUND, _ROUND_SEEDS = 200, range(10)
"""Draws of questions that rounds of the adapters' training were compared on."""

Article = dict[str, Any]
Question = tuple[str, str, list[str]]
"""Name of the paragraph's file, question, gold answers."""


def read_train(folder: Path = FOLDER) -> list[str]:
    """The texts of the train split's articles, in an order of their own."""
    rows: list[Article] = read_json(folder / TRAIN)["data"]
    random.Random(0).shuffle(rows)
    return article_texts(rows)


def article_texts(articles: Sequence[Article]) -> list[str]:
    """The paragraphs of each article as one text."""
    return ["\n\n".join(paragraph["context"] for paragraph in article["paragraphs"]) for article in articles]


def windows_of(texts: Sequence[str], tokenizer: Any, count: int, length: int = 512) -> Any:
    """The first ``length`` tokens of each text that has so many, ``[count, length]``."""
    import torch

    ids = (tokenizer.encode(text, add_special_tokens=False)[:length] for text in texts)
    found = [one for one in ids if len(one) == length]
    return torch.tensor(found[:count])


def read_articles(path: Path) -> list[Article]:
    articles: list[Article] = read_json(path)["data"]
    return articles


def split_articles(articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
    """The articles to train on, and those that are held out."""
    return [article for at, article in enumerate(articles) if at % HELD_OUT], list(articles[::HELD_OUT])


def read_dev(folder: Path = FOLDER) -> tuple[dict[str, str], list[Question]]:
    """Paragraphs by the name of their file, and the questions about them."""
    paragraphs: dict[str, str] = {}
    questions: list[Question] = []
    for article in read_articles(folder / DEV):
        for paragraph in article["paragraphs"]:
            name = f"{len(paragraphs):04d}.txt"
            paragraphs[name] = paragraph["context"]
            questions += [
                (name, qa["question"], [answer["text"] for answer in qa["answers"]]) for qa in paragraph["qas"]
            ]
    return paragraphs, questions


def untuned_questions(questions: Sequence[Question]) -> list[Question]:
    """Those that no weight was chosen on."""
    return _without(questions, _tuning_questions(questions))


def unseen(questions: Sequence[Question]) -> list[Question]:
    """Those that neither a weight nor a round of the adapters' training was chosen on."""
    numbers = range(len(questions))
    rounds = (random.Random(seed).sample(numbers, _ROUND) for seed in _ROUND_SEEDS)
    return _without(questions, _tuning_questions(questions).union(*rounds))


def _tuning_questions(questions: Sequence[Question]) -> set[int]:
    return {*random.Random(5).sample(range(len(questions)), TUNED_ON)}


def _without(questions: Sequence[Question], numbers: set[int]) -> list[Question]:
    return [question for number, question in enumerate(questions) if number not in numbers]
