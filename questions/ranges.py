"""Values that a question names and ranges that a statement names: a five-year-old is "under 7", November lies in
"October to March", and 30 people are no "10 to 25 people".

Months, days of a year, weekdays, times of day, ages, and numbers with a unit, in English and German. A value is
compared only with a range of its own kind and unit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ..corpus.phrases.dates import month_number
from .assertion import Fault, Level
from .question_forms import UNIT_WORDS

Kind = Literal["month", "day", "weekday", "time", "age", "number"]
_WORD = re.compile(r"[^\W\d_]+|[€$£%]")
_AROUND: frozenset[Kind] = frozenset({"month", "day", "weekday", "time"})
"""Kinds that begin again: from October to March."""
DAYS = 32
"""A day of the year is its month times this and the day."""

_WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
]
_COUNTED = "|".join(_WORDS)
_WEEKDAYS = ("monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag", "friday freitag",
             "saturday samstag", "sunday sonntag")  # fmt: skip
_MONTH = (
    r"(?P<{0}>january|february|april|june|july|august|september|october|november|december|januar|februar|märz|mai|juni"
    r"|juli|oktober|dezember|(?-i:March|May(?!\s(?:I|we|you|he|she|it|they|the|a|an|my|one|people)\b)"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_STOP = "to and or on of the a in at per is are for from by with than until till bis und oder am pm o pay pays s"
_RANKS = "grade|level|band|tier|step|category|pay grade|salary grade|stufe|gehaltsgruppe|entgeltgruppe"
_VALUE = re.compile(
    rf"\b(?P<rank>{_RANKS})s?\s(?P<of_rank>\d{{1,3}})(?![\d.,:]*\d)"
    rf"|\b(?P<weekday>{'|'.join(' '.join(_WEEKDAYS).split())})s?\b"
    r"|\b(?P<short>(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b)"
    r"|(?<![\d.,:])(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.?m\b\.?)"
    r"|(?<![\d.,:])(?P<clock>\d{1,2}:[0-5]\d)(?![\d:])(?:\s?Uhr\b)?"
    r"|(?<![\d.,:])(?P<full>\d{1,2})\s?(?:o['’]clock|Uhr)\b"
    r"|\b(?P<named>noon|midday|midnight|mittags|mitternacht)\b"
    rf"|(?<![\d.,:])(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?{_MONTH.format('month_behind')}(?!\w)"
    rf"|\b{_MONTH.format('month_before')}\s(?P<day_behind>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"
    rf"|\b{_MONTH.format('month')}(?!\w)"
    rf"|(?:(?P<money>[€$£])\s?)?(?<![\w.,:])(?P<number>\d+(?:[.,]\d+)*|(?:{_COUNTED})\b)(?!\d|:\d)"
    rf"(?:\s?(?P<sign>[€$£%])|[\s-]?(?P<unit>(?!(?:{'|'.join(_STOP.split())})\b)[^\W\d_]+)\b)?",
    re.IGNORECASE,
)
_AGE = re.compile(
    rf"\b(\d{{1,3}}|{_COUNTED})[\s-](?:years?|yrs?)[\s-]olds?\b|\baged?\s(?:of\s)?(\d{{1,3}})\b"
    r"|\b(\d{1,3})\s(?:Jahre\salt|-?[Jj]ährige)",
    re.IGNORECASE,
)
_COUNTS_DOWN = re.compile(r"\d+\s?[-–—]\s?\d+")
"""Days before something, "14 - 8", where the higher end comes first."""
_OF_NAMED = re.compile(r"\b([^\W\d_]{4,}) (?:of|is|was) (\d+(?:[.,]\d+)?)(?=\s*(?:[,;?)]|$))", re.IGNORECASE)
_OF_AGES = re.compile(
    r"\b(?:age[ds]?|years?|old|older|younger|adults?|child(?:ren)?|kids?|seniors?|toddlers?|infants?|youths?|teens?"
    r"|pensioners?|students?|kinder|erwachsene|senioren|jahren?|jugendliche)\b",
    re.IGNORECASE,
)
_ALIKE = {
    "people": "people persons person guests guest visitors visitor participants members heads",
    "euro": "€ eur euro euros",
    "dollar": "$ usd dollar dollars",
    "pound": "£ gbp",
    "kilogram": "kg kilo kilos kilogram kilograms",
    "gram": "g gram grams",
    "kilometre": "km kilometre kilometres kilometer kilometers",
    "metre": "m metre metres meter meters",
    "hour": "h hour hours hr hrs",
    "minute": "min mins minute minutes",
    "year": "year years yr yrs jahr jahre jahren",
    "percent": "% percent prozent",
}
UNITS_ALIKE = {word: unit for unit, words in _ALIKE.items() for word in words.split()}
"""The unit that a word or sign stands for, of those that have several."""

_ONE, _OTHER = r"\x00(\d+)\x00", r"\x00(\d+)\x00"
_BOUNDS = tuple(
    (re.compile(form.replace("A", _ONE).replace("B", _OTHER), re.IGNORECASE), bounds)
    for form, bounds in (
        (r"\b(?:between|zwischen)\sA\s(?:and|und)\sB", "[]"),
        (r"A\s?(?:\b(?:to|until|till|through|bis(?:\szum)?)\b|[-–—])\s?B", "[]"),
        (
            r"(?:\b(?:under|below|(?:less|fewer|younger|lighter|shorter|smaller)\sthan|unter|weniger\sals)|<)\s?A",
            "*)",
        ),
        (r"(?:\b(?:over|above|(?:more|older|heavier|longer|larger|greater)\sthan|über|mehr\sals)|>)\s?A", "(*"),
        (r"A\s(?:(?:or|and)\s(?:less|fewer|under|younger|below)|oder\sweniger)\b", "*]"),
        (r"A(?:\s?\+|\s(?:(?:or|and)\s(?:more|over|older|above|up|upwards)|oder\smehr)\b)", "[*"),
        (
            r"(?:\b(?:up\sto|at\smost|no\smore\sthan|max(?:imum)?(?:\sof)?|until|till|bis(?:\szu)?|höchstens)\.?|≤)\s?A",
            "*]",
        ),
        (r"(?:\b(?:from|at\sleast|min(?:imum)?(?:\sof)?|ab|mindestens)\.?|≥)\s?A", "[*"),
    )
)
"""Forms of a range, of which the first that takes a value has it; ``*`` is no bound, brackets as in mathematics."""


@dataclass(frozen=True, slots=True)
class Magnitude:
    """A value as a number of its ``kind``: months from 1, days of a year, weekdays from 0, minutes, years of age."""

    kind: Kind
    value: float
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    kind: Kind
    low: float
    high: float
    bounds: str
    """Square brackets hold the end itself, round ones do not, ``*`` is none."""
    unit: str
    text: str

    def spans(self, other: Range) -> bool:
        """Whether all of ``other`` lies in it."""
        return self.low <= other.low and other.high <= self.high

    def holds(self, value: float) -> bool:
        above = value >= self.low if self.bounds[0] == "[" else value > self.low
        below = value <= self.high if self.bounds[1] == "]" else value < self.high
        return above or below if self.kind in _AROUND and self.low > self.high else above and below


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a value of the question stands to the ranges of a statement that are of its kind."""

    amount: Magnitude
    inside: bool
    range: Range


@lru_cache(maxsize=512)
def asked_magnitudes(question: str) -> tuple[Magnitude, ...]:
    """The values that a question names, ages first. A bare number is none, since nobody knows of what, but where the
    question says it: "a glucose of 14"."""
    ages = [Magnitude("age", _number(next(filter(None, one.groups()))), "", one[0]) for one in _AGE.finditer(question)]
    others = [_amount(match) for match in _VALUE.finditer(_AGE.sub(" ", question))]
    told = [Magnitude("number", _number(one[2]), one[1].lower(), one[2]) for one in _OF_NAMED.finditer(question)]
    return (*ages, *(one for one in others if one.unit or one.kind != "number"), *told)


@lru_cache(maxsize=4096)
def ranges(text: str) -> tuple[Range, ...]:
    """The ranges that a statement names."""
    values: list[Magnitude] = []

    def put(match: re.Match[str]) -> str:
        values.append(_amount(match))
        return f"\x00{len(values) - 1}\x00"

    masked = _VALUE.sub(put, text.replace("\x00", " "))
    return tuple(_ranges(masked, values)) if values else ()


def compare(question: str, statement: str, around: str = "") -> list[Comparison]:
    """Each value of the question for which the statement has a range. ``around`` is what governs the statement: it may
    tell that bare numbers are ages."""
    amounts = asked_magnitudes(question)
    told = ranges(statement) if amounts else ()
    said = f"{around} {statement}" if told else ""
    of_ages = _OF_AGES.search(said) is not None
    units = {UNITS_ALIKE.get(word, word) for word in _WORD.findall(around.lower())} if told else set()
    found = []
    for amount in amounts:
        whole_month = next((one for one in told if _holds_month(amount, one)), None)
        if whole_month:
            found.append(Comparison(amount, True, whole_month))
            continue
        alike = [one for one in told if _comparable(amount, one, units, of_ages=of_ages)]
        whole = _asked_range(question, amount)
        holding = [one for one in alike if (one.spans(whole) if whole else one.holds(_as_kind(amount, one.kind)))]
        if alike:
            named = amount.kind == "weekday" and any(
                one.kind == "weekday" and one.value == amount.value for one in asked_magnitudes(statement)
            )
            found.append(Comparison(amount, bool(holding) or named, (holding or alike)[0]))
    return found


def _holds_month(amount: Magnitude, one: Range) -> bool:
    """Whether a range of days holds all of a month; of one that holds a part of it nothing is said."""
    first = amount.value * DAYS
    return amount.kind == "month" and one.kind == "day" and one.holds(first + 1) and one.holds(first + _SHORTEST)


_SHORTEST = 28
"""Days of the shortest month."""


def _asked_range(question: str, amount: Magnitude) -> Range | None:
    """The range that the question itself names by the value: "a patient under 50 kg"."""
    if not re.search(rf"\b(?:{_COMPARED}) {re.escape(amount.text)}", question, re.IGNORECASE):
        return None
    same = (one for one in ranges(question) if one.kind == amount.kind and amount.value in (one.low, one.high))
    return next(same, None)


_COMPARED = "under|over|below|above|less than|more than|at least|at most|up to|older than|younger than|unter|über"


def faults(found: Sequence[Comparison], *, terse: bool, yes_no: bool) -> list[Fault]:
    """Values that lie beside the statement's ranges. A row or an item for others answers nothing (``terse``); a
    sentence may still say what holds, above all where only yes or no is asked."""
    level: Level = "no" if terse else "likely" if yes_no else "unsure"
    ranked = _RANKS.split("|")
    return [
        (
            "unsure" if level == "likely" and one.amount.unit in ranked else level,
            f"holds for {one.range.text}, not {one.amount.text}",
        )
        for one in found
        if not one.inside
    ]


def groups_of(found: Sequence[Comparison]) -> frozenset[str]:
    """The groups of deciding words that the comparisons have settled."""
    kinds = {one.amount.kind for one in found}
    ranks = {f"{one.amount.unit} …" for one in found if one.amount.kind == "number"}
    ranks |= {"order"} if any(one.inside for one in found) else set()  # "after six years" lies above five
    return frozenset({"month", *kinds} if "day" in kinds else kinds) | ranks


def compared_words(found: Sequence[Comparison]) -> str:
    """The words of the question that name the values that were compared."""
    return " ".join(one.amount.text for one in found)


def _comparable(amount: Magnitude, one: Range, units: Set[str], *, of_ages: bool) -> bool:
    """``units``: what the words around may be, for a range whose unit stands in its column's header."""
    if amount.kind == "age":
        # What stands behind the number may be a verb: "children under 7 come in free".
        counts_nothing = one.unit == "year" or (one.unit not in _ALIKE and not one.unit.endswith(("s", "en")))
        return one.kind == "age" or (one.kind == "number" and counts_nothing and of_ages)
    if amount.kind == "time" and one.kind == "number":
        return not one.unit and one.bounds == "[]" and one.high <= 24
    if amount.kind == "day" and one.kind == "month":
        return True
    return amount.kind == one.kind and (amount.unit == one.unit or (not one.unit and amount.unit in units))


def _as_kind(amount: Magnitude, kind: Kind) -> float:
    if amount.kind == "day" and kind == "month":
        return amount.value // DAYS
    return amount.value / 60 if amount.kind == "time" and kind == "number" else amount.value


def _ranges(masked: str, values: list[Magnitude]) -> Iterator[Range]:
    taken: set[int] = set()
    for form, bounds in _BOUNDS:
        for match in form.finditer(masked):
            places = [int(place) for place in match.groups()]
            if taken.isdisjoint(places):
                said = re.sub(_ONE, lambda place: values[int(place[1])].text, match[0])
                one = _range([values[place] for place in places], bounds, " ".join(said.split()))
                if one is not None:
                    taken.update(places)
                    yield one


def _range(ends: list[Magnitude], bounds: str, text: str) -> Range | None:
    """None where the two ends are of different kinds. A bare number takes what the other end is: 12 and 14 May."""
    if len(ends) == 1:
        (end,) = ends
        low, high = (-math.inf, end.value) if bounds[0] == "*" else (end.value, math.inf)
        return Range(end.kind, low, high, bounds=bounds, unit=end.unit, text=text)
    one, other = ends
    one, other = _like(one, other), _like(other, one)
    if one.kind == other.kind == "number" and one.value > other.value and _COUNTS_DOWN.fullmatch(text):
        one, other = other, one
    if one.kind != other.kind or one.unit != other.unit or (one.kind not in _AROUND and one.value >= other.value):
        return None
    return Range(one.kind, one.value, other.value, bounds=bounds, unit=one.unit, text=text)


def _like(one: Magnitude, other: Magnitude) -> Magnitude:
    if one.kind != "number" or one.unit or (other.kind == "number" and not other.unit):
        return one
    if other.kind == "day":
        return replace(one, kind="day", value=other.value // DAYS * DAYS + one.value)
    if other.kind == "time":
        return replace(one, kind="time", value=one.value * 60)
    return replace(one, kind=other.kind, unit=other.unit) if other.kind in ("number", "age") else one


def is_of_unit(text: str, number: str) -> bool:
    """Whether a number of ``text`` is one of days or pounds: "a cruise 30 days before" is no cruise 30."""
    found = re.search(rf"(?<!\w){re.escape(number)}\s([^\W\d_]+)", text)
    return found is not None and bool({found[1].lower(), f"{found[1].lower()}s"} & {*UNITS_ALIKE, *UNIT_WORDS})


def day_of_year(month: int, day: int) -> int:
    """The value of a day, as ``Magnitude`` has it."""
    return month * DAYS + day


def _amount(match: re.Match[str]) -> Magnitude:
    text, found = match[0].strip(), match.groupdict()
    if found["rank"]:
        return Magnitude("number", float(found["of_rank"]), found["rank"].lower().rpartition(" ")[2], text)
    if name := found["weekday"] or found["short"]:
        low = name.lower()
        place = next(at for at, days in enumerate(_WEEKDAYS) if any(day.startswith(low[:3]) for day in days.split()))
        return Magnitude("weekday", place, "", text)
    if found["hour"]:
        since_midnight = int(found["hour"]) % 12 + 12 * (found["half"][0].lower() == "p")
        return Magnitude("time", 60 * since_midnight + int(found["minute"] or 0), "", text)
    if found["clock"] or found["full"]:
        hours, _, minutes = (found["clock"] or f"{found['full']}:00").partition(":")
        return Magnitude("time", 60 * int(hours) + int(minutes), "", text)
    if found["named"]:
        return Magnitude(
            "time", 24 * 60 if found["named"].lower() in ("midnight", "mitternacht") else 12 * 60, "", text
        )
    if month := found["month_behind"] or found["month_before"]:
        day = int(found["day"] or found["day_behind"])
        return Magnitude("day", day_of_year(month_number(month), day), "", text)
    if found["month"]:
        return Magnitude("month", month_number(found["month"]), "", text)
    unit = (found["money"] or found["sign"] or found["unit"] or "").lower()
    return Magnitude("number", _number(found["number"]), UNITS_ALIKE.get(unit, unit), text)


def _number(text: str) -> float:
    low = text.lower()
    if low in _WORDS:
        return float(_WORDS.index(low))
    parts = re.split(r"[.,]", text)
    if len(parts) > 1 and len(parts[-1]) != 3:
        return float("".join(parts[:-1]) + "." + parts[-1])
    return float("".join(parts))
