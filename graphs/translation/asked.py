"""What a question to a graph says before any schema is looked at: words, values, numbers, and how many are wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...corpus.words import STOPWORDS
from ..english.amounts import Amount, amounts_of
from ..english.dates import month_number, read_date
from ..english.intent import Intent, intent_of
from ..english.tokens import QuestionToken, tokens_of
from ..english.words import ASKING, DECIDING, EARLY, HIGH, LATE, LIGHT, LOW, NUMBERS, number_of

_NUMBER = rf"\d+|{'|'.join(word for word, number in NUMBERS.items() if number)}"
_TOP = re.compile(rf"\b(?P<how>top|first|last|any|only|limit(?:ed)?(?: to)?)[ -](?P<number>{_NUMBER})\b", re.IGNORECASE)
_SOME = re.compile(
    rf"\b(?:which|what(?: are)?(?: the)?|list|show(?: me)?|name|find|identify|display|get|give me|return|[a-z]+s of)"
    rf"(?: up to| the)? (?P<number>{_NUMBER})\b(?= [a-z]|\.?$)",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    rf"\b(?:latest|newest|recent|oldest|earliest|(?:high|low|larg|small|long|short|bigg)est|best|worst) "
    rf"(?P<number>{_NUMBER})\b(?= [a-z])",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?P<month>[A-Z][a-z]{2,8}),? (?P<year>[12]\d{3})")
_QUOTED = re.compile(r"(?<!\w)(?:'(?P<a>\S(?:.*?\S)?)'|\"(?P<b>[^\"]+)\"|[‘“`](?P<c>[^’”`]+)[’”`])(?!\w)")
_MONEY = re.compile(r"[$€£¥](?=\d)")
_TIMES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "k": 10**3, "m": 10**6, "bn": 10**9}
_HOLDING = re.compile(
    r"(?:contain(?:s|ing)?|mention(?:s|ing)?|includ(?:es?|ing)|with the (?:word|phrase|term|text))"
    r"(?: the)?(?: (?:word|phrase|term|text|string|substring))?s?\s*$",
    re.IGNORECASE,
)
_STARTING = re.compile(r"(?:start(?:s|ing)?|begin(?:s|ning)?) with\s*(?:the \w+\s*)?$", re.IGNORECASE)
_ENDING = re.compile(r"end(?:s|ing)? (?:with|in)\s*(?:the \w+\s*)?$", re.IGNORECASE)
_TEST_WORDS = frozenset(
    """
    contain contains containing mention mentions mentioning include includes including word words phrase term text
    string substring start starts starting begin begins beginning end ends ending
    """.split()  # noqa: SIM905
)
_SILENT = (STOPWORDS | ASKING | HIGH | LOW | EARLY | LATE) - DECIDING
_COMMANDS = frozenset(
    """
    list show name find identify display get give return retrieve provide fetch tell describe determine top limit
    sorted ordered order sort descending ascending associated related following results
    """.split()  # noqa: SIM905
)
_LITTLE = frozenset(("use", "used", "using", "uses", "named", "called", "titled", "value", "values", "info", "details"))
LITTLE = 0.2
"""The weight of a word that says little, such as "have"; 1 that of one that must mean something."""


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value that the question names: words ``start`` to ``end`` (exclusive)."""

    start: int
    end: int
    text: str
    quoted: bool
    test: str = "="
    """``=``, or how text is compared: ``CONTAINS``, ``STARTS WITH``, ``ENDS WITH``."""


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    text: str
    """Without the words that say how many are wanted."""
    tokens: tuple[QuestionToken, ...]
    intent: Intent
    weights: tuple[float, ...]
    """How much must be understood of each word; 0 for values and numbers, which have places of their own."""
    values: tuple[NamedValue, ...]
    amounts: tuple[Amount, ...]
    limit: int
    top: bool
    """"Top 5": the best by something."""


def ask(question: str) -> GraphQuestion:
    text = _MONEY.sub("", " ".join(question.split()))
    limit, top = 0, False
    outside = _blank_quotes(text)
    if found := _TOP.search(outside) or _EXTREME.search(outside) or _SOME.search(outside):
        limit = int(number_of(found["number"]) or 0)
        top = (found.groupdict().get("how") or "").casefold() == "top"
        start = found.start("how") if found.groupdict().get("how") else found.start("number")
        text = f"{text[:start]} {text[found.end('number') :]}"
        outside = _blank_quotes(text)
    tokens = tokens_of(text)
    named = _values(text, tokens)
    dates = [date for one in named if (date := _quoted_date(text, tokens, one))]
    taken = {at for one in named for at in range(one.start, one.end)}
    amounts = tuple(sorted([*dates, *_amounts(outside, tokens, taken)], key=lambda one: one.start))
    numbers = {at for one in amounts for at in range(one.start, one.end)}
    values = tuple(one for one in named if one.start not in numbers and not _is_unit(one, tokens, numbers))
    taken |= numbers
    intent = intent_of(outside if tokens_of(outside) == tokens else text, tokens)
    taken |= {
        at
        for one in values
        for at in range(max(0, one.start - 4), one.start)
        if one.test != "=" and tokens[at].text.casefold() in _TEST_WORDS
    }
    weights = tuple(0.0 if at in taken else _weight(at, token, intent) for at, token in enumerate(tokens))
    return GraphQuestion(
        text, tokens, intent, weights=weights, values=values, amounts=amounts, limit=limit or intent.limit, top=top
    )


def _blank_quotes(text: str) -> str:
    """What is quoted with letters in place of its signs and numbers, so that nothing within is read as a comparison."""
    return _QUOTED.sub(lambda found: re.sub(r"\d", "x", found[0]), text)


def _values(text: str, tokens: Sequence[QuestionToken]) -> list[NamedValue]:
    found = []
    for match in _QUOTED.finditer(text):
        within = [at for at, one in enumerate(tokens) if one.start < match.end() and one.end > match.start()]
        if within:
            written = match["a"] or match["b"] or match["c"]
            found.append(NamedValue(within[0], within[-1] + 1, written, True, _test(text[: match.start()])))
    taken = {at for one in found for at in range(one.start, one.end)}
    return sorted([*found, *_unquoted_names(text, tokens, taken)], key=lambda one: one.start)


def _quoted_date(text: str, tokens: Sequence[QuestionToken], one: NamedValue) -> Amount | None:
    """ "After '2018-09-10'", "in '2016'"."""
    year, month = re.fullmatch(r"1\d{3}|20\d\d", one.text), _MONTH.fullmatch(one.text)
    date = int(one.text) if year else read_date(one.text, True)
    if month and month_number(month["month"]):  # "after January 2021"
        date = f"{month['year']}-{month_number(month['month']):02d}"
    elif date is None or not one.quoted:
        return None
    bare = text.replace(one.text, "2000-01-01") if year or month else text
    said = next((each.operator for each in amounts_of(re.sub(r"['\"]", " ", bare), tokens)), "=")
    return Amount(one.start, one.end, said, date)


def _is_unit(one: NamedValue, tokens: Sequence[QuestionToken], numbers: set[int]) -> bool:
    """ "500 million USD"."""
    return not one.quoted and one.start - 1 in numbers and one.end == one.start + 1 and len(one.text) <= 3


def _unquoted_names(text: str, tokens: Sequence[QuestionToken], taken: set[int]) -> list[NamedValue]:
    """Runs of words with capitals, which may also name a part of the schema."""
    found, at = [], 1
    while at < len(tokens):
        end = at
        while end < len(tokens) and end not in taken and _is_name(tokens, end, end > at):
            end += 1
        while end > at and not tokens[end - 1].text[0].isupper() and not tokens[end - 1].text[0].isdigit():
            end -= 1
        if end > at and tokens[at].text[0].isupper():
            written = text[tokens[at].start : tokens[end - 1].end]
            found.append(NamedValue(at, end, written, False, _test(text[: tokens[at].start])))
        at = max(end, at + 1)
    return found


def _is_name(tokens: Sequence[QuestionToken], at: int, within: bool) -> bool:
    word = tokens[at].text
    if word.casefold() in _COMMANDS | STOPWORDS | ASKING and word[1:].islower():  # a sentence begins
        return False
    if within and word in ("of", "the", "and", "de", "von", "van", "la") and at + 1 < len(tokens):
        return word != "and" and tokens[at + 1].text[0].isupper()
    return word[0].isupper() or (within and word[0].isdigit())


def _test(before: str) -> str:
    for pattern, test in ((_HOLDING, "CONTAINS"), (_STARTING, "STARTS WITH"), (_ENDING, "ENDS WITH")):
        if pattern.search(before.rstrip("'\"‘“` ")):
            return test
    return "="


def _amounts(text: str, tokens: Sequence[QuestionToken], taken: set[int]) -> list[Amount]:
    found = [one for one in amounts_of(text, tokens) if taken.isdisjoint(range(one.start, one.end))]
    held = taken | {at for one in found for at in range(one.start, one.end)}
    for at, token in enumerate(tokens):
        value = number_of(token.text) if token.text[0].isdigit() else None
        if at not in held and value is not None:
            found.append(Amount(at, at + 1, "=", value))
    return sorted((_times(one, tokens) for one in found), key=lambda one: one.start)


def _times(one: Amount, tokens: Sequence[QuestionToken]) -> Amount:
    """ "500 million"."""
    word = tokens[one.end].text.casefold() if one.end < len(tokens) else ""
    if word not in _TIMES or isinstance(one.value, str):
        return one
    value = one.value * _TIMES[word]
    return Amount(one.start, one.end + 1, one.operator, int(value) if value == int(value) else value)


def _weight(at: int, token: QuestionToken, intent: Intent) -> float:
    word = token.text.casefold()
    if word in _COMMANDS or (word in _SILENT and word not in ("who", "whom")):
        return 0.0
    return LITTLE if word in LIGHT | _LITTLE or at in intent.used else 1.0
