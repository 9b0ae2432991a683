"""What one document says, by its text alone: its sentences, the names and terms in them, definitions, abbreviations.

A pure function of the document, so that an edit touches its facts only. Knows no other document and no store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...corpus.languages import language_of
from ...corpus.phrases.abbreviations import definitions
from ...corpus.phrases.names import MOST_WORDS, Mention, Titles, Word, mentions, normal, text_words, title_forms
from ...corpus.phrases.persons import sign_of
from ...corpus.phrases.terms import DETERMINERS, small_word_terms, term_of, terms
from ...corpus.spans import sentences
from ...corpus.spans.units import CODE_KINDS
from ...corpus.texts import TextPart
from ...corpus.words import STOPWORDS
from .headings import heading_form, heading_name, path_names, sections
from .pronouns import first_pronoun

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORM = "4"
"""Changes with the rules, so that facts of an older form are read again."""
NAME, OPENER, TERM, LOOSE, DATE, COMPOSED = range(6)
"""A name; a capital at the beginning of a sentence, which may be a name; a term that is surely a noun phrase; one that
may be; a date; two terms with *of* or *and* between."""
MOST_IN_SENTENCE = 24
"""Mentions of one sentence that are kept: a table of a thousand cells is no statement about a thousand things."""
LONGEST_SENTENCE = 2_000
"""Characters; what is longer is a table, a list or data."""
OWN_PAGE = 40
"""Sentences up to which a document without headings is about its title."""
DEFINED = 160
"""Characters of a definition."""

NO_PROSE = CODE_KINDS | {"data"}
"""Kinds of passages that hold no statements."""
_CODE = NO_PROSE - {"code"}
"""Kinds of passages that are no part of a section; an example in code is."""
_KINDS = {"title": NAME, "name": NAME, "quoted": NAME, "date": DATE}
_IS = re.compile(r"(?:\s*\([^()]{0,80}\))?,?\s+(?:is|was|are|were)\s+(?=(?:an?|the|one of)\s)", re.IGNORECASE)
_APPOSED = re.compile(
    r",\s+(?=(?:an?|the|our|its)\s[^,.;:()]{3,80}[,.;)]|(?:[a-z-]+ ){0,3}(?:officer|president|director|"
    r"professor|founder|chairman|chairwoman|manager|author|editor|king|queen|capital|subsidiary|ceo|cfo|cto)\b)"
)
_CONTRACTED = re.compile(r"['’](?:ll|m|ve|re|d|t)$|n['’]t$", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n]+")
_DEFINITION_END = re.compile(r"[,;:(]| (?:who|which|that|and|but) |[.!?](?=\s|$)")


@dataclass(frozen=True)
class DocumentFacts:
    phrases: list[tuple[str, str]]
    """Normal form and one spelling of each, in the order of the text."""
    mentions: NDArray[np.int32]
    """``[n, 6]``: phrase, start, end, sentence, kind, whether it seems to be a person (``persons.sign_of``)."""
    sentences: NDArray[np.int32]
    """``[m, 4]``: start, end, the phrase that names the page or section (-1 where there is none), passage."""
    definitions: NDArray[np.int32]
    """``[k, 3]``: mention, start and end of what it is said to be."""
    abbreviations: list[tuple[int, int, int]]
    """Short form, long form (phrases), sentence."""
    sections: NDArray[np.int32]
    """``[h, 3]``: the phrase that a heading names, the first and the last passage below it."""
    pronouns: NDArray[np.int32]
    """``[p, 4]``: sentence, start, end, *he* or *she*; the first of each sentence."""

    def columns(self) -> tuple[str, bytes, bytes, bytes, str, bytes, bytes]:
        return (
            json.dumps(self.phrases, ensure_ascii=False),
            self.mentions.tobytes(),
            self.sentences.tobytes(),
            self.definitions.tobytes(),
            json.dumps(self.abbreviations),
            self.sections.tobytes(),
            self.pronouns.tobytes(),
        )


@dataclass
class _Reading:
    numbers: dict[str, int] = field(default_factory=dict)
    spellings: list[tuple[str, str]] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)
    mentions: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    sentences: list[tuple[int, int, int, int]] = field(default_factory=list)
    definitions: list[tuple[int, int, int]] = field(default_factory=list)
    abbreviations: list[tuple[int, int, int]] = field(default_factory=list)
    pronouns: list[tuple[int, int, int, int]] = field(default_factory=list)

    def phrase(self, normal: str, spelling: str, sure: bool) -> int:
        number = self.numbers.setdefault(normal, len(self.spellings))
        if number == len(self.spellings):
            self.spellings.append((normal, " ".join(spelling.split())))
            self.sure.append(sure)
        elif sure and not self.sure[number]:
            self.spellings[number], self.sure[number] = (normal, " ".join(spelling.split())), True
        return number


def read_facts(text: str, title: str, parts: Sequence[TextPart]) -> DocumentFacts:
    """``parts`` are the document's passages in order; code and data hold no statements and are passed over."""
    import numpy as np

    prose = [(at, part) for at, part in enumerate(parts) if part.kind not in NO_PROSE]
    headings = {name for _, part in prose for name in path_names(part.heading)}
    names = [heading_name(title), *sorted(headings)]
    titles = Titles(dict.fromkeys(form for name in names for form in title_forms(name)))
    nouns_in_capitals = language_of(text) == "de"
    reading = _Reading()
    spans = [(at, part, sentences(text, part.start, part.end, part.kind)) for at, part in prose]
    of_title = sum(len(found) for *_, found in spans) <= OWN_PAGE
    for at, part, found in spans:
        # A section is named by its nearest heading that names something, or else by the page.
        name = (path_names(part.heading) or [title if of_title else ""])[-1]
        subject = _heading(name, reading) if heading_form(name) else -1
        above = {normal(name): name for name in part.heading.split(" > ")}
        for begin, end in found:
            heading = above.get(normal(text[begin:end])) if end - begin <= LONGEST_SENTENCE else None
            # A heading is read without its number, and not at all where it says nothing.
            start = begin if heading is None else max(begin, text.find(heading_name(heading), begin, end))
            if end - start <= LONGEST_SENTENCE and (heading is None or heading_form(heading)):
                _read_sentence(
                    reading, text, (start, end), titles=titles, german=nouns_in_capitals, owner=(subject, at)
                )
    headed = [(at, part.heading) for at, part in enumerate(parts) if prose and part.kind not in _CODE]
    found_sections = [(_heading(name, reading), first, last) for name, first, last in sections(headed)]
    return DocumentFacts(
        reading.spellings,
        np.asarray(reading.mentions, np.int32).reshape(-1, 6),
        np.asarray(reading.sentences, np.int32).reshape(-1, 4),
        definitions=np.asarray(reading.definitions, np.int32).reshape(-1, 3),
        abbreviations=reading.abbreviations,
        sections=np.asarray(found_sections, np.int32).reshape(-1, 3),
        pronouns=np.asarray(reading.pronouns, np.int32).reshape(-1, 4),
    )


def _heading(name: str, reading: _Reading) -> int:
    name = heading_name(name)
    return reading.phrase(heading_form(name), name.rpartition(" (")[0] or name, True)


def _read_sentence(
    reading: _Reading, text: str, span: tuple[int, int], titles: Titles, german: bool, owner: tuple[int, int]
) -> None:
    start, end = span
    sentence = text[start:end]
    words = text_words(sentence)
    number = len(reading.sentences)
    kept = sorted(_find_mentions(sentence, words, titles, german), key=lambda one: one[0].first)[:MOST_IN_SENTENCE]
    pronoun = first_pronoun(sentence)
    if not kept and owner[0] < 0 and pronoun is None:
        return
    reading.sentences.append((start, end, *owner))
    if pronoun is not None:
        reading.pronouns.append((number, start + pronoun[0], start + pronoun[1], pronoun[2]))
    for mention, kind in kept:
        first, last = words[mention.first].start, words[mention.last - 1].end
        last -= 2 if words[mention.last - 1].owner and mention.phrase.endswith(words[mention.last - 1].owner) else 0
        phrase = reading.phrase(mention.phrase, sentence[first:last], kind in (NAME, DATE))
        place = _definition(sentence, last, kind) if kind in (NAME, OPENER, TERM) else None
        if place:
            reading.definitions.append((len(reading.mentions), start + place[0], start + place[1]))
        says = sentence[slice(*place)] if place else ""
        sign = sign_of(sentence, words, mention, says) if kind in (NAME, OPENER) else 0
        reading.mentions.append((phrase, start + first, start + last, number, kind, sign))
    if "(" in sentence:
        for short, long in definitions(sentence):
            if short in reading.numbers and long in reading.numbers:
                reading.abbreviations.append((reading.numbers[short], reading.numbers[long], number))


def _find_mentions(text: str, words: Sequence[Word], titles: Titles, german: bool) -> Iterator[tuple[Mention, int]]:
    named = [
        one for one in mentions(text, words, titles) if one.kind != "number" and not _is_contraction(text, words, one)
    ]
    openers = {one.first: one for one in named if _opens(text, words, one)}
    taken = {at for one in named if openers.get(one.first) is not one for at in range(one.first, one.last)}
    owners = {one.last: one for one in named if words[one.last - 1].owner}
    ends = {one.last: one for one in named if one.kind == "name" and one.first not in openers}
    for mention, sure in terms(text, words, taken):
        if owner := owners.get(mention.first):
            yield Mention(term_of(words[owner.first : mention.last]), owner.first, mention.last, "term"), TERM
        elif (before := ends.get(mention.first)) and _SPACE.fullmatch(text, *_gap(words, mention.first)):
            # "the Cambrian fauna": of a name before a term.
            whole = Mention(term_of(words[before.first : mention.last]), before.first, mention.last, "term")
            determined = before.first and words[before.first - 1].normal in DETERMINERS
            yield whole, TERM if determined else COMPOSED
        opener = openers.get(mention.first)
        if opener is None or opener.last - opener.first > 1:
            yield mention, TERM if sure else LOOSE
        elif mention.last - mention.first > 1:
            # "Gross margin fell", "Zanzibar burned": a longer term, or a name before something else.
            yield mention, LOOSE
            yield Mention(mention.phrase.partition(" ")[2], mention.first + 1, mention.last, "term"), LOOSE
    for mention, sure in small_word_terms(text, words, taken):
        yield mention, TERM if sure else COMPOSED
    for mention in named:
        if openers.get(mention.first) is mention:
            yield mention, OPENER
        elif mention.last - mention.first <= MOST_WORDS:
            yield mention, _kind(mention, words, german)


def _gap(words: Sequence[Word], at: int) -> tuple[int, int]:
    """What stands before a word."""
    return words[at - 1].end, words[at].start


def _is_contraction(text: str, words: Sequence[Word], mention: Mention) -> bool:
    """*I'll*, *That's*: a capital, and no name."""
    first = words[mention.first]
    return mention.last - mention.first == 1 and (
        first.owner in STOPWORDS or _CONTRACTED.search(text, first.start, first.end) is not None
    )


def _kind(mention: Mention, words: Sequence[Word], german: bool) -> int:
    inside = words[mention.first : mention.last]
    if mention.kind == "quoted" and not inside[0].upper:
        return LOOSE
    if german and mention.kind == "name" and len(inside) == 1:
        return TERM
    if mention.kind == "title" and len(inside) > 1 and not any(word.upper for word in inside[1:]):
        return TERM  # "Connection pools are …": the heading of a thing, not its name.
    return _KINDS[mention.kind]


def _opens(text: str, words: Sequence[Word], mention: Mention) -> bool:
    """Whether only its place at the beginning of a sentence may have given the word its capital."""
    if mention.kind != "name" or mention.last - mention.first > 1:
        return False
    word = words[mention.first]
    before = text[: word.start].rstrip(" \t\"'“‘«(*_#->|")
    return text[word.start + 1 : word.end].islower() and (not before or before[-1] in ".!?:;\n|")


def _definition(sentence: str, end: int, kind: int) -> tuple[int, int] | None:
    found = _IS.match(sentence, end) or (_APPOSED.match(sentence, end) if kind == NAME else None)
    if found is None:
        return None
    start = found.end()
    stop = _DEFINITION_END.search(sentence, start + 3)
    last = min(stop.start() if stop else len(sentence), start + DEFINED)
    return (start, last) if last > start + 3 else None


def common_spelling(pairs: Iterable[tuple[str, int]], *, small: bool) -> str:
    """The commonest spelling, of equal ones the first in the alphabet; ``small``: one that begins with a small letter,
    where there is one."""
    found = list(pairs)
    lower = [pair for pair in found if pair[0][:1].islower()] if small else []
    return min(lower or found, key=lambda pair: (-pair[1], pair[0]))[0]
