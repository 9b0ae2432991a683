"""A graph's own queries as a grammar to decode by: its labels, directions, properties per label and known names.

``decoding_grammar`` says what Cypher may be written; this one says what may be asked of one graph, so that a small
model can write nothing that the graph does not have. A variable is named after its label, by which the grammar knows
its properties. What it cannot say, that a variable stands in the pattern before it is used, the check against the
schema and the engine do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .writing import literal, quote_name

MOST_HOPS = 3
MOST_TESTS = 4
_FREE = "TEXT"
_RULES = r"""
INT: /0|[1-9][0-9]{0,8}/
NUMBER: /-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?/
TEXT: /'[^'\\\x00-\x1f]{1,60}'/
"""


@dataclass(frozen=True, slots=True)
class AskableLabel:
    """A label as the grammar has it; ``properties``: name -> kind (``text``, ``number``, ``date``, ``boolean`` …)."""

    name: str
    properties: Mapping[str, str]


def schema_grammar(
    labels: Sequence[AskableLabel], relations: Sequence[tuple[str, str, str]], names: Sequence[str] = ()
) -> str:
    """Lark in the dialect of llguidance, for ``constraints.constrain("lark", …)``. ``relations`` are source, type and
    target; ``names`` the values of text that may be written, any where there are none."""
    at = {label.name: number for number, label in enumerate(labels)}
    rules = [
        'start: "MATCH " path (", " path){0,2} (" WHERE " test (" AND " test)'
        f'{{0,{MOST_TESTS - 1}}})? " RETURN " told order? (" LIMIT " INT)?',
        f"path: {' | '.join(f'path_{number}_{MOST_HOPS}' for number in at.values())}",
        'told: counted | "DISTINCT "? item (", " item){0,3} (", " counted)?',
        'counted: ("count(DISTINCT " variable | ("avg(" | "sum(" | "min(" | "max(") number) ")" " AS measure"',
        'order: " ORDER BY " ("measure" | property) (" DESC")?',
        "item: property | variable",
        f"text: {' | '.join(_said(literal(name)) for name in names) or _FREE}",
    ]
    properties, numbers, tests = [], [], []
    for number, label in enumerate(labels):
        variable = variable_of(label.name, number)
        rules.append(f"variable_{number}: {_said(variable)} | {_said(f'{variable}2')}")
        rules.append(f'node_{number}: "(" variable_{number} {_said(f":{quote_name(label.name)})")}')
        rules += (
            f"path_{number}_{hops}: {_path(number, label.name, relations, at, hops=hops)}"
            for hops in range(MOST_HOPS + 1)
        )
        for place, (name, kind) in enumerate(label.properties.items()):
            rule = f"property_{number}_{place}"
            rules.append(f"{rule}: variable_{number} {_said(f'.{quote_name(name)}')}")
            properties.append(rule)
            numbers += [rule] * (kind == "number")
            tests.append(f"{rule} {_comparison(kind)}")
    rules.append(f"variable: {' | '.join(f'variable_{number}' for number in at.values())}")
    rules.append(f"property: {' | '.join(properties)}")
    rules.append(f"number: {' | '.join(numbers or properties)}")
    rules.append(f"test: {' | '.join(tests)}")
    return "\n".join(rules) + _RULES


def variable_of(label: str, number: int) -> str:
    plain = re.sub(r"\W+", "", label, flags=re.ASCII).lower()
    return f"{plain}_{number}" if plain and not plain[0].isdigit() else f"n_{number}"


def _path(
    number: int, label: str, relations: Sequence[tuple[str, str, str]], at: Mapping[str, int], *, hops: int
) -> str:
    ways = []
    for source, kind, target in relations if hops else ():
        written = quote_name(kind)
        if source == label and target in at:
            ways.append(f"{_said(f'-[:{written}]->')} path_{at[target]}_{hops - 1}")
        if target == label and source in at:
            ways.append(f"{_said(f'<-[:{written}]-')} path_{at[source]}_{hops - 1}")
    return f"node_{number}" + (f" ({' | '.join(ways)})?" if ways else "")


def _comparison(kind: str) -> str:
    if kind == "number":
        return '(" = " | " <> " | " < " | " <= " | " > " | " >= ") NUMBER'
    if kind == "boolean":
        return '(" = true" | " = false")'
    if kind == "date":
        return '(" = " | " < " | " <= " | " > " | " >= ") TEXT'
    return '(" = " | " <> " | " CONTAINS " | " STARTS WITH ") text'


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
