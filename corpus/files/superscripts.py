"""Raised and lowered text as Unicode, so that a power or a note mark is never glued on as plain digits."""

from __future__ import annotations

import re

_POWER = re.compile(r"[-−+]?(?:\d+|n)(?:[-−+](?:\d+|n)?)?|[-−+]", re.ASCII)
_INDEX = re.compile(r"\d*[-−+]?|\d+(?:[-−+]\d+)*", re.ASCII)
_ORDINAL = re.compile(r"st|nd|rd|th|e|er|re|ère|ème|me|mes|lle|TM|SM|[®©™ªº]", re.IGNORECASE)
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")


def superscript(text: str, *, note: bool = False) -> str:
    """``6`` is ``⁶``; a note mark, and whatever else has no Unicode form, stands in brackets: ``[a]``. The ending of an
    ordinal number stays (``1st``)."""
    bare = " ".join(text.split()).strip("[]()" if note else "")
    if not bare:
        return ""
    if not note and _POWER.fullmatch(bare):
        return bare.translate(_RAISED)
    return bare if not note and _ORDINAL.fullmatch(bare) else f"[{bare}]"


def subscript(text: str) -> str:
    """``2`` is ``₂``; a word follows an underscore: ``V_max``."""
    bare = " ".join(text.split())
    if not bare:
        return ""
    return bare.translate(_LOWERED) if _INDEX.fullmatch(bare) else f"_{bare}"
