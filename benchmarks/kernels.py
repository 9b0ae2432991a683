"""Ways to multiply the local model's weights: what a pass costs by its width, and what each does to the perplexity.

``packed`` is the model's dtype, as is ``plain``, torch's own product; ``int8`` rounds to eight bits; ``int4``
multiplies as four bits what lies on a grid of four bits.
The text is read in passes as wide as each kernel's narrow ones, so that it is the narrow kernel that is judged; windows
of 512 tokens of SQuAD's articles, the same for all. transformers' own forward stands beside them.

On a GPU there is one way to multiply, and two to launch: kernel by kernel, and as CUDA graphs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, read_articles
from evidentia.serving import load_in_process
from evidentia.serving.network import torch_thread
from evidentia.serving.network.choose import network_for
from evidentia.serving.network.cuda_graphs import with_graphs
from evidentia.serving.network.device import wait_for
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.linear import NARROW
from evidentia.serving.network.network import CausalNetwork, SequenceInput
from evidentia.settings import Settings

WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64)
KINDS = ("packed", "int8", "int4")
BEFORE, WINDOW = 512, 512


def networks(model: Any) -> dict[str, CausalNetwork]:
    """Ways to run a transformers model where it lies, the one that the others are compared with first."""
    if model.device.type == "cuda":
        lean = LeanNetwork(model, "plain")
        return {"plain": lean, "graphs": with_graphs(model, lean)}
    kinds = KINDS if "bfloat16" in str(model.dtype) else ("plain", *KINDS)
    found = {kind: network_for(model, kind) for kind in kinds}
    return {kind: network for kind, network in found.items() if network is not None}


def windows(data: Path, model: Any, count: int) -> list[list[int]]:
    chosen = read_articles(data / "squad" / DEV)[:count]
    texts = ("\n\n".join(paragraph["context"] for paragraph in article["paragraphs"]) for article in chosen)
    return [model.encode(text)[:WINDOW] for text in texts]


def seconds(made: dict[str, CausalNetwork], own: Callable[[int], None], repeats: int) -> dict[str, dict[int, float]]:
    """Of a pass by width, all taking turns; medians."""
    memories = {name: network.memory(BEFORE + max(WIDTHS)) for name, network in made.items()}
    device = next(iter(made.values())).shape.device
    found: dict[str, dict[int, list[float]]] = {}

    def taken(name: str, width: int) -> float:
        start = time.perf_counter()
        if name == "transformers":
            own(width)
        else:
            memories[name].length = BEFORE
            made[name].forward([SequenceInput(memories[name], [5] * width)])
        wait_for(device)
        return time.perf_counter() - start

    for number in range(repeats + 1):
        for width in WIDTHS:
            for name in [*made, "transformers"]:
                spent = taken(name, width)
                if number:
                    found.setdefault(name, {}).setdefault(width, []).append(spent)
    return {name: {width: median(times) for width, times in widths.items()} for name, widths in found.items()}


def surprise(network: CausalNetwork, texts: Sequence[Sequence[int]], width: int) -> float:
    """Mean negative log likelihood of a token, read ``width`` at a time."""
    import torch

    total, count = 0.0, 0
    for text in texts:
        memory, read = network.memory(WINDOW), text[:-1]
        parts = [read[start : start + width] for start in range(0, len(read), width)]
        found = [network.forward([SequenceInput(memory, part)]).logits for part in parts]
        logs = torch.log_softmax(torch.cat(found).float(), -1)
        total -= float(logs[torch.arange(len(text) - 1), torch.tensor(text[1:])].sum())
        count += len(text) - 1
    return total / count


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--windows", type=int, default=8, help="texts to read; 0 for no perplexity")
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args()
    settings = Settings.from_env()
    model: Any = load_in_process(settings.model, settings)
    texts = windows(options.data, model, options.windows) if options.windows else []
    rows, metrics = torch_thread.run(measured, model, texts, options.repeats)
    columns = ("ms a pass, tokens:", *map(str, WIDTHS), "perplexity", "read", "beside the first, %")
    report(options.json, f"{model}, {BEFORE} tokens before", columns, rows, metrics)


def measured(model: Any, texts: Sequence[Sequence[int]], repeats: int) -> tuple[list[list[object]], dict[str, object]]:
    import torch
    from transformers import DynamicCache

    made = networks(model.model)
    first, device = next(iter(made)), model.model.device
    cache = DynamicCache(config=model.model.config)
    with torch.inference_mode():
        model.model(torch.tensor([[5] * BEFORE], device=device), past_key_values=cache, use_cache=True)

    def own(width: int) -> None:
        with torch.inference_mode():
            model.model(torch.tensor([[5] * width], device=device), past_key_values=cache, use_cache=True)
        cache.crop(-width)

    times = seconds(made, own, repeats)
    rows: list[list[object]] = []
    metrics: dict[str, object] = {}
    wide = surprise(made[first], texts, WINDOW) if texts else 0.0
    for name, widths in times.items():
        row: list[object] = [name, *(f"{1e3 * widths[width]:.1f}" for width in WIDTHS)]
        metrics |= {f"{name}_{width}_ms": 1e3 * widths[width] for width in WIDTHS}
        if name in made and texts:
            width = NARROW.get(name, WINDOW if name == first else max(WIDTHS))
            found = wide if name == first else surprise(made[name], texts, width)
            percent = 100 * (math.exp(found - wide) - 1)
            metrics |= {f"{name}_perplexity": math.exp(found), f"{name}_perplexity_percent": percent}
            row += [math.exp(found), f"by {width}", f"{percent:+.2f}"]
        rows.append(row + [""] * (len(WIDTHS) + 4 - len(row)))
    return rows, metrics


if __name__ == "__main__":
    main()
