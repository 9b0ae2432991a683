"""Every reader that a format names is there."""

from __future__ import annotations

from evidentia.corpus.files.formats import _FORMATS, READERS
from evidentia.corpus.spans import SPLITTERS


def test_every_reader_opens_and_is_named_by_a_format() -> None:
    assert {form.reader for form in _FORMATS.values()} == set(READERS)
    assert all(callable(READERS.load(name)) for name in READERS)


def test_every_splitter_opens() -> None:
    assert all(callable(SPLITTERS.load(name)) for name in SPLITTERS)
