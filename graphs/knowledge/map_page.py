"""The map of a library: one page that opens offline, with the entities that most is said of, and the quotes behind."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from ...corpus.document import Evidence
from .communities import Communities
from .facts import DATE
from .quotes import Quotes

DRAWING = "drawing.js"
"""Draws nodes and edges, here and on the chat page."""
ENTITIES, LINKS = 200, 3
"""Entities that are drawn, and the strongest edges of each."""


def page(quotes: Quotes, found: Communities, most: int = ENTITIES) -> str:
    """HTML. Names and quotes are data in it, never markup."""
    template, drawer = ((files(__package__) / name).read_text(encoding="utf-8") for name in ("map.html", DRAWING))
    text = json.dumps(drawing(quotes, found, most), ensure_ascii=False)
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return template.replace("/*DRAWING*/", drawer).replace("/*DATA*/", safe)


def drawing(quotes: Quotes, found: Communities, most: int) -> dict[str, Any]:
    """``nodes`` and ``edges``, as node-link data with the quotes."""
    graph = quotes.graph
    community = {entity: one.number for one in found.at(0) for entity in one.members}
    ranked = sorted(
        (one for one in community if graph.kinds[graph.head[one]] != DATE),
        key=lambda one: (-int(graph.spread[one]), one),
    )
    chosen = {entity: at for at, entity in enumerate(ranked[:most])}
    edges: dict[tuple[int, int], dict[str, Any]] = {}
    for entity in chosen:
        near = [link for link in graph.links(entity) if link.target in chosen and link.near and link.together]
        for link in near[:LINKS]:
            pair = min(entity, link.target), max(entity, link.target)
            if pair not in edges:
                said = quotes.between(pair[0], pair[1], "")
                ends = {"source": chosen[pair[0]], "target": chosen[pair[1]]}
                edges[pair] = {**ends, "weight": round(link.weight, 3), "quote": said and _quote(said)}
    nodes = [
        {
            "id": graph.phrases[graph.head[entity]],
            "name": graph.name(entity),
            "kind": graph.kind(entity),
            "count": graph.count(entity),
            "documents": graph.documents_of(entity),
            "community": community[entity],
            "quotes": [_quote(one) for one in (quotes.defines(entity, 1) or quotes.about(entity, 1))],
        }
        for entity in chosen
    ]
    return {"nodes": nodes, "edges": list(edges.values())}


def _quote(evidence: Evidence) -> dict[str, str]:
    line = f":{evidence.span.line}" if evidence.span else ""
    return {"text": " ".join(evidence.quote.split()), "place": f"{evidence.name}{line}"}
