"""The progress of a long command: one bar at a time on a terminal, a line every few seconds elsewhere. Both say how
many, how fast and how much longer.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from ..ingest import Progress

EVERY = 5.0
"""Seconds between lines."""
UNITS = {
    "reading": "files",
    "code graph": "files",
    "embedding": "passages",
    "dense index": "index",
    "download": "MB",
    "convert": "parts",
    "prompts": "prompts",
    "questions": "passages",
}


@dataclass
class Stage:
    name: str
    done: int = 0
    total: int = 0
    begun: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    """Until it was finished, or now."""

    def move(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        self.seconds = time.monotonic() - self.begun

    def how(self) -> str:
        """ "120/580 files  40/s  0:00:12 left"."""
        parts = [f"{self.done:,}/{self.total:,} {UNITS.get(self.name, '')}".rstrip()]
        seconds = self.seconds if self.done >= self.total else time.monotonic() - self.begun
        if self.done and seconds >= 1:
            parts.append(f"{pace(self.done / seconds)}/s")
        if self.done >= self.total:
            parts.append(f"took {clock(seconds)}")
        elif self.done:
            parts.append(f"{clock(seconds * (self.total - self.done) / self.done)} left")
        else:
            parts.append(f"{clock(seconds)} so far")
        return "  ".join(parts)


def pace(per_second: float) -> str:
    return f"{per_second:,.0f}" if per_second >= 10 else f"{per_second:.1f}"


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


@contextmanager
def show(console: Console) -> Iterator[Progress]:
    """A function to be called with ``(stage, done, total)``."""
    with _bars(console) if console.is_terminal else _lines(console) as progress:
        yield progress


@contextmanager
def _lines(console: Console) -> Iterator[Progress]:
    """A line when a stage begins and ends, and every ``EVERY`` seconds whether or not it moves."""
    stage: Stage | None = None
    lock, ended = Lock(), Event()

    def say() -> None:
        if stage is not None:
            console.print(f"{stage.name:<12} {stage.how()}", markup=False, highlight=False)

    def progress(name: str, done: int, total: int) -> None:
        nonlocal stage
        with lock:
            new = stage is None or stage.name != name
            if stage is None or stage.name != name:
                stage = Stage(name)
            finished = stage.done < total <= done
            stage.move(done, total)
            if new or finished:
                say()

    def tick() -> None:
        while not ended.wait(EVERY):
            with lock:
                if stage is not None and stage.done < stage.total:
                    say()

    thread = Thread(target=tick, name="evidentia-progress", daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        ended.set()
        thread.join()


@contextmanager
def _bars(console: Console) -> Iterator[Progress]:
    from rich.progress import BarColumn, ProgressColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    class How(ProgressColumn):
        def render(self, task: Any) -> Text:
            return Text(task.fields["stage"].how())

    with Bars(TextColumn("{task.description:<12}"), BarColumn(), How(), console=console) as bars:
        stage = Stage("")
        bar: TaskID | None = None

        def progress(name: str, done: int, total: int) -> None:
            nonlocal stage, bar
            if bar is None or stage.name != name:
                stage = Stage(name)
                bar = bars.add_task(name, total=total, stage=stage)
            stage.move(done, total)
            bars.update(bar, completed=done, total=total)

        yield progress
