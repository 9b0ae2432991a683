"""A long command is never silent, on a terminal or off it."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from evidentia.cli import progress


def test_without_a_terminal_each_stage_begins_and_ends_with_a_line():
    out = io.StringIO()
    with progress.show(Console(file=out, width=100)) as told:
        for done in range(5):
            told("reading", done, 4)
        told("dense index", 0, 1)
        told("dense index", 1, 1)
    first, second, third, fourth = out.getvalue().splitlines()
    assert first.startswith("reading      0/4 files")
    assert second.startswith("reading      4/4 files")
    assert "took 0:00:00" in second
    assert third.startswith("dense index  0/1")
    assert fourth.startswith("dense index  1/1")


def test_a_stage_that_does_not_move_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(progress, "EVERY", 0.01)
    out = io.StringIO()
    with progress.show(Console(file=out, width=100)) as told:
        told("code graph", 0, 900)
        while out.getvalue().count("so far") < 3:
            time.sleep(0.01)


def test_what_is_left_follows_from_the_pace_so_far():
    stage = progress.Stage("embedding", begun=time.monotonic() - 10)
    stage.move(250, 1000)
    assert stage.how() == "250/1,000 passages  25/s  0:00:30 left"


def test_a_terminal_gets_one_bar_for_each_stage():
    out = io.StringIO()
    with progress.show(Console(file=out, width=100, force_terminal=True)) as told:
        told("reading", 1, 2)
        told("reading", 2, 2)
        told("embedding", 7, 7)
    assert "2/2 files" in out.getvalue()
    assert "7/7 passages" in out.getvalue()
