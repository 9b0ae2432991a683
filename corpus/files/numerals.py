"""Numbers of lists as people see them: letters, Roman numerals, ordinals."""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_MOST = 4_000


def letters(number: int) -> str:
    """``a`` to ``z``, then ``aa`` to ``zz``, as word processors count."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < _MOST else str(number)


def roman(number: int) -> str:
    if not 0 < number < _MOST:
        return str(number)
    written = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written


def ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def numeral(number: int, form: str) -> str:
    """Writes a number as the label of a list. ``form`` is a name of Office Open XML: ``decimal``, ``lowerLetter``,
    ``upperRoman`` …; any other is decimal."""
    lower = form.lower()
    if lower.endswith("letter"):
        written = letters(number)
    elif lower.endswith("roman"):
        written = roman(number)
    elif lower == "ordinal":
        return ordinal(number)
    else:
        return f"{number:02}" if lower == "decimalzero" else str(number)
    return written.upper() if lower.startswith("upper") else written
