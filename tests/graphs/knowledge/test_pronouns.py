"""Whom *he* and *she* mean, and above all where nobody is meant."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evidentia.corpus.quotes import quote_holds
from evidentia.graphs.knowledge.paths import paths
from evidentia.graphs.knowledge.pronouns import HE, SHE, NamedPerson, agreeing, first_pronoun, resolve

ANNA, OTTO = 7, 8


def _meant(
    persons: dict[int, list[int]], kinds: list[int], documents: list[int] | None = None
) -> list[tuple[int, int]]:
    """``kinds``: of each sentence, the pronoun at its end; 0 for none. No name begins its sentence."""
    named = {
        sentence: [NamedPerson(one, place, opens=False, person=True, may_be=True) for place, one in enumerate(found)]
        for sentence, found in persons.items()
    }
    pronouns = [(at, 90, 92, kind) for at, kind in enumerate(kinds) if kind]
    found = list(resolve(pronouns, named, documents or [0] * len(kinds)))
    rows = agreeing(np.asarray(found, np.int64).reshape(-1, 6))
    return [(row[1], row[0]) for row in rows.tolist()]


def test_a_pronoun_means_the_only_person_of_the_sentence_before():
    assert _meant({0: [ANNA]}, [0, SHE]) == [(1, ANNA)]


def test_the_next_pronoun_means_the_same():
    assert _meant({0: [ANNA]}, [0, SHE, SHE, SHE, SHE]) == [(at, ANNA) for at in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("persons", "kinds", "documents"),
    [
        ({0: [ANNA, OTTO]}, [0, HE], None),
        ({0: [ANNA]}, [0, 0, 0, 0, HE], None),
        ({0: [ANNA]}, [0, SHE], [0, 1]),
        ({0: [ANNA], 1: [ANNA, OTTO]}, [0, 0, HE], None),
    ],
    ids=["two persons", "too far", "another document", "two persons between"],
)
def test_nobody_is_meant(persons: Any, kinds: list[int], documents: Any):
    assert _meant(persons, kinds, documents) == []


def test_of_two_persons_the_one_is_meant_that_opens_the_sentence():
    named = {0: [NamedPerson(ANNA, 0, opens=True, person=True, may_be=True), NamedPerson(OTTO, 9, False, True, True)]}
    assert [one.person for one in resolve([(1, 0, 3, SHE)], named, [0, 0])] == [ANNA]


def test_a_name_before_it_that_may_be_meant_leaves_it_open():
    named = {
        0: [NamedPerson(ANNA, 0, opens=True, person=True, may_be=True)],
        1: [NamedPerson(OTTO, 9, opens=False, person=False, may_be=True)],
    }
    assert list(resolve([(1, 20, 23, HE)], named, [0, 0])) == []


def test_who_is_called_he_as_often_as_she_is_not_meant():
    assert _meant({0: [ANNA], 2: [ANNA]}, [0, SHE, 0, HE]) == []


def test_what_stands_in_quotation_marks_speaks_of_others():
    assert first_pronoun("“He is gone,” said Otto.") is None
    assert first_pronoun("“He is gone,” said Otto to her.") == (27, 30, SHE)
    assert first_pronoun('"She left," he said.') == (12, 14, HE)
    assert first_pronoun("Nothing here.") is None


def test_a_pronoun_joins_two_entities_with_both_sentences_shown(new_shelf: Any, tmp_path: Any):
    shelf = new_shelf(tmp_path / "library")
    shelf.put(
        "a.md",
        "Anna Berg was born in Oslo. The winter was long. She moved to the Nordic Museum.\n\n"
        "The Nordic Museum is old.\n",
    )
    graph = shelf.graph.graph()
    anna, museum = graph.find("Anna Berg"), graph.find("Nordic Museum")
    link = graph.link(anna, museum)
    assert (link.together, link.beside, link.referred) == (0, 0, 1)
    (chain,) = [one for one in paths(shelf.graph.quotes(), anna, museum) if len(one.hops) == 1]
    evidence = chain.hops[0].evidence
    assert evidence.quote == "She moved to the Nordic Museum."
    assert [one.quote for one in evidence.governors] == ["Anna Berg was born in Oslo."]
    assert "“She” is taken for Anna Berg" in evidence.why
    assert quote_holds(shelf.store, evidence)
