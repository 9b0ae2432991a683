"""Where a symbol is documented, and which documents a change may have made untrue."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from evidentia import Library
from evidentia.errors import NotFoundError
from evidentia.retrieval.embedders.hash import HashEmbedder

pytestmark = pytest.mark.skipif(which("git") is None, reason="git is not installed")

CODE = "def put_book(shelf):\n    return shelf\n\n\ndef find_shelf():\n    pass\n\n\ndef drop_all():\n    pass\n"
DOCS = {
    "guide.md": "# Guide\n\nCall `put_book` to fill a shelf. The old harbour burned.\n",
    "reference.md": "# put_book\n\nThe function `put_book()` takes a shelf.\n\n# find_shelf\n\nFinds one.\n",
    "news.md": "# News\n\nWith `put_book` and `drop_all` nothing is easier.\n",
}


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("documentation") / "project"
    folder.mkdir()
    (folder / "shelves.py").write_text(CODE)
    for name, text in DOCS.items():
        (folder / name).write_text(text)
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    changed = CODE.replace("return shelf", "return [shelf]").replace("\n\ndef drop_all():\n    pass\n", "")
    (folder / "shelves.py").write_text(changed)
    (folder / "news.md").write_text(DOCS["news.md"] + "\nMore to come.\n")
    with Library(folder.parent / "library", embedder=HashEmbedder()) as opened:
        opened.add(folder)
        yield opened


def test_the_passages_that_name_a_symbol_are_quoted_those_of_its_heading_first(library: Library):
    answer = library.knowledge.verb("documented", "put_book")
    names = [one.evidence.name.rpartition("/")[2] for one in answer.citations]
    assert names == ["reference.md", "guide.md", "news.md"]
    assert all(one.verified for one in answer.citations)
    assert "Call `put_book` to fill a shelf." in answer.text


def test_a_question_goes_there(library: Library):
    answer = library.ask("Where is `put_book` documented?")
    assert answer.metadata["verb"] == "documented"
    assert library.ask("Where is find_shelf described in the docs?").metadata["verb"] == "documented"


def test_a_change_makes_the_documents_stale_that_name_it_and_did_not_change(library: Library):
    answer = library.knowledge.verb("stale", "HEAD")
    assert {one.evidence.name.rpartition("/")[2] for one in answer.citations} == {"guide.md", "reference.md"}
    assert "news.md" in answer.text.splitlines()[-1]
    assert library.ask("Which docs does this change make stale?").metadata["verb"] == "stale"


def test_what_no_document_names_is_said(library: Library):
    with pytest.raises(NotFoundError, match="knows no such name"):
        library.knowledge.verb("documented", "fill_the_sea")
    with pytest.raises(NotFoundError, match="no such revision"):
        library.knowledge.verb("stale", "no-such-branch")
