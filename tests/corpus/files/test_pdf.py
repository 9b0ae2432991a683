"""PDF: text by page, and one clear sentence for what holds none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evidentia.corpus.files.formats import Format
from evidentia.corpus.files.pdf import read
from evidentia.errors import ReadError

FORM = Format("application/pdf")
MakePdf = Callable[..., bytes]


def test_each_page_is_marked_with_its_number(make_pdf: MakePdf) -> None:
    content = read(make_pdf([[(700, "First page.")], [], [(700, "Third page.")]], "The Title"), FORM)
    assert content.text == "First page.\n\nThird page.\n\n"
    assert [(mark.page, content.text[mark.start :][:5]) for mark in content.marks] == [(1, "First"), (3, "Third")]
    assert (content.title, content.metadata) == ("The Title", {"pages": "3"})


def test_paragraphs_are_told_by_the_space_between_them(make_pdf: MakePdf) -> None:
    lines = [(700, "One begins"), (686, "and goes on."), (658, "Two begins"), (644, "and ends.")]
    assert read(make_pdf([lines]), FORM).text == "One begins\nand goes on.\n\nTwo begins\nand ends.\n\n"


def test_a_word_that_is_broken_at_a_lines_end_is_whole_again(make_pdf: MakePdf) -> None:
    assert "retrieval of" in read(make_pdf([[(700, "The retrie-"), (686, "val of text.")]]), FORM).text
    assert "GPT-4 is" in read(make_pdf([[(700, "The GPT-"), (686, "4 is text.")]]), FORM).text


def test_a_scan_says_that_it_holds_no_text(make_pdf: MakePdf) -> None:
    with pytest.raises(ReadError, match="holds no text, only images or empty pages"):
        read(make_pdf([[], []]), FORM)


@pytest.mark.parametrize("broken", [b"", b"hello", b"%PDF-1.4 and nothing else"])
def test_a_broken_pdf_is_a_read_error(broken: bytes) -> None:
    with pytest.raises(ReadError, match="damaged or not a PDF"):
        read(broken, FORM)


def test_a_pdf_with_a_password_says_so(make_pdf: MakePdf) -> None:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (
        b"00" * 32,
        b"00" * 32,
    )
    with pytest.raises(ReadError, match="protected with a password"):
        read(make_pdf([[(700, "secret")]]).replace(b"/Root", lock + b" /Root"), FORM)
