"""What the translator must know of a graph that an engine holds: the kinds of its properties, and what its nodes are
called. Everything is asked by read-only queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..base import GraphRows, GraphSchema
from ..cypher.writing import quote_name
from .schema import SchemaProperty, SchemaRelation, TypedSchema, kind_of

Run = Callable[[str, Mapping[str, Any]], GraphRows]
"""Runs a query through the guard."""
LOOKED_AT = 30
"""Nodes of a label, and edges of a type, whose values are looked at."""
SAMPLES = 3
LONGEST = 40
"""Characters of a sample."""
_OWN = frozenset(("_labels", "_type"))


def typed_schema(schema: GraphSchema, run: Run) -> TypedSchema:
    """The schema with the kinds of its properties, by some nodes of each label and some edges of each type."""
    seen = {
        label: [row[0] for row in run(f"MATCH (n:{quote_name(label)}) RETURN n LIMIT {LOOKED_AT}", {}).rows]
        for label in schema.labels
    }
    labels = {label: tuple(_typed(seen[label], names)) for label, names in schema.labels.items()}
    of_types = {kind: tuple(_of_type(run, kind)) for kind in sorted({kind for _, kind, _ in schema.relations})}
    relations = tuple(SchemaRelation(kind, source, target, of_types[kind]) for source, kind, target in schema.relations)
    shown = {label: TypedSchema(labels, ()).display(label) for label in labels}
    namesakes = frozenset(
        label
        for label, found in seen.items()
        if "id" in schema.labels[label] and len({one.get(shown[label]) for one in found}) < len(found)
    )
    return TypedSchema(labels, relations, namesakes)


def _of_type(run: Run, kind: str) -> Iterator[SchemaProperty]:
    found = [row[0] for row in run(f"MATCH ()-[r:{quote_name(kind)}]->() RETURN r LIMIT {LOOKED_AT}", {}).rows]
    names = dict.fromkeys(name for one in found for name in one if name not in _OWN)
    yield from _typed(found, [*names])


def _typed(found: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[SchemaProperty]:
    for name in names:
        values = [one[name] for one in found if one.get(name) is not None]
        short = dict.fromkeys(value for value in values if isinstance(value, str) and len(value) <= LONGEST)
        yield SchemaProperty(name, kind_of(values), tuple(short)[:SAMPLES])


class NodeNames:
    """Finds the nodes that are called so, or by the end of a path; letters may be large or small."""

    def __init__(self, schema: TypedSchema, run: Run) -> None:
        self._run = run
        self._shown = {label: schema.display(label) for label in schema.labels}
        self._found: dict[str, tuple[tuple[str, str, str], ...]] = {}

    def __call__(self, text: str) -> tuple[tuple[str, str, str], ...]:
        folded = text.casefold()
        if folded not in self._found:
            self._found[folded] = tuple(self._look_up(folded))
        return self._found[folded]

    def _look_up(self, folded: str) -> Iterator[tuple[str, str, str]]:
        for label, name in self._shown.items():
            if not name:
                continue
            written = f"n.{quote_name(name)}"
            query = (
                f"MATCH (n:{quote_name(label)}) WHERE toLower(toString({written})) = $text "
                f"OR toLower(toString({written})) ENDS WITH $path "
                f"RETURN DISTINCT {written} AS name LIMIT {SAMPLES}"
            )
            for row in self._run(query, {"text": folded, "path": f"/{folded}"}).rows:
                yield label, name, str(row[0])
