"""The label at the beginning of a paragraph or an item that governs all its sentences: who speaks, or the topic
("- **Offsite**: …")."""

from __future__ import annotations

import re

from ..document import Place
from .lines import ITEM
from .units import LABELLED

_SPEAKER = re.compile(r"(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?(?P<name>[^\W\d_][\w.'’-]*(?: [\w.'’()-]+){0,4}:)(?=\s)")
_BOLD = re.compile(r"(?P<name>(?:\*\*|__)[^*_\n]{2,40}(?:\*\*|__):?)")
_CASE = re.compile(
    r"\d|\b(?:if|for|under|over|above|below|with|without|until|before|after|unless|except|only)\b", re.IGNORECASE
)
"""What makes a condition of a label, which the next sentence need not share: "Adults under 50 kg: …"."""
_WRAPPED, _TOPIC_WORDS = 90, 3
"""Characters of a line of wrapped text, and words of a topic that ends in a full stop, at most."""


def label_of(text: str, start: int, end: int, *, listed: bool) -> Place | None:
    """The label at the beginning of a paragraph, or of an item behind its sign; none where it tells a condition."""
    begin = item.end() if listed and (item := ITEM.match(text, start, end)) else start
    found = _BOLD.match(text, begin, end) or _SPEAKER.match(text, begin, end)
    if found is None or _CASE.search(found["name"]) or _is_sentence(found["name"]):
        return None
    return begin, found.end()


def _is_sentence(name: str) -> bool:
    """Whether a bold beginning says something itself: "**A bad file never stops a run.**"."""
    return name.rstrip("*_:").endswith((".", "!", "?")) and len(name.split()) > _TOPIC_WORDS


def label_further_down(text: str, place: Place, label: Place) -> Place | None:
    """The label of a sentence further down a paragraph: that of its own line, and none where it begins a line below one
    that is longer than lines are wrapped at."""
    if (named := LABELLED.match(text, place[0], place[1])) and "\n" not in text[label[0] : place[0]]:
        return place[0], named.end()
    begin = text.rfind("\n", 0, place[0]) + 1
    if text[begin : place[0]].strip() or begin <= label[0]:
        return label
    if named := _SPEAKER.match(text, place[0], place[1]):
        return place[0], named.end()
    return label if begin - 1 - (text.rfind("\n", 0, begin - 1) + 1) <= _WRAPPED else None
