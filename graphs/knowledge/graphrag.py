"""The tables of a Microsoft GraphRAG index: parquet files, in their present names and those before version 1."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...errors import require
from .extraction import ExtractedEntity, ExtractedRelation, Extraction, bad_index

_FORMS = ("{}.parquet", "create_final_{}.parquet")
_FOLDERS = (".", "output", "output/artifacts", "artifacts")


def find(path: Path) -> Path | None:
    """The folder of the tables: ``path``, one below it, or the one that the file lies in."""
    start = path.parent if path.suffix == ".parquet" else path
    folders = (start / name for name in _FOLDERS)
    return next((folder for folder in folders if _file(folder, "relationships") is not None), None)


def read(folder: Path) -> Extraction:
    require("pyarrow", "graphrag")
    entities = tuple(
        ExtractedEntity(
            _text(row.get("title") or row.get("name")),
            _text(row.get("type")),
            _text(row.get("description")),
            _keys(row.get("text_unit_ids")),
        )
        for row in _rows(folder, "entities")
    )
    relations = tuple(
        ExtractedRelation(
            _text(row.get("source")),
            _text(row.get("target")),
            _text(row.get("description")),
            _keys(row.get("text_unit_ids")),
        )
        for row in _rows(folder, "relationships")
    )
    texts = {_text(row.get("id")): _text(row.get("text")) for row in _rows(folder, "text_units")}
    return Extraction("graphrag", entities, relations, texts)


def _file(folder: Path, table: str) -> Path | None:
    return next((file for form in _FORMS if (file := folder / form.format(table)).is_file()), None)


def _rows(folder: Path, table: str) -> Iterable[dict[str, Any]]:
    """The rows of a table; none where the index lacks the table."""
    import pyarrow
    from pyarrow import parquet

    file = _file(folder, table)
    if file is None:
        return ()
    try:
        rows: list[dict[str, Any]] = parquet.ParquetFile(file).read().to_pylist()
    except (OSError, pyarrow.ArrowException) as error:
        raise bad_index(file, error) from error
    return rows


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _keys(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()
