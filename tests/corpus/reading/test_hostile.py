"""Files that are made to hurt their reader, one of each format: each ends within its limits, and the next one is read.

They are those of ``benchmarks/hostile.py``, which measures them all at the limits that hold by default.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from evidentia.corpus.files import Skipped
from evidentia.corpus.reading import Extract, Limits, Reader, Request

SECONDS, START = 4, 20


def _benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile", Path(__file__).parents[3] / "benchmarks" / "hostile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


hostile = _benchmark()
ONE_EACH = {Path(name).suffix: name for name in reversed(hostile.MADE)}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ONE_EACH.values()))
def test_a_hostile_file_of_each_format_costs_one_file_and_a_bounded_time(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(hostile.MADE[name]())
    (tmp_path / "good.md").write_text("A good file.")
    requests = [Request(tmp_path / each, tmp_path) for each in (name, "good.md")]
    begun = time.monotonic()
    first, second = Reader(Limits(seconds=SECONDS, memory=800_000_000)).read(requests)
    assert time.monotonic() - begun < 2 * SECONDS + START
    assert isinstance(first, Extract) or (isinstance(first, Skipped) and first.reason)
    assert isinstance(second, Extract)


@pytest.mark.slow
def test_mutations_that_reach_into_archives_end_no_run(tmp_path: Path) -> None:
    requests = list(hostile.mutated_files(tmp_path, 200))
    outcomes = list(Reader(Limits(seconds=20)).read(requests))
    assert len(outcomes) == len(requests)
    assert all(isinstance(outcome, (Extract, Skipped)) for outcome in outcomes)


@pytest.mark.slow
def test_every_hostile_gitignore_is_obeyed_or_left_out_in_a_bounded_time(tmp_path: Path) -> None:
    assert hostile.ignoring(tmp_path, 30) < 5
