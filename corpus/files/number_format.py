"""Numbers as a spreadsheet shows them by their format codes: ``0.475`` with ``0.0%`` is ``47.5%``.

Source: ECMA-376 part 1, section 18.8.31. Names of months and days are English; the computer's own short date (format
14) is written as in ISO 8601. A column too narrow for its number hides nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0_);("$"#,##0)', 6: '"$"#,##0_);("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)', 8: '"$"#,##0.00_);("$"#,##0.00)', 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0_);(#,##0)",
    38: "#,##0_);(#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);(#,##0.00)",
    41: '_(* #,##0_);_(* \\(#,##0\\);_(* "-"_);_(@_)', 42: '_("$"* #,##0_);_("$"* \\(#,##0\\);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* \\(#,##0.00\\);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Format codes by their numbers, as a computer set to American English shows them."""

_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
"""Spreadsheets keep 15 digits."""
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_FARTHEST = 20
"""Powers of ten up to which a number is written out."""
_LONGEST = 255
"""Characters of a format code; Excel's own bound."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>general)|(?P<noon>am/pm|a/p)'
    r"|(?P<exponent>e[+-])|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+|g+|b+)|(?P<place>[0#?])|(?P<sign>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SIMPLE = re.compile(r"(#,##)?0(?:\.(0+))?(%)?")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_TESTS = {
    "<": lambda left, right: left < right, "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right, ">=": lambda left, right: left >= right,
    "=": lambda left, right: left == right, "<>": lambda left, right: left != right,
}  # fmt: skip
_ELAPSED = re.compile("h+|m+|s+", re.IGNORECASE)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_LAST_DAY = 2_958_465
"""9999-12-31."""
_1904 = 1_462
"""Days between the two first days that spreadsheets count from."""


@dataclass(frozen=True, slots=True)
class _Section:
    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None
    date: bool


@lru_cache(maxsize=65_536)
def show_number(raw: str, code: str, *, since_1904: bool = False) -> str:
    """Writes a number as its format shows it. ``raw`` is a number as the file holds it; what is none is given back as
    it is."""
    if code == "General" and raw.isdigit():
        return raw
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    if not number.is_finite():
        return raw
    if simple := _simple(code):
        thousands, places, percent = simple
        number = _round(_DIGITS.plus(number.scaleb(2) if percent else number), places)
        return f"{number:,f}{percent}" if thousands else f"{number:f}{percent}"
    sections = _sections(code[:_LONGEST])
    section, negative = _choose_section(sections, number)
    if section.date:
        return _date(section, number + _1904 if since_1904 else number)
    text = _number(section, abs(number))
    return f"-{text}" if negative and any(map(str.isdigit, text)) else text


@lru_cache(maxsize=1_024)
def _simple(code: str) -> tuple[bool, int, str] | None:
    """Whether thousands are grouped, the places behind the point, and the percent sign, of the plainest codes."""
    match = _SIMPLE.fullmatch(code)
    return (bool(match[1]), len(match[2] or ""), match[3] or "") if match else None


def is_date(code: str) -> bool:
    return _sections(code[:_LONGEST])[0].date


def shown_text(text: str, code: str) -> str:
    """Writes text by the fourth section of its format, if there is one."""
    if code in ("General", "@"):
        return text
    sections = _sections(code[:_LONGEST])
    if len(sections) < 4:
        return text
    return "".join(text if value == "@" else value if kind == "text" else "" for kind, value in sections[3].tokens)


@lru_cache(maxsize=1_024)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, Decimal] | None = None
    for match in _TOKEN.finditer(code):
        kind, value = match.lastgroup, match[0]
        if kind == "other" and value == ";":
            sections.append(_section(tokens, condition))
            tokens, condition = [], None
        elif kind == "bracket":
            test = _CONDITION.fullmatch(match["bracket"])
            if test:
                condition = (test[1], _decimal(test[2]))
            elif value.startswith("[$"):
                tokens.append(
                    ("text", match["bracket"][1:].rpartition("-")[0] or match["bracket"][1:].partition("-")[0])
                )
            elif _ELAPSED.fullmatch(match["bracket"]):
                tokens.append(("elapsed", match["bracket"].lower()))
        elif kind in ("quoted", "escaped"):
            tokens.append(("text", match[kind]))
        elif kind == "other":
            tokens.append(("text", value))
        elif kind:
            tokens.append((kind, value.lower() if kind != "sign" else value))
    sections.append(_section(tokens, condition))
    return tuple(sections[:4])


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)


def _section(tokens: list[tuple[str, str]], condition: tuple[str, Decimal] | None) -> _Section:
    places = any(kind == "place" for kind, _ in tokens)
    date = any(kind in ("date", "elapsed", "noon") for kind, _ in tokens) and not (
        places
        and not any(kind in ("elapsed", "noon") or value[0] in "ydhs" for kind, value in tokens if kind == "date")
    )
    return _Section(tuple(tokens), condition, date)


def _choose_section(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section, bool]:
    """The section that holds for a number, and whether a minus sign is still to be written."""
    conditions = [section for section in sections[:2] if section.condition]
    if conditions:
        for section in sections[:3]:
            if section.condition is None or _TESTS[section.condition[0]](number, section.condition[1]):
                return section, number < 0
        return sections[-1], number < 0
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], number < 0


def _number(section: _Section, number: Decimal) -> str:
    tokens = section.tokens
    kinds = [kind for kind, _ in tokens]
    if not tokens:
        return ""
    if "place" not in kinds:
        return "".join(
            _general(number)
            if kind == "general" or value == "@"
            else value
            if kind == "text" or value in ".,%/"
            else ""
            for kind, value in tokens
        )
    if ("sign", "/") in tokens and "exponent" not in kinds:
        return _fraction(tokens, number)
    last = max(index for index, kind in enumerate(kinds) if kind == "place")
    first = kinds.index("place")
    number = number.scaleb(2 * tokens.count(("sign", "%")))
    number = number.scaleb(-3 * sum(token == ("sign", ",") for token in tokens[last + 1 :]))
    thousands = any(token == ("sign", ",") for token in tokens[first:last])
    whole, part, power = _places(tokens)
    exponent = 0
    number = _DIGITS.plus(number)
    if power:
        exponent = _exponent(number, len(whole))
        number = number.scaleb(-exponent)
        if _round(number, len(part)).adjusted() >= max(1, len(whole)) and number:
            exponent += max(1, len(whole))
            number = number.scaleb(-max(1, len(whole)))
    digits, _, decimals = f"{_round(number, len(part)):f}".partition(".")
    return _write_digits(
        tokens, last, "" if digits == "0" else digits, decimals=decimals, exponent=exponent, thousands=thousands
    )


def _round(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), context=_EXACT)


def _exponent(number: Decimal, width: int) -> int:
    """Engineering notation where several places stand before the point."""
    if not number:
        return 0
    adjusted = number.adjusted()
    return adjusted if width <= 1 else adjusted // width * width


def _places(tokens: tuple[tuple[str, str], ...]) -> tuple[str, str, str]:
    """The places before the point, behind it, and of the exponent."""
    found = ["", "", ""]
    at = 0
    for kind, value in tokens:
        if kind == "exponent":
            at = 2
        elif (kind, value) == ("sign", ".") and at == 0:
            at = 1
        elif kind == "place":
            found[at] += value
    return found[0], found[1], found[2]


def _write_digits(
    tokens: tuple[tuple[str, str], ...], last: int, digits: str, decimals: str, exponent: int, thousands: bool
) -> str:
    """Digits put into their places, other signs between them."""
    whole, part, power = _places(tokens)
    least = len(whole) - whole.index("0") if "0" in whole else 0
    digits = digits.rjust(least, "0")
    keep = max((index + 1 for index, place in enumerate(part) if place == "0"), default=0)
    decimals = decimals[:keep] + decimals[keep:].rstrip("0")
    out: list[str] = []
    stage, place, behind, done = 0, len(whole), 0, ""
    for index, (kind, value) in enumerate(tokens):
        if kind == "place" and stage == 0:
            piece = (
                digits[: len(digits) - place + 1]
                if place == len(whole)
                else digits[len(digits) - place :][:1]
                if len(digits) >= place
                else ""
            )
            out.append(_group_digits(digits, done, piece) if thousands else piece)
            done += piece
            place -= 1
        elif kind == "place" and stage == 1:
            out.append(decimals[behind : behind + 1])
            behind += 1
        elif kind == "place" and stage == 2:
            out.append(f"{abs(exponent):0{max(1, power.count('0'))}}")
            stage = 3
        elif (kind, value) == ("sign", ".") and stage == 0:
            out.append("." if decimals or "0" in part else "")
            stage = 1
        elif kind == "exponent":
            out.append("E-" if exponent < 0 else "E+" if value[1] == "+" else "E")
            stage = 2
        elif kind == "text" or value == "%":
            out.append(value)
        elif value == "," and not thousands and index < last:
            out.append(",")
    if not whole and (digits or not part):
        out.insert(0, digits)
    return "".join(out).strip()


def _group_digits(digits: str, done: str, piece: str) -> str:
    left = len(digits) - len(done)
    return "".join("," * (bool(done or index) and (left - index) % 3 == 0) + digit for index, digit in enumerate(piece))


def _fraction(tokens: tuple[tuple[str, str], ...], number: Decimal) -> str:
    from fractions import Fraction

    slash = tokens.index(("sign", "/"))
    below = [value for kind, value in tokens[slash + 1 :] if kind in ("place", "text")]
    fixed = "".join(below).strip().lstrip("?#")
    most = int(fixed) if fixed.isdigit() and int(fixed) else 10 ** max(1, sum(one in "#?0" for one in below)) - 1
    exact = Fraction(number)
    mixed = any(kind == "text" and value == " " for kind, value in tokens[:slash])
    whole = int(exact) if mixed else 0
    rest = exact - whole
    part = Fraction(round(rest * most), most) if fixed.isdigit() and int(fixed) else rest.limit_denominator(most)
    if part.denominator == 1:
        return str(whole + part.numerator)
    return f"{whole} {part.numerator}/{part.denominator}" if whole else f"{part.numerator}/{part.denominator}"


def _general(number: Decimal) -> str:
    if number == number.to_integral_value() and number.adjusted() < _FARTHEST:
        return f"{number.to_integral_value():f}"
    number = _DIGITS.plus(number).normalize()
    if -_FARTHEST < number.adjusted() < _FARTHEST:
        return f"{number:f}"
    return f"{number:E}"


def _date(section: _Section, number: Decimal) -> str:
    if not 0 <= number <= _LAST_DAY + 1:
        return _general(number)
    finest = max((len(value.partition(".")[2]) for kind, value in section.tokens if kind == "date"), default=0)
    seconds = (number * 86_400).quantize(Decimal(1).scaleb(-finest), rounding=ROUND_HALF_UP, context=_EXACT)
    # The first days of 1900 are counted with a leap day that there never was.
    first = datetime(1899, 12, 30) if number >= 60 else datetime(1899, 12, 31)
    at = first + timedelta(seconds=int(seconds))
    twelve = any(kind == "noon" for kind, _ in section.tokens)
    units = [(index, value) for index, (kind, value) in enumerate(section.tokens) if kind in ("date", "elapsed")]
    near = {
        index: (units[at - 1][1] if at else "", units[at + 1][1] if at + 1 < len(units) else "")
        for at, (index, _) in enumerate(units)
    }
    out = []
    for index, (kind, value) in enumerate(section.tokens):
        if kind == "elapsed":
            unit = {"h": 3_600, "m": 60, "s": 1}[value[0]]
            out.append(f"{int(seconds) // unit:0{len(value)}}")
        elif kind == "noon":
            out.append(("AM" if at.hour < 12 else "PM")[: 2 if "m" in value else 1])
        elif kind == "date":
            minutes = value[0] == "m" and len(value) < 3 and (near[index][0][:1] == "h" or near[index][1][:1] == "s")
            out.append(_unit(value, at, seconds, minutes=minutes, twelve=twelve))
        elif kind in ("text", "sign", "place") and value not in "@?#":
            out.append(value)
    return "".join(out).strip()


def _unit(value: str, at: datetime, seconds: Decimal, *, minutes: bool, twelve: bool) -> str:
    unit, width = value[0], len(value.partition(".")[0])
    if unit == "y" or unit == "e":
        return f"{at.year % 100:02}" if width <= 2 and unit == "y" else f"{at.year:04}"
    if unit == "m" and not minutes:
        name = _MONTHS[at.month - 1]
        return f"{at.month:0{width}}" if width < 3 else name[:3] if width == 3 else name if width == 4 else name[0]
    if unit == "d":
        name = _DAYS[at.weekday()]
        return f"{at.day:0{width}}" if width < 3 else name[:3] if width == 3 else name
    if unit == "h":
        return f"{(at.hour + 11) % 12 + 1 if twelve else at.hour:0{min(width, 2)}}"
    if unit == "m":
        return f"{at.minute:0{min(width, 2)}}"
    if unit == "s":
        fraction = f"{seconds % 1:f}".partition(".")[2]
        return f"{at.second:0{min(width, 2)}}" + (f".{fraction}" if fraction else "")
    return ""
