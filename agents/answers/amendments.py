"""What an amendment changes of a section. "Section 3.1. '25 days' is replaced by '27 days'." holds few words of a
question, and takes the place of what section 3.1 says.

A document amends others when its name or title calls it an amendment, an addendum, an erratum, and it does not call
itself a draft. It names the section by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...corpus import catalog
from ...corpus.document import Evidence
from ...corpus.passages import passages_across
from ...corpus.store import Store
from ...corpus.words import stems
from ...questions import kinds
from ...questions.assertion import Level
from ...questions.question import Question
from ...questions.standing import standing_word
from ...retrieval.narrow import narrow
from ...retrieval.quoting import UNREAD, Quote

_AMENDS = ("amend", "addend", "errat", "corrigend", "nachtrag", "änderung")
_MOST, _LONGEST = 20, 200_000
"""Amendments that are looked through, and characters of each."""
_LEAST = 12
"""Characters that an amendment says besides the section's number."""
_CUT = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+•]|\d+[.)]|\([a-z\d]+\))[ \t]|#)")
_SECTION = re.compile(r"(?:§\s*)?(\d{1,3}(?:\.\d{1,3})*)\.?(?=\s)")
_REFERENCE = (
    r"(?:section|sect\.|sec\.|clause|article|art\.|paragraph|para\.?|point|rule|chapter|§|ziffer|abschnitt|artikel|punkt)"
    r"\s*{}(?!\.?\d)"
)


def show_amended(store: Store, asked: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """``quotes`` with what an amendment says of the section of the best one first, and the best below it. Neither is
    sure: the amendment may leave alone what is asked."""
    if not quotes or quotes[0].fit.level == "no":
        return list(quotes)
    best = quotes[0]
    title, _, below = best.evidence.heading.partition(" > ")
    section = _SECTION.match(below.rpartition(" > ")[2])
    if section is None or _is_amendment(best.evidence.name):
        return list(quotes)
    changed = next(_statements(store, section[1], title or best.evidence.name), None)
    if changed is None:
        return list(quotes)
    level: Level = "unsure" if kinds.holds(asked, changed.quote, True) is False else "likely"
    level = level if best.fit.level in ("sure", "likely") else "unsure"
    note = f"changes section {section[1]} of {best.evidence.name}"
    fit = replace(best.fit, level=level, worded_otherwise=False)
    first = replace(best, evidence=changed, passage=changed, reading=UNREAD, fit=replace(fit, reasons=(note,)))
    return [first, replace(best, fit=fit), *quotes[1:]]


def _is_amendment(name: str) -> bool:
    return any(word in name.lower() for word in _AMENDS)


def _statements(store: Store, section: str, title: str) -> Iterator[Evidence]:
    """The items and paragraphs of amendments of ``title`` that name the section, those of the last documents first."""
    reference = re.compile(_REFERENCE.format(re.escape(section)), re.IGNORECASE)
    for row in reversed(catalog.documents_named(store, _AMENDS, _MOST)):
        opening = catalog.opening(store, row.uri)
        if standing_word(row.name, opening) or not set(stems(title)) & set(stems(opening)):
            continue
        text = catalog.document_text(store, row.key)[:_LONGEST]
        for found in reference.finditer(text):
            keys = [(key, 0.0) for key in passages_across(store, row.uri, found.start(), found.end())]
            for hit in catalog.evidence(store, keys, "amendment", f"names section {section}"):
                assert hit.span is not None
                start, end = _block(hit.quote, max(0, found.start() - hit.span.start))
                if end - start > found.end() - found.start() + _LEAST:
                    yield narrow(store, hit, start, end)


def _block(text: str, at: int) -> tuple[int, int]:
    """The item or paragraph around ``at``."""
    start = max((cut.end() for cut in _CUT.finditer(text, 0, at)), default=0)
    behind = _CUT.search(text, at)
    return start, start + len(text[start : behind.start() if behind else len(text)].rstrip())
