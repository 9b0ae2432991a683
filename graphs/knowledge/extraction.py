"""What a language model extracted elsewhere, as an index of Microsoft GraphRAG, LightRAG or HippoRAG holds it.

Entities and relations with what the model said of them, and the pieces of text that it had read. Knows no library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...errors import InputError


@dataclass(frozen=True, slots=True)
class ExtractedEntity:
    name: str
    kind: str
    description: str
    sources: tuple[str, ...]
    """Keys of the texts that it was read from."""


@dataclass(frozen=True, slots=True)
class ExtractedRelation:
    source: str
    target: str
    description: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    kind: str
    """Of the index: ``graphrag``, ``lightrag`` or ``openie``."""
    entities: tuple[ExtractedEntity, ...]
    relations: tuple[ExtractedRelation, ...]
    texts: Mapping[str, str]


def read_extraction(path: Path) -> Extraction:
    """Reads that of a folder, or one of its files. Raises ``InputError`` for what is no such index and for one that is
    damaged, ``MissingExtra`` for parquet files without the package that reads them."""
    from . import graphrag, lightrag, openie

    readers: tuple[tuple[Callable[[Path], Path | None], Callable[[Path], Extraction]], ...] = (
        (graphrag.find, graphrag.read),
        (lightrag.find, lightrag.read),
        (openie.find, openie.read),
    )
    for find, read in readers:
        found = find(path)
        if found is not None:
            return read(found)
    raise InputError(
        "there is no index to import" if path.exists() else "there is no such file or folder",
        where=str(path),
        fix="name the output folder of GraphRAG (entities.parquet, relationships.parquet), the working folder of "
        "LightRAG (graph_chunk_entity_relation.graphml) or the triples of HippoRAG (openie_….json)",
    )


def bad_index(path: Path, why: object) -> InputError:
    return InputError(f"the index cannot be read ({why})", where=str(path), fix="make it again with the tool it is of")
