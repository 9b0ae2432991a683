"""Nodes and edges as files of other tools, and as a graph of networkx. Knows no particular graph."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.sax.saxutils import escape as escaped
from xml.sax.saxutils import quoteattr

from ..errors import MissingExtra, NotFoundError
from .base import Edge, Node

if TYPE_CHECKING:
    from networkx import MultiDiGraph

_TYPES = {int: "long", float: "double", bool: "boolean"}
_FORBIDDEN = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\r")
"""Characters that XML cannot hold."""


def to_networkx(nodes: Iterable[Node], edges: Iterable[Edge]) -> MultiDiGraph:
    """Nodes by their id with ``label`` and their properties; edges keyed by their type. Raises ``MissingExtra`` without
    networkx."""
    try:
        from networkx import MultiDiGraph
    except ImportError as error:
        raise MissingExtra("networkx", "networkx") from error
    found = MultiDiGraph()
    for node in nodes:
        found.add_node(node.id, label=node.label, **node.properties)
    for edge in edges:
        found.add_edge(edge.source, edge.target, key=edge.type, **edge.properties)
    return found


def lines(form: str, nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """The file's lines. Raises ``NotFoundError`` for an unknown form."""
    if form not in FORMS:
        raise NotFoundError("there is no such form of export", where=form, fix=f"use one of: {', '.join(FORMS)}")
    return FORMS[form](list(nodes), list(edges))


def _graphml(nodes: list[Node], edges: list[Edge]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for owner, items in (("node", nodes), ("edge", edges)):
        for key, kind in sorted(_keys(items).items()):
            yield f'<key id={quoteattr(f"{owner}-{key}")} for="{owner}" attr.name={quoteattr(key)} attr.type="{kind}"/>'
    yield '<graph edgedefault="directed">'
    for node in nodes:
        told = _data("node", "label", node.label) + _all("node", node.properties)
        yield f"<node id={_attribute(node.id)}>{told}</node>"
    for edge in edges:
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        yield f"<edge {ends}>{_data('edge', 'type', edge.type)}{_all('edge', edge.properties)}</edge>"
    yield "</graph></graphml>"


def _keys(items: Iterable[Node | Edge]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        found.setdefault("label" if isinstance(item, Node) else "type", "string")
        for key, value in item.properties.items():
            if value is not None:
                found.setdefault(key, _TYPES.get(type(value), "string"))
    return found


def _all(owner: str, properties: Any) -> str:
    return "".join(_data(owner, key, value) for key, value in properties.items() if value is not None)


def _data(owner: str, key: str, value: object) -> str:
    return f"<data key={_attribute(f'{owner}-{key}')}>{escaped(str(value).translate(_FORBIDDEN))}</data>"


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_FORBIDDEN))


def _node_link(nodes: list[Node], edges: list[Edge]) -> Iterator[str]:
    yield '{"directed": true, "multigraph": true, "graph": {}, "nodes": ['
    yield ",\n".join(
        json.dumps({"id": node.id, "label": node.label, **node.properties}, ensure_ascii=False) for node in nodes
    )
    yield '], "edges": ['
    yield ",\n".join(
        json.dumps(
            {"source": edge.source, "target": edge.target, "key": edge.type, **edge.properties}, ensure_ascii=False
        )
        for edge in edges
    )
    yield "]}"


def _json_ld(nodes: list[Node], edges: list[Edge]) -> Iterator[str]:
    """JSON-LD 1.1, read as RDF: each edge is a triple, and one that has properties besides a resource of its own with
    ``source`` and ``target``."""
    yield '{"@context": ' + json.dumps(_CONTEXT) + ', "@graph": ['
    leaving: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for edge in edges:
        leaving[edge.source][edge.type].append(_iri(edge.target))
    described = [
        {"@id": _iri(node.id), "@type": node.label, "key": node.id, **_present(node.properties), **joined}
        for node in nodes
        for joined in [{kind: [{"@id": end} for end in ends] for kind, ends in leaving.get(node.id, {}).items()}]
    ]
    reified = [
        {
            "@id": _iri(f"edge:{number}"),
            "@type": "Edge",
            "edgeType": edge.type,
            "source": _iri(edge.source),
            "target": _iri(edge.target),
            **{key: value for key, value in _present(edge.properties).items() if key not in _CONTEXT},
        }
        for number, edge in enumerate(edges)
        if edge.properties
    ]
    yield ",\n".join(json.dumps(one, ensure_ascii=False) for one in (*described, *reified))
    yield "]}"


_VOCABULARY = "urn:evidentia:"
_CONTEXT = {
    "@version": 1.1,
    "@vocab": f"{_VOCABULARY}term:",
    "source": {"@type": "@id"},
    "target": {"@type": "@id"},
}


def _iri(key: str) -> str:
    return f"{_VOCABULARY}{quote(key, safe='')}"


def _present(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if value is not None}


def _cypher(nodes: list[Node], edges: list[Edge]) -> Iterator[str]:
    """A script for an empty database, in statements of some hundred rows each: ``cypher-shell < graph.cypher``."""
    labels = {node.id: node.label for node in nodes}
    for label in sorted(set(labels.values())):
        yield f"CREATE INDEX {label.lower()}_id IF NOT EXISTS FOR (n:`{label}`) ON (n.id);"
    by_label: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        by_label[node.label].append(_cypher_value({"id": node.id, **_present(node.properties)}))
    for label, rows in by_label.items():
        for part in _parts(rows):
            yield f"UNWIND [{part}] AS row CREATE (n:`{label}`) SET n = row;"
    by_ends: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for edge in edges:
        ends = labels.get(edge.source), labels.get(edge.target)
        if ends[0] is not None and ends[1] is not None:
            row = {"from": edge.source, "to": edge.target, "properties": _present(edge.properties)}
            by_ends[ends[0], edge.type, ends[1]].append(_cypher_value(row))
    for (source, kind, target), rows in by_ends.items():
        for part in _parts(rows):
            yield (
                f"UNWIND [{part}] AS row MATCH (a:`{source}` {{id: row.from}}), (b:`{target}` {{id: row.to}}) "
                f"CREATE (a)-[r:`{kind}`]->(b) SET r = row.properties;"
            )


_ROWS = 500
"""Of one statement."""


def _parts(rows: list[str]) -> Iterator[str]:
    return (",\n".join(rows[first : first + _ROWS]) for first in range(0, len(rows), _ROWS))


def _cypher_value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"`{key}`: {_cypher_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_cypher_value, value)) + "]"
    if isinstance(value, str):
        escaped_text = value.replace("\\", "\\\\").replace("'", "\\'").translate(_CYPHER_ESCAPES)
        return f"'{escaped_text}'"
    return json.dumps(value)


_CYPHER_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(32), 127, 0x2028, 0x2029)}
FORMS = {"graphml": _graphml, "json": _node_link, "jsonld": _json_ld, "cypher": _cypher}
