"""HTML to a tree, whatever the page does: nested without end, or with hundreds of thousands of attributes."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

_DEEPEST = 2_000
"""Levels that the parser builds itself; below, elements stand side by side."""
_ATTRIBUTES = 1_000
"""Of one element. The parser compares each with all before it."""
_LONG = 2 * _ATTRIBUTES
_TAG = re.compile(r"""<[A-Za-z](?:[^>=]++|=\s*+"[^"]*+(?:"|\Z)|=\s*+'[^']*+(?:'|\Z)|=)*+(?:>|\Z)""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"?|'[^']*+'?)""")
_NAME = re.compile(r"[^\s/>=]+")


def parse_page(text: str) -> tuple[Any, tuple[str, ...]]:
    """The root (None for a page without any element), and what was left out."""
    stripped = 0

    def bare(tag: re.Match[str]) -> str:
        nonlocal stripped
        whole = tag[0]
        if len(whole) < _LONG or len(_NAME.findall(_VALUE.sub("= ", whole))) <= _ATTRIBUTES:
            return whole
        stripped += 1
        name = _NAME.match(whole)
        return f"{name[0] if name else '<p'}{whole.count(chr(10)) * chr(10)}>"

    text = _TAG.sub(bare, text)
    omitted = (
        (f"the attributes of {stripped:,} element{'s' if stripped > 1 else ''} (more than {_ATTRIBUTES:,} each)",)
        if stripped
        else ()
    )
    data = text.encode()
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    root = etree.fromstring(data, parser)
    if any("depth" in entry.message for entry in parser.error_log):
        flat = etree.HTMLParser(encoding="utf-8", target=_Flat(), huge_tree=True)
        flat.feed(data)
        root = flat.close()
    return root, omitted


class _Flat:
    """A parser's target that builds no deeper than ``_DEEPEST``. The tree knows no lines."""

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder()
        self._depth = 0
        self._open = ""
        """The element below the deepest level that is open."""
        self._hidden = 0
        """The depth of a hidden one there: what it holds is not told apart from it otherwise."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth <= _DEEPEST:
            self._builder.start(tag, dict(attributes))
        elif not self._hidden:
            self._close()
            self._builder.start(tag, dict(attributes))
            self._open = tag
            if (
                tag in ("script", "style", "template")
                or "hidden" in attributes
                or "display:none" in attributes.get("style", "").replace(" ", "")
            ):
                self._hidden = self._depth

    def end(self, tag: str) -> None:
        if self._depth <= _DEEPEST:
            self._close()
            self._builder.end(tag)
        elif not self._hidden or self._depth == self._hidden:
            self._close()
            self._hidden = 0
        self._depth -= 1

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> Any:
        self._close()
        return self._builder.close()

    def _close(self) -> None:
        if self._open:
            self._builder.end(self._open)
            self._open = ""
