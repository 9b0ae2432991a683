"""Rich Text Format: the words that people see, whatever code page wrote them, and no harm from hostile groups."""

from __future__ import annotations

import pytest

from evidentia.corpus.files import rtf
from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format
from evidentia.errors import ReadError

FORM = Format("application/rtf")


def read(body: str | bytes, head: str = r"\ansi\ansicpg1252") -> Content:
    inner = body.encode("latin-1") if isinstance(body, str) else body
    return rtf.read(b"{\\rtf1" + head.encode() + b" " + inner + b"}", FORM)


def test_headings_paragraphs_and_every_character() -> None:
    content = read(
        r"{\info{\title Manual}{\author Ada Moss}{\operator Bob}}{\stylesheet{\ql Normal;}{\s1\b heading 1;}{\*\cs9 x;}}"
        r"\pard\plain\s1 The Title\par\pard\plain a\~b \{c\} \\d 1 < 2\line next\emdash\par"
        "\r\n\\pard\\outlinelevel1 Part\\par\\pard L\r\nast.\\par"
    )
    assert content.text == "# The Title\n\na b {c} \\d 1 < 2\nnext—\n\n## Part\n\nLast."
    assert (content.title, content.metadata) == ("Manual", {"author": "Ada Moss"})


@pytest.mark.parametrize(
    ("head", "body", "shown"),
    [
        (r"\ansi", r"Gr\'f8nn", "Grønn"),
        (r"\ansi\ansicpg1251", r"\'cc\'ee\'f1\'f2", "Мост"),
        (r"\mac", r"Gr\'bfnn", "Grønn"),
        (r"\ansi\ansicpg932", r"\'90\'7d\'8f\'91\'8a\'d9\'83A", "図書館ア"),
        (r"\ansi\ansicpg65001", r"Gr\'c3\'b8nn", "Grønn"),
        (r"\ansi\ansicpg99999", r"Gr\'f8nn", "Grønn"),
        (
            r"\ansi{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204{\*\panose 02}Arial CYR;}}",
            r"\f1 \'cc\'ee\'f1\'f2\f0  \'f8",
            "Мост ø",
        ),
        (r"\ansi{\fonttbl{\f3\fcharset2 Symbol;}}", r"{\f3 \'61\'b7} x", "α• x"),
        (r"\ansi", r"\u8364?5, \uc2\u-10179\'3f\'3f\u-8704\'3f\'3f.\uc0\u955 x", "€5, 😀.λx"),
        (r"\ansi", r"{\upr{Gr?nn}{\*\ud{Gr\u248?nn}}}", "Grønn"),
    ],
)
def test_bytes_are_decoded_by_the_code_page_of_the_file_or_the_font(head: str, body: str, shown: str) -> None:
    assert read(body, head).text == shown


def test_lists_have_the_numbers_and_bullets_that_are_printed() -> None:
    body = (
        r"{\listtext\pard\plain 1.\tab}\ilvl0 Oil it\par{\listtext a)\tab}\ilvl1 gently\par"
        r"{\listtext 2.\tab}\ilvl0 Wipe it\par\pard Rest.\par{\pntext\f1\'B7\tab}Store it\par"
    )
    assert read(body).text == "1. Oil it\n  a) gently\n2. Wipe it\n\nRest.\n\n- Store it"


def row(*cells: str, defined: str = "") -> str:
    edges = defined or "".join(rf"\cellx{1000 * (number + 1)}" for number in range(len(cells)))
    return rf"\trowd{edges}\pard\intbl " + "".join(rf"{cell}\cell " for cell in cells) + r"\row "


def test_tables_are_rows_and_merged_cells_are_repeated() -> None:
    body = (
        row("Hall", "2030", defined=r"\trhdr\cellx1000\cellx3000")
        + row("", "Sown", "Reaped", defined=r"\trhdr\cellx1000\cellx2010\cellx3000")
        + row("North", "4", "9", defined=r"\clvmgf\cellx1000\cellx2000\cellx3000")
        + row("", r"5\par 6", "8", defined=r"\clvmrg\cellx1000\cellx2000\cellx3000")
        + r"\pard After.\par"
    )
    assert read(body).text == (
        "| Hall | 2030 Sown | 2030 Reaped |\n| --- | --- | --- |\n| North | 4 | 9 |\n| North | 5 6 | 8 |\n\nAfter."
    )


def test_a_row_without_edges_is_read_as_its_cells() -> None:
    assert read(r"\intbl a\cell b\cell\row\intbl c\cell d\cell\row\pard x\par").text == (
        "| a | b |\n| --- | --- |\n| c | d |\n\nx"
    )


def test_hidden_deleted_and_struck_out_text_is_left_out_and_counted() -> None:
    content = read(r"10{\super 7} cells{\v  secret} are{\deleted  80} in{\strike  90}\v0  H\sub 2\nosupersub O.\par")
    assert content.text == "10⁷ cells are in H₂O."
    assert set(content.omitted) == {"1 hidden part", "1 deleted part", "1 struck-out part"}


def test_notes_comments_and_text_boxes_stand_below_their_paragraph() -> None:
    body = (
        r"Before.\par Ten tons{\super\chftn}{\footnote\pard {\super\chftn} Dry.} at most.{\*\atnid AM}{\*\atnauthor Ada}"
        r"\chatn{\*\annotation{\*\atnref 1}\pard Check it.}{\shp{\*\shpinst\shpleft1{\sp{\sn a}{\sv 5}}{\shptxt Boxed.\par}}}"
        r"\par After.\par"
    )
    assert read(body).text == (
        "Before.\n\nTen tons[1] at most.\n\n[1] Dry.\n\nComment by Ada: Check it.\n\nBoxed.\n\nAfter."
    )


def test_headers_and_footers_stand_at_the_end_without_page_numbers() -> None:
    body = r"{\header\pard Moss & Sons\par}{\footer\pard Page {\field{\*\fldinst PAGE}{\fldrslt 3}} of \chpgn\par}Text.\par"
    assert read(body).text == "Text.\n\n# Header and footer\n\nMoss & Sons"


def test_links_lead_on_and_pictures_are_counted() -> None:
    body = (
        r'See {\field{\*\fldinst{HYPERLINK "https://x.example/f"}}{\fldrslt{\ul the form}}}.{\*\shppict{\pict\pngblip '
        "89504e47\\bin5 }}}}}}}{\\nonshppict{\\pict 00}}{\\*\\unknown x}\\par"
    )
    content = read(body)
    assert content.text == "See the form <https://x.example/f>."
    assert content.omitted == ("1 picture without text",)


@pytest.mark.parametrize("broken", [b"", b"hello", b"{\\rt", b"PK\x03\x04"])
def test_what_is_no_rtf_is_a_read_error(broken: bytes) -> None:
    with pytest.raises(ReadError, match="no RTF file"):
        rtf.read(broken, FORM)


@pytest.mark.parametrize(
    "hostile",
    [
        b"{" * 500_000 + b"x",
        b"}" * 500_000 + b"x",
        b"{\\footnote " * 60_000 + b"x",
        b"{\\field{\\*\\fldinst " * 30_000 + b"x",
        b"{\\*\\shpinst{\\shptxt " * 30_000 + b"x",
        b"\\trowd" + b"\\cellx1" * 100_000 + b"x\\cell\\row",
        b"".join(b"\\trowd\\clvmrg\\cellx%d\\intbl a\\cell\\row" % number for number in range(10_000)),
        b"\\cell" * 200_000 + b"\\row x",
        b"\\u" * 300_000 + b"x",
        b"\\bin99999999999999 x",
        b"\\uc9\\u55357 ",
        b"\\'zz\\'" * 100_000 + b"x",
        b"\\f-5\\ilvl-3\\outlinelevel99\\s99999999999 x",
    ],
)
def test_groups_and_words_beyond_all_measure_end(hostile: bytes) -> None:
    read(hostile)


def test_text_in_groups_deeper_than_are_told_apart_is_still_read() -> None:
    assert read(b"{" * 5_000 + b"deep" + b"}" * 5_000 + b" shallow").text == "deep shallow"


def test_more_marks_than_any_document_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidentia.corpus.files.rtf_tokens._MOST", 1_000)
    with pytest.raises(ReadError, match="more than 1,000 marks"):
        read(b"{}" * 500)
