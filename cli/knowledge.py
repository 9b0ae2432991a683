"""``evidentia kg``: the verbs of the knowledge graph, read-only Cypher, and what goes in and out of it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..agents.tools.base import Value
from ..agents.tools.knowledge import KNOWLEDGE
from ..graphs.export import lines
from ..graphs.knowledge.map_page import ENTITIES, page
from .graph import ExportFile, graph_ask, graph_query
from .terminal import Folder, Json, Quiet, console, open_library, print_json, write_lines
from .verbs import command_of

if TYPE_CHECKING:
    from ..agents.extract import ExtractionBudget, ExtractionPlan
    from ..library import Library

SHOWN = 10
"""Pieces without a reply that are named."""
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
    write_lines(file, (text,))


@knowledge.command("export")
def knowledge_export(file: ExportFile, library: Folder = None) -> None:
    """Write the graph for other tools: GraphML, node-link JSON as networkx reads it, JSON-LD or a Cypher script."""
    with open_library(library) as opened:
        write_lines(file, lines(file.suffix.lstrip(".").lower(), *opened.knowledge.parts()))


@knowledge.command("import")
def knowledge_import(
    path: Annotated[Path | None, typer.Argument(help="The folder of an index, or a file of it.")] = None,
    name: Annotated[str, typer.Option(help="What the import is called; the folder's name by itself.")] = "",
    remove: Annotated[str, typer.Option(metavar="NAME", help="Take the import of that name back.")] = "",
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Add what a model extracted for GraphRAG (parquet), LightRAG (GraphML, JSON) or HippoRAG (JSON); without PATH list
    imports."""
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


@knowledge.command("extract")
def knowledge_extract(
    tokens: Annotated[int, typer.Option(min=0, help="Spend at most so many; without it only the plan is shown.")] = 0,
    money: Annotated[float | None, typer.Option(min=0, help="Spend at most so much, by the prices.")] = None,
    price_read: Annotated[float, typer.Option(min=0, help="Money for a million tokens that the model reads.")] = 0.0,
    price_written: Annotated[float, typer.Option(min=0, help="… and that it writes.")] = 0.0,
    forget: Annotated[bool, typer.Option("--forget", help="Take back all that was extracted.")] = False,
    quiet: Quiet = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Have the language model read entities, relations and claims out of documents: shows what it would cost, and with
    --tokens does it. A later run goes on where one ended."""
    from ..agents.extract import ExtractionBudget, TokenPrices

    prices = TokenPrices(price_read, price_written)
    with open_library(library) as opened:
        if forget:
            console().print(f"forgotten: what was extracted of {opened.knowledge.forget_readings():,} documents")
        elif tokens:
            show_extraction(opened, ExtractionBudget(tokens, money, prices), quiet=quiet, as_json=as_json)
        else:
            plan = opened.plan_extraction(prices)
            if as_json:
                print_json(asdict(plan))
            else:
                console().print("\n".join(_plan_lines(plan, opened.settings.model)), markup=False, highlight=False)


def show_extraction(library: Library, budget: ExtractionBudget, *, quiet: bool, as_json: bool = False) -> None:
    """Runs it, and says what came of it."""
    from . import progress

    with nullcontext() if quiet else progress.show(console(as_json)) as shown:
        report = library.extract(budget, shown)
    if as_json:
        print_json(asdict(report))
        return
    told = console()
    told.print(
        f"{report.documents:,} documents: {report.entities:,} entities and claims, {report.relations:,} relations; "
        f"{report.calls:,} calls, {report.read:,} tokens read, {report.written:,} written, {report.money:.2f} money",
        markup=False,
        highlight=False,
    )
    if report.ended == "budget":
        told.print(f"the budget was spent; {report.left:,} documents are left: run it again", markup=False)
    for line in report.broken[:SHOWN]:
        told.print(f"left out: {line}", markup=False, highlight=False)


def _plan_lines(plan: ExtractionPlan, model: str) -> list[str]:
    how = "by its earlier calls" if plan.measured else "if it writes 30 tokens a second"
    return [
        f"{plan.documents:,} documents are not read yet: {plan.calls:,} calls of {model}",
        f"at most about {plan.read:,} tokens read and {plan.written:,} written; {plan.money:.2f} money by these prices",
        f"about {max(1, round(plan.minutes)):,} minutes {how}",
        f"nothing was called; --tokens {plan.enough} is enough" if plan.calls else "nothing is left to do",
    ]


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
