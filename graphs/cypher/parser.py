"""Text to syntax tree, by ``dialect.lark``; a text outside the dialect is a ``QueryRefused`` that says where and why.

Knows the grammar and its words, nothing of engines, schemas or limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ...errors import QueryRefused

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

MAX_CHARACTERS = 20_000
MAX_NESTING = 60
"""Open brackets inside one another: engines parse by recursion, in a stack of fixed size."""

_WRITES = frozenset(
    ["CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH", "INSERT", "DROP", "ALTER", "GRANT", "REVOKE"]
)
_OTHER = {
    "LOAD": ("LOAD CSV reads files", "load data with: evidentia add PATH"),
    "USE": ("USE would leave this graph", "leave it out"),
    "EXPLAIN": ("EXPLAIN gives a plan and no rows", "leave it out"),
    "PROFILE": ("PROFILE gives a plan and no rows", "leave it out"),
    "SHOW": ("SHOW is administration", "use CALL db.labels() or CALL db.relationshipTypes()"),
}
# Comments become blanks before parsing, so that no engine can see one end elsewhere than we do.
_QUOTED_OR_COMMENT = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`]|``)*`|(?P<comment>//[^\r\n]*|/\*.*?\*/)""", re.DOTALL
)


@lru_cache(maxsize=16)
def parse(cypher: str) -> tuple[str, Tree[Token]]:
    """The text without comments and closing semicolon, and its tree, whose positions point into that text.

    The guard, the check against the schema and the pinning of nodes all read the same text, so its tree is kept for
    them; nobody may change it.
    """
    from lark.exceptions import UnexpectedInput

    _refuse_by_size(cypher)
    text = _QUOTED_OR_COMMENT.sub(_blank_comment, cypher).rstrip()
    text = text.removesuffix(";").rstrip()
    _refuse_by_nesting(text)
    try:
        return text, _grammar().parse(text)
    except UnexpectedInput as error:
        position = error.pos_in_stream if error.pos_in_stream is not None else len(text)
        at_end = getattr(getattr(error, "token", None), "type", "") == "$END"
        raise _refusal(text, len(text) if at_end else position) from error


@cache
def _grammar() -> Lark:
    from lark import Lark

    source = files(__package__).joinpath("dialect.lark").read_text(encoding="utf-8")
    return Lark(source, parser="lalr", lexer="contextual", propagate_positions=True, maybe_placeholders=False)


def _blank_comment(match: re.Match[str]) -> str:
    comment = match["comment"]
    return match[0] if comment is None else re.sub(r"[^\r\n]", " ", comment)


def _refuse_by_size(cypher: str) -> None:
    if not cypher.strip():
        raise QueryRefused("the query is empty", fix="write a query such as MATCH (n) RETURN count(n)")
    if len(cypher) > MAX_CHARACTERS:
        raise QueryRefused(f"the query has {len(cypher)} characters", fix=f"keep it under {MAX_CHARACTERS}")
    # Neo4j replaces \uXXXX before it reads the query, so such an escape can close a string that we think open.
    escape = re.search(r"\\[uU]", cypher)
    if escape:
        raise QueryRefused(
            "Unicode escapes are not accepted",
            where=place(cypher, escape.start()),
            fix="write the character itself, or pass a parameter",
        )


def _refuse_by_nesting(text: str) -> None:
    depth = 0
    for match in re.finditer(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`]|``)*`|[\[({]|[\])}]""", text, re.DOTALL):
        depth += (match[0] in "[({") - (match[0] in "])}") if len(match[0]) == 1 else 0
        if depth > MAX_NESTING:
            where = place(text, match.start())
            raise QueryRefused("brackets are nested too deeply", where=where, fix=f"nest at most {MAX_NESTING}")


def place(text: str, position: int) -> str:
    """
    >>> place("MATCH (n)\\nSET", 10)
    'line 2, column 1'
    """
    before = text[:position]
    return f"line {before.count(chr(10)) + 1}, column {position - (before.rfind(chr(10)) + 1) + 1}"


def _refusal(text: str, position: int) -> QueryRefused:
    where = place(text, position)
    found = re.compile(r"\w+|\S").match(text, position)
    word = found[0] if found else ""
    if not word:
        return QueryRefused("the query ends too early", where=where, fix="end it in RETURN, and close what is open")
    if word.upper() in _WRITES:
        what = f"{word.upper()} changes the graph, and queries here only read"
        return QueryRefused(what, where=where, fix="use MATCH … RETURN")
    if word.upper() in _OTHER:
        what, fix = _OTHER[word.upper()]
        return QueryRefused(what, where=where, fix=fix)
    if word == ";":
        return QueryRefused("there is more than one statement", where=where, fix="send one query at a time")
    return QueryRefused(f"{word!r} is not expected here", where=where, fix="see docs/graphs.md for the dialect")


def walk(tree: Tree[Token], mark: frozenset[str] = frozenset()) -> Iterator[tuple[Tree[Token], tuple[str, ...]]]:
    """Every subtree in the order of the text, with the kinds of its ancestors that are in ``mark``.

    Iterative, since a long chain of OR is a deep tree.
    """
    from lark import Tree

    stack: list[tuple[Tree[Token], tuple[str, ...]]] = [(tree, ())]
    while stack:
        node, above = stack.pop()
        yield node, above
        inside = (*above, str(node.data)) if node.data in mark else above
        stack.extend((child, inside) for child in reversed(node.children) if isinstance(child, Tree))


def subtrees(tree: Tree[Token], *kinds: str) -> list[Tree[Token]]:
    """The direct children of these kinds."""
    return [child for child in tree.children if getattr(child, "data", None) in kinds]  # type: ignore[misc]


def name_of(tree: Tree[Token]) -> str:
    """The name that a ``name``, ``key``, ``label`` or ``variable`` holds, without backticks."""
    token: Any = tree
    while not isinstance(token, str):
        token = token.children[0]
    return token[1:-1].replace("``", "`") if token.startswith("`") else str(token)
