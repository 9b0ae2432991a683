"""MathML as a line of text: ``v = (2 g r²)/9``. Presentation markup only; source: MathML Core (W3C)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from .superscripts import subscript, superscript

SPACED = frozenset("=≠≈≡<>≤≥±+−→⇒∈∝∼·×")
_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_PLAIN = re.compile(r"[\w.²³⁰-⁹₀-₉√]+|\(.*\)")


def linear(math: Any) -> str:
    """The text of one ``math`` element."""
    waiting: list[list[str]] = [[]]
    walker = etree.iterwalk(math, events=("start", "end"))
    for event, element in walker:
        tag = str(element.tag).rpartition("}")[2].rpartition(":")[2]
        if event == "start" and tag in ("annotation", "annotation-xml"):
            walker.skip_subtree()
        if event == "start":
            waiting.append([])
        elif tag in _TOKENS:
            waiting.pop()
            waiting[-1].append(_token(tag, "".join(element.itertext()).strip()))
        elif tag in ("annotation", "annotation-xml"):
            waiting.pop()
        else:
            parts = waiting.pop()
            waiting[-1].append(FORMS.get(tag, "".join)(parts))
    return " ".join("".join(waiting[0]).split())


def _token(tag: str, text: str) -> str:
    if tag == "mo":
        if text in ("\u2061", "\u2062", "\u2063", "\u2064"):
            return " " if text == "\u2062" else ""
        text = "−" if text == "-" else text
        return f" {text} " if text in SPACED else text
    return f" {text} " if tag == "mtext" else text


def _in_brackets(text: str) -> str:
    bare = text.strip()
    return bare if _PLAIN.fullmatch(bare) else f"({bare})"


def _power(parts: list[str]) -> str:
    base, exponent = _two(parts)
    high = superscript(exponent.replace(" ", ""))
    return _in_brackets(base) + (f"^{_in_brackets(exponent)}" if high.startswith("[") or high.isalpha() else high)


def _index(parts: list[str]) -> str:
    base, index = _two(parts)
    return base + subscript(index)


def _both(parts: list[str]) -> str:
    base, index, exponent = (*parts, "", "", "")[:3]
    return _power([_index([base, index]), exponent])


def _fraction(parts: list[str]) -> str:
    above, below = _two(parts)
    return f"{_in_brackets(above)}/{_in_brackets(below)}"


def _two(parts: list[str]) -> tuple[str, str]:
    first, second = (*parts, "", "")[:2]
    return first, second


FORMS: dict[str, Callable[[list[str]], str]] = {
    "mfrac": _fraction,
    "msup": _power,
    "msub": _index,
    "msubsup": _both,
    "munder": _index,
    "mover": "".join,
    "munderover": _both,
    "msqrt": lambda parts: f"√{_in_brackets(''.join(parts))}",
    "mroot": lambda parts: f"{_in_brackets(_two(parts)[0])}^(1/{_two(parts)[1].strip()})",
    "mfenced": lambda parts: f"({', '.join(parts)})",
    "mtr": lambda parts: " ".join(parts) + "; ",
    "mtd": lambda parts: "".join(parts) + " ",
}
