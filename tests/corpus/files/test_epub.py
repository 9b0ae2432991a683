"""Electronic books: chapters in the order of reading below the title, and a reason for those that are locked."""

from __future__ import annotations

import io
import zipfile

import pytest

from evidentia.corpus.files import epub
from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format
from evidentia.errors import ReadError

FORM = Format("application/epub+zip")
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PAGE = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>%s</body></html>'


def book(spine: list[str], chapters: dict[str, str], title: str = "Cranes", more: str = "", **members: str) -> bytes:
    """``chapters`` by their names, ``spine`` in the order of reading; ``members`` are further ones of META-INF."""
    items = "".join(
        f'<item id="{name}" href="text/{name}%20a.xhtml" media-type="application/xhtml+xml"/>' for name in chapters
    )
    read_in = "".join(f'<itemref idref="{name}"/>' for name in spine)
    told = f"<dc:title>{title}</dc:title>" if title else ""
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"{told}<dc:creator>Ada Moss</dc:creator><dc:creator>Bob Kay</dc:creator></metadata>"
        f"<manifest>{items}{more}</manifest><spine>{read_in}</spine></package>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OPS/book.opf", package)
        for name, text in chapters.items():
            archive.writestr(f"OPS/text/{name} a.xhtml", PAGE % text)
        for name, text in members.items():
            archive.writestr(f"META-INF/{name}.xml", text)
    return held.getvalue()


def read(*given: object, **named: object) -> Content:
    return epub.read(book(*given, **named), FORM)  # type: ignore[arg-type]


def test_chapters_stand_in_the_order_of_reading_below_the_title_and_the_authors() -> None:
    content = read(
        ["two", "one", "two"],
        {
            "one": '<a id="p1"/><h1>Winches</h1><p>Grønn turns<br/>it.</p>',
            "two": "<h1>Hooks</h1><h2>Steel</h2><p>Strong.</p>",
        },
    )
    assert content.text == (
        "# Cranes\n\nAuthor: Ada Moss, Bob Kay\n\n## Hooks\n\n### Steel\n\nStrong.\n\n## Winches\n\nGrønn turns\nit."
    )
    assert (content.title, content.metadata) == ("Cranes", {"author": "Ada Moss, Bob Kay"})
    labels = {content.text[mark.start :].split("\n")[0]: mark.label for mark in content.marks}
    assert (labels["Strong."], labels["Grønn turns"]) == ("Hooks", "Winches")


def test_a_book_without_a_title_goes_by_its_first_heading() -> None:
    content = read(["one"], {"one": "<h1>Winches</h1><p>Text.</p>"}, title="")
    assert (content.text, content.title) == ("Author: Ada Moss, Bob Kay\n\n# Winches\n\nText.", "Winches")


def test_what_is_no_chapter_is_counted() -> None:
    nav = '<item id="nav" href="text/one%20a.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    picture = '<img src="a.png"/>'
    content = read(
        ["nav", "gone", "one", "two"], {"one": f"<p>One.</p>{picture}", "two": f"<p>Two.</p>{picture}"}, more=nav
    )
    assert content.text.endswith("\n\nOne.\n\nTwo.")
    assert set(content.omitted) == {
        "1 table of contents",
        "1 chapter that the file does not hold",
        "2 pictures without text",
    }


def sealed(name: str, method: str) -> str:
    return (
        '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/><e:CipherData><e:CipherReference URI="{name}"/></e:CipherData>'
        "</e:EncryptedData></encryption>"
    )


def test_a_locked_book_is_refused_and_scrambled_fonts_are_no_lock() -> None:
    chapters = {"one": "<p>One.</p>"}
    with pytest.raises(ReadError, match="protected"):
        read(
            ["one"],
            chapters,
            encryption=sealed("OPS/text/one%20a.xhtml", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"),
        )
    fonts = sealed("OPS/font.otf", "http://www.idpf.org/2008/embedding")
    assert read(["one"], chapters, encryption=fonts).text.endswith("One.")


def test_a_chapter_that_is_listed_without_end_is_read_once() -> None:
    assert read(["one"] * 10_000, {"one": "<p>Word.</p>"}).text.count("Word.") == 1


@pytest.mark.parametrize("broken", [b"", b"hello", book(["a"], {"a": "<p>x</p>"})[:-40], book([], {})[:300]])
def test_damage_of_any_kind_is_a_read_error(broken: bytes) -> None:
    with pytest.raises(ReadError):
        epub.read(broken, FORM)


def test_a_book_that_unpacks_beyond_all_measure_is_refused() -> None:
    with pytest.raises(ReadError, match="above the limit"):
        epub.read(book(["a"], {"a": "x" * 110_000_000}), FORM)
