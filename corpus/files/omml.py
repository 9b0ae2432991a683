"""Equations of Office (OMML) as a line of text: ``v = (2 g r²)/9``. Source: ECMA-376 part 1, section 22.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .mathml import FORMS
from .package import local

_ACCENTS = {"\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0305": "¯", "\u20d7": "→", "\u0307": "˙"}
_DEEPEST = 60
"""Levels of an equation; what lies deeper gives its letters only."""


def linear(equation: Any) -> str:
    """The text of one ``oMath`` element."""
    return " ".join(_text(equation, 0).split())


def _text(element: Any, depth: int) -> str:
    if depth > _DEEPEST:
        return "".join(element.itertext())
    return "".join(_piece(child, depth + 1) for child in element)


def _piece(element: Any, depth: int) -> str:
    tag = local(element.tag)
    if tag == "r":
        text = "".join(part.text or "" for part in element if local(part.tag) in ("t", "delText"))
        # Operators get no space that the author did not give them.
        return text.replace("\u2061", "").replace("\u2062", " ")
    if tag.endswith("Pr") or tag in ("del", "moveFrom"):
        return ""
    form = _FORMS.get(tag)
    return form(element, depth) if form else _text(element, depth)


def _parts(element: Any, depth: int, *names: str) -> list[str]:
    """The text of each child of these names; empty for one that is not there."""
    found = {local(child.tag): child for child in element}
    return [_text(found[name], depth) if name in found else "" for name in names]


def _by(form: str, *names: str) -> Callable[[Any, int], str]:
    def write(element: Any, depth: int) -> str:
        return FORMS[form](_parts(element, depth, *names))

    return write


def _value(element: Any, name: str, default: str) -> str:
    """The attribute ``val`` of a property such as ``begChr``."""
    for properties in element:
        if local(properties.tag).endswith("Pr"):
            for one in properties:
                if local(one.tag) == name:
                    return next((value for key, value in one.attrib.items() if local(key) == "val"), default)
    return default


def _fraction(element: Any, depth: int) -> str:
    above, below = _parts(element, depth, "num", "den")
    if _value(element, "type", "bar") == "noBar":
        return f"({above} over {below})"
    return FORMS["mfrac"]([above, below]) + " "


def _radical(element: Any, depth: int) -> str:
    degree, base = _parts(element, depth, "deg", "e")
    if not degree.strip():
        return FORMS["msqrt"]([base])
    sign = {"3": "∛", "4": "∜"}.get(degree.strip())
    return FORMS["msqrt"]([base]).replace("√", sign, 1) if sign else FORMS["mroot"]([base, degree])


def _sum(element: Any, depth: int) -> str:
    low, high, base = _parts(element, depth, "sub", "sup", "e")
    sign = _value(element, "chr", "∫")
    limits = f" from {low}" * bool(low.strip()) + f" to {high}" * bool(high.strip())
    return f"{sign}({' '.join(base.split())}){limits} " if limits else f"{sign}({base}) "


def _fence(element: Any, depth: int) -> str:
    inner = [_text(child, depth) for child in element if local(child.tag) == "e"]
    between = _value(element, "sepChr", "|")
    opening, closing = _value(element, "begChr", "("), _value(element, "endChr", ")")
    return f"{opening}{f' {between} '.join(part.strip() for part in inner)}{closing}"


def _function(element: Any, depth: int) -> str:
    name, argument = (part.strip() for part in _parts(element, depth, "fName", "e"))
    return f"{name}{argument}" if argument.startswith("(") else f"{name}({argument})"


def _accent(element: Any, depth: int) -> str:
    (base,) = _parts(element, depth, "e")
    return base + _ACCENTS.get(_value(element, "chr", "\u0302"), "")


def _rows(element: Any, depth: int) -> str:
    rows = [child for child in element if local(child.tag) in ("mr", "e")]
    return "; ".join(
        " ".join(_text(part, depth).strip() for part in row if local(part.tag) == "e")
        if local(row.tag) == "mr"
        else _text(row, depth).strip()
        for row in rows
    )


_FORMS: dict[str, Callable[[Any, int], str]] = {
    "f": _fraction,
    "rad": _radical,
    "nary": _sum,
    "d": _fence,
    "func": _function,
    "acc": _accent,
    "m": _rows,
    "eqArr": _rows,
    "sSup": _by("msup", "e", "sup"),
    "sSub": _by("msub", "e", "sub"),
    "sSubSup": _by("msubsup", "e", "sub", "sup"),
    "sPre": lambda element, depth: "".join(_parts(element, depth, "sup", "sub", "e")),
    "limLow": _by("msub", "e", "lim"),
    "limUpp": _by("msup", "e", "lim"),
    "bar": lambda element, depth: _parts(element, depth, "e")[0] + "¯",
    "phant": lambda element, depth: " ",
}
