"""Rows of tables and keys with values: whether the row, and the cell of the short answer, are the ones asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..corpus.words import STOPWORDS
from .assertion import Fault
from .lookup import names_row, of_other_row
from .paraphrases import alike
from .question import Question
from .question_forms import LIGHT, VALUES
from .view import View, view

_CELL = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"\d[\d.,]*")
_NAMING = frozenset({"name", "title", "label", "subject", "summary", "product", "item"})
"""Columns that say what a row is about, where an identifier stands before them."""


def cells(text: str) -> list[str]:
    """The cells of a row "| a | b |", or nothing."""
    bare = text.strip()
    if not (bare.startswith("|") and bare.endswith("|")) or "\n" in bare:
        return []
    return [cell.strip() for cell in _CELL.split(bare[1:-1])]


_GIVES = re.compile(
    r"(?:who|which \w+|whom) (?:gives?|gave|teaches|taught|offers?|runs?|leads?|holds?|lends?|lent|sells?|sold|awards?"
    r"|approves?|approved|signs?|issues?|issued|trains?|instructs?)\b",
    re.IGNORECASE,
)
_GIVER = re.compile(r"\bby\b|\bfrom\b|\w(?:er|or|ist)\b|\w(?:ers|ors)\b|\bresponsible\b|\bcontact\b", re.IGNORECASE)


def _is_had(asked: View, title: str, value: str) -> bool:
    """Whether a column tells what the row's person has of what somebody is asked to give: "Inductions: lathe"."""
    thing, held = view(title, asked.language).stems - LIGHT, view(value, asked.language).stems
    return bool(thing) and thing <= asked.stems and bool(held & asked.stems) and not _GIVER.search(title)


def faults(
    question: Question,
    own: View,
    around: tuple[View, ...],
    short: str,
    missing: tuple[str, ...],
    named: Sequence[tuple[str, str]] = (),
    *,
    by_range: bool = False,
    opening: View | None = None,
) -> list[Fault]:
    """``named``: columns and values of the row that ``own`` is, where they are known; ``by_range``: whether a value of
    the question lies in a range of the row; ``opening``: the head of the document."""
    header, row = list(map(list, zip(*named, strict=True))) if named else ([], cells(own.text))
    if not row:
        return _beside(question, own, short)
    if not named:
        header = next((other for view in reversed(around) if len(other := cells(view.text)) == len(row)), [])
    found: list[Fault] = []
    columns = list(zip(header, row, strict=True)) if header else []
    asked = view(question.text, question.language)
    other_row = of_other_row(question, columns)
    if other_row:
        found.append(("no", f"the row of {' '.join(other_row)}"))
    key = next((cell for cell in row if any(map(str.isalpha, cell))), row[0])
    label = view(key, question.language)
    names = [view(cell, question.language) for title, cell in columns if title.lower() in _NAMING]
    lost = [stem for stem in missing if stem in question.subject and stem not in LIGHT]
    if (
        lost
        and label.stems
        and short != key
        and not by_range
        and not (columns and names_row(question, columns))
        and not any(one.stems & asked.stems for one in (label, *names))
    ):
        described = view(" ".join(row).replace(key, " "), question.language).stems.intersection(question.subject)
        by_meaning = len(described) > 1 and 2 * len(described) >= len(question.subject)
        found.append(("unsure" if by_meaning else "no", f"the row of {key}"))
    if _GIVES.match(question.text) and any(_is_had(asked, title, value) for title, value in columns):
        found.append(("unsure", "says who has it, not who gives it"))
    if _is_bound(question, row):
        found.append(("unsure", "the row itself, not what lies before or after it"))
    unnamed = "" if by_range else _unnamed_word(question, (own, *around, *([opening] if opening else [])))
    if unnamed:
        found.append(("unsure", f"does not name {unnamed}"))
    if short and not named and header:
        found += _column(question, row, header, short)
    elif header and not short and question.kind in {*VALUES, "passage"}:
        found.append(("unsure", "no column of the table says what is asked"))
    return found


def _is_bound(question: Question, row: Sequence[str]) -> bool:
    """Whether the question asks for what comes before or after the value of a cell: "before July"."""
    bounds = re.findall(r"\b(?:before|after|until|since|vor|nach|seit) (\w[\w.-]*)", question.text)
    return any(cell.strip().lower() == bound.lower() for cell in row for bound in bounds)


def _unnamed_word(question: Question, views: tuple[View, ...]) -> str:
    """A word of a name (by its capital, behind the first word) that neither the row nor what governs it has: in tables
    names differ in a word."""
    asked = view(question.text, question.language)
    stems = frozenset().union(*(one.stems for one in views))
    named = {low for name in question.names for low in name.lower().split()}
    names = [
        (token, stem)
        for token, stem in zip(asked.tokens[1:], asked.by_token[1:], strict=True)
        if token[0].isupper() and stem not in STOPWORDS and (question.language != "de" or token.lower() in named)
    ]
    return next((token for token, stem in names if stem not in stems), "")


def _column(question: Question, row: list[str], header: list[str], short: str) -> list[Fault]:
    """The short answer must stand in the column whose header shares most with the question."""
    asked = view(question.text, question.language).terms
    common = {group for stem in LIGHT for group in alike(stem)}
    score = [len((view(title, question.language).terms & asked) - common) for title in header]
    place = next((at for at, cell in enumerate(row) if cell == short.strip()), None)
    if place is None:
        place = next((at for at, cell in enumerate(row) if short.strip() in cell), None)
    if place is None or not any(score[1:]):
        return []
    best = max(score)
    if score[place] == best:
        return []
    wanted = header[score.index(best)] if score.index(best) else header[1 + score[1:].index(max(score[1:]))]
    if score[place] == max(score[1:]) and place > 0:
        return []
    return [("no", f"stands under “{header[place]}”, not “{wanted}”")]


def _beside(question: Question, own: View, short: str) -> list[Fault]:
    """A short number that counts another thing, where the thing asked for has a number of its own."""
    if question.kind not in ("count", "number") or not question.asked or not _NUMBER.fullmatch(short.strip()):
        return []
    following: dict[str, str] = {}
    for at, low in enumerate(own.lows):
        if low[0].isdigit():
            behind = next((stem for stem in own.by_token[at + 1 : at + 4] if stem in question.asked), "")
            following[low] = behind or (own.lows[at + 1] if at + 1 < len(own.lows) else "")
    mine = following.get(short.strip(), "")
    right = [number for number, noun in following.items() if noun in question.asked]
    if right and mine and mine not in question.asked:
        return [("no", f"{short.strip()} counts {mine}, not {question.unit}")]
    return []
