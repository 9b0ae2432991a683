"""The engine against transformers on the local model, same weights, same cores, the two taking turns on every prompt.

Two gains are booked apart: the engine's (no guesses, beside ``generate()`` in the same dtype) and drafting's (the same
engine with guesses, beside without, and beside prompt lookup in the same engine). Both together stand beside
``generate()`` with its own prompt lookup. All run in the one thread that torch has here, which helps both sides.
Decoding time runs from the first token to the last; figures are medians of the ratios of pairs. Prompts: Spec-Bench
first turns, and SQuAD paragraphs of which a sentence is to be quoted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from common import SHARED, arguments, report
from recording import prompts

from evidentia.serving import lane, load_in_process
from evidentia.serving.base import Message, Sampling
from evidentia.serving.drafting import open_drafter
from evidentia.serving.engine.base import Ask
from evidentia.serving.engine.choose import network_for
from evidentia.serving.engine.costs import prices
from evidentia.serving.engine.engine import Engine
from evidentia.settings import Settings

GOALS = {"engine": 1.8, "int8": 2.2, "drafting": 1.7, "over lookup": 1.2, "both": 2.5, "quote": 2.2, "worst": 0.97}
Run = tuple[float, int]
"""Seconds from the first token to the last, and tokens between them."""


def engine_run(engine: Engine, prompt: Sequence[int], tokens: int, drafts: bool) -> tuple[Run, Any, list[int]]:
    reply = engine.submit(Ask(tuple(prompt), Sampling(max_tokens=tokens), drafts=drafts))
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
    ids = torch.tensor([list(prompt)])
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
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--each", type=int, default=4, help="prompts per category")
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--dtype", default="bfloat16")
    parser.add_argument("--without-int8", action="store_true")
    options = parser.parse_args()
    settings = Settings.from_env()
    model = load_in_process(settings.model, settings)
    if options.dtype != "bfloat16":
        from evidentia.serving import hub
        from evidentia.serving.local import load_local

        folder = hub.find(settings.model, settings.cache)
        assert folder is not None
        model = load_local(folder, settings.model, dtype=options.dtype)
    network = model.network
    assert network is not None
    priced = lane.run(prices, network, model.context)

    def engine(on: Any, drafter: str | None) -> Engine:
        guesses = (
            open_drafter(drafter, **({"vocabulary": on.vocabulary} if drafter == "union" else {})) if drafter else None
        )
        return Engine(on, model.ends, model.context, drafter=guesses, prices=priced)

    union, lookup = engine(network, "union"), engine(network, "lookup")
    int8 = None if options.without_int8 else engine(lane.run(network_for, model.model, "int8"), None)
    turns: dict[str, Callable[[Sequence[int]], Run]] = {
        "plain": lambda prompt: engine_run(union, prompt, options.tokens, False)[0],
        "union": lambda prompt: counted(engine_run(union, prompt, options.tokens, True)),
        "lookup": lambda prompt: engine_run(lookup, prompt, options.tokens, True)[0],
        "generate": lambda prompt: lane.run(generate_run, model, prompt, options.tokens, False),
        "generate lookup": lambda prompt: lane.run(generate_run, model, prompt, options.tokens, True),
    }
    if int8 is not None:
        turns["int8"] = lambda prompt: engine_run(int8, prompt, options.tokens, False)[0]
    usages: dict[str, list[Any]] = {}
    kind = ""

    def counted(run: tuple[Run, Any, list[int]]) -> Run:
        usages.setdefault(kind, []).append(run[1])
        return run[0]

    asked: dict[str, list[str]] = {}
    for category, _, text in prompts(options.data, options.each, options.each):
        asked.setdefault(category, []).append(text)
    warm = model.chat_tokens([Message("user", "Say hello to everybody.")])
    for turn in turns.values():
        turn(warm)
    usages.clear()
    seconds: dict[str, list[dict[str, float]]] = {}
    number = 0
    for kind, texts in asked.items():
        for text in texts:
            prompt = model.chat_tokens([Message("user", text)])
            if len(prompt) + options.tokens > model.context:
                continue
            number += 1
            order = list(turns) if number % 2 else list(turns)[::-1]
            taken = {name: turns[name](prompt) for name in order}
            if min(count for _, count in taken.values()) >= 8:  # a ratio of two or three tokens says nothing
                seconds.setdefault(kind, []).append({name: per_token(run) for name, run in taken.items()})

    def ratio(slow: str, fast: str, kinds: Sequence[str]) -> float:
        return median(run[slow] / run[fast] for one in kinds for run in seconds.get(one, ()))

    everything = list(seconds)
    rows = []
    for one in [*everything, "all"]:
        kinds = everything if one == "all" else [one]
        told = [usage for each in kinds for usage in usages[each]]
        rows.append([
            one, sum(len(seconds[each]) for each in kinds), ratio("generate", "plain", kinds),
            ratio("generate", "int8", kinds) if int8 else "-", ratio("plain", "union", kinds),
            ratio("lookup", "union", kinds), ratio("generate lookup", "union", kinds),
            sum(usage.written for usage in told) / sum(usage.passes for usage in told),
        ])  # fmt: skip
    columns = (
        "prompts", "n", "engine, no guesses, over generate()", "int8 over generate()", "guesses over none",
        "guesses over lookup", "both over generate() with lookup", "tokens per pass",
    )  # fmt: skip
    whole = rows[-1]
    tokens = {name: median(1 / run[name] for one in everything for run in seconds[one]) for name in turns}
    metrics = {
        "engine_ratio": whole[2], "int8_ratio": whole[3], "drafting_ratio": whole[4], "over_lookup": whole[5],
        "both_ratio": whole[6], "quote_ratio": ratio("plain", "union", ["quote"]),
        "worst_category": min(ratio("plain", "union", [one]) for one in everything), "accepted": whole[7],
        "costs": {width: round(priced.at(512)(width), 2) for width in (1, 2, 4, 8, 16, 32, 64)},
        "tokens_per_second": {name: round(rate, 1) for name, rate in tokens.items()}, "goals": GOALS,
    }  # fmt: skip
    report(options.json, f"{model}: times faster, medians of pairs", columns, rows, metrics)
    if not options.json:
        print(f"\nmedian tokens per second: {metrics['tokens_per_second']}\nC(q): {metrics['costs']}\ngoals: {GOALS}")


if __name__ == "__main__":
    main()
