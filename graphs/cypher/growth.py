"""Loops that multiply inside one row, where an engine neither looks at its clock nor gives memory back: refused as they
are written. Such a query took Neo4j 100 seconds at a limit of 2 (``tests/graphs/test_limits.py`` has a collection).

It says nothing about rows: what multiplies there, an engine can interrupt. And it is no proof: a list may be long
without showing it, so the engines have limits as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import QueryRefused
from .parser import name_of, place, subtrees, walk

if TYPE_CHECKING:
    from lark import Token, Tree

_BUILDING = frozenset({"list_comprehension", "pattern_comprehension", "collect"})
_JOINING = frozenset({"add", "list", "map", "call"})
_TESTS = frozenset(
    {"compare", "text_test", "null_test", "not_", "and_", "or_", "xor_", "exists", "count", "quantified"}
)
"""What gives a truth or a number, however large its parts are."""
_MEASURES = frozenset({"size", "length", "head", "last", "tointeger", "isempty", "sign", "abs"})


def refuse_growth(text: str, tree: Tree[Token]) -> None:
    """Raises ``QueryRefused`` with the place."""
    stack: list[tuple[Tree[Token], tuple[Tree[Token], ...]]] = [(tree, ())]
    while stack:
        node, loops = stack.pop()
        if node.data == "reduce":
            _refuse_doubling(text, node)
        elif node.data in _BUILDING and loops:
            _refuse_product(text, node, loops)
        inside = (*loops, node) if node.data in _BUILDING or node.data == "reduce" else loops
        stack.extend((child, inside) for child in _trees(node))


def _refuse_doubling(text: str, node: Tree[Token]) -> None:
    """``reduce(s = 'a', x IN range(1, 60) | s + s)`` has the length of 2 to the power of 60."""
    accumulator, body = name_of(_trees(node)[0]), _trees(node)[-1]
    for part, _ in walk(body):
        if part.data in _JOINING and sum(_joins(child, accumulator) for child in _operands(part)) > 1:
            raise QueryRefused(
                f"this reduce makes {accumulator} grow by {accumulator} itself",
                where=place(text, node.meta.start_pos),
                fix=f"use {accumulator} once in each step",
            )


def _operands(part: Tree[Token]) -> list[Tree[Token]]:
    """What stands between the brackets of a call or a map."""
    return [each for child in _trees(part) for each in (_trees(child) if child.data == "arguments" else [child])]


def _joins(tree: Tree[Token], name: str) -> bool:
    """Whether its value may hold that of ``name``."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if node.data == "variable" and name_of(node) == name:
            return True
        if node.data not in _TESTS and not (node.data == "call" and name_of(_trees(node)[0]).lower() in _MEASURES):
            stack.extend(_trees(node)[1:] if node.data == "when" else _trees(node))
    return False


def _refuse_product(text: str, node: Tree[Token], loops: tuple[Tree[Token], ...]) -> None:
    where = place(text, node.meta.start_pos)
    if node.data == "list_comprehension":
        source = _trees(node)[1]
        if source.data != "list" and not _names(source) & {name for loop in loops for name in _loop_names(loop)}:
            raise QueryRefused(
                "a list loop inside another one runs over a list of its own, so that they multiply",
                where=where,
                fix="use UNWIND for one of them",
            )
    elif any(subtrees(detail, "range") for detail, _ in walk(node) if detail.data == "detail") or any(
        relation.data == "relation" and subtrees(relation, "quantifier") for relation, _ in walk(node)
    ):
        raise QueryRefused(
            "paths of more than one hop are followed inside a list loop, for each of its steps",
            where=where,
            fix="use MATCH and collect(…) before, or UNWIND",
        )


def _loop_names(loop: Tree[Token]) -> set[str]:
    """The names that a loop gives to what it runs over."""
    names = subtrees(loop, "name")
    if loop.data == "list_comprehension":
        return {name_of(names[0])}
    if loop.data == "reduce":
        return {name_of(name) for name in names}
    return _names(loop)


def _names(tree: Tree[Token]) -> set[str]:
    return {name_of(node) for node, _ in walk(tree) if node.data == "name"}


def _trees(node: Tree[Token]) -> list[Tree[Token]]:
    from lark import Tree

    return [child for child in node.children if isinstance(child, Tree)]
