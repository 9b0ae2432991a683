"""What compressing a model will take, before anything is done: time, memory, disk; and whether it can be done at all.

Reads settings and file sizes. The only thing that is run is one matrix product, which tells this machine's speed.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError, StorageError
from ..models.checkpoint import NO_CODE
from ..models.convert import quiet_transformers
from ..network.dtype import fastest_dtype
from . import card
from .budgets import equal, uniform
from .export import refuse_unsayable, settings_of
from .groups import Group
from .memory import SPARE, to_cut, to_recover, to_survey
from .recipes import Recipe, fitting
from .strategies import STRATEGIES, strategy
from .survey import FEW
from .traced import narrower_settings

ROUNDING = 30_000_000
"""What a column costs when it is rounded, in operations of a product."""
LENGTHS = ("max_position_embeddings", "sliding_window")
RISES = {(0.875, False): 0.20, (0.75, False): 0.51, (0.875, True): 0.10, (0.75, True): 0.33, (0.625, True): 0.77}
"""By how much of itself the packaged model's perplexity rose, before recovery, by the share of the feed-forward that
stayed and by whether widths differed by layer (``benchmarks/compression.py``)."""


@dataclass(frozen=True, slots=True)
class Forecast:
    source: str
    width: int
    narrower: int
    """Channels of a feed-forward before and after."""
    parameters: int
    left: int
    bytes: int
    """Bytes of the checkpoint that will be written."""
    memory: int
    """Bytes that are needed at most."""
    minutes: float
    """On this machine, if nothing else runs."""
    rise: float | None
    """By how much of itself the packaged model's perplexity rose by the same; ``None`` where that was not measured."""


def forecast(folder: Path, recipe: Recipe, cache: Path) -> Forecast:
    """Raises ``InputError`` or ``ModelError`` for what cannot be done, ``StorageError`` where room is missing."""
    config = settings_of(folder)
    solve = recipe.solve or strategy(recipe.strategy).solve
    refuse_unsayable(config, solve, recipe.heads)
    width, layers = int(config["intermediate_size"]), int(config["num_hidden_layers"])
    narrower, rows = equal(width, recipe.keep, recipe.multiple), kept_rows(config, recipe)
    _refuse_widths(folder, width, recipe, other=recipe.heads != 1 or rows != config["vocab_size"])
    if recipe.by_layer and strategy(recipe.strategy).budget is uniform:
        named = [name for name in STRATEGIES if strategy(name).budget is not uniform]
        raise InputError(
            "this strategy keeps the same in every layer", where=recipe.strategy, fix=f"choose {' or '.join(named)}"
        )
    _refuse_long(folder, recipe, *(int(config.get(name) or recipe.length) for name in LENGTHS))
    parameters, left = count(config), remaining(config, recipe)
    wide, tokens = int(config["hidden_size"]), recipe.windows * recipe.length
    streams = 2 if recipe.toward == "dense" and solve in ("squares", "affine") else 1
    beside = to_cut(tokens=tokens, wide=wide, width=width, streams=streams)
    if recipe.by_layer:
        beside += to_survey(int(config["vocab_size"]), recipe.length)
    if recipe.recover:
        number = 2 if str(fastest_dtype("cpu")) == "torch.bfloat16" else 4
        beside = max(beside, to_recover(config, recipe.rank, parameters=parameters, number=number))
    memory = 4 * parameters + beside + SPARE
    work = tokens * ((streams + 2) * 2 * parameters + 2 * layers * width * (width + wide))
    work += layers * (12 * width**3 + ROUNDING * width)
    if recipe.by_layer:  # the survey: one more pass with its moments, and what each layer's cut costs is heard
        work += tokens * (4 * parameters + 2 * layers * width * (width + wide))
        work += layers * (FEW * recipe.length * parameters + 24 * width**3)
    found = Forecast(
        source=folder.name,
        width=width,
        narrower=narrower,
        parameters=parameters,
        left=left,
        bytes=width_of(config) * (parameters if recipe.by_layer else left),
        memory=memory,
        minutes=work / speed(wide, width) / 60 + recipe.recover,
        rise=known_rise(recipe),
    )
    _refuse_too_large(found, cache)
    return found


def forecast_traced(folder: Path, recipe: Recipe, cache: Path, found: Sequence[Group]) -> Forecast:
    """``forecast`` for a model outside the Llama family, of which only the feed-forwards ``found`` are known
    (``traced.py``)."""
    with quiet_transformers():
        from transformers import AutoConfig

        config = AutoConfig.from_pretrained(folder, **NO_CODE)
    if recipe.by_layer or recipe.heads != 1 or recipe.rows or recipe.recover or recipe.toward == "dense":
        raise InputError(
            f"{config.model_type} only loses channels of its feed-forwards, the same number in each",
            where=str(folder),
            fix="leave out what is asked beside, or use a model of the Llama family",
        )
    wide, width = int(config.hidden_size), found[0].units
    narrower = equal(width, recipe.keep, recipe.multiple)
    _refuse_widths(folder, width, recipe, other=False)
    _refuse_long(folder, recipe, int(getattr(config, "max_position_embeddings", None) or recipe.length))
    narrower_settings(config, found, narrower)
    matrices = sum(len(group.producers) + 1 for group in found)
    parameters, tokens = card.parameters(folder), recipe.windows * recipe.length
    left = parameters - matrices * wide * (width - narrower)
    work = tokens * (len(found) * parameters + 2 * len(found) * width * (width + wide)) + 12 * len(found) * width**3
    forecast = Forecast(
        source=folder.name,
        width=width,
        narrower=narrower,
        parameters=parameters,
        left=left,
        bytes=card.size(folder) * left // parameters,
        memory=4 * parameters + to_cut(tokens=0, wide=wide, width=width, streams=1) + SPARE,
        minutes=work / speed(wide, width) / 60,
        rise=None,
    )
    _refuse_too_large(forecast, cache)
    return forecast


def known_rise(recipe: Recipe) -> float | None:
    """What ``RISES`` says of just this, cut by the recipes' own strategy."""
    plain = Recipe(keep=recipe.keep, by_layer=recipe.by_layer)
    same = all(
        getattr(recipe, name) == getattr(plain, name) for name in ("strategy", "solve", "block", "heads", "rows")
    )
    return RISES.get((recipe.keep, recipe.by_layer)) if same else None


def smallest(folder: Path, bytes_: int) -> Recipe:
    """The recipe that takes least away for a checkpoint of at most ``bytes_``. Raises ``InputError`` where none is so
    small, and what ``export.settings_of`` raises."""
    config = settings_of(folder)
    return fitting(bytes_, lambda recipe: width_of(config) * remaining(config, recipe))


def remaining(config: Mapping[str, Any], recipe: Recipe) -> int:
    """Parameters that are left."""
    narrower = equal(int(config["intermediate_size"]), recipe.keep, recipe.multiple)
    less = {"intermediate_size": narrower, "vocab_size": kept_rows(config, recipe)}
    return count({**config, **_fewer_heads(config, recipe.heads), **less})


def kept_rows(config: Mapping[str, Any], recipe: Recipe) -> int:
    return min(recipe.rows or int(config["vocab_size"]), int(config["vocab_size"]))


def width_of(config: Mapping[str, Any]) -> int:
    """Bytes of a number in the checkpoint."""
    return 2 if str(config.get("dtype", config.get("torch_dtype"))) in ("bfloat16", "float16") else 4


def count(config: Mapping[str, Any]) -> int:
    """Parameters of a model of the Llama family, norms and biases left aside."""
    wide, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
    groups = int(config.get("num_key_value_heads") or heads)
    size = int(config.get("head_dim") or wide // heads)
    layer = 2 * wide * size * (heads + groups) + 3 * wide * int(config["intermediate_size"])
    ends = 1 if config.get("tie_word_embeddings") else 2
    return int(config["num_hidden_layers"]) * layer + ends * wide * int(config["vocab_size"])


def _fewer_heads(config: Mapping[str, Any], share: float) -> dict[str, int]:
    heads = int(config["num_attention_heads"])
    groups = int(config.get("num_key_value_heads") or heads)
    left = max(1, round(share * groups))
    size = int(config.get("head_dim") or config["hidden_size"] // heads)
    return {"num_attention_heads": heads // groups * left, "num_key_value_heads": left, "head_dim": size}


def speed(wide: int, width: int) -> float:
    """Operations per second of a product like those of the model, on this machine if nothing else runs: in processor
    time, shared by the threads."""
    import torch

    x, weight = torch.randn(1024, wide), torch.randn(width, wide)
    times = []
    for _ in range(4):
        start = time.process_time()
        torch.nn.functional.linear(x, weight)
        times.append((time.process_time() - start) / torch.get_num_threads())
    return 2 * 1024 * wide * width / sorted(times[1:])[1]


def _refuse_widths(folder: Path, width: int, recipe: Recipe, *, other: bool) -> None:
    """``other``: something else is cut than feed-forwards."""
    if width % recipe.multiple or width % recipe.block or recipe.multiple % recipe.block:
        raise InputError(
            f"{width} channels cannot be cut in steps of {recipe.multiple} and blocks of {recipe.block}",
            where=str(folder),
            fix="choose a multiple that divides them",
        )
    if equal(width, recipe.keep, recipe.multiple) == width and not other:
        raise InputError(
            "this would cut nothing",
            where=f"keep {recipe.keep:g} of {width} channels",
            fix=f"keep at most {1 - recipe.multiple / width:.3f}",
        )


def _refuse_long(folder: Path, recipe: Recipe, *longest: int) -> None:
    if recipe.length > min(longest):
        raise InputError(
            f"the model reads {min(longest)} tokens at once, and a window has {recipe.length}",
            where=str(folder),
            fix="choose shorter windows",
        )


def _refuse_too_large(forecast: Forecast, cache: Path) -> None:
    place = next(path for path in (cache, *cache.parents) if path.exists())
    free = shutil.disk_usage(place).free
    needed = 2 * forecast.bytes  # the layers of a run that may be stopped, and the checkpoint
    if needed > free:
        raise StorageError(
            f"the disk has {free / 1e9:.1f} GB free, and {needed / 1e9:.1f} GB are needed",
            where=str(place),
            fix="free some space or set EVIDENTIA_CACHE to another folder",
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else None
    if memory is not None and forecast.memory > memory:
        raise InputError(
            f"this needs {forecast.memory / 1e9:.1f} GB of memory, and the machine has {memory / 1e9:.1f}",
            where=forecast.source,
            fix="choose fewer windows or a smaller model",
        )
