"""What a statement says of a neighbour of what is asked: of another option, amount or question, or only in passing.

The words of the question stand there, and yet it is not answered. Looks at forms alone; what is missing is for
``match.py``.
"""

from __future__ import annotations

import re

from ..corpus.words import stems
from .assertion import Fault
from .match import Coverage
from .opposites import each
from .paraphrases import alike
from .question import Question
from .question_forms import LIGHT
from .view import View, view

_OPTION = re.compile(r"[`*]*(?:--?[a-zA-Z][\w-]*|[a-z]\w*(?:[-_.][\w-]+)+|[a-z]+[A-Z]\w*|(?P<plain>[a-z]{3,}))\b")
"""How the term of an option begins; a ``plain`` word is one on a manual page alone."""
_ARGUMENTS = re.compile(r"[\w`*<>\[\]|=,.:/-]+(?: [\w`*<>\[\]|=,.:/-]+){0,5}")
_PLACEHOLDERS = re.compile(r"<[^>]*>|\[[^]]*\]")
_OF_ALL = frozenset(stems("default value number setting option limit maximum minimum"))
"""Stems that say little of which option is meant."""
_MANUAL_PAGE = re.compile(r"\b[\w.-]+\(\d[a-z]{0,2}\)")
_USUAL = re.compile(r"\b(?:defaults?|unless|otherwise|always|standard)\b", re.IGNORECASE)
_BARE = 4
"""Tokens of an answer that says nothing without its question: "No, not yet."."""
_BRACKETS = re.compile(r"\([^()]*\)|\[[^][]*\]")
_COST = frozenset(stems("cost price fee charge fare expensive kosten kostet preis"))
_OF_MONEY = frozenset(
    each("""
    rent deposit salary wage wages budget tax fine penalty interest discount allowance turnover revenue bonus premium
    insurance loan mortgage pension donation grant profit savings balance refund compensation miete kaution gehalt lohn
    steuer rabatt
    """)
)
"""What else an amount of money may be."""
_SUM = r"(?:[£$€]\s?\d|\b(?:usd|eur|gbp|chf)\s?\d|\d[\d.,]*\s?(?:[£$€]|euros?|dollars?|pounds|eur|usd|gbp)\b)"
RATE = r"[\d.,]*\s?(?:(?:euros?|dollars?|pounds|eur|usd|gbp)\b )?(?:per|an?|each|a piece|pro|je)\b"
"""What stands behind the sum of a price: "£1.40 an hour"."""
_IS_SUM = re.compile(
    r"(?:\b(?:is|are|was|were|be|for|paid|pays?|only|ist|sind|war|waren|für)|[:=|(–—-])\s*(?:about |only |just |nur )?"
    + _SUM
    + r"|"
    + _SUM
    + RATE,
    re.IGNORECASE,
)


def faults(
    question: Question, own: View, around: tuple[View, ...], held: Coverage, opening: View | None = None
) -> list[Fault]:
    found: list[Fault] = []
    if question.kind == "yes_no":
        lost = any(stem not in LIGHT for stem in held.missing)
        option = _option_of(question, own, around, opening, usual=lost)
        if option:
            found.append(("unsure", f"holds where “{option}” is set"))
        if _answers_another(question, own, around, held):
            found.append(("unsure", "answers another question"))
        if _in_brackets(question, own):
            found.append(("unsure", "says it only in brackets"))
    unnamed = _of_unnamed_option(question, own, around, opening)
    if unnamed:
        found.append(("unsure", f"tells of “{unnamed}”"))
    amount = _of_another_amount(question, own, held)
    if amount:
        found.append(("unsure", amount))
    return found


def _option_of(
    question: Question, own: View, around: tuple[View, ...], opening: View | None, *, usual: bool = False
) -> str:
    """The option that the statement tells of, which the question does not name: what it does holds where it is set.
    ``usual``: also where it says what holds as long as it is not set."""
    term = around[-1].text.strip() if len(around) > 2 else ""  # the first two are the document's name and its headings
    found = _OPTION.match(term)
    if found is None or _ARGUMENTS.fullmatch(term) is None or (not usual and _USUAL.search(own.text)):
        return ""
    manual = any(_MANUAL_PAGE.search(one.text) for one in (*around[:-1], *([opening] if opening else [])))
    asked = view(question.text, question.language)
    named = any(low in asked.lows or stem in asked.stems for low, stem in zip(*_words_of(term, question), strict=True))
    return "" if named or (found["plain"] and not manual) else found[0].strip("`*")


def _of_unnamed_option(question: Question, own: View, around: tuple[View, ...], opening: View | None) -> str:
    """The option that the statement tells of, where neither it nor what it says has a word of the question but those
    that all of the document has: "By default, the limit is 100." """
    content = {stem for stem in (*question.subject, *question.asked) if stem not in LIGHT | _OF_ALL}
    if (
        question.kind == "yes_no"
        or not content
        or not (option := _option_of(question, own, around, opening, usual=True))
    ):
        return ""
    title = view(" ".join(one.text for one in around[:2]), question.language).stems
    term = view(_PLACEHOLDERS.sub(" ", around[-1].text), question.language)
    told = own.terms | term.terms
    specific = content - title
    return "" if not specific or any(stem in told or told & set(alike(stem)) for stem in specific) else option


def _words_of(term: str, question: Question) -> tuple[list[str], list[str]]:
    told = view(_PLACEHOLDERS.sub(" ", term), question.language)
    return list(told.lows), list(told.by_token)


def _answers_another(question: Question, own: View, around: tuple[View, ...], held: Coverage) -> bool:
    """A bare yes or no below a question that shares less than half with the one that is asked."""
    if len(own.tokens) > _BARE or not around or not around[-1].text.rstrip("*_ ").endswith("?"):
        return False
    content = view(question.text, question.language).stems - LIGHT
    return bool(held.missing) and 2 * len(content & around[-1].stems) <= len(content)


def _in_brackets(question: Question, own: View) -> bool:
    """At least half of the question's words that the statement has stand in brackets alone."""
    if "(" not in own.text and "[" not in own.text:
        return False
    plain = view(_BRACKETS.sub(" ", own.text), question.language).stems
    content = {stem for stem in question.subject if stem not in LIGHT and stem in own.stems}
    return bool(content) and 2 * len(content - plain) >= len(content) > 1


def _of_another_amount(question: Question, own: View, held: Coverage) -> str:
    """An amount of money where the statement does not say that the thing costs it."""
    lost = [stem for stem in (*question.subject, *question.asked) if stem in held.missing and stem in _COST]
    if question.unit != "money" or not lost or not set(question.asked) <= set(held.missing):
        return ""
    asked = view(question.text, question.language).lows
    rival = next((low for low in own.lows if low in _OF_MONEY and low not in asked), "")
    if rival:
        return f"an amount of {rival}"
    direct = _IS_SUM.search(own.text) or not re.search(_SUM, own.text, re.IGNORECASE)
    return "" if direct else "does not say what the amount is for"
