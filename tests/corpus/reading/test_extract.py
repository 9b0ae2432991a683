"""Any bytes under any name give a document that can be stored, or a reason; and never more than one file fails."""

from __future__ import annotations

import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pptx
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from evidentia import Library, Settings
from evidentia.corpus.document import Document, Mark
from evidentia.corpus.files import Skipped
from evidentia.corpus.files.formats import _FORMATS
from evidentia.corpus.reading import Extract, Limits, Reader, Request, extract
from evidentia.corpus.reading.extract import storable
from evidentia.corpus.reading.message import from_bytes, to_bytes

from ..files.conftest import _docx, _pdf

SUFFIXES = sorted(_FORMATS)
NAMES = st.sampled_from([*(f"a{suffix}" for suffix in SUFFIXES), "LICENSE", "Makefile"])
_ROWS = """# h|===|---|```|- a|1. b|  c:|\t|.. x::|def f(|\"\"\"|class A:|<p>|</td>|{|}|a: b|#!|=== ===|+--+|\ufeff|é. Ü!|::|    a|\x0c"""
LINES = st.lists(st.sampled_from(["", "| a | b |", "| --- | --- |", "x" * 300, *_ROWS.split("|")]), max_size=40)


def _is_storable(text: str) -> bool:
    text.encode()
    return "\0" not in text


def _check(outcome: Extract | Skipped | str, path: Path) -> None:
    if isinstance(outcome, Skipped):
        assert outcome.reason
        assert _is_storable(outcome.reason)
        return
    assert isinstance(outcome, Extract)
    document = outcome.document
    labels = [document.title, *document.metadata, *document.metadata.values(), *(mark.label for mark in document.marks)]
    labels += [passage.heading for passage in outcome.passages]
    assert all(_is_storable(label) and len(label) <= 4_000 and "\n" not in label for label in labels)
    assert all(_is_storable(text) for texts in outcome.texts for text in texts)
    assert _is_storable(document.text)
    assert from_bytes(to_bytes(outcome), path) == outcome


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, data=st.binary(max_size=300) | LINES.map(lambda rows: "\n".join(rows).encode()))
def test_any_bytes_under_any_name_give_what_can_be_stored(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    _check(extract(path, tmp_path, "", Limits()), path)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Document,
        *(st.just(value) for value in ("/a", "a")),
        st.text(st.characters()),
        st.just("text/plain"),
        st.just(""),
        st.text(st.characters()),
        st.dictionaries(st.text(st.characters()), st.text(st.characters())),
        st.lists(st.builds(Mark, st.integers(0, 9), label=st.text(st.characters()))).map(tuple),
    )
)
def test_every_field_of_a_document_is_made_storable_and_no_offset_moves(document: Document) -> None:
    made = storable(document)
    assert len(made.text) == len(document.text)
    assert [mark.start for mark in made.marks] == [mark.start for mark in document.marks]
    for text in (made.text, made.title, *made.metadata, *made.metadata.values(), *(mark.label for mark in made.marks)):
        text.encode()
    assert made.title


# --- mutations of whole files


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    held = io.BytesIO()
    save(held)
    return held.getvalue()


def _packed(members: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return held.getvalue()


def _open(kind: str, body: str) -> bytes:
    """An OpenDocument file."""
    spaces = {"office": "office", "text": "text", "table": "table", "draw": "drawing"}
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for name, one in spaces.items())
    inside = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    return _packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {names}>{inside}</office:document-content>",
        }
    )


def _epub(body: str) -> bytes:
    return _packed(
        {
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>',
            "a.opf": '<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
            "a.xhtml": f"<html><body>{body}</body></html>",
        }
    )


def _database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT, twice AS (2 * id)); INSERT INTO a VALUES (1, 'x'), (2, 'y');"
        "CREATE TABLE b (a INT REFERENCES a, n REAL, PRIMARY KEY (a, n)) WITHOUT ROWID; INSERT INTO b VALUES (1, 2.5);"
        "CREATE VIEW v AS SELECT * FROM a"
    )
    return connection.serialize()


def _parquet() -> bytes:
    table = pyarrow.table({"name": ["Some words", "More"], "n": [1, 2], "tags": [["a"], None]})
    return _saved(lambda file: parquet.write_table(table, file))


def _seeds() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(20):
        sheet.append([f"r{row}", row, row / 3])
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Title"
    slide.placeholders[1].text = "One\nTwo"
    row = "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated='2'><text:p>b</text:p></table:table-cell></table:table-row>"
    table = f"<table:table table:name='A'>{row}{row}</table:table>"
    post = EmailMessage()
    post["Subject"], post["From"] = "Grønn", "a@x.example"
    post.set_content("Text.\n\n> quoted\n")
    post.add_alternative("<p>Text.</p>", subtype="html")
    post.add_attachment("a,b\n1,2\n", subtype="csv", filename="a.csv")
    post.add_attachment(_docx("# T", "x"), maintype="application", subtype="octet-stream", filename="a.docx")
    mail = post.as_bytes()
    cells = [{"cell_type": "markdown", "source": ["# T"]}, {"cell_type": "heading", "level": 2, "source": "H"}]
    cells += [{"cell_type": "code", "source": "x = 1", "outputs": [{"output_type": "stream", "text": ["1\n"]}]}]
    return {
        "a.docx": _docx("# Title", "A paragraph.", [["a", "b"], ["1", "2"]]),
        "a.pdf": _pdf([[(700, "One."), (680, "Two.")], [(700, "Three.")]], title="T"),
        "a.xlsx": _saved(book.save),
        "a.pptx": _saved(deck.save),
        "a.ipynb": json.dumps({"cells": cells, "metadata": {"title": "T"}, "nbformat": 4}).encode(),
        "a.sqlite": _database(),
        "a.parquet": _parquet(),
        "a.html": b"<title>T</title><h1>H</h1><table><tr><td colspan=2>a<td>b</table><ul><li>x<ol><li>y</ol></ul><pre>c</pre>",
        "a.odt": _open(
            "text",
            "<text:h>T</text:h><text:list><text:list-item><text:p>x</text:p></text:list-item></text:list>" + table,
        ),
        "a.asciidoc": b"= T\n:n: x\n\n== H\n\nA *b* {n}.\n\n* x\n+\n----\nc\n----\n\n|===\n|a |b\n\n|1 |2\n|===\n",
        "a.org": b"* TODO H :t:\n:PROPERTIES:\n:A: b\n:END:\n- x :: y\n#+begin_src sh\nc\n#+end_src\n| a | b |\n|---+---|\n| 1 | 2 |\n",
        "a.latex": b"\\section{H}\n\\begin{itemize}\n\\item $x^{2}$\n\\end{itemize}\n\\begin{tabular}{ll}\na & b \\\\\n\\hline\n1 & 2\n\\end{tabular}\n",
        "a.roff": b".TH A 1\n.SH NAME\na \\- b\n.TP\n.B x\ny\n.nf\nc\n.fi\n.TS\ntab(@);\nl l.\na@b\n_\n1@2\n.TE\n",
        "a.ics": b"BEGIN:VEVENT\nSUMMARY:S\nDTSTART:20250603T140000Z\nRRULE:FREQ=DAILY;BYDAY=MO\nEND:VEVENT\n",
        "a.vcard": b"BEGIN:VCARD\nFN:A B\nTEL;TYPE=work:1\nADR:;;s;p;;1;c\nEND:VCARD\n",
        "a.log": b"2025-01-01 00:00:00 INFO up\n2025-01-01 00:00:01 [main] ERROR down\n  more\n2025-01-01 00:00:02 INFO up\n",
        "a.ods": _open("spreadsheet", table),
        "a.odp": _open(
            "presentation",
            f"<draw:page><draw:frame><draw:text-box><text:p>x</text:p></draw:text-box></draw:frame><draw:frame>{table}</draw:frame></draw:page>",
        ),
        "a.epub": _epub("<h1>H</h1><p>One.</p>"),
        "a.rtf": rb"{\rtf1\ansi{\fonttbl{\f0\fcharset204 A;}}{\stylesheet{\s1 heading 1;}}\s1 H\par\pard {\listtext 1.}x\u955?{\footnote n}\par\trowd\cellx9\cellx18\intbl a\cell b\cell\row}",
        "a.eml": mail,
        "a.mbox": b"From a@x Tue Oct 14 10:00:00 2025\n"
        + mail.replace(b"\r\n", b"\n")
        + b"\n\nFrom b@x Tue Oct 14 11:00:00 2025\nSubject: B\n\nb\n",
        "a.srt": b"1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:02,000 --> 00:00:03,000\ntwo.\n",
        "a.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>One.\n\n00:02.000 --> 00:03.000\n- Two?\n",
        "a.md": b"---\ntitle: T\n---\n# H\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- x\n  - y\n\n```py\nz\n```\n",
        "a.rst": b"T\n=\n\n.. note:: n\n\n    d\n\n=== ===\na   b\n=== ===\n\nL::\n\n  c\n",
        "a.py": b'"""Doc."""\nclass A(B):\n    def f(self, x=1):\n        """D."""\n        return x\n',
        "a.csv": b"a,b\n1,2\n3,4\n",
        "a.yaml": b"a:\n  b:\n    - c: 1\n",
        "a.json": b'{"a": [1, {"b": "c"}]}',
    }


def _mutated(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made) or 1)
        match chance.randrange(6):
            case 0 if made:
                made[min(at, len(made) - 1)] ^= 1 << chance.randrange(8)
            case 1:
                made[at:at] = chance.randbytes(chance.randint(1, 20))
            case 2:
                del made[at : at + chance.randint(1, 40)]
            case 3:
                made[at:at] = made[at : at + chance.randint(1, 100)] * chance.randint(1, 50)
            case 4:
                made[at:at] = chance.choice(
                    [b"9" * 12, b"-1", b"\\ud800", b"\xff\xfe", b"\0", b"[" * 500, b"<a>" * 500]
                )
            case _:
                del made[at:]
    return bytes(made)


def _mutations(folder: Path, each: int) -> Iterator[Request]:
    chance = random.Random(5)
    for name, data in _seeds().items():
        for number in range(each):
            path = folder / f"{number}{name}"
            path.write_bytes(_mutated(data, chance))
            yield Request(path, folder)


def test_mutated_files_of_every_format_end_no_run_under_a_memory_limit(folder: Path) -> None:
    requests = list(_mutations(folder, 25))
    outcomes = list(Reader(Limits(seconds=20, memory=600_000_000)).read(requests))
    assert len(outcomes) == len(requests)
    for request, outcome in zip(requests, outcomes, strict=True):
        _check(outcome, request.path)


def test_every_reader_has_its_mutations() -> None:
    assert {_FORMATS[Path(name).suffix].reader for name in _seeds()} == {kind.reader for kind in _FORMATS.values()}


def test_the_seeds_of_the_mutations_are_whole(folder: Path) -> None:
    for name, data in _seeds().items():
        (folder / name).write_bytes(data)
        assert isinstance(extract(folder / name, folder, "", Limits()), Extract), name


@pytest.mark.parametrize(
    "notebook",
    [
        {"cells": [{"cell_type": "heading", "level": 10**10, "source": "x"}]},
        {"cells": [{"cell_type": "heading", "level": -(10**10), "source": "x"}]},
        {"cells": [{"cell_type": "markdown", "source": "x"}], "metadata": {"title": "\ud800\n\0"}},
        {
            "cells": [{"cell_type": "code", "source": "\udfff"}],
            "metadata": {"language_info": {"name": "\ud800" * 9999}},
        },
        {"cells": [{"cell_type": "markdown", "source": "# \ud800\n\ntext"}]},
    ],
)
def test_no_field_of_a_notebook_ends_the_run(folder: Path, tmp_path: Path, notebook: object) -> None:
    (folder / "a.ipynb").write_text(json.dumps(notebook))
    (folder / "z.md").write_text("A good file.")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        assert "docs/z.md" in library.add(folder).added
        assert library.add(folder).unchanged >= 1


@pytest.mark.parametrize("nested", ["+\n".join(["1"] * 3000), "a" + "\n.b" * 3000, "a" + "()\n" * 3000])
def test_code_that_is_nested_too_deeply_is_still_read(folder: Path, tmp_path: Path, nested: str) -> None:
    (folder / "a.py").write_text(f"def f(x=({nested})):\n    return x\n\n\nclass A(({nested})):\n    pass\n")
    (folder / "b.py").write_text("def good():\n    pass\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        assert library.add(folder).added == ["docs/a.py", "docs/b.py"]


def test_what_is_no_outcome_of_the_file_is_refused(folder: Path) -> None:
    path = folder / "a.md"
    path.write_text("# A\n\nb\n")
    good = json.loads(to_bytes(extract(path, folder, "", Limits())))
    for change in (
        {"document": good["document"] | {"uri": "/etc/passwd"}},
        {"passages": [[0, 10**9, "section", ""]]},
        {"passages": [[-5, 1, "section", ""]]},
        {"passages": []},
        {"document": 5},
        {"texts": None},
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            from_bytes(json.dumps(good | change).encode(), path)
