"""HTML to text: the structure stays, the words are verbatim, and every block knows its line in the file."""

from __future__ import annotations

import pytest

from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format
from evidentia.corpus.files.html import read
from evidentia.errors import ReadError

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


def test_what_is_hidden_or_navigation_is_left_out() -> None:
    assert (
        page("<p hidden>a</p><div role=navigation>b</div><footer>c</footer><p>d</p><img alt='A cat'>").text
        == "d\n\nA cat"
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


def test_nesting_beyond_all_measure_is_refused() -> None:
    with pytest.raises(ReadError, match="nested too deeply"):
        page("<div>" * 5000 + "deep" + "</div>" * 5000)


def test_marks_are_sorted_and_inside_the_text() -> None:
    content = page(PAGE * 3)
    starts = [mark.start for mark in content.marks]
    assert starts == sorted(set(starts))
    assert starts[-1] < len(content.text)
