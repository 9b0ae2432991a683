"""Keys that are pressed together, as people and manuals write them: Ctrl-C, Control+C, ``^C``, ``C-c``."""

from __future__ import annotations

import re

_KEYS = re.compile(
    r"(?<![\w^])(?:\^(?P<caret>[A-Za-z])|(?P<letter>[CM])-(?P<small>[a-z])"
    r"|(?P<held>ctrl|control|strg|alt|meta|option|cmd|command)[`*]*\s?[-+]\s?[`*]*(?P<key>[a-z]|f\d{1,2}|esc|tab|enter|del|space))(?!\w)",
    re.IGNORECASE,
)
_SAME = {"control": "ctrl", "strg": "ctrl", "c": "ctrl", "meta": "alt", "option": "alt", "m": "alt", "command": "cmd"}


def keys_in(text: str) -> frozenset[str]:
    """Each as ``ctrl+c``, however it is written."""
    found = set[str]()
    for match in _KEYS.finditer(text):
        if match["letter"] and not (match["letter"].isupper() and match["small"].islower()):
            continue
        held = (match["held"] or match["letter"] or "ctrl").lower()
        found.add(f"{_SAME.get(held, held)}+{(match['caret'] or match['small'] or match['key']).lower()}")
    return frozenset(found)
