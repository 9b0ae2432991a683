"""The way from passages to quotes: which statement of what was found answers the question.

The unit of retrieval is a passage, the unit of quotation a statement inside it: a sentence, an item, a row, a setting,
with what governs it. The reader reads the first passages; a statement is scored by how likely its passage is the right
one, by the reader's score for it, by whether the reader's answer stands in it, by the share of the question's weight
(idf) that it carries with its governors, and its passage with heading, and by whether it is prose or code. Measured
beside its parts in ``benchmarks/squad.py``. Knows nothing of language models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import mul

from ..corpus import catalog, words
from ..corpus.document import Evidence
from ..corpus.languages import ENGLISH, NAMES, language_of
from ..corpus.sign_words import asked_sign, term_sign
from ..corpus.spans.examples import MANUALS, examples
from ..corpus.spans.kept import kept_statements
from ..corpus.spans.statements import Statement
from ..corpus.store import Store
from ..questions.assertion import HEADING, REFERENCE
from ..questions.compounds import compounds
from ..questions.days import doubtful_day
from ..questions.fit import Fit, fit
from ..questions.kinds import OF_VERSION
from ..questions.lookup import asked_cell, cells_of, names_row
from ..questions.match import of_document
from ..questions.names import begins_with
from ..questions.number_terms import numbers_of_term
from ..questions.numbered import DOTTED
from ..questions.question import Question, parse
from ..questions.releases import fit_of_release, release_day
from ..questions.short_keys import asked_value, read_columns, read_key
from ..questions.variants import initials_of, variants
from ..questions.view import view
from .narrow import below_head, narrow
from .parallel import overruling_place
from .passage_sources import doubt_of_standing, is_log
from .reader import open_multilingual_ranker, open_ranker
from .reader.reader import Reading
from .reader.retriever import LEAST, READ, read, relevance
from .word_shares import temper, word_share

FEATURES = (
    "passage", "sentence", "answer", "own", "context",
    "statement", "test", "length", "cell", "keyed", "termed", "log", "formless", "fit", "sure", "likely", "no",
    "ranked",
)  # fmt: skip
WEIGHTS = (0.6, 0.35, 0.085, 2.5, 0.43, -3.0, -1.5, -0.6, 1.5, 2.5, 2.5, -1.5, -6.0, 0.1, 1.0, 0.5, -1.5, 1.3)
"""Fitted by ``training/fusion.py``; the score is then a log-odds up to a constant of the question."""
RANKED, LEAST_RANKED = 10, -6.0
"""So many statements, the best by all else, are ranked by the network; the log-odds of one that is not, or lower."""
UNKNOWN = -3.0
"""The ranker's log-odds below which it knows no answer, and the rules decide."""
NEARLY = 2.5
"""How much lower the score of a statement may be that surely fits and names what is asked for."""
LONG_CHARS = 400
READ_SURELY = 2.0
"""The reader's margin from which on it is sure that its answer stands in a statement."""
LAID_OUT = -2.0
"""The reader's score of a row or a setting."""

_SUFFIX = 5
_DATED = "from a list of changes, which a later one may have overtaken"
_SHOWN = "an example, which says little of what it is"
_DAY_OR_MONTH = "its date may be read with the month first"
_TEST = re.compile(r"(?:^|/)(?:tests?/|test_|conftest)")
_ASKS = re.compile(r"\s*(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|do|does|did|can|may)\b", re.I)
_COMMENT = re.compile(r"^\s*(?:/\*\*?|\*|//+!?|#+)\s", re.MULTILINE)
"""The marks of a comment, which make no list of it."""
_CODE_KINDS = ("function", "class", "module", "code")
_STATEMENT = re.compile(
    r"@|(?:async|def|class|return|if|elif|else|for|while|try|except|finally|with|raise|import|from|assert|yield|del|pass"
    r"|break|continue|global|nonlocal)\b|[\w.]+(?:\[[^\]]*\])?(?:, [\w.]+)*(?:: [\w.\[\], |]+)? ?(?:[-+*/|&%]?= |\()"
)


UNREAD = Reading(LEAST, (-1, -1), LEAST, ())
"""Of a passage that the reader was not asked about."""


@dataclass(frozen=True, slots=True)
class Quote:
    """``evidence`` is ``passage`` narrowed to one statement: its span and quote are the statement's, verbatim."""

    evidence: Evidence
    passage: Evidence
    reading: Reading
    """Of the passage."""
    features: tuple[float, ...]
    """By ``FEATURES``: log-odds that the passage is the right one; the reader's for the sentence; its margin for the
    answer if that stands in the sentence; shares of the question's idf weight that the sentence's own words carry, and
    its passage with heading and document name; whether it is a statement of code or an example, or in a test; how often
    its length doubles ``LONG_CHARS``; whether it is a row with the value of the column asked for, a row that the
    question names by its label, the first below the term that is asked about, of a list of changes though nobody asks
    for a version, or no statement at all; the score of its fit, and its level; the ranker's log-odds that it answers,
    0 in a language that it does not know."""
    score: float
    fit: Fit
    """Whether the statement with its governors answers the question, and why not."""
    example: bool = False
    """It stands in an example of a manual."""
    cell: str = ""
    """The value that is asked for, where the statement is a row of a table."""
    row: bool = False
    """It is a row of a table or a record, which says all that it says below its header."""
    chosen: Evidence | None = None
    """The statement that was chosen, with its governors, where ``evidence`` was made wider than it."""
    instead_of: Quote | None = None
    """The statement of an earlier document whose place it takes: how sure the answer is, that one tells."""
    together: bool = False
    """It and what stands around it answer together, so that no few words of it are set in bold."""

    def wider(self, evidence: Evidence) -> Quote:
        """The quote as ``evidence``, which holds the statement and what stands around it."""
        return replace(self, evidence=evidence, chosen=self.chosen or self.evidence)

    @property
    def rank_odds(self) -> float:
        return self.features[-1]

    @property
    def own(self) -> float:
        return self.features[3]

    @property
    def context(self) -> float:
        return self.features[4]


def best_sentences(
    store: Store, question: str, hits: Sequence[Evidence], k: int | None = None, asked: Question | None = None
) -> list[Quote]:
    """The ``k`` best statements of the first ``READ`` hits, or all, best first. Empty when nothing was found."""
    found = sorted(sentences_of(store, question, hits, asked), key=lambda quote: -quote.score)
    found = _holding_first(asked or parse(question), found)
    beside = [quote for quote in found if quote.passage.key == found[0].passage.key]
    place = (
        overruling_place(question, [quote.evidence.quote for quote in beside], language_of(question)) if beside else 0
    )
    better = beside[place] if place and beside[place].fit.score > found[0].fit.score else None
    return ([better, *(quote for quote in found if quote is not better)] if better else found)[:k]


def _holding_first(asked: Question, found: list[Quote]) -> list[Quote]:
    """What surely fits and names the property that is asked for, before what is nearly as good and does not name it, or
    is not likely to answer; the lines of the sign that is asked about before all else, and of text the line that begins
    with the identifier before code and what does not name it."""
    if sign := asked_sign(asked.text):
        return sorted(found, key=lambda quote: term_sign(quote.evidence.quote) != sign)
    best = found[0] if found else None
    if best is not None and asked.identifiers and (named := _telling_of(asked.identifiers[0], best, found)):
        return [named, *(quote for quote in found if quote is not named)]
    if best is None or best.fit.level == "sure":
        return found
    near = [quote for quote in found if quote.fit.level == "sure" and quote.score >= best.score - NEARLY]
    if best.fit.level == "likely":
        better = near[0] if near and _leaves_open(asked, best) else None
    else:
        unknown = best.rank_odds < UNKNOWN
        if not unknown and (not asked.asked or _names(asked, best)):
            return found
        better = next((quote for quote in near if unknown or _names(asked, quote)), None)
    return found if better is None else [better, *(quote for quote in found if quote is not better)]


def _telling_of(identifier: str, best: Quote, found: Sequence[Quote]) -> Quote | None:
    said = " ".join((best.evidence.quote, *above(best.evidence))).lower()
    if identifier.lower() in said and best.passage.kind not in _CODE_KINDS:
        return None
    term = (quote for quote in found if begins_with(identifier, quote.evidence.quote))
    return next((quote for quote in term if quote.fit.level != "no" and quote.passage.kind not in _CODE_KINDS), None)


def _leaves_open(asked: Question, quote: Quote) -> bool:
    """Whether it says nothing of a word that decides: of July, where another statement tells of June and after."""
    return any(f"says nothing of “{sign.word}”" in quote.fit.reasons for sign in asked.deciding)


def _names(asked: Question, quote: Quote) -> bool:
    return set(asked.asked) <= set(words.stems(quote.evidence.quote, asked.language))


def sentences_of(
    store: Store, question: str, hits: Sequence[Evidence], asked: Question | None = None, *, ranked: bool = True
) -> list[Quote]:
    """Every statement of the first ``READ`` hits that may be an answer, read, ranked unless told otherwise, and scored.
    ``asked`` is what the question asks for, where it is not as its words say."""
    passages = [hit for hit in hits if hit.span][:READ]
    asked = asked or parse(question)
    found = quote_statements(store, question, passages, asked, _read(store, question, asked, passages))
    return _rank(store, question, found) if ranked else found


def _rank(store: Store, question: str, found: Sequence[Quote]) -> list[Quote]:
    """``found`` with the rankers' log-odds among the features of each, and in its score: of what was read the best by
    all else, of what is in other languages all, since their ranker reads a statement in a millisecond."""
    read = [place for place, quote in enumerate(found) if quote.reading is not UNREAD]
    first = sorted(read, key=lambda place: -found[place].score)[:RANKED]
    texts = [(above(found[place].evidence), found[place].evidence.quote) for place in first]
    odds = dict(zip(first, open_ranker(store).rank(question, texts), strict=True)) if first else {}
    foreign = [place for place, quote in enumerate(found) if quote.reading is UNREAD]
    if foreign:
        said = [found[place].evidence.quote for place in foreign]
        odds |= dict(zip(foreign, open_multilingual_ranker(store).rank(question, said), strict=True))
    return [_with_odds(quote, max(LEAST_RANKED, odds.get(place, LEAST_RANKED))) for place, quote in enumerate(found)]


def _with_odds(quote: Quote, odds: float) -> Quote:
    features = (*quote.features[:-1], odds)
    return replace(quote, features=features, score=sum(map(mul, WEIGHTS, features)))


def _read(store: Store, question: str, asked: Question, hits: Sequence[Evidence]) -> list[Reading]:
    """The reader knows English alone: of other languages it says nothing."""
    english = [hit for hit in hits if asked.language == ENGLISH and language_of(hit.quote) == ENGLISH]
    found = {id(hit): reading for hit, reading in zip(english, read(store, question, english), strict=True)}
    return [found.get(id(hit), UNREAD) for hit in hits]


def quote_statements(
    store: Store,
    question: str,
    hits: Sequence[Evidence],
    asked: Question,
    readings: Sequence[Reading] | None = None,
) -> list[Quote]:
    """Every statement of ``hits`` that may be an answer, scored; without ``readings`` by words and form alone."""
    weights = words.idf(store, words.stems(question, asked.language))
    seen, sign = temper(store, weights), asked_sign(asked.text)
    known = variants(asked, (f"{hit.heading}\n{hit.quote}" for hit in hits))
    joint = compounds(asked, (hit.quote for hit in hits))
    openings = {hit.span.document: catalog.opening(store, hit.span.document) for hit in hits if hit.span}
    initials = initials_of(asked, (*openings.values(), *(hit.quote for hit in hits)))
    found = []
    for hit, reading in zip(hits, readings or [UNREAD] * len(hits), strict=True):
        opening = openings[hit.span.document] if hit.span else ""
        named = _named_in(asked, opening)
        numbers = DOTTED.findall(opening.partition("\n")[0]) if OF_VERSION.match(asked.text) else []
        context = word_share(
            weights, asked, f"{hit.name} {hit.heading} {' '.join(named)} {_without(question, hit.quote)}"
        )
        log = is_log(asked, hit)
        standing = doubt_of_standing(asked, hit, opening)
        tongue = language_of(hit.quote) if reading is UNREAD else asked.language
        crossed = f"in {NAMES[tongue]}: found by its meaning alone" if tongue not in (ENGLISH, asked.language) else ""
        shown, code = examples(hit.quote, hit.name), hit.kind == "code" and hit.name.endswith(MANUALS)
        for kept in kept_statements(hit.quote, hit.kind, header_row(hit)):
            statement = read_columns(asked.text, kept)
            start, end = statement.start, statement.end
            text = hit.quote[start:end]
            day = release_day(asked, text) if statement.label else ""
            if not day and (statement.label or not may_answer(text, question, row=bool(statement.cells))):
                continue
            evidence = narrow(store, hit, start, end, statement.governors)
            # The reader was not made for rows and settings: their words with their governors decide.
            laid_out = bool(statement.cells) or statement.kind == "value" or reading is UNREAD
            holds_answer = start <= reading.answer[0] < end
            answer = max(LEAST, reading.margin) if holds_answer and not laid_out else LEAST
            sentence = LAID_OUT if laid_out else _read_score(reading, start, end)
            means = bool(sign) and term_sign(text) == sign
            field = statement.kind == "value" and hit.kind != "data"
            key = read_key(asked.text, text) if field else None
            meant = " ".join((text, *key.words)) if key else text
            own = word_share(weights, asked, meant, " ".join((*named, *(one.quote for one in evidence.governors))))
            example = code or any(first <= start < last for first, last in shown)
            cell = asked_cell(asked, weights, hit.quote, statement) if statement.cells else None
            value = hit.quote[slice(*cell)] if cell else day
            if field:
                value = asked_value(asked, text, [one.quote for one in evidence.governors])
            row = cells_of(hit.quote, statement)
            said = _COMMENT.sub("", text) if hit.kind in _CODE_KINDS else text
            fitting = fit(
                asked,
                said,
                above(evidence),
                short=value,
                weights=seen,
                read=answer > READ_SURELY,
                row=row,
                opening=opening,
                variants=known,
                compounds=joint,
                initials=initials,
            )
            fitting = fit_of_release(asked, " ".join([*above(evidence), opening])) if day else fitting
            if opening and hit.span:
                evidence = below_head(evidence, catalog.marks(store, hit.span.document), opening, (*named, *numbers))
            doubt = _DATED if log else _SHOWN if example and asked.kind in ("passage", "definition") else ""
            if doubt and fitting.level in ("sure", "likely"):
                fitting = replace(fitting, level="unsure", reasons=(*fitting.reasons, doubt))
            if standing:
                fitting = fitting.unsure(standing)
            if crossed and not fitting.formless:
                fitting = replace(fitting, level="unsure", reasons=(crossed,), opposed=False)
            if row and doubtful_day(asked.text, text, hit.quote):
                fitting = fitting.unsure(_DAY_OR_MONTH)
            features = (
                *(relevance(hit, reading), sentence, answer, own, max(context, own) if key else context),
                *_shape(text, hit, example),
                bool(value),
                bool(value) if field else bool(row) and names_row(asked, row),
                means or (asked.kind == "definition" and _first_below_its_term(asked, hit.quote, statement)),
                log,
                fitting.formless,
                fitting.score,
                *(fitting.level == level for level in ("sure", "likely", "no")),
                0.0,
            )
            score = sum(map(mul, WEIGHTS, features))
            found.append(
                Quote(
                    evidence,
                    hit,
                    reading,
                    features=features,
                    score=score,
                    fit=fitting,
                    example=example,
                    cell=value,
                    row=statement.kind == "row" or field or means,
                )
            )
    return found


def _named_in(asked: Question, opening: str) -> tuple[str, ...]:
    """What of the question's names and dates the head of a document holds."""
    head = set(words.stems(opening, asked.language))
    told = {(sign.group, sign.side) for sign in of_document(view(opening, asked.language))}
    dates = (sign.word for sign in asked.deciding if (sign.group, sign.side) in told)
    things = (*asked.names, *asked.identifiers, *dates)
    return tuple(thing for thing in things if head.issuperset(words.stems(thing, asked.language)))


def above(evidence: Evidence) -> list[str]:
    """What governs a statement: the document's name and folders, its headings, and what stands above it."""
    path, _, suffix = evidence.name.rpartition(".")
    name = re.sub(r"[\W_]+", " ", path if len(suffix) <= _SUFFIX else evidence.name)
    return [name, evidence.heading, *(governor.quote for governor in evidence.governors)]


def _first_below_its_term(asked: Question, text: str, statement: Statement) -> bool:
    """Whether what stands right above the statement is the term or heading that the question asks about."""
    if not statement.governors:
        return False
    first, last = statement.governors[-1]
    if numbers_of_term(asked.text, text[first:last]):
        return True
    term = set(words.stems(text[first:last], asked.language))
    named = {stem for thing in (*asked.identifiers, *asked.names) for stem in words.stems(thing, asked.language)}
    wanted = named or {*asked.subject, *asked.asked}
    return bool(wanted) and wanted <= term and not text[last : statement.start].strip("=-~^#*_:| \n")


def header_row(hit: Evidence) -> str:
    """The header row of the table that a passage was cut from."""
    return hit.governors[-1].quote if hit.kind == "table" and hit.governors else ""


def _read_score(reading: Reading, start: int, end: int) -> float:
    """The reader's best score of a sentence that overlaps the statement."""
    scores = [score for (first, last), score in reading.sentences if first < end and start < last]
    return max([LEAST, *scores])


def _plain(text: str) -> str:
    return " ".join(words.words(text))


def _without(question: str, text: str) -> str:
    """A passage that repeats the question is not thereby about its subject."""
    return re.sub(re.escape(question.strip()), " ", text, flags=re.IGNORECASE)


def may_answer(text: str, question: str, *, row: bool = False) -> bool:
    """A heading, a question, the question itself or the name of a publication is no answer; a ``row`` may be."""
    asked, said = _plain(question), _plain(text)
    repeats = asked == said or (asked in said and (question.rstrip().endswith("?") or bool(_ASKS.match(question))))
    asks = (not row and text.rstrip("\"'`*_,() ").endswith("?")) or (asked and repeats)
    return not (asks or REFERENCE.match(text) or HEADING.fullmatch(text))


def _shape(text: str, hit: Evidence, example: bool) -> tuple[float, float, float]:
    """Whether it is a statement of code or an example of a manual, code that tests, and how long it is: prose goes
    before code, short before long."""
    statement = example or (hit.kind in _CODE_KINDS and _STATEMENT.match(text) is not None)
    return statement, _TEST.search(hit.name) is not None, (len(text) // LONG_CHARS).bit_length()
