"""Questions to graphs that nobody here has made: those of neo4j-labs/text2cypher (CC0, ``../shared/data/text2cypher``),
translated to Cypher from the schema alone, without a language model and without the graphs themselves.

    python benchmarks/text2cypher.py [--split open|held|both] [--limit N] [--engine] [--show N] [--no-embedder]

The split is by a fixed hash of the schema's name, so that whole schemas are held: ``held`` was looked at only in
totals. Asked are the questions whose reference query is valid: no error recorded, in our dialect, and true to its
schema. Counted are

* valid: the first candidate passes the guard and ``check_schema``; ``--engine``: and runs on the embedded engine, over
  a graph with a few nodes of each label;
* structure: node labels, relationship types and directions are those of the reference, of the first candidate, and of
  one of the first five. An end without a label in the reference may be any that its schema allows, and an arrow
  without a direction either.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evidentia.errors import EvidentiaError, QueryRefused
from evidentia.evaluation.data import DATA
from evidentia.evaluation.report import machine
from evidentia.graphs.base import Edge, GraphStore, Node
from evidentia.graphs.cypher.guard import check, check_schema
from evidentia.graphs.cypher.parser import name_of, parse, subtrees, walk
from evidentia.graphs.translation.schema import Property, Relation, TypedSchema
from evidentia.graphs.translation.translate import Translator

FOLDER = DATA / "text2cypher"
FILES = ("text2cypher_gpt4turbo.csv", "text2cypher_claudeopus.csv")
KINDS = {
    "INTEGER": "number", "FLOAT": "number", "STRING": "text", "DATE": "date", "DATE_TIME": "date",
    "LOCAL_DATE_TIME": "date", "BOOLEAN": "boolean", "LIST": "list",
}  # fmt: skip
FIRST = 5


def is_held(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 0


@dataclass(frozen=True, slots=True)
class Asked:
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
        Relation(one["type"], one["start"], one["end"], own.get(one["type"], ())) for one in found["relationships"]
    )
    # A label that only relationships name has no properties.
    ends = {end: () for one in relations for end in (one.source, one.target)}
    return TypedSchema({**ends, **labels}, relations)


def read_property(found: Mapping[str, Any]) -> Property:
    return Property(found["property"], KINDS.get(found["type"], "other"), tuple(map(str, found.get("values", ()))))


def questions() -> tuple[list[Asked], Counter[str]]:
    """Those whose reference is valid, and why the others are left out."""
    found, left_out = dict[tuple[str, str, str], Asked](), Counter[str]()
    csv.field_size_limit(10**9)
    for file in FILES:
        with (FOLDER / file).open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                one = Asked(row["database"], row["type"], row["question"].strip(), row["cypher"])
                if reason := reason_to_leave_out(one, row):
                    left_out[reason] += 1
                else:
                    found.setdefault((one.database, one.question, one.reference), one)
    return list(found.values()), left_out


def reason_to_leave_out(one: Asked, row: Mapping[str, str]) -> str:
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
class Arrow:
    types: frozenset[str]
    """None: any."""
    triples: frozenset[tuple[str, str, str]]
    """The relations of the schema that it may be."""


def structure(query: str, schema: TypedSchema) -> tuple[frozenset[str], frozenset[Arrow]]:
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


def arrow(left: set[str], relation: Any, right: set[str], schema: TypedSchema) -> Arrow:
    detail = subtrees(relation, "detail")
    types = {name_of(label) for labels in subtrees(detail[0], "labels") for label in subtrees(labels, "label")} if detail else set()
    signs = "".join(str(child) for child in relation.children if isinstance(child, str))
    ways = [(left, right)] * (">" in signs or "<" not in signs) + [(right, left)] * ("<" in signs or ">" not in signs)
    triples = frozenset(
        (one.source, one.type, one.target)
        for one in schema.relations
        for source, target in ways
        if (not types or one.type in types) and (not source or one.source in source) and (not target or one.target in target)
    )
    return Arrow(frozenset(types), triples)


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


def alike(one: Arrow, other: Arrow) -> bool:
    """``other`` is the reference's: where it names types, they must be the same."""
    return (one.types == other.types or not other.types) and bool(one.triples & other.triples)


@dataclass(slots=True)
class Tally:
    asked: int = 0
    answered: int = 0
    valid: int = 0
    ran: int = 0
    first: int = 0
    among: int = 0
    seconds: float = 0.0

    def line(self, name: str, engine: bool) -> str:
        def share(count: int) -> str:
            return f"{100 * count / max(1, self.asked):5.1f} %"

        ran = f"  ran {share(self.ran)}" if engine else ""
        return (
            f"{name:<28} {self.asked:5}  valid {share(self.valid)}{ran}  structure {share(self.first)}  "
            f"in {FIRST} {share(self.among)}  {1000 * self.seconds / max(1, self.asked):.0f} ms"
        )


def sample_graph(schema: TypedSchema) -> tuple[list[Node], list[Edge]]:
    nodes = [
        Node(label, f"{label}/{at}", {one.name: value(one, at) for one in each if one.name != "id"})
        for label, each in schema.labels.items()
        for at in range(2)
    ]
    edges = [
        Edge(one.type, f"{one.source}/0", f"{one.target}/1", {each.name: value(each, 0) for each in one.properties})
        for one in schema.relations
    ]
    return nodes, edges


def value(one: Property, at: int) -> Any:
    given = one.samples[at] if at < len(one.samples) else f"text {at}"
    return {"number": at + 1, "date": "2020-01-01", "boolean": True, "list": ["a"]}.get(one.kind, given)


def runs(query: str, store: GraphStore) -> bool:
    try:
        store.query(query, timeout=10)
    except EvidentiaError:
        return False
    return True


def measure(asked: Sequence[Asked], embed: Any, engine: bool, show: int) -> Iterator[tuple[str, Tally]]:
    by_schema: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_schema[one.database].append(one)
    for name, group in by_schema.items():
        schema, tally = schemas()[name], Tally()
        translator = Translator(schema, embed)
        with TemporaryDirectory() as folder:
            store = open_engine(Path(folder), schema) if engine else None
            for one in group:
                count(one, translator, tally, store, show=show)
            if store is not None:
                store.close()
        yield name, tally


def open_engine(folder: Path, schema: TypedSchema) -> GraphStore:
    from evidentia.graphs.stores import open_store

    store = open_store("arcadedb", folder=folder)
    store.load(*sample_graph(schema))
    return store


def count(one: Asked, translator: Translator, tally: Tally, store: GraphStore | None, show: int) -> None:
    begun = time.process_time()
    candidates = translator.candidates(one.question, FIRST)
    tally.seconds += time.process_time() - begun
    tally.asked += 1
    tally.answered += bool(candidates)
    queries = [candidate.cypher for candidate in candidates]
    plain = translator.schema.plain()
    tally.valid += bool(queries) and is_valid(queries[0], plain)
    tally.ran += bool(queries) and store is not None and runs(queries[0], store)
    right = [agrees(query, one.reference, translator.schema) for query in queries]
    tally.first += right[:1] == [True]
    tally.among += any(right)
    if right[:1] != [True] and show > tally.asked - tally.first:
        print(f"\n{one.database}: {one.question}\n  gold  {' '.join(one.reference.split())}")
        for query, agreed in zip(queries, right, strict=True):
            print(f"  {'  ok ' if agreed else '     '} {query}")


def is_valid(query: str, schema: Any) -> bool:
    try:
        return bool(check(query)) and not check_schema(query, schema)
    except QueryRefused:
        return False


def add_up(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for one in tallies:
        for field in ("asked", "answered", "valid", "ran", "first", "among", "seconds"):
            setattr(total, field, getattr(total, field) + getattr(one, field))
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("open", "held", "both"), default="both")
    parser.add_argument("--limit", type=int, default=0, help="of each schema, this many questions, evenly drawn")
    parser.add_argument("--engine", action="store_true")
    parser.add_argument("--show", type=int, default=0, help="of each schema, the first so many that are not right")
    parser.add_argument("--no-embedder", action="store_true")
    chosen = parser.parse_args()
    if chosen.show and chosen.split != "open":
        parser.error("only questions of the open half may be looked at")
    asked, left_out = questions()
    print(machine())
    print(f"{len(asked):,} questions; left out: " + ", ".join(f"{number:,} {why}" for why, number in left_out.items()))
    if chosen.limit:
        asked = [one for name in schemas() for one in evenly([each for each in asked if each.database == name], chosen.limit)]
    embed = None if chosen.no_embedder else load_embedder()
    for split in ("open", "held"):
        if chosen.split not in (split, "both"):
            continue
        group = [one for one in asked if is_held(one.database) == (split == "held")]
        tallies = []
        for name, tally in measure(group, embed, chosen.engine, chosen.show):
            tallies.append(tally)
            print(tally.line(f"  {name}", chosen.engine), flush=True)
        print(add_up(tallies).line(split, chosen.engine), flush=True)


def evenly(asked: Sequence[Asked], most: int) -> Sequence[Asked]:
    return asked[:: max(1, -(-len(asked) // most))]


def load_embedder() -> Any:
    from evidentia.retrieval.embedders import load
    from evidentia.settings import Settings

    return load("all-MiniLM-L6-v2", Settings()).encode


if __name__ == "__main__":
    main()
