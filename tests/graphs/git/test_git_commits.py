from __future__ import annotations

import shutil
import subprocess

import pytest

from evidentia.graphs.git.commits import commits
from evidentia.graphs.git.history import MOST_FILES

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def _git(folder, *arguments):
    who = ("-c", "user.name=Ann Lee", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def _commit(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{path.read_text() if path.exists() else ''}more\n")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "change")


@needs_git
def test_files_of_one_commit_come_together_with_their_author(tmp_path):
    _git(tmp_path, "init", "-q")
    _commit(tmp_path, "docs/a.md", "docs/zwei ö.md")
    _commit(tmp_path, "docs/a.md")
    last, first = commits(tmp_path / "docs")
    assert last.paths == (f"{tmp_path}/docs/a.md",)
    assert first.author == "Ann Lee"
    assert set(first.paths) == {f"{tmp_path}/docs/a.md", f"{tmp_path}/docs/zwei ö.md"}


@needs_git
def test_a_commit_of_very_many_files_relates_none(tmp_path):
    _git(tmp_path, "init", "-q")
    _commit(tmp_path, *(f"{number}.md" for number in range(MOST_FILES + 1)))
    assert commits(tmp_path) == []


@needs_git
def test_a_repository_without_commits_has_no_history(tmp_path):
    _git(tmp_path, "init", "-q")
    assert commits(tmp_path) == []


def test_without_git_or_repository_or_folder_nothing_is_known(tmp_path, monkeypatch):
    assert commits(tmp_path / "missing") == []
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commits(tmp_path) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commits(tmp_path) == []
