"""When a version came out, which the heading of a list of changes tells: "1.5.0 (August 19, 2021)"."""

from __future__ import annotations

import re

from ..corpus.phrases.dates import first_day
from ..corpus.words import stems
from .fit import Fit
from .numbered import DOTTED
from .question import Question
from .question_forms import LIGHT

_RELEASED = re.compile(
    r"\b(?:releas(?:e|ed|es)|c[ao]me out|publish(?:ed)?|ship(?:ped)?|launch(?:ed)?|tagged|erschien(?:en)?"
    r"|veröffentlicht)\b",
    re.IGNORECASE,
)


def release_day(question: Question, heading: str) -> str:
    """The day in ``heading``, as it stands there, where ``question`` asks when the version that it names came out; else
    empty."""
    if not _RELEASED.search(question.text) or (question.kind != "date" and "date" not in question.text.lower()):
        return ""
    title = heading.strip("#= \n").partition("\n")[0]
    day = first_day(title)
    named, numbers = title.replace(day, " "), DOTTED.findall(question.text)
    told = day and len(numbers) == 1 and DOTTED.findall(named) == numbers and len(named) <= _LONGEST
    return day if told else ""


_LONGEST = 60
"""Characters of a heading besides its day."""


def fit_of_release(question: Question, around: str) -> Fit:
    """How well a heading with the day fits: surely where ``around`` it, in the document's name and head, the work is
    named whose version is asked for, or the question names none."""
    asked = set(stems(_OF_FORM.sub(" ", _RELEASED.sub(" ", question.text)))) - LIGHT
    work = {stem for stem in asked if not any(map(str.isdigit, stem))}
    lost = work - set(stems(around))
    found = Fit("sure", (), _SCORE)
    return found.unsure(f"says nothing of {', '.join(sorted(lost))}") if lost else found


_SCORE = 3.5
"""Of a statement that says all that is asked."""
_OF_FORM = re.compile(r"\b(?:date|day|version|first|new|publicly|officially|when|was|did)\b|\d[\w.]*", re.IGNORECASE)
