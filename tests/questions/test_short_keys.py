"""Keys that are cut short, read as words of the question."""

from __future__ import annotations

import pytest

from evidentia.questions.short_keys import read_key


@pytest.mark.parametrize(
    ("question", "statement", "words"),
    [
        ("what is the core temperature", "CORETEMP : 31", ("core", "temperature")),
        ("what is the serial number", "SERIALNO : 7", ("serial", "number")),
        ("which is the inlet pressure", "IPRESS : 3 bar", ("inlet", "pressure")),
        ("how much fuel is left", "FUELLEFT : 3", ("fuel", "left")),
        ("what is his extension", "ext. : 31", ("extension",)),
        ("what is the lease", "RELEASE : 9", None),
        ("which model is it", "MODE : idle", None),
        ("what is the core temperature", "TEMPCORR : 1", None),
        ("what is the release", "RELEASE : 9", None),
    ],
)
def test_a_key_is_read_as_the_words_that_begin_as_its_parts_do(question, statement, words) -> None:
    found = read_key(question, statement)
    assert (found.words if found else None) == words
