"""``evidentia model compress`` and ``model show``: a smaller model from a larger one, and what it costs."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import ReadError
from ..registry import check_name
from ..settings import Settings
from .compress_embedder import compress_embedder, is_embedder
from .terminal import Json, console, print_json, settings_for

if TYPE_CHECKING:
    from ..serving.compress.plan import Forecast
    from ..serving.compress.recipes import Recipe

DOCUMENTS = 256
"""Of a library, that calibration draws its windows from."""


def model_compress(
    source: Annotated[str, typer.Argument(help="A model in the cache, a checkpoint's folder, or all-MiniLM-L6-v2.")],
    recipe: Annotated[
        str, typer.Option(help="How much of the feed-forward goes: light (1/8), small (1/4), smaller (3/8).")
    ] = "small",
    fit: Annotated[
        int | None, typer.Option(help="In place of a recipe: the mildest one whose file has at most so many MB.")
    ] = None,
    faster: Annotated[
        list[float] | None,
        typer.Option(help="In place of a recipe: so many times faster on this machine (1.25); may be given again."),
    ] = None,
    calibrate: Annotated[
        Path | None, typer.Option(help="A library's folder or a text file (default: your library).")
    ] = None,
    general: Annotated[
        Path | None, typer.Option(help="A text file that recovery reads as well, so that it forgets less.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Of the new model (default: the old one's and the recipe's).")
    ] = None,
    strategy: Annotated[
        str | None, typer.Option(help="Which channels go, by what paper: ziplm, flap, cfsp, modegpt, obspa, wanda.")
    ] = None,
    keep: Annotated[float | None, typer.Option(help="Share of the feed-forward channels that stays.")] = None,
    heads: Annotated[float | None, typer.Option(help="Share of the groups of key and value heads that stays.")] = None,
    solve: Annotated[str | None, typer.Option(help="How the rest compensates: none, bias, squares, affine.")] = None,
    by_layer: Annotated[
        bool | None,
        typer.Option(
            "--by-layer", help="Widths that differ by layer: costs less, for our engine alone; the file stays large."
        ),
    ] = None,
    windows: Annotated[int | None, typer.Option(help="Windows of 512 tokens to calibrate on.")] = None,
    rows: Annotated[
        int | None, typer.Option(help="Rows of the vocabulary that stay, the commonest in the text (default: all).")
    ] = None,
    recover: Annotated[
        float | None, typer.Option(help="Processor minutes in which the cut model learns from the whole one.")
    ] = None,
    rank: Annotated[int | None, typer.Option(help="Of the changes by which it learns.")] = None,
    ranks: Annotated[str | None, typer.Option(help="How rank is shared among layers: importance or equal.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it will take and cost.")] = False,
    as_json: Json = False,
) -> None:
    """Make a smaller model out of one that is here: channels go, the rest compensates for them. The source stays as it
    is, and a stopped run goes on where it was."""
    from ..agents.talks import talks
    from ..serving.compress import make, recipes
    from ..serving.compress.plan import smallest
    from . import progress

    settings, shown = Settings.from_env(), console(as_json)
    if is_embedder(source):
        others = {"--strategy": strategy, "--heads": heads, "--solve": solve, "--windows": windows, "--rows": rows,
                  "--fit": fit, "--faster": faster or None, "--rank": rank, "--ranks": ranks,
                  "--general": general, "--by-layer": by_layer or None}  # fmt: skip
        called, share = name or f"{Path(source).name}-{recipe}", keep or recipes.recipe(recipe).keep
        compress_embedder(
            called, share, recover, lambda: _texts(calibrate, settings, 0),
            others=others, dry_run=dry_run, as_json=as_json,
        )  # fmt: skip
        return
    folder = make.found_source(source, settings.cache)
    chosen = smallest(folder, fit * 1_000_000) if fit is not None else recipes.recipe(recipe)
    label = next(known for known, one in recipes.RECIPES.items() if one == chosen)
    options = {"strategy": strategy, "keep": keep, "heads": heads, "solve": solve, "windows": windows, "rows": rows}
    asked = _change(chosen, **options, by_layer=by_layer, recover=recover, rank=rank, ranks=ranks)
    wanted = {name or f"{Path(source).name}-{label}": asked}
    if faster:
        with progress.show(shown) as report:
            kept = make.keeps_for(source, faster, asked, settings.cache, report)
        base = name or Path(source).name
        wanted = {f"{base}-{target:g}x": replace(asked, keep=one) for target, one in zip(faster, kept, strict=True)}
    plans = {}
    for made, one in wanted.items():
        make.refuse_taken(made, settings.cache)
        plans[made] = make.plan(source, one, settings.cache)
        if not as_json:
            shown.print(_forecast(made, plans[made], one), markup=False, highlight=False)
    if dry_run:
        if as_json:
            told = [{"name": made, **asdict(plan)} for made, plan in plans.items()]
            print_json(told if faster else told[0])
        return
    texts = _texts(calibrate, settings, asked.seed)
    more = [_text(general)] if general is not None else []
    paths = {}
    for made, one in wanted.items():
        with progress.show(shown) as report:
            paths[made] = make.make(
                made,
                source,
                texts,
                one,
                cache=settings.cache,
                progress=report,
                talks=talks(texts) if one.recover else (),
                general=more,
            )
        if not as_json:
            shown.print(f"ready: {paths[made]}\nits card: evidentia model show {made}", markup=False, highlight=False)
    if as_json:
        ready = [{"name": made, "path": str(path)} for made, path in paths.items()]
        print_json(ready if faster else ready[0])


def _forecast(name: str, plan: Forecast, recipe: Recipe) -> str:
    spread = "on average" if recipe.by_layer else "in each feed-forward"
    told = (
        f"{name}: {plan.narrower:,} of {plan.width:,} channels {spread}, "
        f"{plan.left / 1e6:.0f} of {plan.parameters / 1e6:.0f} million parameters, {plan.bytes / 1e6:.0f} MB; "
        f"about {max(1, round(plan.minutes))} minutes and {plan.memory / 1e9:.1f} GB of memory"
    )
    if plan.rise is None:
        return told
    again = ", before what recovery brings back" if recipe.recover else ""
    return f"{told}\nits price: the packaged model's perplexity rose by {100 * plan.rise:.0f} % so{again}"


def model_export(
    name: Annotated[str, typer.Argument(help="A model in the cache, or a checkpoint's folder.")],
    file: Annotated[Path, typer.Argument(help="The GGUF file to write.")],
    weights: Annotated[
        str, typer.Option(help="auto (four bits where nothing is lost, else eight), q8_0, f16.")
    ] = "auto",
    as_json: Json = False,
) -> None:
    """Write a model as a GGUF file, which llama.cpp loads. A checkpoint needs no export: transformers and vLLM load its
    folder."""
    from ..serving.compress import make
    from ..serving.models.gguf_file import write_gguf

    path = write_gguf(make.found_source(name, Settings.from_env().cache), file, weights)
    if as_json:
        print_json({"path": str(path), "bytes": path.stat().st_size})
    else:
        size = path.stat().st_size / 1e6
        console(as_json).print(f"ready: {path}, {size:.0f} MB", markup=False, highlight=False)


def model_show(
    name: Annotated[str, typer.Argument(help="A compressed model in the cache.")],
    measure: Annotated[bool, typer.Option("--measure", help="Measure speed and memory on this machine.")] = False,
    as_json: Json = False,
) -> None:
    """The card of a compressed model, beside the model that it was made from."""
    from ..serving.compress import card, make
    from . import render

    cache = Settings.from_env().cache
    folder = make.found_source(name, cache)
    found = card.read(folder)
    if measure:
        found = card.measure(found, make.found_source(str(found.facts["name"]), cache), folder, ("plain", "int4"))
        card.write(folder, found)
    if as_json:
        print_json(asdict(found))
        return
    head, rows = card.columns(found)
    figures = [list(figure) for figure in zip(head, *rows, strict=True)]  # a figure a line: few screens have room
    render.table(console(), figures[0], figures[1:], note=f"{card.describe(found)}\nThe card and its plot: {folder}")


def _change(recipe: Recipe, **options: Any) -> Recipe:
    from ..serving.compress.strategies import strategy
    from ..serving.compress.strategy import SOLVES

    given = {name: value for name, value in options.items() if value is not None}
    if "strategy" in given:
        strategy(given["strategy"])
    check_name("way to compensate", given.get("solve", "none"), SOLVES)
    check_name("way to share rank", given.get("ranks", "equal"), ("importance", "equal"))
    return replace(recipe, **given)


def _texts(place: Path | None, settings: Settings, seed: int) -> list[str]:
    """The texts to calibrate on: those of a text file, or of the documents of a library."""
    if place is not None and place.is_file():
        return [_text(place)]
    from ..corpus.catalog import sample
    from ..library import Library

    with Library(settings=settings_for(place), create=False) as library:
        return sample(library.store, DOCUMENTS, seed)


def _text(place: Path) -> str:
    try:
        return place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError("the text cannot be read", where=str(place), fix="name a text in UTF-8") from error
