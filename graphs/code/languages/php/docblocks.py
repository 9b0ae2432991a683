"""Types that PHPDoc comments give to parameters, results and properties, where the text of the code gives none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import Expression, any_of
from .names import resolve_name

if TYPE_CHECKING:
    from ...trees.walker import TreeWalker

_PARAM = re.compile(r"@(?:phpstan-|psalm-)?param\s+([^\s$]+)\s+(?:&|\.\.\.)*\$(\w+)")
_RETURN = re.compile(r"@(?:phpstan-|psalm-)?return\s+(\S+)")
_VAR = re.compile(r"@var\s+(\S+)")
_LIST = re.compile(r"^(?:(?:array|list|iterable|[\w\\]*Collection)<(?:[^<>,]+,)?([^<>,]+)>|(.+)\[\])$")
_NAME = re.compile(r"^\\?[A-Z]\w*(?:\\\w+)*$|^\\?\w+(?:\\\w+)+$")
_DEEPEST = 4


def declare_by_comment(walker: TreeWalker, path: str, names: tuple[str, ...]) -> None:
    """Call it after the definition at ``path`` was made, whose comment the walker still has."""
    text = walker.comments.above
    for written, name in _PARAM.findall(text):
        if name in names:
            _declare(walker, f"{path}:{name}", written)
    if found := _RETURN.search(text):
        _declare(walker, f"{path}()", found[1])


def declare_property(walker: TreeWalker, slot: str, text: str) -> None:
    if found := _VAR.search(text):
        _declare(walker, slot, found[1])


def _declare(walker: TreeWalker, slot: str, written: str) -> None:
    if slot not in walker.facts.declared and (held := _type_of(walker, written)) not in ("", "*"):
        walker.facts.declared[slot] = held


def _type_of(walker: TreeWalker, written: str, depth: int = 0) -> Expression:
    text = written.strip("?() ")
    if "|" in text and "<" not in text:
        parts = [held for part in text.split("|") if (held := _type_of(walker, part, depth + 1)) not in ("", "*")]
        return any_of(parts) if parts and depth < _DEEPEST else "*"
    if depth < _DEEPEST and (match := _LIST.match(text)):
        held = _type_of(walker, match[1] or match[2], depth + 1)
        return walker.box("[", (), [held]) if held not in ("", "*") else "*"
    if text in ("$this", "static", "self"):
        return walker.this()
    return ["i", resolve_name(walker, text)] if _NAME.match(text) else "*"
