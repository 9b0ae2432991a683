"""Bytes to text. Offsets count the characters of exactly this text, so line ends are kept as they are.

The order: a byte order mark; the pattern of zeros of UTF-16 and UTF-32; UTF-8; what the file declares about itself;
UTF-8 with bad bytes, or with lines in another encoding; a guess (``encodings.py``). A byte order mark is no part of the
text, as in every editor. Whatever is not plain UTF-8 is named in ``encoding``, and ``damage`` says when the text may
differ from what its author wrote.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from ...errors import ReadError

_GUESSED = "neither UTF-8 nor declared: the encoding is a guess"
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
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_WIDE_SAMPLE = 4_096
_LETTERS = 0.6
"""Share of the characters of text that are letters, digits or spaces, at least."""
_SHIFTED = re.compile(rb"\x1b\$[@B]")
"""ISO-2022-JP changes its characters so, all in seven bits."""
_SHOWN = 5
"""Lines that a note names."""


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
    """Whether the first bytes of a file are those of no text: NUL, and neither a mark nor the pattern of UTF-16."""
    return b"\0" in head and _bom(head) is None and not _wide_encoding(head)


def decode(data: bytes) -> Decoded:
    """Decodes a file's text. Raises ``ReadError`` for binary data, and for UTF-16 or UTF-32 that is damaged."""
    if (marked := _bom(data)) is not None:
        return _decode_marked(data, *marked)
    if b"\0" in data:
        return _wide(data)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _decode_declared(data) or _decode_damaged(data) or _decode_mixed(data) or _decode_by_guess(data)
    return _decode_shifted(data) or Decoded(text)


def _bom(data: bytes) -> tuple[bytes, str] | None:
    return next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), None)


def _decode_marked(data: bytes, mark: bytes, encoding: str) -> Decoded:
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return _decode_damaged(data[len(mark) :]) or _decode_replacing(data[len(mark) :])
        raise ReadError(f"it begins as {encoding.upper()} and is damaged at byte {error.start + len(mark)}") from error
    if "\0" in text:
        raise ReadError("it holds NUL characters, so it is not text")
    return Decoded(text, encoding)


def _decode_declared(data: bytes) -> Decoded | None:
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


def _wide_encoding(data: bytes) -> str:
    """The encoding of UTF-16 or UTF-32 without a byte order mark, by its first characters; empty for none."""
    sample = data[: _WIDE_SAMPLE - _WIDE_SAMPLE % 4]
    for encoding in _WIDE:
        size = 4 if "32" in encoding else 2
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample[: len(sample) - len(sample) % size])
        except UnicodeDecodeError:
            continue
        if not _high_zeros(sample, encoding):
            continue
        kinds = [unicodedata.category(sign) for sign in text if sign not in "\t\r\n\f"]
        if kinds and not {"Cc", "Cn", "Co", "Cs"} & {*kinds} and _is_text(kinds, text):
            return encoding
    return ""


def _high_zeros(sample: bytes, encoding: str) -> bool:
    """Whether zeros stand where UTF-16 has them for Latin letters and spaces, and hardly elsewhere."""
    if "32" in encoding:
        return True
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    high, low = (second, first) if encoding.endswith("le") else (first, second)
    return high >= 2 and high > 4 * low


def _is_text(kinds: list[str], text: str) -> bool:
    """Text of one or two scripts; numbers that are read as characters are strewn over all of Unicode."""
    plain = sum(kind[0] in "LN" or kind == "Zs" for kind in kinds)
    blocks = Counter(ord(sign) >> 8 if sign < "\u3000" else 0x30 for sign in text)
    return plain >= _LETTERS * len(kinds) and sum(count for _, count in blocks.most_common(3)) >= 0.95 * len(text)


def _wide(data: bytes) -> Decoded:
    encoding = _wide_encoding(data)
    try:
        text = data.decode(encoding) if encoding else "\0"
    except UnicodeDecodeError as error:
        raise ReadError(f"it begins as {encoding.upper()} and is damaged at byte {error.start}") from error
    if "\0" in text:
        raise ReadError("it holds NUL bytes, so it is not text")
    return Decoded(text, encoding, _GUESSED)


def _decode_shifted(data: bytes) -> Decoded | None:
    if not _SHIFTED.search(data):
        return None
    try:
        return Decoded(data.decode("iso2022_jp_2"), "iso2022_jp_2", _GUESSED)
    except UnicodeDecodeError:
        return None


def _decode_damaged(data: bytes) -> Decoded | None:
    """UTF-8 in which valid sequences outnumber the bad bytes, in every line with bad ones."""
    bad = [line for line in data.split(b"\n") if _valid(line) is None]
    return _decode_replacing(data) if all(map(_is_damaged, bad)) else None


def _is_damaged(line: bytes) -> bool:
    text = line.decode(errors="replace")
    bad = text.count("\ufffd")
    return len(_NOT_ASCII.findall(text)) - bad > bad


def _valid(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _decode_mixed(data: bytes) -> Decoded | None:
    """Lines of UTF-8 among lines of another encoding, as when two files were put together; None for text that is of
    another encoding throughout."""
    from .encodings import MULTIBYTE, guess, strangeness

    lines = data.split(b"\n")
    texts = [_valid(line) for line in lines]
    bad = [line for line, text in zip(lines, texts, strict=True) if text is None and not _is_damaged(line)]
    good = [text for text in texts if text and not text.isascii()]
    if not good or len(bad) > 20 * len(good) or strangeness("\n".join(good)[:_SAMPLE]) > 0.2:
        return None
    encoding = guess(b"\n".join(bad)[:_SAMPLE])
    if encoding in MULTIBYTE and len(good) < len(bad):
        return None
    told = []
    for number, (line, text) in enumerate(zip(lines, texts, strict=True)):
        if text is None:
            told.append(number + 1)
            texts[number] = line.decode(errors="replace") if _is_damaged(line) else line.decode(encoding, "replace")
    shown = ", ".join(map(str, told[:_SHOWN])) + (" …" if len(told) > _SHOWN else "")
    note = f"{len(told):,} line{'s' if len(told) > 1 else ''} not in UTF-8 ({shown}), read as {encoding}"
    return Decoded("\n".join(map(str, texts)), "utf-8", note)


def _decode_replacing(data: bytes) -> Decoded:
    text = data.decode(errors="replace")
    return Decoded(text, damage="bytes that are not valid UTF-8 were replaced")


def _decode_by_guess(data: bytes) -> Decoded:
    from .encodings import guess

    encoding = guess(_sample(data))
    return Decoded(data.decode(encoding, errors="replace"), encoding, _GUESSED)


def _sample(data: bytes) -> bytes:
    """What is beyond ASCII in a long text, with its lines, up to the end of one."""
    if len(data) <= _SAMPLE:
        return data
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE]
    return sample[: sample.rfind(b"\n") + 1] or sample
