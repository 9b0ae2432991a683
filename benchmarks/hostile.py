"""Files that are made to hurt whoever reads them: how long each takes, how much memory, and what is said about it.

    python benchmarks/hostile.py            # every file, then the mutations
    python benchmarks/hostile.py --mutations 5000

Nothing is kept: the files are made in a temporary folder. A file passes when it is read, or named with its reason,
within the limits of ``corpus/reading/``; a run passes when no file ended it.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
import random
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from evidentia.corpus.files import Skipped, walk
from evidentia.corpus.reading import Extract, Limits, Reader, Request
from evidentia.corpus.reading.process import Process, ReadingFailure
from evidentia.corpus.store import Store
from evidentia.graphs.code import CodeFile, CodeGraph

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


CODE: dict[str, Callable[[], str]] = {
    "one name": lambda: "def f(): pass\n" * 35_000,
    "one variable": lambda: "def g(a):\n" + "".join(f" if a: x = f{n}\n" for n in range(20_000)) + " x()\n" * 10_000,
    "branches": lambda: (
        "def g(a):\n"
        + "".join(f" x{n} = a\n" for n in range(2_000))
        + "".join(f" if a: x{n % 2000} = 1\n" for n in range(15_000))
    ),
    "one chain": lambda: "class A: pass\ndef g():\n x = A()\n" + " x = x.a(x)\n" * 40_000,
    "calls": lambda: "def f(x): return x\n" + "f(f)\n" * 80_000,
    "nested subscripts": lambda: ("x" + "[0]" * 290 + "\n") * 570,
    "nested calls": lambda: ("x = " + "f(" * 90 + ")" * 90 + "\n") * 1_800,
    "line of classes": lambda: "".join(f"class C{n}(C{n - 1}): pass\n" for n in range(18_000)),
    "circle of classes": lambda: "".join(f"class C{n}(C{(n + 1) % 9000}): pass\n" for n in range(9_000)),
    "many bases": lambda: (
        "".join(f"class C{n}: pass\n" for n in range(8_000))
        + f"class D({','.join(f'C{n}' for n in range(8_000))}): pass\n"
    ),
    "one method": lambda: (
        "".join(f"class C{n}:\n def run(self): return self\n" for n in range(8_000)) + "x.run()\n" * 5_000
    ),
    "one tuple": lambda: "a" + ",a" * 100_000 + " = x" + ",x" * 100_000,
    "knot": lambda: (
        "".join(f"class A{n}: pass\n" for n in range(140))
        + "".join(
            f"def h{n}(x): return h{(n * 7 + 1) % 3000}(h{(n * 5 + 2) % 3000}(x or A{n % 140}()))\n"
            for n in range(3_000)
        )
    ),
}
"""Texts of up to 500,000 characters that the code graph takes in."""


def entangled(folder: Path, only: str) -> None:
    print(f"\n{'code':24} {'bytes':>12} {'seconds':>8}  outcome (of the processor, in this process)")
    for number, (name, make) in enumerate(CODE.items()):
        if only not in name:
            continue
        text = make()[:500_000].rpartition("\n")[0] or make()
        store = Store(folder / str(number), create=True)
        store.connection.execute("PRAGMA foreign_keys = OFF")
        graph = CodeGraph(store)
        begun = time.process_time()
        found = graph.update([CodeFile(1, "a.py", "a", text)])
        seconds = time.process_time() - begun
        limited = [reason for _, reason in graph.over_limit({1})]
        print(f"{name:24} {len(text):12,} {seconds:8.1f}  {found.edges:,} edges {'; '.join(limited)}", flush=True)
        store.close()


def peak(process: Process) -> int:
    """Bytes of memory that the process held at most; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def measured(path: Path) -> tuple[float, int, str]:
    """Seconds, bytes, and what was said of the file, read by a process of its own."""
    process = Process(Limits())
    begun = time.monotonic()
    outcome = process.answer(Request(path, path.parent))
    seconds, memory = time.monotonic() - begun, peak(process)
    process.end()
    if isinstance(outcome, ReadingFailure):
        return seconds, memory, outcome.reason
    told = json.loads(outcome)
    return seconds, memory, told.get("skipped") or f"read, {len(told['passages']):,} passages"


def hostile(folder: Path, only: str) -> None:
    print(f"{'file':24} {'bytes':>12} {'seconds':>8} {'peak MB':>8}  outcome")
    for name, make in MADE.items():
        if only not in name:
            continue
        path = folder / name
        path.write_bytes(make())
        seconds, memory, told = measured(path)
        print(f"{name:24} {path.stat().st_size:12,} {seconds:8.1f} {memory / 1e6:8.0f}  {told}", flush=True)
        path.unlink()


def mutated(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(made) or 1)
        kind = chance.randrange(6)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            made[at:at] = chance.randbytes(chance.randint(1, 30))
        elif kind == 2:
            del made[at : at + chance.randint(1, 60)]
        elif kind == 3:
            made[at:at] = made[at : at + chance.randint(1, 200)] * chance.randint(1, 100)
        elif kind == 4:
            made[at:at] = chance.choice((b"9" * 12, b"-1", b"\\ud800", b"\xff\xfe", b"\0", b"[" * 2000, b"<a>" * 2000))
        else:
            del made[at + chance.randint(0, 400) :]
    return bytes(made)


def repacked(data: bytes, chance: random.Random) -> bytes:
    """An archive with mutated members, so that the mutations reach further than its checksums."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for member in archive.namelist():
            part = archive.read(member)
            made.writestr(member, mutated(part, chance) if chance.random() < 0.3 else part)
    return held.getvalue()


def seeds() -> dict[str, bytes]:
    import pptx

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Title", "One\nTwo"
    held = io.BytesIO()
    deck.save(held)
    cells = [
        {"cell_type": kind, "source": ["# T\n", "x"], "level": 2} for kind in ("markdown", "code", "heading", "raw")
    ]
    table = b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    return {
        "a.docx": docx(b"<w:p><w:r><w:t>Some words.</w:t></w:r></w:p>" * 5 + table),
        "a.pptx": held.getvalue(),
        "a.xlsx": workbook(20, 5),
        "a.pdf": pdf(3),
        "a.odt": opendocument(b"text", b"<text:h>T</text:h><text:p>Some words.</text:p>" + open_table(2 * OPEN_ROW)),
        "a.ods": opendocument(b"spreadsheet", open_table(5 * OPEN_ROW)),
        "a.odp": opendocument(
            b"presentation", b"<draw:page><draw:custom-shape><text:p>x</text:p></draw:custom-shape></draw:page>"
        ),
        "a.epub": epub(3, b"<h1>T</h1><p>Some words."),
        "a.rtf": b"{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset204 A;}}\\f0 Some \\u955?\\'cc.\\par{\\footnote n}"
        b"\\trowd\\cellx9\\cellx18\\intbl a\\cell b\\cell\\row}",
        "a.eml": mail(3, b"a,b\n1,2\n", "a.csv"),
        "a.mbox": b"From a 10:00\nSubject: =?utf-8?q?a?=\n\nText.\n\nFrom b 11:00\nSubject: B\n\n> quoted\n",
        "a.srt": b"1\n00:00:01,000 --> 00:00:02,000\nSome\n\n2\n00:00:02,000 --> 00:00:03,000\nwords.\n",
        "a.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>One.\n\n00:02.000 --> 00:03.000\n- Two?\n",
        "a.ipynb": json.dumps({"cells": cells, "metadata": {"title": "T"}, "nbformat": 4}).encode(),
        "a.html": b"<title>T</title><h1>H</h1><table><tr><td colspan=2>a<td>b</table>"
        b"<ul><li>x<ol><li>y</ol></ul><pre>c</pre>",
        "a.md": b"---\ntitle: T\n---\n# H\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- x\n  - y\n\n```py\nz\n```\n",
        "a.rst": b"T\n=\n\n.. note:: n\n\n    d\n\n=== ===\na   b\n=== ===\n\nL::\n\n  c\n",
        "a.py": b'"""Doc."""\nclass A(B):\n    def f(self, x=1):\n        """D."""\n        return x\n',
        "a.csv": b"a,b\n1,2\n3,4\n",
        "a.yaml": b"a:\n  b:\n    - c: 1\n",
        "a.json": b'{"a": [1, {"b": "c"}]}',
        "a.txt": b"Some words. More words!\n\nAnother paragraph.\n",
        "a.xml": b'<?xml version="1.0" encoding="utf-8"?><a b="c">d</a>\n',
    }


def mutated_files(folder: Path, count: int) -> Iterator[Request]:
    """The formats in turn."""
    chance, made = random.Random(1), list(seeds().items())
    for number in range(count):
        name, data = made[number % len(made)]
        path = folder / f"{number}{name}"
        inside = data.startswith(b"PK") and chance.random() < 0.7
        path.write_bytes(repacked(data, chance) if inside else mutated(data, chance))
        yield Request(path, folder)


def mutations(folder: Path, count: int) -> None:
    requests = list(mutated_files(folder, count))
    begun = time.monotonic()
    outcomes: Counter[str] = Counter()
    for outcome in Reader(Limits()).read(requests):
        kind = "read" if isinstance(outcome, Extract) else outcome.reason if isinstance(outcome, Skipped) else outcome
        outcomes[kind.partition(" (")[0].partition(";")[0][:70]] += 1
    print(f"\n{count:,} mutated files of {len(seeds())} formats in {time.monotonic() - begun:.0f} s")
    print(f"outcomes {outcomes.total():,}, runs ended by a file: {int(outcomes.total() != count)}")
    for kind, times in outcomes.most_common(14):
        print(f"{times:7,}  {kind}")


def patterns(chance: random.Random) -> Iterator[bytes]:
    yield from (b"*a" * 8 + b"*b", b"*a" * 500 + b"*b", b"**/" * 400 + b"b", b"[a-z]*" * 300 + b"B", b"[" * 1_000_000)
    yield from (
        b"\n".join(b"*?%d" % number for number in range(2_000)),
        b"*[a]" * 12_000,
        b"a\n" * 49_000,
        b"*" * 99_999,
    )
    while True:
        yield bytes(chance.choices(b"aab**?[]!/\\\n-^:{}", k=chance.randint(10, 3_000)))


def ignoring(folder: Path, count: int) -> float:
    """Seconds of the processor that the slowest walk takes."""
    for number in range(40):
        (folder / ("a" * (1 + 6 * number))).touch()
    worst = 0.0
    for _, data in zip(range(count), patterns(random.Random(1)), strict=False):
        (folder / ".gitignore").write_bytes(data)
        begun = time.process_time()
        list(walk(folder, 1_000))
        worst = max(worst, time.process_time() - begun)
    print(
        f"\n{count:,} hostile and random .gitignore over 40 files: the slowest walk took {worst:.2f} s of the processor"
    )
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="files, or code, whose name contains this")
    parser.add_argument("--code", action="store_true", help="only code that is entangled")
    parser.add_argument("--mutations", type=int, default=5_000)
    parser.add_argument("--patterns", type=int, default=1_000)
    given = parser.parse_args()
    parts = ((hostile, (given.only,)), (mutations, (given.mutations,)), (ignoring, (given.patterns,)))
    for part, words in (*(() if given.code else parts), (entangled, (given.only,))):
        with tempfile.TemporaryDirectory() as folder:
            part(Path(os.path.realpath(folder)), *words)


if __name__ == "__main__":
    main()
