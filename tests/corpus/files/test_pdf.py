"""PDF: text as people see it, page by page, and one clear sentence for what holds none."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import pytest

from evidentia.corpus.files.pdf import ranges, read
from evidentia.errors import ReadError

from .drawn import FILLER, FORM, MakePdf, lines, page_of, text


def test_each_page_is_marked_with_its_number(make_pdf: MakePdf) -> None:
    content = read(make_pdf([[(700, "First page.")], [], [(700, "Third page.")]], "The Title"), FORM)
    assert content.text == "First page.\n\nThird page.\n"
    assert [(mark.page, content.text[mark.start :][:5]) for mark in content.marks] == [(1, "First"), (3, "Third")]
    assert (content.title, content.metadata) == ("The Title", {"pages": "3"})


def test_paragraphs_are_told_by_the_space_between_them_and_their_lines_joined(make_pdf: MakePdf) -> None:
    rows = [(700, "One begins here"), (686, "and goes on."), (658, "Two begins here"), (644, "and ends.")]
    assert read(make_pdf([rows]), FORM).text == "One begins here and goes on.\n\nTwo begins here and ends.\n"


def test_short_lines_stay_lines(draw_pdf: MakePdf) -> None:
    drawn = lines(72, 700, *FILLER) + lines(72, 600, "Ann Moss", "Mill Lane 5", "Riverton")
    assert read(draw_pdf([drawn]), FORM).text.endswith("\n\nAnn Moss\nMill Lane 5\nRiverton\n")


COLUMN = [
    "The bridge was closed in the",
    "spring of 1998 for repairs to",
    "its northern pier. The works",
    "took seven weeks.",
]
OTHER = [
    "A ferry carried those who had",
    "to cross. It ran every hour and",
    "cost two crowns, children paid",
    "nothing at all.",
]


@pytest.mark.parametrize("by_row", [True, False])
def test_columns_are_read_one_after_the_other_however_they_were_drawn(draw_pdf: MakePdf, by_row: bool) -> None:
    left, right = (
        [(72, 600 - 14 * n, row) for n, row in enumerate(COLUMN)],
        [(330, 600 - 14 * n, row) for n, row in enumerate(OTHER)],
    )
    order = [place for pair in zip(left, right, strict=True) for place in pair] if by_row else [*left, *right]
    drawn = text(72, 650, "A report on the bridge and on the ferry that took its place in the year of the works")
    drawn += "".join(text(*place) for place in order)
    first, second, third = read(draw_pdf([drawn]), FORM).text.strip().split("\n\n")
    assert first.startswith("A report on the bridge and on the ferry")
    assert (second, third) == (" ".join(COLUMN), " ".join(OTHER))


def test_a_figure_in_a_column_does_not_hide_the_columns(draw_pdf: MakePdf) -> None:
    drawn = lines(72, 600, *COLUMN * 3) + lines(330, 600, *OTHER * 3)
    drawn += "".join(text(72 + 20 * n, 420 - 3 * n, str(n), 7) + text(72, 425 - 9 * n, f"{n}.5", 7) for n in range(8))
    found = read(draw_pdf([drawn]), FORM).text
    assert found.index("took seven weeks.") < found.index("A ferry carried")
    assert " ".join(COLUMN) in found
    assert " ".join(OTHER) in found


def test_a_sentence_goes_on_in_the_next_column(draw_pdf: MakePdf) -> None:
    drawn = lines(72, 600, *COLUMN[:3], "lasted from the month of March") + lines(
        330, 600, "until the end of April, when", *OTHER[1:]
    )
    assert "from the month of March until the end of April" in read(draw_pdf([drawn]), FORM).text


def test_large_and_bold_lines_are_headings_by_their_rank(draw_pdf: MakePdf) -> None:
    drawn = text(72, 740, "River works", 20, "F2") + text(72, 700, "Locks", 15) + lines(72, 670, *FILLER)
    drawn += text(72, 590, "Opening hours", 11, "F2") + lines(72, 560, *FILLER)
    body = " ".join(FILLER)
    assert read(draw_pdf([drawn]), FORM).text == f"# River works\n\n## Locks\n\n{body}\n\n### Opening hours\n\n{body}\n"


def test_bookmarks_say_what_a_heading_is(draw_pdf: MakePdf) -> None:
    outline = [
        "<< /Type /Outlines /First 21 0 R /Last 21 0 R /Count 1 >>",
        "<< /Title (Rules of the house) /Parent 20 0 R /Dest [1001 0 R /Fit] >>",
    ]
    drawn = text(72, 700, "Rules of the house") + lines(72, 660, *FILLER)
    content = read(draw_pdf([drawn], catalog="/Outlines 20 0 R", objects=outline), FORM)
    assert content.text.startswith("# Rules of the house\n\nThe council")


def test_a_sentence_over_a_pages_end_is_one_paragraph_with_marks_for_both(draw_pdf: MakePdf) -> None:
    def page(number: int, *rows: str) -> str:
        return text(72, 760, "Report of the Mill Board") + text(280, 30, f"Page {number} of 3") + lines(72, 700, *rows)

    content = read(
        draw_pdf(
            [
                page(1, *FILLER, "At its last meeting it was agreed that the new sluice shall be built at"),
                page(2, "Stone Weir before the winter of 2029.", *FILLER, "The money for it comes from the"),
                page(3, "county, which pays in three parts."),
            ]
        ),
        FORM,
    )
    assert "the new sluice shall be built at Stone Weir before the winter of 2029." in content.text
    assert "The money for it comes from the county, which pays in three parts." in content.text
    assert (page_of(content, "it was agreed"), page_of(content, "Stone Weir")) == (1, 2)
    assert page_of(content, "county, which") == 3
    assert "Page 2" not in content.text
    assert content.text.count("Report of the Mill Board") == 1
    assert "running headers and footers of 3 pages" in content.omitted


def test_headers_that_change_are_known_by_the_pages_number(draw_pdf: MakePdf) -> None:
    pages = [
        text(72, 760, f"{name}") + text(520, 760, str(number)) + lines(72, 700, f"On page {name} it begins.", *FILLER)
        for number, name in enumerate(["Hills", "Rivers", "Lakes", "Woods"], start=1)
    ]
    content = read(draw_pdf(pages), FORM)
    assert "Hills\n" not in content.text
    assert "On page Lakes it begins." in content.text


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        (["The crew works on the re-", "pair of the crane."], "on the repair of"),
        (["They signed a long-", "term contract for it."], "a long-term contract"),
        (["It is a state-of-the-", "art engine of steel."], "a state-of-the-art engine"),
        (["The engine is an X-", "200 made of steel."], "an X-200 made"),
        (["The Anglo-", "American mine closed."], "The Anglo-American mine"),
        (["Eine Donaudampf-", "fahrt im Mai."], "Eine Donaudampffahrt im"),
        (["The zorb-quill is a zorb-", "quill and nothing else."], "is a zorb-quill and"),
        (["A zorbquill here: the zorb-", "quill and nothing else."], "the zorbquill and"),
        (["See https://example.org/a/", "manual.html for the rest."], "https://example.org/a/manual.html for"),
    ],
)
def test_a_word_at_a_lines_end_is_joined_or_keeps_its_hyphen(draw_pdf: MakePdf, rows: list[str], whole: str) -> None:
    assert whole in read(draw_pdf([lines(72, 700, *rows)]), FORM).text


def test_lists_keep_their_numbers_and_their_depth(draw_pdf: MakePdf) -> None:
    drawn = lines(72, 700, *FILLER) + text(72, 630, "Bring:")
    drawn += text(80, 612, "\225 a rope of ten metres that has not been used and a lamp with batteries that")
    drawn += text(90, 598, "last for a night") + text(100, 584, "\225 spare ones too") + text(80, 570, "\225 food")
    drawn += text(80, 540, "7. Sign the book.") + text(80, 526, "8. Leave at dawn.")
    found = read(draw_pdf([drawn]), FORM).text
    assert "batteries that last for a night\n  - spare ones too\n- food\n" in found
    assert "7. Sign the book.\n8. Leave at dawn." in found


def test_two_headings_that_follow_each_other_stay_two(draw_pdf: MakePdf) -> None:
    drawn = text(290, 740, "Method", 11, "F2") + text(72, 720, "Who took part", 11, "F2") + lines(72, 700, *FILLER)
    assert read(draw_pdf([drawn]), FORM).text.startswith("# Method\n\n# Who took part\n\nThe council")


def test_a_term_has_its_meaning_on_the_next_line(draw_pdf: MakePdf) -> None:
    drawn = lines(72, 700, *FILLER) + text(72, 620, "Sluice") + lines(96, 606, *FILLER[:2]) + text(72, 570, "Weir")
    drawn += text(96, 556, "A low dam.")
    found = read(draw_pdf([drawn]), FORM).text
    assert f"\n\nSluice\n: {' '.join(FILLER[:2])}\n\nWeir\n: A low dam.\n" in found


def test_labels_with_values_are_lines(draw_pdf: MakePdf) -> None:
    drawn = "".join(
        text(72, y, f"{name}:") + text(220, y, value)
        for y, name, value in [(700, "Owner", "Ann Moss"), (685, "Boat", "Heron"), (670, "Berth", "14")]
    )
    assert read(draw_pdf([drawn]), FORM).text == "Owner: Ann Moss\nBoat: Heron\nBerth: 14\n"


def test_raised_and_lowered_digits_keep_their_meaning(draw_pdf: MakePdf) -> None:
    drawn = text(72, 700, "The tank holds 3 x 10") + text(178, 704, "6", 7) + text(184, 700, "litres of H")
    drawn += text(230.5, 697, "2", 7) + text(234.6, 700, "O.")
    assert "10⁶ litres of H₂O." in read(draw_pdf([drawn]), FORM).text


def test_code_keeps_its_lines_and_its_indent(draw_pdf: MakePdf) -> None:
    drawn = lines(72, 700, *FILLER) + text(72, 620, "if open:", 10, "F3") + text(96, 608, "close()", 10, "F3")
    assert read(draw_pdf([drawn]), FORM).text.endswith("```\nif open:\n    close()\n```\n")


def hebrew_font() -> list[str]:
    """Objects 20 and 21: codes from ``A`` on are the Hebrew letters from alef on."""
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <00> <FF> "
        "endcodespacerange 2 beginbfrange <41> <5B> <05D0> <20> <3F> <0020> endbfrange endcmap end end"
    )
    return [
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 21 0 R >>",
        f"<< /Length {len(table)} >>\nstream\n{table}\nendstream",
    ]


def test_right_to_left_lines_are_in_the_order_in_which_they_are_read(draw_pdf: MakePdf) -> None:
    # Drawn as a page shows it: the first word stands right, its first letter too.
    shown = ["ABCD EFG", "HIJ KLMN"]
    drawn = "".join(text(300, 700 - 14 * number, row[::-1], 11, "F4") for number, row in enumerate(shown))
    apart = text(420, 640, "DCBA", 11, "F4") + text(300, 640, "1914", 11) + text(200, 640, "GFE", 11, "F4")
    found = read(draw_pdf([drawn + apart], objects=hebrew_font(), fonts="/F4 20 0 R"), FORM).text
    words = [row.translate({ord("A") + n: 0x5D0 + n for n in range(27)}) for row in (*shown, "ABCD 1914 EFG")]
    assert found.split() == " ".join(words).split()


@pytest.mark.parametrize(("degrees", "matrix"), [(90, "0 1 -1 0 {y} {x}"), (270, "0 -1 1 0 {y} {x}")])
def test_a_turned_page_is_read_as_it_is_shown(draw_pdf: MakePdf, degrees: int, matrix: str) -> None:
    def row(number: int, words: str) -> str:
        at = 72 + 14 * number if degrees == 90 else 540 - 14 * number
        place = matrix.format(y=at, x=72 if degrees == 90 else 720)
        return f"BT /F1 11 Tf {place} Tm ({words}) Tj ET\n"

    drawn = "".join(row(number, words) for number, words in enumerate(FILLER))
    assert read(draw_pdf([drawn], page=f"/Rotate {degrees}"), FORM).text == " ".join(FILLER) + "\n"


def test_text_that_stands_on_its_side_follows_the_upright_text(draw_pdf: MakePdf) -> None:
    side = "BT /F1 11 Tf 0 1 -1 0 590 100 Tm (Draft of the third of May) Tj ET\n"
    found = read(draw_pdf([side + lines(72, 700, *FILLER)]), FORM).text
    assert found == " ".join(FILLER) + "\n\nDraft of the third of May\n"


def test_a_scan_says_that_it_holds_no_text(make_pdf: MakePdf) -> None:
    with pytest.raises(ReadError, match="holds no text, only images or empty pages"):
        read(make_pdf([[], []]), FORM)


@pytest.mark.parametrize("broken", [b"", b"hello", b"%PDF-1.4 and nothing else"])
def test_a_broken_pdf_is_a_read_error(broken: bytes) -> None:
    with pytest.raises(ReadError, match="damaged or not a PDF"):
        read(broken, FORM)


def test_a_pdf_cut_off_anywhere_is_read_or_refused_with_a_reason(draw_pdf: MakePdf) -> None:
    whole = draw_pdf([lines(72, 700, *FILLER)] * 3)
    for size in range(0, len(whole), 97):
        with suppress(ReadError):
            assert "The council" in read(whole[:size], FORM).text


def test_a_pdf_with_a_password_says_so(make_pdf: MakePdf) -> None:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]" % (
        b"00" * 32,
        b"00" * 32,
    )
    with pytest.raises(ReadError, match="protected with a password"):
        read(make_pdf([[(700, "secret")]]).replace(b"/Root", lock + b" /Root"), FORM)


def test_marks_rise_with_the_text_over_many_stretches(draw_pdf: MakePdf) -> None:
    content = read(draw_pdf([lines(72, 700, f"This is leaf {n} of the book.") for n in range(450)]), FORM)
    assert [mark.page for mark in content.marks] == list(range(1, 451))
    assert all(before.start < after.start for before, after in pairwise(content.marks))


def test_ranges_of_pages_are_short() -> None:
    assert ranges([4, 2, 3, 9]) == "2-4, 9"
    assert ranges(list(range(1, 60, 2))).endswith(", …")
