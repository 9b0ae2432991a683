"""Complaints about labels, relationship types, properties and arrows that the graph does not have.

Open engines answer such a query with no rows and no word, so a typing error looks like a fact. Only what is certain is
reported: a variable that is renamed or reused for a value is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..base import GraphSchema
from .parser import name_of, parse, subtrees, walk

if TYPE_CHECKING:
    from lark import Token, Tree

_NODES = ("node", "first")
_REBINDING = ("item", "yield_item", "unwind", "list_comprehension", "quantified", "reduce")


def check_schema(cypher: str, schema: GraphSchema) -> list[str]:
    """One sentence for each name or arrow that ``schema`` lacks, with the nearest that it has; empty when all is well.

    Raises ``QueryRefused`` when the text is outside the dialect.
    """
    _, tree = parse(cypher)
    nodes = [node for node, _ in walk(tree) if node.data in _NODES]
    found: dict[str, None] = {}
    variables: dict[str, set[str]] = defaultdict(set)
    for node in filter(_variable, nodes):
        variables[_variable(node)] |= _names(node)
    for complaint in (
        *_unknown_labels(tree, schema),
        *_unknown_types(tree, schema),
        *_unknown_keys(tree, nodes, variables, schema),
        *_impossible_arrows(tree, variables, schema),
    ):
        found[complaint] = None
    return list(found)


def _names(node: Tree[Token]) -> set[str]:
    """The labels or types written on it; none when ``!`` or ``%`` make them conditions of another kind."""
    labels = subtrees(node, "labels")
    if not labels or any(getattr(child, "type", "") in ("BANG", "PERCENT") for child in labels[0].children):
        return set()
    return {name_of(label) for label in subtrees(labels[0], "label")}


def _variable(node: Tree[Token]) -> str:
    names = subtrees(node, "name")
    return name_of(names[0]) if names else ""


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    folded = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(name.casefold(), folded, n=1)
    if near:
        return f": did you mean {folded[near[0]]}?"
    return f"; known are {', '.join(sorted(folded.values())[:12])}" if folded else ""


def _unknown_labels(tree: Tree[Token], schema: GraphSchema) -> Iterator[str]:
    types = {kind for _, kind, _ in schema.relations}
    for node, _ in walk(tree):
        if node.data in (*_NODES, "label_test"):
            known = {*schema.labels, *types} if node.data == "label_test" else set(schema.labels)
            for label in [label for labels in subtrees(node, "labels") for label in subtrees(labels, "label")]:
                if name_of(label) not in known:
                    yield f"no node has the label {name_of(label)}{_did_you_mean(name_of(label), schema.labels)}"


def _unknown_types(tree: Tree[Token], schema: GraphSchema) -> Iterator[str]:
    known = {kind for _, kind, _ in schema.relations}
    for detail in [node for node, _ in walk(tree) if node.data == "detail"]:
        for label in [label for labels in subtrees(detail, "labels") for label in subtrees(labels, "label")]:
            if name_of(label) not in known:
                yield f"no relationship has the type {name_of(label)}{_did_you_mean(name_of(label), known)}"


def _unknown_keys(
    tree: Tree[Token], nodes: list[Tree[Token]], variables: dict[str, set[str]], schema: GraphSchema
) -> Iterator[str]:
    for node in nodes:
        labels = variables.get(_variable(node)) or _names(node)
        for key in [key for map_ in subtrees(node, "map") for key in subtrees(map_, "key")]:
            yield from _unknown_key(name_of(key), labels, schema)
    rebound = {name_of(name) for node, _ in walk(tree) if node.data in _REBINDING for name in subtrees(node, "name")}
    for variable, accessed in _accesses(tree):
        if variable in variables and variable not in rebound:
            yield from _unknown_key(accessed, variables[variable], schema)


def _unknown_key(key: str, labels: set[str], schema: GraphSchema) -> Iterator[str]:
    if labels <= set(schema.labels):
        known = {key for label in labels or schema.labels for key in schema.labels[label]}
        if key not in known:
            owner = " or ".join(sorted(labels)) or "node"
            yield f"no {owner} has the property {key}{_did_you_mean(key, known)}"


def _accesses(tree: Tree[Token]) -> Iterator[tuple[str, str]]:
    """(variable, key) of each ``variable.key``, also inside a map projection."""
    for node, _ in walk(tree):
        if node.data == "property" and getattr(node.children[0], "data", "") == "variable":
            yield name_of(node.children[0]), name_of(node.children[1])  # type: ignore[arg-type]
        elif node.data == "map_projection":
            for selection in subtrees(node, "selection"):
                if len(selection.children) == 1 and subtrees(selection, "key"):
                    yield _variable(node), name_of(subtrees(selection, "key")[0])


def _impossible_arrows(tree: Tree[Token], variables: dict[str, set[str]], schema: GraphSchema) -> Iterator[str]:
    for node, _ in walk(tree):
        if node.data in ("chain", "pattern"):
            parts = [part for part in node.children if getattr(part, "data", "") in (*_NODES, "relation")]
            for left, relation, right in zip(parts, parts[1:], parts[2:], strict=False):
                if relation.data == "relation":  # type: ignore[union-attr]
                    ends = [variables.get(_variable(end)) or _names(end) for end in (left, right)]  # type: ignore[arg-type]
                    yield from _impossible_arrow(ends[0], relation, ends[1], schema)  # type: ignore[arg-type]


def _impossible_arrow(left: set[str], relation: Tree[Token], right: set[str], schema: GraphSchema) -> Iterator[str]:
    detail = subtrees(relation, "detail")
    types = _names(detail[0]) if detail else set()
    relations = [each for each in schema.relations if each[1] in types]
    signs = "".join(str(child) for child in relation.children if isinstance(child, str))
    arrow = {(True, False): "<", (False, True): ">"}.get(("<" in signs, ">" in signs), "")
    if not relations or not arrow or subtrees(relation, "quantifier") or subtrees(detail[0], "range"):
        return
    source, target = (left, right) if arrow == ">" else (right, left)
    if not source <= set(schema.labels) or not target <= set(schema.labels) or _occurs(source, target, relations):
        return
    left_end, kinds, right_end = ("|".join(sorted(names)) or "?" for names in (source, types, target))
    text = f"(:{left_end})-[:{kinds}]->(:{right_end}) never occurs"
    if _occurs(target, source, relations):
        yield f"{text}: turn the arrow around"
    else:
        known = ", ".join(f"(:{a})-[:{kind}]->(:{b})" for a, kind, b in relations[:4])
        yield f"{text}: there is {known}"


def _occurs(source: set[str], target: set[str], relations: list[tuple[str, str, str]]) -> bool:
    return any((not source or a in source) and (not target or b in target) for a, _, b in relations)
