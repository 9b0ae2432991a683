"""Address cards (vCard): one heading for each person, fields by their kind. Source: RFC 2426, RFC 6350."""

from __future__ import annotations

from collections import Counter

from .blocks import MarkdownBlocks
from .content import Content, clean, count_phrases
from .content_lines import ContentEntry, entries, parts_of
from .dates import in_words
from .decode import decode
from .formats import Format

_NAMES = {
    "TEL": "phone number", "EMAIL": "e-mail address", "ADR": "address", "URL": "website", "IMPP": "chat",
    "LANG": "language", "TZ": "time zone",
}  # fmt: skip
_PLAIN = {
    "TITLE": "Title", "ROLE": "Role", "NICKNAME": "Nickname", "NOTE": "Note", "GENDER": "Gender",
    "CATEGORIES": "Categories",
    "KIND": "Kind", "MEMBER": "Member", "X-SPOUSE": "Spouse", "X-ASSISTANT": "Assistant", "X-MANAGER": "Manager",
    "X-SKYPE": "Skype", "X-TWITTER": "Twitter", "EXPERTISE": "Expertise", "HOBBY": "Hobby", "INTEREST": "Interest",
    "X-PHONETIC-LAST-NAME": "Pronounced", "CALURI": "Calendar", "ORG-DIRECTORY": "Directory",
}  # fmt: skip
_DATES = {"BDAY": "Birthday", "ANNIVERSARY": "Anniversary", "X-ANNIVERSARY": "Anniversary", "DEATHDATE": "Died"}
_UNSHOWN_TYPES = frozenset(
    {"voice", "internet", "pref", "x400", "text", "postal", "parcel", "dom", "intl", "quoted-printable", "uri"}
)
_TYPES = {"cell": "mobile", "msg": "message", "iphone": "mobile"}
_LOST = {"PHOTO": "picture| without text", "LOGO": "picture| without text", "SOUND": "sound|", "KEY": "key|"}


def read(data: bytes, form: Format) -> Content:
    """Reads cards of addresses as Markdown. A file without cards is plain text. Raises ``ReadError`` for what is not
    text."""
    decoded = decode(data)
    source = clean(decoded.text)
    blocks = MarkdownBlocks()
    lost: Counter[str] = Counter()
    cards: list[list[ContentEntry]] = []
    is_open = False
    for entry in entries(source):
        if entry.name in ("BEGIN", "END") and entry.value.strip().upper() == "VCARD":
            is_open = entry.name == "BEGIN"
            cards += [[]] if is_open else []
        elif is_open:
            cards[-1].append(entry)
    filled = [card for card in cards if card]
    if not filled:
        return Content(source, "text/plain", "", decoded.metadata)
    for card in filled:
        _write(card, blocks, lost)
    told = decoded.metadata | {"cards": str(len(filled))}
    title = blocks.first_heading if len(filled) == 1 else ""
    return Content(
        blocks.pages.text, form.media_type, title, metadata=told, marks=blocks.pages.marks, omitted=count_phrases(+lost)
    )


def _write(card: list[ContentEntry], blocks: MarkdownBlocks, lost: Counter[str]) -> None:
    heading, line = _name_of(card)
    blocks.heading(1, heading, line)
    labels = {entry.line: entry.text for entry in card if entry.name == "X-ABLABEL"}
    for entry in card:
        name = entry.name
        if name in _LOST:
            lost[_LOST[name]] += 1
        elif name == "ORG":
            blocks.field("Organisation", ", ".join(part for part in parts_of(entry.value) if part), entry.line)
        elif name in _DATES:
            blocks.field(_DATES[name], in_words(entry.value), entry.line)
        elif name in _NAMES:
            types = [part.strip().lower() for part in entry.parameters.get("TYPE", "").split(",")]
            kind = (
                " ".join(dict.fromkeys(_TYPES.get(part, part) for part in types if part and part not in _UNSHOWN_TYPES))
                or labels.get(entry.line + 1, "").strip("_$!<>").lower()
            )
            shown = f"{kind} {_NAMES[name]}".strip()
            blocks.field(shown[0].upper() + shown[1:], _value(entry), entry.line)
        elif name == "RELATED":
            kind = entry.parameters.get("TYPE", "related").partition(",")[0]
            blocks.field(kind.capitalize(), _value(entry), entry.line)
        elif name in _PLAIN:
            text = "; ".join(part.strip() for part in entry.text.split("\n") if part.strip())
            blocks.field(_PLAIN[name], text if name != "GENDER" else _gender(text), entry.line)


def _name_of(card: list[ContentEntry]) -> tuple[str, int]:
    """The name that is shown, else that of the parts, the organisation or an address."""
    for name in ("FN", "N", "ORG", "EMAIL", "TEL"):
        entry = next((entry for entry in card if entry.name == name and entry.text.strip(" ;")), None)
        if entry and name == "N":
            family, given, *rest = [*parts_of(entry.value), "", ""]
            middle, before = rest[0], rest[1] if len(rest) > 1 else ""
            return " ".join(part for part in (before, given, middle, family) if part), entry.line
        if entry:
            return " ".join(entry.text.replace(";", " ").split()), entry.line
    return "Card without a name", card[0].line


def _value(entry: ContentEntry) -> str:
    if entry.name == "ADR":
        box, more, street, place, region, code, country, *_ = [*parts_of(entry.value), *[""] * 7]
        town = " ".join(part for part in (code, place) if part)
        parts = (box, more, street, town, region, country)
        return ", ".join(" ".join(part.split()) for part in parts if part)
    text = " ".join(entry.text.split())
    for scheme in ("tel:", "mailto:", "xmpp:", "skype:"):
        text = text.removeprefix(scheme)
    return text


def _gender(text: str) -> str:
    code, _, said = text.partition(";")
    return said or {"M": "male", "F": "female", "O": "other", "N": "none"}.get(
        code.upper(), "" if code.upper() == "U" else code
    )
