"""The answer in the documents' own words: the best statements, each below what governs it, and what is near when none
answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...corpus import words
from ...corpus.catalog import drawn_languages
from ...corpus.document import Evidence, Governor, Place
from ...corpus.languages import ENGLISH, NAMES
from ...corpus.quotes import quote_holds
from ...corpus.spans.units import CODE_KINDS
from ...corpus.store import Store
from ...questions import kinds
from ...questions.assertion import HEADING
from ...questions.cases import is_of_other_case
from ...questions.headlines import suits
from ...questions.hours import asked_hours
from ...questions.question import parse
from ...questions.question_forms import VALUES
from ...questions.sequences import asked_of_order
from ...questions.value_pairs import paired_value
from ...retrieval.embedders import is_multilingual
from ...retrieval.narrow import narrow, surroundings
from ...retrieval.quoting import Quote
from ..answer import Answer, Citation
from .excerpt import excerpt
from .items import item_beside
from .values import is_of_other_clause, value_now, value_of_clause, whole_path, with_negation

QUOTED = 3
"""How many statements an answer quotes at most."""
NEAR_BEST = 1.0
"""Further quotes, from other passages, are shown when their log-odds are at most that much below the best one's."""


SURE = 2.0
"""The reader's words stand alone above this margin, in log-odds against "this passage does not say"."""
_TELLS = re.compile(r"\b(?:why|what happens|explain)\b", re.IGNORECASE)
"""A question that no cell answers by itself."""
_EXPLAIN = re.compile(
    r"\b(?:why|how(?! (?:many|much|old|long|far|often|large|big|tall|high|heavy|fast|deep))|explain)\b",
    re.I,
)
"""A question that a few words do not answer."""
_DECLARED = re.compile(r"\*{0,2}\w+(?:, \*{0,2}\w+)* ?: [^\n]*\n")
"""The first line of a parameter's entry in a docstring: its name and type."""
_MOST_WORDS = {
    "number": 8,
    "count": 8,
    "date": 8,
    "duration": 8,
    "person": 8,
    "place": 8,
    "name": 8,
    "value": 6,
    "passage": 4,
}
_NAMED = 3
"""Words of a value that is no number."""
_FEW_WORDS = frozenset(_MOST_WORDS)
"""Kinds of question that so many words may answer."""
_FOREIGN = (
    "The question is in {}, which is searched by its words only: "
    "EVIDENTIA_EMBEDDER=universal-sentence-encoder-multilingual knows it."
)
CONTEXT, CONTEXT_OF_VALUE = 1000, 600
"""Characters of a statement with what stands around it; where a value is asked for, which stands in a few lines."""
UNSURE, UNSURE_ALONE = (
    "Nothing clearly answers this. The closest passages:",
    "Nothing clearly answers this. The closest passage:",
)
_OF_HEADING = re.compile(
    r"\b(?:this|the above) (?:flag|option|setting|parameter|property|method|function|command|variable|field|key"
    r"|attribute|switch|argument|module|class|plugin|directive|action|tool|section|step)\b",
    re.IGNORECASE,
)
"""What only the heading names."""
_ANCHORS = re.compile(r"(?:<a (?:id|name)=[^<>\n]*>\s*</a>\s*)+", re.IGNORECASE)
_LAST_ANCHORS = re.compile(r"\s*(?:<a (?:id|name)=[^<>\n]*>\s*</a>\s*|↑ Back to Top\s*)+$", re.IGNORECASE)
"""Marks that nobody sees, and that lead to other places."""
_CODE_NAME = re.compile(r"^`[^`]+`|^(?:--?\w[\w-]*|\w+(?:[._]\w+)+|[a-z]+[A-Z]\w*)(?:\(.*\))?$")
"""A heading that is the name of an option, a function, a setting: without it nobody knows what is told."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SEVERAL = re.compile(
    r"\b(?:(?:in|at|from) the following (?:\w+ )?(?:places?|order|locations?|files?|director\w+|paths?|folders?)"
    r"|in (?:this|the following) order|following\s+places?\s+and\s+order)\b",
    re.IGNORECASE,
)
"""Says that several things follow, of which one alone is no answer."""
_SHORT = 60
"""Characters of a statement that says little without its heading."""


def quote_best(store: Store, question: str, quotes: Sequence[Quote]) -> Answer:
    """Answers with the best statement, and up to two more that are nearly as good, say something else and come from
    elsewhere."""
    chosen: list[Quote] = []
    for quote in quotes:
        near = not chosen or (quote.score >= chosen[0].score - NEAR_BEST and quote.fit.level == chosen[0].fit.level)
        new = all(quote.evidence.key != other.evidence.key and _same(quote) != _same(other) for other in chosen)
        if near and new and quote_holds(store, quote.evidence):
            chosen.append(quote)
    others = [quote for quote in quotes[1:] if chosen and _says_otherwise(quote, chosen[0])]
    if others:
        names = ", ".join(dict.fromkeys(quote.evidence.name for quote in others))
        best = replace(chosen[0], fit=chosen[0].fit.unsure(f"another table says otherwise: {names}"))
        shown = [quote for quote in others if quote_holds(store, quote.evidence)]
        return _answer(question, [best, *shown][:QUOTED], "", UNSURE)
    return _answer(question, chosen[:QUOTED], short(question, chosen[0]) if chosen else "")


def _says_otherwise(quote: Quote, best: Quote) -> bool:
    """Whether ``quote`` is the row of another table that fits as well and has other numbers in the same places."""
    return (
        quote.row
        and best.row
        and quote.evidence.name != best.evidence.name
        and (quote.fit.level, round(quote.own, 2)) == (best.fit.level, round(best.own, 2))
        and form_of(quote.evidence.quote) == form_of(best.evidence.quote)
        and (quote.cell != best.cell if best.cell else _same(quote) != _same(best))
    )


def form_of(text: str) -> str:
    """What a text says whatever its numbers are: statements of one form say the same of other values."""
    return " ".join(_NUMBER.sub("#", text).split())


def nearest(store: Store, question: str, quotes: Sequence[Quote], hits: Sequence[Evidence]) -> Answer:
    """Answers where the best statement is unsure: with it and the next best of other passages, each with its context.
    Nothing is put above them as the answer."""
    best: dict[object, Quote] = {}
    for quote in quotes:
        best.setdefault(quote.passage.key, quote)
    fitting = list(best.values())
    kind = parse(question).kind
    of_value = kind in VALUES  # ways, reasons and lists need more around them
    chars = CONTEXT_OF_VALUE if of_value else CONTEXT
    chosen = [
        (item_beside(store, quote) if kind not in ("list", "count") else None)
        or (excerpt(store, quote, chars) if of_value else None)
        or in_context(store, quote, chars)
        for quote in fitting
        if quote is fitting[0] or quote.fit.level != "no"
    ]
    standing = [quote for quote in chosen if quote_holds(store, quote.evidence)]
    distinct: list[Quote] = []
    for quote in standing:
        if all(_same(quote) != _same(other) for other in distinct):
            distinct.append(quote)
    lead = UNSURE if len(distinct) > 1 else UNSURE_ALONE
    return _answer(question, distinct[:QUOTED], "", lead)


def _answer(question: str, chosen: Sequence[Quote], headline: str, lead: str = "") -> Answer:
    citations = tuple(
        replace(cite_held(number, quote.evidence), focus=_focus(quote)) for number, quote in enumerate(chosen, start=1)
    )
    shown = [f"{with_governors(question, citation.evidence)} [{citation.number}]" for citation in citations]
    text = "\n".join([lead, *shown] if lead else shown)
    if not chosen:
        return Answer(question, text, "quoted", citations)
    fit = chosen[0].fit
    return Answer(question, text, "quoted", citations, short=headline, fit=fit.level, reasons=fit.reasons)


def _focus(quote: Quote) -> tuple[Place, ...]:
    """The characters of the quote that the chosen statement and its governors are, where the quote holds more."""
    shown, chosen = quote.evidence.span, quote.chosen
    if shown is None or chosen is None or chosen.span is None:
        return ()
    known = {governor.span for governor in quote.evidence.governors}
    spans = [
        *(one.span for one in chosen.governors if one.span not in known and not HEADING.match(one.quote)),
        chosen.span,
    ]
    places = [(max(shown.start, span.start) - shown.start, min(shown.end, span.end) - shown.start) for span in spans]
    places = [(start, end) for start, end in places if 0 < end - start < shown.end - shown.start]
    return tuple(_join_places(places, quote.evidence.quote))


def _join_places(places: Sequence[Place], text: str) -> Iterator[Place]:
    """The places in the order of the text, those as one that only space parts."""
    begun: Place | None = None
    for place in sorted(places):
        if begun and not text[begun[1] : place[0]].strip():
            begun = begun[0], max(begun[1], place[1])
            continue
        if begun:
            yield begun
        begun = place
    if begun:
        yield begun


def in_context(store: Store, quote: Quote, chars: int = CONTEXT) -> Quote:
    """``quote`` as its passage, or as much of it around the statement as ``chars`` characters hold."""
    inner, outer = quote.evidence.span, quote.passage.span
    assert inner is not None
    assert outer is not None
    if quote.row:
        return quote
    if len(quote.evidence.quote) >= chars or not (outer.start <= inner.start and inner.end <= outer.end):
        return quote
    text, titles, start = quote.passage.quote, list[Place](), 0
    while title := HEADING.match(text, start):
        titles.append(title.span())
        start = len(text) - len(text[title.end() :].lstrip())
    if anchors := _ANCHORS.match(text, start):
        start = anchors.end()
    end = _LAST_ANCHORS.search(text, start)
    last = end.start() if end and outer.start + end.start() >= inner.end else len(text)
    if not text[start:].strip() or len(text) - start > chars or inner.start < outer.start + start:
        return quote.wider(surroundings(store, quote.passage, quote.evidence, chars))
    return quote.wider(narrow(store, quote.passage, start, last, titles))


def _same(quote: Quote) -> str:
    return " ".join(quote.evidence.quote.split())


def short(question: str, quote: Quote) -> str:
    """The cell that is asked for, or what the reader would answer, if a few words answer such a question at all, the
    reader is sure of them, they are of the kind asked for, and they say something that the question does not."""
    asked = parse(question)
    if quote.together or _TELLS.search(question):
        return ""
    if quote.cell:
        return "" if kinds.repeats(asked, quote.cell) else quote.cell
    if told := paired_value(question, quote.evidence.quote) or asked_of_order(question, quote.evidence.quote):
        return told
    if asked.kind not in _FEW_WORDS or (quote.row and quote.evidence.governors):
        return ""
    if hours := asked_hours(question, quote.evidence.quote, [one.quote for one in quote.evidence.governors]):
        return quote.evidence.quote[slice(*hours)]
    start, end = quote.reading.answer
    start -= len(_OF_PATH.search(quote.passage.quote[:start])[0])  # type: ignore[index]
    if cut := _CUT_NUMBER.search(quote.passage.quote[:start]):
        start -= len(cut[0]) if quote.passage.quote[start:end][:1].isdigit() else 0
    found = newer_value(quote.passage.quote[start:end], quote.evidence.quote)
    if not _NO_MORE_ASKED.search(question):
        found = value_now(found, quote.evidence.quote)
    found = whole_path(value_of_clause(question, found, quote.evidence.quote), quote.evidence.quote)
    found = with_negation(found, quote.evidence.quote)
    sure = quote.features[2] > SURE and not _EXPLAIN.search(question) and not _SEVERAL.search(quote.evidence.quote)
    plain = len(found) > 1 and not set(found) & set("|\n")
    declared = _DECLARED.match(quote.evidence.quote) if quote.passage.kind in CODE_KINDS else None
    said = quote.evidence.quote[declared.end() if declared else 0 :]
    if not (sure and plain and found in said) or kinds.holds(asked, found, True) is False:
        return ""
    around, whole = " ".join(governor.quote for governor in quote.evidence.governors), quote.evidence.quote
    elsewhere = is_of_other_case(asked.text, found, whole) or is_of_other_clause(question, found, whole)
    if elsewhere or not suits(asked, found, whole, around):
        return ""
    stems, known = set(words.stems(found)), set(words.stems(question))
    if asked.kind == "value" and not (re.search(r"\d", found) or len(found.split()) <= _NAMED):
        return ""
    before, behind = quote.passage.quote[max(0, start - _BEFORE) : start], quote.passage.quote[end : end + _BEHIND]
    if found == quote.passage.quote[start:end] and _is_other_end(question, before, behind):
        return ""
    return found if len(stems & known) * 2 < len(stems) and len(found.split()) <= _MOST_WORDS[asked.kind] else ""


def newer_value(found: str, said: str) -> str:
    """``found``, or the value that takes its place: "from Wednesday to Thursday", "from 80 to 95 euros"."""
    for change in FROM_TO.finditer(said):
        old, new = change["old"].strip(), change["new"].strip(" .")
        if re.match(rf"{re.escape(old)}(?!\w)", found.strip()):
            return new
    return found


def _is_other_end(question: str, before: str, behind: str) -> bool:
    """Whether the few words are what no longer holds ("from 60", "not 7.50"), the beginning where the end is asked for,
    or the day from which on a time holds; ``before`` and ``behind`` are what stands around them."""
    if _SINCE.search(before) and _TIME.search(behind) and not _BEGIN_ASKED.search(question):
        return True
    refused = _NO_MORE.search(before) or (_NOT_THIS.search(before) and _BUT_THAT.match(behind))
    if refused and not _NO_MORE_ASKED.search(question):
        return True
    return bool(_END_ASKED.search(question) and _BEGINS.search(before)) or bool(
        _BEGIN_ASKED.search(question) and _ENDS.search(before)
    )


FROM_TO = re.compile(
    r"\b(?:moves?|moved|extended|changed?|changes|raised|lowered|increased|reduced|postponed|shortened|corrected"
    r"|brought forward|shifted|shifts?|rises?|rose|falls?|fell|goes|went|drops?|dropped|verschoben|verlängert|erhöht"
    r"|gesenkt|geändert|verlegt)\b"
    r"[^.;]{0,40}?\b(?:from|von|vom) (?P<old>[^,;]{1,30}?) (?:to|until|auf|bis|zum) (?P<new>[^,;]{1,30}?)"
    r"(?=[,;]|\.(?:\s|$)|\s+(?:as|because|from|on|with|weil|in|at|this|next|per|a)\b|$)",
    re.IGNORECASE,
)
"""A change of a value, and both."""
_CUT_NUMBER = re.compile(r"(?<![\d.,])\d[\d.,]*[.,]$")
"""The beginning of a number of which the reader took the end."""
_BEHIND = 60
_SINCE = re.compile(r"(?:^|[.;\n] ?)(?:from|since|as of|starting|ab|seit) (?:the )?$", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm|o'clock|uhr)\b|\b\d{1,2}:\d\d\b", re.IGNORECASE)
_OF_PATH = re.compile(r"(?:(?<=[\s`\"'(])(?:[~.]{0,2}/|--?|[$@#]))?$")
"""How a path, an option or a name begins, which the reader leaves out."""
_BEFORE = 40
"""Characters before the few words of an answer that tell what they are."""
_NO_MORE = re.compile(
    r"(?:\(from|\bnot|\binstead of|\brather than|\b(?:previously|formerly)(?: was)?) [£$€]?$", re.IGNORECASE
)
_NOT_THIS = re.compile(r"\b(?:not|nicht) (?:\w+ ){0,4}$", re.IGNORECASE)
_BUT_THAT = re.compile(r"[^.;:]{0,20}\b(?:but|sondern)\b", re.IGNORECASE)
"""What stands around the first part of "not in the Studio but in the depot"."""
_NO_MORE_ASKED = re.compile(r"\b(?:not|instead|previous|former|before|used to|earlier|old)", re.IGNORECASE)
_END_ASKED = re.compile(r"\b(?:until|till|ends?|ending|expires?|runs? out|over|last day|deadline)\b", re.IGNORECASE)
_BEGIN_ASKED = re.compile(r"\b(?:from when|since when|begins?|starts?|starting|first day)\b", re.IGNORECASE)
_BEGINS = re.compile(r"\b(?:begins?|starts?|from|since)(?: on| at)? $", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:ends?|until|till|to|expires?)(?: on| at)? $", re.IGNORECASE)


def not_found(store: Store, question: str, quotes: Sequence[Quote]) -> Answer:
    """Says that nothing was found, and shows the nearest quote, if it shares a word with the question, as what it is:
    near, not an answer."""
    language = parse(question).language
    unknown = language != ENGLISH and not is_multilingual(store.get("embedder"))
    foreign = f" {_FOREIGN.format(NAMES.get(language, language))}" if unknown else ""
    nearest = next((quote for quote in quotes if quote.own > 0), None)
    notes = _of_other_languages(store, language)
    if nearest is None:
        return Answer(question, f"Not found here.{foreign}", "not_found", notes=notes)
    citation = cite(store, 1, nearest.evidence)
    why = f" ({'; '.join(nearest.fit.reasons[:2])})" if nearest.fit.reasons else ""
    text = f"Not found here.{foreign} The closest passage is not an answer{why}: {citation.place} [1]"
    return Answer(question, text, "not_found", (citation,), fit="no", reasons=nearest.fit.reasons, notes=notes)


def _of_other_languages(store: Store, asked: str) -> tuple[str, ...]:
    """A note that documents are in another language than the question, whose words do not find them."""
    if is_multilingual(store.get("embedder")):
        return ()
    drawn = drawn_languages(store)
    others = [one for one in dict.fromkeys(drawn) if one != asked and drawn.count(one) >= _MANY * len(drawn)]
    if not others:
        return ()
    names = " and ".join(NAMES.get(one, one) for one in others)
    return (f"documents here are in {names}: ask in that language too, or see EVIDENTIA_EMBEDDER",)


_MANY = 0.1
"""The share of documents from which on it is told that they are in another language."""


def cite(store: Store, number: int, evidence: Evidence) -> Citation:
    """A citation whose quote is now compared with the stored text."""
    return Citation(number, evidence.quote, evidence, quote_holds(store, evidence))


def cite_held(number: int, evidence: Evidence) -> Citation:
    """A citation whose quote was compared with the stored text before it was chosen."""
    return Citation(number, evidence.quote, evidence, verified=True)


def with_governors(question: str, evidence: Evidence) -> str:
    """The quote below those of its governors that a reader of it needs, each on a line of its own, verbatim."""
    return "\n".join([*(governor.quote for governor in needed_governors(question, evidence)), evidence.quote])


def needed_governors(question: str, evidence: Evidence) -> list[Governor]:
    """The governors that a quote is not understood without: a lead-in, a header row, a term or a key always; a heading
    where the quote is short or speaks of "this option", where the heading is a name of code, or where it has a word of
    the question that the quote lacks."""
    asked = set(words.stems(question)) - set(words.stems(evidence.quote))
    short_quote = len(evidence.quote) < _SHORT
    found = []
    for governor in evidence.governors:
        title = " ".join(governor.quote.strip("#= ").split())
        heading = governor.quote.startswith("#") or title in evidence.heading
        innermost = governor is evidence.governors[-1]
        named = innermost and (
            short_quote or _OF_HEADING.search(evidence.quote) is not None or _CODE_NAME.search(title) is not None
        )
        if not heading or named or asked & set(words.stems(title)):
            found.append(governor)
    return found
