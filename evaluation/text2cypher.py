"""The questions to graphs of neo4j-labs/text2cypher (CC0), their schemas, and whether a query asks for the same as the
reference: labels, relationship types and directions.

The split is by a fixed hash of the schema's name, so that whole schemas are held. A question counts where its reference
is valid: no error recorded in the data, in our dialect, and true to its schema.
"""

from __future__ import annotations

import ast
import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..errors import QueryRefused
from ..graphs.cypher.guard import check_schema
from ..graphs.cypher.parser import name_of, parse, subtrees, walk
from ..graphs.translation.schema import SchemaProperty, SchemaRelation, TypedSchema
from .data import DATA

FOLDER = DATA / "text2cypher"
FILES = ("text2cypher_gpt4turbo.csv", "text2cypher_claudeopus.csv")
KINDS = {
    "INTEGER": "number", "FLOAT": "number", "STRING": "text", "DATE": "date", "DATE_TIME": "date",
    "LOCAL_DATE_TIME": "date", "BOOLEAN": "boolean", "LIST": "list",
}  # fmt: skip


def is_held(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 0


@dataclass(frozen=True, slots=True)
class GraphTask:
    database: str
    kind: str
    question: str
    reference: str


@cache
def schemas() -> Mapping[str, TypedSchema]:
    csv.field_size_limit(10**9)
    with (FOLDER / "text2cypher_schemas.csv").open(encoding="utf-8", newline="") as opened:
        return {row["database"]: read_schema(row["structured_schema"]) for row in csv.DictReader(opened)}


def read_schema(written: str) -> TypedSchema:
    found = ast.literal_eval(written)
    labels = {label: tuple(map(read_property, each)) for label, each in found["node_props"].items()}
    own = {kind: tuple(map(read_property, each)) for kind, each in found["rel_props"].items()}
    relations = tuple(
        SchemaRelation(one["type"], one["start"], one["end"], own.get(one["type"], ()))
        for one in found["relationships"]
    )
    # A label that only relationships name has no properties.
    ends = {end: () for one in relations for end in (one.source, one.target)}
    return TypedSchema({**ends, **labels}, relations)


def read_property(found: Mapping[str, Any]) -> SchemaProperty:
    return SchemaProperty(
        found["property"], KINDS.get(found["type"], "other"), tuple(map(str, found.get("values", ())))
    )


def questions(split: str = "both", most: int = 0) -> tuple[list[GraphTask], Counter[str]]:
    """Those whose reference is valid, and why the others are left out; ``most`` of each schema, evenly drawn."""
    found, left_out = dict[tuple[str, str, str], GraphTask](), Counter[str]()
    rows: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    csv.field_size_limit(10**9)
    for file in FILES:
        with (FOLDER / file).open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                if split == "both" or is_held(row["database"]) == (split == "held"):
                    rows[row["database"]].append(row)
    for each in rows.values():
        for row in each[:: max(1, -(-len(each) // most))] if most else each:
            one = GraphTask(row["database"], row["type"], row["question"].strip(), row["cypher"])
            if reason := reason_to_leave_out(one, row):
                left_out[reason] += 1
            else:
                found.setdefault((one.database, one.question, one.reference), one)
    return list(found.values()), left_out


def reason_to_leave_out(one: GraphTask, row: Mapping[str, str]) -> str:
    if one.database not in schemas():
        return "no schema given"
    if row["syntax_error"] == "True" or row["false_schema"]:
        return "marked as wrong in the data"
    try:
        complaints = check_schema(one.reference, schemas()[one.database].plain())
    except (QueryRefused, RecursionError):
        return "outside of our dialect"
    return "names what the schema has not" if complaints else ""


@dataclass(frozen=True, slots=True)
class QueryArrow:
    types: frozenset[str]
    """Empty: any."""
    triples: frozenset[tuple[str, str, str]]
    """The relations of the schema that it may be."""


def structure(query: str, schema: TypedSchema) -> tuple[frozenset[str], frozenset[QueryArrow]]:
    """The labels that are written, and the arrows."""
    _, tree = parse(query)
    nodes = [node for node, _ in walk(tree) if node.data in ("node", "first")]
    of_variable: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        if names := subtrees(node, "name"):
            of_variable[name_of(names[0])] |= labels_of(node)
    tests = [node for node, _ in walk(tree) if node.data == "label_test"]
    for test in tests:
        of_variable[name_of(subtrees(test, "name")[0])] |= labels_of(test)
    written = {label for node in (*nodes, *tests) for label in labels_of(node)}
    arrows = set()
    for chain, _ in walk(tree):
        if chain.data not in ("chain", "pattern"):
            continue
        parts = [part for part in chain.children if getattr(part, "data", "") in ("node", "first", "relation")]
        for left, relation, right in zip(parts, parts[1:], parts[2:], strict=False):
            if relation.data == "relation":  # type: ignore[union-attr]
                ends = [labels_of(end) or known(end, of_variable) for end in (left, right)]
                arrows.add(arrow(ends[0], relation, ends[1], schema))
    return frozenset(written), frozenset(arrows)


def labels_of(node: Any) -> set[str]:
    return {name_of(label) for labels in subtrees(node, "labels") for label in subtrees(labels, "label")}


def known(node: Any, of_variable: Mapping[str, set[str]]) -> set[str]:
    names = subtrees(node, "name")
    return of_variable.get(name_of(names[0]), set()) if names else set()


def arrow(left: set[str], relation: Any, right: set[str], schema: TypedSchema) -> QueryArrow:
    detail = subtrees(relation, "detail")
    types = (
        {name_of(label) for labels in subtrees(detail[0], "labels") for label in subtrees(labels, "label")}
        if detail
        else set()
    )
    signs = "".join(str(child) for child in relation.children if isinstance(child, str))
    ways = [(left, right)] * (">" in signs or "<" not in signs) + [(right, left)] * ("<" in signs or ">" not in signs)
    triples = frozenset(
        (one.source, one.type, one.target)
        for one in schema.relations
        for source, target in ways
        if (not types or one.type in types)
        and (not source or one.source in source)
        and (not target or one.target in target)
    )
    return QueryArrow(frozenset(types), triples)


def agrees(candidate: str, reference: str, schema: TypedSchema) -> bool:
    labels, arrows = structure(candidate, schema)
    wanted, gold = structure(reference, schema)
    possible = wanted | {end for one in gold for triple in one.triples for end in (triple[0], triple[2])}
    ours = labels | {end for one in arrows for triple in one.triples for end in (triple[0], triple[2])}
    if not wanted <= ours or not labels <= possible:
        return False
    return all(any(alike(one, other) for one in arrows) for other in gold) and all(
        any(alike(one, other) for other in gold) for one in arrows
    )


def alike(one: QueryArrow, other: QueryArrow) -> bool:
    """``other`` is the reference's: where it names types, they must be the same."""
    return (one.types == other.types or not other.types) and bool(one.triples & other.triples)
