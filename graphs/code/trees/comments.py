"""Comments that a walk passes, and the first sentence of the one that ends right above a definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from ..summary import first_sentence

if TYPE_CHECKING:
    from tree_sitter import Node

_MARKS = re.compile(r"^[ \t]*(?:/\*+!?|\*+/|\*(?!/)|//+!?|#+!?|--+|;+)[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_TAGS = re.compile(r"<[/!]?\w[^<>]{0,80}>")
_SECTION = re.compile(
    r"^\s*(?:@\w+|\\(?:param|return)|# (?:Examples?|Errors|Panics|Safety)\b|Parameters\b|Args:).*", re.M | re.S
)
_TOOLS = re.compile(
    r"^\s*(?:eslint|istanbul|prettier|jshint|jslint|global|exported|ts-|@ts-|nolint|go:|noinspection|rubocop)"
)
_NAME_ALONE = re.compile(r"^[\w.#:]+[ \t]*\n(?:[ \t]*\n)+(?=[ \t]*\w)")
"""A heading that only repeats what the definition is called."""


def one_line(text: str, limit: int) -> str:
    line = " ".join(text.split()).rstrip(" {:=>;,")
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def comment_summary(text: str) -> str:
    """The first sentence, without marks and tags; empty for a word to a tool."""
    plain = _SECTION.sub("", _TAGS.sub(" ", _MARKS.sub("", text)[:4_000])).strip()
    plain = _NAME_ALONE.sub("", plain)
    return "" if _TOOLS.match(plain) or not re.search(r"\w", plain) else first_sentence(plain)


def last_line(node: Node) -> int:
    """1-based; a line that the node only ends before is not its own."""
    end = node.end_point
    return end.row + 1 if end.column else max(end.row, node.start_point.row + 1)


@dataclass(frozen=True, slots=True)
class _Comment:
    first: int
    last: int
    """Rows."""
    nodes: tuple[Node, ...]


class Comments:
    def __init__(self, text: Callable[[Node], str], kinds: Collection[str]) -> None:
        self.above = ""
        """The text of the one above the definition that was made last."""
        self._text, self._kinds = text, kinds
        self._last: _Comment | None = None

    def add(self, node: Node) -> None:
        """A comment that the walk comes to; lines of comments one below the other are one."""
        first, last = node.start_point.row, last_line(node) - 1
        before = self._last
        nodes = (*before.nodes, node) if before is not None and before.last + 1 == first else (node,)
        self._last = _Comment(nodes[0].start_point.row, last, nodes)

    def keep(self, node: Node) -> None:
        """What stands between a comment and its definition, such as a decorator, does not part them."""
        if self._last is not None and self._last.last + 1 >= node.start_point.row:
            self._last = _Comment(self._last.first, last_line(node) - 1, self._last.nodes)

    def doc_above(self, row: int) -> str:
        """The summary of the comment that ends in the row above or in the same."""
        comment, self.above = self._last, ""
        if comment is None or not comment.last + 1 >= row >= comment.first:
            return ""
        self._last = None
        self.above = "\n".join(map(self._text, comment.nodes))
        return comment_summary(self.above)

    def heading(self, tree: Node) -> str:
        """The comment that a file begins with, where it says what the file is."""
        first = list(takewhile(lambda node: node.type in self._kinds, tree.named_children[:20]))
        text = "\n".join(map(self._text, first))
        return "" if "opyright" in text or "icense" in text else comment_summary(text)
