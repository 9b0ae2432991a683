"""Types that JSDoc comments give to parameters and results, where no annotation does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...expressions import Expression, any_of

if TYPE_CHECKING:
    from ...trees.walker import TreeWalker

_TAG = re.compile(r"@(param|arg|argument|returns?|type)\s+\{([^{}]+)\}(?:\s+\[?([\w$]+))?")
_LIST = re.compile(r"^(?:(?:Array|Set|Iterable)\.?<(.+)>|(.+)\[\])$")
_WRAPPED = re.compile(r"^(?:Promise|Readonly|Partial)\.?<(.+)>$")
_OWN = frozenset(
    ["string", "number", "boolean", "object", "Object", "Function", "undefined", "null", "any", "void", "*"]
)
_PLAIN = re.compile(r"^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$")


def declare_by_comment(walker: TreeWalker, path: str, names: tuple[str, ...]) -> None:
    """Call it after the definition at ``path`` was made, whose comment the walker still has."""
    for kind, text, name in _TAG.findall(walker.comments.above):
        slot = f"{path}()" if kind.startswith("return") else f"{path}:{name}" if name in names else ""
        if slot and slot not in walker.facts.declared:
            held = _type_of(walker, text)
            if held not in ("", "*"):
                walker.facts.declared[slot] = held


def _type_of(walker: TreeWalker, text: str, depth: int = 0) -> Expression:
    text = text.strip().lstrip("?!=").rstrip("=").removeprefix("...").strip("()")
    if "|" in text and "<" not in text:
        parts = [held for part in text.split("|") if (held := _type_of(walker, part, depth + 1)) not in ("", "*")]
        return any_of(parts) if parts else "*"
    if depth < 4 and (match := _LIST.match(text)):
        held = _type_of(walker, match[1] or match[2], depth + 1)
        return walker.box("[", (), [held]) if held not in ("", "*") else "*"
    if depth < 4 and (match := _WRAPPED.match(text)):
        return _type_of(walker, match[1], depth + 1)
    if text in _OWN or not _PLAIN.match(text):
        return "*"
    first, *rest = text.split(".")
    chain = walker.resolve(first)
    return ["i", ".".join([chain, *rest])] if isinstance(chain, str) and chain not in ("", "*") else "*"
