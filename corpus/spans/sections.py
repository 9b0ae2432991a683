"""Sections of settings (TOML, INI). The first value of an item of an array (``[[crane]]``) names the item, so that it
holds for all that stands in it, its own sections (``[crane.motor]``) included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..document import Place
from .lines import Line

SECTION = re.compile(r"\[{1,2}[^\[\]\n]+\]{1,2}[ \t]*(?:[#;].*)?$")
Section = tuple[Place, tuple[Place, ...]]
"""Its line, and what governs a value that stands further down in it."""
_NAME = re.compile(r"\[+\s*([^\[\]]+?)\s*\]")


def array_of(line: str, array: str) -> str:
    """The array that the section of this line belongs to, after one of ``array``; empty for none."""
    found = _NAME.match(line)
    name = found[1] if found else ""
    if line.startswith("[["):
        return name
    return array if array and name.startswith(f"{array}.") else ""


def sections(rows: Sequence[Line], longest: int) -> list[Section]:
    """Finds the sections, in order. ``longest`` is that of a line that governs, in characters."""
    found: list[Section] = []
    array, item = "", tuple[Place, ...]()
    for row in rows:
        place = (row.start, min(row.end, row.start + longest))
        if SECTION.match(row.text) and not row.indent:
            array = array_of(row.text, array)
            item = (place,) if row.text.startswith("[[") else item if array else ()
            found.append((place, item if row.text.startswith("[[") else (*item, place)))
        elif array and found and len(item) == 1 and row.text and row.text[0] != "#" and found[-1][1] == item:
            item = (*item, place)
            found[-1] = (found[-1][0], item)
    return found
