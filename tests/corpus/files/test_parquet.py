"""Parquet files: one table, its types, and a reason where pyarrow is missing."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest

from evidentia.corpus.files import parquet
from evidentia.corpus.files.content import Content
from evidentia.corpus.files.formats import PARQUET
from evidentia.errors import MissingExtra, ReadError

pyarrow = pytest.importorskip("pyarrow")


def packed(columns: dict[str, object], **options: object) -> bytes:
    from pyarrow.parquet import write_table

    file = io.BytesIO()
    write_table(pyarrow.table(columns), file, **options)
    return file.getvalue()


def refusal(data: bytes) -> str:
    try:
        content(data)
    except ReadError as error:
        return str(error)
    return ""


def content(data: bytes) -> Content:
    return parquet.read(data, PARQUET)


def test_each_column_has_its_type_and_each_cell_is_plain() -> None:
    moment = datetime.datetime(2024, 5, 1, 10, 30, tzinfo=datetime.UTC)
    read_in = content(
        packed(
            {
                "id": pyarrow.array([1, 2]),
                "code": pyarrow.array(["007", None]).dictionary_encode(),
                "price": pyarrow.array([Decimal("1.50"), None]),
                "open": pyarrow.array([True, False]),
                "seen": pyarrow.array([moment, None], pyarrow.timestamp("ns", "Europe/Oslo")),
                "day": pyarrow.array([datetime.date(2024, 5, 1), None]),
                "tags": pyarrow.array([["a", "b|c"], None]),
                "raw": pyarrow.array([b"\0\1", None]),
            }
        )
    )
    assert read_in.text == (
        "```sql\nCREATE TABLE data (\n  id BIGINT,\n  code TEXT,\n  price DECIMAL,\n  open BOOLEAN,\n  seen TIMESTAMP,\n"
        "  day DATE,\n  tags TEXT,\n  raw TEXT\n);\n```\n\n"
        "| id | code | price | open | seen | day | tags | raw |\n|" + " --- |" * 8 + "\n"
        '| 1 | 007 | 1.50 | true | 2024-05-01 10:30:00Z | 2024-05-01 | ["a", "b\\|c"] |\n| 2 |  |  | false |\n\n'
    )
    assert read_in.omitted == ("1 binary value",)


def test_rows_beyond_the_budget_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidentia.corpus.files.data_table.MOST_ROWS", 1_500)
    read_in = content(packed({"n": list(range(4_000)), "m": list(range(4_000))}, row_group_size=700))
    assert read_in.omitted == ("2,500 rows beyond the first 1,500",)
    assert "-- 2,500 more rows are left out\n" in read_in.text
    assert "| 1499 | 1499 |\n\n" in read_in.text


def test_a_column_of_secrets_is_left_out() -> None:
    read_in = content(packed({"name": ["ann"], "api_key": ["k-1"]}))
    assert "k-1" not in read_in.text
    assert read_in.omitted == ("column api_key, which may hold secrets",)


@pytest.mark.parametrize("kept", [0, 3, 200])
def test_a_truncated_file_is_refused(kept: int) -> None:
    with pytest.raises(ReadError, match="no Parquet file"):
        content(packed({"a": list(range(1_000))})[:kept])


def test_damage_is_told_or_costs_cells() -> None:
    data = packed({"a": [f"value {number}" for number in range(1_000)]})
    broken = (data[:at] + b"\xa5" * 32 + data[at + 32 : -4] + b"PAR1" for at in range(4, len(data) - 40, 997))
    assert all("damaged" in told for told in map(refusal, broken) if told)


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str, extra: str) -> None:
        raise MissingExtra(package, extra)

    monkeypatch.setattr(parquet, "require", missing)
    with pytest.raises(ReadError, match=r'pyarrow, which is not installed.*pip install "evidentia\[parquet\]"'):
        content(packed({"a": [1]}))
