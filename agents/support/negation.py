# ruff: noqa: E501
"""Faults of a claim that denies what the statement says, or says what the statement denies."""

from __future__ import annotations

import re

from ...questions.view import View
from .alignment import Alignment, bare, content, contrary

_CUT = re.compile(
    r"[,;:()]|\b(?:but|which|who|that|because|while|whereas|if|when|unless|although|however|and therefore)\b"
)
_NOT = re.compile(
    r"\b(?:not|never|cannot|neither|nor|no(?!\. ?\d)|none of|without|hardly|barely|scarcely|refus(?:e|es|ed) to|fail(?:s|ed)? to)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"\bor no\b|\bnot\s+(?:only|just|merely|necessarily)\b|\bno (?:more|less|fewer|later|earlier) than\b", re.IGNORECASE
)
_SOFT_NOT = re.compile(
    r"\b(?:fail(?!s? to|ed to)\w*|lack\w*|absen\w+|den(?:y|ies|ied)|refus\w+|prevent\w*|avoid\w*|exclud\w+|unable|free of|rarely|seldom|"
    r"nothing|nobody|instead|rather than|un(?!der|til|i|less|a\b)\w{3,}|in(?:dependent|capable|sufficient)\w*|"
    r"left out|leave out|omit\w*|other than|stop\w*|prohibit\w*|forbid\w*|forbidden|void|loses?|lost|except|little|few)\b",
)
_INDIFFERENT = re.compile(r"\b(?:regardless|irrespective|whatever|however|any|unlimited)\b", re.IGNORECASE)
SCOPE = 4
"""Content words behind a "not" that it may deny."""


def negation_faults(aligned: Alignment) -> list[str]:
    claim, statement = aligned.claim, aligned.statement
    denied, there = negated_places(claim), negated_places(statement)
    plain = {statement.by_token[n] for n in range(len(statement.tokens)) if n not in there}
    said = {claim.by_token[n] for n in denied} & {statement.by_token[n] for n in there}
    there = {n for n in there if statement.by_token[n] not in plain}
    if bool(denied) == bool(there) or said:
        return []
    if denied:
        excused = _SOFT_NOT.search(statement.text) or (_INDIFFERENT.search(statement.text) and _matters(claim, denied))
        none_more = re.search(r"\bno\b.*\bthan\b", claim.text, re.IGNORECASE) and re.search(
            r"\bmost\b|est\b", statement.text
        )
        turned = any(contrary(bare(claim.lows[n]), bare(low)) for n in denied for low in statement.lows)
        return [] if excused or none_more or turned else [f"denies what is said: “{_around(claim, min(denied))}”"]
    lost = there & {place for one in aligned.words for place in one.places}
    return (
        [f"leaves out the “not” of “{_around(statement, min(lost))}”"]
        if lost and not _SOFT_NOT.search(claim.text)
        else []
    )


def _matters(claim: View, denied: set[int]) -> bool:
    return any(claim.lows[n].startswith(("matter", "depend", "differ", "relevan", "limit")) for n in denied)


def negated_places(shown: View) -> set[int]:
    """Tokens of content that stand behind a "not", up to the end of its clause."""
    found: set[int] = set()
    spared = [match.span() for match in _NOT_ONLY.finditer(shown.text)]
    for match in _NOT.finditer(shown.text):
        if any(a <= match.start() < z for a, z in spared):
            continue
        cut = _CUT.search(shown.text, match.end())
        end = cut.start() if cut else len(shown.text)
        inside = [n for n, start in enumerate(shown.starts) if match.end() <= start < end and content(shown.lows[n])]
        found.update(inside[: 1 if match[0].lower() == "no" else SCOPE])
        if not inside:
            before = [n for n, start in enumerate(shown.starts) if start < match.start() and content(shown.lows[n])]
            found.update(before[-1:])
    return found


def _around(shown: View, at: int) -> str:
    return " ".join(shown.tokens[max(0, at - 2) : at + 1])
