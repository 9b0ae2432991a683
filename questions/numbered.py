"""Things told apart by a number behind their noun: plot 17 is not plot 9, but Year 4 is one of Years 3 to 6."""

from __future__ import annotations

import re
from collections.abc import Container

from ..corpus.words import STOPWORDS
from .assertion import Fault
from .opposites import Sign
from .question import Question
from .view import View, view

_ONE_OF = re.compile(r"\d{1,3}[a-z]?", re.ASCII)
DOTTED = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3})+(?![\d.]*\d)")
_SERIES = r"(?:\s*[-–,&]\s*|\s+(?:to|and|or|through|bis|und|oder)\s+)"


def numbered_faults(
    question: Question, own: View, around: tuple[View, ...], settled: Container[str] = ()
) -> list[Fault]:
    """Another number behind the noun that the question numbers: "plot 17" does not answer for "plot 9". What is
    ``settled`` was compared otherwise."""
    found: list[Fault] = []
    for noun, number in _numbered_nouns(view(question.text, question.language)):
        if f"{noun} …" in settled:
            continue
        others = {other for name, other in _numbered_nouns(own) if name == noun}
        if _in_series(noun, number, own.text):
            continue
        if others and number not in {low for one in (own, *around) for low in one.lows}:
            found.append(("no", f"speaks of {noun} {min(others)}, not {noun} {number}"))
    return found


def version_faults(question: Question, around: tuple[View, ...], opening: View | None) -> list[Fault]:
    """Another version in the nearest heading that names one, or at the head of the document."""
    heads = [*(one.text for one in reversed(around)), opening.text.partition("\n")[0] if opening else ""]
    told = next((numbers for text in heads if (numbers := DOTTED.findall(text))), [])
    return [
        ("unsure", f"from {told[0]}, not {version}")
        for version in question.versions
        if "." in version and told and not any(_of_one_line(version, number) for number in told)
    ]


def _of_one_line(one: str, other: str) -> bool:
    """2.2 and 2.2.1 are, 2.1 and 2.2 are not."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _numbered_nouns(text: View) -> list[tuple[str, str]]:
    """Nouns with the number behind them that names one of several, and counts nothing: no noun follows it."""
    pairs = zip(text.lows, text.lows[1:], (*text.lows[2:], ""), strict=False)
    return [
        (noun, number)
        for noun, number, after in pairs
        if noun.isalpha() and noun not in STOPWORDS and _ONE_OF.fullmatch(number) and (not after or after in STOPWORDS)
    ]


def counted_among(sign: Sign, text: str) -> bool:
    """Whether the text names a series with a label and its number: "Year 4" is one of "Years 3 to 6"."""
    return sign.group.endswith(" …") and _in_series(sign.group[:-2], sign.side, text)


def _in_series(noun: str, number: str, text: str) -> bool:
    if not number.isdecimal():
        return False
    for found in re.finditer(rf"\b{re.escape(noun)}(?:s|es|en|e|n)?\s+(\d{{1,4}}(?:{_SERIES}\d{{1,4}})+)", text, re.I):
        ends = [int(one) for one in re.findall(r"\d+", found[1])]
        spans = not re.search(r"[,&]|\b(?:and|und|or|oder)\b", found[1])
        if int(number) in ends or (spans and ends[0] <= int(number) <= ends[-1]):
            return True
    return False
