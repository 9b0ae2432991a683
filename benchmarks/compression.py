"""What a smaller model costs: perplexity by strategy, by share of the feed-forward that goes and by how the rest makes
good, in full and as four bits again; and how fast the dense and the smaller model run on the four-bit kernel.

Calibrated on articles of SQuAD's train split, measured on others of its dev split, windows of 512 tokens, the same for
all, compared in pairs. The recipe of ``evidentia model compress`` cuts layer after layer, each fitted to a text that
went through the layers before it as they are now; all other rows are cut at once, by the dense model's moments, which
are kept in ``--scratch``. Rows of ``by layer`` have widths that differ, which no standard checkpoint can say; ``flap,
bias, by layer`` and ``cfsp, none, by layer`` are what their authors released; ``magnitude`` is the warning. Each row is
written to ``--rows`` as soon as it is measured, and is not measured again. Models of the cache (``--models``) are
measured in full and as they are served, each beside the dense model in the same way.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any, Literal

from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import arguments, report
from evidentia.evaluation.squad import DEV, article_texts, read_articles, read_train, windows_of
from evidentia.serving.compress import card, make, scores, solve
from evidentia.serving.compress.choice import best, greedy
from evidentia.serving.compress.groups import Group, groups, indices
from evidentia.serving.compress.latency import latency_table, network_of
from evidentia.serving.compress.moments import Moments, add_damping, widen
from evidentia.serving.compress.pipeline import compress, cut_at_once, moments_of
from evidentia.serving.compress.recipes import Recipe
from evidentia.serving.compress.rounding import nearest, on_grid
from evidentia.serving.compress.strategies import STRATEGIES, strategy
from evidentia.serving.compress.stream import Stream, watch
from evidentia.serving.compress.survey import survey_layers
from evidentia.serving.models import hub
from evidentia.serving.network import torch_thread
from evidentia.serving.network.dtype import fastest_dtype
from evidentia.serving.network.lean import LeanNetwork
from evidentia.serving.network.network import SequenceInput
from evidentia.settings import Settings

NARROW = 5
"""Narrow passes that are timed for each prompt."""
SURVEYED = 4
"""Windows of the calibration text that budgets by layer are asked on, beside the moments of all."""
SERVED = "dense, served"
"""The row of the dense model on the four-bit kernel, which models of the cache are compared with there."""
Known = Callable[[Group], Moments]


@dataclass(frozen=True)
class Variant:
    name: str
    recipe: Recipe
    how: Literal["in turn", "at once", "by layer"] = "at once"
    stays: bool = False
    """Whether the result lies on the grid without rounding."""
    text: Literal["squad", "random"] = "squad"


def variants(share: float) -> Iterator[Variant]:
    own = Recipe(keep=1 - share)
    yield Variant("recipe", own, "in turn")
    yield Variant("recipe toward the dense model", replace(own, toward="dense"), "in turn")
    for name in STRATEGIES:
        for way in ("none", "bias", "squares"):
            text: Any = "random" if strategy(name).random_text else "squad"
            yield Variant(f"{name}, {way}", replace(own, strategy=name, solve=way), text=text)
    for name in ("flap", "cfsp", "modegpt", "ziplm"):
        for way in dict.fromkeys((strategy(name).solve, "squares")):
            yield Variant(f"{name}, {way}, by layer", replace(own, strategy=name, solve=way), "by layer")
    blocks = replace(own, strategy="flap", block=32)
    yield Variant("blocks of 32, nothing", replace(blocks, solve="none"), stays=True)
    yield Variant("blocks of 32, bias", blocks, stays=True)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--calibrate", type=int, default=64, help="windows to calibrate on")
    parser.add_argument("--windows", type=int, default=40, help="windows to measure on")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.125, 0.25, 0.375])
    parser.add_argument("--only", nargs="+", default=[], help="variants of these names")
    parser.add_argument("--bits", type=int, nargs="+", default=[16, 4], help="4: on the grid of four bits again")
    parser.add_argument("--rows", type=Path, help="file of the rows that are measured already")
    parser.add_argument("--scratch", type=Path, help="folder for the dense model's moments (300 MB)")
    parser.add_argument("--models", nargs="+", default=[], help="compressed models of the cache as rows beside them")
    parser.add_argument("--layers", type=int, nargs="+", help="only the errors of these layers' outputs, in minutes")
    parser.add_argument("--speed", help="only the speed of this compressed model of the cache beside the dense one")
    parser.add_argument("--targets", type=float, nargs="+", help="only whether these speeds are met by one table")
    options = parser.parse_args()
    way = layers if options.layers else targets if options.targets else speeds if options.speed else measure
    torch_thread.run(way, options)


def measure(options: Any) -> None:
    settings = Settings.from_env()
    tokenizer, dense = make.load(hub.get(settings.model, settings.cache))
    measured = windows_of(article_texts(read_articles(options.data / "squad" / DEV)), tokenizer, options.windows)
    rows = Rows(options.rows, f"{settings.model} {options.calibrate} {options.windows}")
    if "dense" not in rows.found:
        rows.add("dense", card.surprises(dense, measured), 0.0)
    for name in options.models:
        if 16 in options.bits and name not in rows.found:
            rows.add(name, card.surprises(make.load(make.found_source(name, settings.cache))[1], measured), 0.0)
    for name in [settings.model, *options.models] if options.models and 4 in options.bits else []:
        key = SERVED if name == settings.model else f"{name}||4"
        if key not in rows.found:
            rows.add(key, card.served_surprises(make.load(make.found_source(name, settings.cache))[1], measured), 0.0)
    wanted = [
        (one, share, bits)
        for share in options.shares
        for one in variants(share)
        for bits in options.bits
        if not options.only or one.name in options.only
        if not (bits == 4 and one.stays)
    ]
    made: dict[str, Any] = {}
    held: dict[tuple[str, int], Moments] = {}

    def calibrating(text: str) -> Any:
        if text not in made:
            found = windows_of(read_train(options.data / "squad"), tokenizer, options.calibrate)
            if text == "random":
                import torch

                drawn = torch.Generator().manual_seed(Recipe().seed)
                found = torch.randint(dense.config.vocab_size, found.shape, generator=drawn)
            made[text] = found
        return made[text]

    def known(text: str) -> Known:
        folder = options.scratch / f"{text}-{options.calibrate}"
        if not (folder / "done").is_file():
            keep_moments(dense, calibrating(text), folder)

        def moments(group: Group) -> Moments:
            if (text, group.layer) not in held:
                held[text, group.layer] = kept_moments(folder, dense, group)
            return held[text, group.layer]

        return moments

    def widths_for(recipe: Recipe, moments: Known) -> list[int]:
        def survey() -> list[int]:
            surveys = survey_layers(dense, calibrating("squad")[:SURVEYED], recipe, known=moments)
            return strategy(recipe.strategy).budget(surveys, recipe.keep, recipe.multiple)

        return kept_widths(options.scratch / f"squad-{options.calibrate}", recipe, survey)

    for variant, share, bits in wanted:
        key = f"{variant.name}|{share:g}|{bits}"
        if key in rows.found:
            continue
        began, model = time.process_time(), copy.deepcopy(dense)
        if variant.how == "in turn":
            compress(model, calibrating(variant.text), variant.recipe, four_bits=bits == 4)
        else:
            moments, widths = known(variant.text), None
            if variant.how == "by layer":
                widths = widths_for(variant.recipe, moments)
            cut_at_once(model, moments, variant.recipe, four_bits=bits == 4, widths=widths)
        spent = time.process_time() - began
        rows.add(key, card.surprises(model, measured), spent)
    rows.show(options, settings.model)


class Rows:
    """What was measured, in a file of JSON lines that a stop leaves whole."""

    def __init__(self, path: Path | None, what: str) -> None:
        self.path, self.what = path, what
        self.found: dict[str, Any] = {}
        if path is not None and path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                if row["what"] == what:
                    self.found[row["key"]] = row

    def add(self, key: str, surprises: list[float], seconds: float) -> None:
        self.found[key] = {"what": self.what, "key": key, "surprises": surprises, "seconds": seconds}
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(self.found[key]) + "\n")

    def rise(self, key: str) -> tuple[float, float]:
        """The rise in perplexity beside the dense model in percent, and its standard error, over windows in pairs."""
        dense = self.found[SERVED if key.endswith("||4") else "dense"]["surprises"]
        apart = [a - b for a, b in zip(self.found[key]["surprises"], dense, strict=True)]
        error = stdev(apart) / math.sqrt(len(apart)) if len(apart) > 1 else 0.0
        return 100 * math.expm1(fmean(apart)), 100 * math.exp(fmean(apart)) * error

    def show(self, options: Any, model: str) -> None:
        table: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
        metrics: dict[str, object] = {"dense_perplexity": math.exp(fmean(self.found["dense"]["surprises"]))}
        for key, row in self.found.items():
            if key not in ("dense", SERVED):
                name, share, bits = key.split("|") if "|" in key else (key, "", "16")
                table.setdefault((share, name), {})[bits] = self.rise(key)
                metrics[f"{key}_percent"], metrics[f"{key}_seconds"] = self.rise(key)[0], row["seconds"]
        rows = [
            [f"{float(share):.1%}" if share else "", name, *(_figure(found.get(bits)) for bits in ("16", "4"))]
            for (share, name), found in sorted(table.items())
        ]
        report(
            options.json,
            f"{model}, perplexity {metrics['dense_perplexity']:.2f} on {options.windows} windows; "
            f"{options.calibrate} windows to calibrate on",
            ("taken away", "variant", "rise in full, %", "as four bits, %"),
            rows,
            metrics,
        )


def _figure(found: tuple[float, float] | None) -> str:
    return "" if found is None else f"{found[0]:+.1f} ± {found[1]:.1f}"


def keep_moments(dense: Any, windows: Any, folder: Path) -> None:
    """One pass of the dense model over the text: the moments of every ``down``'s input."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    stream = Stream(dense, windows)
    for group in groups(dense.config, "ffn"):
        stream.advance(stream.half(group.layer, "kv"))
        count, total = 0, torch.zeros(group.width, dtype=torch.float64)
        square = torch.zeros(group.width, group.width, dtype=torch.float64)
        with watch(dense.model.layers[group.layer].get_submodule(group.consumer)) as seen:
            for part, after in stream.batches(stream.half(group.layer, "ffn")):
                inputs = widen(seen[0].flatten(0, 1))
                count, total = count + len(inputs), total + inputs.sum(0).double()
                square += (inputs.T @ inputs).double()
                stream.hidden[part] = after
        held = {"count": torch.tensor(count), "total": total, "square": square.float()}
        save_file(held, folder / f"{group.layer}.safetensors")
    (folder / "done").touch()


def kept_widths(folder: Path, recipe: Recipe, survey: Callable[[], list[int]]) -> list[int]:
    """The widths by layer that a survey gave for this strategy and share, once."""
    path = folder / f"widths-{recipe.strategy}-{recipe.keep:g}.json"
    if not path.is_file():
        path.write_text(json.dumps(survey()), encoding="utf-8")
    found: list[int] = json.loads(path.read_text(encoding="utf-8"))
    return found


def kept_moments(folder: Path, dense: Any, group: Group) -> Moments:
    from safetensors.torch import load_file

    held = load_file(folder / f"{group.layer}.safetensors")
    weight = dense.model.layers[group.layer].get_submodule(group.consumer).weight
    return Moments.of_inputs(int(held["count"]), held["total"], held["square"].double(), weight)


def layers(options: Any) -> None:
    """The squared error of what a layer's feed-forward gives, as a share of its own square, on the calibration text,
    the layers before it being dense: what the grid of four bits costs, and what blocks of 32 do."""
    settings, share = Settings.from_env(), options.shares[0]
    tokenizer, dense = make.load(hub.get(settings.model, settings.cache))
    stream = Stream(dense, windows_of(read_train(options.data / "squad"), tokenizer, options.calibrate))
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


def error_of(weight: Any, bias: Any | None, moments: Moments, columns: Any, dense: Any) -> float:
    """The error of ``weight`` on ``columns`` beside ``dense`` on all, both on the same input."""
    change = dense.double().clone()
    change[:, columns] -= weight
    dense, second = dense.double(), moments.second
    lost = (change @ second * change).sum()
    if bias is not None:
        lost = lost - 2 * bias @ (change @ moments.mean) + bias @ bias
    return float(lost / (dense @ second * dense).sum())


def speeds(options: Any) -> None:
    """A pass over one token and over eight behind a prompt of 512, and over that prompt, both models as served, and
    taking turns; medians of processor seconds."""
    settings = Settings.from_env()
    networks, counted = {}, {}
    for name in (settings.model, options.speed):
        _, model = make.load(make.found_source(name, settings.cache))
        networks[name] = LeanNetwork(model.to(fastest_dtype("cpu")), "int4")
        counted[name] = card.four_bits(model)
    times: dict[tuple[str, int], list[float]] = {}
    memories = {name: network.memory(1024) for name, network in networks.items()}
    for turn in range(options.windows):
        for width in (512, *(1, 8) * NARROW):
            for name in [*networks][:: 1 if turn % 2 else -1]:
                memories[name].length = 0 if width == 512 else 512
                began = time.process_time()
                networks[name].forward([SequenceInput(memories[name], [5] * width)], rows=[width - 1])
                times.setdefault((name, width), []).append(time.process_time() - began)
    rows: list[list[object]] = []
    metrics: dict[str, object] = {f"{name}_four_bits": one for name, one in counted.items()}
    for width in (1, 8, 512):
        old, new = (times[name, width] for name in networks)
        ratio = median(a / b for a, b in zip(old, new, strict=True))
        metrics[f"times_faster_{width}"] = ratio
        rows.append([width, f"{1e3 * median(old):.1f}", f"{1e3 * median(new):.1f}", f"{ratio:.2f}"])
    told = ", ".join(f"{name} {one}" for name, one in counted.items())
    report(
        options.json,
        f"matrices on the four-bit kernel: {told}",
        ("tokens", "dense, ms", "smaller, ms", "times"),
        rows,
        metrics,
    )


def targets(options: Any) -> None:
    """How many times faster a token is at the widths that one table of latencies gives for each target, the whole
    network cut without regard to quality, taking turns with the dense one; processor time, medians of pairs."""
    settings = Settings.from_env()
    _, model = make.load(make.found_source(settings.model, settings.cache))
    table, rows = latency_table(model, Recipe().multiple), []
    full, depth = model.config.intermediate_size, model.config.num_hidden_layers
    model = model.to(fastest_dtype("cpu"))
    dense, metrics = network_of(model, depth, full, None), {}
    for target in options.targets:
        width = table.width_for(target, Recipe().multiple)
        pair = dense, network_of(model, depth, width, dense)
        memories = [network.memory(300) for network in pair]
        times: list[list[float]] = [[], []]
        for turn in range(options.windows):
            for at in (0, 1) if turn % 2 else (1, 0):
                memories[at].length = min(memories[at].length, 256)
                tokens = [5] if memories[at].length else [5] * 256
                began = time.process_time()
                pair[at].forward([SequenceInput(memories[at], tokens)], rows=[len(tokens) - 1])
                times[at].append(time.process_time() - began)
        found = median(a / b for a, b in zip(times[0][1:], times[1][1:], strict=True))
        metrics[f"target_{target:g}"] = found
        rows.append((f"{target:g}", width, f"{table.faster(width):.2f}", f"{found:.2f}"))
    columns = ("target", "channels", "by the table", "measured")
    report(options.json, f"a token of {settings.model}, {full} channels", columns, rows, metrics)


if __name__ == "__main__":
    main()
