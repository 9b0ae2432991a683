"""The parts that all commands share: its common options, the library that it opens, how it prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError
from ..settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from ..library import Library

Folder = Annotated[
    Path | None,
    typer.Option("--library", "-l", help="The library's folder (default: EVIDENTIA_LIBRARY or your data folder)."),
]
Token = Annotated[
    str | None,
    typer.Option(
        envvar="EVIDENTIA_TOKEN",
        help="Required when the host is not this machine. Other users can see it in the list of processes; "
        "EVIDENTIA_TOKEN or --token-file keeps it private.",
    ),
]
TokenFile = Annotated[Path | None, typer.Option(help="A file whose first line is the token.")]
Where = Annotated[
    list[str] | None,
    typer.Option("--in", metavar="FOLDER", help="Search only this folder, file or pattern; may be repeated."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result: no progress, no evidence.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON value.")]


def settings_for(folder: Path | None) -> Settings:
    from dataclasses import replace

    settings = Settings.from_env()
    return replace(settings, library=folder) if folder else settings


def token_from(token: str | None, file: Path | None) -> str | None:
    """The token itself, or the one in ``file``, which goes first. Raises ``InputError`` for a file that has none."""
    if file is None:
        return token
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise InputError(f"the token's file cannot be read ({reason})", where=str(file), fix="name another") from error
    if not lines or not lines[0].strip():
        raise InputError("the token's file is empty", where=str(file), fix="write the token on its first line")
    return lines[0].strip()


def open_library(folder: Path | None, *, create: bool = False) -> Library:
    from ..library import Library

    return Library(settings=settings_for(folder), create=create)


def console(to_stderr: bool = False) -> Console:
    from .render import terminal

    return terminal(to_stderr)


def print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def write_lines(file: Path, text: Iterable[str]) -> None:
    """Raises ``InputError`` where it cannot be written."""
    try:
        with file.open("w", encoding="utf-8", errors="replace") as handle:
            handle.writelines(f"{line}\n" for line in text)
    except OSError as error:
        raise InputError(
            f"the file cannot be written ({error.strerror})", where=str(file), fix="name another"
        ) from error
    console().print(f"wrote {file}", markup=False, highlight=False)
