"""Answers that are lists: the items below one lead-in, or the statements of one form in many places, counted.

A number is said to be complete only when every passage that shares a word with the question was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...corpus import catalog, words
from ...corpus.document import Evidence
from ...corpus.places import line_breaks, span_at
from ...corpus.quotes import quote_holds
from ...corpus.sign_words import term_sign
from ...corpus.spans.kept import kept_statements
from ...corpus.spans.lines import ITEM
from ...corpus.store import Store
from ...questions import kinds
from ...questions.assertion import Level
from ...questions.question import Question
from ...retrieval.lexical import LexicalRetriever
from ...retrieval.narrow import narrow
from ...retrieval.quoting import Quote, header_row, quote_statements
from ..answer import Answer
from . import versions
from .items import LONGEST_STEPS, items_beside, list_around
from .quoted import cite_held, form_of, with_governors

LOOKED_AT = 200
"""Passages that are looked at for statements of one form."""
SHOWN = 20
MOST_ITEMS = 12
"""Items of a list that is shown whole though one of them was found by its own words."""
_ONE_ITEM = "one item of a list that may be about more, or less, than what is asked"
_GOES_ON = "the list goes on"
OTHER_ROWS = "other rows fit as well"
_WHOLE_LIST = frozenset({"list", "count", "passage", "steps", "name"})


def whole_list(store: Store, asked: Question, quote: Quote) -> Quote:
    """Widens a quote to all items of its list, where the question asks for what the list's lead-in or heading says, or
    for several things and the item names one; else the quote itself."""
    if asked.kind not in _WHOLE_LIST or (quote.row and term_sign(quote.evidence.quote)):
        return quote
    shared = bool(set(words.stems(asked.text)) & set(words.stems(quote.evidence.quote)))
    if shared and (asked.kind != "list" or kinds.holds(asked, ITEM.sub("", quote.evidence.quote, count=1), True)):
        return quote
    passage, inner = quote.passage, quote.evidence.span
    assert passage.span is not None
    assert inner is not None
    found = kept_statements(passage.quote, passage.kind, header_row(passage))
    at = inner.start - passage.span.start
    here = next((number for number, one in enumerate(found) if one.start == at and one.kind == "item"), None)
    if here is None:
        return quote
    items = items_beside(passage.quote, found, here)
    if len(items) < 2:
        return quote
    announced = set(words.stems(" ".join(governor.quote for governor in quote.evidence.governors)))
    heads = {*words.stems(asked.unit), *asked.asked}
    told = not shared or heads & announced or 2 * len(announced.intersection(asked.subject)) >= len(asked.subject) > 0
    fit = quote.fit if told else quote.fit.unsure(_ONE_ITEM)
    if shared and len(items) > MOST_ITEMS:
        return replace(quote, fit=quote.fit.unsure(_ONE_ITEM))
    evidence = narrow(store, passage, items[0].start, items[-1].end, items[0].governors)
    whole = _whole(store, evidence)
    if len(whole.quote) > LONGEST_STEPS and len(whole.quote) > len(evidence.quote):
        return replace(quote, evidence=evidence, fit=fit.unsure(_GOES_ON))
    return replace(quote, evidence=whole, fit=fit)


def _whole(store: Store, items: Evidence) -> Evidence:
    """The items with those of the same list that stand before and behind them, also in other passages."""
    assert items.span is not None
    document = catalog.load_document(store, items.span.document)
    if document is None:
        return items
    start, end = list_around(document.text, items.span.start, items.span.end)
    if (start, end) == (items.span.start, items.span.end):
        return items
    above = tuple(one for one in items.governors if not start <= one.span.start < end)
    span = span_at(document, start, end, line_breaks(document.text))
    return replace(items, quote=document.text[start:end], span=span, governors=above)


def alike_rows(store: Store, question: str, asked: Question, quotes: Sequence[Quote]) -> Answer | None:
    """All rows of one table that fit as well as the best one, which alone would say too little; ``None`` where it is
    the only one. Where one value is asked for, none of them is sure."""
    best = quotes[0]
    if not best.row or best.fit.level not in ("sure", "likely"):
        return None
    alike = [
        quote
        for quote in quotes
        if quote.row
        and quote.evidence.name == best.evidence.name
        and quote.fit.level == best.fit.level
        and quote.own >= best.own - _AS_MUCH
        and bool(quote.cell) == bool(best.cell)
        and quote_holds(store, quote.evidence)
    ]
    labelled = [quote for quote in alike if _is_labelled(asked, quote)]
    distinct = list({quote.evidence.quote: quote for quote in labelled or alike}.values())[:SHOWN]
    if len(distinct) < 2 or _say_one_value(distinct):
        return None
    distinct.sort(key=lambda quote: quote.evidence.span.start if quote.evidence.span else 0)
    citations = tuple(cite_held(number, quote.evidence) for number, quote in enumerate(distinct, start=1))
    first, *others = citations
    lines = [f"At least {len(distinct)} rows fit:", f"{with_governors(question, first.evidence)} [1]"]
    lines += [f"{one.quote} [{one.number}]" for one in others]
    level: Level = "unsure" if asked.kind in _ONE_VALUE else "likely"
    why = (*best.fit.reasons, OTHER_ROWS)
    return Answer(question, "\n".join(lines), "quoted", citations, fit=level, reasons=why)


def _say_one_value(rows: Sequence[Quote]) -> bool:
    """Whether all rows have the same value in the cell that is asked for, and nothing tells them apart that only events
    have, a time: then it is said once."""
    if not rows[0].cell or any(row.cell != rows[0].cell for row in rows):
        return False
    columns = zip(*(_CELLS.split(row.evidence.quote) for row in rows), strict=False)
    apart = [cells for cells in columns if len(set(cells)) > 1]
    return not any(_TIME_CELL.search(cell) for cells in apart for cell in cells)


_CELLS = re.compile(r"[|,;\t]")
_TIME_CELL = re.compile(
    r"(?<!\d)(?:1[89]|20)\d\d(?!\d)|\d[:./-]\d|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec|week|day|month)[a-z]{0,6}\b",
    re.IGNORECASE,
)


def _is_labelled(asked: Question, quote: Quote) -> bool:
    """Whether the first cell of the row is a name of the question: of Tom the row of Tom, not that of "Tom's uncle"."""
    label = re.match(r"[|\s]*([^|,;\t]+)", quote.evidence.quote)
    held = words.words(label[1]) if label else []
    return any(held == words.words(name) for name in asked.names)


_AS_MUCH = 0.02
"""Of the share of the question's weight that a row carries."""
_ONE_VALUE = frozenset({"value", "number", "count", "duration", "date", "yes_no"})


def every(store: Store, question: str, asked: Question, best: Quote) -> Answer | None:
    """Gathers all statements that have the form of the best one, as a counted list; ``None`` when there is but one."""
    hits = LexicalRetriever(store).search(question, LOOKED_AT)
    form = form_of(best.evidence.quote)
    same = [
        quote
        for quote in quote_statements(store, question, [hit for hit in hits if form in form_of(hit.quote)], asked)
        if form_of(quote.evidence.quote) == form and quote.fit.level == best.fit.level
    ]
    version = versions.matching_numbers(asked, best)
    same = [quote for quote in same if not version or versions.matching_numbers(asked, quote) == version]
    distinct = list({(quote.evidence.name, quote.evidence.quote): quote for quote in same}.values())
    held = [quote for quote in distinct if quote_holds(store, quote.evidence)]
    if len(held) < 2:
        return None
    held.sort(key=lambda quote: _natural(quote.evidence.quote))
    own_numbers = asked.kind == "count" and all(map(_says_number, held))
    complete = len(hits) < LOOKED_AT
    citations = tuple(cite_held(number, quote.evidence) for number, quote in enumerate(held[:SHOWN], start=1))
    lines = [f"{with_governors(question, citation.evidence)} [{citation.number}]" for citation in citations]
    more = [f"… and {len(held) - SHOWN} more"] if len(held) > SHOWN else []
    documents = len({hit.name for hit in hits})
    places = f"{documents} documents" if documents > 1 else "1 document"
    head = f"{len(held)} found in {places}:" if complete else f"at least {len(held)} found:"
    reasons = () if complete else ("there may be more in passages that were not read",)
    if own_numbers:
        head, reasons = f"Each says a number of its own, in {places}:", (*reasons, "each says a number of its own")
        lines = [f"{line} ({citation.evidence.name})" for line, citation in zip(lines, citations, strict=False)]
    return Answer(
        question,
        "\n".join([head, *lines, *more]),
        "quoted",
        citations,
        fit=best.fit.level if complete and not own_numbers else "unsure",
        reasons=(*best.fit.reasons, *reasons),
        short=str(len(held)) if complete and asked.kind == "count" and not own_numbers else "",
    )


def _says_number(quote: Quote) -> bool:
    """Whether a statement has a number of its own, so that how many statements there are is another one: a row of a
    table with numbers, "workers: 24"."""
    text = quote.evidence.quote.strip()
    return bool(_NUMBER_LINE.fullmatch(text) or (quote.row and _NUMBER_CELL.search(text)))


_NUMBER_LINE = re.compile(r"[-*\s\"']*[A-Za-z_][\w .\"'-]{0,60}[:=]\s*[-+]?\d[\d.,]*\s*[a-zA-Z%€£$]{0,5}[,;]?")
_NUMBER_CELL = re.compile(r"(?:^|[|,;\t])\s*[-+]?\d+(?:\.\d+)?\s*(?=$|[|,;\t])")


def _natural(text: str) -> list[tuple[int, str]]:
    """Numbers in a text sort by their size."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,18})", text)]
