"""Greedy replies of the local model, recorded once so that drafters can be replayed without it in seconds.

Prompts: ``--prompts`` of each of Spec-Bench's six categories (first turns), and ``--quotes`` that ask for a sentence of
a SQuAD paragraph. One npz per prompt in ``--cache``, so that a stopped run goes on: the prompt, the reply, and the
eight likeliest next tokens behind every one of both, which is what a drafter learns from a pass of the model.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from common import SHARED
from numpy.typing import NDArray

from evidentia.serving import load
from evidentia.serving.base import Message
from evidentia.serving.drafting.base import BEST
from evidentia.settings import Settings

LONGEST = 128
SPEC_BENCH = {
    "mt": {"writing", "roleplay", "reasoning", "math", "coding", "extraction", "stem", "humanities"},
    "translation": {"translation"},
    "summary": {"summarization"},
    "qa": {"qa"},
    "math": {"math_reasoning"},
    "rag": {"rag"},
}
QUOTE = "Quote the full sentence from the passage that contains the answer, word for word, then give the answer."


@dataclass(frozen=True)
class Recording:
    name: str
    category: str
    prompt: NDArray[np.int32]
    reply: NDArray[np.int32]
    best: NDArray[np.int32]
    """``[len(prompt) + len(reply), BEST]``"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--cache", type=Path, default=Settings.from_env().cache / "drafting")
    parser.add_argument("--prompts", type=int, default=24, help="prompts of each category of Spec-Bench")
    parser.add_argument("--quotes", type=int, default=80, help="prompts that ask for a sentence of a paragraph")
    parser.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")


def spec_bench(data: Path, count: int) -> Iterator[tuple[str, str, str]]:
    rows = [json.loads(line) for line in (data / "spec-bench" / "question.jsonl").read_text().splitlines()]
    for category, kinds in SPEC_BENCH.items():
        found = [row for row in rows if row["category"] in kinds]
        for row in random.Random(3).sample(found, min(count, len(found))):
            yield category, f"{category}-{row['question_id']}", row["turns"][0]


def articles(data: Path) -> list[dict[str, Any]]:
    """Of SQuAD's dev set."""
    found: list[dict[str, Any]] = json.loads((data / "squad" / "dev-1.1.rebuilt.json").read_text(encoding="utf-8"))[
        "data"
    ]
    return found


def quotes(data: Path, count: int) -> Iterator[tuple[str, str, str]]:
    paragraphs = [paragraph for article in articles(data) for paragraph in article["paragraphs"]]
    for number in random.Random(3).sample(range(len(paragraphs)), count):
        paragraph = paragraphs[number]
        question = paragraph["qas"][0]["question"]
        yield "quote", f"quote-{number}", f"Passage:\n{paragraph['context']}\n\nQuestion: {question}\n\n{QUOTE}"


def prompts(data: Path, each: int, quoted: int) -> list[tuple[str, str, str]]:
    """Category, name and text, the categories mixed: in that order the drafters meet them."""
    found = [*spec_bench(data, each), *quotes(data, quoted)]
    return random.Random(4).sample(found, len(found))


def record(chosen: argparse.Namespace) -> Path:
    settings = Settings.from_env()
    folder: Path = chosen.cache / f"{settings.model}-{chosen.dtype}"
    folder.mkdir(parents=True, exist_ok=True)
    asked = prompts(chosen.data, chosen.prompts, chosen.quotes)
    missing = [one for one in asked if not (folder / f"{one[1]}.npz").exists()]
    if missing:
        import torch

        model: Any = load(settings.model, settings)
        model.model.to(getattr(torch, chosen.dtype))
    for number, (category, name, text) in enumerate(missing):
        prompt = model.chat_tokens([Message("user", text)])
        reply, best = replied(model.model, prompt)
        part = folder / f"{name}.part"
        with part.open("wb") as stream:
            np.savez_compressed(stream, category=category, prompt=np.array(prompt, np.int32), reply=reply, best=best)
        part.replace(folder / f"{name}.npz")
        print(f"{number + 1}/{len(missing)} {name} {len(prompt)}+{len(reply)}", flush=True)
    return folder


def replied(model: Any, prompt: list[int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    import torch

    ids = torch.tensor([prompt])
    with torch.inference_mode():
        whole = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=LONGEST, do_sample=False)
        best = model(whole).logits[0].topk(BEST).indices
    return whole[0, len(prompt) :].to(torch.int32).numpy(), best.to(torch.int32).numpy()


def recordings(chosen: argparse.Namespace) -> list[Recording]:
    """What is recorded of the prompts asked for, in their order; records what is missing."""
    folder = record(chosen)
    found = []
    for category, name, _ in prompts(chosen.data, chosen.prompts, chosen.quotes):
        with np.load(folder / f"{name}.npz", allow_pickle=False) as kept:
            found.append(Recording(name, category, kept["prompt"], kept["reply"], kept["best"]))
    return found
