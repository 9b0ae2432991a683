"""The page (HTML) of a mail as text, with what it quotes marked by ``> `` as in plain text."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from . import html
from .content import Content
from .formats import Format
from .html_tree import parse_page

_PAGE = Format("text/html")
_DEEPEST = 5
"""Quotes inside one another that are told apart."""
_MOST = 500
"""Quotes of one page."""
_PLACE = re.compile("\ue000(\\d{1,4})\ue001")
_SIGNS = str.maketrans("", "", "\ue000\ue001")


def read_page(source: str, depth: int = 0) -> Content:
    """Reads the page of a mail. The text has no marks of its own."""
    root, quotes = None, list[Any]()
    if depth < _DEEPEST and "<blockquote" in source.lower():
        root, _ = parse_page(source.translate(_SIGNS))
        quotes = _quotes(root) if root is not None else []
    if not quotes:
        page = html.read(source.encode(errors="replace"), _PAGE)
        return Content(page.text, page.media_type, page.title, omitted=page.omitted)
    inner = [_take_quote(quote, number) for number, quote in enumerate(quotes)]
    page = html.read(etree.tostring(root, encoding="utf-8", method="html"), _PAGE)
    read = [read_page(one, depth + 1) for one in inner]
    text = _PLACE.sub(
        lambda found: _hide_heading(read[int(found[1])].text) if int(found[1]) < len(read) else "", page.text
    )
    omitted = [*page.omitted, *(phrase for one in read for phrase in one.omitted)]
    return Content(text, page.media_type, page.title, omitted=tuple(omitted))


def _quotes(root: Any) -> list[Any]:
    """What a reply quotes, not what stands inside of such a quote."""
    found: list[Any] = []
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if element.tag == "blockquote" and len(found) < _MOST and _is_reply(element):
            found.append(element)
            walker.skip_subtree()
    return found


def _is_reply(element: Any) -> bool:
    """Whether it is a quote of a mail; a writer's own indents are blockquotes, too."""
    return (element.get("type") or "").lower() == "cite" or "gmail_quote" in (element.get("class") or "").split()


def _take_quote(quote: Any, number: int) -> str:
    """The quote's own page; a sign stands in its place."""
    tail, quote.tail = quote.tail, None
    source: str = etree.tostring(quote, encoding="unicode", method="html")
    place = etree.Element("p")
    place.text, place.tail = f"\ue000{number}\ue001", tail
    quote.getparent().replace(quote, place)
    start, end = source.index(">") + 1, source.rindex("<")
    return source[start : max(start, end)]


def _hide_heading(text: str) -> str:
    """A heading in a quote is none of the mail's."""
    return "\n".join(f"> {line}" if line.strip() else "" for line in text.split("\n"))
