"""What a document says of its own standing, in its name or at its head: that it is old, replaced or a draft."""

from __future__ import annotations

import re

_SURE = (
    r"superseded|obsolete|outdated|out[- ]of[- ]date|withdrawn|no longer (?:valid|in force|current|used)|not in force"
    r"|replaced by|do not use|veraltet|überholt|ungültig|außer kraft|nicht mehr gültig|ersetzt durch"
)
_MARKED = rf"{_SURE}|old|replaced|draft|ersetzt|entwurf"
_AT_END = re.compile(rf"(?:^|[\s_.(\[–—-])({_MARKED})[\s_.)\]]*$", re.IGNORECASE)
"""At the end of a file's name: "policy 2022 OLD", "policy_old", "policy (superseded)"."""
_AT_START = re.compile(r"(?:^|(?<=/))(draft|entwurf)[\s_.–—-]+", re.IGNORECASE)
_BEHIND = re.compile(rf"[-–—:,;(\[]\s*({_MARKED})\s*(?=[-–—,;.)\]]|$)|\b({_SURE})\b", re.IGNORECASE)
"""Between marks in a heading or a line "Status: draft"; words that mean nothing else anywhere in it."""
_LINES = 3
"""Of a document's head, the lines that tell its standing."""


def standing_word(name: str, opening: str) -> str:
    """The word by which the document ``name``, whose text begins with ``opening``, says that it holds no more, or not
    yet; empty for any other."""
    stem = re.sub(r"\.\w{1,5}$", "", name.rpartition("/")[2])
    if found := _AT_START.search(stem) or _AT_END.search(stem):
        return found[1].lower()
    for line in opening.strip().split("\n")[:_LINES]:
        title = line.startswith("#") or len(line) <= 80  # a longer one is a sentence, of which it may be the subject
        if title and (found := _BEHIND.search(line)):
            return (found[1] or found[2]).lower()
    return ""


_VALID = re.compile(
    r"[\s_(\[-]+(?:signed|final|current|latest|approved|new|copy|unterschrieben|signiert|aktuell|neu|endgültig)[\s_)\]]*$",
    re.IGNORECASE,
)


def without_standing(name: str) -> str:
    """``name`` without the word by which a document says that it holds no more, or that it holds."""
    return _VALID.sub("", _BEHIND.sub("", _AT_END.sub("", _AT_START.sub("", name))))
