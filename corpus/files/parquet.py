"""Parquet files, by pyarrow (the extra ``parquet``): one table, a batch of rows at a time. Lists and records inside a
cell are written as JSON; binary columns are left out and counted cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ...errors import MissingExtra, ReadError, require
from .content import Content
from .data_table import DataTables, one_line
from .definition import DeclaredColumn, TableDefinition
from .formats import Format
from .secrets import is_secret_column

_MAGIC = b"PAR1"
_BATCH = 1_000
_MOST_THRIFT = 20_000_000
"""Bytes and entries of a file's own description of itself."""
_TYPES = (("boolean", "BOOLEAN"), ("integer", "BIGINT"), ("floating", "DOUBLE"), ("decimal", "DECIMAL"))
_TIMES = (("date", "DATE"), ("timestamp", "TIMESTAMP"), ("time", "TIME"))


def read(data: bytes, form: Format) -> Content:
    """Raises ``ReadError`` for what is no Parquet file, is damaged, or where pyarrow is missing."""
    if not (data.startswith(_MAGIC) and data.endswith(_MAGIC)):
        raise ReadError("it is no Parquet file, or an encrypted or truncated one")
    try:
        require("pyarrow", "parquet")
    except MissingExtra as error:
        raise ReadError("Parquet files are read by pyarrow, which is not installed", fix=error.fix) from error
    import pyarrow
    from pyarrow import parquet

    # The usual pool asks for more memory than it uses, which the reading process is not given.
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    try:
        with parquet.ParquetFile(
            pyarrow.BufferReader(data),
            thrift_string_size_limit=_MOST_THRIFT,
            thrift_container_size_limit=_MOST_THRIFT,
        ) as file:
            return _read(file, form)
    except (OSError, pyarrow.ArrowException) as error:
        first = one_line(str(error))[:200]
        raise ReadError(f"the Parquet file is damaged ({first})", fix="write it anew") from error


def _read(file: Any, form: Format) -> Content:
    tables = DataTables(1)
    schema = file.schema_arrow
    secret = {at for at, name in enumerate(schema.names) if is_secret_column(name)}
    for at in sorted(secret):
        tables.leave_out(f"column {one_line(schema.names[at])}, which may hold secrets")
    kept = [at for at in range(len(schema.names)) if at not in secret]
    declared = tuple(DeclaredColumn(one_line(schema.names[at]), _type_of(schema.types[at])) for at in kept)
    if declared:
        tables.write(TableDefinition("data", declared), _rows(file, kept), lambda: int(file.metadata.num_rows))
    return Content(
        tables.pages.text,
        form.media_type,
        metadata={"rows": str(file.metadata.num_rows)},
        marks=tables.pages.marks,
        omitted=tables.gaps,
    )


def _type_of(kind: Any) -> str:
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return next((name for test, name in (*_TYPES, *_TIMES) if getattr(types, f"is_{test}")(kind)), "TEXT")


def _rows(file: Any, kept: Sequence[int]) -> Iterator[Sequence[object]]:
    for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
        columns = [_values(batch.column(at)) for at in kept]
        yield from zip(*columns, strict=True)


def _values(column: Any) -> list[object]:
    """Times to the microsecond, in UTC where they have a zone."""
    import pyarrow

    kind = column.type
    if not pyarrow.types.is_timestamp(kind):
        return list(map(_plain, column.to_pylist()))
    zone = "Z" if kind.tz else ""
    times = column.cast(pyarrow.timestamp("us"), safe=False).to_pylist()
    return [None if one is None else f"{one.isoformat(sep=' ')}{zone}" for one in times]


def _plain(value: Any) -> object:
    """Records and lists as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
