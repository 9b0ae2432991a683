"""Files that are made to hurt whoever reads them: how long each takes, how much memory, and what is said about it.

    python benchmarks/hostile.py            # every file, then the mutations
    python benchmarks/hostile.py --mutations 5000

Nothing is kept: the files are made in a temporary folder. A file passes when it is read, or named with its reason,
within the limits of ``corpus/reading/``; a run passes when no file ended it.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sqlite3
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from evidentia.benchmarks.hostile_files import (
    MADE,
    OPEN_ROW,
    docx,
    epub,
    mail,
    open_table,
    opendocument,
    pdf,
    workbook,
)
from evidentia.corpus.files import Skipped, walk
from evidentia.corpus.reading import Extract, Limits, Reader, Request
from evidentia.corpus.reading.process import Process, ReadingFailure
from evidentia.corpus.schema import open_catalog
from evidentia.corpus.store import Store
from evidentia.graphs.code import CodeFile, CodeGraph

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
        open_catalog(store)
        store.connection.execute("PRAGMA foreign_keys = OFF")
        graph = CodeGraph(store)
        begun = time.process_time()
        found = graph.update([CodeFile(1, "a.py", "a", text)])
        seconds = time.process_time() - begun
        limited = [reason for _, reason in graph.read_in_part({1})]
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


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT, twice AS (2 * id), photo BLOB);"
        "CREATE TABLE b (a INT REFERENCES a, n REAL, PRIMARY KEY (a, n)) WITHOUT ROWID;"
        "CREATE VIEW v AS SELECT * FROM v; INSERT INTO b VALUES (1, 2.5);"
        "INSERT INTO a (id, name, photo) VALUES (1, 'Some words', x'00'), (2, 'More', NULL)"
    )
    return connection.serialize()


def parquet() -> bytes:
    import pyarrow
    from pyarrow.parquet import write_table

    held = io.BytesIO()
    write_table(pyarrow.table({"name": ["Some words", "More"], "n": [1, 2], "tags": [["a"], None]}), held)
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
        "a.db": database(),
        "a.parquet": parquet(),
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
