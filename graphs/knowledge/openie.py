"""Triples that HippoRAG's extraction wrote: one JSON file of passages, each with its entities and triples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .extraction import ExtractedEntity, ExtractedRelation, Extraction, bad_index

_NAMES = "openie*.json"
_HEAD = 4_096


def find(path: Path) -> Path | None:
    """The file itself, or the first of its usual name in the folder."""
    files = [path] if path.suffix == ".json" and path.is_file() else []
    files += sorted(path.glob(_NAMES)) if path.is_dir() else []
    return next((file for file in files if _begins_so(file)), None)


def _begins_so(file: Path) -> bool:
    with file.open("rb") as handle:
        head = handle.read(_HEAD).lstrip()
    return head.startswith(b"{") and b'"docs"' in head


def read(file: Path) -> Extraction:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise bad_index(file, error) from error
    docs = found.get("docs") if isinstance(found, dict) else None
    if not isinstance(docs, list):
        raise bad_index(file, "it has no list of docs")
    entities: list[ExtractedEntity] = []
    relations: list[ExtractedRelation] = []
    texts: dict[str, str] = {}
    for number, doc in enumerate(one for one in docs if isinstance(one, dict)):
        key = str(number)
        texts[key] = str(doc.get("text") or doc.get("passage") or "")
        entities += [ExtractedEntity(name, "", "", (key,)) for name in _strings(doc.get("extracted_entities"))]
        for triple in doc.get("extracted_triples") or ():
            parts = _strings(triple)
            if len(parts) == 3:
                relations.append(ExtractedRelation(parts[0], parts[2], " ".join(parts), (key,)))
    return Extraction("openie", tuple(entities), tuple(relations), texts)


def _strings(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
