"""The label at the beginning of a paragraph or an item that governs all its sentences: who speaks, or the topic
("- **Offsite**: …", "§ 4 Hedges. …")."""

from __future__ import annotations

import re

from ..document import Place
from .lines import ITEM
from .sentence import CLAUSE
from .units import LABELLED

_SPEAKER = re.compile(r"(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?(?P<name>[^\W\d_][\w.'’-]*(?: [\w.'’()-]+){0,4}:)(?=\s)")
_BOLD = re.compile(r"(?P<name>(?:\*\*|__)[^*_\n]{2,40}(?:\*\*|__):?)")
_CASE = re.compile(
    r"\d|\b(?:if|for|under|over|above|below|with|without|until|before|after|unless|except|only)\b", re.IGNORECASE
)
"""What makes a condition of a label, which the next sentence need not share: "Adults under 50 kg: …"."""
_CLAUSE_TITLE = re.compile(
    rf"(?:\*\*|__)?(?i:{CLAUSE})[.)]?[ \t:–—-]+(?P<title>[^\W\d_a-z][^\d.:;!?\n]{{1,60}}?)[.:*_]*"
)
_TITLE_ENDS = re.compile(rf"{_CLAUSE_TITLE.pattern}(?:(?<=[.:*_])(?=\s)|\Z)")
# fmt: off
_SMALL = frozenset([
    "a", "am", "an", "and", "at", "auf", "bei", "by", "das", "dem", "den", "der", "des", "die",
    "for", "from", "für", "im", "in", "mit", "oder", "of", "on", "or", "the", "to", "um", "und",
    "vom", "von", "vor", "with", "zu", "zum", "zur", "über",
])
# fmt: on
_VERB = re.compile(
    r"(?:is|are|was|were|may|must|shall|should|can|has|have|do|does|will|applies|ist|sind|war|darf|dürfen|muss|müssen"
    r"|kann|können|hat|haben|wird|werden|soll|sollen|gilt|gelten|entfällt)",
    re.IGNORECASE,
)
_WRAPPED, _TOPIC_WORDS = 90, 3
"""Characters of a line of wrapped text, and words of a topic that ends in a full stop, at most."""
_SHORT_TITLE = 2
"""Words of a title that need not be capitalised: "Rule 7 Quiet hours"."""


def label_of(text: str, start: int, end: int, *, listed: bool) -> Place | None:
    """The label at the beginning of a paragraph, or of an item behind its sign; none where it tells a condition."""
    if not listed and (titled := _title_at(text, (start, end))):
        return titled.span()
    begin = item.end() if listed and (item := ITEM.match(text, start, end)) else start
    found = _BOLD.match(text, begin, end) or _SPEAKER.match(text, begin, end)
    if found is None or _CASE.search(found["name"]) or _is_sentence(found["name"]):
        return None
    return begin, found.end()


def _title_at(text: str, place: Place) -> re.Match[str] | None:
    """The title of a clause at the beginning of ``place``, with the mark that ends it."""
    found = _TITLE_ENDS.match(text, place[0], place[1])
    return found if found and is_clause_title(found[0]) else None


def is_clause_title(shown: str) -> bool:
    """Whether it is the number and the title of a clause, which say nothing themselves: "§ 4 Hedges."."""
    found = _CLAUSE_TITLE.fullmatch(shown)
    words = found["title"].split() if found else []
    named = all(word[0].isupper() or word in _SMALL for word in words) or len(words) == _SHORT_TITLE
    return bool(words) and named and not any(_VERB.fullmatch(word) for word in words)


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
    if named := _SPEAKER.match(text, place[0], place[1]) or _title_at(text, place):
        return place[0], named.end()
    return label if begin - 1 - (text.rfind("\n", 0, begin - 1) + 1) <= _WRAPPED else None
