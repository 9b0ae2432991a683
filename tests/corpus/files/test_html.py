"""HTML to text: the structure stays, the words are verbatim, and every block knows its line in the file."""

from __future__ import annotations

import pytest

from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format
from evidentia.corpus.files.html import read

FORM = Format("text/html")

PAGE = """<!DOCTYPE html>
<html><head><title>A  page
</title><style>p { color: red }</style></head>
<body>
<nav><a href="/">Home</a></nav>
<h1 class="x">One <em>two</em><a class="headerlink" href="#x">¶</a></h1>
<p>snake_case, 2*3*4 &amp; <b>bold</b>
over two lines.<br>After a break.
<ul>
<li>first
<li>second
  <ol><li>inner</ol>
</ul>
<pre><code>def f(x):
    return x
</code></pre>
<table>
<tr><th>Name</th><th>Value</th></tr>
<tr><td><p>alpha</p></td><td>0.85</td></tr>
</table>
<script>var hidden = "<p>no</p>";</script>
</body></html>
"""


def page(html: str) -> Content:
    return read(html.encode(), FORM)


def test_a_page_becomes_text_laid_out_as_markdown() -> None:
    assert page(PAGE).text == (
        "# One two\n\n"
        "snake_case, 2*3*4 & bold over two lines.\nAfter a break.\n\n"
        "- first\n- second\n  1. inner\n\n"
        "```\ndef f(x):\n    return x\n```\n\n"
        "| Name | Value |\n| --- | --- |\n| alpha | 0.85 |"
    )


def test_every_block_is_marked_with_its_line_in_the_file() -> None:
    content = page(PAGE)
    source = PAGE.splitlines()
    words = {
        "# One two": "One",
        "snake_case": "snake_case",
        "- first": "first",
        "    return x": "return x",
        "| alpha": "alpha",
    }
    for start, word in words.items():
        (line,) = (mark.line for mark in content.marks if content.text.startswith(start, mark.start))
        assert line is not None
        assert word in source[line - 1]


def test_the_title_is_the_pages_or_else_its_first_heading() -> None:
    assert page(PAGE).title == "A page"
    assert page("<h2>Only <i>this</i></h2>").title == "Only this"


def test_a_table_for_layout_gives_its_blocks() -> None:
    assert (
        page("<table><tr><td><h2>Head</h2><p>Text.</p></td><td>Side.</td></tr></table>").text
        == "## Head\n\nText.\n\nSide."
    )


def test_a_fence_is_longer_than_those_inside() -> None:
    assert page("<pre>```\nx\n```</pre>").text == "````\n```\nx\n```\n````"


def test_navigation_is_left_out_and_a_footer_is_read() -> None:
    assert (
        page("<div role=navigation>b</div><nav>n</nav><p>d</p><img alt='A cat'><footer>Open daily.</footer>").text
        == "d\n\nA cat\n\nOpen daily."
    )


def test_broken_markup_is_read_as_far_as_it_goes() -> None:
    assert page("<p>one<p>two <b>bold</p>three &unknown; &lt;").text == "one\n\ntwo bold\n\nthree &unknown; <"


def test_a_page_without_text_is_empty() -> None:
    assert page("").text == page("<!-- nothing -->").text == page("<html></html>").text == ""


def test_the_declared_encoding_holds() -> None:
    assert read(b"<meta charset='iso-8859-1'><p>Jos\xe9</p>", FORM).text == "José"


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a b='", "<br>", "<td>", "<p>x", "<tr><td>x", "&", "</"])
def test_hostile_markup_is_read_in_linear_time(piece: str) -> None:
    content = page(piece * 30_000 + "<p>end")
    assert content.text.endswith("end") or content.text.endswith("end |") or content.text == ""


@pytest.mark.parametrize("depth", [1_900, 2_100, 40_000])
def test_nesting_without_end_is_read(depth: int) -> None:
    html = (
        "<h1>Top</h1>"
        + "<div>" * depth
        + "deep<script>no</script><p hidden>no<b>no</b></p><p>end</p>"
        + "</div>" * depth
    )
    content = page(html + "<p>after</p>")
    assert content.text.split() == ["#", "Top", "deep", "end", "after"]


def test_marks_are_sorted_and_inside_the_text() -> None:
    content = page(PAGE * 3)
    starts = [mark.start for mark in content.marks]
    assert starts == sorted(set(starts))
    assert starts[-1] < len(content.text)


def table(rows: str) -> list[str]:
    return page(f"<table>{rows}</table>").text.split("\n")


def test_a_merged_cells_label_stands_in_every_row_and_column_that_it_covers() -> None:
    rows = table(
        "<tr><th>Area<th>Day<th>Fee</tr><tr><td rowspan=2>North<td>Mon<td>4</tr><tr><td>Sun<td>7</tr>"
        "<tr><td colspan=2>South<td>9</tr>"
    )
    assert rows[2:] == ["| North | Mon | 4 |", "| North | Sun | 7 |", "| South | South | 9 |"]


def test_several_header_rows_are_joined_into_one() -> None:
    rows = table(
        "<thead><tr><th rowspan=2>Plant<th colspan=2>2023<th colspan=2>2024</tr>"
        "<tr><th>Plan<th>Real<th>Plan<th>Real</tr></thead><tr><th>Mill<td>1<td>2<td>3<td>4</tr>"
    )
    assert rows == [
        "| Plant | 2023 Plan | 2023 Real | 2024 Plan | 2024 Real |",
        "| --- | --- | --- | --- | --- |",
        "| Mill | 1 | 2 | 3 | 4 |",
    ]


def test_a_table_whose_rows_begin_with_their_labels_has_an_empty_header() -> None:
    assert table("<tr><th>Height<td>30 m</tr><tr><th>Built<td>1907</tr>") == [
        "|  |  |",
        "| --- | --- |",
        "| Height | 30 m |",
        "| Built | 1907 |",
    ]


def test_a_title_stands_above_its_table_whether_caption_or_first_row() -> None:
    body = "<tr><th>A<th>B</tr><tr><td>1<td>2</tr>"
    expected = "Tides\n\n| A | B |\n| --- | --- |\n| 1 | 2 |"
    assert page(f"<table><caption>Tides</caption>{body}</table>").text == expected
    assert page(f"<table><tr><th colspan=2>Tides</tr>{body}</table>").text == expected


def test_a_pipe_in_a_cell_is_escaped_and_a_list_in_it_is_one_line() -> None:
    rows = table("<tr><th>Mode<th>Note</tr><tr><td>a|b<td><ul><li>one<li>two</ul></tr>")
    assert rows[2] == "| a\\|b | one; two |"


@pytest.mark.parametrize("span", ["colspan", "rowspan"])
@pytest.mark.parametrize("size", ["1000000000", "65534", "-5", "two", "9" * 5000])
def test_a_span_is_never_a_size(span: str, size: str) -> None:
    cell = f"<td {span}={size}>{'x' * 250}"
    text = page("<table><tr><th>a<th>b</tr>" + f"<tr>{cell}<td>y</tr>" * 500 + "</table><p>end").text
    assert text.endswith("end")
    assert len(text) < 3_000_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("10<sup>6</sup> and 10<sup>-3</sup>, x<sup>n</sup>", "10⁶ and 10⁻³, xⁿ"),
        ("H<sub>2</sub>O and V<sub>max</sub>", "H₂O and V_max"),
        ("the 3<sup>rd</sup> and 2<sup>e</sup>", "the 3rd and 2e"),
        ("71 kg<sup><a href='#n4'>4</a></sup>", "71 kg[4]"),
        ("71 kg<sup class=footnote>4</sup>, so<sup>a</sup>", "71 kg[4], so[a]"),
    ],
)
def test_raised_and_lowered_text_keeps_its_meaning(html: str, text: str) -> None:
    assert page(f"<p>{html}</p>").text == text


def test_struck_out_text_is_left_out_and_inserted_text_kept() -> None:
    content = page("<p>It costs <del>9</del> <s>8</s> <strike>7</strike> <ins>6</ins> euros.</p>")
    assert content.text == "It costs 6 euros."
    assert content.omitted == ("3 struck-out parts",)


def test_definitions_stand_below_their_terms() -> None:
    html = "<dl><dt>port<dt>socket<dd>Where it listens.<dd><p>Either.<p>Or.</dl><p>After."
    assert page(html).text == "port\nsocket\n: Where it listens.\n: Either.\n: Or.\n\nAfter."


def test_a_link_is_followed_by_where_it_leads_when_that_is_an_address_or_a_file() -> None:
    assert page("<p><a href='https://a.example/x'>the form</a>.").text == "the form <https://a.example/x>."
    assert page("<p><a href='files/plan.pdf'>the plan</a>.").text == "the plan <files/plan.pdf>."
    assert page("<p><a href='mailto:ann@a.example?subject=x'>Ann</a>.").text == "Ann <ann@a.example>."
    for href in ("#top", "other.html", "/", "javascript:void(0)", "?page=2", "https://same.example/"):
        assert page(f"<p><a href='{href}'>same.example</a>.").text == "same.example."


def test_a_form_shows_what_it_holds() -> None:
    html = (
        "<form><label>Name <input value=Ann></label><p><input type=checkbox checked> Express <input type=radio> Slow"
        "<input type=hidden value=token><input type=password value=pw>"
        "<p><select><option>one<option selected>two</select><p><textarea>A note.</textarea><p><button>Send it</button>"
        "</form><button>Menu</button>"
    )
    assert page(html).text == "Name Ann\n\n[x] Express [ ] Slow\n\ntwo\n\nA note.\n\nSend it"


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>no</p>",
        "<p aria-hidden=true>no</p>",
        "<p style='color: red; display : none'>no</p>",
        "<p style='visibility:hidden'>no</p>",
        "<template><p>no</p></template>",
        "<p class='a x'>no</p>",
        "<p id=y>no</p>",
        "<div class=x><p>no <b>no</b></p></div>",
        "<dialog>no</dialog>",
    ],
)
def test_what_people_do_not_see_is_left_out_and_counted(hidden: str) -> None:
    css = "<style>/* .z{display:none} */ .x, p#y { display: none } @media print { .z { display: none } } .w{color:red}</style>"
    content = page(f"<html><head>{css}</head><body><p class=z>yes</p>{hidden}<p class=w>yes</p><p hidden> </p>")
    assert content.text == "yes\n\nyes"
    assert content.omitted == ("1 hidden part",)


def test_a_more_special_or_later_rule_shows_again() -> None:
    css = "<style>.tab{display:none} .tab.on{display:block} .u{display:none} .u{display:inline}</style>"
    html = (
        f"{css}<p class='on tab'>one</p><p class=tab>two</p><p class=u>three</p><p class=tab style='display:block'>four"
    )
    assert page(html).text == "one\n\nthree\n\nfour"


def test_pictures_and_media_without_text_are_counted() -> None:
    content = page("<p>x<img src=a><img src=b><img src=c alt=''><iframe src=d></iframe><video>no</video>")
    assert content.text == "x"
    assert content.omitted == ("2 pictures without text", "1 embedded page", "1 video")


def test_an_abbreviation_is_explained_once() -> None:
    abbr = "<abbr title='Bureau of Tides'>BT</abbr>"
    assert page(f"<p>The {abbr} and the {abbr}.").text == "The BT (Bureau of Tides) and the BT."


def test_a_formula_is_a_line_of_text() -> None:
    math = (
        "<math><mi>v</mi><mo>=</mo><mfrac><mn>2</mn><mn>9</mn></mfrac><msup><mi>r</mi><mn>2</mn></msup><mo>+</mo>"
        "<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt><msub><mi>x</mi><mi>i</mi></msub>"
        "<annotation>no</annotation></math>"
    )
    assert page(f"<p>So {math}.").text == "So v = 2/9r² + √(a + b)x_i ."


def test_lists_carry_the_numbers_that_people_see() -> None:
    assert page("<ol start=4><li>a<li value=9>b<li>c</ol>").text == "4. a\n9. b\n10. c"


def test_an_element_with_attributes_beyond_all_measure_loses_them() -> None:
    many = " ".join(f"a{number}=1" for number in range(300_000))
    content = page(f"<p title='a>b' {many}>one</p>\n<p>two</p>")
    assert content.text == "one\n\ntwo"
    assert content.omitted == ("the attributes of 1 element (more than 1,000 each)",)
    assert page(f"<p data-x='{'word ' * 5000}' hidden>no</p><p>yes").text == "yes"


def test_links_back_to_the_beginning_are_left_out() -> None:
    html = '<p>Ships.</p><p><a href="#top">↑ Back to Top</a></p><p><a href="#a">Top ten</a> <a href="#b">to the top</a></p>'
    assert page(html).text.split("\n\n")[0] == "Ships."
    assert "Top ten" in page(html).text
    assert "op</a>" not in page(html).text
    assert "ack to" not in page(html).text
    assert "to the top" not in page(html).text
