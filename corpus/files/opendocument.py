"""OpenDocument files (LibreOffice and others): texts, spreadsheets and slides, read from the XML itself.

Deleted text of tracked changes is not the text; hidden sheets, slides and sections are left out and counted. A text has
no pages until it is printed, so it has no marks of them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...errors import ReadError
from .content import Content, Pages, clean, count_phrases
from .formats import Format
from .layout import Layout
from .odf_sheet import sheets
from .odf_slides import write_slides
from .odf_styles import MANIFEST, OFFICE, STYLE, TEXT, OdfStyles
from .odf_text import OdfStory, furniture
from .package import Package, open_package
from .workbook import write_sheet

_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_GROUPS = (OFFICE + "styles", OFFICE + "automatic-styles")


def read(data: bytes, form: Format) -> Content:
    """Reads a text, spreadsheet or presentation of OpenDocument as Markdown. Raises ``ReadError``."""
    with open_package(data, "OpenDocument") as package:
        _refuse_encrypted(package)
        if not package.has("content.xml"):
            raise KeyError("content.xml")
        common = package.xml_if_there("styles.xml")
        styles = [one for name in _GROUPS for one in (common.iterfind(name) if common is not None else ())]
        meta = package.xml_if_there("meta.xml")
        title = next((one.text or "" for one in meta.iter(_TITLE)), "") if meta is not None else ""
        if _kind(package, form) == "spreadsheet":
            return _spreadsheet(package, form, styles, clean(title))
        body = package.xml("content.xml").find(OFFICE + "body")
        if body is None:
            raise KeyError("body")
        root = body.getparent()
        named = OdfStyles([*styles, *root.iterfind(OFFICE + "automatic-styles")])
        layout, lost, told = Layout(), Counter[str](), dict[str, str]()
        for part in body:
            if part.tag == OFFICE + "text":
                _text(package, part, common, styles=named, layout=layout, lost=lost)
            elif part.tag in (OFFICE + "presentation", OFFICE + "drawing"):
                told = write_slides(package, part, named, layout, lost)
        pages = layout.pages
        marks = pages.marks if told else ()
        return Content(
            pages.text,
            form.media_type,
            layout.heading_1st or clean(title),
            metadata=told,
            marks=marks,
            omitted=count_phrases(lost),
        )


def _kind(package: Package, form: Format) -> str:
    """``text``, ``spreadsheet``, ``presentation`` … as the file says, or else its name."""
    said = package.read("mimetype").decode("ascii", "replace") if package.has("mimetype") else ""
    said = said if "opendocument" in said else form.media_type
    return said.strip().rpartition(".")[2].partition("-")[0]


def _refuse_encrypted(package: Package) -> None:
    manifest = package.xml_if_there("META-INF/manifest.xml")
    sealed = manifest is not None and next(manifest.iter(MANIFEST + "encryption-data"), None) is not None
    if sealed or package.has("encrypted-package"):
        raise ReadError("the file is protected with a password", fix="save a plain copy of it")


def _text(package: Package, body: Any, common: Any, styles: OdfStyles, layout: Layout, lost: Counter[str]) -> None:
    story = OdfStory(package, styles, layout, lost)
    story.blocks(body)
    story.settle()
    masters = common.find(OFFICE + "master-styles") if common is not None else None
    used = {"Standard"} | {styles.master(one.get(TEXT + "style-name", "")) for one in body.iter(TEXT + "p", TEXT + "h")}
    used |= {
        one.get(STYLE + "next-style-name", "")
        for one in (masters if masters is not None else ())
        if one.get(STYLE + "name") in used
    }
    if said := furniture(package, styles, masters, used, lost):
        layout.add("# Header and footer")
        for block in said:
            layout.add(block)


def _spreadsheet(package: Package, form: Format, styles: list[Any], title: str) -> Content:
    pages, lost = Pages(), Counter[str]()
    shown = 0
    for name, sheet in sheets(package, styles, lost):
        write_sheet(pages, name, sheet)
        lost += sheet.lost
        shown += 1
    return Content(
        pages.text,
        form.media_type,
        title,
        metadata={"sheets": str(shown)},
        marks=pages.marks,
        omitted=count_phrases(lost),
    )
