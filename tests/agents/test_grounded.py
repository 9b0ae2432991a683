"""A grounded answer stands in the sentence that is cited for it, whatever the model likes to write."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.agents import grounded
from evidentia.agents.support.exact import holds
from evidentia.errors import ModelError
from evidentia.serving import load
from evidentia.serving.base import LanguageModel
from evidentia.serving.models.adapters import available
from evidentia.serving.models.scripted import ByteModel, ScriptedModel
from evidentia.settings import Settings

PIECES = ["The Denver Broncos won the game. It was played in Santa Clara.", "The Carolina Panthers lost it."]
WORDS = st.lists(st.sampled_from(["Ann", "saw", "a", "1,5", "dog", "naïve", "the", "Ann's"]), min_size=1, max_size=5)
SENTENCES = st.lists(WORDS.map(lambda words: " ".join(words) + "."), min_size=1, max_size=3).map(" ".join)


@given(st.lists(SENTENCES, min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_every_answer_stands_word_for_word_in_its_sentence(pieces: list[str]) -> None:
    found = grounded.answer(ByteModel(), "Who saw it?", pieces)
    if found.place is None:
        assert found.answer == ""
    else:
        number, start, end = found.place
        assert found.answer in pieces[number][start:end]
        assert holds(pieces[number][start:end], found.answer)
        assert found.score < 0


def test_an_answer_may_begin_behind_a_sign() -> None:
    assert grounded.stretches('He said "Go (now)".') == [' He said "Go (now)".', ' Go (now)".', ' now)".']


def test_without_evidence_there_is_no_answer() -> None:
    assert grounded.answer(ByteModel(), "Who won?", []).place is None


def test_a_part_of_a_word_is_no_answer() -> None:
    assert holds("The Denver Broncos won.", "Denver  Broncos")
    assert not holds("The Denver Broncos won.", "Bronco")
    assert not holds("The Denver Broncos won.", "")


def test_the_pieces_are_numbered_and_the_question_comes_last() -> None:
    _, user = grounded.messages(" Who won? ", PIECES)
    assert user.content == f"Evidence:\n[1] {PIECES[0]}\n\n[2] {PIECES[1]}\n\nQuestion: Who won?"


def test_a_model_without_the_adapter_stays_as_it_is() -> None:
    model = ScriptedModel([])
    assert grounded.prepare(model) is model
    assert not grounded.is_trained(model)


@pytest.fixture(scope="module")
def local() -> LanguageModel:
    try:
        model = load(Settings().model, Settings.from_env())
    except ModelError as error:
        pytest.skip(str(error))
    if grounded.ADAPTER not in available(model):
        pytest.skip("the adapter is not shipped")
    return grounded.prepare(model)


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who won the game?", "Denver Broncos"),
        ("Where was the game played?", "Santa Clara"),
    ],
)
def test_the_trained_model_answers_and_cites(local: LanguageModel, question: str, expected: str) -> None:
    assert grounded.is_trained(local)
    found = grounded.answer(local, question, PIECES)
    assert expected in found.answer
    assert found.place is not None
    assert expected in PIECES[found.place[0]][found.place[1] : found.place[2]]


@pytest.mark.model
def test_the_trained_model_says_so_when_the_evidence_does_not_answer(local: LanguageModel) -> None:
    assert grounded.is_trained(local)
    assert grounded.answer(local, "When was the Suez Canal opened?", PIECES).answer == ""
