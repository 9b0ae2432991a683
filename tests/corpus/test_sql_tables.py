"""Tables behind an SQL address: copied as they are declared, read as a SQLite file, and no password is shown."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evidentia import Library
from evidentia.cli.main import app
from evidentia.corpus import sql_tables
from evidentia.corpus.files import read
from evidentia.corpus.sql_tables import copy_tables
from evidentia.errors import EvidentiaError, InputError, MissingExtra, ReadError
from evidentia.retrieval.embedders.hash import HashEmbedder

MOST = 1_000_000
SHOP = (
    "CREATE TABLE makers (id INTEGER PRIMARY KEY, name VARCHAR(20), since TIMESTAMP, api_key TEXT);"
    "CREATE TABLE goods (sku TEXT PRIMARY KEY, maker INT REFERENCES makers (id), price NUMERIC(8, 2), photo BLOB);"
    "CREATE VIEW dear AS SELECT * FROM goods WHERE price > 10;"
    "INSERT INTO makers VALUES (1, 'Holm', '2024-05-01 10:00:00', 'k-123');"
    "INSERT INTO goods VALUES ('B', 1, 12.5, x'00'), ('A', NULL, 3, NULL);"
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Of a database that SQLAlchemy asks, as it would any other."""
    pytest.importorskip("sqlalchemy")
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.executescript(SHOP)
    connection.close()
    return f"sqlite+pysqlite:///{tmp_path}/shop.db"


def test_tables_are_copied_with_types_and_keys_in_the_order_of_their_keys(address: str, tmp_path: Path) -> None:
    file = copy_tables(address, tmp_path / "files", MOST)
    assert file == tmp_path / "files" / "shop.db.sqlite"
    document = read(file, tmp_path)
    assert "CREATE TABLE goods (\n  sku TEXT,\n  maker INTEGER REFERENCES makers (id),\n" in document.text
    assert "| A |  | 3 |\n| B | 1 | 12.5 |\n" in document.text
    assert "| 1 | Holm | 2024-05-01 10:00:00 |\n" in document.text
    assert document.metadata["omitted"] == "column api_key of makers, which may hold secrets; 1 binary value"


def test_secrets_are_not_copied_and_the_copy_is_its_owners(address: str, tmp_path: Path) -> None:
    file = copy_tables(address, tmp_path / "files", MOST)
    assert b"k-123" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_rows_make_the_same_file_and_nothing_else_stays(address: str, tmp_path: Path) -> None:
    first = copy_tables(address, tmp_path / "files", MOST).read_bytes()
    assert copy_tables(address, tmp_path / "files", MOST).read_bytes() == first
    assert len([*(tmp_path / "files").iterdir()]) == 1


def test_tables_that_are_too_large_leave_the_copy_as_it_was(address: str, tmp_path: Path) -> None:
    before = copy_tables(address, tmp_path / "files", MOST).read_bytes()
    with pytest.raises(InputError, match="EVIDENTIA_MAX_FILE_BYTES"):
        copy_tables(address, tmp_path / "files", 50)
    assert [file.read_bytes() for file in (tmp_path / "files").iterdir()] == [before]


@pytest.mark.parametrize("address", ["nowhere://user:s3cret@host/db", "postgresql://user:s3cret@host:port/db"])
def test_an_address_that_cannot_be_read_is_refused_without_its_password(address: str, tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    with pytest.raises(EvidentiaError, match="SQL address") as caught:
        copy_tables(address, tmp_path, MOST)
    assert "s3cret" not in str(caught.value)
    assert "user" not in caught.value.where


def test_what_the_driver_says_is_shown_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    pytest.importorskip("psycopg")
    with pytest.raises(ReadError, match="cannot be asked") as caught:
        copy_tables("postgresql+psycopg://user:s3cret@127.0.0.1:1/s3cretdb?connect_timeout=2", tmp_path / "files", MOST)
    assert "s3cret" not in str(caught.value).replace("s3cretdb", "")
    assert [*(tmp_path / "files").iterdir()] == []


def test_without_sqlalchemy_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str, extra: str) -> None:
        raise MissingExtra(package, extra)

    monkeypatch.setattr(sql_tables, "require", missing)
    with pytest.raises(MissingExtra, match=r"evidentia\[sql\]"):
        copy_tables("postgresql://user@host/db", tmp_path, MOST)


def test_the_address_of_a_sqlite_file_is_the_file(tmp_path: Path) -> None:
    assert copy_tables("sqlite:////var/data/a%20b.db?mode=ro", tmp_path, MOST) == Path("/var/data/a b.db")
    assert copy_tables("sqlite:///shop.db", tmp_path, MOST) == Path("shop.db")


def test_an_address_is_no_path_and_its_password_is_not_shown(tmp_path: Path) -> None:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        for deed in (library.add, library.remove):
            with pytest.raises(InputError, match="an address is no path") as caught:
                deed("postgresql://user:s3cret@host/db")
            assert "s3cret" not in str(caught.value)


def test_add_takes_an_address_and_rows_answer(address: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "library")
    added = CliRunner().invoke(app, ["add", "--library", folder, "--graph-only", "-q", address])
    assert added.exit_code == 0, added.output
    with Library(folder, embedder=HashEmbedder()) as library:
        assert library.tables.ask("How many goods cost more than 10?").short == "1"
        assert [card.edges for card in library.tables.schema("goods")] == [(("OF_MAKER", "MAKER", "maker"),)]
