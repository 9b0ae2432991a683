"""One file to one document: where its text comes from, what it is called, and what happens when it cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidentia.corpus.document import Document
from evidentia.corpus.files import Skipped, read, read_safely
from evidentia.errors import InputError, ReadError

Tree = Callable[[dict[str, str | bytes]], Path]
TEXT = st.text(st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    "name", ["a.md", "a.rst", "a.txt", "a.py", "a.json", "a.yaml", "a.toml", "a.csv", "a.xml", "a.go", "LICENSE"]
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT)
def test_a_text_file_is_its_own_text(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert read(path, tmp_path).text == text


@pytest.mark.parametrize(
    "name",
    [
        *("a.html", "a.ipynb", "a.pdf", "a.docx", "a.pptx", "a.xlsx"),
        *("a.odt", "a.ods", "a.odp", "a.epub", "a.rtf", "a.eml", "a.mbox", "a.srt", "a.vtt"),
    ],
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary())
def test_any_bytes_under_any_name_give_a_document_or_a_reason(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    found = read_safely(path, tmp_path)
    assert isinstance(found, Document) or found.reason


def test_a_document_says_where_it_comes_from(tree: Tree) -> None:
    root = tree({"docs/a b.md": "# Title\n"})
    document = read(root / "docs/a b.md", root)
    assert document.uri == (root / "docs/a b.md").as_posix()
    assert document.name == "project/docs/a b.md"
    assert document.title == "Title"
    assert document.digest == hashlib.sha256(b"# Title\n").hexdigest()


def test_a_single_file_goes_by_its_own_name(tree: Tree) -> None:
    path = tree({"notes.txt": "no title"}) / "notes.txt"
    document = read(path, path)
    assert (document.name, document.title, document.media_type) == ("notes.txt", "notes.txt", "text/plain")


def test_a_file_outside_the_folder_is_refused(tree: Tree, tmp_path: Path) -> None:
    root = tree({"a.md": "a"})
    (tmp_path / "secret.md").write_text("s")
    (root / "link.md").symlink_to(tmp_path / "secret.md")
    for path in (root / "../secret.md", root / "link.md"):
        with pytest.raises(InputError, match="lies outside the folder"):
            read(path, root)


def test_an_error_names_the_file_and_the_fix(tree: Tree) -> None:
    root = tree({"broken.pdf": "hello"})
    path = root / "broken.pdf"
    with pytest.raises(ReadError) as caught:
        read(path, root)
    assert str(caught.value) == f"the PDF is damaged or not a PDF: {path}. Open it in a viewer and save it anew."
    reason = "the PDF is damaged or not a PDF; open it in a viewer and save it anew"
    assert read_safely(path, root) == Skipped(path, reason)


def test_a_file_that_went_away_meanwhile_is_passed_over(tree: Tree) -> None:
    root = tree({"folder.md/a.md": "a"})
    assert read_safely(root / "gone.md", root) == Skipped(root / "gone.md", "the file is gone")
    assert read_safely(root / "folder.md", root) == Skipped(root / "folder.md", "not a regular file")


def test_marks_lead_back_to_the_page(make_pdf: Callable[..., bytes], tree: Tree) -> None:
    root = tree({"a.pdf": make_pdf([[(700, "One.")], [(700, "Two.")]])})
    document = read(root / "a.pdf", root)
    mark = document.mark_at(document.text.index("Two"))
    assert mark is not None
    assert mark.page == 2
