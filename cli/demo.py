"""``evidentia demo``: real code and documents, a handful of questions of both kinds, every answer with its evidence."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EvidentiaError, require
from ..settings import Settings
from . import progress, render

if TYPE_CHECKING:
    from rich.console import Console

    from ..library import Library

HERE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Show:
    """The sources of a demo, and the questions that are then asked: ``code`` of the code graph alone, before there is a
    vector."""

    sources: Callable[[], list[Path]]
    code: tuple[str, ...]
    questions: tuple[str, ...]
    written: str


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    assert found is not None, f"{name} is one of the packages that this one needs"
    assert found.origin is not None, f"{name} is a package with code of its own"
    return Path(found.origin).parent


SMALL = Show(
    lambda: [_package("httpx"), HERE / "docs"],
    code=("Who calls `Client.send`?", "Where is `TooManyRedirects` raised?"),
    questions=(
        "What is the default timeout?",
        "How long may reading one file take, and what happens when a second process writes to the library?",
        "What is the capital of Mongolia?",
    ),
    written="What does a click on the number open?",
)
"""httpx and this project's documentation: read and embedded in about a minute on two cores."""

FULL = Show(
    lambda: [HERE, _package("networkx")],
    code=("What does `shortest_path` call?", "Which classes inherit from `DiGraph`?", "Who calls `reciprocal_rank`?"),
    questions=(
        "Where is the damping factor of PageRank documented, and what is its default?",
        "What happens when a second process writes to the library?",
        "What is the capital of Mongolia?",
    ),
    written="What is the default damping factor of PageRank?",
)
"""This repository and networkx, whole."""


def run(console: Console, folder: Path, show: Show) -> None:
    from ..library import Library

    def say(text: str) -> None:
        console.print(text, style="bold", markup=False, highlight=False)

    sources = show.sources()
    say(f"Reading {', '.join(source.name for source in sources)} into {folder}: the code graph first, vectors after.")
    with Library(settings=replace(Settings.from_env(), library=folder)) as library:
        with progress.show(console) as shown:
            report = library.add(*sources, graph_only=True, progress=shown)
        render.report(console, report)
        for question in show.code:
            _ask(console, library, question)
        console.rule(style="dim")
        with progress.show(console) as shown:
            library.add(*sources, progress=shown)
        for question in show.questions:
            _ask(console, library, question)
        _write(console, library, show.written)
    console.rule(style="dim")
    say(f"Next: evidentia chat --library {folder}")


def _ask(console: Console, library: Library, question: str) -> None:
    _rule(console, question)
    render.answer(console, library.ask(question))


def _write(console: Console, library: Library, question: str) -> None:
    """Shows an answer in the words of the local model, which is fetched first: the other answers need none."""
    from ..serving.models import hub

    settings = library.settings
    _rule(console, f"{question}  (written by {settings.model}, checked)")
    try:
        if not settings.endpoint:
            require("torch", "local")  # before a model is fetched that nothing here could run
            with progress.show(console) as shown:
                hub.get(settings.model, settings.cache, shown)
        answer = library.ask(question, write=True)
    except EvidentiaError as error:
        console.print(f"not written: {error}", style="yellow", markup=False, highlight=False)
        return
    render.answer(console, answer)


def _rule(console: Console, question: str) -> None:
    console.rule(style="dim")
    console.print(f"❯ {question}\n", style="bold cyan", markup=False, highlight=False)
