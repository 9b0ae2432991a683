"""Word and PowerPoint: verbatim words under their headings, slides by number, and no harm from damaged files."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Callable

import pytest

from evidentia.corpus.files import office
from evidentia.corpus.files.formats import Format, format_of
from evidentia.errors import ReadError

MakeDocx = Callable[..., bytes]


def form(name: str) -> Format:
    found = format_of(name)
    assert found is not None
    return found


@pytest.fixture
def slides() -> bytes:
    import pptx

    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Quarterly *review*"
    first.placeholders[1].text = "Revenue rose_by 5%"
    first.notes_slide.notes_text_frame.text = "Say it slowly"
    deck.slides.add_slide(deck.slide_layouts[6])
    third = deck.slides.add_slide(deck.slide_layouts[6])
    table = third.shapes.add_table(2, 2, 0, 0, 100, 100).table
    for row, column, text in ((0, 0, "Name"), (0, 1, "Value"), (1, 0, "alpha"), (1, 1, "1 < 2")):
        table.cell(row, column).text = text
    packed = io.BytesIO()
    deck.save(packed)
    return packed.getvalue()


def test_a_word_file_keeps_headings_tables_and_every_character(make_docx: MakeDocx) -> None:
    data = make_docx(
        "# The Title", "snake_case 2*3*4 &lt;tag&gt; [x](y)", [["Name", "Value"], ["alpha", "0.85"]], "Last."
    )
    content = office.read_document(data, form("a.docx"))
    assert content.text == (
        "# The Title\n\nsnake_case 2*3*4 <tag> [x](y)\n\n| Name | Value |\n| --- | --- |\n| alpha | 0.85 |\n\nLast."
    )
    assert content.title == "The Title"


def test_slides_are_marked_with_their_numbers_and_begin_with_a_heading(slides: bytes) -> None:
    content = office.read_presentation(slides, form("a.pptx"))
    assert content.text == (
        "# Quarterly *review*\nRevenue rose_by 5%\n\n### Notes:\nSay it slowly\n\n"
        "# Slide 3\n\n| Name | Value |\n| --- | --- |\n| alpha | 1 < 2 |\n\n"
    )
    assert [(mark.page, content.text[mark.start :].split("\n")[0]) for mark in content.marks] == [
        (1, "# Quarterly *review*"),
        (3, "# Slide 3"),
    ]
    assert content.metadata == {"slides": "3"}


def test_nothing_goes_to_the_network(make_docx: MakeDocx, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    office.read_document(make_docx("text http://example.org/image.png"), form("a.docx"))


@pytest.mark.parametrize("read", [office.read_document, office.read_presentation])
def test_damage_of_any_kind_is_a_read_error(read: Callable[..., object], make_docx: MakeDocx) -> None:
    whole = make_docx("text")
    for data in (
        b"",
        b"hello",
        whole[:200],
        whole[:-40],
        _archive({"other.txt": b"x"}),
        _archive({"word/document.xml": b"<"}),
    ):
        with pytest.raises(ReadError):
            read(data, form("a.docx"))


def test_a_file_with_a_password_says_so() -> None:
    with pytest.raises(ReadError, match="protected with a password or older than Office 2007"):
        office.read_document(b"\xd0\xcf\x11\xe0" + b"\0" * 600, form("a.docx"))


def test_a_file_that_unpacks_beyond_all_measure_is_refused_unopened() -> None:
    with pytest.raises(ReadError, match="unpacks to 400 MB, above the limit of 300 MB"):
        office.read_document(_archive({"word/document.xml": b"\0" * 400_000_000}), form("a.docx"))


def test_entities_that_multiply_are_not_expanded(make_docx: MakeDocx) -> None:
    with zipfile.ZipFile(io.BytesIO(make_docx("&a9;"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entities = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "{"x" * 1000}">{entities}]>'.encode()
    with pytest.raises(ReadError, match="damaged"):
        office.read_document(_archive(parts | {"word/document.xml": bomb + parts["word/document.xml"]}), form("a.docx"))


def _archive(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()
