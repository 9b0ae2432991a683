"""Tables of separated values above the limit of a file: their first rows are read, and what is left out is said."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from evidentia import Library
from evidentia.corpus.files.head import read_head
from evidentia.errors import ReadError
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.settings import Settings

ROWS = [f'{number},"Ware {number}, boxed",{number % 7}\n' for number in range(1, 501)]
TEXT = "number,ware,stock\n" + "".join(ROWS)


def test_whole_rows_are_read_and_the_rest_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "wares.csv"
    path.write_text(TEXT)
    head = read_head(path, 2_000)
    assert len(head.data) <= 2_000
    assert TEXT.encode().startswith(head.data)
    assert head.data.endswith(b"\n")
    assert head.lines + head.left_out == 501
    assert head.digest == sha256(TEXT.encode()).hexdigest()


def test_a_row_of_several_lines_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text('id,note\n1,plain\n2,also plain\n3,"first line\nsecond line\nthird line"\n4,plain\n')
    assert read_head(path, 48).data == b"id,note\n1,plain\n2,also plain\n"


def test_a_quote_that_is_never_closed_does_not_lose_the_rows_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "pipes.tsv"
    path.write_text('id\tpipe\n1\t5" steel\n' + "".join(f"{n}\tplain\n" for n in range(2, 100)))
    assert read_head(path, 500).lines > 40


def test_text_of_two_bytes_a_character_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(TEXT.encode("utf-16"))
    with pytest.raises(ReadError, match="limit"):
        read_head(path, 2_000)


def test_the_first_rows_are_found_and_no_question_is_answered_from_a_part(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "wares.csv").write_text(TEXT)
    (folder / "long.md").write_text("word " * 2_000)
    settings = Settings(max_file_bytes=4_000)
    with Library(tmp_path / "library", settings=settings, embedder=HashEmbedder()) as library:
        report = library.add(folder, graph_only=True)
        assert report.partial[0][1].endswith(" to 501: a file this large is read at its head only")
        assert [Path(path).name for path, _ in report.skipped] == ["long.md"]
        assert "Ware 12" in library.ask("What is the stock of Ware 12, boxed?").text
        assert "more rows than the" in library.tables.ask("How many wares are there?").text
        (folder / "wares.csv").write_text(TEXT + "501,Ware last,3\n")
        assert library.add(folder, graph_only=True).changed == ["data/wares.csv"]
