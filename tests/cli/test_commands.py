"""What every command of the command line has in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from evidentia.cli.main import app

WITHOUT_JSON = {
    "chat",
    "mcp",
    "demo",
    "model serve",
    "graph watch",
    "kg map",
    "kg export",
    "kg separate",
    "graph export",
    "table derive",
}
"""They serve, watch, or write a file or a setting."""


def test_every_command_with_a_result_prints_it_as_json():
    found = dict(commands(get_command(app)))
    assert {name for name, command in found.items() if "--json" not in options(command)} == WITHOUT_JSON


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def options(command: Any) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}
