"""Logs as tables: an entry is a row, with the lines that go on with it."""

from __future__ import annotations

from evidentia.corpus.files.formats import Format
from evidentia.corpus.files.log import read

FORM = Format("text/log")
UP = "2025-01-01 00:00:02 INFO still up\n" * 3


def line_of(source: str, words: str) -> int | None:
    content = read(source.encode(), FORM)
    at = content.text.index(words)
    return max((mark for mark in content.marks if mark.start <= at), key=lambda mark: mark.start).line


def test_a_line_that_goes_on_with_an_entry_is_part_of_its_row_and_knows_its_own_line() -> None:
    source = "2025-01-01 00:00:00 ERROR disk full\n  at write()\n  at | flush()\n2025-01-01 00:00:01 INFO up\n" + UP
    rows = read(source.encode(), FORM).text.split("\n")
    assert rows[2] == "| 2025-01-01 00:00:00 | ERROR | disk full at write() at \\| flush() |"
    assert rows[3] == "| 2025-01-01 00:00:01 | INFO | up |"
    assert [line_of(source, words) for words in ("disk", "at write", "flush", "up")] == [1, 2, 3, 4]


def test_equal_lines_keep_their_own_rows_and_lines() -> None:
    entry = "2025-01-01 00:00:00 INFO same\n"
    content = read((entry * 3).encode(), FORM)
    assert [mark.line for mark in content.marks if content.text[mark.start :].startswith("| 2025")] == [1, 2, 3]


def test_what_goes_on_for_long_is_shown_whole_in_rows_with_the_time_of_its_entry() -> None:
    traced = [f"  at place{number} of the program" for number in range(300)]
    source = "2025-01-01 00:00:01 INFO up\n" * 201 + "\n".join(["2025-01-01 00:00:00 ERROR broken", *traced])
    text = read(source.encode(), FORM).text
    assert all(line.strip() in text for line in traced)
    assert all(row.startswith("| 2025-01-01 00:00:00 | ERROR | ") for row in text.split("\n")[203:])
    assert line_of(source, "at place250 ") == 453


def test_lines_without_times_are_plain_text() -> None:
    assert read(b"one\ntwo\n2025-01-01 00:00:00 three\n", FORM).media_type == "text/plain"
