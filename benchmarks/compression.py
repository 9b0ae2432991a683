"""What a smaller model costs: perplexity by strategy, by share of the feed-forward that goes and by how the rest makes
good, in full and as four bits again; and how fast the dense and the smaller model run on the four-bit kernel.

Calibrated on articles of SQuAD's train split, measured on others of its dev split, windows of 512 tokens, the same for
all. ``ziplm`` with ``squares`` is the recipe of ``evidentia model compress``; blocks of 32
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

from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, read_articles
from evidentia.serving.compress import card, make, scores, solve
from evidentia.serving.compress.choice import best, greedy
from evidentia.serving.compress.groups import groups, indices
from evidentia.serving.compress.moments import add_damping
from evidentia.serving.compress.pipeline import compress, error_of, moments_of, survey_layers
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.rounding import nearest, on_grid
from evidentia.serving.compress.strategies import STRATEGIES, strategy
from evidentia.serving.compress.stream import Stream
from evidentia.serving.models import hub
from evidentia.serving.network import torch_thread
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.network import SequenceInput
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
        "recipe, toward the dense model": (Recipe(keep=1 - share, toward="dense"), False),
        "blocks of 32, nothing": (replace(blocks, solve="none"), True),
        "blocks of 32, bias": (blocks, True),
    }
    for name in STRATEGIES:
        for way in ("none", "bias", "squares"):
            named[f"{name}, {way}"] = replace(own, strategy=name, solve=way), False
    for name, (recipe, stays) in named.items():
        if not only or any(name.startswith(one) for one in only):
            yield name, recipe, stays


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--calibrate", type=int, default=64, help="windows to calibrate on")
    parser.add_argument("--windows", type=int, default=40, help="windows to measure on")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.125, 0.25, 0.375])
    parser.add_argument("--only", nargs="+", default=[], help="variants whose names begin so")
    parser.add_argument("--by-layer", action="store_true", help="also widths that differ from layer to layer")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--layers", type=int, nargs="+", help="only the errors of these layers' outputs, in minutes")
    options = parser.parse_args()
    torch_thread.run(layers if options.layers else measure, options)


def measure(options: Any) -> None:
    settings = Settings.from_env()
    folder = hub.get(settings.model, settings.cache)
    tokenizer, dense = make.load(folder)
    calibrating = windows(trained(options.data), tokenizer, options.calibrate)
    measured = windows(texts(read_articles(options.data / "squad" / DEV)), tokenizer, options.windows)
    start = card.surprise(dense, measured)
    rows: list[list[object]] = [["dense", "", math.exp(start), "", "", ""]]
    metrics: dict[str, object] = {"dense_perplexity": math.exp(start)}
    smaller = None
    for share in options.shares:
        for name, recipe, stays in variants(share, options.only):
            found: list[object] = []
            began = time.process_time()
            for four_bits in (False, True):
                if four_bits and stays:
                    break  # nothing moved
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
    times: list[list[object]] = []
    if smaller is not None and not options.no_speed:
        times, faster = speeds(dense, smaller)
        metrics |= faster
    report(
        options.json,
        f"{settings.model}, {len(calibrating)} windows to calibrate on, {len(measured)} to measure on; "
        f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB of memory",
        ("variant", "taken away", "perplexity", "rise in full, %", "as four bits, %", "CPU seconds"),
        rows,
        metrics,
    )
    if times and not options.json:
        title = ", ".join(f"{name} {metrics[f'{name}_four_bits']}" for name in ("dense", "smaller"))
        print()
        report(False, f"on the four-bit kernel: {title}", ("tokens", "dense, ms", "smaller, ms", "times"), times, {})


def layers(options: Any) -> None:
    """The squared error of what a layer's feed-forward gives, as a share of its own square, on the calibration text,
    the layers before it being dense: what the grid of four bits costs, and what blocks of 32 do."""
    settings, share = Settings.from_env(), options.shares[0]
    tokenizer, dense = make.load(hub.get(settings.model, settings.cache))
    stream = Stream(dense, windows(trained(options.data), tokenizer, options.calibrate))
    found: dict[str, list[float]] = {}
    for group in groups(dense.config, "ffn")[: max(options.layers) + 1]:
        stream.advance(stream.half(group.layer, "kv"))
        if group.layer in options.layers:
            layer = dense.model.layers[group.layer]
            moments = moments_of(stream, layer, group, None)
            for name, error in errors(layer.get_submodule(group.consumer).weight.detach(), moments, share).items():
                found.setdefault(name, []).append(100 * error)
        stream.advance(stream.half(group.layer, "ffn"))
    report(
        options.json,
        f"{settings.model}: squared error of a layer's feed-forward in %, {share:.1%} of its channels gone, "
        f"{options.calibrate} windows",
        ("variant", *(f"layer {number}" for number in options.layers)),
        [[name, *(f"{one:.2f}" for one in row)] for name, row in found.items()],
        {
            f"{name}_{number}": one
            for name, row in found.items()
            for number, one in zip(options.layers, row, strict=True)
        },
    )


def errors(weight: Any, moments: Any, share: float) -> dict[str, float]:
    width = weight.shape[1]
    keep, ridge = round((1 - share) * width / 32) * 32, Recipe().ridge
    one, block = scores.GroupWeights(weight, (), 1), scores.GroupWeights(weight, (), 32)
    blocks = indices(best(scores.fluctuation(block, moments, ridge), keep // 32), 32)
    flap = best(scores.fluctuation(one, moments, ridge), keep)
    chosen, _ = greedy(weight, add_damping(moments.second, ridge), 1, keep)
    chosen = chosen[moments.second.diagonal()[chosen].argsort(descending=True)]
    fitted, _ = solve.squares(weight, moments, chosen, ridge)

    def made(way: solve.Solve, columns: Any) -> float:
        return error_of(*way(weight, moments, columns, ridge), moments, columns, weight)

    return {
        "blocks of 32, nothing": made(solve.none, blocks),
        "blocks of 32, bias": made(solve.bias, blocks),
        "single channels, FLAP's score, bias": made(solve.bias, flap),
        "single channels, FLAP's score, least squares": made(solve.squares, flap),
        "single channels, ZipLM, least squares": made(solve.squares, chosen),
        "… on the grid, in GPTQ's order": error_of(
            on_grid(fitted, moments.second[chosen][:, chosen]).double(), None, moments, chosen, weight
        ),
        "… on the grid, to the nearest": error_of(nearest(fitted).double(), None, moments, chosen, weight),
    }


def by_layer(dense: Any, calibrating: Any, measured: Any, share: float, start: float) -> list[list[object]]:
    """Widths by each strategy's own budget, which no standard checkpoint can say."""
    rows: list[list[object]] = []
    for name in ("flap", "cfsp", "modegpt"):
        recipe = Recipe(strategy=name, keep=1 - share, solve="squares")
        chosen = strategy(name).budget
        widths = chosen(survey_layers(dense, calibrating, recipe), recipe.keep, recipe.multiple)
        model = copy.deepcopy(dense)
        compress(model, calibrating, recipe, four_bits=False, widths=widths)
        rise = 100 * (math.exp(card.surprise(model, measured) - start) - 1)
        rows.append([f"{name}, squares, by layer", f"{share:.1%}", "", f"{rise:+.1f}", "", ""])
    return rows


def speeds(dense: Any, smaller: Any) -> tuple[list[list[object]], dict[str, object]]:
    """A pass over one token, over eight, and over a prompt of 512, both models on the four-bit kernel, taking turns;
    medians."""
    import torch

    networks: dict[str, LeanNetwork] = {}
    metrics: dict[str, object] = {}
    for name, model in (("dense", dense), ("smaller", smaller)):
        held = copy.deepcopy(model).to(torch.bfloat16)
        networks[name] = LeanNetwork(held, "int4")
        metrics[f"{name}_four_bits"] = card.four_bits(held)
    times: dict[tuple[str, int], list[float]] = {}
    for _ in range(12):
        for width in (1, 8, 512):
            for name, network in networks.items():
                memory = network.memory(1024)
                began = time.perf_counter()
                network.forward([SequenceInput(memory, [5] * width)], rows=[width - 1])
                times.setdefault((name, width), []).append(time.perf_counter() - began)
    rows: list[list[object]] = []
    for width in (1, 8, 512):
        old, new = (median(times[name, width][2:]) for name in networks)
        metrics[f"times_faster_{width}"] = old / new
        rows.append([width, f"{1e3 * old:.1f}", f"{1e3 * new:.1f}", f"{old / new:.2f}"])
    return rows, metrics


if __name__ == "__main__":
    main()
