"""What every command of the command line shares: its common options, the library that it opens, how it prints."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from ..library import Library

Folder = Annotated[
    Path | None,
    typer.Option("--library", "-l", help="The library's folder (default: EVIDENTIA_LIBRARY or your data folder)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


def settings_for(folder: Path | None) -> Settings:
    from dataclasses import replace

    settings = Settings.from_env()
    return replace(settings, library=folder) if folder else settings


def open_library(folder: Path | None, *, create: bool = False) -> Library:
    from ..library import Library

    return Library(settings=settings_for(folder), create=create)


def console(to_stderr: bool = False) -> Console:
    from .render import terminal

    return terminal(to_stderr)


def print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
