"""PDF: what people see of a page and what they do not, pictures, and what is laid over the text: fields, notes, links."""

from __future__ import annotations

import pytest

from evidentia.corpus.files.pdf import read

from .drawn import FILLER, FORM, MakePdf, lines, text


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


def test_the_size_of_a_page_may_stand_above_it(draw_pdf: MakePdf) -> None:
    drawn = lines(72, 700, *FILLER) + text(72, 820, "Lease of the mill") + text(640, 600, "ends in May")
    content = read(draw_pdf([drawn], box="", above="/MediaBox [0 0 842 842]"), FORM)
    assert {"Lease of the mill", "ends in May"} <= {line.strip("# ") for line in content.text.split("\n")}
    assert not content.omitted


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
