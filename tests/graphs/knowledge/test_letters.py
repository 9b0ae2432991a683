"""Numbers that are kept for the letters of phrases find the phrases that are asked for."""

from __future__ import annotations

import numpy as np

from evidentia.graphs.knowledge.letters import (
    FIRST,
    JOINED,
    LAST,
    SINGULAR,
    among,
    find_repeated,
    known_letters,
    letters_of,
    sums_of,
)

PHRASES = ["acme ltd", "cities", "city", "file name", "filename", "oslo"]


def _chosen(found: np.ndarray) -> list[str]:
    return [PHRASES[at] for at in np.flatnonzero(found)]


def test_phrases_are_found_by_their_words_and_without_their_spaces():
    letters = letters_of(PHRASES)
    assert _chosen(among(letters[:, LAST], sums_of(["ltd", "inc"]))) == ["acme ltd"]
    assert _chosen(among(letters[:, FIRST], sums_of(["file"]))) == ["file name"]
    assert _chosen(among(letters[:, JOINED], find_repeated(letters[:, JOINED]))) == ["file name", "filename"]
    assert _chosen(among(letters[:, SINGULAR], letters[:, JOINED])) == ["cities"]


def test_those_that_are_known_are_not_made_again():
    known = letters_of(["cities", "gone", "oslo"])
    found = known_letters(PHRASES, known, np.asarray([1, -1, 5]))
    assert np.array_equal(found, letters_of(PHRASES))
