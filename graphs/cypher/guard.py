"""What may run: reads only, known functions and procedures, bounded paths and loops.

The check is on the syntax tree. It is the first of three walls: the engines also run these queries read-only, and with
a deadline. Knows no engine and no schema (``schema.py`` does).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from ...errors import QueryRefused
from .growth import refuse_growth
from .parser import name_of, parse, place, subtrees, walk
from .schema import check_schema

if TYPE_CHECKING:
    from lark import Token, Tree

__all__ = ["MAX_HOPS", "Query", "check", "check_schema", "read"]

MAX_HOPS = 8
MAX_LOOPS = 2
"""List loops (comprehensions, reduce, any(…)) inside one another: no engine can interrupt them within a row."""

MAX_RANGE = 10_000
"""The largest number inside a ``range(…)`` that such a loop runs over."""

FUNCTIONS = frozenset(
    """
    avg collect count max min percentilecont percentiledisc stdev stdevp sum
    coalesce elementid endnode exists head last length properties size startnode type nullif valuetype
    keys labels nodes range relationships reverse tail isempty tointegerlist tofloatlist tobooleanlist tostringlist
    toboolean tobooleanornull tofloat tofloatornull tointeger tointegerornull tostring tostringornull
    btrim left lower ltrim normalize replace right rtrim split substring tolower toupper trim upper char_length
    character_length
    abs ceil floor isnan rand round sign e exp log log10 sqrt pi sin cos tan asin acos atan atan2 degrees radians cot
    haversin
    date datetime localdatetime localtime time duration date.truncate datetime.truncate localdatetime.truncate
    localtime.truncate time.truncate duration.between duration.inmonths duration.indays duration.inseconds timestamp
    datetime.fromepoch datetime.fromepochmillis
    point point.distance point.withinbbox vector.similarity.cosine vector.similarity.euclidean randomuuid
    """.split()  # noqa: SIM905 — a wall of quotes would be harder to read
)
PROCEDURES = frozenset(
    """
    db.labels db.relationshiptypes db.propertykeys db.schema.visualization db.schema.nodetypeproperties
    db.schema.reltypeproperties db.index.fulltext.querynodes db.index.fulltext.queryrelationships
    db.index.vector.querynodes db.index.vector.queryrelationships
    """.split()  # noqa: SIM905
)
_INSTEAD = {"id": "use the property n.id: id() is an engine's own number, another one in every load"}
_LOOPS = frozenset({"list_comprehension", "pattern_comprehension", "quantified", "reduce"})
_SHORTEST = frozenset({"shortest"})


@dataclass(frozen=True, slots=True)
class Query:
    text: str
    """What the engine gets: comments blanked, no semicolon, open-ended paths capped."""
    columns: tuple[str, ...]
    """As written; empty when only the engine knows them (``RETURN *``)."""
    binds_path: bool
    notes: tuple[str, ...]
    """What was changed, in words for the user."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def check(cypher: str) -> str:
    """The text to run. Raises ``QueryRefused`` with the reason, the place (line and column) and what to do instead."""
    return read(cypher).text


@lru_cache(maxsize=256)
def read(cypher: str) -> Query:
    """``check``, with what the stores need besides the text."""
    text, tree = parse(cypher)
    edits: list[_Edit] = []
    for node, above in walk(tree, _LOOPS | _SHORTEST):
        if node.data == "call":
            _refuse_unknown(text, node, _function_name(node), FUNCTIONS, "function")
        elif node.data == "procedure":
            _refuse_unknown(text, node, _function_name(node), PROCEDURES, "procedure")
        _refuse_long_loops(text, node, above)
        if "shortest" not in above:  # a breadth-first search is bounded by the graph itself
            edits.extend(_caps(text, node))
    refuse_growth(text, tree)
    return Query(
        _apply(text, edits),
        _columns(text, tree),
        _binds_path(tree),
        (f"paths without an upper bound were followed for at most {MAX_HOPS} hops",) if edits else (),
    )


def _function_name(node: Tree[Token]) -> str:
    """The dotted name after CALL or before the bracket, as written: with backticks it is on no list."""
    parts = subtrees(node, "name", "key", "variable", "property")
    return ".".join(
        str(leaf) for part in parts for each, _ in walk(part) for leaf in each.children if isinstance(leaf, str)
    )


def _refuse_unknown(text: str, node: Tree[Token], name: str, known: frozenset[str], kind: str) -> None:
    if name.lower() in known:
        return
    near = get_close_matches(name.lower(), known, n=1)
    fix = f"did you mean {near[0]}" if near else f"leave it out; the {kind}s of openCypher that only read are there"
    fix = _INSTEAD.get(name.lower(), fix)
    raise QueryRefused(
        f"the {kind} {name[:60]} may not be called here", where=place(text, node.meta.start_pos), fix=fix
    )


def _refuse_long_loops(text: str, node: Tree[Token], above: tuple[str, ...]) -> None:
    outer = sum(kind in _LOOPS for kind in above)
    where = place(text, node.meta.start_pos) if outer else ""
    if node.data in _LOOPS and outer >= MAX_LOOPS:
        raise QueryRefused(f"list loops are nested more than {MAX_LOOPS} deep", where=where, fix="use UNWIND or WITH")
    if outer and node.data == "call" and _function_name(node).lower() == "range" and not _is_short(node):
        raise QueryRefused(
            f"a list loop over a range may have at most {MAX_RANGE} steps", where=where, fix="use UNWIND range(…) AS x"
        )


def _is_short(call: Tree[Token]) -> bool:
    inside = [node for node, _ in walk(call)]
    numbers = [str(node.children[0]) for node in inside if node.data == "literal"]
    grows = any(node.data in ("multiply", "raise_") for node in inside)
    return not grows and all(number.isdigit() and int(number) <= MAX_RANGE for number in numbers)


def _caps(text: str, node: Tree[Token]) -> Iterator[_Edit]:
    if node.data not in ("range", "quantifier"):
        return
    tokens = [str(child) for child in node.children]
    numbers = [int(token, 16 if token[:2] == "0x" else 10) for token in tokens if token[0].isdigit()]
    if max(numbers, default=0) > MAX_HOPS:
        raise QueryRefused(
            f"paths may have at most {MAX_HOPS} hops",
            where=place(text, node.meta.start_pos),
            fix=f"write *1..{MAX_HOPS}, or use shortestPath(…)",
        )
    if node.data == "range" and tokens[-1] in ("*", ".."):
        dots = ".." if tokens[-1] == "*" else ""
        yield _Edit(node.meta.end_pos, node.meta.end_pos, f"{dots}{MAX_HOPS}")
    elif node.data == "quantifier" and tokens[-1] in ("*", "+", ","):
        least = numbers[0] if numbers else int(tokens[-1] == "+")
        yield _Edit(node.meta.start_pos, node.meta.end_pos, f"{{{least},{MAX_HOPS}}}")


def _apply(text: str, edits: list[_Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _binds_path(tree: Tree[Token]) -> bool:
    named = {"path", "pattern_comprehension"}
    return any(node.data == "shortest" or (node.data in named and subtrees(node, "name")) for node, _ in walk(tree))


def _columns(text: str, tree: Tree[Token]) -> tuple[str, ...]:
    last = tree.children[0].children[0].children[-1]  # type: ignore[union-attr]
    if last.data == "procedure":  # type: ignore[union-attr]
        items = [item for yields in subtrees(last, "yields") for item in subtrees(yields, "yield_item")]  # type: ignore[arg-type]
        return tuple(name_of(subtrees(item, "name")[-1]) for item in items)
    projection = last.children[-1]  # type: ignore[union-attr]
    if any(getattr(child, "type", "") == "STAR" for child in projection.children):  # type: ignore[union-attr]
        return ()
    return tuple(_column(text, item) for item in subtrees(projection, "item"))  # type: ignore[arg-type]


def _column(text: str, item: Tree[Token]) -> str:
    alias = subtrees(item, "name")
    return name_of(alias[-1]) if alias else text[item.meta.start_pos : item.meta.end_pos]
