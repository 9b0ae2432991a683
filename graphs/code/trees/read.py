"""A file's text to its facts, within bounds of size, depth and time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ....corpus.files.grammars import LARGEST, TreeGrammar, grammar_of, machine_made, tree_after, tree_of
from ..facts import MODULE, TOO_ENTANGLED, Facts, SymbolFact
from ..left_out import say_left_out
from ..work_limit import Entangled
from .syntax import Syntax
from .walker import TreeWalker

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def read_tree(syntax: Syntax, path: str, module: str, text: str) -> Facts:
    """A file with syntax errors gives what parses, and says where the first error is."""
    reason = machine_made(text)
    grammar = grammar_of(path, text)
    original = text
    text, tree = _parse(syntax, text, grammar) if grammar is not None and not reason else (text, None)
    if tree is None:
        if not reason and len(text) > LARGEST:
            reason = f"{len(text):,} characters, above the limit of {LARGEST:,} for code"
        return Facts(
            [SymbolFact(MODULE, "", 1, text.count("\n") + 1)],
            error=reason or "no end of its syntax was found",
            error_line=1,
        )
    walker = TreeWalker(syntax, path, module, text.encode("utf-8", "replace"))
    try:
        facts = walker.walk(tree.root_node)
    except Entangled:
        return Facts([SymbolFact(MODULE, "", 1, text.count("\n") + 1)], error=TOO_ENTANGLED, error_line=1)
    if walker.cut:
        facts.error, facts.error_line = "nested too deeply to be read whole", walker.cut
    elif tree.root_node.has_error:
        facts.error, facts.error_line = "a syntax error; what parses is read", _first_error(tree.root_node)
    elif text is not original and (lines := _left_out(original, text)):
        ranges = [range(number, number + 1) for number in lines]
        facts.error, facts.error_line = "branches that exclude each other" + say_left_out(ranges), lines[0]
    return facts


def _left_out(original: str, text: str) -> list[int]:
    """The lines of code that a repair has taken out."""
    both = zip(original.split("\n"), text.split("\n"), strict=True)
    return [
        number
        for number, (before, after) in enumerate(both, 1)
        if not after.strip() and _CODE.search(before) and not before.lstrip().startswith("#")
    ]


_CODE = re.compile(r"[;,{}=]")


def _parse(syntax: Syntax, text: str, grammar: TreeGrammar) -> tuple[str, Tree | None]:
    """The tree of a text and the text that it was made of: with syntax errors, that with the fewest."""
    tree = tree_of(text, grammar)
    if tree is None or not tree.root_node.has_error:
        return text, tree
    left = _count_errors(tree.root_node)
    tried = {text}
    for alternatives in syntax.repairs:
        before, parsed = text, tree
        for repair in alternatives:
            changed = repair(before) if left else before
            if changed in tried:
                continue
            tried.add(changed)
            other = tree_after(changed, grammar, before, parsed)
            if other is not None and (errors := _count_errors(other.root_node)) < left:
                text, tree, left = changed, other, errors
    return text, tree


def _count_errors(node: Node) -> int:
    waiting, count = [node], 0
    while waiting:
        one = waiting.pop()
        count += one.is_error or one.is_missing
        waiting += [child for child in one.children if child.has_error or child.is_missing]
    return count


def _first_error(node: Node) -> int:
    """1-based line."""
    while True:
        inner = next((child for child in node.children if child.has_error or child.is_error or child.is_missing), None)
        if inner is None or node.is_error:
            return node.start_point.row + 1
        node = inner
