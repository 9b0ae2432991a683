"""Guesses change nothing: greedy fp32 replies of the local model with and without them, and beside ``generate()``.

Every prompt of Spec-Bench (first turns) and as many that quote a SQuAD paragraph as fill up ``--prompts``; batches of 1
to 8; every drafter; with a JSON schema and a pattern as constraints; and sampled replies under the same seed. What is
printed is how many replies are the same tokens. ``generate()`` is asked on ``--oracle`` of the prompts: it is slow.
In bf16 near-ties fall either way with the width of a pass; how often is printed too, and nothing is claimed for it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evidentia.benchmarks.drafting import drafters
from evidentia.evaluation.data import DATA
from evidentia.evaluation.prompts import mixed_prompts
from evidentia.evaluation.report import arguments, report
from evidentia.serving.base import Message, Sampling
from evidentia.serving.constraints import constrain
from evidentia.serving.constraints.constraint import Constraint
from evidentia.serving.drafting.drafter import Drafter
from evidentia.serving.engine.costs import Prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.models import hub
from evidentia.serving.models.local import load_local
from evidentia.settings import Settings

FLAT = Prices({1: 1.0, 64: 1.0})
"""As if guesses were free, so that every tree is as large as it may be."""
SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}, "sure": {"type": "boolean"}},
    "required": ["answer", "sure"],
    "additionalProperties": False,
}


def replies(
    model: Any,
    guesses: Drafter | None,
    asked: Sequence[tuple[int, ...]],
    batch: int,
    tokens: int,
    *,
    constraint: Constraint | None = None,
    temperature: float = 0.0,
) -> tuple[list[list[int]], float]:
    """The replies, ``batch`` at a time, and the tokens written per pass."""
    engine = Engine(model.network, model.ends, model.context, drafter=guesses, prices=FLAT, nodes=16)
    found, written, passes = [], 0, 0
    sampling = Sampling(max_tokens=tokens, temperature=temperature, top_p=0.9 if temperature else 1.0, seed=3)
    for start in range(0, len(asked), batch):
        running = [
            engine.submit(EngineRequest(prompt, sampling, constraint)) for prompt in asked[start : start + batch]
        ]
        for reply in running:
            found.append([token for chunk in reply for token in chunk.tokens])
            written, passes = written + reply.usage.written, passes + reply.usage.passes
    engine.close()
    return found, written / max(1, passes)


def oracle(model: Any, prompt: Sequence[int], tokens: int) -> list[int]:
    import torch

    ids = torch.tensor([list(prompt)])
    out = model.model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, do_sample=False)
    return [token for token in out[0, len(prompt) :].tolist() if token not in model.ends]


def same(ours: Sequence[list[int]], theirs: Sequence[list[int]]) -> str:
    return f"{sum(a == b for a, b in zip(ours, theirs, strict=True))} of {len(ours)}"


def share(same: str) -> float:
    count, _, whole = same.split()
    return int(count) / int(whole)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--prompts", type=int, default=520)
    parser.add_argument("--part", type=int, default=40, help="prompts for each drafter, batch size and constraint")
    parser.add_argument("--oracle", type=int, default=60)
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--dtype", default="float32")
    options = parser.parse_args()
    settings = Settings.from_env()
    folder = hub.find(settings.model, settings.cache)
    if folder is None:
        raise SystemExit("run: evidentia model get")
    model = load_local(folder, settings.model, dtype=options.dtype)
    texts = [text for _, _, text in mixed_prompts(options.data, 80, max(0, options.prompts - 480))]
    asked = [tuple(model.chat_tokens([Message("user", text)])[-1500:]) for text in texts]
    asked = random.Random(1).sample(asked, min(options.prompts, len(asked)))
    part = asked[: options.part]

    made = drafters([])
    rows: list[list[object]] = []
    plain, _ = replies(model, None, asked, 8, options.tokens)
    on, accepted = replies(model, made["union"](), asked, 8, options.tokens)
    rows.append(["union, batch 8", same(on, plain), accepted])
    theirs = [oracle(model, prompt, options.tokens) for prompt in asked[: options.oracle]]
    rows.append(["generate() beside no guesses", same(plain[: options.oracle], theirs), ""])
    for batch in (1, 2, 4):
        on, accepted = replies(model, made["union"](), part, batch, options.tokens)
        rows.append([f"union, batch {batch}", same(on, plain[: len(part)]), accepted])
    for name, make in made.items():
        if name != "union":
            on, accepted = replies(model, make(), part, 4, options.tokens)
            rows.append([f"{name}, batch 4", same(on, plain[: len(part)]), accepted])
    kinds = {"JSON schema": ("json_schema", SCHEMA), "pattern": ("regex", "(yes|no), because [a-z ,]{5,200}\\.")}
    for title, (kind, what) in kinds.items():
        constraint = constrain(kind, model.vocabulary, what)
        off, _ = replies(model, None, part, 4, options.tokens, constraint=constraint)
        on, accepted = replies(model, made["union"](), part, 4, options.tokens, constraint=constraint)
        rows.append([f"{title}, union, batch 4", same(on, off), accepted])
    off, _ = replies(model, None, part, 4, options.tokens, temperature=0.8)
    on, accepted = replies(model, made["union"](), part, 4, options.tokens, temperature=0.8)
    rows.append(["sampled at 0.8, same seed, union, batch 4", same(on, off), accepted])
    metrics = {str(row[0]): share(str(row[1])) for row in rows}
    title = f"{model}: replies of {options.tokens} tokens that are the same without guesses"
    report(options.json, title, ("", "same tokens", "tokens per pass"), rows, metrics)


if __name__ == "__main__":
    main()
