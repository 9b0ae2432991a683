"""Files by their names: what they say they are for, and the code that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.errors import NotFoundError
from evidentia.graphs.code.questions.named_files import file_users, head_comment

_FILES = {
    "lib/lock.py": (
        "def acquire(db):\n    return db.run('take_lock')\n\n\ndef load(db):\n    # 'take_lock' is a script\n"
        "    return db.read('scripts/take_lock.lua')\n\n\ndef other(take_lock):\n    return take_lock\n"
    ),
    "lib/scripts/take_lock.lua": "-- Takes the lock.\n-- Gives 1 where it was free.\nreturn 1\n",
    "lib/scripts/bare.lua": "return redis.call('GET', KEYS[1])\n",
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for path, text in _FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = Library(tmp_path / "library", settings=Settings(embedder="hash"))
    found.add(tmp_path / "lib")
    return found


@pytest.mark.parametrize("name", ["take_lock", "take_lock.lua"])
def test_the_code_that_names_a_file_uses_it(library: Library, name: str) -> None:
    (answer,) = file_users(library.graph.code, name)
    assert [row.line for row in answer.rows] == [2, 7]


def test_a_file_that_no_code_names_has_no_known_user(library: Library) -> None:
    with pytest.raises(NotFoundError, match="no code names"):
        file_users(library.graph.code, "bare.lua")


def test_what_a_script_does_its_head_says(library: Library) -> None:
    assert "Takes the lock. Gives 1 where it was free." in library.ask("What does take_lock.lua do?").text


def test_a_script_without_a_comment_is_shown_unsure(library: Library) -> None:
    answer = library.ask("What does bare.lua do?")
    assert answer.fit == "unsure"
    assert "redis.call" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#!/bin/sh\n# Clears the cache.\nrm -r cache\n", "Clears the cache."),
        ("/* Joins two\n * tables. */\nSELECT 1;\n", "Joins two tables."),
        ("-- Copyright 2026 Ann\nreturn 1\n", ""),
        ("# frozen_string_literal: true\nx = 1\n", ""),
        ("return 1  -- late\n", ""),
    ],
)
def test_a_head_is_the_first_comment(text: str, said: str) -> None:
    assert head_comment(text) == said
