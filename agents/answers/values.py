"""Which of several values in a statement is the one that is asked for: that of its own clause, and the one that holds
now."""

from __future__ import annotations

import re
from itertools import pairwise

from ...corpus import words

_VALUE = re.compile(r"[£$€]?(?<![\w.,])\d[\d.,:]*(?<![.,:])(?:\s?[%€£$°])?")
_CUT = re.compile(r",\s|;\s|\s(?:and|but|while|whereas|or|und|aber|oder)\s", re.IGNORECASE)
_NAMED = (
    r"[“\"„][^”\"“]{1,40}[”\"“]|[£$€]?\d[\d.,:]*(?<![.,:])(?:\s?[%€£$])?|[A-Z][^\s,;.()]*(?: [A-Z&][^\s,;.()]*){0,3}"
)
_CHANGED = (
    r"(?:re[a-z]+ed|changed|moved|switched|since|geändert|umgestellt)\b[^,;()]{0,30}?\b(?:in|to|with|by|auf|durch) "
)
_WAS_NOW = re.compile(
    rf"\b(?:was|were|used to be|war|formerly|früher)\s(?P<old>[^,;]{{1,60}})[,;]\s(?:but |and |aber )?"
    rf"(?:(?:is |are |ist )?(?:now|jetzt|today|heute)\s|{_CHANGED})(?P<new>{_NAMED})",
)
"""What something was, and what it is now: 'was "Lilac", repainted in "Sage"'."""


def value_now(found: str, said: str) -> str:
    """``found``, or the value that has taken its place by now."""
    for change in _WAS_NOW.finditer(said):
        if found.strip('"“”„ ') and found.strip('"“”„ ') in change["old"]:
            return change["new"].strip('"“”„ ')
    return found


def value_of_clause(question: str, found: str, said: str) -> str:
    """``found``, or the other value of its form whose clause holds more of the question's words: "£62 for a full plot
    and £34 for a half plot"."""
    value = _VALUE.fullmatch(found.strip())
    if value is None:
        return found
    clauses = [(clause, held) for clause in _clauses(said) if len(held := _alike(found, clause)) == 1]
    if len(clauses) < 2:
        return found
    asked = set(words.stems(question))
    shares = {held[0]: len(asked & set(words.stems(clause))) for clause, held in clauses}
    best = max(shares, key=lambda one: shares[one])
    others = [share for one, share in shares.items() if one != best]
    return best if found.strip() in shares and shares[best] > max(others, default=0) else found


def _clauses(text: str) -> list[str]:
    edges = [0, *(cut.end() for cut in _CUT.finditer(text)), len(text)]
    return [text[begin:end] for begin, end in pairwise(edges)]


def _alike(found: str, clause: str) -> list[str]:
    """The values of the clause that have the sign of ``found``: amounts of money, shares, or bare numbers."""
    sign = re.sub(r"[\d.,:\s]", "", found)
    return [match[0].strip() for match in _VALUE.finditer(clause) if re.sub(r"[\d.,:\s]", "", match[0]) == sign]
