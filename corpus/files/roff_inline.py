"""Escapes of roff inside a line, as people see them: fonts and sizes leave no trace, named signs are put in.

Source: groff_char(7) and groff(7).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from unicodedata import normalize

# fmt: off
_SIGNS = {
    "bu": "•", "em": "—", "en": "–", "hy": "-", "mi": "−", "aq": "'", "dq": '"', "lq": "“", "rq": "”",
    "oq": "‘", "cq": "’",
    "ga": "`", "ha": "^", "ti": "~", "rs": "\\", "at": "@", "sh": "#", "Do": "$", "co": "©", "rg": "®",
    "tm": "™", "de": "°",
    "mu": "×", "di": "÷", "+-": "±", "<=": "≤", ">=": "≥", "!=": "≠", "==": "≡", "~=": "≈", "->": "→",
    "<-": "←", "ua": "↑",
    "da": "↓", "rA": "⇒", "lA": "⇐", "if": "∞", "pl": "+", "eq": "=", "sl": "/", "ba": "|", "br": "│",
    "ul": "_", "rn": "‾", "or": "|",
    "ss": "ß", "Eu": "€", "eu": "€", "Po": "£", "Ye": "¥", "ct": "¢", "sc": "§", "ps": "¶", "dg": "†",
    "dd": "‡", "12": "½",
    "14": "¼", "34": "¾", "S1": "¹", "S2": "²", "S3": "³", "aa": "´", "a~": "~", "a^": "^", "ci": "○",
    "sq": "□", "ell": "ℓ",
    "la": "⟨", "ra": "⟩", "lh": "☜", "rh": "☞", "Fo": "«", "Fc": "»", "fo": "‹", "fc": "›", "r!": "¡",
    "r?": "¿", "fm": "′",
    "sd": "″", "*a": "α", "*b": "β", "*g": "γ", "*d": "δ", "*l": "λ", "*m": "μ", "*p": "π", "*s": "σ",
    "*W": "Ω", "*D": "Δ",
    "*S": "Σ", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "/o": "ø", "/O": "Ø", "oa": "å", "oA": "Å",
    "/l": "ł", "/L": "Ł",
    ",c": "ç", ",C": "Ç", "-D": "Ð", "Sd": "ð", "Tp": "þ", "TP": "Þ", ".i": "ı", "vs": "š", "vz": "ž",
    "lC": "{", "rC": "}",
    "lB": "[", "rB": "]", "OK": "✓", "sqrt": "√", "pd": "∂", "no": "¬", "tdi": "÷", "tmu": "×", "t+-": "±",
    "Fn": "ƒ", "ff": "ff",
    "fi": "fi", "fl": "fl", "Fi": "ffi", "Fl": "ffl", "lz": "◊", "bv": "|", "bb": "¦", "cu": "∪", "ca": "∩",
    "mo": "∈", "pc": "·", "md": "⋅",
}
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", ":": "\u0308", "~": "\u0303", "v": "\u030c"}
_STRINGS = {
    "R": "®", "Tm": "™", "lq": "“", "rq": "”", "L\"": "“", "R\"": "”", "Lq": "“", "Rq": "”", "Am": "&",
    "Ba": "|", "Ge": "≥",
    "Le": "≤", "Ne": "≠", "Gt": ">", "Lt": "<", "Pm": "±", "Pi": "π", "If": "∞", "Na": "NaN",
    "q": '"', "aq": "'", "-": "-", "C+": "C++",
}
# fmt: on
_ESCAPE = re.compile(
    r"\\(?:"
    r"f(?:\[[^\]\n]{0,60}\]|\(..|.)|s(?:[+-]?\d{1,2}|\([+-]?..|\[[^\]\n]{0,60}\]|'[^'\n]{0,60}'|[+-]'[^'\n]{0,60}')|m(?:\[[^\]\n]{0,60}\]|\(..|.)"
    r"|F(?:\[[^\]\n]{0,60}\]|\(..|.)|M(?:\[[^\]\n]{0,60}\]|\(..|.)|[hvwNLlDbxHSZRABX](?P<measure>'[^'\n]{0,60}'|\"[^\"\n]{0,60}\")"
    r"|\[(?P<named>[^\]\n]{1,60})\]|\((?P<two>..)|C'(?P<char>[^'\n]{1,60})'"
    r"|\*(?:\[(?P<string>[^\]\n]{1,60})\]|\((?P<string2>..)|(?P<string1>.))"
    r"|n(?:[+-]?\[[^\]\n]{0,60}\]|[+-]?\(..|[+-]?.)|[kgVY](?:\[[^\]\n]{0,60}\]|\(..|.)|[$](?:\[[^\]\n]{0,60}\]|\(..|.)"
    r"|[\"#].*$|(?P<sign>.)|$)"
)
_PLAIN = {
    "-": "-", "e": "\\", "E": "\\", " ": " ", "~": " ", "0": " ", "'": "´", "`": "`", "t": " ", "\\": "\\",
    ".": ".", "_": "_",
}  # fmt: skip
_CALL = re.compile(r"[.'][ \t]*([^ \t]+)")
_POINT = re.compile(r"u([0-9A-Fa-f]{4,6})(?:_([0-9A-Fa-f]{4,6}))*")


def plain(text: str, strings: Mapping[str, str]) -> str:
    """The text of a line as people see it. ``strings`` are those that the file defines, as people see them."""

    def show(found: re.Match[str]) -> str:
        if name := found["named"] or found["two"] or found["char"]:
            return _sign(name)
        if name := found["string"] or found["string2"] or found["string1"]:
            return strings.get(name, _STRINGS.get(name, ""))
        if sign := found["sign"]:
            return _PLAIN.get(sign, "" if sign in "/,&%)|^:{}cdupraz!?" else sign)
        return ""

    return _ESCAPE.sub(show, text)


def _sign(name: str) -> str:
    if _POINT.fullmatch(name):
        codes = [int(code, 16) for code in name[1:].split("_")]
        return "".join(chr(code) for code in codes if 0 < code < 0x110000)
    if name.startswith("char") and name[4:].isdecimal() and len(name) < 8:
        return chr(int(name[4:]))
    if len(name) == 2 and name[0] in _ACCENTS and name[1].isalpha():
        return normalize("NFC", name[1] + _ACCENTS[name[0]])
    return _SIGNS.get(name, "")


def words(text: str) -> list[str]:
    """The arguments of a request, as they are written; quotes hold one together."""
    found: list[str] = []
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
        elif text[at] == '"':
            end = at + 1
            while end < len(text) and (text[end] != '"' or text[end + 1 : end + 2] == '"'):
                end += 2 if text[end] == '"' else 1
            found.append(text[at + 1 : end].replace('""', '"'))
            at = end + 1
        else:
            end = at
            while end < len(text) and text[end] not in " \t":
                end += 2 if text[end] == "\\" else 1
            found.append(text[at:end])
            at = end
    return found


def calls_of(lines: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """The indices of the lines that call a request or a macro, by its name; a control character and space go before."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if called := _CALL.match(line):
            places[called[1]].append(at)
    return places
