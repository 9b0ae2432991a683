"""A model in the cache from another one: everything between the command and the skeleton.

The source is only read. What is finished of a run that was stopped lies in the cache beside the models and is taken up
by the next run of the same recipe, source and text.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...errors import InputError, ModelError, require
from ..base import Message
from ..drafting.seed import OWN as OWN_SEED
from ..drafting.seed import made_for
from ..models import hub
from ..models.adapters import OWN
from ..models.checkpoint import NO_CODE, Checkpoint
from ..models.convert import Progress, first_line, quiet_transformers
from ..models.fingerprint import fingerprint
from ..models.wheel import PACKAGED
from ..network import torch_thread
from ..network.grid import grid_of
from ..network.lean import FAMILY
from . import calibration, card, export, reading, steps, traced, vocabulary
from .adapters import Carried
from .budgets import equal
from .groups import Group
from .latency import LatencyTable, latency_table
from .pipeline import compress, compress_groups
from .plan import Forecast, forecast, forecast_traced
from .recipes import Recipe
from .recover import recover
from .resume import KeptLayers
from .strategies import strategy
from .survey import survey_layers
from .tune import tune

_log = logging.getLogger(__name__)


def found_source(source: str, cache: Path) -> Path:
    """Raises ``ModelError`` when the model is not here."""
    folder = hub.find(source, cache)
    if folder is None:
        raise ModelError("the model is not on this machine", where=source, fix=f"run: evidentia model get {source}")
    return folder


def plan(source: str, recipe: Recipe, cache: Path) -> Forecast:
    """What ``make`` would take. Raises what ``forecast`` raises."""
    folder = found_source(source, cache)
    return _forecast(folder, recipe, cache, _traced_groups(folder))


def _traced_groups(folder: Path) -> list[Group]:
    """The feed-forwards of a model outside the Llama family; none for one within."""
    return [] if export.read_settings(folder).get("model_type") in FAMILY else traced.find_groups(folder)


def _forecast(folder: Path, recipe: Recipe, cache: Path, found: Sequence[Group]) -> Forecast:
    return forecast_traced(folder, recipe, cache, found) if found else forecast(folder, recipe, cache)


def make(
    name: str,
    source: str,
    texts: Sequence[str],
    recipe: Recipe,
    cache: Path,
    progress: Progress = lambda stage, done, total: None,
    talks: Sequence[Sequence[Message]] = (),
    general: Sequence[str] = (),
) -> Path:
    """The folder of the new model called ``name``. Recovery reads the conversations ``talks`` and the texts
    ``general`` beside ``texts``.

    Raises ``InputError`` where it cannot be made or the name is taken, ``ModelError`` for a source that cannot be read.
    """
    folder = found_source(source, cache)
    refuse_taken(name, cache)
    found = _traced_groups(folder)
    _forecast(folder, recipe, cache, found)
    if recipe.recover:
        require("peft", "train")
    return torch_thread.run(
        _make,
        name,
        source,
        folder=folder,
        found=found,
        texts=texts,
        talks=talks,
        general=general,
        recipe=recipe,
        cache=cache,
        progress=progress,
    )


def keeps_for(
    source: str,
    targets: Sequence[float],
    recipe: Recipe,
    cache: Path,
    progress: Progress = lambda stage, done, total: None,
) -> list[float]:
    """The share of the feed-forward that stays for each of ``targets``, times that a token is to be faster on this
    machine, by one table of latencies. Raises ``InputError`` for what cannot be reached."""
    folder = found_source(source, cache)
    export.settings_of(folder)
    progress("latency", 0, 1)

    def measure() -> LatencyTable:
        return latency_table(load(folder)[1], recipe.multiple)

    table = torch_thread.run(measure)
    progress("latency", 1, 1)
    return [table.width_for(target, recipe.multiple) / max(table.layer) for target in targets]


def refuse_taken(name: str, cache: Path) -> None:
    """Raises ``InputError`` for a name that a model of the cache has, or that is no name."""
    if Path(name).name != name or name.startswith("."):
        raise InputError("this is no name for a model", where=name, fix="choose one without slashes")
    if name in PACKAGED or name in {entry.name for entry in hub.listing(cache)}:
        raise InputError(
            "a model of this name is here already",
            where=name,
            fix=f"choose another --name, or run: evidentia model remove {name}",
        )


def _make(
    name: str,
    source: str,
    *,
    folder: Path,
    found: Sequence[Group],
    texts: Sequence[str],
    talks: Sequence[Sequence[Message]],
    general: Sequence[str],
    recipe: Recipe,
    cache: Path,
    progress: Progress,
) -> Path:
    import torch

    done = steps.follow(_steps(folder), "prune")
    progress("load", 0, 1)
    tokenizer, model = load(folder)
    dtype = getattr(torch, str(model.config.dtype).removeprefix("torch."))

    encode = calibration.encoder(tokenizer)
    chosen = calibration.windows(texts, encode, recipe.windows, recipe.length, recipe.seed)
    calibrating, measured = (torch.tensor(part) for part in calibration.split_windows(chosen))
    narrower = equal(found[0].units if found else model.config.intermediate_size, recipe.keep, recipe.multiple)
    calibration.refuse_too_few(calibrating.numel(), narrower)
    tokens = _rows(folder, texts, tokenizer, encode, recipe.rows) if recipe.rows else None
    traced.refuse_bias(model, found, recipe.solve or strategy(recipe.strategy).solve)
    four_bits = not found and on_a_grid(model)
    facts = {
        "name": source,
        "weights": digest(folder),
        "recipe": asdict(recipe),
        "text": hashlib.sha256(json.dumps(chosen).encode()).hexdigest(),
        "four_bits": four_bits,
    }
    planted = made_for(fingerprint(model))
    progress("measure", 0, 1)
    dense = math.exp(card.surprise(model, measured))
    layers = {**facts, "recipe": {**asdict(recipe), "recover": 0.0}}  # minutes may be added
    kept = KeptLayers(cache / "models" / f".compress-{name}", layers)

    def survey() -> list[int]:
        surveys = survey_layers(model, calibrating, recipe, progress)
        return strategy(recipe.strategy).budget(surveys, recipe.keep, recipe.multiple)

    widths = kept.widths(survey) if recipe.by_layer else None
    carried = Carried(source, kept.folder)
    if found:
        turned = traced.use_linear(model)
        compress_groups(model, found, calibrating, recipe, kept=kept, progress=progress)
        traced.store_turned(model, turned)
        model.config = traced.narrower_settings(model.config, found, narrower)
    else:
        compress(
            model,
            calibrating,
            recipe,
            four_bits=four_bits,
            widths=widths,
            kept=kept,
            carry=carried if carried.names else None,
            progress=progress,
        )
    if recipe.recover:
        read = torch.tensor(reading.mix(texts, talks, general, tokenizer, recipe=recipe))
        done = steps.follow(done, "recover")
        if four_bits:
            learnt = tune(model, load(folder)[1], read, recipe.recover, kept=kept.folder, progress=progress)
        else:
            done = steps.follow(done, "merge")
            model, learnt = recover(model, load(folder)[1], read, recipe, kept=kept.folder, progress=progress)
        facts["recovered"] = asdict(learnt)
    if four_bits:
        done = steps.follow(done, "quantise")
    progress("measure", 0, 1)
    cut = math.exp(card.surprise(model, measured))
    if tokens is not None:
        vocabulary.cut_rows(model, tokens)
    facts["steps"] = steps.follow(done, "drafters") if planted is not None and tokens is None else done
    if recipe.by_layer:
        facts["widths"] = padded = export.pad(model)
        carried.pad(padded)
    told = {**facts, "perplexity": {"dense": dense, "compressed": cut, "tokens": measured.numel()}}

    def fill(built: Path) -> None:
        carried.save(built / OWN, name)
        if planted is not None and tokens is None:  # its rows are token ids
            (built / OWN_SEED).parent.mkdir()
            shutil.copyfile(planted, built / OWN_SEED)
        write = export.write_plain if found else export.write
        write(model, folder, folder=built, facts=told, dtype=dtype, tokens=tokens)
        card.write(built, card.first(name, folder, built, told))

    with quiet_transformers():
        made = hub.publish(name, cache, fill)
    kept.remove()
    return made


def on_a_grid(model: Any) -> bool:
    """Whether the model lies on the engine's grid of four bits."""
    import torch

    return grid_of(model.model.layers[0].mlp.down_proj.weight.detach().to(torch.bfloat16)) is not None


def _steps(folder: Path) -> list[str]:
    """The steps that a checkpoint has behind it; raises ``InputError`` for one that is rounded, in ``steps.follow``."""
    checkpoint = Checkpoint.read(folder)
    return list(checkpoint.source.get("steps", [])) if checkpoint else []


TEXT = 4_000_000
"""Characters by which the rows of a vocabulary are chosen."""


def _rows(
    folder: Path, texts: Sequence[str], tokenizer: Any, encode: Callable[[str], list[int]], rows: int
) -> list[int]:
    """Tokens that stay, by the texts and by the chat template. Raises ``InputError`` like ``vocabulary.kept``."""
    told = json.loads((folder / vocabulary.TOKENIZER).read_text(encoding="utf-8"))
    share = max(1, TEXT // max(1, len(texts)))
    tokens = [token for text in (str(tokenizer.chat_template or ""), *texts) for token in encode(text[:share])]
    return vocabulary.ids_to_keep(told, tokens, rows)


def load(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model in fp32: sums over a text are kept in it, and few CPUs multiply in fewer bits. Raises
    ``ModelError`` for a checkpoint that cannot be read, or whose weights are missing or no numbers."""
    import torch

    with quiet_transformers():
        from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, **NO_CODE)
            stored = AutoConfig.from_pretrained(folder, **NO_CODE).dtype
            safe = {**NO_CODE, "use_safetensors": True, "attn_implementation": "sdpa"}  # causal without a mask
            model, told = AutoModelForCausalLM.from_pretrained(
                folder, dtype=torch.float32, output_loading_info=True, **safe
            )
        except Exception as error:  # the tokenizers library raises plain Exception
            raise ModelError(f"the model cannot be loaded ({first_line(error)})", where=str(folder)) from error
    if missing := sorted(told["missing_keys"]):
        raise ModelError(
            f"the checkpoint lacks {len(missing)} of its weights",
            where=f"{folder}, {missing[0]}",
            fix="get the checkpoint anew",
        )
    for name, weight in model.named_parameters():
        if not torch.isfinite(weight).all():
            raise ModelError(
                "a weight holds numbers that are none (NaN or infinite)",
                where=f"{folder}, {name}",
                fix="get the checkpoint anew",
            )
    model.config.dtype = stored or torch.float32
    return tokenizer, model.eval()


def digest(folder: Path) -> str:
    """A digest of the source's weights: what the manifest says, else by name, size and time."""
    checkpoint = Checkpoint.read(folder)
    known = checkpoint.files if checkpoint else {}
    told = {
        path.name: known[path.name]["sha256"] if path.name in known else [path.stat().st_size, path.stat().st_mtime_ns]
        for path in sorted(folder.glob("*.safetensors"))
    }
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
