# ruff: noqa: E501
"""The numbers of a sentence, each with its unit and with the words that it belongs to.

"14 percent", "14%" and "fourteen percent" are one quantity, "14 points" is another. Knows nothing of documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...corpus.words import STOPWORDS, stems

SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = {word: 10 * number for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)}  # fmt: skip
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "m": 1e6, "k": 1e3}  # fmt: skip
ORDINALS = {
    word: float(number)
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
ALIKE = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0, "thrice": 3.0, "trio": 3.0, "pair": 2.0,
         "dozen": 12.0, "half": 0.5, "decade": 10.0}  # fmt: skip
"""Words that hold a number, and need not be said with it."""
MEASURES = (
    "percent per_cent percentage|point points|second seconds sec s|minute minutes min|hour hours h hourly|"
    "day days daily|week weeks weekly|month months monthly|quarter quarters quarterly|"
    "year years yearly annual annually annum|decade decades|century centuries|"
    "metre metres meter meters m|kilometre kilometres kilometer kilometers km|mile miles|foot feet ft|inch inches|"
    "millimetre millimetres millimeter millimeters mm|centimetre centimetres centimeter centimeters cm|"
    "gram grams g|kilogram kilograms kg|milligram milligrams mg|pound pounds lb|tonne tonnes ton tons|"
    "byte bytes|kilobyte kilobytes kb|megabyte megabytes mb|gigabyte gigabytes gb|terabyte terabytes tb|"
    "dollar dollars usd|euro euros eur|yen|celsius|fahrenheit|kelvin|volt volts v|watt watts w|litre litres liter liters"
)
UNIT = {form: group.split()[0] for group in MEASURES.split("|") for form in group.split()}
SHORT = {"m", "s", "h", "g", "v", "w", "k"}
"""Units of one letter count right behind a number only."""
PERIODS = {"second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century"}
SIGNS = {"%": "percent", "$": "dollar", "€": "euro", "£": "pound", "°C": "celsius", "°F": "fahrenheit"}
AHEAD, BEHIND = 8, 4
"""Content words before and behind a number that say what it belongs to; an "and" beside it ends them."""

_PART = re.compile(r"10[⁻⁰¹²³⁴-⁹]+|\d[\d,]*(?:\.\d+)*|[$€£%]|°[CF]|[^\W\d_]+(?:['’][^\W\d_]+)*|[,;:()–<>≤≥-]")
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_MORE = re.compile(r"(?:more than|over|above|exceed\w*|at least|no less than|greater than|[>≥]) ?(?:\$|€|£)?$")
_LESS = re.compile(r"(?:(?<!no )less than|under|below|at most|up to|fewer than|no more than|within|[<≤]) ?(?:\$|€|£)?$")
_VERB = re.compile(
    r"\b(?:grew|rose|fell|were|was|are|is|had|have|has|increased|decreased|declined|dropped|gained|lost|reached)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*,?\s+(?:and|or)\s+|\s*,\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    value: float
    unit: str
    """One word for all its forms; empty where none is said."""
    ordinal: bool
    text: str
    owners: frozenset[str]
    """Stems of the words around it, up to the next number on that side."""
    bound: str = ""
    """``more``, ``less`` or empty: "over 95 %" is not "95 %"."""
    implied: bool = False
    """A word such as "twice", which another wording may do without."""


def quantities(text: str) -> list[Quantity]:
    parts = [match[0] for match in _PART.finditer(text)]
    places = list(_places(parts))
    bounds = [-1, *(first for first, *_ in places), len(parts)]
    ended = [-1, *(last - 1 for _, last, *_ in places)]
    found: list[Quantity] = []
    for number, (first, last, value, unit, ordinal, implied) in enumerate(places, 1):
        ends = last < len(parts) and parts[last].lower() in ("and", "or", "but")
        begins = number > 1 and first > 0 and parts[first - 1].lower() in ("and", "or", ",", "but")
        owners = frozenset() if ends else _stems(parts, range(last, bounds[number + 1]), BEHIND)
        owners |= frozenset() if begins else _stems(parts, range(first - 1, ended[number - 1], -1), AHEAD)
        if found and set(parts[places[number - 2][1] : first]) <= {"-", "–", "to"}:  # the end of a range
            owners |= found[-1].owners
        found.append(
            Quantity(
                value,
                unit,
                ordinal,
                text=" ".join(parts[first:last]),
                owners=owners,
                bound=_bound_of(parts, first, last),
                implied=implied,
            )
        )
    return _respectively(text, found)


def _bound_of(parts: Sequence[str], first: int, last: int) -> str:
    before, behind = " ".join(parts[max(0, first - 3) : first]).lower(), " ".join(parts[last : last + 2]).lower()
    if _LESS.search(before) or behind in ("or less", "or fewer", "or under"):
        return "less"
    return "more" if _MORE.search(before) or behind in ("or more", "and over", "or over", "or older") else ""


def _stems(parts: Sequence[str], places: Sequence[int], most: int) -> frozenset[str]:
    found: list[str] = []
    for at in places:
        low = parts[at].lower()
        if len(found) >= most or low in (";", "while", "but", "however", "whereas"):
            break
        if low.isalpha() and low not in STOPWORDS and low not in UNIT and low not in SCALES:
            found.extend(stems(low))
    return frozenset(found)


def _places(parts: Sequence[str]) -> Iterator[tuple[int, int, float, str, bool, bool]]:
    """First part, end, value, unit, whether it is an ordinal, whether it is implied."""
    at = 0
    while at < len(parts):
        low = parts[at].lower()
        value, end, ordinal, implied = _number(parts, at, low)
        if value is None:
            at += 1
            continue
        first = at
        while end < len(parts) and parts[end].lower() in SCALES and not ordinal:
            value *= SCALES[parts[end].lower()]
            end += 1
        unit = ""
        if first and parts[first - 1] in "$€£":
            first, unit = first - 1, SIGNS[parts[first - 1]]
        power = parts[end].lower() if end + 1 < len(parts) and parts[end].lower() in ("square", "cubic") else ""
        if power and parts[end + 1].lower() in UNIT:
            unit, end = f"{power} {UNIT[parts[end + 1].lower()]}", end + 2
        elif end < len(parts):
            behind = parts[end]
            shown = SIGNS.get(behind) or UNIT.get(behind.lower(), "")
            if shown and (behind.lower() not in SHORT or behind.islower()):
                unit, end = unit or shown, end + 1
            elif end + 2 < len(parts) and parts[end] in "–-" and parts[end + 1][0].isdigit():
                unit = unit or SIGNS.get(parts[end + 2]) or UNIT.get(parts[end + 2].lower(), "")
        yield first, end, value, unit, ordinal, implied
        at = end


def _number(parts: Sequence[str], at: int, low: str) -> tuple[float | None, int, bool, bool]:
    if low[0].isdecimal():
        power = low[2:].translate(_RAISED) if low.startswith("10") else ""
        if re.fullmatch(r"-?[0-9]{1,2}", power) and power != low[2:]:
            return 10.0 ** int(power), at + 1, False, False
        plain = low.replace(",", "").rstrip(".")
        if plain.count(".") > 1:  # a version number: compared by its text
            return float(int.from_bytes(plain.encode()[:6], "big")), at + 1, False, False
        ends = at + 1 < len(parts) and parts[at + 1].lower() in ("st", "nd", "rd", "th")
        return float(plain), at + 1 + ends, ends, False
    if low in TENS:
        value, end = float(TENS[low]), at + 1
        more = parts[end].lower() if end < len(parts) else ""
        if more == "-" and end + 1 < len(parts):
            more, end = parts[end + 1].lower(), end + 1
        if more in SMALL[1:10]:
            return value + SMALL.index(more), end + 1, False, False
        return value, at + 1, False, False
    if low in SCALES and len(low) > 2 and low != "hundred":
        return SCALES[low], at + 1, False, False
    if low == "double" and at + 1 < len(parts) and parts[at + 1].lower() in ("-", "digit", "digits"):
        return None, at, False, False
    if low in SMALL:
        return (None, at, False, False) if low in ("one", "zero") else (float(SMALL.index(low)), at + 1, False, False)
    if low in ORDINALS and not (low == "second" and at and parts[at - 1].lower() in ("per", "a", "each", "every")):
        return ORDINALS[low], at + 1, True, low == "first"
    if parts[at] in ROMAN and at and parts[at - 1][0].isupper():
        return float(ROMAN.index(parts[at]) + 1), at + 1, True, True
    if low in ALIKE:
        return ALIKE[low], at + 1, False, True
    return None, at, False, False


def _respectively(text: str, found: list[Quantity]) -> list[Quantity]:
    """ "Revenue and EPS by $302 million and $0.03, respectively": each number belongs to the word in its place."""
    head = re.split(r"\brespectively\b", text, flags=re.IGNORECASE)[0]
    before = found[: len(list(_places([match[0] for match in _PART.finditer(head)])))]
    if len(head) == len(text) or len(before) < 2:
        return found
    run = before[-3:] if len(before) > 2 and len({one.unit for one in before[-3:]}) == 1 else before[-2:]
    digits = [re.search(r"\d[\d.,]*\d|\d", one.text) for one in run]
    if not all(digits):
        return found
    start = text.find(digits[0][0]) if digits[0] else -1
    end = text.rfind(digits[-1][0]) if digits[-1] else -1
    listed = _items(re.sub(r"^[^a-zA-Z]*(?:percent\b)?[^a-zA-Z]*", "", head[end:]), len(run), last=False)
    listed = listed or _items(text[:start], len(run), last=True)
    if not listed:
        return found
    common = set(stems(listed[0])).intersection(*(stems(item) for item in listed[1:]))
    owned = {id(one): frozenset(set(stems(item)) - common) for one, item in zip(run, listed, strict=True)}
    return [replace(one, owners=owned.get(id(one), one.owners)) for one in found]


def _items(text: str, count: int, *, last: bool) -> list[str]:
    """``count`` things listed at the end, or at the beginning, of ``text``."""
    text = _VERB.split(text)[0] if last else text
    items = [item for item in _LISTED.split(text.strip(" ,(")) if re.search(r"[a-zA-Z]", item)]
    if len(items) < count:
        return []
    chosen = items[-count:] if last else items[:count]
    return [
        " ".join(item.split()[-3:]) if last and not n else " ".join(item.split()[:3]) for n, item in enumerate(chosen)
    ]


def matching(one: Quantity, others: Sequence[Quantity]) -> list[Quantity]:
    """The quantities of the same value and kind, whose unit is not another."""
    return [
        other
        for other in others
        if abs(one.value - other.value) <= 1e-9 * max(1.0, abs(one.value))
        and (
            one.ordinal == other.ordinal
            or one.unit == other.unit != ""
            or (one.text[0].isdigit() and other.text[0].isdigit())
        )
        and (
            not one.unit
            or not other.unit
            or one.unit == other.unit
            or {one.unit, other.unit} <= {"percent", "percentage"}  # no reader would tell these apart
        )
    ]


def periods(text: str) -> set[str]:
    """Days, months, years … that are spoken of, in whatever form."""
    return {UNIT[low] for low in re.findall(r"[a-z]+", text.lower()) if UNIT.get(low) in PERIODS and low not in SHORT}
