"""How far an update is, file by file."""

from __future__ import annotations

from typing import Any

from evidentia.graphs.code.headway import Headway


def _texts(count: int) -> list[tuple[int, str, str]]:
    return [
        (at, f"m{at}.py", f"import m{at - 1}\n\n\ndef f{at}():\n    return m{at - 1}.f{at - 1}()\n")
        for at in range(1, count)
    ]


def test_an_update_tells_its_files_one_by_one(workspace: Any) -> None:
    files = [workspace.put(*row) for row in _texts(12)]
    told: list[tuple[int, int]] = []
    workspace.graph.update(files, told=lambda done, total: told.append((done, total)))
    assert told == [(done, len(files)) for done in range(1, len(files) + 1)]


def test_an_edit_that_touches_other_files_never_goes_back(workspace: Any) -> None:
    workspace.graph.update([workspace.put(*row) for row in _texts(8)])
    told: list[int] = []
    edited = [workspace.put(1, "m1.py", "def f1(): return 1"), workspace.put(2, "m2.py", "def f2(): return 2")]
    workspace.graph.update(edited, told=lambda done, _: told.append(done))
    assert told == sorted(set(told))
    assert told[-1] <= len(edited)


def test_files_that_turn_out_to_be_touched_slow_the_count_down() -> None:
    told: list[int] = []
    headway = Headway(2, lambda done, _: told.append(done))
    headway.step()
    headway.step()
    headway.touch(10)
    for _ in range(40):
        headway.step()
    assert told == [1, 2]
