"""Ways to multiply the local model's weights: what a pass costs by its width, and what each does to the perplexity.

``packed`` is bf16; ``int8`` rounds to eight bits; ``int4`` multiplies as four bits what lies on a grid of four bits.
The text is read in passes as wide as each kernel's narrow ones, so that it is the narrow kernel that is judged; windows
of 512 tokens of SQuAD's articles, the same for all. transformers' own forward stands beside them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from common import SHARED, arguments, report
from recording import articles

from evidentia.serving import lane, load_in_process
from evidentia.serving.engine.choose import network_for
from evidentia.serving.engine.linear import NARROW
from evidentia.serving.engine.network import Network, Part
from evidentia.settings import Settings

WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64)
KINDS = ("packed", "int8", "int4")
BEFORE, WINDOW = 512, 512


def windows(data: Path, model: Any, count: int) -> list[list[int]]:
    chosen = articles(data)[:count]
    texts = ("\n\n".join(paragraph["context"] for paragraph in article["paragraphs"]) for article in chosen)
    return [model.encode(text)[:WINDOW] for text in texts]


def seconds(networks: dict[str, Network], own: Callable[[int], None], repeats: int) -> dict[str, dict[int, float]]:
    """Of a pass by width, all taking turns; medians."""
    memories = {name: network.memory(BEFORE + max(WIDTHS)) for name, network in networks.items()}
    found: dict[str, dict[int, list[float]]] = {}

    def taken(name: str, width: int) -> float:
        start = time.perf_counter()
        if name == "transformers":
            own(width)
        else:
            memories[name].length = BEFORE
            networks[name].forward([Part(memories[name], [5] * width)])
        return time.perf_counter() - start

    for number in range(repeats + 1):
        for width in WIDTHS:
            for name in [*networks, "transformers"]:
                spent = taken(name, width)
                if number:
                    found.setdefault(name, {}).setdefault(width, []).append(spent)
    return {name: {width: median(times) for width, times in widths.items()} for name, widths in found.items()}


def surprise(network: Network, texts: Sequence[Sequence[int]], width: int) -> float:
    """Mean negative log likelihood of a token, read ``width`` at a time."""
    import torch

    total, count = 0.0, 0
    for text in texts:
        memory, read = network.memory(WINDOW), text[:-1]
        parts = [read[start : start + width] for start in range(0, len(read), width)]
        found = [network.forward([Part(memory, part)]).logits for part in parts]
        logs = torch.log_softmax(torch.cat(found).float(), -1)
        total -= float(logs[torch.arange(len(text) - 1), torch.tensor(text[1:])].sum())
        count += len(text) - 1
    return total / count


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--windows", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    settings = Settings.from_env()
    model: Any = load_in_process(settings.model, settings)
    texts = windows(options.data, model, options.windows)
    rows, metrics = lane.run(measured, model, texts, options.repeats)
    columns = ("ms a pass, tokens:", *map(str, WIDTHS), "perplexity", "read", "beside packed, %")
    report(options.json, f"{model}, {BEFORE} tokens before", columns, rows, metrics)


def measured(model: Any, texts: Sequence[Sequence[int]], repeats: int) -> tuple[list[list[object]], dict[str, object]]:
    import torch
    from transformers import DynamicCache

    networks: dict[str, Network] = {}
    for kind in KINDS:
        network = network_for(model.model, kind)
        assert network is not None
        networks[kind] = network
    cache = DynamicCache(config=model.model.config)
    with torch.inference_mode():
        model.model(torch.tensor([[5] * BEFORE]), past_key_values=cache, use_cache=True)

    def own(width: int) -> None:
        with torch.inference_mode():
            model.model(torch.tensor([[5] * width]), past_key_values=cache, use_cache=True)
        cache.crop(-width)

    times = seconds(networks, own, repeats)
    rows: list[list[object]] = []
    metrics: dict[str, object] = {}
    wide = surprise(networks["packed"], texts, WINDOW)
    for name, widths in times.items():
        row: list[object] = [name, *(f"{1e3 * widths[width]:.1f}" for width in WIDTHS)]
        metrics |= {f"{name}_{width}_ms": 1e3 * widths[width] for width in WIDTHS}
        if name in networks:
            width = NARROW.get(name, WINDOW)
            found = surprise(networks[name], texts, width) if name in NARROW else wide
            metrics[f"{name}_perplexity"] = math.exp(found)
            row += [math.exp(found), f"by {width}", f"{100 * (math.exp(found - wide) - 1):+.2f}"]
        rows.append(row + [""] * (len(WIDTHS) + 4 - len(row)))
    return rows, metrics


if __name__ == "__main__":
    main()
