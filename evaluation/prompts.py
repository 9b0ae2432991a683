"""Prompts that engines and drafters are measured with: Spec-Bench's, and some that ask for a quotation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from .data import read_rows
from .squad import DEV, read_articles

SPEC_BENCH = {
    "mt": {"writing", "roleplay", "reasoning", "math", "coding", "extraction", "stem", "humanities"},
    "translation": {"translation"},
    "summary": {"summarization"},
    "qa": {"qa"},
    "math": {"math_reasoning"},
    "rag": {"rag"},
}
QUOTE = "Quote the full sentence from the passage that contains the answer, word for word, then give the answer."


def spec_bench(data: Path, count: int) -> Iterator[tuple[str, str, str]]:
    rows = read_rows(data / "spec-bench" / "question.jsonl")
    for category, kinds in SPEC_BENCH.items():
        found = [row for row in rows if row["category"] in kinds]
        for row in random.Random(3).sample(found, min(count, len(found))):
            yield category, f"{category}-{row['question_id']}", row["turns"][0]


def quote_prompts(data: Path, count: int) -> Iterator[tuple[str, str, str]]:
    paragraphs = [paragraph for article in read_articles(data / "squad" / DEV) for paragraph in article["paragraphs"]]
    for number in random.Random(3).sample(range(len(paragraphs)), count):
        paragraph = paragraphs[number]
        question = paragraph["qas"][0]["question"]
        yield "quote", f"quote-{number}", f"Passage:\n{paragraph['context']}\n\nQuestion: {question}\n\n{QUOTE}"


def mixed_prompts(data: Path, each: int, quoted: int) -> list[tuple[str, str, str]]:
    """Category, name and text, the categories mixed: in that order the drafters meet them."""
    found = [*spec_bench(data, each), *quote_prompts(data, quoted)]
    return random.Random(4).sample(found, len(found))
