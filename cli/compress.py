"""``evidentia model compress`` and ``model show``: a smaller model from a larger one, and what it costs."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError, ReadError
from ..registry import check_name
from ..settings import Settings
from .compress_embedder import compress_embedder, is_embedder
from .terminal import Json, console, print_json, settings_for

if TYPE_CHECKING:
    from ..serving.compress.recipes import Recipe

DOCUMENTS = 256
"""Of a library, that calibration draws its windows from."""


def model_compress(
    source: Annotated[str, typer.Argument(help="A model in the cache, a checkpoint's folder, or all-MiniLM-L6-v2.")],
    recipe: Annotated[str, typer.Option(help="How much goes: light (1/8), small (1/4), smaller (3/8).")] = "small",
    calibrate: Annotated[
        Path | None, typer.Option(help="A library's folder or a text file (default: your library).")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Of the new model (default: the old one's and the recipe's).")
    ] = None,
    strategy: Annotated[str | None, typer.Option(help="Which channels go: ziplm, flap, cfsp, …")] = None,
    keep: Annotated[float | None, typer.Option(help="Share of the feed-forward channels that stays.")] = None,
    heads: Annotated[float | None, typer.Option(help="Share of the groups of key and value heads that stays.")] = None,
    solve: Annotated[str | None, typer.Option(help="How the rest compensates: none, bias, squares, affine.")] = None,
    windows: Annotated[int | None, typer.Option(help="Windows of 512 tokens to calibrate on.")] = None,
    rows: Annotated[
        int | None, typer.Option(help="Rows of the vocabulary that stay, the commonest in the text (default: all).")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Of distilling, for the embedder all-MiniLM-L6-v2 (default: 20).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it will take.")] = False,
    as_json: Json = False,
) -> None:
    """Make a smaller model out of one that is here: channels go, the rest compensates for them. The source stays as it
    is, and a stopped run goes on where it was."""
    from ..serving.compress import make, recipes
    from . import progress

    settings, shown = Settings.from_env(), console(as_json)
    if is_embedder(source):
        others = {"--strategy": strategy, "--heads": heads, "--solve": solve, "--windows": windows, "--rows": rows}
        made, kept = name or f"{Path(source).name}-{recipe}", keep or recipes.recipe(recipe).keep
        compress_embedder(
            made, kept, minutes, lambda: _texts(calibrate, settings, 0),
            others=others, dry_run=dry_run, as_json=as_json,
        )  # fmt: skip
        return
    if minutes is not None:
        raise InputError("a language model is not distilled here", where="--minutes", fix="leave it")
    asked = _change(
        recipes.recipe(recipe), strategy=strategy, keep=keep, heads=heads, solve=solve, windows=windows, rows=rows
    )
    made = name or f"{Path(source).name}-{recipe}"
    make.refuse_taken(made, settings.cache)
    plan = make.plan(source, asked, settings.cache)
    if not as_json:
        shown.print(
            f"{made}: {plan.narrower:,} of {plan.width:,} channels in each feed-forward, "
            f"{plan.left / 1e6:.0f} of {plan.parameters / 1e6:.0f} million parameters, {plan.bytes / 1e6:.0f} MB; "
            f"about {max(1, round(plan.minutes))} minutes and {plan.memory / 1e9:.1f} GB of memory",
            markup=False,
            highlight=False,
        )
    if dry_run:
        if as_json:
            print_json({"name": made, **asdict(plan)})
        return
    texts = _texts(calibrate, settings, asked.seed)
    with progress.show(shown) as report:
        path = make.make(made, source, texts, asked, cache=settings.cache, progress=report)
    if as_json:
        print_json({"name": made, "path": str(path)})
    else:
        shown.print(f"ready: {path}\nits card: evidentia model show {made}", markup=False, highlight=False)


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
    rows = [card.cells(row) for row in found.rows]
    shown = [at for at in range(len(card.HEAD)) if any(row[at] for row in rows)]
    head = [card.HEAD[at] for at in shown]
    render.table(console(), head, [[row[at] for at in shown] for row in rows], note=card.describe(found))


def _change(recipe: Recipe, **options: Any) -> Recipe:
    from ..serving.compress.strategies import strategy
    from ..serving.compress.strategy import SOLVES

    given = {name: value for name, value in options.items() if value is not None}
    if "strategy" in given:
        strategy(given["strategy"])
    check_name("way to compensate", given.get("solve", "none"), SOLVES)
    return replace(recipe, **given)


def _texts(place: Path | None, settings: Settings, seed: int) -> list[str]:
    """The texts to calibrate on: those of a text file, or of the documents of a library."""
    if place is not None and place.is_file():
        try:
            return [place.read_text(encoding="utf-8")]
        except (OSError, UnicodeDecodeError) as error:
            raise ReadError(
                "the calibration text cannot be read", where=str(place), fix="name a text in UTF-8"
            ) from error
    from ..corpus.catalog import sample
    from ..library import Library

    with Library(settings=settings_for(place), create=False) as library:
        return sample(library.store, DOCUMENTS, seed)
