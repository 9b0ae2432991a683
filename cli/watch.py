"""``evidentia graph watch``: the library follows its folders while they are edited.

The system tells of changes (``watchfiles``); each folder that changed is then added again, which reads only what is
new.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from ..errors import EvidentiaError, InputError, LibraryLocked, MissingExtra

if TYPE_CHECKING:
    from ..ingest import AddReport
    from ..library import Library

log = logging.getLogger(__name__)

STEP = 50
"""Milliseconds of silence after which a burst of saves is over."""
LONGEST = 1_000
"""Milliseconds after which a burst that goes on is taken in all the same."""
AGAIN = 0.5
"""Seconds until the next try where another process is writing."""


def updates(library: Library, stop: Event, ready: Callable[[], None] = lambda: None) -> Iterator[AddReport]:
    """One report for each burst of changes that changed the library, until ``stop`` is set. ``ready`` is called when
    no change is missed any more.

    Raises ``InputError`` when there is nothing to watch, ``MissingExtra`` without watchfiles.
    """
    try:
        from watchfiles import watch
    except ImportError as error:
        raise MissingExtra("watchfiles", "watch") from error
    roots = [Path(root) for root in library.status()["sources"] if _is_itself(Path(root))]
    if not roots:
        raise InputError("there is nothing to watch", where=str(library.store.folder), fix="add a folder first")
    bursts = watch(*roots, stop_event=stop, step=STEP, debounce=LONGEST, rust_timeout=200, yield_on_timeout=True)
    for number, changes in enumerate(bursts):
        if not number:
            # What was saved between the last run and now.
            yield from _taken_in(library, roots, stop)
            ready()
        paths = [Path(path) for _, path in changes]
        touched = [root for root in roots if any(path.is_relative_to(root) for path in paths)]
        yield from _taken_in(library, touched, stop)


def _is_itself(root: Path) -> bool:
    """Whether an added folder or file is there, and nobody has put a link to elsewhere in its place."""
    return root.exists() and root.resolve() == root


def _taken_in(library: Library, roots: list[Path], stop: Event) -> Iterator[AddReport]:
    while (there := [root for root in roots if _is_itself(root)]) and not stop.is_set():
        try:
            report = library.add(*there)
        except LibraryLocked:
            time.sleep(AGAIN)
            continue
        if report.added or report.changed or report.removed:
            yield report
        return


@contextmanager
def following(library: Library) -> Iterator[None]:
    """``updates`` on a thread of its own, for a server; errors are logged, and the server goes on."""
    stop = Event()
    thread = Thread(target=_follow, args=(library, stop), name="evidentia-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _follow(library: Library, stop: Event) -> None:
    try:
        for report in updates(library, stop):
            log.info("%d added, %d changed, %d removed", *map(len, (report.added, report.changed, report.removed)))
    except EvidentiaError as error:
        log.error("the library is no longer followed: %s", error)
