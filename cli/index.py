"""``evidentia index``: what the indexes of a library can be given beyond what ``add`` makes, and how well they find."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import LibraryLocked, StorageError
from .terminal import Folder, Json, console, open_library, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from ..library import Library
    from ..retrieval.dense.audit.report import Audit

index = typer.Typer(no_args_is_help=True, help="Measure and tune the dense index; add questions to the n-gram index.")


@index.callback()
def group() -> None:
    """Measure and tune the dense index; add questions to the n-gram index."""


@index.command("audit")
def index_audit(
    sample: Annotated[int, typer.Option(help="Vectors of the graphs that are built for the audit.")] = 10_000,
    queries: Annotated[int, typer.Option(help="Vectors that are searched for.")] = 500,
    target: Annotated[float, typer.Option(help="Share of the exact 10 nearest that must be found.")] = 0.95,
    order: Annotated[
        list[str] | None,
        typer.Option(help="Load order to compare: shuffled, ascending, descending (LID), source; may be repeated."),
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Write recall against queries per second as SVG.")] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Store nothing.")] = False,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Compare the graph with exact search on the library's own vectors; store the effort that reaches the target."""
    from ..retrieval.dense import hnsw
    from ..retrieval.dense.audit import report

    asked = report.AuditRequest(sample, queries, target, orders=tuple(order) if order else hnsw.ORDERS)
    with open_library(library) as opened:
        found = report.audit(opened.store, hnsw.Plan.of(opened.settings), asked)
        stored = "" if dry else _keep(opened, found)
    if plot is not None:
        _write(plot, found)
    if as_json:
        print_json({**asdict(found), "stored": stored})
    else:
        _show(console(), found, stored)


@index.command("questions")
def index_questions(
    count: Annotated[int, typer.Option(min=1, max=20, help="Questions for each passage.")] = 3,
    most: Annotated[int | None, typer.Option(min=1, help="Passages in this run (default: all without any).")] = None,
    library: Folder = None,
    as_json: Json = False,
) -> None:
    """Let the language model write questions that each passage answers; the retriever seal searches them too.

    A run that is stopped keeps what it has written, and the next one continues from there.
    """
    from ..retrieval.seal import questions
    from . import progress

    with open_library(library) as opened, progress.show(console(as_json)) as shown, opened.store.writing():
        model, keys = opened.model(), questions.passages_without(opened.store)[:most]
        written = 0
        for done, (key, asked) in enumerate(questions.make_questions(opened.store, model, keys, count), start=1):
            if asked:
                questions.put(opened.store, {key: asked})
                written += len(asked)
            shown("questions", done, len(keys))
    if as_json:
        print_json({"passages": len(keys), "questions": written})
    else:
        console().print(f"{written:,} questions for {len(keys):,} passages", markup=False, highlight=False)


def _keep(opened: Library, found: Audit) -> str:
    from ..retrieval.dense.audit import report

    try:
        kept = report.keep(opened.store, found)
    except (LibraryLocked, StorageError) as error:
        return f"not stored: {error}"
    if not kept or found.chosen is None:
        return ""
    return f"stored: efSearch {found.chosen.effort}, and order {found.order} for the next graph that is built"


def _write(file: Path, found: Audit) -> None:
    from ..retrieval.dense.audit.chart import svg

    what = f"HNSW over {found.sample if found.exact else found.vectors:,} vectors of {found.dimension}"
    try:
        file.write_text(svg({"this library": found.points}, found.target, what), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the plot cannot be written ({error.strerror})", where=str(file)) from error


def _show(shown: Console, found: Audit, stored: str) -> None:
    from . import render

    for note in found.notes:
        shown.print(f"! {note}", markup=False, highlight=False, style="yellow")
    rows = [
        (point.effort, f"{point.recall:.3f}", f"{point.per_second:,.0f}", "◀" if point == found.chosen else "")
        for point in found.points
    ]
    size = found.sample if found.exact else found.vectors
    shown.print(f"\nrecall@10 of a graph over {size:,} vectors, target {found.target}", markup=False, highlight=False)
    render.table(shown, ("efSearch", "recall", "queries/s", ""), rows)
    shown.print(f"\nlocal intrinsic dimension, median {found.lid_median}", markup=False, highlight=False)
    for edge, end, count in zip(found.lid_edges, found.lid_edges[1:], found.lid_counts, strict=False):
        bar = "█" * round(40 * count / max(found.lid_counts))
        shown.print(f"  {edge:6.1f} to {end:6.1f} {count:6,} {bar}", markup=False, highlight=False)
    efforts = sorted({effort for effect in found.orders for effort in effect.recall})
    shown.print(f"\nload orders, {found.sample:,} vectors: recall@10", markup=False, highlight=False)
    table = [
        (
            effect.order,
            *(f"{effect.recall[effort]:.3f}" for effort in efforts),
            f"{effect.gain:+.3f} ± {effect.error:.3f}",
        )
        for effect in found.orders
    ]
    render.table(shown, ("order", *(f"efSearch {effort}" for effort in efforts), "over given"), table)
    if stored:
        shown.print(stored, markup=False, highlight=False)
