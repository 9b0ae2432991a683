"""``evidentia demo``: two real code bases, a handful of questions of both kinds, every answer with its evidence."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

QUESTIONS = (
    "What does `shortest_path` call?",
    "Where is the damping factor of PageRank documented, and what is its default?",
    "Which classes inherit from `DiGraph`?",
    "Who calls `reciprocal_rank`?",
    "What happens when a second process writes to the library?",
    "What is the capital of Mongolia?",
)
WRITTEN = "What is the default damping factor of PageRank?"


def sources() -> list[Path]:
    """This project's own folder, and the installed networkx (it comes with torch)."""
    found = importlib.util.find_spec("networkx")
    folders = [Path(__file__).parent.parent]
    if found is not None and found.origin:
        folders.append(Path(found.origin).parent)
    return folders


def run(console: Console, folder: Path) -> None:
    from ..library import Library
    from . import render

    with Library(settings=replace(Settings.from_env(), library=folder)) as library:
        with render.bars(console) as progress:
            report = library.add(*sources(), progress=progress)
        render.report(console, report)
        for question in QUESTIONS:
            _asked(console, question)
            render.answer(console, library.ask(question))
        _asked(console, f"{WRITTEN}  (written by {library.settings.model}, checked)")
        render.answer(console, library.ask(WRITTEN, write=True))
    console.rule(style="dim")
    console.print(f"Next: evidentia chat --library {folder}", style="bold", markup=False, highlight=False)


def _asked(console: Console, question: str) -> None:
    console.rule(style="dim")
    console.print(f"❯ {question}\n", style="bold cyan", markup=False, highlight=False)
