"""Which of several values in a statement is the one that is asked for: that of its own clause, and the one that holds
now."""

from __future__ import annotations

import re
from itertools import pairwise

from ...corpus import words
from ...questions.question_forms import LIGHT

_VALUE = re.compile(r"[£$€]?(?<![\w.,])\d[\d.,:]*(?<![.,:])(?:\s?[%€£$°])?")
_WITH_UNIT = re.compile(rf"(?P<value>{_VALUE.pattern})(?: [^\W\d_]+)?")
_CASE = re.compile(r"\s*(?:for|in|on|at|with|of|from|für|bei|im|in der|am)\b", re.IGNORECASE)
"""How the clause of another case begins: "for e-bikes 300"."""
_OF_PAYING = frozenset(words.stems("pay paid cost costs charge charged"))
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
    and £34 for a half plot", "100 euros, for e-bikes 300"; nothing where another case has some of them alone."""
    shown = _WITH_UNIT.fullmatch(found.strip())
    if shown is None:
        return found
    found, whole = shown["value"], found
    clauses = [(clause, held) for clause in _clauses(said) if len(held := _alike(found, clause)) == 1]
    if len(clauses) < 2:
        return whole
    asked = set(words.stems(question))
    said_there = {stem for clause, held in clauses if found in held for stem in words.stems(clause)}
    wanted = asked - said_there - LIGHT - _OF_PAYING
    cases = [(held[0], wanted - set(words.stems(clause))) for clause, held in clauses if _CASE.match(clause)]
    told = [(one, lost) for one, lost in cases if lost < wanted]
    if told:
        return told[0][0] if len(told) == 1 and not told[0][1] else ""
    shares = {held[0]: _share(asked, clause) for clause, held in clauses}
    best = max(shares, key=lambda one: shares[one])
    others = [share for one, share in shares.items() if one != best]
    return best if found in shares and best != found and shares[best] > max(others, default=0) else whole


def is_of_other_clause(question: str, found: str, said: str) -> bool:
    """Whether the clause in which the number ``found`` stands says less of the question than another one with a number:
    "£1.50 a load" where "the dryer 80p" is asked for."""
    asked = set(words.stems(question)) - LIGHT - _OF_PAYING
    shares = [(found in clause, _share(asked, clause)) for clause in _CLAUSE.split(said) if _BARE.search(clause)]
    own = max((share for here, share in shares if here), default=None)
    return own is not None and bool(_BARE.search(found)) and any(share > own for here, share in shares if not here)


def _share(asked: set[str], clause: str) -> int:
    """How many of the question's stems a clause holds; those with digits, which name things, count twice."""
    held = asked & set(words.stems(clause))
    return len(held) + sum(any(map(str.isdigit, stem)) for stem in held)


_CLAUSE = re.compile(r"[,;]\s|\s(?:while|whereas|während)\s", re.IGNORECASE)
_BARE = re.compile(r"(?<![\d.:/-])(?!(?:19|20)\d\d\b)\d+(?![\d:/-])")
"""A number that is no year and no part of a day or a time."""


def with_negation(found: str, said: str) -> str:
    """``found`` with the "not" or "no" right before it, whose sense it would turn round; nothing where that stands
    further off: "do not freeze more than three times"."""
    if not _COMPARED.match(found):
        return found
    before = said[: max(0, said.find(found))]
    near = _NOT.search(before)
    return f"{near[0].lstrip()}{found}" if near else "" if _NOT_BEFORE.search(before) else found


_COMPARED = re.compile(
    r"(?:more|less|fewer|later|earlier|longer|older|higher|lower|mehr|weniger|später|länger) (?:than|als)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"(?:^|\s)(?:not|no|nicht)\s$", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"(?:\b(?:not|never|nicht|nie|kein\w*)\b|n['’]t\b)[^.;:!?]*$", re.IGNORECASE)


def whole_path(found: str, said: str) -> str:
    """``found`` to its end, where it is the beginning of a path."""
    at = said.find(found)
    if at < 0 or not _OF_PATH.match(found):
        return found
    return found + _PATH_ON.match(said, at + len(found))[0].rstrip(".")  # type: ignore[index]


_OF_PATH = re.compile(r"(?:[~$.]|[\w.-]*/)\S*$")
_PATH_ON = re.compile(r"(?:/[\w.*{}<>$-]*)*")


def _clauses(text: str) -> list[str]:
    edges = [0, *(cut.end() for cut in _CUT.finditer(text)), len(text)]
    return [text[begin:end] for begin, end in pairwise(edges)]


def _alike(found: str, clause: str) -> list[str]:
    """The values of the clause that have the sign of ``found``: amounts of money, shares, or bare numbers."""
    sign = re.sub(r"[\d.,:\s]", "", found)
    return [match[0].strip() for match in _VALUE.finditer(clause) if re.sub(r"[\d.,:\s]", "", match[0]) == sign]
