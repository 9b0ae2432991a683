"""The working folder of LightRAG: a graph in GraphML, and the pieces of text that it was read from in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .extraction import ExtractedEntity, ExtractedRelation, Extraction, bad_index

_GRAPH, _TEXTS = "graph_chunk_entity_relation.graphml", "kv_store_text_chunks.json"
_BETWEEN = "<SEP>"
"""Between what several pieces of text said, and between their keys."""
_SPACE = "{http://graphml.graphdrawing.org/xmlns}"


def find(path: Path) -> Path | None:
    """The GraphML file: ``path`` itself, or the one in it or in a folder below it (a workspace)."""
    if path.suffix == ".graphml" and path.is_file():
        return path
    folders = (
        [path, path / "rag_storage", *sorted(one for one in path.iterdir() if one.is_dir())] if path.is_dir() else []
    )
    return next((file for folder in folders if (file := folder / _GRAPH).is_file()), None)


def read(file: Path) -> Extraction:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.parse(str(file), parser).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise bad_index(file, error) from error
    names = {key.get("id"): key.get("attr.name") for key in root.iter(f"{_SPACE}key")}
    nodes = [(node.get("id", ""), _data(node, names)) for node in root.iter(f"{_SPACE}node")]
    edges = [
        (edge.get("source", ""), edge.get("target", ""), _data(edge, names)) for edge in root.iter(f"{_SPACE}edge")
    ]
    return Extraction(
        "lightrag",
        tuple(
            ExtractedEntity(
                _name(key), _name(data.get("entity_type", "")), _description(data), _parts(data.get("source_id", ""))
            )
            for key, data in nodes
        ),
        tuple(
            ExtractedRelation(_name(source), _name(target), _description(data), _parts(data.get("source_id", "")))
            for source, target, data in edges
        ),
        _texts(file.parent / _TEXTS),
    )


def _data(element: Any, names: dict[str, str]) -> dict[str, str]:
    # Its own alone: nodes may lie in nodes.
    return {names.get(data.get("key"), ""): data.text or "" for data in element.iterfind(f"{_SPACE}data")}


def _name(key: str) -> str:
    """Older releases write names in quotation marks."""
    return key.strip().strip('"').strip()


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(_BETWEEN) if part)


def _description(data: dict[str, str]) -> str:
    return " ".join(_name(part) for part in _parts(data.get("description", "")))


def _texts(file: Path) -> dict[str, str]:
    """A folder that has none gives none: nothing is lost but the evidence."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise bad_index(file, error) from error
    pieces = found.items() if isinstance(found, dict) else ()
    return {key: str(piece.get("content", "")) for key, piece in pieces if isinstance(piece, dict)}
