"""The same table as CSV, XLSX, Markdown and HTML."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from evidentia.benchmarks.lookups.shapes import Row


def write_csv(path: Path, title: str, header: Sequence[str], rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";" if len(header) % 2 else ",")
        writer.writerow(header)
        writer.writerows([value.shown for value in row] for row in rows)


def write_xlsx(path: Path, title: str, header: Sequence[str], rows: Sequence[Row]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:30])
    sheet.append(list(header))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value.native)
            cell.number_format = value.format
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def write_markdown(path: Path, title: str, header: Sequence[str], rows: Sequence[Row]) -> None:
    lines = [f"# {title}", "", f"| {' | '.join(header)} |", "|" + " --- |" * len(header)]
    lines += [f"| {' | '.join(value.shown for value in row)} |" for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_html(path: Path, title: str, header: Sequence[str], rows: Sequence[Row]) -> None:
    heads = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = ("".join(f"<td>{escape(value.shown)}</td>" for value in row) for row in rows)
    lines = [f"<html><head><title>{title}</title></head><body><h1>{title}</h1><table>", f"<tr>{heads}</tr>"]
    lines += [f"<tr>{cells}</tr>" for cells in body]
    path.write_text("\n".join([*lines, "</table></body></html>"]), encoding="utf-8")


WRITERS: dict[str, Callable[[Path, str, Sequence[str], Sequence[Row]], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "md": write_markdown,
    "html": write_html,
}
