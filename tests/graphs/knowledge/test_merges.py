"""Which spellings are one name, and which look alike and are two."""

from __future__ import annotations

import pytest

from evidentia.graphs.knowledge.letters import letters_of
from evidentia.graphs.knowledge.merges import merges


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("file name", "filename", True),
        ("GZip middleware", "GZipMiddleware", True),
        ("OpenAI", "Open AI", True),
        ("email backend", "EmailBackend", False),
        ("STATICFILES_STORAGE", "StaticFilesStorage", False),
        ("local host", "localhost", False),
        ("unit test", "unittest", False),
    ],
)
def test_a_name_in_one_word_or_two_is_one_unless_code_tells_them_apart(one: str, other: str, same: bool):
    written = {" ".join(one.lower().replace("_", " ").split()): one, other.lower(): other}
    phrases = sorted(written)
    found = merges(
        _numbered(phrases), [written[phrase] for phrase in phrases], phrases, phrases, (), {}, letters_of(phrases), ()
    )
    assert bool(found) == same


def _numbered(phrases: list[str]) -> dict[str, int]:
    return {phrase: at for at, phrase in enumerate(phrases)}


def test_a_plural_in_capitals_is_that_of_a_term_where_only_a_heading_has_it():
    phrases = ["cursor", "cursors"]
    assert not merges(
        _numbered(phrases), ["cursor", "Cursors"], ["cursor"], ["cursors"], (), {}, letters_of(phrases), ()
    )
    assert merges(
        _numbered(phrases), ["cursor", "Cursors"], ["cursor"], ["cursors"], ["cursors"], {}, letters_of(phrases), ()
    )
