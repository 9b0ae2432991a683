"""Names of a claim that do not stand in the statement, or that stand above it while it speaks of another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...corpus.words import STOPWORDS
from ...questions.view import View
from .alignment import Alignment, bare, content


def name_faults(aligned: Alignment, governors: Sequence[str]) -> list[str]:
    """Finds names that stand neither in the statement nor above it; or above it only, where it is another's
    statement."""
    text = " ".join((aligned.statement.text, *governors)).lower()
    present = {bare(low) for low in re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", text)}
    parts = {part for low in present for part in re.split(r"[.'’-]", low)}
    found = []
    for at, token in enumerate(aligned.claim.tokens):
        low = bare(aligned.claim.lows[at])
        if low in _COUNTING or not _name(aligned.claim, at) or low in present or low in parts or low in STOPWORDS:
            continue
        if not content(low) or _initials(low, text) or any(one.at == at and one.places for one in aligned.words):
            continue
        if low.rstrip("s") in present or f"{low}s" in present:
            continue
        found.append(f"names {token}, which the source does not say")
    found += [] if found else [*_shortening_faults(aligned), *_other_subject(aligned)]
    above = [one for one in aligned.words if one.places == (-1,) and one.at < 3 and one.word[0].isupper()]
    if above and not found and _another(aligned, above[0].at):
        found.append(
            f"says of {above[0].word} what is said of {_subject(aligned.statement) or aligned.statement.tokens[0]}"
        )
    return found


_COUNTING = {*["many", "most", "some", "few", "several", "both", "all", "other", "such", "only", "each", "every"]}


def _name(shown: View, at: int) -> bool:
    token = shown.tokens[at]
    if at == 0:  # a first word is capitalised anyway
        behind = shown.tokens[1] if len(shown.tokens) > 1 else ""
        proper = len(behind) > 1 and behind[0].isupper() and behind[1:].islower()
        return len(token) > 1 and (not token[1:].islower() or proper)
    return token[0].isupper() or (any(sign.isdigit() for sign in token) and any(sign.isalpha() for sign in token))


def _other_subject(aligned: Alignment) -> list[str]:
    """ "Alba carries" where "Brio carries" begins: a bare singular noun before the same verb is the whole subject."""
    claim, shown = aligned.claim, aligned.statement
    if min(len(claim.tokens), len(shown.tokens)) < 3 or claim.by_token[1] != shown.by_token[1]:
        return []
    one, other = bare(claim.lows[0]), bare(shown.lows[0])
    absent = any(word.at == 0 and not word.places for word in aligned.words)
    plain = content(other) and not one.endswith("s") and not other.endswith("s") and content(claim.lows[1])
    if absent and plain and other not in claim.lows:
        return [f"says of {claim.tokens[0]} what is said of {shown.tokens[0]}"]
    return []


def _shortening_faults(aligned: Alignment) -> list[str]:
    """ "Africa" where "the African Great Lakes" stand: the noun of an adjective that only begins a longer name."""
    shown = aligned.statement
    for one in aligned.words:
        if not one.word[0].isupper() or not one.places or one.places[0] < 0:
            continue
        at = one.places[0]
        longer = [n for n in range(at + 1, min(at + 4, len(shown.tokens))) if shown.tokens[n][0].isupper()]
        low = bare(one.word.lower())
        adjective = shown.lows[at].startswith(low) and shown.lows[at] != low and shown.lows[at].endswith("n")
        if adjective and longer[:1] == [at + 1] and shown.lows[at + 1] not in aligned.claim.lows:
            return [f"says “{one.word}” where “{' '.join(shown.tokens[at : longer[-1] + 1])}” stands"]
    return []


def _initials(low: str, text: str) -> bool:
    first = "".join(word[0] for word in re.findall(r"[^\W\d_]+", text) if word not in STOPWORDS)
    return len(low) > 1 and low in first


def _subject(shown: View) -> str:
    """The name that the statement begins with, if it does."""
    at = 1 if shown.lows[:1] and shown.lows[0] in ("the", "a", "an") else 0
    if at < len(shown.tokens) and shown.tokens[at][0].isupper() and content(shown.lows[at]):
        behind = shown.tokens[at + 1] if at + 1 < len(shown.tokens) else ""
        proper = at == 1 or behind[:1].isupper() or bare(shown.lows[at]) in shown.capitals
        return shown.tokens[at] if proper else ""
    return ""


def _another(aligned: Alignment, at: int) -> bool:
    """The statement begins with another name, or has another word before the verb that is the claim's."""
    mine = {bare(low) for low in aligned.claim.lows}
    verb = next((one for one in aligned.words if one.at > at and one.places and one.places[0] > 0), None)
    if verb is None or verb.at != at + 1:
        return False
    before = aligned.statement.lows[verb.places[0] - 1]
    return content(before) and before not in mine
