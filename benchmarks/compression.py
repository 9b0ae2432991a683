"""What a smaller model costs: perplexity by strategy, by share of the feed-forward that goes and by how the rest makes
good, in full and as four bits again; and how fast the dense and the smaller model run on the four-bit kernel.

Calibrated on articles of SQuAD's train split, measured on others of its dev split, windows of 512 tokens, the same for
all. ``ziplm`` with ``squares`` toward the dense model is the recipe of ``evidentia model compress``; blocks of 32
channels keep the grid of four bits without rounding; ``magnitude`` is the warning.
"""

from __future__ import annotations

import copy
import gzip
import json
import math
import random
import resource
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from common import SHARED, arguments, report
from recording import articles

from evidentia.serving import hub, lane
from evidentia.serving.compress import card, make
from evidentia.serving.compress.pipeline import compress, surveyed
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.strategies import STRATEGIES, strategy
from evidentia.serving.engine.grid import grid_of
from evidentia.serving.engine.lean import LeanNetwork
from evidentia.serving.engine.network import Part
from evidentia.settings import Settings

LENGTH = 512


def windows(texts: list[str], tokenizer: Any, count: int) -> Any:
    import torch

    ids = (tokenizer.encode(text, add_special_tokens=False)[:LENGTH] for text in texts)
    found = [one for one in ids if len(one) == LENGTH]
    return torch.tensor(found[:count])


def texts(rows: list[Any]) -> list[str]:
    return ["\n\n".join(paragraph["context"] for paragraph in article["paragraphs"]) for article in rows]


def trained(data: Path) -> list[str]:
    with gzip.open(data / "squad" / "train-1.1.rebuilt.json.gz", "rt", encoding="utf-8") as file:
        rows = json.load(file)["data"]
    random.Random(0).shuffle(rows)
    return texts(rows)


def variants(share: float, only: list[str]) -> Iterator[tuple[str, Recipe, bool]]:
    """Name, recipe, and whether the result lies on the grid without rounding."""
    own = Recipe(keep=1 - share, toward="own")
    blocks = replace(own, strategy="flap", block=32)
    named = {
        "recipe": (Recipe(keep=1 - share), False),
        "blocks of 32, nothing": (replace(blocks, solve="none"), True),
        "blocks of 32, bias": (blocks, True),
    }
    for name in STRATEGIES:
        for solve in ("none", "bias", "squares"):
            named[f"{name}, {solve}"] = replace(own, strategy=name, solve=solve), False
    for name, (recipe, on_grid) in named.items():
        if not only or any(name.startswith(one) for one in only):
            yield name, recipe, on_grid


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--calibrate", type=int, default=64, help="windows to calibrate on")
    parser.add_argument("--windows", type=int, default=40, help="windows to measure on")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.125, 0.25, 0.375])
    parser.add_argument("--only", nargs="+", default=[], help="variants whose names begin so")
    parser.add_argument("--by-layer", action="store_true", help="also widths that differ from layer to layer")
    parser.add_argument("--no-speed", action="store_true")
    options = parser.parse_args()
    lane.run(measure, options)


def measure(options: Any) -> None:
    settings = Settings.from_env()
    folder = hub.get(settings.model, settings.cache)
    tokenizer, dense = make.load(folder)
    calibrating = windows(trained(options.data), tokenizer, options.calibrate)
    measured = windows(texts(articles(options.data)), tokenizer, options.windows)
    start = card.surprise(dense, measured)
    rows: list[list[object]] = [["dense", "", math.exp(start), "", "", ""]]
    metrics: dict[str, object] = {"dense_perplexity": math.exp(start)}
    smaller = None
    for share in options.shares:
        for name, recipe, on_grid in variants(share, options.only):
            found: list[object] = []
            began = time.process_time()
            for four_bits in (False, True):
                if four_bits and (on_grid or recipe.solve in ("none", "bias")):
                    break  # nothing moved: blocks stay on the grid, single channels leave it
                model = copy.deepcopy(dense)
                compress(model, calibrating, recipe, four_bits=four_bits)
                rise = 100 * (math.exp(card.surprise(model, measured) - start) - 1)
                metrics[f"{name}_{share:g}_{'four_bits' if four_bits else 'bf16'}_percent"] = rise
                found.append(f"{rise:+.1f}")
                if four_bits and share == 0.25:
                    smaller = model if name == "recipe" else smaller
            found += [""] * (2 - len(found))
            rows.append([name, f"{share:.1%}", "", *found, f"{time.process_time() - began:.0f}"])
        if options.by_layer:
            rows += by_layer(dense, calibrating, measured, share, start)
    report(
        options.json,
        f"{settings.model}, {len(calibrating)} windows to calibrate on, {len(measured)} to measure on; "
        f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB of memory",
        ("variant", "taken away", "perplexity", "rise in full, %", "as four bits, %", "CPU seconds"),
        rows,
        metrics,
    )
    if smaller is not None and not options.no_speed:
        speeds(options, dense, smaller)


def by_layer(dense: Any, calibrating: Any, measured: Any, share: float, start: float) -> list[list[object]]:
    """Widths by each strategy's own budget, which no standard checkpoint can say."""
    rows: list[list[object]] = []
    for name in ("flap", "cfsp", "modegpt"):
        recipe = Recipe(strategy=name, keep=1 - share, solve="squares")
        chosen = strategy(name).budget
        widths = chosen(surveyed(dense, calibrating, recipe), recipe.keep, recipe.multiple)
        model = copy.deepcopy(dense)
        compress(model, calibrating, recipe, four_bits=False, widths=widths)
        rise = 100 * (math.exp(card.surprise(model, measured) - start) - 1)
        rows.append([f"{name}, squares, by layer", f"{share:.1%}", "", f"{rise:+.1f}", "", ""])
    return rows


def speeds(options: Any, dense: Any, smaller: Any) -> None:
    """A pass over one token and a prompt of 512, both models on the four-bit kernel, taking turns; medians."""
    import torch

    networks, rows, metrics = {}, [], {}
    for name, model in (("dense", dense), ("smaller", smaller)):
        held = copy.deepcopy(model).to(torch.bfloat16)
        networks[name] = LeanNetwork(held, "int4")
        linears = [one for one in held.modules() if isinstance(one, torch.nn.Linear)]
        metrics[f"{name}_on_four_bits"] = sum(grid_of(one.weight.detach()) is not None for one in linears)
        metrics[f"{name}_matrices"] = len(linears)
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(12):
        for width in (1, 8, 512):
            for name, network in networks.items():
                memory = network.memory(1024)
                began = time.perf_counter()
                network.forward([Part(memory, [5] * width)], rows=[width - 1])
                times.setdefault((name, width), []).append(time.perf_counter() - began)
    for width in (1, 8, 512):
        old, new = (median(times[name, width][2:]) for name in networks)
        metrics[f"times_faster_{width}"] = old / new
        rows.append([width, f"{1e3 * old:.1f}", f"{1e3 * new:.1f}", f"{old / new:.2f}"])
    on = ", ".join(f"{name} {metrics[f'{name}_on_four_bits']}/{metrics[f'{name}_matrices']}" for name in networks)
    print()
    report(
        options.json,
        f"matrices on the four-bit kernel: {on}",
        ("tokens", "dense, ms", "smaller, ms", "times faster"),
        rows,
        metrics,
    )


if __name__ == "__main__":
    main()
