# ruff: noqa: E501
"""The very thing that a question asks about: decaf in "what will a kilo of decaf cost", the tent in "how long is the
tent", the average in "the average of them", candles in "are candles allowed".

What lacks it may share all other words with the question, and yet tells of something else. Forms of English alone.
"""

from __future__ import annotations

import re
from collections.abc import Container

from ..corpus.languages import ENGLISH
from ..corpus.words import stems
from .opposites import each
from .question import Question
from .question_forms import LIGHT, NO_NOUN, UNITS, VALUES

_WORDS = r"[^\W\d_][\w'’-]*"
_DETERMINER = r"(?:(?:the|an?|one|each|our|my|your|their|his|her|its|this|that|these|those|every|any|whole|full|new) )*"
_VERBS = each("""
    cost costs weigh weighs last lasts take takes run runs stay need needs hold holds contain contains measure measures
    have has get gets be go goes become pay pays earn earns give gives make makes use uses charge charges open close
    start end expire arrive leave wait reach listen recommend print move send join finish do done carry cover run come stop live grow keep kept paid rented sold due worth allowed charged
    """)
_OF_QUANTITY = re.compile(
    r"\b(?:kilos?|kg|kilograms?|grams?|lit(?:re|er)s?|pints?|cups?|mugs?|bottles?|box(?:es)?|bags?|pack(?:et|age)?s?|tins?"
    r"|cans?|tons?|tonnes?|sacks?|crates?|slices?|rolls?|sheets?|pairs?|sets?|dozen|jars?|loa(?:f|ves)|trays?|portions?"
    r"|servings?|glass(?:es)?|pots?|tubes?|reams?|metres?|meters?|yards?|barrels?|buckets?|units?|hours?|days?|nights?"
    r"|weeks?|months?|price|cost|fee|fare|weight|length|height|width|size|capacity|age|value|amount)"
    rf" (?:of|for) {_DETERMINER}(?P<thing>{_WORDS}(?: {_WORDS}){{0,3}})",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:how (?:much|many|long|old|far|big|large|tall|high|heavy|often|fast|wide|deep|soon)|what|which|when|who|where)\b"
    r"(?:'s)?[^,;?]*?\b(?P<auxiliary>does|do|did|is|are|was|were|will|would|can|could|may|must|should|has|have|had) "
    rf"{_DETERMINER}(?P<thing>{_WORDS}(?: {_WORDS}){{0,3}})(?P<behind>[^?,;]*)",
    re.IGNORECASE,
)
"""What stands behind the auxiliary, up to the verb."""
_YES_NO = re.compile(
    r"(?:can|could|may|might|must|should|shall|do|does|did|will|would|is|are|was|were|has|have|had|am)(?:n['’]?t)? "
    rf"(?:(?P<asker>i|we|you|one|people|anyone|anybody|someone|he|she|they) )?{_DETERMINER}"
    rf"(?P<thing>{_WORDS}(?: {_WORDS}){{0,4}})",
    re.IGNORECASE,
)
_BEHIND_VERB = "the|a|an|my|your|our|their|his|her|its|this|that|these|those|in|on|at|by|for|from|to|with|without|of"
_DEED = each("""
    allow bring buy put add change use leave take carry keep open close cancel move eat drink smoke wear send print copy
    share invite park store hang paint play charge rent lend borrow return replace remove install connect pay book order
    """)
"""Verbs behind which stands what is done something with."""
_STATISTICS = frozenset(stems("average mean median total sum overall"))


def focus(question: Question) -> frozenset[str]:
    """The stem of the thing that a question for a value is about; nothing where that is a name or the property that is
    asked for, which are looked for elsewhere, or where no form tells it."""
    if question.language != ENGLISH:
        return frozenset()
    if question.kind == "yes_no":
        return _less_told(question, _of_yes_no(question.text))
    if question.kind == "person" or question.kind not in VALUES:
        return frozenset()
    found = _OF_QUANTITY.search(question.text)
    head = _head(found["thing"]) if found else ""
    if (
        not head
        and (found := _SUBJECT.match(question.text))
        and not (question.kind == "name" and _BE.match(found["auxiliary"]))
    ):
        head = _head(found["thing"], before_verb=not _BE.match(found["auxiliary"]))
    return _less_told(question, head)


def _less_told(question: Question, head: str) -> frozenset[str]:
    """The stems of ``head`` that are no name, no property that is asked for, and say something."""
    named = {stem for name in (*question.names, *question.identifiers) for stem in stems(name)}
    return frozenset(stems(head)) - named - LIGHT - frozenset(question.asked)


def _of_yes_no(text: str) -> str:
    """Candles in "are candles allowed", the dog in "can I bring my dog in"; nothing where another form hides it."""
    found = _YES_NO.match(text.strip())
    if found is None:
        return ""
    if not found["asker"]:
        head = _head(found["thing"], before_verb=True)
        before = re.search(rf"({_WORDS}) {re.escape(head)} (?:{_BEHIND_VERB})\b", text, re.IGNORECASE) if head else None
        # Behind "does" and "can" a verb must follow, here the last word before an article or a preposition.
        return before[1] if before and not _BE.fullmatch(text.split()[0]) and before[1].lower() not in NO_NOUN else head
    deed, _, rest = found["thing"].partition(" ")
    thing = re.match(rf"{_DETERMINER}(?P<thing>{_WORDS}(?: {_WORDS}){{0,3}})", rest, re.IGNORECASE)
    return _head(thing["thing"]) if deed.lower() in _DEED and thing else ""


def _head(phrase: str, *, before_verb: bool = False) -> str:
    """The last word before the verb, a preposition or the end; nothing where a unit stands there, or where a verb must
    follow and none is known."""
    ahead: list[str] = []
    for word in phrase.split():
        low = word.lower().strip("'’")
        if low in _VERBS or low in NO_NOUN or low in _ENDS or (ahead and low.endswith("ed")):
            break
        if low.endswith(("'s", "’s")) or word.endswith(("s'", "s’")):  # the owner: "the firm's contract"
            ahead.clear()
        ahead.append(low)
    else:
        if before_verb:
            return ""
    head = ahead[-1] if ahead else ""
    return "" if head in UNITS or head.endswith(("est", "'s", "’s")) else head


_BE = re.compile(r"(?:is|are|was|were)$", re.IGNORECASE)
_ENDS = frozenset(
    each("""
    per at as if when while and or but than after before during until since over under into about next last now today
    good open valid free available closed old upright left missing up default number tomorrow still usually normally currently then here there so too also only just each altogether all
    """)
)


def lacks_focus(question: Question, statement: str, missing: Container[str]) -> bool:
    """Whether ``statement`` has not the very thing that is asked about, nor a pronoun for it, or not the unit or the
    statistic that is asked for."""
    wanted = focus(question)
    unit = frozenset(stems(question.unit)) if question.kind == "number" and question.unit in UNITS else frozenset()
    if unit and all(stem in missing for stem in unit):
        return True
    lacking = bool(wanted) and all(stem in missing for stem in wanted) and not _LEANS.match(statement)
    return lacking or any(stem in missing for stem in _STATISTICS.intersection((*question.asked, *question.subject)))


_LEANS = re.compile(r"\W*(?:it|they|he|she|this|these|those|both|its|their|his|her)\b", re.IGNORECASE)
