"""What a PDF shows besides its drawn text: filled form fields, notes, link targets, bookmarks."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .pdf_drawing import Box, Turn
from .pdf_page import Page, PdfStyle, Run

_ANNOTATIONS = 5_000
"""Annotations of one page that are looked at."""
_BOOKMARKS = 20_000
HIDDEN = "hidden annotation"
_HIDDEN = 2 | 32
"""Flags of an annotation that is not shown."""
_PASSWORD = 1 << 13
_LABEL = 260.0
"""Points between a field and its printed label, at most."""
_BOX_LABEL = 40.0
"""Points between a check box and what it says."""


@dataclass(frozen=True, slots=True)
class Field:
    box: Box
    """Left, top, right, bottom as shown."""
    name: str
    value: str
    ticked: bool | None = None
    """For a check box or a radio button: whether it is chosen."""


def bookmarks(document: Any) -> dict[int, dict[str, int]]:
    """The titles of each page (counted from 1), with their levels, which begin at 1."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for mark in islice(document.get_toc(max_depth=6), _BOOKMARKS):
        target = mark.get_dest()
        index = target.get_index() if target is not None else None
        title = mark.get_title().strip()
        if index is not None and title:
            found[index + 1][title] = mark.level + 1
    return dict(found)


def links(page: Any, turn: Turn) -> list[tuple[Box, str]]:
    """Where links to addresses stand, as shown, and their targets."""
    from pypdfium2 import raw

    found: list[tuple[Box, str]] = []
    place, link, rect = ctypes.c_int(0), raw.FPDF_LINK(), raw.FS_RECTF()
    for _ in range(_ANNOTATIONS):
        if not raw.FPDFLink_Enumerate(page.raw, place, link):
            break
        action = raw.FPDFLink_GetAction(link)
        if (
            not action
            or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI
            or not raw.FPDFLink_GetAnnotRect(link, rect)
        ):
            continue
        size = raw.FPDFAction_GetURIPath(page.pdf.raw, action, None, 0)
        buffer = ctypes.create_string_buffer(min(size, 4_000))
        raw.FPDFAction_GetURIPath(page.pdf.raw, action, buffer, len(buffer))
        target = "".join(buffer.value.decode("utf-8", "replace").split())
        if "://" in target or target.startswith("mailto:"):
            found.append((turn.rect((rect.left, rect.bottom, rect.right, rect.top)), target))
    return found


def read(page: Any, turn: Turn, shown: Page) -> list[str]:
    """The page's notes. Values of form fields are put behind their printed labels."""
    from pypdfium2 import raw

    fields: list[Field] = []
    notes: list[str] = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
                continue
            if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                shown.hidden[HIDDEN] += 1
            elif kind == raw.FPDF_ANNOT_WIDGET:
                fields.extend(_field(raw, page, turn, annotation))
            else:
                said = " ".join(_text(raw.FPDFAnnot_GetStringValue, annotation, b"Contents").split())
                if said:
                    notes.append(f"Note: {said}")
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    _fill_in(shown, fields)
    return notes


def _field(raw: Any, page: Any, turn: Turn, annotation: Any) -> Iterator[Field]:
    form = page.pdf.formenv
    if form is None or raw.FPDFAnnot_GetFormFieldFlags(form.raw, annotation) & _PASSWORD:
        return
    rect = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rect)
    box = turn.rect((rect.left, rect.bottom, rect.right, rect.top))
    kind = raw.FPDFAnnot_GetFormFieldType(form.raw, annotation)
    name = _text(raw.FPDFAnnot_GetFormFieldAlternateName, form.raw, annotation) or _text(
        raw.FPDFAnnot_GetFormFieldName, form.raw, annotation
    )
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        yield Field(box, name, "", bool(raw.FPDFAnnot_IsChecked(form.raw, annotation)))
    elif kind in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        value = " ".join(_text(raw.FPDFAnnot_GetFormFieldValue, form.raw, annotation).split())
        if value:
            yield Field(box, name, value)


def _text(function: Any, *arguments: Any) -> str:
    """UTF-16 that PDFium writes into a buffer of the size that it asks for."""
    size = min(function(*arguments, None, 0), 1_000_000)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    function(*arguments, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace").strip("\x00 ")


def _fill_in(shown: Page, fields: list[Field]) -> None:
    labels = [run for run in shown.runs if run.turn == shown.turn]
    used: set[int] = set()
    for field in fields:
        label = _label(field, [run for run in labels if id(run) not in used])
        if label is not None:
            used.add(id(label))
            label.alone = True
        if field.ticked is not None:
            mark = "[x]" if field.ticked else "[ ]"
            if label is None:
                _add(shown, field, f"{mark} {field.name}")
            else:
                label.text, label.x0 = f"{mark} {label.text.strip()}", min(label.x0, field.box[0])
        elif label is None:
            _add(shown, field, f"{field.name}: {field.value}" if field.name else field.value)
        else:
            label.text = f"{label.text.strip().rstrip(':_. ')}: {field.value}"
            label.x1 = max(label.x1, field.box[2])


def _label(field: Field, runs: list[Run]) -> Run | None:
    """What is printed left of the field, or just above it; for a box what stands right of it."""
    left, top, right, bottom = field.box
    beside = [run for run in runs if top - 3 < run.y - 0.3 * run.style.size < bottom + 3]
    if field.ticked is not None:
        after = [run for run in beside if -4 < run.x0 - right < _BOX_LABEL]
        return min(after, key=lambda run: run.x0, default=None)
    before = [run for run in beside if -6 < left - run.x1 < _LABEL]
    if before:
        return max(before, key=lambda run: run.x1)
    above = [run for run in runs if 0 <= top - run.y < 1.2 * run.style.size and run.x0 < right and run.x1 > left]
    return max(above, key=lambda run: run.y, default=None)


def _add(shown: Page, field: Field, text: str) -> None:
    left, top, right, bottom = field.box
    size = max(6.0, min(12.0, 0.7 * (bottom - top)))
    shown.runs.append(
        Run(
            text,
            left,
            right,
            y=(top + bottom) / 2 + 0.3 * size,
            style=PdfStyle(size),
            turn=shown.turn,
            spaced=True,
            alone=True,
        )
    )
