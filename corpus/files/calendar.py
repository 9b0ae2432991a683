"""Calendars (iCalendar): one heading for each event, task and note, its fields below in words.

Repeated events are not written out: the rule stands in words. Source: RFC 5545.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from .blocks import MarkdownBlocks
from .content import Content, clean, count_phrases
from .content_lines import ContentEntry, entries, parts_of, unescape
from .dates import day_of, duration, in_words
from .decode import decode
from .formats import Format
from .recurrence import in_words_of

_SHOWN = {"VEVENT": "Event", "VTODO": "Task", "VJOURNAL": "Note"}
_PLAIN = {
    "LOCATION": "Location", "RESOURCES": "Resources", "CATEGORIES": "Categories", "CLASS": "Class",
    "PRIORITY": "Priority",
    "PERCENT-COMPLETE": "Percent complete", "CONTACT": "Contact", "URL": "Link", "COMMENT": "Comment",
    "GEO": "Coordinates",
}  # fmt: skip
_DATES = {"DTSTART": "Start", "DUE": "Due", "COMPLETED": "Completed", "RECURRENCE-ID": "Instead of the one on"}
_STATES = {
    "CANCELLED": "cancelled", "TENTATIVE": "tentative", "CONFIRMED": "confirmed", "NEEDS-ACTION": "to be done",
    "IN-PROCESS": "in process", "COMPLETED": "completed", "DRAFT": "draft", "FINAL": "final",
}  # fmt: skip
_ANSWERS = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "NEEDS-ACTION": "has not answered",
    "DELEGATED": "delegated",
}
_ROLES = {"OPT-PARTICIPANT": "optional", "CHAIR": "chair", "NON-PARTICIPANT": "for information"}


@dataclass
class _Part:
    kind: str
    entries: list[ContentEntry] = field(default_factory=list)
    alarms: list[ContentEntry] = field(default_factory=list)

    def first(self, name: str) -> ContentEntry | None:
        return next((entry for entry in self.entries if entry.name == name), None)


def read(data: bytes, form: Format) -> Content:
    """Reads a calendar as Markdown. A file without events is what its lines say. Raises ``ReadError`` for what is not
    text."""
    decoded = decode(data)
    source = clean(decoded.text)
    blocks = MarkdownBlocks()
    lost: Counter[str] = Counter()
    calendar, parts = _parts(list(entries(source)))
    name = next((entry.text for entry in calendar.entries if entry.name in ("X-WR-CALNAME", "NAME")), "")
    if not parts:
        return Content(source, "text/plain", name, decoded.metadata)
    if name:
        blocks.heading(1, name, calendar.entries[0].line)
    for entry in calendar.entries:
        if entry.name in ("X-WR-CALDESC", "DESCRIPTION"):
            blocks.paragraph(" ".join(entry.text.split()), entry.line)
        elif entry.name == "X-WR-TIMEZONE":
            blocks.field("Time zone", entry.text, entry.line)
        elif entry.name == "METHOD" and entry.value.strip().upper() == "CANCEL":
            blocks.paragraph("The events of this file are cancelled.", entry.line)
    for part in parts:
        _write(part, blocks, lost)
    told = decoded.metadata | {"events": str(len(parts))}
    return Content(
        blocks.pages.text,
        form.media_type,
        name or blocks.first_heading,
        metadata=told,
        marks=blocks.pages.marks,
        omitted=count_phrases(+lost),
    )


def _parts(lines: Sequence[ContentEntry]) -> tuple[_Part, list[_Part]]:
    """What is said of the whole calendar, and its events in the order of the file."""
    calendar, parts = _Part("VCALENDAR"), list[_Part]()
    open_: list[str] = []
    for entry in lines:
        value = entry.value.strip().upper()
        if entry.name == "BEGIN":
            open_.append(value)
            if value in _SHOWN:
                parts.append(_Part(value, [entry]))
        elif entry.name == "END":
            del open_[-1:]
        elif not open_ or open_[-1] == "VCALENDAR":
            calendar.entries.append(entry)
        elif open_[-1] in _SHOWN:
            parts[-1].entries.append(entry)
        elif open_[-1] == "VALARM" and parts and entry.name == "TRIGGER":
            parts[-1].alarms.append(entry)
    return calendar, parts


def _write(part: _Part, blocks: MarkdownBlocks, lost: Counter[str]) -> None:
    begin = part.entries[0]
    summary = part.first("SUMMARY")
    named = " ".join(summary.text.split()) if summary else ""
    state = part.first("STATUS")
    cancelled = state is not None and state.value.strip().upper() == "CANCELLED"
    heading = named or f"{_SHOWN[part.kind]} without a name"
    blocks.heading(2, f"{heading} (cancelled)" if cancelled else heading, (summary or begin).line)
    if cancelled and state is not None:
        blocks.paragraph(f"{heading} is cancelled.", state.line)
    for entry in sorted(part.entries[1:], key=_order):
        _entry(entry, part, blocks, lost)
    for alarm in part.alarms:
        blocks.field("Reminder", _reminder(alarm), alarm.line)


_ORDER = ("DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "LOCATION", "ORGANIZER", "ATTENDEE")


def _order(entry: ContentEntry) -> int:
    return _ORDER.index(entry.name) if entry.name in _ORDER else len(_ORDER) + (entry.name == "DESCRIPTION")


def _entry(entry: ContentEntry, part: _Part, blocks: MarkdownBlocks, lost: Counter[str]) -> None:
    name, line = entry.name, entry.line
    zone = entry.parameters.get("TZID", "")
    if name in _DATES:
        blocks.field(_DATES[name], _when(entry.value, zone), line)
    elif name == "DTEND":
        blocks.field("End", _end(entry), line)
    elif name == "DURATION":
        blocks.field("Duration", duration(entry.value), line)
    elif name == "RRULE":
        blocks.field("Repeated", in_words_of(entry.value), line)
    elif name in ("RDATE", "EXDATE"):
        days = ", ".join(_when(value.partition("/")[0], zone) for value in entry.value.split(","))
        blocks.field("Also on" if name == "RDATE" else "Not on", days, line)
    elif name in ("ORGANIZER", "ATTENDEE"):
        blocks.field(name.capitalize(), _person(entry), line)
    elif name == "STATUS":
        blocks.field("Status", _STATES.get(entry.value.strip().upper(), entry.text), line)
    elif name == "DESCRIPTION":
        _description(entry, blocks)
    elif name == "ATTACH":
        address = entry.value if "://" in entry.value else ""
        blocks.field("Attachment", address, line)
        lost["attachment| not read"] += not address
    elif name in ("CATEGORIES", "RESOURCES"):
        blocks.field(_PLAIN[name], ", ".join(parts_of(entry.value, ",")), line)
    elif name in _PLAIN:
        blocks.field(_PLAIN[name], "; ".join(text for text in entry.text.split("\n") if text.strip()), line)


def _when(value: str, zone: str) -> str:
    return in_words(value, zone, weekday=True)


def _end(entry: ContentEntry) -> str:
    """The end of an event of whole days is the day behind it: people see the last day."""
    day = day_of(entry.value)
    if day and len(entry.value.strip()) == 8 and day.toordinal() > 1:
        return in_words((day - timedelta(days=1)).strftime("%Y%m%d"), weekday=True)
    return _when(entry.value, entry.parameters.get("TZID", ""))


def _person(entry: ContentEntry) -> str:
    address = unescape(entry.value).strip()
    address = address[7:] if address.lower().startswith("mailto:") else address
    name = entry.parameters.get("CN", "")
    told = [
        _ROLES.get(entry.parameters.get("ROLE", "").upper(), ""),
        _ANSWERS.get(entry.parameters.get("PARTSTAT", "").upper(), ""),
    ]
    shown = f"{name} <{address}>" if name and name != address else address
    said = ", ".join(part for part in told if part)
    return f"{shown} ({said})" if said else shown


def _description(entry: ContentEntry, blocks: MarkdownBlocks) -> None:
    for number, text in enumerate(entry.text.split("\n")):
        shown = " ".join(text.split())
        if number == 0:
            blocks.field("Description", shown, entry.line)
        elif shown:
            blocks.paragraph(shown, entry.line, 1)


def _reminder(alarm: ContentEntry) -> str:
    value = alarm.value.strip()
    if not value.lstrip("+-").startswith("P"):
        return in_words(value)
    shown = duration(value)
    edge = "the end" if alarm.parameters.get("RELATED", "").upper() == "END" else "the start"
    return f"{shown} {'before' if value.startswith('-') else 'after'} {edge}" if shown else f"at {edge}"
