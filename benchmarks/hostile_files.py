"""How the files of ``hostile.py`` are made: small ones of the formats, and those that are to hurt their reader."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(body: bytes, extra: int = 0) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", b"<w:document %b><w:body>%b</w:body></w:document>" % (W.encode(), body))
        for number in range(extra):
            archive.writestr(f"word/{number}.xml", "")
    return packed.getvalue()


def paragraphs(count: int) -> bytes:
    return docx(b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * count)


def workbook(rows: int, columns: int) -> bytes:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    letters = [chr(65 + number // 26) + chr(65 + number % 26) for number in range(columns)]
    cells = "".join(f'<c r="{letter}{{0}}"><v>1</v></c>' for letter in letters)
    filled = "".join(f'<row r="{number}">{cells.format(number)}</row>' for number in range(1, rows + 1)).encode()
    return archive(
        {
            "[Content_Types].xml": TYPES.encode(),
            "_rels/.rels": RELATIONS.replace("word/document", "xl/workbook").encode(),
            "xl/workbook.xml": b'<workbook xmlns="%b" xmlns:r="%b"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
            b"</sheets></workbook>" % (main, relations),
            "xl/_rels/workbook.xml.rels": RELATIONS.replace('officeDocument"', 'worksheet"')
            .replace("word/document", "sheet")
            .encode(),
            "xl/sheet.xml": b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (main, filled),
        }
    )


OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {"office": "office", "text": "text", "table": "table", "draw": "drawing"}.items()
).encode()


def archive(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return held.getvalue()


def opendocument(kind: bytes, body: bytes) -> bytes:
    inside = b"<office:body><office:%b>%b</office:%b></office:body>" % (kind, body, kind)
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument." + kind,
            "content.xml": b"<office:document-content %b>%b</office:document-content>" % (OPEN, inside),
        }
    )


def open_table(row: bytes) -> bytes:
    return b"<table:table table:name='A'>%b</table:table>" % row


OPEN_CELL = b"<table:table-cell><text:p>a</text:p></table:table-cell>"
OPEN_ROW = b"<table:table-row>%b</table:table-row>" % (2 * OPEN_CELL)
REPEATED = (
    b"<table:table-row table:number-rows-repeated='1048576'><table:table-cell table:number-columns-repeated='16384'>"
    b"<text:p>a</text:p></table:table-cell></table:table-row>"
)


def epub(chapters: int, body: bytes) -> bytes:
    names = range(chapters)
    items = b"".join(b'<item id="a%d" href="%d.xhtml" media-type="application/xhtml+xml"/>' % (n, n) for n in names)
    spine = b"".join(b'<itemref idref="a%d"/>' % number for number in names)
    page = b"<html><body>%b</body></html>" % body
    return archive(
        {
            "META-INF/container.xml": b'<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>',
            "a.opf": b"<package><manifest>%b</manifest><spine>%b</spine></package>" % (items, spine),
        }
        | {f"{number}.xhtml": page for number in names}
    )


def mail(attachments: int, data: bytes, name: str) -> bytes:
    encoded = base64.encodebytes(data)
    head = b'Content-Disposition: attachment; filename="%b"\nContent-Transfer-Encoding: base64\n\n' % name.encode()
    parts = b"".join(b"--b\n%b%b\n" % (head, encoded) for _ in range(attachments))
    return b"Subject: A\nContent-Type: multipart/mixed; boundary=b\n\n%b--b--\n" % parts


def forwarded(levels: int) -> bytes:
    inner = b"Subject: A\nContent-Type: message/rfc822\n\n"
    return inner * levels + b"Subject: A\n\ntext\n"


def pdf(pages: int) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    out.write(b"2 0 obj\n<< /Type /Pages /Count %d /Kids [%b] >>\nendobj\n" % (pages, kids))
    drawn = b"BT /F1 11 Tf 1 0 0 1 72 700 Tm (One line.) Tj ET"
    out.write(b"3 0 obj\n<< /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (len(drawn), drawn))
    font = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    for number in range(pages):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources %b >>" % font
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number + 4, page))
    out.write(b"trailer\n<< /Root 1 0 R /Size %d >>\n%%%%EOF" % (pages + 4))
    return out.getvalue()


def notebook(cells: int) -> bytes:
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "a"}] * cells, "metadata": {}}).encode()


def stairs(size: int) -> bytes:
    made, depth, length = [], 0, 0
    while length < size:
        made.append(b" " * depth + b"- a\n")
        length += depth + 4
        depth += 1
    return b"".join(made)


MADE: dict[str, Callable[[], bytes]] = {
    "attributes.html": lambda: b"<p " + b" ".join(b"a%d=1" % number for number in range(300_000)) + b">x</p>",
    "elements.html": lambda: b"<p>a" * 3_000_000,
    "rows.html": lambda: b"<table>" + b"<tr><td>a<td>b" * 1_000_000,
    "spans.html": lambda: b"<table><tr><td rowspan=65534 colspan=1000>a" * 200,
    "deep.html": lambda: b"<div>" * 500_000,
    "lists.html": lambda: b"<ul><li>a" * 500_000,
    "unpacks-to-290-mb.docx": lambda: docx(b"<w:p><w:r><w:t>" + b"a" * 290_000_000 + b"</w:t></w:r></w:p>"),
    "members.docx": lambda: docx(b"<w:p><w:r><w:t>a</w:t></w:r></w:p>", extra=60_000),
    "paragraphs.docx": lambda: paragraphs(2_000_000),
    "runs.docx": lambda: docx(b"<w:p>" + b"<w:r><w:t>a</w:t></w:r>" * 2_000_000 + b"</w:p>"),
    "tables.docx": lambda: docx(b"<w:tbl><w:tr><w:tc>" * 1_000 + b"</w:tc></w:tr></w:tbl>" * 1_000),
    "cells.xlsx": lambda: workbook(40_000, 100),
    "pages.pdf": lambda: pdf(100_000),
    "paragraphs.odt": lambda: opendocument(b"text", b"<text:p>a</text:p>" * 1_000_000),
    "rows.odt": lambda: opendocument(b"text", open_table(OPEN_ROW * 250_000)),
    "nested.odt": lambda: opendocument(b"text", b"<text:section>" * 100_000),
    "cells.ods": lambda: opendocument(b"spreadsheet", open_table(OPEN_ROW * 1_000_000)),
    "repeated.ods": lambda: opendocument(b"spreadsheet", open_table(REPEATED * 1_000)),
    "pages.odp": lambda: opendocument(b"presentation", b"<draw:page/>" * 1_000_000),
    "chapters.epub": lambda: epub(20_000, b"<p>a</p>" * 10),
    "unpacks-to-290-mb.epub": lambda: epub(29, b"a" * 10_000_000),
    "groups.rtf": lambda: b"{\\rtf1" + b"{a}" * 1_900_000 + b"}",
    "deep.rtf": lambda: b"{\\rtf1" + b"{" * 5_000_000,
    "cells.rtf": lambda: b"{\\rtf1" + b"\\trowd\\cellx9\\intbl a\\cell\\row " * 600_000 + b"}",
    "notes.rtf": lambda: b"{\\rtf1" + b"{\\footnote a}" * 1_000_000 + b"}",
    "attachments.eml": lambda: mail(100_000, b"a", "a.txt"),
    "archives.eml": lambda: mail(100, docx(b"<w:p><w:r><w:t>" + b"a" * 50_000_000 + b"</w:t></w:r></w:p>"), "a.docx"),
    "forwarded.eml": lambda: forwarded(400_000),
    "parts.eml": lambda: b"Subject: A\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 3_000_000,
    "mails.mbox": lambda: b"From a 10:00\nTo: b\n\nc\n\n" * 700_000,
    "cues.srt": lambda: b"0:0:1,0 --> 0:0:2,0\na\n\n" * 800_000,
    "cells.ipynb": lambda: notebook(400_000),
    "level.ipynb": lambda: b'{"cells": [{"cell_type": "heading", "level": 99999999999, "source": "x"}]}',
    "nested.ipynb": lambda: b"[" * 10_000_000,
    "one-line.txt": lambda: b"word " * 3_800_000,
    "one-word.txt": lambda: b"a" * 19_000_000,
    "lines.txt": lambda: b"a\n" * 9_500_000,
    "stops.md": lambda: b"!" * 19_000_000,
    "pipes.md": lambda: b"|" * 19_000_000,
    "hashes.md": lambda: b"#" * 19_000_000,
    "headings.md": lambda: b"# a\n\nb\n\n" * 2_000_000,
    "long-heading.md": lambda: b"# " + b"a " * 1_000_000 + b"\n\nb\n\n" + b"c\n\n" * 1_000_000,
    "table.md": lambda: b"| a | b |\n| --- | --- |\n" + b"| c | d |\n" * 1_800_000,
    "stairs.md": lambda: stairs(19_000_000),
    "fences.md": lambda: b"```\na\n" * 3_000_000,
    "deep.yaml": lambda: b"".join(b"  " * (number % 50) + b"k%d:\n" % number for number in range(330_000)),
    "rows.csv": lambda: b"1,2,3\n" * 3_000_000,
    "nested.json": lambda: b"[" * 19_000_000,
    "statements.py": lambda: b"x\n" * 9_500_000,
    "sum.py": lambda: b"x = (" + b"+\n".join([b"1"] * 200_000) + b")\n",
    "underlines.rst": lambda: b"a\n=\n" * 4_000_000,
    "notes.docx": lambda: docx(b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" + b"<w:sdt>" * 2_000),
    "merged.xlsx": lambda: workbook(2_000, 600),
    "quotes.eml": lambda: b"Subject: A\n\n" + b"> " * 9_000_000,
    "words.rtf": lambda: b"{\\rtf1 " + b"\\'e9" * 4_500_000 + b"}",
    "links.md": lambda: b"[a](" * 4_500_000,
    "emphasis.md": lambda: b"*_" * 9_000_000,
    "long-row.csv": lambda: b"1," * 9_000_000,
    "keys.json": lambda: b"{" + b'"a": [1, {"b": "c"}], ' * 800_000 + b'"z": 1}',
    "entities.xml": lambda: b"<a>" + b"&amp;" * 3_500_000 + b"</a>",
    "tags.xml": lambda: b"<a>" * 1_000_000,
    "cues.vtt": lambda: b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n<v A>a\n\n" * 500_000,
}
