"""``evidentia table``: questions that rows of tables answer, the tables' schema, and read-only Cypher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..agents.tools.base import Value
from ..agents.tools.tables import TABLES
from .graph import graph_query
from .terminal import Folder, console, open_library, print_json
from .verbs import command_of

if TYPE_CHECKING:
    from ..library import Library

table = typer.Typer(no_args_is_help=True, help=f"Ask the tables of the library: {', '.join(TABLES)}, query.")
table.command("query")(graph_query)


@table.command("derive")
def table_derive(
    owner: Annotated[str, typer.Argument(metavar="TABLE", help="A table, as `table schema` names it.")] = "",
    name: Annotated[str, typer.Argument(help="What the edge is called, such as winner.")] = "",
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            help="'COLUMN if TEST and TEST', such as 'home_id if home_goals > away_goals'; none removes it."
        ),
    ] = None,
    library: Folder = None,
) -> None:
    """Declare an edge that the rows tell but no column holds; without arguments, list those that are declared."""
    with open_library(library) as opened:
        if owner:
            opened.tables.derive(owner, name, cases or ())
        for one in opened.tables.derived_edges:
            console().print(f"{one.table}.{one.name}: {'; '.join(one.cases)}", markup=False)


def _show(library: Library, verb: str, arguments: dict[str, Value], as_json: bool) -> None:
    from . import render

    answer = library.tables.verb(verb, **arguments)
    if as_json:
        print_json(answer.to_dict())
    else:
        render.answer(console(), answer)


for _verb in TABLES.values():
    table.command(_verb.name)(command_of(_verb, _show))
