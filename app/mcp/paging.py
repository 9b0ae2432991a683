"""Long results in pages that fit a budget of tokens, each saying how to get the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from ...corpus.tokens import BYTES_PER_TOKEN, tokens

BUDGET = 1_500
"""Tokens of one page, if nothing else is asked for."""
_MORE = 24
"""Tokens that are kept for the sentence that says how to get more."""


def page_of(lines: Sequence[str], number: int, budget: int = BUDGET) -> str:
    """Page ``number``, from 1, of ``lines``: at most ``budget`` tokens."""
    pages = list(_pages(lines, budget - _MORE))
    if number > len(pages):
        return f"there is no page {number}; the last is {len(pages)}"
    shown = "\n".join(pages[number - 1])
    if len(pages) == 1:
        return shown
    more = f"page {number} of {len(pages)}"
    return f"{shown}\n({more}; call again with page={number + 1})" if number < len(pages) else f"{shown}\n({more})"


def _pages(lines: Sequence[str], budget: int) -> Iterator[list[str]]:
    page: list[str] = []
    used = 0
    for line in chain.from_iterable(_pieces(whole, budget) for whole in lines):
        size = tokens(line + "\n")
        if page and used + size > budget:
            yield page
            page, used = [], 0
        page.append(line)
        used += size
    yield page


def _pieces(line: str, budget: int) -> Iterator[str]:
    """A line that is longer than a page, such as a minified file's, in parts."""
    most = max(budget * BYTES_PER_TOKEN // 4 - 1, 1)  # a character has up to four bytes
    if tokens(line + "\n") <= budget:
        yield line
        return
    for start in range(0, len(line), most):
        yield line[start : start + most]
