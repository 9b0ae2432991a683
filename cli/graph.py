"""``evidentia graph``: the code graph's verbs, and read-only Cypher."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from inspect import Parameter as SignatureParameter
from inspect import Signature, signature
from typing import Annotated, Any

import typer

from ..agents.tools.base import Parameter, Value, Verb
from ..agents.tools.verbs import VERBS
from ..errors import InputError
from .terminal import Folder, Json, console, open_library, print_json

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


def _command(verb: Verb) -> Callable[..., None]:
    """The verb as a command: its parameters by place, its options by name, then those of every command."""

    def command(library: Folder = None, as_json: Json = False, **arguments: Value) -> None:
        from . import render

        with open_library(library) as opened:
            found = opened.graph.verb(verb.name, **arguments)
            if as_json:
                print_json([asdict(one) for one in found])
            else:
                render.code_answers(console(), opened.store, found)

    own = [own_parameter(parameter) for parameter in verb.parameters]
    shared = [each for each in signature(command, eval_str=True).parameters.values() if each.name != "arguments"]
    # Typer reads what a command takes from its signature.
    command.__signature__ = Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in own} | {"library": Folder, "as_json": Json}
    command.__doc__ = verb.description
    return command


def own_parameter(parameter: Parameter) -> SignatureParameter:
    told = typer.Option if parameter.option else typer.Argument
    default = SignatureParameter.empty if parameter.default is None else parameter.default
    annotation: Any = Annotated[parameter.kind, told(help=parameter.description)]
    return SignatureParameter(
        parameter.name, SignatureParameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation
    )


for _verb in VERBS.values():
    graph.command(_verb.name)(_command(_verb))


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError("a parameter must be name=value", where=text)
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError):
        return name, value
