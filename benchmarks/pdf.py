"""Reading PDF as people see it beside PDFium's plain text of the same pages: pages and megabytes of text per second.

    python benchmarks/pdf.py FILE.pdf … [--json]

Both run in one process; the better of three runs counts, in CPU seconds. The rival's text has no columns, tables,
headings or paragraphs, and holds what people do not see.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

from evidentia.corpus.files.formats import Format
from evidentia.corpus.files.pdf import read
from evidentia.evaluation.report import arguments, report


def plain(data: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def seconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        begun = process_time()
        work()
        best = min(best, process_time() - begun)
    return best


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    rows: list[list[object]] = []
    metrics: dict[str, object] = {}
    for file in given.files:
        data = file.read_bytes()
        content = read(data, Format("application/pdf"))
        pages, size = int(content.metadata["pages"]), len(content.text) / 1e6
        ours, theirs = seconds(partial(read, data, Format("application/pdf"))), seconds(partial(plain, data))
        rows.append([file.name, pages, f"{pages / ours:.0f}", f"{size / ours:.2f}", f"{pages / theirs:.0f}"])
        metrics |= {
            f"{file.name}_pages_per_s": round(pages / ours),
            f"{file.name}_plain_pages_per_s": round(pages / theirs),
        }
    columns = ["file", "pages", "read: pages/s", "MB of text/s", "PDFium's plain text: pages/s"]
    report(given.json, "Reading PDF", columns, rows, metrics)


if __name__ == "__main__":
    main()
