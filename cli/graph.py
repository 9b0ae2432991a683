"""``evidentia graph``: the code graph's verbs, and read-only Cypher."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from ..errors import InputError
from .terminal import Folder, Json, console, open_library, print_json

graph = typer.Typer(
    no_args_is_help=True, help="Ask the code graph: callers, callees, definition, subclasses, references, query."
)


@graph.command("query")
def graph_query(
    cypher: Annotated[str, typer.Argument(help="A read-only Cypher query.")],
    param: Annotated[list[str] | None, typer.Option(help="name=value, JSON or text; may be repeated.")] = None,
    max_rows: int = 200,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Run a read-only Cypher query on the code graph."""
    from . import render

    with open_library(library) as opened:
        rows = opened.graph.query(cypher, dict(map(_parameter, param or ())), max_rows=max_rows)
    if as_json:
        print_json(asdict(rows))
    else:
        render.graph_rows(console(), rows)


@graph.command("schema")
def graph_schema(library: Folder = None, as_json: Json = False) -> None:
    """Labels with their properties, and which labels each relationship joins."""
    with open_library(library) as opened:
        schema = opened.graph.schema()
    if as_json:
        print_json(asdict(schema))
        return
    shown = console()
    for label, properties in schema.labels.items():
        shown.print(f"(:{label} {{{', '.join(properties)}}})", markup=False, highlight=False)
    for source, kind, target in schema.relations:
        shown.print(f"(:{source})-[:{kind}]->(:{target})", markup=False, highlight=False)


def _verb(name: str, text: str) -> None:
    def command(
        symbol: Annotated[str, typer.Argument(help="A name, dotted as far as needed: shortest_path, Graph.add_edge.")],
        library: Folder = None,
        as_json: Json = False,
    ) -> None:
        from . import render

        with open_library(library) as opened:
            found = opened.graph.verb(name, symbol)
        if as_json:
            print_json([asdict(one) for one in found])
        else:
            render.code_answers(console(), found)

    command.__doc__ = text
    graph.command(name)(command)


for _name, _text in (
    ("callers", "Who calls it."),
    ("callees", "What it calls."),
    ("definition", "Where it is defined."),
    ("subclasses", "Which classes inherit from it."),
    ("superclasses", "What it inherits from."),
    ("references", "Where it is used."),
    ("members", "What a module or class defines."),
    ("overrides", "Which methods replace it."),
):
    _verb(_name, _text)


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError("a parameter must be name=value", where=text)
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError):
        return name, value
