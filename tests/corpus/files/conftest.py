"""Real small files of the formats that need more than a string to make."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Path]:
    """Writes files by relative path below a fresh folder named ``project``."""

    def write(files: dict[str, str | bytes]) -> Path:
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """Root may read everything, so a test about permissions runs as nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def make_pdf() -> Callable[..., bytes]:
    return _pdf


@pytest.fixture
def draw_pdf() -> Callable[..., bytes]:
    return _drawn_pdf


@pytest.fixture
def make_docx() -> Callable[..., bytes]:
    return _docx


def _pdf(pages: list[list[tuple[int, str]]], title: str = "") -> bytes:
    """Each page is a list of ``(points above the bottom, line)``."""
    drawn = [
        "BT /F1 11 Tf " + " ".join(f"1 0 0 1 72 {y} Tm ({line}) Tj" for y, line in lines) + " ET" for lines in pages
    ]
    return _drawn_pdf(drawn, title=title)


def _drawn_pdf(
    pages: list[str],
    *,
    title: str = "",
    page: str = "",
    annotations: list[str] | None = None,
    catalog: str = "",
    objects: list[str] | None = None,
    fonts: str = "",
    box: str = "/MediaBox [0 0 612 792]",
    above: str = "",
) -> bytes:
    """Each page is its content stream. ``/F1`` is Helvetica, ``/F2`` bold, ``/F3`` Courier, ``/Im`` a grey picture.

    ``page`` is put into every page's dictionary, ``annotations`` stand on the first, ``catalog`` goes into the catalog,
    ``objects`` are numbered from 20, and ``fonts`` may name some of them. ``box`` stands in each page's dictionary,
    ``above`` in that of the node above them, from which pages inherit.
    """
    names = ("Helvetica", "Helvetica-Bold", "Courier")
    table: dict[int, str] = {
        2 + number: f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
        for number, name in enumerate(names, start=1)
    }
    picture = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    )
    table[6] = f"{picture}\nstream\n@\nendstream"
    table[7] = f"<< /Title ({title}) >>"
    for number, body in enumerate(objects or [], start=20):
        table[number] = body
    notes = range(200, 200 + len(annotations or []))
    table |= dict(zip(notes, annotations or [], strict=True))
    kids = []
    for number, drawn in enumerate(pages):
        content = 1000 + 2 * number
        table[content] = f"<< /Length {len(drawn.encode('latin-1'))} >>\nstream\n{drawn}\nendstream"
        shown = f"/Annots [{' '.join(f'{note} 0 R' for note in notes)}]" if number == 0 and notes else ""
        table[content + 1] = (
            f"<< /Type /Page /Parent 2 0 R {box} /Contents {content} 0 R {page} {shown} /Resources "
            f"<< /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R {fonts} >> /XObject << /Im 6 0 R >> >> >>"
        )
        kids.append(f"{content + 1} 0 R")
    table[1] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>"
    table[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} {above} >>"
    out = b"%PDF-1.4\n"
    places = {}
    for number in sorted(table):
        places[number] = len(out)
        out += f"{number} 0 obj\n{table[number]}\nendobj\n".encode("latin-1")
    listed = "".join(f"{number} 1\n{place:010} 00000 n \n" for number, place in places.items())
    trailer = f"<< /Size {max(table) + 1} /Root 1 0 R /Info 7 0 R >>"
    end = f"xref\n0 1\n0000000000 65535 f \n{listed}trailer {trailer}\nstartxref\n{len(out)}\n%%EOF"
    return out + end.encode()


def _docx(*blocks: str | list[list[str]]) -> bytes:
    """A string is a paragraph (a heading when it begins with ``# ``), a list of rows a table. Text is XML."""
    body = "".join(_paragraph(block) if isinstance(block, str) else _table(block) for block in blocks)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="r1" Type="{_DOCUMENT}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="s1" Type="{_DOCUMENT.rpartition("/")[0]}/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles {_WORD}><w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/>'
        "</w:style></w:styles>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _paragraph(text: str) -> str:
    style = '<w:pPr><w:pStyle w:val="H"/></w:pPr>' if text.startswith("# ") else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{text.removeprefix("# ")}</w:t></w:r></w:p>'


def _table(rows: list[list[str]]) -> str:
    lines = ("".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"
