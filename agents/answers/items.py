"""Lists around a statement: steps that are numbered are shown whole, with the rule right before or behind them; of
bullets that have nothing to do with one another the one that was chosen, with its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...corpus import catalog
from ...corpus.document import Place
from ...corpus.places import line_breaks, span_at
from ...corpus.spans.kept import kept_statements
from ...corpus.spans.lines import ITEM
from ...corpus.spans.statements import Statement
from ...corpus.store import Store
from ...questions.question import Question
from ...retrieval.narrow import narrow
from ...retrieval.quoting import Quote, header_row

LONGEST_STEPS, RULE = 2_500, 300
"""Characters of steps that are shown whole, and of the paragraph before or behind them."""
LONGEST_LIST = 3_000
"""Characters of a list that are shown on either side of an item."""
FEW_ITEMS, SHORT_LIST = 5, 500
"""Bullets, and their characters, that are shown whole though one of them was chosen."""
_NUMBERED = re.compile(r"\s*(?:\d{1,3}[.)]|\(?\d{1,3}\)|[Ss]tep \d+[.:)])\s")
_TO_DO = re.compile(
    r"\b(?:what|which|was)\b[^?]*\b(?:do|should|must|need|have to|soll\w*|muss|mache?n?|tun)\b", re.IGNORECASE
)
_PARAGRAPH = re.compile(r"[ \t]*\n[ \t]*\n?[ \t]*(?P<shown>[^\s#|>`~<][^\n]*(?:\n(?![ \t]*\n)[^\n]+)*)")
_RULES = re.compile(
    r"\b(?:do not|don['’]t|never|always|only|must|should|may not|cannot|if|unless|until|before|after|except|when|note"
    r"|warning|caution|attention|important|otherwise|nicht|nie|immer|nur|muss|falls|wenn|vorher|danach|achtung)\b",
    re.IGNORECASE,
)
"""What a paragraph behind the steps says that belongs to them."""
_ONE_STEP = "one of many steps"


def whole_steps(store: Store, asked: Question, quote: Quote) -> Quote:
    """``quote`` with all steps of the numbered list that it stands in, where the question asks what to do, and with the
    short paragraphs right before and behind them; else the quote itself."""
    inner, outer = quote.evidence.span, quote.passage.span
    to_do = asked.kind in ("steps", "code") or (asked.kind == "passage" and _TO_DO.search(asked.text))
    if not to_do or inner is None or outer is None or quote.row:
        return quote
    found = kept_statements(quote.passage.quote, quote.passage.kind, header_row(quote.passage))
    here = _place_of(found, inner.start - outer.start)
    if here is None:
        return quote
    items = items_beside(quote.passage.quote, found, here)
    document = catalog.load_document(store, inner.document)
    steps = sum(_NUMBERED.match(quote.passage.quote, one.start) is not None for one in items)
    if steps < 2 or document is None or not _NUMBERED.match(quote.passage.quote, items[0].start):
        return quote
    start, end = outer.start + items[0].start, outer.start + items[-1].end
    if end - start > LONGEST_STEPS:
        return replace(quote, fit=quote.fit.unsure(_ONE_STEP))
    start, end = _with_rules(document.text, start, end)
    above = tuple(one for one in quote.evidence.governors if not start <= one.span.start < end)
    evidence = replace(
        quote.evidence,
        quote=document.text[start:end],
        span=span_at(document, start, end, line_breaks(document.text)),
        governors=above,
    )
    return quote.wider(evidence)


def _place_of(found: tuple[Statement, ...], at: int) -> int | None:
    """The item that begins at ``at``, or of which what begins there is a part."""
    here = next((number for number, one in enumerate(found) if one.start <= at < one.end), None)
    while here is not None:
        parent = found[here].governors[-1] if found[here].governors else (-1, -1)
        above = next((n for n, one in enumerate(found) if one.start <= parent[0] and parent[1] <= one.end), None)
        of_label = above is not None and found[above].kind == "item" and parent[1] < found[above].end
        if found[here].kind == "item" and not of_label:
            return here
        here = above
    return None


def whole_item(store: Store, quote: Quote) -> Quote:
    """``quote``, a sentence of a bullet, with the bullet's other sentences; else itself."""
    found, here = _item_of(quote)
    if here is None:
        return quote
    text, last = quote.passage.quote, here
    while last + 1 < len(found) and not ITEM.match(text, found[last + 1].start) and found[last + 1].kind == "item":
        last += 1
    if last == here or found[last].end - found[here].start > SHORT_LIST:
        return quote
    return quote.wider(narrow(store, quote.passage, found[here].start, found[last].end, found[here].governors))


def _item_of(quote: Quote) -> tuple[tuple[Statement, ...], int | None]:
    """The statements of the passage, and which of them begins the item that ``quote`` stands in; ``None`` for a row and
    for what was made wider already."""
    inner, outer = quote.evidence.span, quote.passage.span
    if quote.row or quote.chosen is not None or inner is None or outer is None:
        return (), None
    found = kept_statements(quote.passage.quote, quote.passage.kind, header_row(quote.passage))
    return found, _place_of(found, inner.start - outer.start)


def _with_rules(text: str, start: int, end: int) -> Place:
    """The place further to the paragraph before and the one behind, where they are short and no headings or lists."""
    behind = _PARAGRAPH.match(text, end)
    if behind and _RULES.search(behind["shown"]) and not ITEM.match(behind["shown"]) and len(behind["shown"]) <= RULE:
        end = behind.end()
    above = text[:start].rstrip()
    first = max(above.rfind("\n\n"), 0)
    shown = above[first:].lstrip("\n")
    gap = text[len(above) : start].count("\n")
    plain = bool(shown) and shown[0] not in "#|>`~<" and not ITEM.match(shown) and not _is_title(shown)
    if plain and len(shown) <= RULE and gap <= 2:
        start = len(above) - len(shown)
    return start, end


def _is_title(shown: str) -> bool:
    """Whether a paragraph is a heading, or a line of a few words that may be one."""
    lines = shown.rstrip().split("\n")
    underlined = len(lines) > 1 and not lines[1].strip("=-~^*#+")
    numbered = re.match(r"\d+(?:\.\d+)* [A-Z]", shown) is not None
    return underlined or numbered or (len(lines) == 1 and shown.rstrip()[-1] not in ".!?:;)" and len(shown.split()) < 8)


def item_beside(store: Store, quote: Quote) -> Quote | None:
    """``quote``, a bullet of a long list, with the bullets right before and behind it; ``None`` for all else."""
    found, here = _item_of(quote)
    text = quote.passage.quote
    if here is None or not ITEM.match(text, found[here].start) or _NUMBERED.match(text, found[here].start):
        return None
    above = found[here].governors
    beside = items_beside(text, found, here)
    bullets = [one for one in beside if one.governors == above and ITEM.match(text, one.start)]
    if len(bullets) <= FEW_ITEMS or beside[-1].end - beside[0].start <= SHORT_LIST:
        return None
    chosen = max(number for number, one in enumerate(bullets) if one.start <= found[here].start)
    first, behind = bullets[max(0, chosen - 1)], bullets[chosen + 2 : chosen + 3]
    last = max(one.end for one in beside if not behind or one.end <= behind[0].start)
    return quote.wider(narrow(store, quote.passage, first.start, last, above))


def items_beside(text: str, found: Sequence[Statement], here: int) -> list[Statement]:
    """The items beside ``found[here]`` that have its governors, with what is nested in them: items, code, remarks."""
    above = found[here].governors
    first = last = here
    while first and _inside(text, found[first - 1], above):
        first -= 1
    while last + 1 < len(found) and _inside(text, found[last + 1], above):
        last += 1
    while first < here and not ITEM.match(text, found[first].start):
        first += 1
    return list(found[first : last + 1])


def _inside(text: str, one: Statement, above: Sequence[tuple[int, int]]) -> bool:
    if tuple(one.governors[: len(above)]) != tuple(above):
        return False
    return len(one.governors) > len(above) or one.kind == "item" or ITEM.match(text, one.start) is not None


def list_around(text: str, start: int, end: int, most: int = LONGEST_LIST) -> Place:
    """The characters of the list that the items from ``start`` to ``end`` are a part of, at most ``most`` of them on
    either side: further items at their indent, and what is indented below these."""
    begin = text.rfind("\n", 0, start) + 1
    indent = start - begin
    if text[begin:start].strip() or not ITEM.match(text, start):
        return start, end
    last = end
    for line in re.finditer(r"\n([ \t]*)(\S[^\n]*)|\n[ \t]*(?=\n|$)", text[end : end + most]):
        deeper = line[2] is not None and len(line[1]) > indent
        if line[2] is not None and not deeper and not (len(line[1]) == indent and ITEM.match(line[2])):
            break
        last = end + line.end() if line[2] is not None else last
    first = start
    above = text[max(0, begin - most) : begin]
    for row in reversed(above.split("\n")[:-1]):
        bare = row.lstrip(" \t")
        begin -= len(row) + 1
        if bare and not (len(row) - len(bare) >= indent and (len(row) - len(bare) > indent or ITEM.match(bare))):
            break
        if bare and len(row) - len(bare) == indent:
            first = begin + indent
    return max(0, first), last
