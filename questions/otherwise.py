"""What a statement says in another form than in the question's words: a value in one of its ranges, a key that is cut
short, a number that is its term, the sign that it begins with, the person who has a thing in charge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..corpus.sign_words import asked_sign, signs_of, term_sign
from ..corpus.words import stems
from . import hours, kinds
from .assertion import Fault
from .lookup import DUTY, in_charge
from .names import begins_with
from .number_terms import numbers_of_term
from .question import Question
from .question_forms import CAME_WITH, DONE_WHEN, MADE, OF_USE
from .ranges import Comparison, compared_words
from .sequences import OF_ORDER, OF_PLACES, asked_of_order
from .short_keys import ShortKey, key_faults, read_key, told_by_record
from .value_pairs import paired_value

_LABELLED = re.compile(r"\W*(?P<label>[^\W\d_][\w-]*(?: [\w-]+)?): \S")
_OF_SIGNS = "symbol sign key character command mark button shortcut mean stand"


@dataclass(frozen=True, slots=True)
class Told:
    stems: frozenset[str]
    key: ShortKey | None
    sign: str
    """The sign that the question asks about."""
    means: bool
    """Whether the statement says what that sign means."""
    settled: frozenset[str] = frozenset()
    """The groups of deciding words that it tells of in another form."""

    def faults(self, statement: str) -> list[Fault]:
        found = key_faults(self.key, statement)
        if self.sign and not self.means:
            quoted = self.sign in signs_of(statement)
            found.append(("unsure" if quoted else "no", f"does not say what {self.sign} stands for"))
        return found


def tell_otherwise(
    question: Question,
    statement: str,
    above: Sequence[str],
    compared: Sequence[Comparison],
    *,
    row: Sequence[tuple[str, str]],
    short: str,
) -> Told:
    """``above`` governs the statement, ``compared`` are its ranges; ``row`` and ``short`` are its cells and the one
    that is asked for, where it is a row."""
    key, sign = read_key(question.text, statement), asked_sign(question.text)
    means = bool(sign) and term_sign(statement) == sign
    in_order = not row and bool(asked_of_order(question.text, statement))
    tells_hours = not row and hours.asked_hours(question.text, statement, above) is not None
    said = [
        compared_words(compared),
        next((header for header, value in row if short and value == short), ""),
        *(numbers_of_term(question.text, above[-1]) if above else ()),
        told_by_record(question.text, statement),
        *(key.words if key else ()),
        _OF_SIGNS if means else "",
        _deed_of_label(question, statement),
        hours.TELLING if tells_hours else "",
        OF_PLACES if in_order else "",
        _condition_of_name(question, statement),
    ]
    found = {
        *stems(" ".join(said), question.language),
        *(("do", "doe") if means else ()),
        *(DUTY if in_charge(question, row) is not None else ()),
        *(OF_USE if row and short else CAME_WITH if kinds.OF_VERSION.match(question.text) else ()),
    }
    settled = set(hours.OF_HOURS if tells_hours else ())
    if in_order:
        settled |= {one.group for one in question.deciding if one.group in OF_ORDER}
    if not row and paired_value(question.text, statement):
        settled |= {one.group for one in question.deciding if one.group.endswith(" …")}
    return Told(frozenset(found), key, sign, means, frozenset(settled))


def _deed_of_label(question: Question, statement: str) -> str:
    """The deed that a label leaves unsaid: "Music: Tove Lind", asked who wrote the music."""
    made, label = MADE.match(question.text), _LABELLED.match(statement)
    if made is None or label is None:
        return ""
    named = set(stems(label["label"], question.language))
    return made["deed"] if named and named <= set(stems(made["work"], question.language)) else ""


def _condition_of_name(question: Question, statement: str) -> str:
    """What a line leaves unsaid that tells of a name of code: "``LOCKED``: no lock was free", asked when it is sent."""
    done = DONE_WHEN.match(question.text) if question.identifiers else None
    return done["deed"] if done and begins_with(question.identifiers[0], statement) else ""
