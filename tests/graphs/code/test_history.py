"""Who changed the file of a symbol and what changes with it, on a small repository of git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from evidentia import Library, Settings

needs_git = pytest.mark.skipif(which("git") is None, reason="git is not installed")


def commit(folder: Path, author: str, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    identity = ["-c", f"user.name={author}", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *identity, "add", "."], cwd=folder, check=True)
    subprocess.run(["git", *identity, "commit", "-qm", f"by {author}"], cwd=folder, check=True)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("history") / "shop"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    commit(folder, "Ada", price="def price_of(x): return x\n", stock="def count_stock(): pass\n", other="")
    commit(folder, "Ada", price="def price_of(x): return x + 1\n", stock="def count_stock(): return 1\n")
    commit(folder, "Otto", price="def price_of(x): return x + 2\n")
    (folder.parent / "loose").mkdir()
    (folder.parent / "loose" / "loose.py").write_text("def loose_end(): pass\n")
    with Library(folder.parent / "library", settings=Settings(embedder="hash")) as opened:
        opened.add(folder)
        opened.add(folder.parent / "loose")
        yield opened


def told(library: Library, name: str) -> dict[str, list[tuple[str, str]]]:
    found = library.graph.verb("history", name)
    return {one.verb: [(row.symbol.id, row.note) for row in one.rows] for one in found}


@needs_git
def test_history_names_the_last_change_the_authors_and_the_files_that_change_with_it(library: Library) -> None:
    found = told(library, "price_of")
    assert "Otto: by Otto" in found["last change"][0][1]
    assert found["authors"] == [("Ada", "2 of 3 commits"), ("Otto", "1 of 3 commits")]
    assert found["co-changed files"] == [("shop/stock.py", "2 of 3 commits")]


@needs_git
def test_a_file_outside_of_every_repository_has_no_history(library: Library) -> None:
    (one,) = library.graph.verb("history", "loose_end")
    assert (one.rows, one.notes) == ((), ("no commit of its file is known",))


@needs_git
@pytest.mark.parametrize(
    "question",
    ["Who are the authors of price_of?", "What changes with price_of?", "Show me the history of price_of"],
)
def test_history_is_asked_for_in_english(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert "Ada" in answer.text
    assert "stock.py" in answer.text


@needs_git
@pytest.mark.parametrize(
    "question",
    [
        "What changed lately in shop/price.py?",
        "What changed in price.py?",
        "Who last changed shop/price.py?",
        "When was shop/price.py last changed?",
        "What is the history of shop/price.py?",
    ],
)
def test_a_question_may_name_the_file_by_its_path(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.status == "rows"
    assert "by Otto" in answer.text


@needs_git
def test_a_path_finds_the_module_of_its_file(library: Library) -> None:
    assert told(library, "shop/price.py") == told(library, "price_of")
    assert library.graph.verb("definition", "shop/stock.py")[0].symbol.id.endswith("stock")
