"""What a pronoun means: of the second part of a question, "they" the solicitors of "the solicitors' contract"; and
which one stands for something of a turn before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..corpus.words import stems
from . import question_forms as forms
from .opposites import each

_OF_PERSONS = frozenset(each("they them their he she him his her sie er ihr ihre sein seine"))
_OWNER = re.compile(
    r"\b(?P<owner>(?:the|our|my) (?:[\w-]+ ){0,2}[\w-]+?|[A-Z][\w-]+)(?:['’]s|(?<=s)['’])(?=\s)", re.IGNORECASE
)
"""Whose something is, which "they" and "their" mean further on."""
_DOER = re.compile(
    r"(?:which|what) (?P<doer>[\w-]+) (?!(?:is|are|was|were|do|does|did|can|may|must|will|should)\b)\w+(?:s|ed)\b", re.I
)
"""Who does something in "which supplier delivers the flour"."""
_SUBJECT = re.compile(
    r"\b(?:does|do|did|is|are|was|were|will|would|can|could|may|must|should|has|have|had) "
    r"(?P<noun>(?:the|our|my|your|this|that|these|those|an?) (?:[\w-]+ ){0,2}?[\w-]+)"
    r"(?= (?:run|cost|end|start|begin|open|close|last|take|need|have|get|come|go|be|work|expire|leave|arrive|weigh|live"
    r"|meet|pay|\w+ed|in|on|at|for|of|from|with|by|to)\b|\?|$)",
    re.IGNORECASE,
)
_NOUN = re.compile(r"\b(the [\w-]+(?: [\w-]+)?)(?= (?:have|has|carry|was|were|is|be|\w+ed)\b|\?|$)")


def put_antecedent(text: str, first: str, names: Sequence[str]) -> str:
    """``text``, a later part of a question, with what its pronoun means in the ``first`` part, whose names are
    ``names``; as it is where there is none, or nothing that it means."""
    pronoun = forms.PRONOUN.search(text)
    if pronoun is None or forms.EXPLETIVE.search(text):
        return text
    meant = names[-1] if names else ""
    if pronoun[0].lower() in _OF_PERSONS and (owner := _OWNER.search(first)):
        meant = meant or owner["owner"]
    if not meant and (doer := _DOER.match(first)):
        meant = f"the {doer['doer']}"
    if not meant and (found := _SUBJECT.search(first)):
        meant = re.sub(r"^an? ", "the ", found["noun"], flags=re.IGNORECASE)
    if not meant and (found := _NOUN.search(first)):
        meant = found[1]
    if not meant:
        return text

    def put(match: re.Match[str]) -> str:
        ending = "'" if meant.endswith("s") else "'s"
        return f"{meant}{ending}" if match[0].lower() in forms.POSSESSIVE else meant

    return forms.PRONOUN.sub(put, text, count=1)


def unresolved_pronoun(text: str, names: Sequence[str]) -> str:
    """The pronoun that nothing before it in the question explains; "they" with enough beside it are any people."""
    pronoun = forms.PRONOUN.search(text)
    if not pronoun or names or forms.EXPLETIVE.search(text):
        return ""
    before, behind = (
        [stem for stem in stems(part) if stem not in forms.LIGHT and stem not in forms.QUESTION_STEMS]
        for part in (text[: pronoun.start()], text[pronoun.end() :])
    )
    return "" if before or (len(behind) > 1 and forms.PEOPLE.fullmatch(pronoun[0])) else pronoun[0]
