"""Answers that are passages: a how-to with its code block whole, a definition or a reason with its paragraph.

The statement that was chosen stays the reason why; what is quoted is the block of text that it stands in, verbatim, and
the code that the block announces.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...corpus import catalog
from ...corpus.places import line_breaks, span_at
from ...corpus.sign_words import term_sign
from ...corpus.spans import sentences
from ...corpus.spans.kept import kept_statements
from ...corpus.spans.units import CODE_KINDS
from ...corpus.store import Store
from ...questions import kinds
from ...questions.fit import Fit
from ...questions.kinds import NUMBER
from ...questions.number_terms import is_number_term
from ...questions.opposites import TOKEN, signs
from ...questions.question import Question
from ...retrieval.entries import decides, is_below_like_question, is_below_question
from ...retrieval.narrow import narrow
from ...retrieval.parallel import LOOSELY, holds_more, parallel
from ...retrieval.quoting import UNREAD, Quote, header_row
from .quoted import short

EXPLAINED = frozenset({"steps", "code", "reason", "definition", "comparison", "passage"})
"""Kinds of question that one sentence seldom answers; of others it does where a few words of it are the answer."""
PARAGRAPH, BLOCK = 700, 900
"""Characters of a paragraph that is quoted whole, and of the code below it."""

REPLY = 200
"""Characters of a yes or no and of what is said to it, below a question in other words."""
SECTION = 400
"""Characters of a section that is quoted whole."""
LITTLE = 120
"""Characters of a block that says little by itself."""

_LEANS = re.compile(
    r"\s*(?:(?:it|they|he|she|this|these|those|both|such)\b|(?:that|this|in this) way\b"
    r"|(?:to do|doing) (?:so|this|that)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that leans on the one before it."""
_OPENS_CODE = re.compile(
    r"\s*(?:@|(?:async |export |public |private |static )*(?:def|class|if|elif|else|for|while|with|try|except|finally"
    r"|function|fn|func|switch|do)\b)|.*[({\[]\s*$"
)
"""A line of code that deeper lines belong to."""
_BLANK = re.compile(r"\n[ \t]*\n")
_HEADING = re.compile(r"#{1,6} |[=\-~^\"'`#*+]{4,}$")
_HEADING_LINE = re.compile(r"^#{1,6} [^\n]*\n|^\S[^\n]*\n([=\-~^\"'`#*+])\1{3,}[ \t]*\n", re.MULTILINE)
_TITLE_LINE = re.compile(r"(?:\*\*|__)[^*_\n]+(?:\*\*|__)[ \t]*(?:\n|$)|[^\n]{1,120}\?[*_ \t]*(?:\n|$)")
"""A bold line or a question, which begins another entry."""
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d+[.)])[ \t]")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_DIRECTIVE = re.compile(
    r"[ \t]*\.\. (?:code-block|code|sourcecode|prompt|literalinclude|testcode|doctest|ipython|console|parsed-literal)::"
    r"[^\n]*(?:\n[ \t]+:[^\n]*)*"
)
_TERM = re.compile(r"[^\n]{1,90}\n(?:: |[ \t]+: )")
"""A term and its definition on the next line."""
_FIELD = re.compile(r"[^\n:]{1,60}:\s[^\n]*")
"""A line of a record: a key and its value."""
_PROMPT = re.compile(r"[ \t]*(?:\$|%|>>>|#(?= \w+ -)|>) ?\S")


def whole_passage(store: Store, asked: Question, quote: Quote) -> Quote:
    """``quote`` with the paragraph around it and the code below it; the quote itself where one statement is enough."""
    passage, inner = quote.passage, quote.evidence.span
    if passage.kind in ("table", "data", *CODE_KINDS) or inner is None:
        return quote
    if quote.row and (_FIELD.fullmatch(quote.evidence.quote) or term_sign(quote.evidence.quote)):
        return quote
    if quote.evidence.quote.startswith(": ") and is_number_term(
        "".join(one.quote for one in quote.evidence.governors[-1:])
    ):
        return quote
    if is_below_question(asked, quote):
        return _whole_reply(store, quote, PARAGRAPH)
    if asked.kind == "yes_no" and decides(quote.evidence.quote) and is_below_like_question(asked, quote):
        return _whole_reply(store, quote, REPLY)
    if _says_enough(asked, quote):
        return _with_antecedent(store, quote)
    document = catalog.load_document(store, inner.document)
    if document is None:
        return quote
    text = document.text
    block = _code_around(text, inner.start, inner.end)
    if block:
        start, end = _announcement(text, *block), block[1]
    else:
        start, end = _paragraph(text, inner.start, inner.end)
        if not _ITEM.match(text, text.rfind("\n", 0, start) + 1):
            start, end = _section(text, start, end) or (start, _with_next(text, start, end))
        start, end = _with_code(text, start, end, always=asked.kind in ("steps", "code"))
        end = _with_list(text, end, always=asked.kind in ("list", "count"), announced=_announces(text[start:end]))
    around = () if block else (text[start : inner.start], text[inner.end : end])
    if (start, end) == (inner.start, inner.end) or _contradicts(asked, quote.evidence.quote, *around):
        return _with_antecedent(store, quote)
    if _LEANS.match(text, start):
        start = _block_before(text, start)
    span = span_at(document, start, end, line_breaks(text))
    above = tuple(one for one in quote.evidence.governors if not start <= one.span.start < end)
    evidence = replace(quote.evidence, quote=text[start:end], span=span, governors=above)
    return replace(quote.wider(evidence), fit=_listing(asked, quote.fit, text[start:end]))


def _whole_reply(store: Store, quote: Quote, most: int) -> Quote:
    """What stands below the question, from its first word on, as far as ``most`` characters reach."""
    outer, inner = quote.passage.span, quote.evidence.span
    if outer is None or inner is None:
        return quote
    found = kept_statements(quote.passage.quote, quote.passage.kind, header_row(quote.passage))
    at = inner.start - outer.start
    here = next((one for one in found if one.start <= at < one.end), None)
    if here is None:
        return quote
    beside = [one for one in found if one.governors[: len(here.governors)] == here.governors and not one.label]
    start = beside[0].start
    end = max((one.end for one in beside if one.end - start <= most), default=here.end)
    if not start <= at < end:
        return quote
    return replace(quote, evidence=narrow(store, quote.passage, start, end, here.governors))


def _with_antecedent(store: Store, quote: Quote) -> Quote:
    """A sentence that leans on the one before it ("It was the first in Africa") is quoted with that one."""
    outer, inner = quote.passage.span, quote.evidence.span
    if not _LEANS.match(quote.evidence.quote) or outer is None or inner is None or quote.cell:
        return quote
    start, end = inner.start - outer.start, inner.end - outer.start
    places = sentences(quote.passage.quote, 0, len(quote.passage.quote), quote.passage.kind)
    before = [place for place in places if place[1] <= start]
    if not before or "\n\n" in quote.passage.quote[before[-1][1] : start] or end - before[-1][0] > PARAGRAPH:
        return quote
    places_above = [
        (one.span.start - outer.start, one.span.end - outer.start)
        for one in quote.evidence.governors
        if outer.start <= one.span.start and one.span.end <= outer.start + before[-1][0]
    ]
    return quote.wider(narrow(store, quote.passage, before[-1][0], end, places_above))


def _block_before(text: str, start: int) -> int:
    """The start of the block before ``start``, unless that is a heading or far away."""
    above = text[:start].rstrip()
    blanks = list(_BLANK.finditer(above, max(0, len(above) - PARAGRAPH)))
    first = blanks[-1].end() if blanks else start
    return start if _HEADING.match(above[first:]) or start - first > PARAGRAPH else first


def _listing(asked: Question, fit: Fit, whole: str) -> Fit:
    """The fit of a sentence with the list that it introduces: that it names only one thing is no longer a fault."""
    named = asked.kind == "list" and fit.reasons == (kinds.reason(asked),) and kinds.holds(asked, whole, True)
    return Fit("likely", (), fit.score) if named else fit


def _says_enough(asked: Question, quote: Quote) -> bool:
    """Whether the statement is all that is asked for: a decision, a few words, a number."""
    if asked.kind in EXPLAINED or quote.cell:
        return bool(quote.cell)
    if quote.reading is UNREAD:  # which sentence answers is not known: the paragraph is shown, unless one fits
        return quote.fit.level in ("sure", "likely")
    number = asked.kind not in ("list", "name") and NUMBER.search(quote.evidence.quote) is not None
    return asked.kind == "yes_no" or number or bool(short(asked.text, quote))


def _contradicts(asked: Question, statement: str, *around: str) -> bool:
    """Whether what stands around the statement speaks of the other side of a deciding word, or says of another thing
    what the statement says of the one asked about."""
    said = [sign for text in around for sign in signs(TOKEN.findall(text), asked.language)]
    if any(one.group == sign.group and one.side != sign.side for sign in asked.deciding for one in said):
        return True
    others = [text[first:last] for text in around for first, last in sentences(text, 0, len(text))]
    return any(
        parallel(statement, other, asked.language, LOOSELY)
        and holds_more(asked.text, statement, other, asked.language)
        and not _LEANS.match(other)
        for other in others
    )


def _code_around(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The block of code that the place lies in: between fences, or deeper than the line that announces it."""
    opened = ""
    for found in re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*$", re.MULTILINE).finditer(text, max(0, start - BLOCK), start):
        if not opened and found[1][0] == "~" and text[: found.start() - 1].rpartition("\n")[2].strip():
            continue  # the line below a title of reStructuredText
        opened, first = ("", 0) if opened else (found[1], found.start())
    if opened:
        closing = re.compile(rf"^[ \t]*{re.escape(opened)}[ \t]*$", re.MULTILINE).search(text, end)
        return (first, closing.end()) if closing and closing.end() - first <= BLOCK else None
    depth = _indent(text, start)
    if not depth or _ITEM.match(text, text.rfind("\n", 0, start) + 1):
        return None
    lines = text[max(0, start - BLOCK) : start].split("\n")
    back = 0
    for line in reversed(lines):
        if line.strip() and len(line) - len(line.lstrip()) < depth:
            if len(line) > len(line.lstrip()) and _OPENS_CODE.match(line):
                depth = len(line) - len(line.lstrip())
                back += len(line) + 1
                continue
            announced = line.rstrip().endswith((":", "：")) or _DIRECTIVE.match(line)
            first = start - back
            last = _deeper_end(text, first + 1, depth - 1)
            return (text.find(text[first:].strip()[:1], first), last) if announced and last > end - 1 else None
        back += len(line) + 1
    return None


def _announcement(text: str, start: int, end: int) -> int:
    """Where the paragraph begins that announces the code; its own beginning where none does."""
    above = text[:start].rstrip()
    directive = above.rpartition("\n")[2]
    if _DIRECTIVE.match(directive):
        start = len(above) - len(directive)
        above = above[: len(above) - len(directive)].rstrip()
    if not above.endswith((":", "：")) and not _DIRECTIVE.match(directive):
        return start
    first = above.rfind("\n\n") + 2 if "\n\n" in above else 0
    return first if len(above) - first <= PARAGRAPH and not _HEADING.match(above[first:]) else start


def _paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The lines around ``start`` to ``end`` up to the next blank ones; of an item the item alone."""
    line = text.rfind("\n", 0, start) + 1
    if _ITEM.match(text, line):
        return start, end
    first = max((found.end() for found in _BLANK.finditer(text, max(0, start - PARAGRAPH), start)), default=0)
    if first == 0 and start > PARAGRAPH:
        return start, end
    for number, shown in enumerate(text[first:start].split("\n")[:-1]):
        if _HEADING.match(shown.strip()) or _ITEM.match(shown):
            first += len("\n".join(text[first:start].split("\n")[: number + 1])) + 1
            break
    after = _BLANK.search(text, max(first, end - 1))
    last = after.start() if after else len(text)
    stripped = text[first:last]
    first += len(stripped) - len(stripped.lstrip())
    last = first + len(text[first:last].rstrip())
    inside = first <= start and last >= end and last - first <= PARAGRAPH
    return (first, last) if inside and not _FENCE.match(text, first) else (start, end)


def _section(text: str, start: int, end: int) -> tuple[int, int] | None:
    """All that stands between two headings, where it is short: the entry of one option."""
    low, high = max(0, start - SECTION), min(len(text), end + SECTION)
    above = [found.end() for found in _HEADING_LINE.finditer(text, low, start)]
    below = _HEADING_LINE.search(text, end, high)
    if not above or (below is None and high < len(text)):
        return None
    shown = text[above[-1] : below.start() if below else high]
    first = above[-1] + len(shown) - len(shown.lstrip())
    last = first + len(shown.strip())
    return (first, last) if first <= start and end <= last and last - first <= SECTION else None


def _with_next(text: str, start: int, end: int) -> int:
    """Below a heading a few words ("Default: `false`") are followed by what they mean: further to what says enough."""
    while end - start < LITTLE and not text[start:end].rstrip("*_` ").endswith((":", "：")):
        gap = re.compile(r"[ \t]*\n\s*").match(text, end)
        if gap is None or gap.end() >= len(text) or _HEADING.match(text, gap.end()) or _FENCE.match(text, gap.end()):
            break
        if _DIRECTIVE.match(text, gap.end()) or _TITLE_LINE.match(text, gap.end()):
            break
        after = _BLANK.search(text, gap.end())
        last = after.start() if after else len(text.rstrip())
        under = text[gap.end() : last].partition("\n")[2]
        if last - start > PARAGRAPH or (under and _HEADING.match(under.strip())):
            break
        end = last
    return end


def _with_code(text: str, start: int, end: int, *, always: bool) -> tuple[int, int]:
    """Further to the end of the code that follows, where the text announces it or the question asks for it."""
    last_line = text[start:end].rpartition("\n")[2]
    announced = _announces(last_line) or _DIRECTIVE.match(last_line) is not None
    gap = re.compile(r"\s*\n").match(text, end)
    if gap is None or not (announced or always):
        return start, end
    at = gap.end()
    directive = _DIRECTIVE.match(text, at)
    if directive:
        blank = re.compile(r"\s*\n").match(text, directive.end())
        at = blank.end() if blank else directive.end()
    last = _code_end(text, at, deeper=announced or directive is not None, than=_indent(text, start))
    return (start, last) if at < last <= end + BLOCK else (start, end)


def _announces(shown: str) -> bool:
    return shown.rstrip("*_` ").endswith((":", "："))


def _with_list(text: str, end: int, *, always: bool, announced: bool) -> int:
    """Further to the end of the list or table that follows, where the text announces it or the question asks for one;
    a long one to its last whole item."""
    gap = re.compile(r"[ \t]*\n\s*").match(text, end)
    if gap is None or not (always or announced):
        return end
    first = text.rfind("\n", 0, gap.end()) + 1
    last, depth = end, _indent(text, gap.end())
    for line in re.compile(r"[^\n]*(?:\n|$)").finditer(text, first, min(len(text), first + BLOCK)):
        shown = line[0].strip()
        item = _ITEM.match(line[0]) or shown.startswith(("|", ": ")) or _TERM.match(text, line.start())
        if shown and not item and (last == end or _indent(text, line.start()) <= depth):
            break
        if line.start() == line.end():
            break
        last = line.start() + len(line[0].rstrip()) if shown else last
    return last


def _code_end(text: str, at: int, *, deeper: bool, than: int) -> int:
    """Where the block of code that begins at ``at`` ends; ``at`` itself when none begins there."""
    fence = _FENCE.match(text, at)
    if fence:
        closing = re.compile(rf"^[ \t]*{re.escape(fence[1])}[ \t]*$", re.MULTILINE).search(text, fence.end())
        return closing.end() if closing else at
    if deeper and _indent(text, at) > than:
        return _deeper_end(text, at, than)
    if _PROMPT.match(text, at):
        blank = _BLANK.search(text, at)
        return blank.start() if blank else len(text.rstrip())
    return at


def _deeper_end(text: str, at: int, than: int) -> int:
    last = at
    for line in re.compile(r"[^\n]*(?:\n|$)").finditer(text, at, min(len(text), at + BLOCK + 200)):
        if line[0].strip():
            if _indent(text, line.start()) <= than:
                break
            last = line.start() + len(line[0].rstrip())
    return last


def _indent(text: str, at: int) -> int:
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin : begin + 200].partition("\n")[0]
    return len(line) - len(line.lstrip())
