"""``evidentia kg``: the verbs of the knowledge graph, read-only Cypher, and what goes in and out of it."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Signature, signature

import typer

from ..agents.tools.base import Value
from ..agents.tools.knowledge import KNOWLEDGE, KnowledgeVerb
from .graph import graph_query, own_parameter
from .terminal import Folder, Json, console, open_library, print_json

knowledge = typer.Typer(
    no_args_is_help=True, help=f"Ask the knowledge graph of the documents: {', '.join(KNOWLEDGE)}, query."
)
knowledge.command("query")(graph_query)


def _command(verb: KnowledgeVerb) -> Callable[..., None]:
    """The verb as a command: its parameters by place, its options by name, then those of every command."""

    def command(library: Folder = None, as_json: Json = False, **arguments: Value) -> None:
        from . import render

        with open_library(library) as opened:
            answer = opened.knowledge.verb(verb.name, **arguments)
        if as_json:
            print_json(answer.to_dict())
        else:
            render.answer(console(), answer)

    own = [own_parameter(parameter) for parameter in verb.parameters]
    shared = [each for each in signature(command, eval_str=True).parameters.values() if each.name != "arguments"]
    # Typer reads what a command takes from its signature.
    command.__signature__ = Signature([*own, *shared])  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in own} | {"library": Folder, "as_json": Json}
    command.__doc__ = verb.description
    return command


for _verb in KNOWLEDGE.values():
    knowledge.command(_verb.name)(_command(_verb))


@knowledge.command("merges")
def knowledge_merges(library: Folder = None, as_json: Json = False) -> None:
    """Which spellings were taken for one, and why."""
    with open_library(library) as opened:
        graph = opened.knowledge.graph()
    if as_json:
        print_json([{"one": one.one, "other": one.other, "reason": one.reason} for one in graph.merges])
        return
    shown = console()
    for one in graph.merges:
        shown.print(f"{one.one} = {one.other}  ({one.reason})", markup=False, highlight=False)


@knowledge.command("separate")
def knowledge_separate(one: str, other: str, undo: bool = False, library: Folder = None) -> None:
    """Take back that two spellings mean the same (--undo: allow it again)."""
    from ..corpus.phrases.names import normal

    with open_library(library) as opened:
        opened.knowledge.separate(normal(one), normal(other), apart=not undo)
