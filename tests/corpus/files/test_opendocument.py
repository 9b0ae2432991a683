"""OpenDocument: texts, spreadsheets and slides as LibreOffice shows them, and bounds for files that are made to hurt."""

from __future__ import annotations

import io
import zipfile

import pytest

from evidentia.corpus.files import opendocument
from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import format_of
from evidentia.errors import ReadError

NAMES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in {
            "office": "office",
            "style": "style",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "svg": "svg-compatible",
            "presentation": "presentation",
            "chart": "chart",
            "fo": "xsl-fo-compatible",
        }.items()
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def packed(body: str, suffix: str = "odt", styles: str = "", common: str = "", **members: str) -> bytes:
    """``styles`` are automatic ones, ``common`` is what styles.xml holds; ``members`` are further ones, ``__`` is ``/``."""
    kind = KINDS[suffix]
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {NAMES}>{common}</office:document-styles>",
    } | {f"{name.replace('__', '/')}.xml": text for name, text in members.items()}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def read(body: str, suffix: str = "odt", styles: str = "", common: str = "", **members: str) -> Content:
    form = format_of(f"a.{suffix}")
    assert form is not None
    return opendocument.read(packed(body, suffix, styles, common, **members), form)


def style(name: str, family: str, properties: str) -> str:
    return f'<style:style style:name="{name}" style:family="{family}">{properties}</style:style>'


def rows(*lines: str) -> str:
    """Cells are parted by ``,``."""
    return "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in line.split(","))
        + "</table:table-row>"
        for line in lines
    )


# --- texts


def test_headings_paragraphs_and_every_character() -> None:
    content = read(
        '<text:h text:outline-level="1">The Title</text:h>'
        '<text:p>a<text:s text:c="2"/>b<text:tab/>snake_case 1 &lt; 2<text:line-break/>next</text:p>'
        '<text:h text:outline-level="2">Part</text:h>'
    )
    assert content.text == "# The Title\n\na b snake_case 1 < 2\nnext\n\n## Part"
    assert content.title == "The Title"


def test_lists_have_the_numbers_that_are_printed() -> None:
    levels = (
        '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
    )
    bullets = '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    lists = (
        f'<text:list-style style:name="L">{levels}</text:list-style>'
        f'<text:list-style style:name="B">{bullets}</text:list-style>'
    )
    body = (
        '<text:list text:style-name="L" xml:id="one"><text:list-item><text:p>Oil it</text:p><text:list>'
        "<text:list-item><text:p>gently</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>Wipe it</text:p></text:list-item></text:list><text:p>Rest.</text:p>"
        '<text:list text:style-name="L" text:continue-list="one"><text:list-item><text:p>Store it</text:p>'
        "</text:list-item></text:list>"
        '<text:list text:style-name="B"><text:list-item><text:p>dry</text:p></text:list-item></text:list>'
    )
    assert read(body, styles=lists).text == "1. Oil it\n  a) gently\n2. Wipe it\n\nRest.\n\n3. Store it\n- dry"


def test_headings_have_the_numbers_of_their_outline() -> None:
    outline = (
        '<office:styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
        "</office:styles>"
    )
    body = (
        '<text:h text:outline-level="1">Care</text:h><text:h text:outline-level="1">Use</text:h>'
        '<text:h text:outline-level="2">Daily</text:h>'
    )
    assert read(body, common=outline).text == "# 1 Care\n\n# 2 Use\n\n## 2.1 Daily"


def test_merged_cells_are_repeated_and_header_rows_are_the_header() -> None:
    table = (
        f"<table:table><table:table-header-rows>{rows('Hall,Day,Guests')}</table:table-header-rows>"
        '<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>North</text:p></table:table-cell>'
        "<table:table-cell><text:p>Monday</text:p></table:table-cell><table:table-cell><text:p>40</text:p>"
        "</table:table-cell></table:table-row><table:table-row><table:covered-table-cell/><table:table-cell>"
        "<text:p>Tuesday</text:p></table:table-cell><table:table-cell><text:p>55</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    assert read(table).text == (
        "| Hall | Day | Guests |\n| --- | --- | --- |\n| North | Monday | 40 |\n| North | Tuesday | 55 |"
    )


def test_notes_and_comments_stand_below_their_paragraph() -> None:
    body = (
        '<text:p>Ten tons<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>Dry.</text:p></text:note-body></text:note> at most."
        "<office:annotation><dc:creator>Ada</dc:creator><text:p>Check it.</text:p></office:annotation></text:p>"
    )
    assert read(body).text == "Ten tons[1] at most.\n\n[1] Dry.\n\nComment by Ada: Check it."


def test_deleted_hidden_and_struck_out_text_is_no_text_and_is_counted() -> None:
    styles = (
        style("H", "text", '<style:text-properties text:display="none"/>')
        + style("S", "text", '<style:text-properties style:text-line-through-style="solid"/>')
        + style("U", "text", '<style:text-properties style:text-position="super 58%"/>')
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>80</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p>10<text:span text:style-name="U">7</text:span> cells<text:span text:style-name="H"> secret</text:span>'
        '.</text:p><text:p><text:span text:style-name="S">90</text:span></text:p>'
        '<text:section text:display="none"><text:p>inner</text:p></text:section>'
    )
    content = read(body, styles=styles)
    assert content.text == "10⁷ cells."
    assert set(content.omitted) == {"1 deleted part", "2 hidden parts", "1 struck-out part"}


def test_links_frames_pictures_and_charts() -> None:
    chart = (
        f"<office:document-content {NAMES}><office:body><office:chart><chart:chart><chart:title><text:p>Yield</text:p>"
        f"</chart:title><table:table>{rows('Year,Tons', '2029,4')}</table:table></chart:chart></office:chart>"
        "</office:body></office:document-content>"
    )
    body = (
        '<text:p>See <text:a xlink:href="https://x.example/f">the form</text:a>.<draw:frame><draw:text-box>'
        "<text:p>Boxed.</text:p></draw:text-box></draw:frame><draw:frame><draw:image/><svg:desc>A red crane</svg:desc>"
        '</draw:frame><draw:frame><draw:image/></draw:frame><draw:frame><draw:object xlink:href="./Object 1"/>'
        "<draw:image/></draw:frame></text:p>"
    )
    content = read(body, **{"Object 1__content": chart})
    assert content.text == (
        "See the form <https://x.example/f>.\n\nBoxed.\n\nA red crane\n\nYield\n\n| Year | Tons |\n| --- | --- |\n| 2029 | 4 |"
    )
    assert content.omitted == ("1 picture without text",)


def test_headers_and_footers_of_pages_in_use_stand_at_the_end() -> None:
    masters = (
        '<office:master-styles><style:master-page style:name="Standard"><style:header><text:p>Moss &amp; Sons</text:p>'
        "</style:header><style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>"
        '</style:master-page><style:master-page style:name="Other"><style:header><text:p>Unused</text:p></style:header>'
        "</style:master-page></office:master-styles>"
    )
    assert read("<text:p>Text.</text:p>", common=masters).text == "Text.\n\n# Header and footer\n\nMoss & Sons"


# --- spreadsheets


def test_each_sheet_is_a_table_of_what_its_cells_show() -> None:
    body = (
        f'<table:table table:name="Prices">{rows("Item,Price")}<table:table-row><table:table-cell><text:p>Bolt</text:p>'
        '</table:table-cell><table:table-cell office:value-type="currency" office:value="3.5"><text:p>3,50 €</text:p>'
        "<office:annotation><text:p>Rises in May</text:p></office:annotation></table:table-cell></table:table-row>"
        '</table:table><table:table table:name="Empty"><table:table-row><table:table-cell/></table:table-row></table:table>'
    )
    content = read(body, "ods")
    assert content.text == (
        "## Prices\n\n| Item | Price |\n| --- | --- |\n| Bolt | 3,50 € |\n\nNote on B2 (Bolt, 3,50 €): Rises in May\n\n"
    )
    places = {content.text[mark.start :].split("\n")[0]: (mark.label, mark.line) for mark in content.marks}
    assert places["| Bolt | 3,50 € |"] == ("Prices", 2)


def test_hidden_sheets_rows_and_columns_are_left_out_and_counted() -> None:
    body = (
        '<table:table table:name="A"><table:table-column/><table:table-column table:visibility="collapse"/>'
        f'{rows("Part,Secret", "bolt,8")}<table:table-row table:visibility="filter"><table:table-cell><text:p>old</text:p>'
        "</table:table-cell></table:table-row></table:table>"
        f'<table:table table:name="B" table:style-name="gone">{rows("a,b")}</table:table>'
    )
    hidden = style("gone", "table", '<style:table-properties table:display="false"/>')
    content = read(body, "ods", styles=hidden)
    assert content.text == "## A\n\n| Part |\n| --- |\n| bolt |\n\n"
    assert set(content.omitted) == {"1 hidden column", "1 hidden row", "1 hidden sheet"}


def test_copies_of_other_files_sheets_are_not_shown() -> None:
    foreign = f"<table:table table:name=\"'file:///b.ods'#A\"><table:table-source/>{rows('x,y')}</table:table>"
    content = read(f'<table:table table:name="A">{rows("Only this")}</table:table>{foreign}', "ods")
    assert (content.text, content.omitted) == ("## A\n\nOnly this\n\n", ())


def test_rows_and_cells_that_are_repeated_a_million_times_stay_bounded() -> None:
    body = (
        f'<table:table table:name="A">{rows("Part,Count")}'
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"><text:p>7'
        '</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell><text:p>x</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    content = read(body, "ods")
    assert content.text.startswith("## A\n\n| Part | Count |\n| --- | --- |\n| 7 | 7 |\n| 7 | 7 |\n| 7 | 7 |\n\n")
    assert content.text.count("x") == 1_000
    assert content.omitted == ("1,047,576 rows repeated, or beyond the first 200,000 of a sheet",)
    cell = '<table:table-cell table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell>' * 16
    row = f'<table:table-row table:number-rows-repeated="9999999">{cell}</table:table-row>'
    with pytest.raises(ReadError, match="more than 4,000,000 cells"):
        read(f'<table:table table:name="A">{row}</table:table>', "ods")


def test_a_value_without_its_text_is_shown_as_it_is_stored() -> None:
    cells = (
        '<table:table-cell office:value-type="float" office:value="4"/><table:table-cell table:formula="of:=[.B2]*2"/>'
    )
    content = read(f'<table:table table:name="A"><table:table-row>{cells}</table:table-row></table:table>', "ods")
    assert "4 | =[.B2]*2" in content.text
    assert content.omitted == ("1 formula without a stored result",)


# --- slides


def slide(inside: str, more: str = "") -> str:
    return f"<draw:page {more}>{inside}</draw:page>"


def box(text: str, more: str = "") -> str:
    return f"<draw:frame {more}><draw:text-box>{text}</draw:text-box></draw:frame>"


def test_slides_stand_under_their_titles_with_their_notes_and_hidden_ones_are_counted() -> None:
    item = "<text:list><text:list-item><text:p>Revenue rose</text:p></text:list-item></text:list>"
    body = (
        slide(
            box("<text:p>Below</text:p>", 'svg:y="9cm"')
            + box(item, 'svg:y="5cm"')
            + box("<text:p>Review</text:p>", 'presentation:class="title" svg:y="1cm"')
            + "<presentation:notes>"
            + box("<text:p>Slowly.</text:p>", 'presentation:class="notes"')
            + "</presentation:notes>"
        )
        + slide(box("<text:p>Secret</text:p>"), 'draw:style-name="gone"')
        + slide(box("<text:p>Alone</text:p>"))
        + slide(box("<text:p>Click to add</text:p>", 'presentation:placeholder="true"'))
    )
    hidden = style("gone", "drawing-page", '<style:drawing-page-properties presentation:visibility="hidden"/>')
    content = read(body, "odp", styles=hidden)
    assert content.text == "# Review\n\n- Revenue rose\n\nBelow\n\n## Notes:\n\nSlowly.\n\n# Slide 3\n\nAlone"
    pages = {content.text[mark.start :].split("\n")[0]: mark.page for mark in content.marks}
    assert (pages["# Review"], pages["# Slide 3"]) == (1, 3)
    assert (content.metadata, content.omitted) == ({"slides": "4"}, ("1 hidden slide (2)",))


# --- files that are none, or made to hurt


def test_a_file_with_a_password_says_so() -> None:
    sealed = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    with pytest.raises(ReadError, match="protected with a password"):
        read("<text:p>x</text:p>", **{"META-INF__manifest": sealed})


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04", b"hello", packed("")[:-40], packed("<a>")])
@pytest.mark.parametrize("suffix", KINDS)
def test_damage_of_any_kind_is_a_read_error(broken: bytes, suffix: str) -> None:
    form = format_of(f"a.{suffix}")
    assert form is not None
    with pytest.raises(ReadError):
        opendocument.read(broken, form)


@pytest.mark.parametrize("suffix", KINDS)
def test_entities_that_multiply_are_not_expanded(suffix: str) -> None:
    entities = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
    content = f'<!DOCTYPE x [<!ENTITY a0 "{"x" * 1000}">{entities}]><office:document-content {NAMES}><office:body>'
    content += f'<office:{KINDS[suffix]}><table:table table:name="A"><table:table-row><table:table-cell><text:p>&a9;'
    content += f"</text:p></table:table-cell></table:table-row></table:table></office:{KINDS[suffix]}></office:body>"
    content += "</office:document-content>"
    assert len(outcome("", suffix, content=content)) < 1_000


def test_tables_and_sections_nested_without_end_are_bounded() -> None:
    for opened, closed in (
        ("<text:section>", "</text:section>"),
        ("<table:table><table:table-row><table:table-cell>", "</table:table-cell></table:table-row></table:table>"),
        ("<text:list><text:list-item>", "</text:list-item></text:list>"),
        ("<draw:g>", "</draw:g>"),
    ):
        for depth in (20, 100, 5_000):
            said = outcome(opened * depth + "<text:p>x</text:p>" + closed * depth)
            assert said in ("x", "- x", "  " * (depth - 1) + "- x") or (depth > 20 and said in ("", "damaged"))


def outcome(body: str, suffix: str = "odt", **members: str) -> str:
    """The text, or ``damaged``."""
    try:
        return read(body, suffix, **members).text
    except ReadError as error:
        return "damaged" if "damaged" in error.what else error.what
