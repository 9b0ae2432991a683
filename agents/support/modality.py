# ruff: noqa: E501
"""Words that say how far a sentence goes: only, all, some, may, must, is expected, is claimed.

Dropping one, or adding one, makes another sentence of it: a partial truth.
"""

from __future__ import annotations

import re

from ...corpus.words import STOPWORDS
from ...questions.view import View
from .alignment import Alignment, content

CLASSES = {
    "all": "all every each always entire entirely whole wholly completely fully full total totally any anybody anyone "
           "everybody everyone everything everywhere exclusively both however whatever regardless",
    "only": "only solely exclusively just alone merely nothing",
    "most": "most mostly mainly largely majority primarily predominantly chiefly",
    "some": "some several many few certain partially partly sometimes occasionally various rarely seldom multiple",
    "usual": "usually generally typically often normally frequently",
    "never": "never no none nobody neither nor nothing",
}  # fmt: skip
_CLASS = {word: name for name, words in CLASSES.items() for word in words.split()}
_CLASS |= {"exclusively": "only", "only": "only", "nothing": "only"}
FIRM = ("all", "only", "most", "never")
"""Classes that a claim may not have of its own."""
LIMITS = ("most", "some")
"""Classes whose loss makes a claim say more."""
_WEAKER = {"some", "few", "partially", "partly", "sometimes", "occasionally", "rarely", "seldom"}
_VAGUE = {"some", "few", "partly", "partially"}
_SUPERLATIVE = re.compile(r"(?:ed|ly|ous|ful|al|ive|ant|ent|able|ible|ic|y|ing)$")
_FIRMER = {"certainly", "definitely", "undoubtedly", "clearly", "sharply", "completely", "fully", "absolutely"}
_NEAR = re.compile(
    r"\b(?:almost|nearly|about|approximately|around|roughly|some|up to|at least|at most|more than|less than|over|under|estimated|fewer than)\b",
    re.I,
)

_MUST = re.compile(
    r"\b(?:must|shall|ha(?:s|ve|d) to|required?|requires|need(?:s|ed)? to|obligat\w+|obliged|mandatory|compulsory|duty)\b", re.I
)  # fmt: skip
_MAY = re.compile(
    r"\b(?:may|can|could|might|allow\w*|permit\w*|permission|optional\w*|option|free to|possib\w+|right to|able|entitled|licen[sc]e[ds]?)\b", re.I
)  # fmt: skip
_MAYBE = re.compile(
    r"\b(?:(?-i:may)|might|could|possibly|perhaps|probably|likely|reportedly)\b",
    re.I,
)
_FORECAST = re.compile(
    r"\b(?:expect(?:s|ed)?|forecast\w*|anticipat\w+)\b", re.I
)  # fmt: skip
_FUTURE = re.compile(
    r"\b(?:expect\w*|forecast\w*|anticipat\w+|plan\w*|intend\w*|propos\w+|should|will|would|likely|foresee\w*|foreseen|"
    r"outlook|guid\w+|hope\w*|aim\w*|to be|may|might|could|predict\w*|project\w*|estimat\w*)\b", re.I
)  # fmt: skip
_CLAIMED = re.compile(
    r"\b(?:claim(?:s|ed)|alleg(?:e|es|ed)|argu(?:e|es|ed)|believ(?:e|es|ed)|assert(?:s|ed)|contend(?:s|ed)|"
    r"suspect(?:s|ed)|rumou?red|supposed(?:ly)?|hypothesi[sz]ed?)\b", re.I
)  # fmt: skip
_SOURCE = re.compile(
    r"\b[A-Z][\w.’'-]*(?: [\w.’'-]+){0,4}? (?:claim(?:s|ed)?|argue[sd]?|believe[sd]?|assert(?:s|ed)?|allege[sd]?|said|says|think|thinks|"
    r"thought) that\b|\b[Aa]ccording to (?:the )?\w+|\b[Ii]n the (?:view|opinion) of (?:the )?\w+"
)
_OWN = re.compile(r"\b(?:authors?|study|results?|findings?|report|paper|text|document|we|they|it)\b", re.I)
_TOLD = re.compile(
    r"\b(?:claim\w*|alleg\w+|argu\w+|believ\w+|belief|reason\w*|stat(?:e|es|ed)|call\w*|assert\w*|contend\w*|according|suspect\w*|rumou?r\w*|suppos\w+|say|says|said|"
    r"thinks?|thought|view|opinion|hypothes\w+|conclud\w+|suggest\w*|may|might)\b", re.I
)  # fmt: skip


def modal_faults(aligned: Alignment) -> list[str]:
    claim, statement = aligned.claim.text, aligned.statement.text
    found = _quantifiers(aligned)
    must, may = _MUST.search(claim), _MAY.search(claim)
    if must and not _MUST.search(statement) and _MAY.search(statement) and not _not(claim):
        found.append(f"says “{must[0]}” where “{_word(_MAY, statement)}” stands")
    if (
        may
        and not must
        and not _MAY.search(statement)
        and _MUST.search(statement)
        and not _not(claim)
        and not _not(statement)
    ):
        found.append(f"says “{may[0]}” where “{_word(_MUST, statement)}” stands")
    maybe = _MAYBE.search(statement)
    if (
        maybe
        and not _MAYBE.search(claim)
        and not _MAY.search(claim)
        and not must
        and not _FUTURE.search(claim)
        and _has_scope(aligned, maybe.end(), 1)
    ):
        found.append(f"is certain where the source says “{maybe[0]}”")
    expected = _FORECAST.search(statement)
    if (
        expected
        and not _FUTURE.search(claim)
        and _has_scope(aligned, expected.end(), 4)
        and re.match(r"[^,;.]{0,60}\bto\b", statement[expected.end() :])
    ):
        found.append(f"states as a fact what the source calls “{expected[0]}”")
    if re.search(r"\bwill\b", claim) and _MAYBE.search(statement) and not re.search(r"\bw(?:ill|ould)\b", statement):
        found.append(f"says “will” where “{_word(_MAYBE, statement)}” stands")
    left_out = re.search(r"\b(?:excluding|except(?:ing| for)?|apart from)\b", claim, re.I)
    if left_out and not re.search(r"\b(?:exclu\w+|except\w*|apart|without|not|other than|but)\b", statement, re.I):
        found.append(f"adds “{left_out[0]}”")
    source = _SOURCE.search(claim)
    if source and not _TOLD.search(statement) and not _OWN.search(source[0]):
        found.append(f"adds who says so: “{source[0].strip()}”")
    told = _CLAIMED.search(statement)
    if told and not _TOLD.search(claim) and _has_scope(aligned, told.end(), 4):
        found.append(f"states as a fact what the source only reports (“{told[0]}”)")
    return found


def _word(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def _not(text: str) -> bool:
    return (
        re.search(r"\b(?:not|no|never|without|cannot|nor|neither|none|nothing|unless)\b|n['’]t\b", text, re.I)
        is not None
    )


def _has_scope(aligned: Alignment, start: int, count: int) -> bool:
    """Whether one of the next ``count`` content words of the statement stands in the claim."""
    shown = aligned.statement
    behind = [n for n, at in enumerate(shown.starts) if at >= start and content(shown.lows[n])][:count]
    held = {place for one in aligned.words for place in one.places}
    return any(n in held for n in behind)


def _quantifiers(aligned: Alignment) -> list[str]:
    claim, statement = _classes(aligned.claim), _classes(aligned.statement)
    found = []
    there = {name for _, name in statement}
    for at, name in claim:
        word = aligned.claim.lows[at]
        if name in FIRM and name not in there and not _is_excused(name, word, aligned):
            found.append(f"adds “{word}”")
        if name == "some" and "some" not in there and word in _WEAKER and ("all" in there or word not in _VAGUE):
            found.append(f"adds “{word}”")
        if name == "usual" and "all" in there and "all" not in {other for _, other in claim}:
            found.append(f"says “{word}” of what is always so")
    found += [] if found else _widening_faults(aligned)
    if not found:
        found += _loss_faults(aligned, claim, statement)
    firmer = [low for low in aligned.claim.lows if low in _FIRMER and low not in aligned.statement.lows]
    if firmer and not found and firmer[0] != "clearly":
        found.append(f"adds “{firmer[0]}”")
    return found


def _classes(shown: View) -> list[tuple[int, str]]:
    return [(n, _CLASS[low]) for n, low in enumerate(shown.lows) if low in _CLASS and _quantifies(shown, n)]


def _quantifies(shown: View, at: int) -> bool:
    """A word quantifies unless it stands in "no longer", "at most", "more than any", "however" at a beginning, "each other", "at all"."""
    low = shown.lows[at]
    before = shown.lows[at - 1] if at else ""
    behind = shown.lows[at + 1] if at + 1 < len(shown.lows) else ""
    if low in ("however", "regardless", "whatever"):
        return False
    if low == "most" and (before in ("at", "the") or behind[:1].isdigit()):
        return False  # a superlative, or a bound
    if low in ("no", "none", "nor", "neither", "never", "nothing"):
        return low == "never"
    if low in ("any", "full", "total", "alone", "part", "parts", "just") and behind in ("of", "other", ""):
        return False
    return not (low in ("each", "all") and (behind in ("other", "over") or before == "at"))


def _is_excused(name: str, word: str, aligned: Alignment) -> bool:
    """A quantifier that the statement says by other words."""
    text = f" {aligned.statement.text.lower()} "
    if name == "all":
        if word in ("any", "both", "total", "each", "full"):
            return True
        return (
            re.search(
                r"\b(?:all|any|every|each|always|whole|100|regardless|unlimited|irrespective|entire|only|sole\w*)\b",
                text,
            )
            is not None
        )
    if name == "only":
        return (
            word in ("just", "merely", "nothing")
            or re.search(r"\b(?:only|sole\w*|unless|exclusive\w*|one|single)\b", text) is not None
        )
    if name == "most":
        return re.search(
            r"\b(?:most\w*|main\w*|large\w*|more than|over|usual\w*|general\w*|majority|many|typical\w*|primar\w+|often|\d+%?)\b",
            text,
        ) is not None and word not in ("usually", "often", "normally")
    return _not(text)


def _widening_faults(aligned: Alignment) -> list[str]:
    """ "Any mice" where "our mice" stand."""
    claim, shown = aligned.claim, aligned.statement
    for one in aligned.words:
        before = claim.lows[max(0, one.at - 2) : one.at]
        if not one.places or one.places[0] < 0 or not _ANY & {*before}:
            continue
        there = [{*shown.lows[max(0, n - 4) : n]} for n in one.places]
        if all(_THESE & near and not (_ANY | {"all", "no"}) & near for near in there):
            return [f"adds “{next(low for low in before if low in _ANY)}”"]
    return []


_ANY, _THESE = {"any", "all", "every"}, {"our", "these", "those", "this", "that", "some", "certain"}


def _loss_faults(aligned: Alignment, claim: list[tuple[int, str]], statement: list[tuple[int, str]]) -> list[str]:
    """A limit of the statement whose word the claim has without any."""
    held = {place for one in aligned.words for place in one.places}
    mine = {name for _, name in claim}
    shown = aligned.statement
    bound = re.search(
        r"\b(?:only|solely|exclusively) (?:if|when|under|by|for|with|to|in|after|before|where)\b", shown.text, re.I
    )
    if bound and "only" not in mine and _has_scope(aligned, bound.end(), 1):
        return [f"drops “{bound[0].split()[0].lower()}”"]
    if mine & {"some", "most", "usual"} or re.search(
        r"\b(?:there (?:is|are|was|were)|not all|one of|among|may|a|part|partly|some)\b", aligned.claim.text.lower()
    ):
        return []
    for at, name in statement:
        if name not in LIMITS or shown.lows[at] in ("part", "parts", "various", "many", "several", "multiple"):
            continue
        if shown.lows[at] == "most" and _SUPERLATIVE.search(" ".join(shown.lows[at + 1 : at + 2])):
            continue
        if at and shown.lows[at] == "few" and shown.lows[at - 1] in ("a", "the"):
            continue
        behind = [n for n in range(at + 1, min(at + 3, len(shown.lows))) if shown.lows[n] not in STOPWORDS]
        if behind and behind[0] in held:
            return [f"drops “{shown.lows[at]}”"]
    return []
