"""``evidentia kg``: the verbs of the knowledge graph, read-only Cypher, and what goes in and out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..agents.tools.base import Value
from ..agents.tools.knowledge import KNOWLEDGE
from ..errors import InputError
from ..graphs.export import lines
from ..graphs.knowledge.map_page import ENTITIES, page
from .graph import graph_ask, graph_query
from .terminal import Folder, Json, console, open_library, print_json
from .verbs import command_of

if TYPE_CHECKING:
    from ..library import Library

knowledge = typer.Typer(
    no_args_is_help=True, help=f"Ask the knowledge graph of the documents: {', '.join(KNOWLEDGE)}, query."
)
knowledge.command("ask")(graph_ask)
knowledge.command("query")(graph_query)


def _show(library: Library, verb: str, arguments: dict[str, Value], as_json: bool) -> None:
    from . import render

    answer = library.knowledge.verb(verb, **arguments)
    if as_json:
        print_json(answer.to_dict())
    else:
        render.answer(console(), answer)


for _verb in KNOWLEDGE.values():
    knowledge.command(_verb.name)(command_of(_verb, _show))


@knowledge.command("map")
def knowledge_map(
    file: Annotated[Path, typer.Argument(help="The page to write: FILE.html.")],
    entities: Annotated[int, typer.Option(min=10, max=600, help="How many are drawn.")] = ENTITIES,
    library: Folder = None,
) -> None:
    """Write one page that shows the graph, and opens without a network."""
    with open_library(library) as opened:
        text = page(opened.knowledge.quotes(), opened.knowledge.communities(), entities)
    _write(file, (text,))


@knowledge.command("export")
def knowledge_export(
    file: Annotated[Path, typer.Argument(help="FILE.graphml or FILE.json (node-link).")], library: Folder = None
) -> None:
    """Write the graph for other tools: GraphML, or node-link JSON as networkx reads it."""
    with open_library(library) as opened:
        _write(file, lines(file.suffix.lstrip(".").lower(), *opened.knowledge.parts()))


def _write(file: Path, text: Iterable[str]) -> None:
    try:
        with file.open("w", encoding="utf-8", errors="replace") as handle:
            handle.writelines(f"{line}\n" for line in text)
    except OSError as error:
        raise InputError(
            f"the file cannot be written ({error.strerror})", where=str(file), fix="name another"
        ) from error
    console().print(f"wrote {file}", markup=False, highlight=False)


@knowledge.command("import")
def knowledge_import(
    path: Annotated[Path | None, typer.Argument(help="The folder of an index, or a file of it.")] = None,
    name: Annotated[str, typer.Option(help="What the import is called; the folder's name by itself.")] = "",
    remove: Annotated[str, typer.Option(metavar="NAME", help="Take the import of that name back.")] = "",
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Add what a model extracted for GraphRAG (parquet) or LightRAG (GraphML and JSON); without PATH list imports."""
    from ..graphs.knowledge.extraction import read_extraction

    with open_library(library) as opened:
        if remove:
            opened.knowledge.remove_import(remove)
        if path is not None:
            folder = path.resolve() if path.is_dir() else path.resolve().parent
            opened.knowledge.put_import(name or folder.name, read_extraction(path))
        imports = opened.knowledge.imports()
    if as_json:
        print_json([asdict(one) for one in imports])
        return
    for one in imports:
        counts = f"{one.entities:,} entities, {one.relations:,} relations, {one.texts:,} texts"
        console().print(f"{one.name} ({one.kind}): {counts}", markup=False, highlight=False)


@knowledge.command("merges")
def knowledge_merges(library: Folder = None, as_json: Json = False) -> None:
    """List the spellings that were taken for one name, and why."""
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
