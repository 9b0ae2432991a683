"""What holds for every markup of lines and form of fields: nothing raises, no word is lost, marks lead to their line."""

from __future__ import annotations

import importlib
import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import Format
from evidentia.errors import ReadError

READERS = ("asciidoc", "org", "latex", "roff", "calendar", "vcard", "log")
FORM = Format("text/x-test")
SLOW = settings(deadline=timedelta(seconds=20), max_examples=20)
WORDS = st.lists(st.from_regex(r"[b-pr-z]{4,9}", fullmatch=True), min_size=1, max_size=6).map(" ".join)
SIGNS = {
    "asciidoc": [
        "|===\n",
        "* ",
        "a:: ",
        "[",
        "]",
        "----\n",
        "====\n",
        "+\n",
        "{a}",
        "= ",
        ". ",
        "`",
        "*",
        "|",
        "<<",
        "2+|",
    ],
    "org": [
        "* ",
        "#+begin_src\n",
        "| ",
        "|-\n",
        "- ",
        " :: ",
        "[[",
        "]]",
        "<2025-06-03",
        ":END:\n",
        ":PROPERTIES:\n",
        "$",
    ],
    "latex": [
        "\\begin{",
        "}",
        "{",
        "tabular",
        "\\end{",
        "itemize",
        "\\item",
        "[",
        "]",
        "&",
        "\\\\",
        "$",
        "^",
        "\\frac",
        "\\verb|",
    ],
    "roff": [
        ".TH a 1\n",
        ".TP\n",
        ".Bl -tag\n",
        ".It Fl a\n",
        ".El\n",
        ".nf\n",
        "\\f",
        "\\(",
        ".Op Fl",
        '"',
        ".if n ",
        ".TS\n",
    ],
    "calendar": [
        "BEGIN:VEVENT\n",
        "END:VEVENT\n",
        "RRULE:FREQ=",
        "DAILY;BYDAY=",
        "1MO,",
        "DTSTART:",
        "2025",
        "CN=",
        '"',
        ";",
    ],
    "vcard": ["BEGIN:VCARD\n", "FN:", "N:", ";", "TEL;TYPE=", '"', "ADR:", "BDAY:", "--0102\n"],
    "log": ["2025-01-01 00:00:00", "[", "]", "INFO ", "a: ", "|", "ERROR"],
}


def read(name: str, source: str | bytes) -> Content:
    reader = importlib.import_module(f"evidentia.corpus.files.{name}")
    content: Content = reader.read(source.encode() if isinstance(source, str) else source, FORM)
    return content


@pytest.mark.parametrize("name", READERS)
@SLOW
@given(data=st.binary(max_size=400))
def test_arbitrary_bytes_end_in_a_text_or_in_a_refusal(name: str, data: bytes) -> None:
    try:
        content = read(name, data)
    except ReadError:
        return
    assert all(0 <= mark.start < max(1, len(content.text)) for mark in content.marks)


@pytest.mark.parametrize("name", READERS)
@SLOW
@given(data=st.data())
def test_signs_in_any_order_raise_nothing_and_marks_name_lines_of_the_file(name: str, data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from([*SIGNS[name], "\n", "word", " "]), max_size=40))
    source = (".TH a 1\n" if name == "roff" else "") + "".join(parts)
    lines = source.count("\n") + 1
    starts = [mark.start for mark in read(name, source).marks]
    assert starts == sorted(starts)
    assert all(1 <= (mark.line or 1) <= lines for mark in read(name, source).marks)


FRAMES = {
    "asciidoc": "= {0}\n\n== {1}\n\n{2} *{3}*\n\n* {4}\n** {5}\n\n{6}:: {7}\n\n----\n{8}\n----\n\n|===\n|{9} |{10}\n\n|{11} |1\n|===\n",
    "org": "* {0}\n** TODO {1}\n{2} /{3}/\n- {4}\n  - {5}\n- {6} :: {7}\n\n#+begin_src sh\n{8}\n#+end_src\n| {9} | {10} |\n|--+--|\n| {11} | 1 |\n",
    "latex": "\\section{{{0}}}\n\\subsection{{{1}}}\n{2} \\emph{{{3}}}\n\\begin{{itemize}}\n\\item {4}\n\\item {5}\n\\end{{itemize}}\n"
    "\\begin{{description}}\n\\item[{6}] {7}\n\\end{{description}}\n\\begin{{verbatim}}\n{8}\n\\end{{verbatim}}\n"
    "\\begin{{tabular}}{{ll}}\n{9} & {10} \\\\\n\\hline\n{11} & 1 \\\\\n\\end{{tabular}}\n",
    "roff": ".TH X 1\n.SH {0}\n.SS {1}\n{2}\n.I {3}\n.IP \\(bu\n{4}\n.IP \\(bu\n{5}\n.TP\n.B {6}\n{7}\n.PP\n.nf\n{8}\n.fi\n.TS\ntab(@);\nl l.\n{9}@{10}\n_\n{11}@1\n.TE\n",
    "calendar": "BEGIN:VEVENT\nSUMMARY:{0}\nLOCATION:{1}\nDESCRIPTION:{2}\\n{3}\nCONTACT:{4}\nCOMMENT:{5}\nEND:VEVENT\n",
    "vcard": "BEGIN:VCARD\nFN:{0}\nORG:{1};{2}\nTITLE:{3}\nNOTE:{4}\nADR:;;{5};{6};{7};;{8}\nEND:VCARD\n",
    "log": "2025-01-01 00:00:00 INFO {0}\n{1}\n2025-01-01 00:00:01 [main] ERROR {2}\n2025-01-01 00:00:02 {3}\n",
}


@pytest.mark.parametrize("name", READERS)
@SLOW
@given(data=st.data())
def test_every_word_shows_up_and_its_mark_leads_to_its_line(name: str, data: st.DataObject) -> None:
    words = [data.draw(WORDS) for _ in range(12)]
    source = FRAMES[name].format(*(f"q{chr(97 + at)}q {text}" for at, text in enumerate(words)))
    content = read(name, source)
    lines = source.split("\n")
    for at in range(12):
        key = f"q{chr(97 + at)}q"
        if key not in source:
            continue
        assert set(words[at].split()) <= set(re.findall(r"\w+", content.text))
        mark = max((mark for mark in content.marks if mark.start <= content.text.index(key)), key=lambda one: one.start)
        assert mark.line is not None
        assert key in lines[mark.line - 1]


HOSTILE = {
    "asciidoc": [
        "[source]\n----\n",
        "====\n",
        "|===\n",
        "|===\n|a ",
        "* ",
        "* a\n+\n",
        "+\n",
        "+++a",
        "[",
        "[[",
        "link:a[",
        "image::a[",
        "stem:[",
        "{a}",
        ":a: {a}{a}\n",
        ":a: b\\\n",
        ":!a: b\\\n",
        "ifdef::a[]\n",
        "(((",
    ],
    "org": [
        "* ",
        "#+begin_quote\n",
        "#+begin_quote\na\n",
        "#+BEGIN_SRC\n",
        ":PROPERTIES:\n",
        "| a ",
        "[[",
        "[[a",
        "/a",
        "$a",
        "[fn:1",
        "\\(",
        "\\[",
        "src_a[",
        "SCHEDULED: <",
    ],
    "latex": [
        "{",
        "$",
        "[[",
        "\\begin{x}",
        "\\begin{tabular}{l}",
        "\\begin{tabular}{l}\\endhead ",
        "\\begin{itemize}\\item a\n",
        "\\begin{table}\\caption{",
        "\\section{",
        "\\author[",
        "\\footnote{",
        "\\href{",
        "\\cite[",
        "\\cite[{]",
        "\\acro{a}{",
        "\\iffalse ",
        "\\iffalse\\fi ",
        "$^{",
        "\\'{",
        "\\newcommand{\\a}{\\a\\a}\\a",
    ],
    "roff": [
        ".SH x\n",
        ".TP\n",
        ".if n \\{\n",
        ".ie n .if n ",
        ".TS\nT{\n",
        ".ds a \\*a\\*a\n\\*a\\*a\n",
        ".as a \\*a\n\\*a\n",
        ".Op ",
        ".Bl -tag\n",
        "a\\\n",
        "\\[",
        "\\f[",
    ],
    "calendar": [
        "BEGIN:VEVENT\n",
        "BEGIN:VEVENT\nRRULE:FREQ=DAILY;BYDAY=MO,",
        "BEGIN:VEVENT\nRRULE:FREQ=YEARLY;BYMONTH=1",
        "A;B=",
        "\\n",
    ],
    "vcard": ["BEGIN:VCARD\n", "BEGIN:VCARD\nADR:;", "N;QUOTED-PRINTABLE:a=\n", "A\n "],
    "log": ["2025-01-01 00:00:00 a\n", "2025-01-01 00:00:00 [", "2025-01-01 a."],
}


@pytest.mark.parametrize(("name", "piece"), [(name, piece) for name, pieces in HOSTILE.items() for piece in pieces])
def test_markup_beyond_all_measure_ends(name: str, piece: str) -> None:
    read(name, (".TH a 1\n" if name == "roff" else "") + piece * 5_000)


def test_a_brace_that_is_never_closed_loses_no_word() -> None:
    shown = read("latex", "\\section{Pumps\n\nThe pump \\emph{runs.\n\nThe valve leaks.\n").text
    assert all(word in shown for word in ("Pumps", "The pump runs.", "The valve leaks."))


def test_an_attribute_that_goes_on_in_the_next_line_is_whole() -> None:
    assert "a b c." in read("asciidoc", ":name: a \\\nb\n\n{name} c.\n").text


def test_strings_of_a_manual_page_are_put_in_as_they_were_when_used() -> None:
    source = ".TH a 1\n.ds who Ada\n.ds both \\*[who] and Bob\n.ds who Cem\n.SH NAME\n\\*[both], \\*[who]\n"
    assert "Ada and Bob, Cem" in read("roff", source).text


def test_macros_that_a_manual_page_defines_itself_are_not_read_as_text() -> None:
    head = ".TH X 1\n.de Sp\n.if n .sp\n..\n.de Op2\n..\n"
    found = read(
        "roff", f"{head}.SH OPTIONS\n.IP --keep 4\nKeep the order.\n.Sp\nSlow jobs come late.\n.Op2 kept words\n"
    )
    assert "Keep the order." in found.text
    assert "Slow jobs come late. kept words" in " ".join(found.text.split())
    assert "Sp" not in found.text
    assert "Op2" not in found.text


@pytest.mark.parametrize("end", ["..", ". .", ".  .", ".\t.", ".    .", "..  ", "'."])
@pytest.mark.parametrize("begin", ["de LINK", "am LINK", "ig", "de1 LINK", "  am LINK"])
def test_a_macro_ends_at_two_dots_whatever_stands_between_them(begin: str, end: str) -> None:
    found = read("roff", f".TH X 1\n.{begin}\nhidden\n.  ad l\n{end}\n.SH NAME\nbell \\- rings\n").text
    assert "bell - rings" in found
    assert "hidden" not in found


@pytest.mark.parametrize("end", [".ENDE", ".  ENDE", "'\tENDE", ".ENDE now"])
@pytest.mark.parametrize("begin", ["de LINK ENDE", "am LINK ENDE", "ig ENDE"])
def test_a_macro_ends_at_the_name_that_its_definition_gives(begin: str, end: str) -> None:
    found = read("roff", f".TH X 1\n.{begin}\nhidden\n.ENDED\n..\nhidden\n{end}\n.SH NAME\nbell \\- rings\n").text
    assert "bell - rings" in found
    assert "hidden" not in found


def test_a_macro_that_does_not_end_takes_nothing_of_the_page() -> None:
    assert "bell - rings" in read("roff", ".TH X 1\n.de LINK\n.SH NAME\nbell \\- rings\n").text


def test_macros_within_the_groups_of_a_header_leave_the_page_whole() -> None:
    head = (
        ".de URL\n\\fI\\\\$2\\fP <\\\\$1>\\\\$3\n..\n.als MTO URL\n.if \\n[.g] \\{\\\n.  mso www.tmac\n"
        ".  am URL\n.    ad l\n.  .\n.  am MTO\n.    ad l\n.  .\n.  LINKSTYLE blue R < >\n.\\}\n"
    )
    found = read("roff", f'.TH X 1\n{head}.SH NAME\nbell \\- rings\n.URL "https://a.b" "the bell" "."\n').text
    assert "bell - rings" in found
    assert "the bell" in found
    assert "LINKSTYLE" not in found


def test_a_manual_page_may_begin_with_a_remark_of_several_lines() -> None:
    found = read("roff", ".ig\nCopyright by Ada.\n..\n.TH BELL 5\n.SH NAME\n\\fBbell\\fP rings.\n")
    assert "bell rings." in found.text
    assert "Ada" not in found.text
