"""Texts of a definition in any language: its outline on one line, and the first sentence of the comment above it."""

from __future__ import annotations

import re

from ..summary import first_sentence

_MARKS = re.compile(r"^[ \t]*(?:/\*+!?|\*+/|\*(?!/)|//+!?|#+!?|--+|;+)[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_TAGS = re.compile(r"<[/!]?\w[^<>]{0,80}>")
_SECTION = re.compile(
    r"^\s*(?:@\w+|\\(?:param|return)|# (?:Examples?|Errors|Panics|Safety)\b|Parameters\b|Args:).*", re.M | re.S
)
_TOOLS = re.compile(
    r"^\s*(?:eslint|istanbul|prettier|jshint|jslint|global|exported|ts-|@ts-|nolint|go:|noinspection|rubocop)"
)


def one_line(text: str, limit: int) -> str:
    line = " ".join(text.split()).rstrip(" {:=>;,")
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def comment_summary(text: str) -> str:
    """The first sentence, without marks and tags; empty for a word to a tool."""
    plain = _SECTION.sub("", _TAGS.sub(" ", _MARKS.sub("", text)[:4_000])).strip()
    return "" if _TOOLS.match(plain) or not re.search(r"\w", plain) else first_sentence(plain)
