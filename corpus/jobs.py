"""Runs that change a library, each a row that says whether it has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .store import Store


@dataclass(frozen=True, slots=True)
class Job:
    action: str
    """``add`` or ``remove``."""
    target: str

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


def begin(store: Store, action: str, target: str) -> int:
    """Notes that a job has begun, and gives its row id."""
    cursor = store.connection.execute(
        "INSERT INTO jobs (action, target, state) VALUES (?, ?, 'running')", (action, target)
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish(store: Store, jobs: Iterable[int]) -> None:
    store.connection.executemany(
        "UPDATE jobs SET state = 'done', finished_at = datetime('now') WHERE id = ?", ((job,) for job in jobs)
    )


def running(store: Store) -> list[Job]:
    """The jobs that have begun and not ended, whether they are at work or were cut off."""
    return [Job(*row) for row in store.connection.execute("SELECT action, target FROM jobs WHERE state = 'running'")]


def give_up(store: Store) -> list[Job]:
    """Gives the jobs that were cut off, which from now on count as no longer running. The caller holds the writer's
    lock."""
    cut_off = running(store)
    with store.transaction() as connection:
        connection.execute("UPDATE jobs SET state = 'cut off' WHERE state = 'running'")
    return cut_off
