"""A library follows its folders."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from evidentia import Library, Settings
from evidentia.cli.watch import updates
from evidentia.errors import InputError, NotFoundError

LONGEST = 30.0


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.py").write_text("def low():\n    pass\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(source)
        yield opened


@pytest.fixture
def reports(library: Library) -> Iterator[Queue[Any]]:
    """What ``updates`` tells, on a thread of its own; the first item says that it watches."""
    stop, told = threading.Event(), Queue[Any]()

    def follow() -> None:
        for report in updates(library, stop, lambda: told.put("ready")):
            told.put(report)

    thread = threading.Thread(target=follow)
    thread.start()
    yield told
    stop.set()
    thread.join()


def test_an_edit_a_new_file_and_a_deletion_are_followed(library: Library, reports: Queue[Any], tmp_path: Path):
    source = tmp_path / "source"
    assert reports.get(timeout=LONGEST) == "ready"
    (source / "a.py").write_text("def low():\n    pass\n\n\ndef high():\n    low()\n")
    assert reports.get(timeout=LONGEST).changed == ["source/a.py"]
    assert [row.symbol.id for row in library.graph.verb("callers", "low")[0].rows] == ["a.high"]
    (source / "b.py").write_text("def other():\n    pass\n")
    assert reports.get(timeout=LONGEST).added == ["source/b.py"]
    (source / "b.py").unlink()
    assert reports.get(timeout=LONGEST).removed == ["source/b.py"]
    with pytest.raises(NotFoundError):
        library.graph.verb("definition", "other")


def test_what_changed_before_is_taken_in_first(library: Library, tmp_path: Path):
    (tmp_path / "source" / "a.py").write_text("def fresh():\n    pass\n")
    stop = threading.Event()
    for report in updates(library, stop):
        assert report.changed == ["source/a.py"]
        stop.set()


def test_a_library_without_folders_cannot_be_watched(tmp_path: Path):
    with Library(tmp_path / "empty", settings=Settings(embedder="hash")) as library, pytest.raises(InputError):
        next(updates(library, threading.Event()))
