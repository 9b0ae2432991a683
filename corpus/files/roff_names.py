"""Requests and macros of roff (man and mdoc), by what they do, and how a file of them is known."""

from __future__ import annotations

import re

FONTS = frozenset(["B", "I", "R", "SM", "SB", "BI", "BR", "IB", "IR", "RB", "RI"])
PARAGRAPHS = frozenset(["PP", "P", "LP", "HP", "Pp", "sp", "Sp", "SY", "YS", "br", "Lp"])
SKIPPED = frozenset(
    ["ad", "ne", "na", "hy", "nh", "ta", "ti", "in", "ll", "pl", "ps", "ft", "ss", "cs", "it", "nr", "rm", "rn",
    "wh", "ch", "bp", "pc", "tr", "eo", "ec", "cc", "c2", "char", "fp", "fam", "lg", "ls", "vs", "po", "pn",
    "als", "ev", "mk", "rt", "Dd", "Os", "Sm", "Bk", "Ek", "PD", "DT", "IX", "UC", "AT", "fl", "lf", "cp", "do",
    "nop", "warn", "hlm", "hpf", "sv", "tm", "ab", "ex", "nx", "rd", "pi", "cf", "open", "close", "write",
    "namedef", "mso", "so", "Rs", "Re", "hw", "ce", "rj", "ds1", "kern", "tl", "pso", "color", "gcolor",
    "fcolor", "defcolor", "blm", "substring", "aln", "LINKSTYLE"]
)  # fmt: skip
BULLETS = frozenset({"•", "·", "*", "-", "–", "—", "o", "+", "○", "□", "◊"})
LEVELS = {"SH": 2, "Sh": 2, "SS": 3, "Ss": 3}
MANUALS = {
    "1": "General commands", "2": "System calls", "3": "Library functions", "4": "Devices", "5": "File formats",
    "6": "Games", "7": "Miscellaneous", "8": "System administration",
}  # fmt: skip
CODE_BEGINS, CODE_ENDS = frozenset({"nf", "EX", "Vb"}), frozenset({"fi", "EE", "Ve"})
LISTS = {
    "enum": "enum", "tag": "tag", "hang": "tag", "ohang": "tag", "inset": "tag", "diag": "tag", "column": "column",
}  # fmt: skip
"""Kinds of mdoc's lists, by how they are shown; any other has bullets."""

_FIRST = re.compile(r"(?:[.'][ \t]*(?:\\[\"#].*|[A-Za-z]\w{0,3}(?:[ \t].*)?)?|[ \t]*)(?:\n|$)")
_PAGE = re.compile(r"^[.'][ \t]*(?:TH|Dd|Dt|SH|Sh|so)[ \t]+\S", re.MULTILINE)


def is_roff(source: str) -> bool:
    """Whether it begins with a request or a comment of roff, and has a heading of a manual page."""
    head = source[:20_000].lstrip()
    return bool(head) and head[0] in ".'" and _FIRST.match(head) is not None and _PAGE.search(head) is not None
