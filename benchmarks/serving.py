"""The engine against transformers on the local model, same weights, same cores, all taking turns on every prompt.

Two gains are booked apart: the engine's (no guesses, beside ``generate()`` in bf16) and drafting's (the same engine and
weights with guesses, beside without, and beside prompt lookup in the same engine). Both together stand beside
``generate()`` with its own prompt lookup. Weights are multiplied in three ways (``network/linear.py``): packed bf16,
rounded to int8, and as the four bits that they were made from, which is what the product does. Drafting gains less
where a pass over one token is cheaper, so it is shown for bf16 and for four bits. On a GPU the plain forward stands
beside that of CUDA graphs (``network/cuda_graphs.py``), which is what the product does there.

All run in the one thread that torch has here, which helps both sides. Decoding time runs from the first token to the
last; figures are medians of the ratios of pairs. Prompts: Spec-Bench first turns, and SQuAD paragraphs of which a
sentence is to be quoted. Guesses begin with the package's seed, and what is learnt lasts between processes, so each
drafter has answered ``--warm`` other prompts of every kind before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from evidentia.benchmarks.kernels import networks
from evidentia.evaluation.data import DATA
from evidentia.evaluation.prompts import mixed_prompts
from evidentia.evaluation.report import arguments, report
from evidentia.serving import load_in_process
from evidentia.serving.base import Message, Sampling
from evidentia.serving.drafting.drafter import Drafter
from evidentia.serving.drafting.lookup import Lookup
from evidentia.serving.engine.costs import Prices, prices
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.network import torch_thread
from evidentia.settings import Settings

GOALS = {"engine": 1.8, "int8": 2.2, "drafting": 1.7, "over lookup": 1.2, "both": 2.5, "quote": 2.2, "worst": 0.97}
ON_A_GPU = {"graphs": 1.2, "graphs union over generate": 2.0}
Run = tuple[float, int]
"""Seconds from the first token to the last, and tokens between them."""


def engine_run(engine: Engine, prompt: Sequence[int], tokens: int, drafts: bool) -> tuple[Run, Any, list[int]]:
    reply = engine.submit(EngineRequest(tuple(prompt), Sampling(max_tokens=tokens), drafts=drafts))
    written: list[int] = []
    start, first = 0.0, 0
    for chunk in reply:
        if not written:
            start, first = time.perf_counter(), len(chunk.tokens)
        written.extend(chunk.tokens)
    return (time.perf_counter() - start, len(written) - first), reply.usage, written


def generate_run(model: Any, prompt: Sequence[int], tokens: int, lookup: bool) -> Run:
    import torch

    times: list[float] = []

    class Clock:
        def put(self, value: Any) -> None:
            times.append(time.perf_counter())
            counts.append(int(value.numel()))

        def end(self) -> None:
            pass

    counts: list[int] = []
    ids = torch.tensor([list(prompt)], device=model.model.device)
    more = {"prompt_lookup_num_tokens": 10} if lookup else {}
    model.model.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, do_sample=False, streamer=Clock(), **more
    )
    # The streamer is handed the prompt first.
    return times[-1] - times[1], sum(counts[2:])


def per_token(run: Run) -> float:
    return run[0] / max(1, run[1])


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--each", type=int, default=4, help="prompts per category")
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--warm", type=int, default=6, help="prompts per category that drafters have seen before")
    options = parser.parse_args()
    settings = Settings.from_env()
    model: Any = load_in_process(settings.model, settings)
    turns: dict[str, Callable[[Sequence[int]], Run]] = {
        "generate": lambda prompt: torch_thread.run(generate_run, model, prompt, options.tokens, False),
        "generate lookup": lambda prompt: torch_thread.run(generate_run, model, prompt, options.tokens, True),
    }
    usages: dict[str, dict[str, list[Any]]] = {}
    priced: dict[str, Prices] = {}
    kind = ""

    def run(engine: Engine, name: str, drafts: bool) -> Callable[[Sequence[int]], Run]:
        def turn(prompt: Sequence[int]) -> Run:
            taken, usage, _ = engine_run(engine, prompt, options.tokens, drafts)
            usages.setdefault(name, {}).setdefault(kind, []).append(usage)
            return taken

        return turn

    made = torch_thread.run(networks, model.model)
    ways = list(made)
    guessing = [weights for weights in ways if weights != "int8"]
    for weights, network in made.items():
        priced[weights] = torch_thread.run(prices, network, model.context)

        def engine(drafter: Drafter | None, network: Any = network, weights: str = weights) -> Engine:
            return Engine(network, model.ends, model.context, drafter=drafter, prices=priced[weights])

        turns[weights] = run(engine(None), weights, False)
        if weights in guessing:
            turns[f"{weights} union"] = run(engine(model.drafter()), f"{weights} union", True)
            turns[f"{weights} lookup"] = run(engine(Lookup()), f"{weights} lookup", True)

    asked: dict[str, list[list[int]]] = {}
    together = options.each + options.warm
    for category, _, text in mixed_prompts(options.data, together, together):
        prompt = model.chat_tokens([Message("user", text)])
        if len(prompt) + options.tokens <= model.context:
            asked.setdefault(category, []).append(prompt)
    warm = model.chat_tokens([Message("user", "Say hello to everybody.")])
    for turn in turns.values():
        turn(warm)
    for texts in asked.values():
        for prompt in texts[options.each :]:
            for weights in guessing:
                turns[f"{weights} union"](prompt)
    usages.clear()
    seconds: dict[str, list[dict[str, float]]] = {}
    number = 0
    for kind, texts in asked.items():
        for prompt in texts[: options.each]:
            number += 1
            order = list(turns) if number % 2 else list(turns)[::-1]
            taken = {name: turns[name](prompt) for name in order}
            if min(count for _, count in taken.values()) >= 8:  # a ratio of two or three tokens says nothing
                seconds.setdefault(kind, []).append({name: per_token(run) for name, run in taken.items()})

    everything = list(seconds)

    def ratio(slow: str, fast: str, kinds: Sequence[str] = everything) -> float:
        return median(run[slow] / run[fast] for one in kinds for run in seconds.get(one, ()))

    def accepted(name: str, kinds: Sequence[str]) -> float:
        told = [usage for each in kinds for usage in usages[name][each]]
        return sum(usage.written for usage in told) / sum(usage.passes for usage in told)

    rows = []
    for one in [*everything, "all"]:
        kinds = everything if one == "all" else [one]
        rows.append([
            one, sum(len(seconds[each]) for each in kinds), *(ratio("generate", weights, kinds) for weights in ways),
            *(ratio(slow, f"{weights} union", kinds) for weights in guessing
              for slow in (weights, f"{weights} lookup", "generate lookup")),
            *(accepted(f"{weights} union", kinds) for weights in guessing),
        ])  # fmt: skip
    columns = [
        "prompts", "n", f"{ways[0]}, no guesses, over generate()", *ways[1:],
        *(name for weights in guessing
          for name in (f"{weights}: guesses over none", "over lookup", "both over generate() with lookup")),
        *(f"tokens per pass, {weights}" for weights in guessing),
    ]  # fmt: skip
    metrics = {
        **{f"{'engine' if weights == 'packed' else weights}_ratio": ratio("generate", weights) for weights in ways},
        **{
            f"{weights}_{name}": found
            for weights in guessing
            for name, found in {
                "drafting": ratio(weights, f"{weights} union"),
                "over_lookup": ratio(f"{weights} lookup", f"{weights} union"),
                "both": ratio("generate lookup", f"{weights} union"),
                "over_generate": ratio("generate", f"{weights} union"),
                "quote": ratio(weights, f"{weights} union", ["quote"]),
                "worst": min(ratio(weights, f"{weights} union", [one]) for one in everything),
            }.items()
        },
        "costs": {
            weights: {width: round(price.at(512)(width), 2) for width in (1, 2, 4, 8, 16, 32, 64)}
            for weights, price in priced.items()
        },
        "tokens_per_second": {
            name: round(median(1 / run[name] for one in everything for run in seconds[one]), 1) for name in turns
        },
        "goals": ON_A_GPU if "graphs" in made else GOALS,
    }  # fmt: skip
    report(options.json, f"{model}: times faster, medians of pairs", columns, rows, metrics)
    if not options.json:
        for name, found in metrics.items():
            print(f"{name}: {found}")


if __name__ == "__main__":
    main()
