"""Answers, reports and tables for a terminal. Nothing here decides anything; it only lays out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..agents.answer import Answer, Citation
from .escape_codes import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from ..agents.reports.verify import Verified
    from ..corpus.document import Evidence
    from ..corpus.store import Store
    from ..graphs.base import GraphRows
    from ..graphs.code import CodeAnswer
    from ..ingest import AddReport

HANGING = " " * 4
SHOWN = 20
SKIPS = 5
EDGES = 8
"""Of an answer's part of the graph."""
OUTCOMES = ("carried", "rows", "fabricated", "spliced", "misattributed")


_PARTS = re.compile(r"[^./ ]*[./ ]?")


def terminal(to_stderr: bool = False) -> Console:
    from rich.console import Console

    class Terminal(Console):
        def print(self, *objects: Any, **options: Any) -> None:
            super().print(*(visible(each) if isinstance(each, str) else each for each in objects), **options)

    return Terminal(stderr=to_stderr, soft_wrap=True)


def answer(console: Console, found: Answer, *, trace: bool = False, quiet: bool = False) -> None:
    """``quiet``: the answer, and how far it is to be trusted, without its evidence."""
    if found.short:
        console.print(found.short, style="bold", markup=False, highlight=False)
    console.print(_with_focus(found), markup=False, highlight=False)
    if found.fit:
        why = f" ({'; '.join(found.reasons[:2])})" if found.reasons else ""
        console.print(f"fits: {found.fit}{why}", style="dim", markup=False, highlight=False)
    elif found.reasons:
        console.print(f"rests on: {'; '.join(found.reasons)}", style="dim", markup=False, highlight=False)
    for note in found.notes:
        console.print(f"note: {note}", style="yellow", markup=False, highlight=False)
    if quiet:
        return
    for citation in found.citations:
        _citation(console, citation, repeated=found.status == "quoted")
    for line in _graph_lines(found):
        console.print(line, style="dim", markup=False, highlight=False)
    unsupported = [sentence.text for sentence in found.sentences if not sentence.supported]
    for text in unsupported:
        console.print(f"  unsupported, left out: {text}", style="yellow", markup=False, highlight=False)
    if trace:
        for step in found.trace:
            console.print(
                f"  {step.seconds * 1000:7.1f} ms  {step.name:<8} {step.detail}",
                style="dim",
                markup=False,
                highlight=False,
            )


def _with_focus(found: Answer) -> Text:
    """The answer's text, with the statements in bold that were chosen among what stands around them."""
    from rich.text import Text

    shown, at = Text(visible(found.text)), 0
    for citation in found.citations:
        begin = found.text.find(citation.quote, at)
        if begin >= 0:
            at = begin + len(citation.quote)
            for start, end in citation.focus:
                shown.stylize("bold", begin + start, begin + end)
    return shown


def _graph_lines(found: Answer) -> Iterator[str]:
    """The edges that the answer rests on, each with its citation."""
    edges = found.metadata.get("graph", {}).get("edges", [])
    for edge in edges[:EDGES]:
        joined = f"–[{edge['label']}]–" if edge["label"] else "–"
        cited = f" [{edge['citation']}]" if edge["citation"] else ""
        yield f"  {edge['source']} {joined} {edge['target']}{cited}"
    if len(edges) > EDGES:
        yield f"  … and {len(edges) - EDGES:,} more edges (--json has them all)"


def _citation(console: Console, citation: Citation, *, repeated: bool) -> None:
    """The place, the quote where the text above does not already show it, and who found it."""
    checked = "✓" if citation.verified else "✗ not in the stored document"
    one_line = f"  {citation.quote}" if not repeated and citation.evidence.span and "\n" not in citation.quote else ""
    console.print(
        f"\n  [{citation.number}] {citation.place}  {checked}{one_line}"
        if not one_line
        else f"  [{citation.number}] {citation.place}  {checked}{one_line}",
        markup=False,
        highlight=False,
    )
    if citation.evidence.query:
        console.print(f"      {citation.evidence.query}", style="cyan", markup=False, highlight=False)
    if not repeated and not one_line and citation.evidence.span:
        console.print("\n".join(f"      {line}" for line in citation.quote.splitlines()), markup=False, highlight=False)
    if not one_line:
        console.print(
            f"      {citation.evidence.retriever}: {citation.evidence.why}", style="dim", markup=False, highlight=False
        )


def passages(console: Console, found: Sequence[Evidence], *, quiet: bool = False) -> None:
    """The place of each, the passage, and who found it; ``quiet``: the places alone."""
    for number, each in enumerate(found, start=1):
        place = Citation(number, each.quote, each, verified=True).place
        console.print(f"{number}. {place}", style="bold", markup=False, highlight=False)
        if not quiet:
            console.print(each.quote, markup=False, highlight=False)
            console.print(f"      {each.retriever}: {each.why}\n", style="dim", markup=False, highlight=False)
    if not found:
        console.print("nothing was found", highlight=False)


def checked_report(console: Console, found: Verified) -> None:
    """One line for each citation, with why it fails and where the library does say it; then the count."""
    for one in found.checked:
        mark = "✗" if one.fails else "✓" if one.outcome == "carried" else "·"
        console.print(
            f"{mark} {one.outcome}  line {one.line} [{one.number}] {one.place}", markup=False, highlight=False
        )
        if one.fails:
            console.print(f"    {one.claim}", markup=False, highlight=False)
            for reason in one.reasons:
                console.print(f"    {reason}", style="yellow", markup=False, highlight=False)
        if one.better is not None:
            quote = " ".join(one.better.quote.split())
            console.print(f"    better: {one.better.place}  {quote}", style="green", markup=False, highlight=False)
    for text in found.uncited:
        console.print(
            f"· not checked, cites nothing: {' '.join(text.split())}", style="dim", markup=False, highlight=False
        )
    counts = {name: sum(one.outcome == name for one in found.checked) for name in OUTCOMES}
    console.print(", ".join(f"{count} {name}" for name, count in counts.items() if count), highlight=False)


def report(console: Console, done: AddReport) -> None:
    for note in done.notes:
        console.print(f"note: {note}", style="yellow", markup=False)
    console.print(
        f"{len(done.added)} added, {len(done.changed)} changed, {len(done.removed)} removed, "
        f"{done.unchanged} unchanged, {len(done.skipped)} skipped",
        highlight=False,
    )
    _paths(console, "skipped", done.skipped)
    _paths(console, "read in part", done.partial)


def kept_counts(console: Console, counts: Mapping[str, int]) -> None:
    """After Ctrl-C: what the library holds by now, and how it goes on."""
    console.print(
        f"interrupted; kept: {counts['documents']:,} documents with {counts['passages']:,} passages, "
        f"{counts['vectors']:,} vectors. You can ask them now; the same add continues from here.",
        style="yellow",
        markup=False,
        highlight=False,
    )


def _paths(console: Console, what: str, found: Sequence[tuple[str, str]]) -> None:
    for path, reason in found[:SKIPS]:
        console.print(f"  {what} {_nearby(path)}: {reason}", style="dim", markup=False, highlight=False)
    if len(found) > SKIPS:
        console.print(f"  … and {len(found) - SKIPS} more {what} (evidentia add --json lists all)", style="dim")


def _nearby(path: str) -> str:
    """The path as seen from the current folder, where that is shorter; on one line."""
    return min(path, os.path.relpath(path), key=len).replace("\n", "␊").replace("\r", "␍")


def table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]], note: str = "") -> None:
    """Cells that are too wide for the screen are folded where a name has a dot or slash, if it has one."""
    from rich.table import Table
    from rich.text import Text

    cells = [["" if value is None else visible(str(value)) for value in row] for row in rows]
    natural = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    widths = fit_widths(natural, console.width - len(columns))
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in cells:
        shown.add_row(*(Text(fold(cell, width)) for cell, width in zip(row, widths, strict=True)))
    console.print(shown, markup=False)
    if note:
        console.print(note, style="dim", markup=False, highlight=False)


def fit_widths(natural: Sequence[int], room: int) -> list[int]:
    """``natural`` widths of columns, the widest made narrower until all have ``room``."""
    widths = list(natural)
    while sum(widths) > max(room, len(widths)):
        widths[widths.index(max(widths))] -= 1
    return widths


def fold(text: str, width: int) -> str:
    """``text`` in lines of at most ``width`` where it can be cut behind a dot, slash or space."""
    lines, line = [], ""
    for part in _PARTS.findall(text):
        if line and len(line) + len(part) > width:
            lines.append(line)
            line = ""
        line += part
    return "\n".join([*lines, line])


def hang(line: str, width: int) -> str:
    """``line`` as it fits a screen of so many columns: folded like a cell, what follows the first line further in."""
    if len(line) <= width:
        return line
    indent = " " * (len(line) - len(line.lstrip()))
    folded = fold(line.strip(), max(width - len(indent) - len(HANGING), 1))
    return indent + f"\n{indent}{HANGING}".join(part.strip() for part in folded.split("\n"))


def graph_rows(console: Console, result: GraphRows) -> None:
    more = ", cut short here" if result.truncated else ""
    rows = f"{len(result.rows)} row{'s' * (len(result.rows) != 1)}"
    notes = "".join(f"\n{note}" for note in result.notes)
    table(console, result.columns, result.rows, f"{rows} in {result.seconds * 1000:.0f} ms{more}{notes}")


def code_answers(console: Console, store: Store, found: Sequence[CodeAnswer]) -> None:
    from ..agents.tools.lines import verb_blocks

    shown = found[:SHOWN]
    of_one_kind = len({one.verb for one in shown}) == 1
    for one, lines in zip(shown, verb_blocks(store, shown), strict=True):
        for number, line in enumerate(lines):
            style = "bold" if not number and one.symbol.id else ""
            fitting = hang(line, console.width) if console.is_terminal else line
            console.print(fitting, style=style, markup=False, highlight=False)
        console.print(f"  {one.query}\n" if of_one_kind else "", style="dim", markup=False, highlight=False)


def mapping(console: Console, values: Mapping[str, Any], indent: str = "") -> None:
    for key, value in values.items():
        if isinstance(value, Mapping):
            console.print(f"{indent}{key}:", highlight=False)
            mapping(console, value, indent + "  ")
        elif isinstance(value, list):
            console.print(f"{indent}{key}: {len(value)}", highlight=False)
            for item in value[:SHOWN]:
                line = ": ".join(map(str, item.values())) if isinstance(item, Mapping) else str(item)
                console.print(f"{indent}  {line}", markup=False, highlight=False)
        else:
            console.print(f"{indent}{key}: {value}", markup=False, highlight=False)
