"""PDF: text as people see it, page by page, and one clear sentence for what holds none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest

from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format
from evidentia.corpus.files.pdf import ranges, read
from evidentia.errors import ReadError

FORM = Format("application/pdf")
MakePdf = Callable[..., bytes]


def text(x: float, y: float, words: str, size: float = 11, font: str = "F1", more: str = "") -> str:
    """Draws ``words`` with their baseline ``y`` points above the page's bottom."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {more} /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n"


def lines(x: float, y: float, *rows: str, size: float = 11, step: float = 14) -> str:
    return "".join(text(x, y - number * step, row, size) for number, row in enumerate(rows))


def page_of(content: Content, words: str) -> int | None:
    at = content.text.index(words)
    return [mark.page for mark in content.marks if mark.start <= at][-1]


FILLER = [
    "The council of the valley meets on the first Monday of each month, in",
    "the old mill, and all who live there may come and be heard. What they",
    "decide is written into a book that lies open in the hall all the year",
    "through, so that nobody can say that he did not know what was decided.",
]


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


def test_a_table_of_phrases_is_read_row_by_row(draw_pdf: MakePdf) -> None:
    names = [
        "flow of the river",
        "head above the weir",
        "toll for a barge with a load of grain",
        "depth",
        "ice on the lake",
        "wind from the north",
    ]
    means = [
        "litres in one second",
        "metres",
        "crowns at the lower lock",
        "metres below the mark",
        "days in a year",
        "knots",
    ]
    drawn = "".join(
        text(72, 700 - 15 * n, a) + text(330, 700 - 15 * n, b)
        for n, (a, b) in enumerate(zip(names, means, strict=True))
    )
    assert "| toll for a barge with a load of grain | crowns at the lower lock |" in read(draw_pdf([drawn]), FORM).text


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


PARTS = [[f"B-{n:03}", ("oak", "elm", "ash")[n % 3], f"{n * 3}.50"] for n in range(1, 121)]
PLACES = (72, 220, 400)


def rows_of(cells: list[list[str]], top: float, step: float = 15) -> str:
    return "".join(
        text(x, top - number * step, cell)
        for number, row in enumerate(cells)
        for x, cell in zip(PLACES, row, strict=True)
    )


@pytest.mark.parametrize("again", [True, False])
def test_a_table_over_pages_has_one_header(draw_pdf: MakePdf, again: bool) -> None:
    head = ["Part", "Wood", "Price"]
    pages = [
        rows_of([head, *PARTS[:40]], 740),
        *(rows_of([*([head] if again else []), *PARTS[n : n + 40]], 740) for n in (40, 80)),
    ]
    content = read(draw_pdf(pages), FORM)
    expected = ["| Part | Wood | Price |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in PARTS)]
    assert content.text.strip().split("\n") == expected
    assert page_of(content, "| B-095") == 3


def test_ruled_cells_keep_their_lines_together(draw_pdf: MakePdf) -> None:
    edges = [700, 660, 620, 580]
    rules = "".join(f"60 {y} m 540 {y} l S\n" for y in edges) + "".join(
        f"{x} 700 m {x} 580 l S\n" for x in (60, 200, 380, 540)
    )
    cells = lines(66, 685, "Name") + lines(206, 685, "Meaning") + lines(386, 685, "Unit")
    cells += lines(66, 645, "flow") + lines(206, 645, "water that passes", "in one second") + lines(386, 645, "litres")
    cells += (
        lines(66, 605, "head|fall") + lines(206, 605, "height between", "the two levels") + lines(386, 605, "metres")
    )
    assert read(draw_pdf([rules + cells]), FORM).text == (
        "| Name | Meaning | Unit |\n| --- | --- | --- |\n| flow | water that passes in one second | litres |\n"
        "| head\\|fall | height between the two levels | metres |\n"
    )


def test_several_header_rows_are_one(draw_pdf: MakePdf) -> None:
    drawn = text(235, 715, "2023") + text(435, 715, "2024")
    for number, row in enumerate(
        [
            ["Team", "Actual", "Plan", "Actual", "Plan"],
            ["Mill", "31", "30", "35", "36"],
            ["Weir", "12", "15", "13", "14"],
            ["Lock", "7", "8", "9", "9"],
        ]
    ):
        drawn += "".join(
            text(x, 700 - 15 * number, cell) for x, cell in zip((72, 200, 280, 400, 480), row, strict=True)
        )
    assert read(draw_pdf([drawn]), FORM).text.startswith(
        "| Team | 2023 Actual | 2023 Plan | 2024 Actual | 2024 Plan |\n| --- | --- | --- | --- | --- |\n| Mill | 31 |"
    )


def test_wrapped_header_cells_above_a_line_are_one_row(draw_pdf: MakePdf) -> None:
    rules = "60 715 m 520 715 l S 60 672 m 520 672 l S 60 620 m 520 620 l S\n"
    drawn = (
        rules
        + lines(72, 700, "Name of", "the place")
        + lines(240, 700, "Depth in", "metres")
        + lines(400, 700, "Since")
    )
    for number, row in enumerate([["Weir", "3.5", "1911"], ["Mill race", "1.2", "1890"], ["Lock", "4.0", "1954"]]):
        drawn += "".join(text(x, 658 - 15 * number, cell) for x, cell in zip((72, 240, 400), row, strict=True))
    assert read(draw_pdf([drawn]), FORM).text.startswith(
        "| Name of the place | Depth in metres | Since |\n| --- | --- | --- |\n| Weir | 3.5 | 1911 |\n"
    )


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


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        (text(72, 600, "Secret words", more="3 Tr"), "invisible"),
        ("1 1 1 rg\n" + text(72, 600, "Secret words"), "in the colour of the page"),
        ("0 0 1 rg 60 580 300 40 re f\n" + text(72, 600, "Secret words"), "in the colour of the page"),
        ("0 g\n" + text(72, 600, "Secret words") + "0 g 60 580 300 40 re f\n", "in the colour of the page"),
        (text(900, 600, "Secret words"), "outside the page"),
        (text(72, 600, "Secret words", size=0.8), "tiny"),
    ],
)
def test_what_people_do_not_see_is_left_out_and_counted(draw_pdf: MakePdf, drawn: str, reason: str) -> None:
    content = read(draw_pdf([lines(72, 700, *FILLER) + drawn]), FORM)
    assert "Secret" not in content.text
    assert f"2 words that people do not see ({reason})" in content.omitted


def test_white_words_on_a_dark_ground_are_seen(draw_pdf: MakePdf) -> None:
    drawn = "0 0 0.5 rg 60 580 300 40 re f 1 1 1 rg\n" + text(72, 600, "Opening hours of the mill")
    assert "Opening hours of the mill" in read(draw_pdf([drawn]), FORM).text


def test_the_text_layer_of_a_scan_is_read_and_said(draw_pdf: MakePdf) -> None:
    scan = text(72, 700, "The deed of sale was signed in 1911.", more="3 Tr") + "q 612 0 0 792 0 0 cm /Im Do Q\n"
    content = read(draw_pdf([lines(72, 700, *FILLER), scan]), FORM)
    assert "The deed of sale was signed in 1911." in content.text
    assert "1 page read from the text layer of a scan (2)" in content.omitted
    assert content.marks[-1].label == "text layer of a scan"


def test_pages_that_are_pictures_are_named(draw_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidentia.corpus.files.pdf_ocr.is_there", lambda: False)
    picture = "q 612 0 0 792 0 0 cm /Im Do Q\n"
    content = read(draw_pdf([lines(72, 700, *FILLER), picture, picture, lines(72, 700, *FILLER), picture]), FORM)
    assert content.omitted == ("3 pages that are pictures (2-3, 5)",)


def test_pictures_beside_text_are_counted(draw_pdf: MakePdf) -> None:
    content = read(draw_pdf([lines(72, 700, *FILLER) + "q 200 0 0 200 72 300 cm /Im Do Q\n"]), FORM)
    assert content.omitted == ("1 picture (1)",)


WIDGET = "/Type /Annot /Subtype /Widget /F 4"


def test_filled_form_fields_stand_behind_their_labels(draw_pdf: MakePdf) -> None:
    fields = [
        f"<< {WIDGET} /FT /Tx /T (f1) /V (Ann Moss) /Rect [180 695 400 710] >>",
        f"<< {WIDGET} /FT /Tx /T (remarks) /V (Ring twice) /Rect [72 500 400 515] >>",
        f"<< {WIDGET} /FT /Tx /T (empty) /Rect [72 400 400 415] >>",
        f"<< {WIDGET} /FT /Btn /T (c1) /V /Yes /AS /Yes /AP << /N << /Yes 6 0 R /Off 6 0 R >> >> /Rect [72 655 84 667] >>",
        f"<< {WIDGET} /FT /Btn /T (c2) /V /Off /AS /Off /AP << /N << /Yes 6 0 R /Off 6 0 R >> >> /Rect [72 635 84 647] >>",
        f"<< {WIDGET} /FT /Tx /Ff 8192 /T (pin) /V (4711) /Rect [72 300 400 315] >>",
    ]
    form = "/AcroForm << /Fields [200 0 R 201 0 R 202 0 R 203 0 R 204 0 R 205 0 R] >>"
    drawn = text(72, 698, "Name of owner:") + text(90, 657, "By post") + text(90, 637, "By boat")
    found = read(draw_pdf([drawn], annotations=fields, catalog=form), FORM).text
    assert "Name of owner: Ann Moss\n" in found
    assert "remarks: Ring twice" in found
    assert "[x] By post\n[ ] By boat\n" in found
    assert "4711" not in found


def test_notes_and_comments_are_read_unless_they_are_hidden(draw_pdf: MakePdf) -> None:
    notes = [
        "<< /Type /Annot /Subtype /Text /Contents (Ask the miller first.) /Rect [72 500 90 518] >>",
        "<< /Type /Annot /Subtype /FreeText /Contents (Void since May.) /Rect [72 460 200 480] >>",
        "<< /Type /Annot /Subtype /Highlight /Contents (This is wrong.) /Rect [72 690 200 710] >>",
        "<< /Type /Annot /Subtype /Text /F 2 /Contents (Nobody sees me.) /Rect [72 400 90 418] >>",
    ]
    content = read(draw_pdf([lines(72, 700, *FILLER)], annotations=notes), FORM)
    assert "\n\nNote: Ask the miller first.\n\nNote: Void since May.\n\nNote: This is wrong.\n" in content.text
    assert "Nobody" not in content.text
    assert "1 hidden annotation" in content.omitted


def test_links_show_their_targets(draw_pdf: MakePdf) -> None:
    link = "<< /Type /Annot /Subtype /Link /Rect [125 697 185 711] /A << /S /URI /URI (https://mill.example/book.pdf) >> >>"
    drawn = text(72, 700, "Read the") + text(126, 700, "mill's book") + text(190, 700, "before you come.")
    found = read(draw_pdf([drawn], annotations=[link]), FORM).text
    assert found == "Read the mill's book <https://mill.example/book.pdf> before you come.\n"


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
