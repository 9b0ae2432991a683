r"""The tokens of an RTF file, one after the other in linear time, and the encodings of its bytes.

Source: Rich Text Format Specification 1.9.1 (Microsoft).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from ...errors import ReadError

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,40})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|(\\[^A-Za-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.DOTALL
)
_MOST = 6_000_000
"""Tokens of one file."""
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""Code pages of fonts by their ``\\fcharset``; 1 is the file's own."""
SYMBOL = "symbol"
"""The encoding of fonts whose letters are signs."""
_PAGES = {65001: "utf-8", 10000: "mac_roman", 936: "gbk"}


class Token(NamedTuple):
    """``kind`` is ``word`` (a control word), ``sign`` (one that is no letter), ``byte``, ``text``, ``{`` or ``}``."""

    kind: str
    data: bytes
    number: int | None = None
    """The parameter of a control word."""


def tokens(data: bytes) -> Iterator[Token]:
    """Cuts a file into tokens. Raises ``ReadError`` for more than ``_MOST``. Binary data (``\\bin``) is left out."""
    at = count = 0
    while at < len(data):
        found = _TOKEN.match(data, at)
        if found is None:  # pragma: no cover  (every byte begins a token)
            return
        at = found.end()
        count += 1
        if count > _MOST:
            raise ReadError(f"it has more than {_MOST:,} marks of RTF", fix="save it as DOCX")
        word, number, byte, sign, brace, text = found.groups()
        if word is not None:
            parameter = int(number) if number is not None else None
            if word == b"bin":
                at += max(0, parameter or 0)
            else:
                yield Token("word", word, parameter)
        elif text is not None:
            yield Token("text", text)
        elif byte is not None:
            yield Token("byte", bytes([int(byte, 16)]))
        elif brace is not None:
            yield Token(brace.decode(), b"")
        elif sign is not None:
            yield Token("sign", sign[1:])


def encoding_of_page(number: int | None) -> str:
    """The encoding of a code page; Western European for one that Python does not know."""
    name = _PAGES.get(number or 0, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def encoding_of_charset(number: int, default: str) -> str:
    return SYMBOL if number == 2 else _CHARSETS.get(number, default)
