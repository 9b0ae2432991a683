"""Bytes to text. Offsets count the characters of exactly this text, so line ends are kept as they are.

The order: a byte order mark; UTF-8; what the file declares about itself; mostly valid UTF-8, its bad bytes replaced; a
guess. A byte order mark is no part of the text, as in every editor. Whatever is not plain UTF-8 is named in
``encoding``, and ``damage`` says when the text may differ from what its author wrote.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ...errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"(?:coding[:=]|\bencoding\s*=|\bcharset\s*=)\s*[\"']?\s*([A-Za-z][\w.:-]*)")
"""PEP 263, the XML declaration, HTML's meta element, CSS's @charset."""
_HEAD = 1024
_SAMPLE = 65_536
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_HIGH = bytes(range(128, 256))
_ENOUGH = 32
"""Bytes beyond ASCII from which a guess is worth more than Windows-1252."""


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str = "utf-8"
    damage: str = ""

    @property
    def metadata(self) -> dict[str, str]:
        told = {} if self.encoding == "utf-8" else {"encoding": self.encoding}
        return told | ({"encoding_note": self.damage} if self.damage else {})


def is_binary(head: bytes) -> bool:
    """Whether the first bytes of a file are those of no text: NUL without a byte order mark."""
    return b"\0" in head and _bom(head) is None


def decode(data: bytes) -> Decoded:
    """Raises ``ReadError`` for binary data, and for UTF-16 or UTF-32 that is damaged."""
    if (marked := _bom(data)) is not None:
        return _marked(data, *marked)
    if b"\0" in data:
        raise ReadError("it holds NUL bytes, so it is not text")
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        return _declared(data) or _damaged(data) or _guessed(data)


def _bom(data: bytes) -> tuple[bytes, str] | None:
    return next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), None)


def _marked(data: bytes, mark: bytes, encoding: str) -> Decoded:
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return _damaged(data[len(mark) :]) or _replaced(data[len(mark) :])
        raise ReadError(f"it begins as {encoding.upper()} and is damaged at byte {error.start + len(mark)}") from error
    if "\0" in text:
        raise ReadError("it holds NUL characters, so it is not text")
    return Decoded(text, encoding)


def _declared(data: bytes) -> Decoded | None:
    found = _DECLARED.search(data, 0, _HEAD)
    if found is None:
        return None
    try:
        encoding = codecs.lookup(found[1].decode()).name
        text = data.decode(encoding)
        text.encode()
    except (LookupError, UnicodeError):
        return None
    return None if "\0" in text else Decoded(text, encoding)


def _damaged(data: bytes) -> Decoded | None:
    """UTF-8 in which valid sequences outnumber the bad bytes."""
    replaced = _replaced(data)
    bad = replaced.text.count("\ufffd")
    valid = len(_NOT_ASCII.findall(replaced.text)) - bad
    return replaced if valid > bad else None


def _replaced(data: bytes) -> Decoded:
    text = data.decode(errors="replace")
    return Decoded(text, damage="bytes that are not valid UTF-8 were replaced")


def _guessed(data: bytes) -> Decoded:
    """Another script than Latin where there is enough text to tell, else Windows-1252."""
    encoding = _other_script(data[:_SAMPLE]) or "cp1252"
    return Decoded(
        data.decode(encoding, errors="replace"), encoding, "neither UTF-8 nor declared: the encoding is a guess"
    )


def _other_script(sample: bytes) -> str:
    if len(sample) - len(sample.translate(None, _HIGH)) < _ENOUGH:
        return ""
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_exclusion=["utf_16", "utf_32"]).best()
    latin = best is None or any("Latin" in script and script != "Basic Latin" for script in best.alphabets)
    return "" if best is None or latin else best.encoding
