"""SQLite databases: each table under its name with what it declares; nothing in the file runs, whatever it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.corpus.document import Document
from evidentia.corpus.files import Found, Skipped, read, read_safely, sqlite, walk
from evidentia.corpus.files.content import Content
from evidentia.corpus.files.definition import DeclaredColumn, TableDefinition, read_definition, write_definition
from evidentia.corpus.files.formats import SQLITE
from evidentia.errors import ReadError
from evidentia.retrieval.embedders.hash import HashEmbedder

Make = Callable[..., bytes]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def database(script: str, *rows: tuple[str, list[tuple[object, ...]]]) -> bytes:
        file = tmp_path / "made.db"
        file.unlink(missing_ok=True)
        connection = sqlite3.connect(file)
        connection.executescript(script)
        for statement, values in rows:
            connection.executemany(statement, values)
        connection.commit()
        connection.close()
        return file.read_bytes()

    return database


def content(data: bytes) -> Content:
    return sqlite.read(data, SQLITE)


def refusal(data: bytes) -> str:
    try:
        content(data)
    except ReadError as error:
        return str(error)
    return ""


def rows_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("|")]


def test_a_table_is_its_name_its_definition_and_its_rows(make: Make) -> None:
    data = make(
        "CREATE TABLE makers (id INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE goods (sku TEXT, maker INT REFERENCES makers, price DECIMAL(8, 2), PRIMARY KEY (sku, maker));"
        "INSERT INTO makers VALUES (7, 'Holm'); INSERT INTO goods VALUES ('A|1', 7, 0.00001), (NULL, 8, 5.5)"
    )
    assert content(data).text == (
        "## makers\n\n```sql\nCREATE TABLE makers (\n  id INTEGER,\n  name TEXT,\n  PRIMARY KEY (id)\n);\n```\n\n"
        "| id | name |\n| --- | --- |\n| 7 | Holm |\n\n"
        "## goods\n\n```sql\nCREATE TABLE goods (\n  sku TEXT,\n  maker INT REFERENCES makers (id),\n"
        "  price DECIMAL(8, 2),\n  PRIMARY KEY (sku, maker)\n);\n```\n\n"
        "| sku | maker | price |\n| --- | --- | --- |\n| A\\|1 | 7 | 0.00001 |\n|  | 8 | 5.5 |\n\n"
    )


@pytest.mark.parametrize("name", ["plain", 'with "quotes"', "with space", "primary", "", "comma, (bracket)", "Größe"])
def test_a_definition_reads_as_it_was_written(name: str) -> None:
    columns = (
        DeclaredColumn(name, "VARCHAR(20)", is_key=True),
        DeclaredColumn("b", "", target=name or "t", target_column=name),
        DeclaredColumn("references", "DOUBLE PRECISION", is_key=True),
    )
    table = TableDefinition(name, columns, left_out=1_234)
    lines = write_definition(table).split("\n")
    assert read_definition(lines[1:-1]) == table


def test_what_is_no_definition_is_none() -> None:
    assert read_definition(["CREATE TABLE a (", "  'b' INT,", ");"]) is None
    assert read_definition(["SELECT 1"]) is None


def test_quotes_and_line_ends_in_names_and_cells_stay_in_their_line(make: Make) -> None:
    data = make(
        'CREATE TABLE "we""ird\n# name" ("a\nb" TEXT, "c|d" TEXT)',
        ('INSERT INTO "we""ird\n# name" VALUES (?, ?)', [("x\ny", "```")]),
    )
    text = content(data).text
    assert text.startswith('## we"ird # name\n\n```sql\nCREATE TABLE "we""ird # name" (\n  "a b" TEXT,\n')
    assert rows_of(text) == ["| a b | c\\|d |", "| --- | --- |", "| x y | ``` |"]


def test_generated_columns_and_tables_without_rowid_are_read(make: Make) -> None:
    data = make(
        "CREATE TABLE w (a TEXT, n INT, twice INT GENERATED ALWAYS AS (2 * n) VIRTUAL, thrice INT AS (3 * n) STORED,"
        " PRIMARY KEY (a)) WITHOUT ROWID; INSERT INTO w VALUES ('x', 4)"
    )
    assert rows_of(content(data).text)[-1] == "| x | 4 | 8 | 12 |"


def test_views_and_virtual_tables_are_named_and_triggers_do_not_run(make: Make) -> None:
    data = make(
        "CREATE TABLE t (a TEXT); CREATE TABLE log (a TEXT);"
        "CREATE TRIGGER loud AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;"
        "CREATE VIEW one AS SELECT * FROM other; CREATE VIEW other AS SELECT * FROM one;"
        "CREATE VIRTUAL TABLE found USING fts5(a); INSERT INTO found VALUES ('words')"
    )
    read_in = content(data)
    assert read_in.omitted == ("views one, other", "virtual table found")
    assert "found" not in read_in.text
    assert read_in.metadata == {"tables": "2"}


def test_blobs_are_left_out_and_counted(make: Make) -> None:
    data = make(
        "CREATE TABLE t (name TEXT, photo BLOB, note TEXT)",
        ("INSERT INTO t VALUES (?, ?, ?)", [("a", b"x" * 10_000_000, "n"), ("b", b"", None)]),
    )
    read_in = content(data)
    assert read_in.omitted == ("2 binary values",)
    assert rows_of(read_in.text)[2:] == ["| a |  | n |", "| b |"]


def test_columns_of_secrets_are_left_out_and_named(make: Make) -> None:
    data = make("CREATE TABLE users (name TEXT, password_hash TEXT); INSERT INTO users VALUES ('ann', 'x9$kk')")
    read_in = content(data)
    assert read_in.omitted == ("column password_hash of users, which may hold secrets",)
    assert "x9" not in read_in.text


def test_two_thousand_columns_are_read(make: Make) -> None:
    names = ", ".join(f"c{number}" for number in range(2_000))
    text = content(make(f"CREATE TABLE wide ({names}); INSERT INTO wide (c0, c1999) VALUES (1, 2)")).text
    assert rows_of(text)[-1].count("|") == 2_001


def test_more_rows_than_are_read_are_counted_in_the_definition_too(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidentia.corpus.files.data_table.MOST_ROWS", 10)
    data = make(
        "CREATE TABLE t (a INT); CREATE INDEX i ON t (a)",
        ("INSERT INTO t VALUES (?)", [(number,) for number in range(25)]),
    )
    read_in = content(data)
    assert read_in.omitted == ("15 rows of t beyond the first 10",)
    assert "CREATE TABLE t ( -- 15 more rows are left out\n" in read_in.text
    assert rows_of(read_in.text)[-1] == "| 9 |"


def test_each_table_has_its_share_of_the_text(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidentia.corpus.files.data_table.MOST_CHARACTERS", 2_000)
    insert = [("x" * 90,)] * 100
    data = make(
        "CREATE TABLE large (a); CREATE TABLE small (a); INSERT INTO small VALUES ('here')",
        ("INSERT INTO large VALUES (?)", insert),
    )
    read_in = content(data)
    assert read_in.omitted == ("90 rows of large beyond the first 10",)
    assert "| here |" in read_in.text


def test_a_long_cell_is_cut_and_counted(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidentia.corpus.files.data_table.LONGEST", 20)
    read_in = content(make("CREATE TABLE t (a, b)", ("INSERT INTO t VALUES (?, ?)", [("x" * 30, "end")])))
    assert rows_of(read_in.text)[-1] == f"| {'x' * 20} | end |"
    assert read_in.omitted == ("1 text cut after 20 characters",)


def test_a_table_that_cannot_be_read_costs_itself_alone(make: Make, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "own.db")
    connection.create_function("own", 1, lambda value: value, deterministic=True)
    connection.executescript(
        "CREATE TABLE strange (a, b AS (own(a))); CREATE TABLE plain (a); INSERT INTO plain VALUES ('here');"
    )
    connection.execute("INSERT INTO strange (a) VALUES (1)")
    connection.commit()
    connection.close()
    read_in = content((tmp_path / "own.db").read_bytes())
    assert "| here |" in read_in.text
    assert len(read_in.omitted) == 1
    assert read_in.omitted[0].startswith("table strange (")


def test_text_that_is_no_utf8_is_read(make: Make) -> None:
    data = make("CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES (CAST(x'ff41' AS TEXT), 'b')")
    assert rows_of(content(data).text)[-1] == "| \ufffdA | b |"


@pytest.mark.parametrize("kept", [100, 4_000, 8_192, 20_000])
def test_a_truncated_file_is_refused(make: Make, kept: int) -> None:
    data = make("CREATE TABLE t (a TEXT)", ("INSERT INTO t VALUES (?)", [("x" * 500,)] * 100))
    with pytest.raises(ReadError, match="damaged"):
        content(data[:kept])


def test_a_corrupt_file_is_refused_or_read_in_part(make: Make) -> None:
    data = bytearray(make("CREATE TABLE t (a TEXT)", ("INSERT INTO t VALUES (?)", [("x" * 500,)] * 100)))
    broken = (bytes(data[:at] + b"\xa5" * 64 + data[at + 64 :]) for at in range(100, len(data), 1_111))
    refusals = [refusal(one) for one in broken]
    assert any(refusals)
    assert all("damaged" in one for one in refusals if one)


@pytest.mark.parametrize("data", [b"", b"plain text", b"SQLite format 2\0" + b"x" * 100])
def test_what_is_no_database_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="no SQLite database"):
        content(data)


def test_an_evidentia_library_is_refused(tmp_path: Path) -> None:
    with Library(tmp_path / "library", embedder=HashEmbedder()) as library:
        file = library.store.file
    with pytest.raises(ReadError, match="file of an Evidentia library"):
        content(file.read_bytes())


def test_a_log_beside_the_file_is_told_and_left_alone(tmp_path: Path) -> None:
    writer = sqlite3.connect(tmp_path / "busy.db")
    writer.execute("PRAGMA journal_mode = WAL")
    writer.executescript("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('old'); PRAGMA wal_checkpoint(TRUNCATE)")
    writer.executescript("INSERT INTO t VALUES ('new')")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    document = read(tmp_path / "busy.db", tmp_path)
    assert rows_of(document.text)[2:] == ["| old |"]
    assert document.metadata["omitted"] == "what only busy.db-wal holds"
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    writer.close()


def test_of_files_called_db_only_databases_are_read(make: Make, tmp_path: Path) -> None:
    make("CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES ('here', 'too')")
    (tmp_path / "other.db").write_bytes(b"\x00\x01BerkeleyDB")
    files = [one.path for one in walk(tmp_path, 1_000_000) if isinstance(one, Found)]
    outcomes = {path.name: read_safely(path, tmp_path) for path in files}
    assert isinstance(outcomes["other.db"], Skipped)
    assert outcomes["other.db"].reason == "it is no SQLite database, or an encrypted one"
    assert isinstance(outcomes["made.db"], Document)
    assert outcomes["made.db"].media_type == SQLITE.media_type


def test_a_virtual_table_that_calls_itself_a_plain_one_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "forged.db"
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("CREATE TABLE plain (a, b)")
    connection.execute("INSERT INTO plain VALUES (1, 'kept')")
    connection.execute("CREATE VIRTUAL TABLE forged USING fts5(body)")
    connection.execute("INSERT INTO forged VALUES ('made by a module')")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET rootpage = 2 WHERE name = 'forged'")
    connection.close()
    found = content(file.read_bytes())
    assert "kept" in found.text
    assert "made by a module" not in found.text
    assert any("forged" in one for one in found.omitted)
