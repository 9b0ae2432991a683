"""What stands inside a line of a page and is more than its words: links, form fields, raised text, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree

from .mathml import linear
from .superscripts import subscript, superscript

_NOTES = frozenset({"reference", "footnote", "footnote-ref", "footnote-reference", "noteref", "fn", "cite-ref"})
_ABSOLUTE = re.compile(r"(?:https?|ftp)://[^\s<>]{1,400}", re.IGNORECASE)
_FILE = re.compile(r"[^\s<>?#:]{1,300}\.(?!(?:html?|xhtml|php|aspx?|jsp)\b)[A-Za-z][A-Za-z0-9]{1,4}", re.IGNORECASE)
_CHOICES = frozenset({"checkbox", "radio"})
_LINK = 100
"""Pieces of a link's text that its target is compared with: links may be nested without end."""
_UNSEEN = frozenset({"hidden", "password", "image", "file"})
WHOLE = frozenset({"sup", "sub", "math", "input", "select", "textarea"})
"""Elements that ``inline`` turns into text with all that is in them."""


def inline(element: Any) -> str:
    """The text of an element of ``WHOLE``."""
    tag = element.tag
    if tag == "sup":
        return superscript(_text(element), note=_is_note(element))
    if tag == "sub":
        return subscript(_text(element))
    if tag == "math":
        return f" {linear(element)} "
    if tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        said = ", ".join(filter(None, (_text(option) for option in chosen)))
        return f" {said} "
    return f" {_text(element)} " if tag == "textarea" else _value(element)


def target(link: Any) -> str:
    """Where a link leads, when that is worth reading: an absolute address or a file; else empty."""
    href = (link.get("href") or "").strip()
    text = _text(link, _LINK)
    if href.lower().startswith(("mailto:", "tel:")):
        href = href.partition(":")[2].partition("?")[0]
        return "" if not href or _bare(href) in _bare(text) else href
    wanted = _ABSOLUTE.fullmatch(href) or _FILE.fullmatch(href)
    return href if wanted and text and _bare(href) not in _bare(text) else ""


def address_behind(target: str, text: str) -> str:
    """What stands behind the text of an office document's link: where it leads, if that is an absolute address which
    the text does not hold; else empty."""
    address, said = target.strip(), _bare(text)
    if address.lower().startswith("mailto:"):
        address = address[7:].partition("?")[0]
    elif not _ABSOLUTE.fullmatch(address):
        return ""
    return f" <{address}>" if said and _bare(address) not in said else ""


def _bare(text: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[\s/.()-]+", "", text.lower())


def _is_note(element: Any) -> bool:
    own = {*(element.get("class") or "").split(), *(element.get("id") or "").split(":")[:1]}
    inside = element.find(".//a")
    return inside is not None or not _NOTES.isdisjoint(own) or element.get("role") == "doc-noteref"


def _value(field: Any) -> str:
    kind = (field.get("type") or "text").lower()
    if kind in _CHOICES:
        return " [x] " if "checked" in field.attrib else " [ ] "
    return "" if kind in _UNSEEN else f" {field.get('value') or ''} "


def _text(element: Any, most: int | None = None) -> str:
    """``most``: how many pieces of it are read."""
    return " ".join("".join(islice(_texts(element), most)).split())


def _texts(element: Any) -> Iterator[str]:
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, part in walker:
        if event == "end":
            yield (part.tail or "") if part is not element else ""
        elif part is not element and part.tag in ("script", "style", "template", "del", "s", "strike"):
            walker.skip_subtree()
        else:
            yield part.text or ""
