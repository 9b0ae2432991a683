"""``evidentia table``: questions that rows of tables answer, the tables' schema, and read-only Cypher."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ..agents.tools.base import Value
from ..agents.tools.tables import TABLES
from .graph import graph_query
from .terminal import console, print_json
from .verbs import command_of

if TYPE_CHECKING:
    from ..library import Library

table = typer.Typer(no_args_is_help=True, help=f"Ask the tables of the library: {', '.join(TABLES)}, query.")
table.command("query")(graph_query)


def _show(library: Library, verb: str, arguments: dict[str, Value], as_json: bool) -> None:
    from . import render

    answer = library.tables.verb(verb, **arguments)
    if as_json:
        print_json(answer.to_dict())
    else:
        render.answer(console(), answer)


for _verb in TABLES.values():
    table.command(_verb.name)(command_of(_verb, _show))
