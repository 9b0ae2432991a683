"""Nodes and edges as files of other tools, and as a graph of networkx. Knows no particular graph."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
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


FORMS = {"graphml": _graphml, "json": _node_link}
