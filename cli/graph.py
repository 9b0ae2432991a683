"""``evidentia graph``: the code graph's verbs, and read-only Cypher."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..agents.tools.base import Value
from ..agents.tools.verbs import VERBS
from ..errors import InputError
from .terminal import Folder, Json, console, open_library, print_json
from .verbs import command_of

if TYPE_CHECKING:
    from ..library import Library

graph = typer.Typer(no_args_is_help=True, help=f"Ask the code graph: {', '.join(VERBS)}, query.")


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


@graph.command("ask")
def graph_ask(
    question: Annotated[list[str], typer.Argument(metavar="QUESTION...", help="One question in plain English.")],
    write: Annotated[bool, typer.Option("--write", help="Let the language model write the query.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show the steps and their times.")] = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Ask the graphs of code, documents and tables in English; the query is shown, and what it cannot answer is
    searched for."""
    from . import render

    with open_library(library) as opened:
        answer = opened.ask_graph(" ".join(question), write=write)
    if as_json:
        print_json(answer.to_dict())
    else:
        render.answer(console(), answer, trace=trace)


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


@graph.command("watch")
def graph_watch(library: Folder = None) -> None:
    """Keep the library up to date while its folders are edited, until Ctrl-C."""
    from threading import Event

    from .watch import updates

    say = partial(console().print, markup=False, highlight=False)
    with open_library(library) as opened:
        for report in updates(opened, Event(), partial(say, "watching; Ctrl-C stops it")):
            for what in ("added", "changed", "removed"):
                for name in getattr(report, what):
                    say(f"{what} {name}")


def _show(library: Library, verb: str, arguments: dict[str, Value], as_json: bool) -> None:
    from . import render

    found = library.graph.verb(verb, **arguments)
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        render.code_answers(console(), library.store, found)


for _verb in VERBS.values():
    graph.command(_verb.name)(command_of(_verb, _show))


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError("a parameter must be name=value", where=text)
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError):
        return name, value
