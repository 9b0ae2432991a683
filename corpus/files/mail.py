"""Mails as a mail program shows them: the subject, who wrote to whom and when, the text, then what is attached.

Of a mail that says the same twice, the plain text is read, unless it only points to the page (HTML) or that has tables.
Quoted replies keep their ``> ``. Attachments are read by the readers of their own formats, forwarded mails within
bounds; what is not read is counted with its reason. Nothing is loaded, no signature is verified.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator

from ...errors import ReadError
from . import html
from .content import Content, count_phrases, sum_phrases
from .formats import Format
from .layout import Layout
from .mail_page import read_page
from .mail_text import paragraphs
from .mime import MailPart, content_of, part_of, parts_of, text_of
from .nested import NestingBudget, read_inner, write_inner

_DEEPEST = 5
"""Mails inside one another."""
_NESTED = 30
"""Multiparts inside one another."""
_ATTACHMENTS = 100
"""That are read, of one mail with all that are forwarded in it."""
_MESSAGES = 50_000
"""Of one mailbox."""
_NAMED = 5
"""Attachments that a reason names; the others are counted."""
_FROM = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{0,300}\d:\d\d[^\n]*\n(?=[!-9;-~]+:)")
"""The line above each mail of a mailbox: it has a time, and a header below."""
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_KNOWN = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type", "received")
"""Headers of which every mail has some."""
_SHOWN = ("From", "To", "Cc", "Date")
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_POINTS = 4
"""A plain text that is so many times shorter than the page only points to it."""
_TABLE = "\n| ---"
_UNNAMED = "(no subject)"


def read(data: bytes, form: Format) -> Content:
    """Reads one mail. Raises ``ReadError`` for what has no headers."""
    data = data.removeprefix(BOM_UTF8)
    if found := _FROM.match(data):
        data = data[found.end() :]
    part = part_of(data)
    if not any(name in part.headers for name in _KNOWN):
        raise ReadError("the file is no mail: it does not begin with headers", fix="save the mail anew as EML")
    writer = _Writer(Layout())
    writer.message(part, 1, "")
    told = {name.lower(): value for name in _SHOWN if (value := part.header(name.lower()))}
    return writer.content(form, part.header("subject"), told)


def read_box(data: bytes, form: Format) -> Content:
    """Reads a mailbox; each mail is marked ``message 1: its subject`` and so on. Raises ``ReadError`` for what is
    none."""
    places = [found.span() for found in _FROM.finditer(data)]
    if not places:
        raise ReadError("the file is no mailbox: no mail begins in it", fix="export the folder anew as MBOX")
    ends = [*(start for start, _ in places[1:]), len(data)]
    writer = _Writer(Layout())
    for number, ((_, start), end) in enumerate(zip(places, ends, strict=True), start=1):
        if number > _MESSAGES:
            writer.lost[f"message| beyond the first {_MESSAGES:,}"] = len(places) - _MESSAGES
            break
        part = part_of(_ESCAPED.sub(rb"\1", data[start:end]))
        writer.attached = 0
        writer.message(part, 1, f"message {number}: {part.header('subject') or _UNNAMED}")
    return writer.content(form, "", {"messages": str(len(places))})


class _Writer:
    def __init__(self, layout: Layout) -> None:
        self.lost: Counter[str] = Counter()
        self.attached = 0
        """Attachments read so far, of the outermost mail that is read."""
        self._layout, self._budget = layout, NestingBudget()
        self._unread: dict[str, list[str]] = {}
        """Names of attachments that are not read, by reason."""
        self._inner: list[str] = []
        """What pages and attachments hold and their text does not."""

    def content(self, form: Format, title: str, metadata: dict[str, str]) -> Content:
        pages = self._layout.pages
        return Content(
            pages.text, form.media_type, title, metadata=metadata, marks=pages.marks, omitted=self._omissions()
        )

    def _omissions(self) -> tuple[str, ...]:
        unread = []
        for reason, names in self._unread.items():
            shown = ", ".join(names[:_NAMED]) + ", …" * (len(names) > _NAMED)
            unread.append(f"{len(names):,} attachment{'s' * (len(names) > 1)} not read, {reason}: {shown}")
        return sum_phrases([*count_phrases(self.lost), *self._inner, *unread], [*self.lost, *html.NAMES])

    def message(self, part: MailPart, depth: int, label: str) -> None:
        """``depth`` is 1 for a mail that is in no other. An empty ``label`` leaves its marks without one."""
        layout = self._layout
        layout.heading(depth, part.header("subject") or _UNNAMED, label=label)
        for name in _SHOWN:
            if value := part.header(name.lower()):
                layout.add(f"{name}: {value}", label=label)
        attachments: list[tuple[MailPart, str]] = []
        for one in self._bodies(part, 0, attachments):
            self._body(one, depth, label)
        for one, name in attachments:
            self._attachment(one, name, depth, label)

    def _bodies(self, part: MailPart, nested: int, attachments: list[tuple[MailPart, str]]) -> Iterator[MailPart]:
        """The parts that are shown as the mail's own text, in order; all others go to ``attachments``."""
        kind = part.kind
        if kind in _SIGNATURES:
            return
        if (kind in _SEALED and "signed-data" not in part.parameter("smime-type")) or kind == "multipart/encrypted":
            self.lost["encrypted part|"] += 1
        elif kind.startswith("multipart/"):
            if nested >= _NESTED:
                self.lost["part| nested too deeply"] += 1
                return
            inner, more = parts_of(part)
            if more:
                self.lost["part| beyond measure"] += more
            if kind == "multipart/alternative":
                inner = self._choose(inner, nested)
            elif kind == "multipart/digest":
                for one in inner:
                    one.headers.set_default_type("message/rfc822")
            for one in inner:
                yield from self._bodies(one, nested + 1, attachments)
        elif part.disposition == "attachment" or kind not in _TEXTS or (part.name and kind != "text/html"):
            attachments.append((part, part.name))
        else:
            yield part

    def _choose(self, parts: list[MailPart], nested: int) -> list[MailPart]:
        """The one to read of alternatives, and what is no text, such as an invitation, only where nothing else is."""
        plain = next((one for one in parts if one.kind == "text/plain"), None)
        rich = next((one for one in parts if one.kind == "text/html" or one.kind.startswith("multipart/")), None)
        if plain is None or rich is None:
            only = plain or rich
            return [only] if only is not None else parts[-1:]
        page = self._page(rich, nested)
        if page is None:
            return [plain]
        said = len(_text(plain).split())
        return [rich] if _TABLE in page.text or _POINTS * said < len(page.text.split()) else [plain]

    def _page(self, part: MailPart, nested: int) -> Content | None:
        """The page of an alternative, which may be packed together with its pictures."""
        while part.kind.startswith("multipart/") and nested < _NESTED:
            inner, _ = parts_of(part)
            nested += 1
            if not inner:
                return None
            part = inner[0]
        return read_page(_text(part)) if part.kind == "text/html" else None

    def _body(self, part: MailPart, depth: int, label: str) -> None:
        text = _text(part)
        if part.kind == "text/html":
            page = read_page(text)
            self._inner += page.omitted
            write_inner(self._layout, page, depth, label)
            return
        flowed = part.parameter("format").lower() == "flowed"
        text = paragraphs(text, flowed=flowed, joined=flowed and part.parameter("delsp").lower() == "yes")
        write_inner(self._layout, Content(text, "text/plain"), depth, label)

    def _attachment(self, part: MailPart, name: str, depth: int, label: str) -> None:
        kind = part.kind
        shown = name or kind
        if kind.startswith("image/") and part.disposition != "attachment":
            self.lost["picture| without text"] += 1
            return
        self.attached += 1
        if self.attached > _ATTACHMENTS:
            self.lost[f"attachment| beyond the first {_ATTACHMENTS}"] += 1
            return
        try:
            if kind in ("message/rfc822", "message/global") or name.lower().endswith(".eml"):
                forwarded = part_of(content_of(part))
                if depth >= _DEEPEST:
                    raise ReadError(f"more than {_DEEPEST} mails inside one another")
                self.message(forwarded, depth + 1, label)
                return
            if kind.partition("/")[0] in ("image", "audio", "video") and not name:
                raise ReadError(f"not text ({kind})")
            if name.lower().endswith(".mbox"):
                raise ReadError("a mailbox inside a mail")
            content = read_inner(name, kind, content_of(part), self._budget)
        except ReadError as error:
            self._unread.setdefault(error.what, []).append(shown)
            return
        self._inner += (f"{shown}: {phrase}" for phrase in content.omitted)
        if content.text.strip():
            place = ", ".join(filter(None, (label.partition(": ")[0], shown)))
            self._layout.heading(depth + 1, shown, label=place)
            write_inner(self._layout, content, depth + 1, place)


_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "message/delivery-status", "text/rfc822-headers"})


def _text(part: MailPart) -> str:
    """A part that is no text after all is shown as none."""
    try:
        return text_of(part)
    except ReadError:
        return ""
