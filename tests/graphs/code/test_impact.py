"""What a change affects, of one symbol or of all that differs from a revision, and which tests reach it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidentia import Library, Settings
from evidentia.errors import InputError, NotFoundError
from evidentia.graphs.code.questions.impact import impact, reaching_tests

FILES = {
    "core.py": "LIMIT = 3\n\ndef low(): return LIMIT\ndef mid(): low()\ndef high(): mid()\n\nclass Box:\n    def put(self): low()\n",
    "tests/test_core.py": (
        "from core import mid, Box\n\ndef helper(): mid()\ndef test_mid(): helper()\n\n"
        "class TestBox:\n    def test_put(self): Box().put()\n\ndef test_other(): pass\n"
    ),
}


def ids(answer: Any) -> list[tuple[str, int]]:
    return [(row.symbol.id, row.distance) for row in answer.rows]


def test_the_affected_come_by_distance_and_the_tests_apart(workspace: Any):
    code, reaching = impact(workspace.build(FILES), "low", 3)
    assert ids(code) == [("core.Box.put", 1), ("core.mid", 1), ("core.high", 2)]
    assert ids(reaching) == [("tests.test_core.TestBox.test_put", 2), ("tests.test_core.test_mid", 3)]
    assert "tests/test_core.py" in reaching.notes[0]


def test_what_lies_further_than_asked_is_counted(workspace: Any):
    code, _ = impact(workspace.build(FILES), "low", 1)
    assert ids(code) == [("core.Box.put", 1), ("core.mid", 1)]
    assert "1 more" in code.notes[0]


def test_a_change_of_a_class_or_variable_reaches_users_of_its_parts(workspace: Any):
    graph = workspace.build(FILES)
    assert ids(impact(graph, "Box", 1)[1]) == [("tests.test_core.TestBox.test_put", 1)]
    assert ("core.low", 1) in ids(impact(graph, "LIMIT", 1)[0])


def test_tests_of_a_symbol_are_tests_and_no_helpers(workspace: Any):
    (answer,) = reaching_tests(workspace.build(FILES), "mid")
    assert ids(answer) == [("tests.test_core.test_mid", 2)]


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    folder = tmp_path / "repository"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    _git(folder, "tag", "-am", "begin", "v1")
    (folder / "core.py").write_text(
        FILES["core.py"].replace("def mid(): low()", "def mid(): return low()").replace("high", "top")
    )
    (folder / "new.py").write_text("def fresh(): pass\n")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "second: mid gives what low gives")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(folder)
        yield opened


@needs_git
@pytest.mark.parametrize("revision", ["HEAD~1", "HEAD^", "v1"])
def test_a_diff_is_told_as_definitions_and_who_they_affect(library: Library, revision: str):
    changed, affected, reaching = library.graph.verb("impact", diff=revision)
    assert {row.symbol.id for row in changed.rows} == {"core.mid", "core.top", "new.fresh"}
    assert "core.high" in changed.notes[0]
    assert affected.rows == ()
    assert [row.symbol.id for row in reaching.rows] == ["tests.test_core.test_mid"]


@needs_git
def test_nothing_has_changed_since_the_last_commit(library: Library):
    (changed,) = library.graph.verb("impact", diff="HEAD")
    assert changed.rows == ()
    assert changed.notes == ()


@needs_git
def test_an_edit_that_the_library_has_not_seen_is_said(library: Library, tmp_path: Path):
    (tmp_path / "repository" / "core.py").write_text("def other(): pass\n")
    (changed,) = library.graph.verb("impact", diff="HEAD")
    assert "evidentia add" in changed.notes[0]


@needs_git
@pytest.mark.parametrize(
    "revision", ["nowhere", "HEAD~9", "--help", "0000", "HEAD; rm -rf /", "HEAD^{tree}", "../../x"]
)
def test_a_revision_that_is_none_is_refused(library: Library, revision: str):
    with pytest.raises(NotFoundError):
        library.graph.verb("impact", diff=revision)


@needs_git
def test_the_last_change_of_a_file_is_part_of_its_explanation(library: Library):
    (last,) = [one for one in library.graph.verb("explain", "core.mid") if one.verb == "last change"]
    assert "second: mid gives what low gives" in last.rows[0].note
    assert "Ada" in last.rows[0].note


def test_impact_wants_a_name_or_a_diff(tmp_path: Path):
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        for arguments in ({}, {"name": "a", "diff": "HEAD"}, {"diff": "HEAD"}):
            with pytest.raises(InputError):
                library.graph.verb("impact", **arguments)
