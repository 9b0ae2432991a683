"""Word and PowerPoint: verbatim words under their headings, slides by number, and no harm from damaged files."""

from __future__ import annotations

import io
import socket
import zipfile
from collections.abc import Callable

import pytest

from evidentia.corpus.files import docx
from evidentia.corpus.files import pptx as powerpoint
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
    content = docx.read(data, form("a.docx"))
    assert content.text == (
        "# The Title\n\nsnake_case 2*3*4 <tag> [x](y)\n\n| Name | Value |\n| --- | --- |\n| alpha | 0.85 |\n\nLast."
    )
    assert content.title == "The Title"


def test_slides_are_marked_with_their_numbers_and_begin_with_a_heading(slides: bytes) -> None:
    content = powerpoint.read(slides, form("a.pptx"))
    assert content.text == (
        "# Quarterly *review*\n\n- Revenue rose_by 5%\n\n## Notes:\n\nSay it slowly\n\n"
        "# Slide 3\n\n| Name | Value |\n| --- | --- |\n| alpha | 1 < 2 |"
    )
    pages = {content.text[mark.start :].split("\n")[0]: mark.page for mark in content.marks}
    assert (pages["# Quarterly *review*"], pages["# Slide 3"]) == (1, 3)
    assert content.metadata == {"slides": "3"}


def test_nothing_goes_to_the_network(make_docx: MakeDocx, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    docx.read(make_docx("text http://example.org/image.png"), form("a.docx"))


@pytest.mark.parametrize("read", [docx.read, powerpoint.read])
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
        docx.read(b"\xd0\xcf\x11\xe0" + b"\0" * 600, form("a.docx"))


def test_a_file_that_unpacks_beyond_all_measure_is_refused_unopened() -> None:
    with pytest.raises(ReadError, match="unpacks to 400 MB, above the limit of 300 MB"):
        docx.read(_archive({"word/document.xml": b"\0" * 400_000_000}), form("a.docx"))


def test_entities_that_multiply_are_not_expanded(make_docx: MakeDocx) -> None:
    with zipfile.ZipFile(io.BytesIO(make_docx("&a9;"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entities = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "{"x" * 1000}">{entities}]>'.encode()
    with pytest.raises(ReadError, match="damaged"):
        docx.read(_archive(parts | {"word/document.xml": bomb + parts["word/document.xml"]}), form("a.docx"))


def _archive(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _word(body: str, **parts: str) -> str:
    """The stored text of a Word file with this body; ``parts`` are further members by their base names."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    office_url = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    related = "".join(f'<Relationship Id="{name}" Type="{office_url}/{name}" Target="{name}.xml"/>' for name in parts)
    members = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{office_url}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{related}</Relationships>',
        "word/document.xml": f"<w:document {space} {math} xmlns:r='{office_url}'><w:body>{body}</w:body></w:document>",
    } | {f"word/{name}.xml": f"<w:{tag} {space}>{inside}</w:{tag}>" for name, (tag, inside) in _tagged(parts).items()}
    return docx.read(_archive({name: text.encode() for name, text in members.items()}), form("a.docx")).text


def _tagged(parts: dict[str, str]) -> dict[str, tuple[str, str]]:
    tags = {"numbering": "numbering", "header": "hdr", "footer": "ftr", "comments": "comments"}
    return {name: (tags[name], inside) for name, inside in parts.items()}


def _p(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def test_a_list_goes_on_counting_after_a_paragraph() -> None:
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = _p("Oil it", numbered) + _p("Wipe it", numbered) + _p("Rest a while.") + _p("Store it", numbered)
    assert _word(body, numbering=numbering) == "1. Oil it\n2. Wipe it\n\nRest a while.\n\n3. Store it"


def test_raised_digits_stay_raised_and_deleted_words_are_gone() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = (
        "<w:p><w:r><w:t>10</w:t></w:r>"
        f"<w:r><w:rPr>{raised}</w:rPr><w:t>7</w:t></w:r><w:r><w:t xml:space='preserve'> cells, </w:t></w:r>"
        "<w:r><w:rPr><w:strike/></w:rPr><w:t>90</w:t></w:r>"
        "<w:del><w:r><w:delText>80</w:delText></w:r></w:del><w:ins><w:r><w:t>70 grams</w:t></w:r></w:ins></w:p>"
    )
    assert _word(body) == "10⁷ cells, 70 grams"


def test_merged_cells_are_repeated() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<w:tc><w:tcPr>{more}</w:tcPr>{_p(text)}</w:tc>"

    rows = [
        [cell("Hall"), cell("Day"), cell("Guests")],
        [cell("North", '<w:vMerge w:val="restart"/>'), cell("Monday"), cell("40")],
        [cell("", "<w:vMerge/>"), cell("Tuesday"), cell("55")],
    ]
    table = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    assert "| North | Tuesday | 55 |" in _word(f"<w:tbl>{table}</w:tbl>")


def test_an_equation_is_written_on_one_line() -> None:
    fraction = (
        "<m:oMath><m:r><m:t>t=</m:t></m:r><m:f><m:num><m:r><m:t>s</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>v</m:t></m:r></m:den></m:f></m:oMath>"
    )
    assert "t = s/v" in _word(f"<w:p>{fraction}</w:p>").replace("t=", "t = ").replace("  ", " ")
