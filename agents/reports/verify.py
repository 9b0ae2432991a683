"""Every citation of a report checked again: does the quote stand in the stored text, and does it carry the claim?

A citation fails in one of three ways, which are told apart by name. **fabricated**: the document is not in the library,
or the quote does not stand in it. **spliced**: the claim joins pieces of several statements, and none of them says it.
**misattributed**: the quote is real, and does not say what is claimed; another place of the library may.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ...corpus import catalog
from ...corpus.document import Evidence
from ...corpus.passages import passages_across
from ...corpus.store import Store
from ...errors import InputError
from ...retrieval.reader.judge import Judge
from ..answer import Citation
from ..answers.quoted import cite
from ..steps.check import governors_of, statements_of
from ..support.alignment import LIGHT, align
from ..support.quantities import matching, quantities
from ..support.verdict import open_judge, verdicts
from .markdown import ROWS, Claim, Report, Source, read

Outcome = Literal["carried", "fabricated", "spliced", "misattributed", "rows"]
FAILURES = ("fabricated", "spliced", "misattributed")
HALF = 2
"""Words or numbers that each of two statements must bring to a claim that is spliced of them."""
GRAPH = "code graph"
"""The place of rows, as an answer for people has it."""
SEARCHED = 6
"""Passages that are searched for a better source."""

Search = Callable[[str, int], Sequence[Evidence]]


@dataclass(frozen=True, slots=True)
class Checked:
    """One citation of one claim."""

    claim: str
    line: int
    number: int
    place: str
    outcome: Outcome
    """``rows``: it cites rows of the code graph, which are no text; the query is there to be run again."""
    reasons: tuple[str, ...] = ()
    better: Citation | None = None
    """Where the library does say it."""

    @property
    def fails(self) -> bool:
        return self.outcome in FAILURES


@dataclass(frozen=True, slots=True)
class Verified:
    checked: tuple[Checked, ...]
    uncited: tuple[str, ...] = ()
    """Sentences before a claim that cite nothing; they were not checked."""

    @property
    def failures(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.checked if one.fails)


def verify(store: Store, search: Search, text: str) -> Verified:
    """Checks every citation of a report against the stored documents. Raises ``InputError`` for a report that cites
    nothing."""
    report = read(text)
    if not report.claims:
        raise InputError(
            "the report cites nothing", fix="end each claim with [1], and list [1]: file, with the quote after >"
        )
    verifier = _Verifier(store, search, report)
    checked = tuple(one for claim in report.claims for one in verifier.claim(claim))
    return Verified(checked, tuple(claim.before for claim in report.claims if claim.before))


@dataclass(frozen=True, slots=True)
class _Verifier:
    store: Store
    search: Search
    report: Report

    def claim(self, claim: Claim) -> Iterator[Checked]:
        found = [(number, *self._look_up(claim, number)) for number in claim.numbers]
        every = [one for _, _, statements in found for one in statements]
        for number, checked, statements in found:
            if checked is not None:
                yield checked
                continue
            source = self.report.sources[number]
            carried, reasons = _check_claim(claim.text, statements, open_judge(self.store.cache))
            if carried:
                yield Checked(claim.text, claim.line, number, source.place, "carried")
            else:
                yield self._failure(claim, source, every, reasons)

    def _look_up(self, claim: Claim, number: int) -> tuple[Checked | None, list[Evidence]]:
        """An outcome that needs no reading, or else the statements that are cited."""
        source = self.report.sources.get(number)
        if source is None:
            why = f"no source [{number}] is listed"
            return Checked(
                claim=claim.text, line=claim.line, number=number, place="", outcome="fabricated", reasons=(why,)
            ), []
        if source.place.startswith(ROWS) or source.place == GRAPH:
            return Checked(claim.text, claim.line, number, source.place, "rows"), []
        uris = documents(self.store, source.name)
        pieces = source.pieces or (claim.text,)
        for uri in uris:
            statements = self._standing(uri, pieces)
            if statements:
                return None, statements
        return self._absent(claim, source, bool(uris), pieces), []

    def _standing(self, uri: str, pieces: Sequence[str]) -> list[Evidence]:
        """The statements of the document that the last piece, the quote itself, overlaps; none unless all
        stand there."""
        document = catalog.load_document(self.store, uri)
        if document is None:
            return []
        places = [place_of(document.text, piece) for piece in pieces]
        if places[-1] is None or any(place is None for place in places):
            return []
        start, end = places[-1]
        return [
            one
            for passage in passages(self.store, uri, start, end)
            for one in statements_of(self.store, passage)
            if one.span is not None and one.span.start < end and start < one.span.end
        ]

    def _absent(self, claim: Claim, source: Source, known: bool, pieces: Sequence[str]) -> Checked:
        """The quote does not stand where it is said to: elsewhere, or nowhere."""
        for row in catalog.document_rows(self.store):
            statements = self._standing(row.uri, pieces[-1:])
            if statements and source.pieces:
                elsewhere = cite(self.store, source.number, statements[0])
                why = f"the quote is in {row.name}, not in {source.name}"
                return Checked(
                    claim=claim.text,
                    line=claim.line,
                    number=source.number,
                    place=source.place,
                    outcome="misattributed",
                    reasons=(why,),
                    better=elsewhere,
                )
        why = f"the quote is not in {source.name}" if known else f"{source.name} is not in the library"
        if known and not source.pieces:
            return self._failure(claim, source, [], (f"nothing is quoted, and {source.name} does not say this",))
        found = _best(claim.text, self._near(claim.text), open_judge(self.store.cache))
        better = cite(self.store, 0, found) if found else None
        return Checked(
            claim=claim.text,
            line=claim.line,
            number=source.number,
            place=source.place,
            outcome="fabricated",
            reasons=(why,),
            better=better,
        )

    def _failure(self, claim: Claim, source: Source, cited: Sequence[Evidence], reasons: tuple[str, ...]) -> Checked:
        near = self._near(claim.text)
        better = _best(claim.text, near, open_judge(self.store.cache))
        outcome: Outcome = "misattributed"
        if better is None and (halves := _find_splice(claim.text, cited, near)):
            outcome, reasons = "spliced", (f"joins pieces of: {halves}",)
        shown = cite(self.store, source.number, better) if better else None
        return Checked(
            claim=claim.text,
            line=claim.line,
            number=source.number,
            place=source.place,
            outcome=outcome,
            reasons=reasons,
            better=shown,
        )

    def _near(self, claim: str) -> list[Evidence]:
        hits = [hit for hit in self.search(claim, SEARCHED) if hit.span is not None]
        return [one for hit in hits for one in statements_of(self.store, hit)]


def _check_claim(claim: str, statements: Sequence[Evidence], judge: Judge) -> tuple[bool, tuple[str, ...]]:
    """Whether one of the statements carries the claim; else why the first does not. A claim that is a whole quote of
    several statements is carried by them."""
    whole = " ".join(" ".join(one.quote for one in statements).split())
    if statements and " ".join(claim.split()) in whole:
        return True, ()
    if len(claim.split()) == 1:  # a name beside its line of code, as answers from the code graph have it
        last = claim.strip("`*").rsplit(".")[-1]
        named = any(last in f"{one.quote} {one.heading} {' '.join(governors_of(one))}" for one in statements)
        return named, () if named else (f"{claim} is not in the quoted text",)
    found = verdicts(claim, [(one.quote, governors_of(one)) for one in statements], judge)
    if any(verdict.carried for verdict in found):
        return True, ()
    return False, max(found, key=lambda verdict: verdict.score).reasons if found else ()


def _best(claim: str, statements: Sequence[Evidence], judge: Judge) -> Evidence | None:
    found = verdicts(claim, [(one.quote, governors_of(one)) for one in statements], judge)
    carrying = [number for number, verdict in enumerate(found) if verdict.carried]
    return statements[max(carrying, key=lambda number: found[number].score)] if carrying else None


def _find_splice(claim: str, cited: Sequence[Evidence], near: Sequence[Evidence]) -> str:
    """Two statements, one of them cited, that hold all words and numbers of the claim together, and neither alone."""
    needed = _pieces(claim, claim)
    for one in cited:
        mine = _pieces(claim, one.quote, *governors_of(one))
        for other in (*cited, *near):
            theirs = _pieces(claim, other.quote, *governors_of(other))
            if mine | theirs >= needed and min(len(needed - mine), len(needed - theirs)) >= HALF:
                return f"“{_short(one.quote)}” and “{_short(other.quote)}”"
    return ""


def _pieces(claim: str, text: str, *governors: str) -> set[str]:
    """Words and numbers of the claim that stand in a text or above it."""
    aligned = align(claim, text, governors)
    found = {f"{one.at}" for one in aligned.words if one.places and one.word.lower() not in LIGHT}
    shown = quantities(text)
    return found | {f"{one.value} {one.unit}" for one in quantities(claim) if matching(one, shown)}


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 80 else f"{plain[:79]}…"


def place_of(text: str, piece: str) -> tuple[int, int] | None:
    """Where a piece stands in a text, whatever the white space."""
    words = piece.split()
    match = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    return match.span() if match else None


def documents(store: Store, name: str) -> list[str]:
    """Documents of this name, or whose path ends with it."""
    if not name:
        return []
    rows = [(row.uri, row.name) for row in catalog.document_rows(store)]
    exact = [uri for uri, shown in rows if name in (shown, uri)]
    return exact or [uri for uri, shown in rows if f"/{uri}".endswith(f"/{name}") or f"/{shown}".endswith(f"/{name}")]


def passages(store: Store, uri: str, start: int, end: int) -> list[Evidence]:
    """The passages of a document that overlap these characters."""
    hits = [(key, 0.0) for key in passages_across(store, uri, start, end)]
    return list(catalog.evidence(store, hits, "cited", "cited"))
