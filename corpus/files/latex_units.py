"""Numbers and units of siunitx as they are printed: ``\\SI{5}{\\milli\\metre}`` is ``5 mm``."""

from __future__ import annotations

import re

from .latex_macros import KnownMacros
from .latex_symbols import PREFIXES, UNITS
from .superscripts import superscript

_NAMED_UNIT = re.compile(r"\\([A-Za-z]+)|([^\\])", re.DOTALL)


def number_of(text: str) -> str:
    """``1e6`` is ``1×10⁶``."""
    text = text.strip().replace("\\pm", "±").replace("+-", "±").replace("{", "").replace("}", "")
    return re.sub(r"\s{0,20}[eE]([+-]?\d+)$", lambda found: f"×10{superscript(found[1].lstrip('+'))}", text)


def unit_of(text: str, known: KnownMacros) -> str:
    r"""``\metre\per\second`` is ``m/s``."""
    out: list[str] = []
    per, prefix = "", True
    for found in _NAMED_UNIT.finditer(text):
        name, sign = found.groups()
        if sign:
            out.append({".": "·", "~": " "}.get(sign, sign))
            prefix = True
        elif name == "per":
            per = "/"
        elif name in ("squared", "cubed"):
            out.append("²" if name == "squared" else "³")
        elif name in ("square", "cubic"):
            out.append(f"{per}\ue000{name}")
            per, prefix = "", True
        elif name in ("tothe", "raiseto", "of", "highlight"):
            prefix = True
        else:
            own = known.macros.get(name)
            gap = "" if prefix or per or not out else " "
            out.append(per + gap + (UNITS.get(name) or (unit_of(own.body, KnownMacros()) if own else name)))
            per, prefix = "", name in PREFIXES
    shown = "".join(out)
    shown = re.sub(
        "\ue000(square|cubic)([^/\\s·]+)", lambda found: found[2] + ("²" if found[1] == "square" else "³"), shown
    )
    return re.sub(
        r"\^\{?(-?\d+)\}?", lambda found: superscript(found[1]), shown.replace("{", "").replace("}", "")
    ).strip()
