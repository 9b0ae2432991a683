"""A mail's bytes as parts: headers decoded, bodies decoded, multiparts cut at their boundaries, all in linear time.

The standard library's parser is used for the headers alone: its bodies take a stack frame for each level of nesting,
and compare each line with the boundaries of all levels.

Sources: RFC 5322, 2045, 2046, 2047, 2231.
"""

from __future__ import annotations

import binascii
import email
import re
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from itertools import pairwise

from ...errors import ReadError
from .decode import decode

_HEADERS, _VALUE = 200_000, 4_000
"""Bytes of a part's headers that are read, and characters of one of them."""
_MOST_PARTS = 2_000
"""Of one multipart."""
_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_ATOM = re.compile(r"=\?[^?\s]{1,60}\?[bq]\?[^?\s]*\?=", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class MailPart:
    """One part of a mail, not looked into yet."""

    headers: Message
    body: bytes
    """As it is sent, encoded for the way."""

    @property
    def kind(self) -> str:
        return self.headers.get_content_type()

    @property
    def disposition(self) -> str:
        return (self.headers.get_content_disposition() or "").lower()

    @property
    def name(self) -> str:
        """The name of the file that it is; empty where it has none."""
        try:
            found = self.headers.get_param("filename", None, "content-disposition") or self.headers.get_param("name")
        except (MessageError, ValueError, UnicodeError, LookupError):
            return ""
        plain = collapse_rfc2231_value(found) if found else ""
        return _shorten(_words(plain)).replace("\\", "/").rpartition("/")[2]

    def parameter(self, name: str) -> str:
        try:
            found = self.headers.get_param(name)
        except (MessageError, ValueError, UnicodeError, LookupError):
            return ""
        return collapse_rfc2231_value(found) if found else ""

    def header(self, name: str) -> str:
        """The header as a mail program shows it; of several the first, empty for none."""
        for key, value in self.headers.raw_items():
            if key.lower() == name:
                text = _words(_unwrap_header(str(value)))
                return _shorten(text)
        return ""


def part_of(data: bytes) -> MailPart:
    found = _END.search(data, 0, _HEADERS)
    if data[:1] in (b"\n", b"\r"):
        head, body = b"", data.lstrip(b"\r\n")
    else:
        head, body = (data[: found.start()], data[found.end() :]) if found else (data[:_HEADERS], data[_HEADERS:])
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    return MailPart(email.message_from_bytes(b"\n".join(_short(lines))), body)


def _short(lines: list[bytes]) -> list[bytes]:
    """Headers that go on beyond ``_VALUE`` bytes end there: reading their parameters is slower than linear."""
    kept: list[bytes] = []
    length = 0
    for line in lines:
        length = length + len(line) if line[:1] in (b" ", b"\t") else len(line)
        if length <= _VALUE:
            kept.append(line)
        elif length - len(line) < _VALUE:
            kept.append(line[: _VALUE - (length - len(line))])
    return kept


def parts_of(part: MailPart) -> tuple[list[MailPart], int]:
    """The parts of a multipart, and how many more than ``_MOST_PARTS`` there are."""
    boundary = part.parameter("boundary").rstrip()
    if not boundary:
        return [], 0
    data, sign = part.body, b"--" + boundary.encode(errors="surrogateescape")
    line = re.compile(rb"^" + re.escape(sign) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
    places = []
    for found in line.finditer(data):
        places.append(found.span())
        if found[1]:
            break
    else:
        places.append((len(data), len(data)))
    pieces = [data[start : max(start, end)] for (_, start), (end, _) in pairwise(places)]
    kept = [part_of(_inside(piece)) for piece in pieces[:_MOST_PARTS]]
    return kept, max(0, len(pieces) - _MOST_PARTS)


def _inside(piece: bytes) -> bytes:
    """Without the line ends that belong to the boundaries."""
    start = 2 if piece.startswith(b"\r\n") else 1 if piece.startswith(b"\n") else 0
    end = len(piece) - (2 if piece.endswith(b"\r\n") else 1 if piece.endswith(b"\n") else 0)
    return piece[start : max(start, end)]


def content_of(part: MailPart) -> bytes:
    """The body as it was before it was sent. Raises ``ReadError`` for an encoding that is none."""
    encoding = str(part.headers.get("content-transfer-encoding") or "").strip().lower()
    try:
        if encoding == "base64":
            # Lenient, as mail programs are: a last group that is cut off is left out.
            bare = re.sub(rb"[^A-Za-z0-9+/]", b"", part.body)
            bare = bare[: len(bare) - (1 if len(bare) % 4 == 1 else 0)]
            return binascii.a2b_base64(bare + b"=" * (-len(bare) % 4))
        if encoding == "quoted-printable":
            return binascii.a2b_qp(part.body)
        if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            return _decode_uu(part.body)
    except (binascii.Error, ValueError) as error:
        raise ReadError(f"it is damaged ({encoding})") from error
    return part.body


def _decode_uu(data: bytes) -> bytes:
    lines = data.splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    found = []
    for line in lines[first + 1 :]:
        if line.strip() in (b"end", b"`"):
            break
        found.append(binascii.a2b_uu(line))
    return b"".join(found)


def text_of(part: MailPart) -> str:
    """The text of a part, by its charset or, where that is missing or wrong, by its bytes. Raises ``ReadError``."""
    data = content_of(part)
    charset = part.parameter("charset")
    if charset.lower() not in ("", "us-ascii", "ascii", "utf-8", "unknown-8bit"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data).text


def _unwrap_header(value: str) -> str:
    """A raw header on one line. Bytes beyond ASCII, which stand in it as surrogates, are decoded as a file's are."""
    value = _SPACE.sub(" ", value)
    if value.isascii():
        return value
    try:
        return decode(value.encode("utf-8", "surrogateescape")).text
    except (ReadError, UnicodeError):
        return value.encode("utf-8", "replace").decode()


def _words(value: str) -> str:
    """Encoded words (RFC 2047) decoded, also where they stand inside of quotes; one that cannot be stays as it is."""
    if "=?" not in value:
        return value
    joined = re.sub(r"(\?=)\s+(?==\?)", r"\1", value)
    pieces: list[str] = []
    done = 0
    before: tuple[str, bytes] | None = None
    for found in _ATOM.finditer(joined):
        between = joined[done : found.start()]
        word = _word(found[0])
        if between and before:
            pieces.append(_text(*before))
            before = None
        pieces.append(between)
        if word is None:
            pieces.append((_text(*before) if before else "") + found[0])
            before = None
        elif before and before[0] == word[0]:
            before = (before[0], before[1] + word[1])
        else:
            pieces.append(_text(*before) if before else "")
            before = word
        done = found.end()
    return "".join([*pieces, _text(*before) if before else "", joined[done:]])


def _word(word: str) -> tuple[str, bytes] | None:
    """Charset and bytes: a character may be cut between two words."""
    try:
        ((data, charset),) = decode_header(word)
    except (HeaderParseError, ValueError):
        return None
    return ((charset or "utf-8").partition("*")[0].lower(), data) if isinstance(data, bytes) else None


def _text(charset: str, data: bytes) -> str:
    try:
        return data.decode(charset)
    except (LookupError, UnicodeError, ValueError):
        return data.decode("utf-8", "replace")


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _VALUE else f"{text[:_VALUE]} …"
