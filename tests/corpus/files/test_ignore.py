"""Git's ignore rules, told without git; where git is installed, it is asked what it would have done."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia.corpus.files import Found, Skipped, walk

Tree = Callable[[dict[str, str | bytes]], Path]


def found(root: Path) -> set[str]:
    return {entry.path.relative_to(root).as_posix() for entry in walk(root, 1000) if isinstance(entry, Found)}


def test_an_ignored_folder_is_one_entry_with_its_reason(tree: Tree) -> None:
    root = tree({".gitignore": "out/\n*.log\n", "out/a.md": "", "out/b.md": "", "x.log": "", "keep.md": ""})
    assert [entry for entry in walk(root, 1000) if isinstance(entry, Skipped)] == [
        Skipped(root / "out", "ignored by git"),
        Skipped(root / "x.log", "ignored by git"),
    ]


def test_a_deeper_file_overrules_a_higher_one(tree: Tree) -> None:
    root = tree({".gitignore": "*.txt", "a.txt": "", "sub/.gitignore": "!*.txt", "sub/b.txt": "", "sub/deep/c.txt": ""})
    assert found(root) == {"sub/b.txt", "sub/deep/c.txt"}


def test_what_lies_in_an_ignored_folder_cannot_come_back(tree: Tree) -> None:
    root = tree({".gitignore": "out/\n!out/keep.md\npart/*\n!part/keep.md", "out/keep.md": "", "part/keep.md": ""})
    assert found(root) == {"part/keep.md"}


def test_the_repositorys_private_exclusions_hold_and_its_files_overrule_them(tree: Tree) -> None:
    root = tree({".git/info/exclude": "*.tmp\n*.md", ".gitignore": "!b.md", "a.tmp": "", "a.md": "", "b.md": ""})
    assert found(root) == {"b.md"}


def test_a_folder_inside_a_repository_obeys_the_rules_above_it(tree: Tree) -> None:
    root = tree({".git/HEAD": "", ".gitignore": "*.gen.py\n/docs/secret.md", "docs/a.gen.py": "", "docs/secret.md": ""})
    tree({"docs/b.py": ""})
    assert found(root / "docs") == {"b.py"}


def test_rules_above_do_not_hold_for_a_folder_that_they_ignore_itself(tree: Tree) -> None:
    root = tree({".git/HEAD": "", ".gitignore": "local/\n*.py", "local/pkg/core.py": ""})
    assert found(root / "local/pkg") == {"core.py"}


def test_rules_do_not_reach_out_of_a_repository_into_one_inside(tree: Tree) -> None:
    root = tree({".git/HEAD": "", ".gitignore": "*.py", "inner/.git/HEAD": "", "inner/core.py": ""})
    assert found(root / "inner") == {"core.py"}


def test_a_pattern_that_cannot_be_read_is_passed_over(tree: Tree) -> None:
    assert found(tree({".gitignore": b"!\n***\xff[\n\\\n*.log\n", "a.log": "", "a.md": ""})) == {"a.md"}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_itself_would_list_the_same_files(tree: Tree) -> None:
    patterns = [
        "*.log",
        "!keep.log",
        "/top.md",
        "doc/*.tmp",
        "**/gen",
        "a/**/z.md",
        "sp ace.md",
        "trail.md   ",
        "\\#x.md",
        "[ab].txt",
    ]
    names = [
        "x.log",
        "keep.log",
        "top.md",
        "s/top.md",
        "doc/a.tmp",
        "doc/s/a.tmp",
        "gen/a.md",
        "s/gen/b.md",
        "a/z.md",
        "a/b/z.md",
    ]
    names += [
        "a/b/c/z.md",
        "sp ace.md",
        "trail.md",
        "#x.md",
        "a.txt",
        "b.txt",
        "c.txt",
        "s/a.txt",
        "s/keep.log",
        "u/n.md",
    ]
    files: dict[str, str | bytes] = dict.fromkeys(names, "")
    files |= {".gitignore": "\n".join(patterns), "u/.gitignore": "n.md\n!a.txt", "u/a.txt": ""}
    root = tree(files)
    subprocess.run(["git", "init", "-q", root], check=True)
    listed = subprocess.run(
        ["git", "-C", root, "-c", "core.excludesFile=", "ls-files", "-z", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert found(root) == {name for name in listed.stdout.split("\0") if name and ".gitignore" not in name}
