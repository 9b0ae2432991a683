"""Patterns of ``.gitignore`` hold as they do for git, which is asked itself, and in linear time whatever they are."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evidentia.corpus.files import Found, Skipped, walk
from evidentia.corpus.files.glob import compile_pattern, parse
from evidentia.corpus.files.ignore import is_ignored, rules_in

Tree = Callable[[dict[str, str | bytes]], Path]
PATHS = [
    "a",
    "b",
    "ab",
    "ba",
    "aab",
    "abb",
    "a.b",
    ".a",
    "a-b",
    "a/",
    "a/a",
    "a/b",
    "a/ab",
    "a/b/",
    "a/b/a",
    "a/b/ab",
    "a/b/a/",
    "a/b/a/b",
    "b/",
    "b/a",
    "b/b/",
    "b/b/a",
    "[a]",
    "ab/",
    "ab/a",
    "ab/b/",
    "ab/b/a",
    "a\\b",
    "!a",
    "#a",
    "é",
    "aé",
    "a*",
    "ba/",
    "ba/a",
]
PATHS += ["a ", "a /", "a /b"]
PIECES = (
    ["a"] * 6
    + ["b"] * 6
    + ["*"] * 5
    + ["/"] * 4
    + ["**", "**/", "/**", "/**/", "***", "?", "?", ".", "[ab]", "[!a]", "[^b]"]
)
PIECES += [
    "[a-b]",
    "[b-a]",
    "[]a]",
    "[]-a]",
    "[a-",
    "[",
    "]",
    "[[:alpha:]]",
    "[[:x:]]",
    "[[:punct:]b]",
    "[a\\]b]",
    "[\\a-b]",
]
PIECES += [
    "\\*",
    "\\a",
    "\\\\",
    "\\[",
    "\\",
    " ",
    "\\ ",
    "é",
    "-",
    "!",
    "#",
    "[a/b]",
    "[[:]",
    "[--a]",
    "[a-a-b]",
    "[!]a-]",
    "[\\",
]


def _patterns(chance: random.Random) -> Iterator[str]:
    for _ in range(chance.randint(1, 3)):
        pattern = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        # Git lets a ``**`` before an escaped slash stand for one folder or more, against its manual.
        yield ("!" if chance.random() < 0.15 else "") + pattern.replace("\\/", "/")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("seed", range(4))
def test_git_itself_ignores_the_same_paths(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files = [list(_patterns(chance)) for _ in range(150)]
    for number, patterns in enumerate(files):
        for path in PATHS:
            place = tmp_path / str(number) / path
            if path.endswith("/"):
                place.mkdir(parents=True, exist_ok=True)
        for path in PATHS:
            place = tmp_path / str(number) / path
            if not place.is_dir():
                place.touch()
        (tmp_path / str(number) / ".gitignore").write_text("\n".join(patterns))
    asked = [f"{number}/{path.rstrip('/')}" for number in range(len(files)) for path in PATHS]
    theirs = _ignored_by_git(tmp_path, asked)
    for number, patterns in enumerate(files):
        rules = rules_in(str(tmp_path / str(number)))
        for path in dict.fromkeys(path.rstrip("/") for path in PATHS):
            parts = path.split("/")
            ours = any(
                is_ignored(
                    rules, str(place := tmp_path / str(number) / "/".join(parts[:length])), is_folder=place.is_dir()
                )
                for length in range(1, len(parts) + 1)
            )
            assert ours == (f"{number}/{path}" in theirs), (patterns, path)


def _ignored_by_git(root: Path, paths: list[str]) -> set[str]:
    plain = {"PATH": os.environ["PATH"], "HOME": str(root / "nowhere"), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
    subprocess.run(["git", "init", "-q", "--template=", root], check=True, env=plain)
    done = subprocess.run(
        ["git", "-C", root, "check-ignore", "--no-index", "-z", "--stdin"],
        input="\0".join(paths).encode(),
        capture_output=True,
        env=plain,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.decode().split("\0"))


@pytest.mark.parametrize("count", [8, 500])
@pytest.mark.parametrize("piece", ["*a", "*?", "*[a]", "**/", "**/a/", "*/", "a*"])
def test_no_pattern_makes_the_matcher_try_over_and_over(piece: str, count: int) -> None:
    """Each of these would take longer than the universe has by backtracking; the time limit is that of the test run."""
    pattern = parse((piece * count + "*b").encode())
    assert pattern is not None
    expression = compile_pattern(pattern)
    assert expression is not None
    assert not expression.fullmatch(b"a" * 255)
    assert not expression.fullmatch(b"/".join([b"a"] * 2000))


def test_a_file_of_too_many_patterns_is_named_and_none_of_them_holds(tree: Tree) -> None:
    wild = "\n".join(f"*.{number}x" for number in range(5_000))
    root = tree({"wild/.gitignore": wild, "wild/a.1x": "", "large/.gitignore": "a.md" * 300_000, "large/a.md": ""})
    entries = list(walk(root, 1000))
    assert {entry.path.name for entry in entries if isinstance(entry, Found)} == {"a.1x", "a.md"}
    reasons = {entry.path.parent.name: entry.reason for entry in entries if isinstance(entry, Skipped)}
    assert "above the limit of 2,000" in reasons["wild"]
    assert "above the limit of 1,000,000 bytes" in reasons["large"]


def test_a_pipe_of_patterns_does_not_block(tree: Tree) -> None:
    root = tree({"a.md": ""})
    os.mkfifo(root / ".gitignore")
    assert [entry.path.name for entry in walk(root, 1000) if isinstance(entry, Found)] == ["a.md"]
