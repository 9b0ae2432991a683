# ruff: noqa: E501
"""Whether a statement, with what governs it, answers a question, and why not.

A statement is a sentence, an item or a row; its governors are what stands above it and holds for it: headings, a list's
lead-in, a table's header, keys, a caption, the document's title. Deterministic: word lists and forms, no store, no model.
The rule that comes first: better "unsure" about a right statement than "sure" about a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..corpus.languages import ENGLISH, FUNCTION_WORDS
from ..corpus.sign_words import term_sign
from ..corpus.words import stems
from . import assertion, cases, cells, counts, kinds, neighbours, other_values, ranges
from .assertion import Fault, Level
from .compounds import NO_COMPOUNDS, Compounds, compound_faults
from .defaults import default_faults
from .focus import lacks_focus
from .lookup import crosses, names_row
from .match import Coverage, coverage, deciding_faults
from .names import name_faults, name_share
from .negation import negation_faults
from .number_terms import is_number_term, numbers_of_term
from .numbered import numbered_faults, version_faults
from .otherwise import tell_otherwise
from .question import Question
from .question_forms import LIGHT, VALUES
from .variants import NO_INITIALS, NO_VARIANTS, Variants, variant_faults
from .view import View, view

LEVELS: tuple[Level, ...] = ("no", "unsure", "likely", "sure")
SURE, LIKELY = 0.86, 0.5
"""Shares of the weight of the question's words that a level asks for."""
NO_DATE, NO_REASON = "gives no date", "names no reason outright"
PENALTY = {"no": 6.0, "unsure": 2.5, "likely": 0.8, "sure": 0.0}
BASE, COVERED, OWN, KIND = -2.0, 4.0, 1.5, 1.0
"""The score: a log-odds up to a constant, the sum of what speaks for and against."""


@dataclass(frozen=True, slots=True)
class Fit:
    level: Level
    reasons: tuple[str, ...]
    """Why it is not better, in plain words, the gravest first; empty for what is sure."""
    score: float
    """Higher fits better; sums of log-odds, comparable within one question."""
    formless: bool = False
    """It is a heading, a lead-in, a mark, a question: no statement at all."""
    worded_otherwise: bool = False
    """Nothing speaks against it but words that it lacks, or its form: no other name, side, number, version; no aim."""
    opposed: bool = False
    """It tells of another name, side, number or version than the question, or asserts nothing: never an answer."""

    def unsure(self, why: str = "") -> Fit:
        """The same, no better than unsure for the reason ``why``, where that is not among the reasons already."""
        level: Level = "unsure" if LEVELS.index(self.level) > LEVELS.index("unsure") else self.level
        return replace(self, level=level, reasons=(*self.reasons, *[why] * bool(why)), worded_otherwise=False)


def fit(
    question: Question,
    statement: str,
    governors: Sequence[str] = (),
    short: str = "",
    weights: Mapping[str, float] | None = None,
    read: bool = False,
    row: Sequence[tuple[str, str]] = (),
    opening: str = "",
    variants: Variants = NO_VARIANTS,
    compounds: Compounds = NO_COMPOUNDS,
    initials: Mapping[str, str] = NO_INITIALS,
) -> Fit:
    """``short`` is the few words that would be shown as the answer; ``weights`` the idf of stems; ``read`` whether the
    reader is sure that the answer stands in the statement, so that words that are missing may be said in others;
    ``row`` columns and values, where the statement is a row; ``opening`` the head of its document, whose names and dates
    tell it from others like it; ``variants`` the words behind an identifier that make another thing of it, ``compounds`` those of the question, ``initials`` those of the people whom the question names. Of a question with several parts it is the part that fits
    best, which is then named as the only one."""
    if question.parts:
        rest = (governors, short, weights, read, row, opening, variants, compounds, initials)
        fits = [fit(part, statement, *rest) for part in question.parts]
        best = max(range(len(fits)), key=lambda place: (LEVELS.index(fits[place].level), fits[place].score))
        return Fit(
            fits[best].level, (*fits[best].reasons, f"answers “{question.parts[best].text}” alone"), fits[best].score
        )
    above = tuple(governors)
    wrong = assertion.form_faults(statement, question.text, above, row=bool(row))
    own, around = view(statement, question.language), tuple(view(text, question.language) for text in above)
    opening = _without_rows(opening, statement) if row else opening
    head = view(opening, question.language) if opening else None
    compared = ranges.compare(question.text, statement, " ".join(above))
    from_then = bool(compared) and cases.holds_from_then(question.text, statement)
    compared = [replace(one, inside=True) for one in compared] if from_then else compared
    said = tell_otherwise(question, statement, above, compared, row=row, short=short)
    held = coverage(
        question,
        own,
        around,
        weights,
        head,
        told=said.stems,
        initials=initials,
    )
    faults = firm = [*wrong]
    of_row, of_kind = list[Fault](), list[Fault]()
    lacking = False
    if not wrong:
        rule = own if row else view(cases.without_exception(question.text, statement), question.language)
        faults += deciding_faults(
            question, rule, around, short, head, settled=ranges.groups_of(compared) | said.settled, row=bool(row)
        )
        faults += ranges.faults(
            compared, terse=bool(row) or own.terse, yes_no=question.kind == "yes_no" and not question.negated
        )
        faults += name_faults(question, own, around, held.missing, head, initials=initials)
        faults += variant_faults(variants, own, around, head)
        faults += [] if row else compound_faults(compounds, question, own)
        faults += numbered_faults(question, own, around, ranges.groups_of(compared) | said.settled)
        faults += version_faults(question, around, head)
        within = any(one.inside for one in compared)
        of_row = cells.faults(
            question, own, around, short=short, missing=held.missing, named=row, by_range=within, opening=head
        )
        faults += of_row
        faults += said.faults(statement)
        faults += negation_faults(question, view(short, question.language) if row and short else own, around)
        faults += _assertion_faults(question, own, above)
        faults += neighbours.faults(question, own, around, held, head)
        faults += _deed_faults(question, held)
        faults += counts.faults(question, own.text, above, row=bool(row))
        faults += other_values.faults(question, own, row=bool(row))
        faults += [("no", kinds.NO_REACH)] if kinds.lacks_form(question, statement) else []
        firm = [*faults]
        dated = head is not None and kinds.OF_VERSION.match(question.text)
        of_one_row = question.kind == "list" and crosses(question, row)  # "which boots do I need for the roof"
        of_kind = _kind(
            question, own, (*around, head) if head and dated else around, short, row=bool(row), of_one_row=of_one_row
        )
        faults += of_kind
        lacking = _lacks_all(question, of_kind, held)
        missing = [] if said.means and not held.missing else _coverage_faults(question, own, held)
        other = _of_another(question, own, around, held)
        forgiven = from_then or (read and not other) or (bool(row) and (within or names_row(question, row)))
        least: Level = "likely" if short and crosses(question, row) else "unsure" if forgiven else "no"
        faults += [(max(level, least, key=LEVELS.index), why) for level, why in missing]
    if question.language != ENGLISH:  # paraphrases and kinds of other languages are known too little to refuse by
        faults = [
            (max(level, "unsure", key=LEVELS.index), why) if (level, why) not in wrong else (level, why)
            for level, why in faults
        ]
    faults.sort(key=lambda fault: LEVELS.index(fault[0]))
    level: Level = min((fault[0] for fault in faults), key=LEVELS.index, default="sure")
    score = BASE + COVERED * held.share + OWN * held.own - sum(PENALTY[worst] for worst, _ in faults)
    reasons = tuple(dict.fromkeys(why for worst, why in faults if worst != "sure"))
    worded_otherwise = not lacking and all(worst in ("sure", "likely") for worst, _ in firm)
    opposed = any(worst == "no" and (worst, why) not in of_row for worst, why in firm)
    found = Fit(
        level, reasons, round(score, 3), formless=bool(wrong), worded_otherwise=worded_otherwise, opposed=opposed
    )
    beside = lacks_focus(question, statement, held.missing) or _lacks_subject(question, held)
    beside = beside or (held.own == 0 and ("likely", NO_DATE) in of_kind)  # when another thing happens
    if row and question.kind == "yes_no" and short and not _TRUTH.fullmatch(short) and held.missing_words:
        return found.unsure()
    if not row and (beside or _lacks_deed(question, of_kind, held)):
        return found.unsure()
    return found


_TRUTH = re.compile(r"\W*(?:yes|no|y|n|true|false|ja|nein|x|✓|✔|✗)\W*", re.IGNORECASE)


def _lacks_deed(question: Question, of_kind: Sequence[Fault], held: Coverage) -> bool:
    """Whether the statement neither names a reason nor tells of what the reason is asked for."""
    lost = any(stem not in LIGHT for stem in held.missing)
    return question.kind == "reason" and lost and any(why == NO_REASON for _, why in of_kind)


def _lacks_all(question: Question, of_kind: Sequence[Fault], held: Coverage) -> bool:
    """Whether the statement holds no value where one is asked for, or nothing of what is asked about."""
    no_value = question.kind in kinds.MEASURED and any(why in (kinds.reason(question), NO_DATE) for _, why in of_kind)
    content = {stem for stem in (*question.subject, *question.asked) if stem not in LIGHT}
    named = question.names or question.identifiers
    return no_value or (bool(content) and not named and content <= set(held.missing)) or _lacks_subject(question, held)


def _lacks_subject(question: Question, held: Coverage) -> bool:
    """Whether the statement holds what is asked for and nothing of what is said of it: that flats have parking spaces
    does not say which flat is empty."""
    subject = {stem for stem in question.subject if stem not in LIGHT}
    named = question.names or question.identifiers
    return bool(subject and question.asked) and not named and subject <= set(held.missing)


def _without_rows(opening: str, row: str) -> str:
    """``opening`` without the lines of a file of values that have the form of ``row``: the name of another row tells
    nothing of this one."""
    sign = max(",;\t", key=row.count)
    parts = row.count(sign)
    if row.startswith("|") or not parts:
        return opening
    return "\n".join(line for line in opening.split("\n") if line.count(sign) != parts or f"{sign} " in line)


def _of_another(question: Question, own: View, around: tuple[View, ...], held: Coverage) -> bool:
    """Neither the property that is asked for nor the one whose it is: "his deputy" for the captain of the Alba."""
    missing = bool(question.asked) and set(question.asked) <= set(held.missing)
    named_there = any(name_share(name, view) for name in question.names for view in (own, *around))
    return missing and (own.terse or (bool(question.names) and not named_there))


def _coverage_faults(question: Question, own: View, held: Coverage) -> list[Fault]:
    share, own_share, missing = held.share, held.own, held.missing_words
    asked = {*question.subject, *question.asked}
    none_held = bool(asked) and asked <= set(held.missing) and not (question.names or question.identifiers)
    if share >= SURE:
        pronoun = own_share == 0 and len(own.tokens) > 6
        return [("likely", "names what is asked about only above itself")] if pronoun else []
    bare = own.terse or len(own.tokens) < 8 or question.kind in VALUES
    nothing: Level = "no" if bare else "unsure"
    level: Level = "likely" if share >= LIKELY else "unsure" if share > 0 and not none_held else nothing
    property_missing = bool(question.asked) and set(question.asked) <= set(held.missing)
    lost = sum(stem in held.missing for stem in question.asked)
    if level == "likely" and question.kind in VALUES and lost * 2 > len(question.asked):
        level = "unsure"  # "bank account number" is not answered by a VAT number
    told = FUNCTION_WORDS.get(question.language, frozenset())
    if level == "likely" and question.language != ENGLISH and not told.issuperset(missing):
        level = "unsure"  # of other languages too few paraphrases are known to forgive a word
    if property_missing and question.kind in VALUES:
        plain = own.terse and not own.text.startswith("|")
        level = "no" if plain or share < LIKELY else "unsure"
    elif own.terse and level == "likely":
        level = "unsure"
    words = ", ".join(missing[:3]) or "what is asked about"
    return [(level, f"says nothing of {words}")]


def _deed_faults(question: Question, held: Coverage) -> list[Fault]:
    """That a thing costs so much does not say that it was bought."""
    deed = assertion.deed_of(question.text) if question.kind == "yes_no" else ""
    unsaid = deed and set(stems(deed, question.language)) & set(held.missing)
    return [("unsure", f"does not say that it was {deed}")] if unsaid else []


def _assertion_faults(question: Question, own: View, above: tuple[str, ...]) -> list[Fault]:
    found: list[Fault] = []
    text = own.text
    aims = None if _about_aims(question.text) else assertion.aim(text)
    if aims is not None:
        rest = text[: aims[0]] + " " + text[aims[1] :]
        inside = _share_of(question, text[aims[0] : aims[1]])
        if inside and inside > _share_of(question, rest):
            firm = question.kind in ("yes_no", "reason")
            found.append(("no" if firm else "unsure", "states an aim or a supposition, not a result"))
    left_open = assertion.open_question(text) if question.kind == "yes_no" else None
    if left_open and not found and not _about_aims(question.text):
        inside_it = view(text[left_open[0] :], question.language).stems
        if inside_it & view(question.text, question.language).stems:
            found.append(("no", "leaves open what is asked"))
    if assertion.points(text) and question.kind != "list":
        found.append(("no", "only points elsewhere"))
    if assertion.example(text):
        found.append(("unsure", "an example"))
    if (
        question.kind in ("person", "name", "list", "count")
        and _NEVER.search(question.text)
        and not _NOT_ONCE.search(text)
    ):
        found.append(("unsure", "does not say what never was"))
    found += default_faults(question, text, above)
    if question.kind not in ("steps", "reason", "yes_no") and cases.tells_trigger(question.text, text):
        found.append(("unsure", "tells from when on something is done"))
    if not question.versions and (number := cases.lacks_number(question.text, (text, *above))):
        found.append(("unsure", f"says nothing of {number}"))
    if question.kind == "yes_no" and assertion.condition(text) and not assertion.condition(question.text):
        found.append(("likely", "holds under a condition"))
    if question.kind == "yes_no" and cases.only_under_condition(question.text, text):
        found.append(("unsure", "says it only under a condition"))
    if question.kind != "yes_no" and cases.ends_at_exception(question.text, text):
        found.append(("unsure", "is about all but what is asked"))
    if question.kind in ("count", "number") and assertion.counts_nothing(text):
        found.append(("unsure", "does not say what it counts"))
    if assertion.only_planned(text, question.text):
        found.append(("unsure", "says what was meant to be, not what was"))
    if assertion.belongs_to_question(text, above, of_person=question.kind in ("person", "name", "value")):
        found.append(("no", "asks a question itself"))
    if question.kind not in ("steps", "reason", "definition", "comparison"):
        if assertion.only_asked_for(text, question.text):
            found.append(("unsure", "says what was asked for or offered, not what came of it"))
        if assertion.decides_nothing(text, question.text):
            found.append(("unsure", "tells of no decision"))
    if _SUCH.match(text) and not own.stems.issuperset((*question.subject, *question.asked)):
        found.append(("unsure", "speaks of what the sentence before it names"))
    if assertion.uncertain(text):
        found.append(("unsure", "is not certain itself"))
    return found


_SUCH = re.compile(r"\W*such(?: an?)? [^\W\d_]+", re.IGNORECASE)
_NEVER = re.compile(r"\bnever\b|\bnot once\b", re.IGNORECASE)
_NOT_ONCE = re.compile(r"\b(?:never|not|none|no)\b(?! longer)|n['’]t\b", re.IGNORECASE)


def _about_aims(text: str) -> bool:
    low = text.lower()
    return any(
        word in low
        for word in (
            "whether",
            "aim",
            "goal",
            "purpose",
            "hypothes",
            "objective",
            "investigat",
            "study",
            "expect",
            "ziel",
        )
    )


def _share_of(question: Question, text: str) -> float:
    present = view(text, question.language).terms
    asked = {*question.subject, *question.asked}
    return len(asked & present) / (len(asked) or 1)


def _kind(
    question: Question, own: View, around: tuple[View, ...], short: str, *, row: bool, of_one_row: bool
) -> list[Fault]:
    above = " ".join(view.text for view in around)
    asked = view(question.text, question.language)
    named = bool(own.capitals - {word.lower() for word in asked.tokens})
    found: list[Fault] = []
    subject = [*question.subject, *question.asked]
    if short:
        inside = view(short, question.language)
        if (
            kinds.holds(question, short, (row and short[0].isupper()) or bool(inside.capitals - set(asked.lows)), above)
            is False
            and question.kind != "reason"
            and not of_one_row
        ):
            found.append(("unsure", kinds.reason(question)))
        if inside.stems and inside.stems <= asked.stems and question.kind not in ("yes_no", "comparison"):
            found.append(("unsure", "repeats words of the question"))
    if question.kind in ("reason", "steps") and any(_asks_it(asked, view) for view in around[-2:]):
        return found  # below the question itself stands its answer
    term = around[-1].text if len(around) > 2 else ""  # the first two are the document's name and its headings
    if not (short and row) and kinds.holds(question, own.text, named, above, term) is False:
        hard = question.kind in ("number", "count", "duration") and question.asked != ("much",)
        hard = hard or question.unit in ("version", "release")
        found.append(("no" if hard else "unsure", kinds.reason(question)))
    elif question.kind == "steps" and not kinds.strong_step(own.text):
        found.append(("likely", "says little of what to do"))
    elif question.kind == "reason" and not kinds.strong_reason(own.text):
        found.append(("likely", NO_REASON))
    elif question.kind == "date" and question.language in ("en", "de"):
        said = kinds.without_stamps(question, own.text)
        if not kinds.exact_date(said):
            found.append(("likely" if kinds.relative_time(said) else "unsure", NO_DATE))
    elif question.kind == "definition":
        name = (question.names or question.identifiers or (" ".join(_defined_words(question)),))[0]
        kind_of = re.search(rf"([^\W\d_]+) {re.escape(name)}\b", question.text)  # "error E04"
        spoken = (name, f"{kind_of[1]} {name}") if kind_of else (name,)
        above_it = tuple(view.text for view in around)
        defined = bool(term and numbers_of_term(question.text, term)) or bool(short and own.terse and not row)
        if not defined and not any(kinds.defines(one, own.text, above_it, question.language) for one in spoken):
            found.append(("unsure", "does not define it"))
    elif question.kind == "comparison":
        found.append(("likely", "a comparison may need more than one statement"))
    picks = " or " in question.text.lower()
    picks = picks or kinds.OF_VERSION.match(question.text) is not None
    named_only = subject and own.terms and question.kind in ("name", "person") and not short and not picks
    if named_only and own.stems <= asked.stems and not (is_number_term(term) or term_sign(own.text)):
        found.append(("no", "repeats the question"))
    return found


def _asks_it(asked: View, above: View) -> bool:
    """Whether what stands above is the question, or nearly so: a heading of answers to common questions."""
    content = asked.stems - LIGHT
    return above.text.rstrip("*_ ").endswith("?") and 2 * len(content & above.stems) > len(content) > 0


def _defined_words(question: Question) -> list[str]:
    text = view(question.text, question.language)
    wanted = set(question.subject) | {part for sign in question.deciding for part in sign.word.split()}
    return [low for low, stem in zip(text.lows, text.by_token, strict=True) if stem in wanted or low in wanted]
