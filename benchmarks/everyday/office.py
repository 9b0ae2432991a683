"""A folder as an office has it: workbooks, documents, slides and mails.

One workbook (``deaths.xlsx``) is taken as it is. Real office files that may be shared are scarce, so the others are
made here of real tables and texts: lists of airports, cities, countries, currencies and area codes become workbooks;
a constitution, a social contract and a guide become documents and slides; news of a press agency become mails. No
word and no number is invented; the mails' addresses are.
"""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree

MISC, DEBIAN = "miscfiles/usr/share/misc", "doc-debian/usr/share/doc/debian"
R = "usr/lib/R/site-library"


def make(raw: Path, made: Path) -> None:
    """``raw`` holds the unpacked packages, each in a folder of its name."""
    shutil.copyfile(raw / f"r-cran-readxl/{R}/readxl/extdata/deaths.xlsx", made / "deaths.xlsx")
    _workbooks(raw, made)
    for name, source in {
        "constitution": f"{DEBIAN}/constitution.txt.gz",
        "reporting-bugs": f"{DEBIAN}/bug-reporting.txt.gz",
        "mailing-lists": f"{DEBIAN}/mailing-lists.txt.gz",
        "us-constitution": "miscfiles/usr/share/state/us-constitution.gz",
    }.items():
        _document(name, _text(raw / source), made / f"{name}.docx")
    _slides(_text(raw / f"{DEBIAN}/social-contract.txt.gz"), made / "social-contract.pptx")
    for group in ("crude", "acq"):
        for path in sorted((raw / f"r-cran-tm/{R}/tm/texts/{group}").glob("*.xml")):
            _mail(path, made / "mails" / f"{group}-{path.stem[-5:]}.eml")


def _text(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode()


def _colons(path: Path, columns: int) -> list[list[str]]:
    lines = [line for line in _text(path).splitlines() if line and not line.startswith("#")]
    return [(line.split(":", columns - 1) + [""] * columns)[:columns] for line in lines]


def _cities(text: str) -> Iterator[list[str]]:
    for record in text.split("//\n"):
        values = dict(re.findall(r"^ ?(\w[\w-]*) *: *(.*?) *$", record, re.M))
        if values.get("Population") or values.get("Elevation"):
            names = ("Name", "Country", "Population", "Elevation", "Latitude", "Longitude")
            yield [values.get(name, "") for name in names]


def _workbooks(raw: Path, made: Path) -> None:
    airports = [[*row[:4], row[4].replace("|", "; ")] for row in _colons(raw / MISC / "airport.gz", 5)]
    head = ["Code", "Airport", "Country code", "Subdivision", "City or cities served"]
    _workbook(made / "airports.xlsx", {"Airports": [head, *airports]})
    countries = _colons(raw / MISC / "countries.gz", 5)
    currencies = _colons(raw / MISC / "currency.gz", 3)
    sheets = {
        "Countries": [["UN number", "Two letters", "Three letters", "Country", "Capital"], *countries],
        "Currencies": [["Abbreviation", "Number", "Currency"], *currencies],
    }
    _workbook(made / "countries-and-currencies.xlsx", sheets)
    cities = [[_number(cell) for cell in row] for row in _cities(_text(raw / MISC / "cities.dat.gz"))]
    head = ["City", "Country", "Population", "Elevation (m)", "Latitude", "Longitude"]
    _workbook(made / "cities.xlsx", {"Cities": [head, *cities]})
    codes: dict[tuple[str, str], list[str]] = {}
    for code, city, state, short in _colons(raw / MISC / "na.phone.gz", 4):
        codes.setdefault((code, f"{state} ({short})"), []).append(city)
    rows = [[code, state, ", ".join(towns)] for (code, state), towns in codes.items()]
    _workbook(made / "area-codes.xlsx", {"Area codes": [["Area code", "State or province", "Places"], *rows]})


def _number(cell: str) -> str | int | float:
    try:
        value = float(cell)
    except ValueError:
        return cell
    return int(value) if value.is_integer() else value


def _workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs without the line breaks of a text file; a numbered entry begins one of its own."""
    for block in re.split(r"\n\s*\n|\n(?=\s+\d+\. )|\n(?=\s+\* )", text):
        line = " ".join(block.split())
        if line and not set(line) <= set("_=- "):
            yield line


HEADING = re.compile(
    r"^(\d+\.( [A-Z].{0,70}[^.:]|\d+\. .{1,70})|Article [IVX]+|Amendment [IVX]+|Section \d+|[A-Z].{3,60}[^.,:;])$"
)


def _document(title: str, text: str, path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_heading(title.replace("-", " ").capitalize(), 0)
    for block in _blocks(text):
        if HEADING.match(block):
            document.add_heading(block, 1)
        elif re.match(r"\d+\. |\* ", block):
            document.add_paragraph(re.sub(r"^\* ", "", block), style="List Paragraph")
        else:
            document.add_paragraph(block)
    document.save(str(path))


def _slides(text: str, path: Path) -> None:
    """One slide for each numbered point of the contract, the rest on slides of their own."""
    from pptx import Presentation

    show = Presentation()
    for block in re.split(r"\n(?= {3,4}\d+\. )|\n\s*_{5,}\s*\n|\n(?= {3}The concept)", text):
        head, _, body = block.strip().partition("\n")
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = head.strip()
        slide.placeholders[1].text = "\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", body)).strip()
    show.save(str(path))


def _mail(source: Path, path: Path) -> None:
    root = ElementTree.parse(source).getroot()
    said = {
        name: (root.findtext(f".//{name}") or "").strip() for name in ("TITLE", "BODY", "DATELINE", "AUTHOR", "DATE")
    }
    mail = EmailMessage()
    mail["From"] = "News desk <desk@agency.example>"
    mail["To"] = "Subscribers <markets@office.example>"
    mail["Subject"] = said["TITLE"]
    when = datetime.strptime(said["DATE"].split(".")[0].title(), "%d-%b-%Y %H:%M:%S").replace(tzinfo=UTC)
    mail["Date"] = format_datetime(when)
    mail["Message-ID"] = f"<{path.stem}@agency.example>"
    mail.set_content("\n\n".join(part for part in (said["AUTHOR"], said["DATELINE"], said["BODY"]) if part) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mail.as_bytes())
