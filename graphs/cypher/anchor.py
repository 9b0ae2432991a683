"""Turns a pattern around so that the engine starts at the node that is pinned down.

ArcadeDB expands a pattern from its left end: ``(x)-[:CALLS]->(m {id: 'a'})`` visits every node, while the same pattern
written ``(m {id: 'a'})<-[:CALLS]-(x)`` begins with one index look-up (100 ms against 0.1 ms on 33,000 nodes). Both give
the same rows. A pattern is left alone when its order shows: a named path, a list of relationships, a group.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from .parser import name_of, parse, subtrees, walk

if TYPE_CHECKING:
    from lark import Token, Tree


@lru_cache(maxsize=256)
def anchor_first(cypher: str) -> str:
    """The same query with pinned nodes first; ``cypher`` has passed the guard."""
    text, tree = parse(cypher)
    turned = text
    known: set[str] = set()
    edits: list[tuple[int, int, str]] = []
    for match in [node for node, _ in walk(tree) if node.data == "match"]:
        pinned = _pinned_by_where(match)
        for path in subtrees(subtrees(match, "patterns")[0], "path"):
            edits.extend(_turn(text, path, known | pinned))
            known |= {name_of(name) for node, _ in walk(path) if node.data == "node" for name in subtrees(node, "name")}
    for start, end, replacement in sorted(edits, reverse=True):
        turned = turned[:start] + replacement + turned[end:]
    return turned


def _pinned_by_where(match: Tree[Token]) -> set[str]:
    """Variables with ``variable.key = value`` somewhere in the WHERE. A wrong guess costs time, never rows."""
    pinned = set()
    for where in subtrees(match, "where"):
        for node, _ in walk(where):
            if node.data == "compare" and "=" in node.children and subtrees(node, "literal"):
                owners = [owner for side in subtrees(node, "property") for owner in subtrees(side, "variable")]
                pinned |= set(map(name_of, owners))
    return pinned


def _turn(text: str, path: Tree[Token], known: set[str]) -> list[tuple[int, int, str]]:
    chain = path.children[0]
    if len(path.children) != 1 or getattr(chain, "data", "") != "chain":
        return []
    parts: list[Tree[Token]] = list(chain.children)  # type: ignore[union-attr,arg-type]
    if (
        len(parts) < 3
        or not all(map(_may_turn, parts))
        or _is_pinned(parts[0], known)
        or not _is_pinned(parts[-1], known)
    ):
        return []
    turned = "".join(_flip(text, part) for part in reversed(parts))
    return [(chain.meta.start_pos, chain.meta.end_pos, turned)]  # type: ignore[union-attr]


def _may_turn(part: Tree[Token]) -> bool:
    if part.data == "relation":
        lists = any(subtrees(detail, "range") and subtrees(detail, "name") for detail in subtrees(part, "detail"))
        return not lists and not subtrees(part, "quantifier")
    return part.data == "node"


def _is_pinned(node: Tree[Token], known: set[str]) -> bool:
    return bool(subtrees(node, "map", "where")) or any(name_of(name) in known for name in subtrees(node, "name"))


def _flip(text: str, part: Tree[Token]) -> str:
    """``-[r:X]->`` as ``<-[r:X]-``; nodes and undirected relations as they are."""
    written = text[part.meta.start_pos : part.meta.end_pos]
    left, right = written.startswith("<"), written.endswith(">")
    if part.data == "node" or left == right:
        return written
    if written in ("-->", "<--"):
        return "<--" if right else "-->"
    opening, closing = cast("Token", part.children[0]), cast("Token", part.children[-1])
    inside = text[opening.end_pos : closing.start_pos]
    return f"-[{inside}->" if left else f"<-[{inside}-"
