"""What the engine does beside speculation: models without a lean forward, many requests at once, a cached prefix.

- A random model of a family without a lean forward (GPT-NeoX, 160 M parameters) decodes through the engine and through
  ``generate()``, taking turns: tokens per second, plain, one request.
- Eight prompts of the local model at once, without guesses, and with: tokens per second beside transformers'
  continuous batching (``generate_batch``) on the same prompts. Eight and 32 prompts at once with guesses, beside the
  same one after another, with and without the time for their prompts.
- A prompt of 4,000 tokens, and a second one that shares all but its last tokens: time to the first token.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from evidentia.evaluation.data import DATA
from evidentia.evaluation.prompts import mixed_prompts
from evidentia.evaluation.report import arguments, report
from evidentia.serving import load_in_process
from evidentia.serving.base import Message, Sampling
from evidentia.serving.engine.engine import Engine
from evidentia.serving.engine.request import EngineRequest
from evidentia.serving.network.choose import network_for
from evidentia.settings import Settings

GOALS = {"hooked over generate()": 0.98, "batch of 8 over generate_batch": 1.0, "cached first token, share": 0.1}
AT_ONCE = {8: 2.8, 32: 4.0}
"""Requests side by side, and how many times as fast they must be as one after another."""


def timed(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def hooked(tokens: int, repeats: int) -> tuple[float, float, float]:
    """Tokens per second of ours and of ``generate()``, and the median ratio."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    config = AutoConfig.for_model(
        "gpt_neox", hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
        vocab_size=50_304, max_position_embeddings=2048, eos_token_id=None, bos_token_id=None,
    )  # fmt: skip
    model = AutoModelForCausalLM.from_config(config).to(torch.bfloat16).eval()
    network = network_for(model, "packed")
    assert network is not None
    engine = Engine(network, frozenset(), 2048)
    prompt = random.Random(2).choices(range(50_000), k=256)
    ids = torch.tensor([prompt])

    def ours(count: int) -> None:
        engine.prefixes.shrink(0)
        list(engine.submit(EngineRequest(tuple(prompt), Sampling(max_tokens=count))))

    def theirs(count: int) -> None:
        model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, do_sample=False, pad_token_id=0)

    pairs = []
    for number in range(repeats + 1):
        taken = {}
        for name, run in (("ours", ours), ("theirs", theirs)) if number % 2 else (("theirs", theirs), ("ours", ours)):
            taken[name] = timed(lambda run=run: run(tokens)) - timed(lambda run=run: run(1))  # type: ignore[misc]
        if number:
            pairs.append((taken["ours"], taken["theirs"]))
    rate = [tokens / median(pair[side] for pair in pairs) for side in (0, 1)]
    return rate[0], rate[1], median(theirs / ours for ours, theirs in pairs)


def side_by_side(model: Any, asked: Sequence[Sequence[int]], tokens: int, drafts: bool, at_once: int) -> None:
    """Answers all of ``asked``, so many at once."""
    model.engine.prefixes.shrink(0)
    sampling = Sampling(max_tokens=tokens)
    for start in range(0, len(asked), at_once):
        running = [
            model.engine.submit(EngineRequest(tuple(one), sampling, drafts=drafts, ignore_ends=True))
            for one in asked[start : start + at_once]
        ]
        for reply in running:
            list(reply)


def batch(model: Any, asked: Sequence[Sequence[int]], tokens: int, repeats: int, beside: bool) -> dict[str, float]:
    """Tokens per second for all requests together, side by side and one after another; ``beside`` transformers' own.
    Behind ``writing`` the time is left out that the same requests take for one token: reading prompts is the same work
    in any company."""
    from transformers import GenerationConfig

    def theirs() -> None:
        how = GenerationConfig(max_new_tokens=tokens, do_sample=False, eos_token_id=-1, pad_token_id=0)
        model.model.generate_batch(inputs=[list(one) for one in asked], generation_config=how, progress_bar=False)

    runs: dict[str, list[float]] = {}
    reading: dict[str, list[float]] = {}
    ways = {"plain": (False, len(asked)), "guesses": (True, len(asked)), "one by one": (True, 1)}
    turns: dict[str, Callable[[], None]] = {
        name: partial(side_by_side, model, asked, tokens, drafts, at_once)
        for name, (drafts, at_once) in ways.items()
    }  # fmt: skip
    if beside:
        turns["generate_batch"] = theirs
    for number in range(repeats + 1):
        for name, turn in turns.items():
            seconds = timed(turn)
            read = timed(partial(side_by_side, model, asked, 1, *ways[name])) if name in ways else 0.0
            if number:
                runs.setdefault(name, []).append(len(asked) * tokens / seconds)
                reading.setdefault(f"{name}, writing", []).append(len(asked) * (tokens - 1) / (seconds - read))
    return {name: median(rates) for name, rates in (runs | reading).items()}


def first_tokens(model: Any, length: int, repeats: int) -> tuple[float, float]:
    """Seconds to the first token of a prompt that was not read before, and of one that shares all but 16 tokens."""

    def first(prompt: Sequence[int]) -> float:
        return timed(lambda: list(model.engine.submit(EngineRequest(tuple(prompt), Sampling(max_tokens=1)))))

    fresh, again = [], []
    for number in range(repeats):
        prompt = random.Random(number).choices(range(100, 40_000), k=length)
        model.engine.prefixes.shrink(0)
        fresh.append(first(prompt))
        again.append(first([*prompt[:-16], *range(200, 216)]))
    return median(fresh), median(again)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--requests", type=int, nargs="+", default=list(AT_ONCE), help="so many side by side")
    parser.add_argument("--parts", nargs="+", default=["hooked", "batch", "first"])
    options = parser.parse_args()
    repeats = max(1, options.repeats // 2)
    rows: list[list[object]] = []
    metrics: dict[str, object] = {"goals": GOALS}
    if "hooked" in options.parts:
        ours, theirs, ratio = hooked(options.tokens, options.repeats)
        rows.append(["GPT-NeoX 160 M, no lean forward, tokens/s", ours, theirs, ratio, 0.98])
        metrics["hooked_ratio"] = ratio
    settings = Settings.from_env()
    model: Any = load_in_process(settings.model, settings)
    if "batch" in options.parts:
        texts = [model.chat_tokens([Message("user", text)])[:700] for _, _, text in mixed_prompts(options.data, 5, 5)]
        for count in options.requests:
            together = batch(model, texts[:count], options.tokens, repeats, beside=count == options.requests[0])
            if (rival := together.get("generate_batch")) is not None:
                metrics["batch_ratio"] = together["plain"] / rival
                for name in ("plain", "guesses"):
                    told = "no guesses" if name == "plain" else "guesses"
                    goal = 1.0 if name == "plain" else ""
                    rows.append([f"{count} requests, {told}, beside generate_batch, tokens/s", together[name], rival,
                                 together[name] / rival, goal])  # fmt: skip
            gain = together["guesses"] / together["one by one"]
            metrics[f"side_by_side_{count}"] = gain
            rows.append([f"{count} requests, guesses, beside one after another, tokens/s", together["guesses"],
                         together["one by one"], gain, AT_ONCE.get(count, "")])  # fmt: skip
            ours, rival = together["guesses, writing"], together["one by one, writing"]
            metrics[f"side_by_side_writing_{count}"] = ours / rival
            rows.append([f"{count} requests, prompts read before, the same", ours, rival, ours / rival,
                         AT_ONCE.get(count, "")])  # fmt: skip
    if "first" in options.parts:
        fresh, again = first_tokens(model, 4000, repeats)
        metrics["cached_share"] = again / fresh
        rows.append(["first token, 4,000 tokens: cached, not, s", again, fresh, again / fresh, "0.1 at most"])
    report(options.json, "The engine beside transformers", ("", "ours", "rival", "ratio", "goal"), rows, metrics)


if __name__ == "__main__":
    main()
