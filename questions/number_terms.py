"""Terms that are numbers or ranges of them, above what they stand for: ``65535`` and ``100-999`` in a list of ids."""

from __future__ import annotations

import re

_TERM = re.compile(r"[\s#*`:]*(?P<first>\d[\d.,]*\d|\d)(?:\s*(?:-|–|—|to|bis)\s*(?P<last>\d[\d.,]*\d|\d))?[\s#*`:]*")
_ASKED = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?:\s?[-–—]\s?\d+(?:[.,]\d+)*)?(?![\w-])")
_FORMS = re.compile(r"\s*[-–—]\s*")


def asked_numbers(question: str) -> tuple[str, ...]:
    """The numbers and ranges of a question, each as it is written."""
    return tuple(_ASKED.findall(question))


def is_number_term(term: str) -> bool:
    return _TERM.fullmatch(term) is not None


def numbers_of_term(question: str, term: str) -> tuple[str, ...]:
    """The numbers of the question that a term which is a number or a range is, or holds."""
    found = _TERM.fullmatch(term)
    return tuple(number for number in asked_numbers(question) if found and _holds(found, number))


def _holds(term: re.Match[str], number: str) -> bool:
    bare = _FORMS.sub("-", number)
    if "-" in bare:
        return term["last"] is not None and bare == f"{term['first']}-{term['last']}"
    if term["last"] is None:
        return bare == term["first"]
    values = [part.replace(",", "") for part in (term["first"], bare, term["last"])]
    return all(map(str.isdecimal, values)) and int(values[0]) <= int(values[1]) <= int(values[2])
