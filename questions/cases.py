# ruff: noqa: E501
"""A rule with its exception, and one that holds until a day and another from then on: which of the two a question is
about, and which a few words of the statement belong to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..corpus.document import Place
from ..corpus.words import stems
from .ranges import DAYS, Magnitude, Range, asked_magnitudes, ranges

_EXCEPT = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|apart from|other than|save for|excluding|but not|unless(?: it is)?|not (?=on|in|at|during)"
    r"|außer|ausgenommen|nicht (?=an|am|in|bei))\b(?P<case>[^;.,()–—]{2,80})",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"[,;]?\s*\b(?:and |und )?(?:then|after that|afterwards|thereafter|from then(?: on)?|after which|danach|dann"
    r"|ab dann|anschließend)\b\s*(?P<then>[^.;]{1,80})",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|till|up to|through|bis(?: zum)?)\b", re.IGNORECASE)
_SAME = ({"bank", "public", "nation", "statutori", "feder"}, {"feiertag"})
"""Stems that tell the same kind of holiday."""
_LITTLE = frozenset(stems("on in at for during the of a an and or when it is with all any an am bei den der die das"))


@dataclass(frozen=True, slots=True)
class _Change:
    until: Place
    then: Place


def excepted_case(question: str, said: str) -> Place | None:
    """The place in ``said`` of an exception that ``question`` is about: "except on public holidays", asked about a bank
    holiday."""
    if _EXCEPT.search(question):
        return None
    asked = _things(question)
    for found in _EXCEPT.finditer(said):
        case = _things(found["case"])
        if case and _shares(case[-1], case, asked):
            return found.span()
    return None


def without_exception(question: str, said: str) -> str:
    """``said`` without the exceptions that ``question`` is not about: what holds on Mondays is told by "except on
    Sundays" neither way."""
    return said if excepted_case(question, said) else _EXCEPT.sub(" ", said)


def _shares(head: str, case: list[str], asked: list[str]) -> bool:
    """Whether the question has the thing of the exception, of that kind or of no kind at all."""
    if head not in asked:
        return False
    before = asked[asked.index(head) - 1] if asked.index(head) else ""
    kind = case[-2] if len(case) > 1 else ""
    other = any(before in same and kind in same for same in _SAME)
    return not kind or kind in asked or other or (before not in _KINDS)


_KINDS = frozenset(stems("bank public school national summer winter private religious local company"))
"""Words before a thing that tell which of several it is."""


def _things(text: str) -> list[str]:
    return [stem for stem in stems(text) if stem not in _LITTLE]


def holds_from_then(question: str, said: str) -> bool:
    """Whether ``said`` tells what holds until a day, and what then, and the question is about a day behind it: asked
    about 30 December, "Dominik until 28 December, then Mo"."""
    return bool(_changes(question, said))


def _changes(question: str, said: str) -> list[_Change]:
    """The places of what holds until a day or time that lies before the question's, and of what holds then."""
    amounts = [one for one in asked_magnitudes(question) if one.kind in ("day", "month", "time", "weekday")]
    found = []
    for until in _UNTIL.finditer(said):
        then = _THEN.search(said, until.end())
        if then is None or _UNTIL.search(said, until.end(), then.start()):
            continue
        before = said[until.start() : then.start()]
        ends = [one for one in ranges(before) if one.bounds[0] == "*"]
        later = any(asked < last for asked in _hours_ahead(question) for last in _hours_ahead(before))
        if later or any(_is_behind(question, amount, one) for amount in amounts for one in ends):
            found.append(_Change((0, then.start()), then.span("then")))
    return found


def _hours_ahead(text: str) -> list[float]:
    """How long before something: 72 for "three days before arrival"."""
    return [
        one.value * hours
        for one in asked_magnitudes(text)
        if (hours := _HOURS.get(one.unit.rstrip("s"))) and re.search(rf"{re.escape(one.text)}\s{_AHEAD}", text, re.I)
    ]


_HOURS = {"hour": 1, "day": 24, "night": 24, "week": 168, "month": 720}
_AHEAD = r"(?:before|prior|ahead|earlier|in advance)\b"


def _is_behind(question: str, amount: Magnitude, end: Range) -> bool:
    months = {"day": DAYS, "month": 1}
    if amount.kind != end.kind and {amount.kind, end.kind} == {"day", "month"}:
        asked, last = amount.value // months[amount.kind], end.high // months[end.kind]
        after = re.search(rf"\b(?:after|nach) {re.escape(amount.text)}", question, re.IGNORECASE)
        return asked > last or (asked == last and after is not None)
    return amount.kind == end.kind and amount.value > end.high


def is_of_other_case(question: str, found: str, said: str) -> bool:
    """Whether the few words ``found`` stand in the rule where the question is about its exception, or in what held
    until a day where it is about a later one."""
    at = said.find(found)
    if at < 0:
        return False
    case = excepted_case(question, said)
    if case is not None and at < case[1]:
        return True
    return any(at < change.then[0] for change in _changes(question, said))


def ends_at_exception(question: str, said: str) -> bool:
    """Whether nothing behind the exception that is asked about says what holds for it."""
    case = excepted_case(question, said)
    return case is not None and not re.search(r"\w{2}", said[case[1] :])


_CONDITIONAL = re.compile(
    r"\b(?:if|when|whenever|once|as soon as|unless|provided(?: that)?|assuming|in case|as long as|falls|wenn|sobald|sofern)\b"
    r"[^,;.]*",
    re.IGNORECASE,
)
_YES_NO = re.compile(r"\W*(?:yes|no|not|never|ja|nein|doch)\b", re.IGNORECASE)


def only_under_condition(question: str, said: str) -> bool:
    """Whether a word that ``question`` asks about stands in a clause with "if" or "when" alone, which does not say that
    it is so: "the electric one if it has arrived"."""
    clauses = [found.span() for found in _CONDITIONAL.finditer(said)]
    if not clauses or _YES_NO.match(said) or _CONDITIONAL.search(question):
        return False
    inside = set(stems(" ".join(said[start:end] for start, end in clauses)))
    rest, last = "", 0
    for start, end in clauses:
        rest, last = f"{rest} {said[last:start]}", end
    outside = set(stems(f"{rest} {said[last:]}"))
    return bool((set(_things(question)) & inside) - outside)


_TRIGGER = re.compile(
    r"\W*(?:if|when|once|should|as soon as|wenn|falls|sobald)\b[^,;.]*\b(?:goes?|rises?|climbs?|falls?|drops?|gets?|is|are"
    r"|exceeds?|steigt|fällt|ist)\b[^,;.]*\b(?:above|below|over|under|beyond|higher|lower|more|less|über|unter)\b[^,;.]*\d",
    re.IGNORECASE,
)
_ASKS_TRIGGER = re.compile(
    r"\b(?:above|below|over|under|beyond|exceed\w*|from (?:which|what)|at (?:which|what)|when|wann|ab)\b", re.IGNORECASE
)


def tells_trigger(question: str, statement: str) -> bool:
    """Whether the number of the statement is the one from which on something is done, and another is asked for: "if it
    goes above 60 %, switch on …" does not say what is allowed."""
    return _TRIGGER.match(statement) is not None and not _ASKS_TRIGGER.search(question)


_DECIMAL = re.compile(
    r"(?<![\w.,-])\d+\.\d+(?![\w.]|\s?(?:hours?|h|min|kg|g|km|m|miles?|l|lit|eur|euros?|gb|mb|inch|cm|mm|days?|weeks?|years?"
    r"|[€$£]|pounds?|dollars?|million|percent of|% of)\b)"
)


def lacks_number(question: str, texts: Sequence[str]) -> str:
    """The number with decimals that the question names and none of the texts holds; empty where there is none."""
    named = (found[0] for found in _DECIMAL.finditer(question))
    return next((one for one in named if not any(one in text or one.replace(".", ",") in text for text in texts)), "")
