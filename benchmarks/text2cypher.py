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
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evidentia.errors import EvidentiaError, QueryRefused
from evidentia.evaluation.report import machine
from evidentia.evaluation.text2cypher import GraphTask, agrees, is_held, questions, schemas
from evidentia.graphs.base import Edge, GraphStore, Node
from evidentia.graphs.cypher.guard import check, check_schema
from evidentia.graphs.translation.schema import SchemaProperty, TypedSchema
from evidentia.graphs.translation.translate import Translator

FIRST = 5


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


def value(one: SchemaProperty, at: int) -> Any:
    given = one.samples[at] if at < len(one.samples) else f"text {at}"
    return {"number": at + 1, "date": "2020-01-01", "boolean": True, "list": ["a"]}.get(one.kind, given)


def runs(query: str, store: GraphStore) -> bool:
    try:
        store.query(query, timeout=10)
    except EvidentiaError:
        return False
    return True


def measure(asked: Sequence[GraphTask], embed: Any, engine: bool, show: int) -> Iterator[tuple[str, Tally]]:
    by_schema: dict[str, list[GraphTask]] = defaultdict(list)
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


def count(one: GraphTask, translator: Translator, tally: Tally, store: GraphStore | None, show: int) -> None:
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
    asked, left_out = questions(chosen.split, chosen.limit)
    print(machine())
    print(f"{len(asked):,} questions; left out: " + ", ".join(f"{number:,} {why}" for why, number in left_out.items()))
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


def load_embedder() -> Any:
    from evidentia.retrieval.embedders import load
    from evidentia.settings import Settings

    return load("all-MiniLM-L6-v2", Settings()).encode


if __name__ == "__main__":
    main()
