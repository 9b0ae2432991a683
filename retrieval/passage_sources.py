"""What the document of a passage is: a list of changes, which a later one may have overtaken, or one that calls itself
old, replaced or a draft.
"""

from __future__ import annotations

import re

from ..corpus.document import Evidence
from ..questions.question import Question
from ..questions.standing import standing_word

_LOG = re.compile(r"(?:^|/)(?:change|history|news|release)s?(?:[-_ ]?(?:log|notes?))?[^/]*$", re.I)
_LOG_HEADING = re.compile(
    r"(?:^|> )(?:change ?log|change history|changes|release notes|release history|version history|what's new)\b", re.I
)
_CAME = re.compile(
    r"\b(?:add|introduc|drop|remov|deprecat|chang|renam|fix|appear|arriv|ship|releas|came|come|since|until|first|last|new|"
    r"late|recent|current|begin|began|start|stop|end)\w*",
    re.I,
)
"""A question for the version in which something came or went, not for the versions that something holds for."""
_STANDING = "from a document that says of itself: {}"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def is_log(asked: Question, hit: Evidence) -> bool:
    """A list of changes, asked for what holds and not for what came when."""
    version = asked.unit in ("version", "release") and _CAME.search(asked.text)
    when = asked.versions or asked.years or asked.kind == "date" or version
    return not when and is_list_of_changes(hit)


def is_list_of_changes(hit: Evidence) -> bool:
    return bool(_LOG.search(hit.name) or _LOG_HEADING.search(hit.heading))


def doubt_of_standing(asked: Question, hit: Evidence, opening: str) -> str:
    """Why a document that calls itself old, replaced or a draft is no sure source, unless it is what is asked about."""
    word = standing_word(hit.name, opening)
    named = set(asked.years) & set(_YEAR.findall(f"{hit.name} {opening.partition(chr(10))[0]}"))
    return "" if not word or named or word in asked.text.lower() else _STANDING.format(word)
