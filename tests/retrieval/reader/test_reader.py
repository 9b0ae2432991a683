from __future__ import annotations

from math import isfinite
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia import Library, Settings
from evidentia.errors import DigestMismatch, ModelError
from evidentia.retrieval.reader import network, open_ranker, open_reader
from evidentia.retrieval.reader.network import ReaderNetwork
from evidentia.retrieval.reader.reader import WINDOW, Reader

PENGUINS = (
    "The emperor penguin lives in Antarctica. It is the tallest of all penguins and weighs up to 45 kilograms. "
    "Its colonies were first described in 1902."
)
RIVERS = "The Danube flows through ten countries. It rises in the Black Forest."
READER = Reader(Settings().cache)


def test_the_answer_is_a_place_in_the_passage():
    found = READER.read("How heavy is an emperor penguin?", [PENGUINS])[0]
    assert "45 kilograms" in PENGUINS[slice(*found.answer)]


def test_the_sentence_that_answers_scores_best():
    found = READER.read("When were the colonies of the emperor penguin first described?", [PENGUINS])[0]
    (start, end), _ = max(found.sentences, key=lambda entry: entry[1])
    assert PENGUINS[start:end] == "Its colonies were first described in 1902."


def test_a_passage_that_answers_scores_higher_than_one_that_does_not():
    right, wrong = READER.read("Where does the emperor penguin live?", [PENGUINS, RIVERS])
    assert right.answered > 0 > wrong.answered


def test_passages_are_read_independently_of_their_neighbours():
    alone = READER.read("Where does the Danube rise?", [RIVERS])[0]
    among = READER.read("Where does the Danube rise?", [PENGUINS, RIVERS, PENGUINS])[1]
    assert alone.answer == among.answer
    assert alone.answered == pytest.approx(among.answered, abs=0.2)


def test_an_answer_far_into_a_long_passage_is_found():
    filler = "Nothing of interest is known about the many other birds of the region. " * 60
    text = f"{filler}{PENGUINS} {filler}"
    found = READER.read("In what year were the colonies of the emperor penguin described?", [text])[0]
    assert text[slice(*found.answer)] == "1902"
    assert len(found.sentences) > WINDOW / 20


def test_of_a_very_long_passage_only_what_is_near_the_question_is_read():
    filler = "Nothing of interest is known about the many other birds of the region. " * 60
    found = READER.read("Where does the emperor penguin live?", [f"{filler}{PENGUINS} {filler}"])[0]
    scores = [score for _, score in found.sentences]
    assert any(map(isfinite, scores))
    assert sum(map(isfinite, scores)) < len(scores) / 2


def test_an_empty_passage_answers_nothing():
    found = READER.read("What?", ["", PENGUINS])[0]
    assert found.answer == (0, 0)
    assert not isfinite(found.margin)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_places_lie_in_the_passage_whatever_the_text(passage: str, question: str):
    passage, question = (text.encode(errors="ignore").decode() for text in (passage, question))
    found = READER.read(question, [passage])[0]
    assert 0 <= found.answer[0] <= found.answer[1] <= len(passage)
    assert all(0 <= start < end <= len(passage) for (start, end), _ in found.sentences)


def test_both_roads_give_the_same_scores(tmp_path: Path):
    made = ReaderNetwork(tmp_path)
    ids = [101, 2073, 2003, 102, 1996, 3000, 2003, 2182, 1012, 102]
    slow, fast = made._numpy.states([ids])[0], made._torch.states([ids])[0]
    for road in (made._numpy, made._torch):
        firsts = road.first_states([ids, ids[:9], ids[:40]])
        every = road.states([ids, ids[:9], ids[:40]])
        np.testing.assert_allclose(firsts, [states[0] for states in every], atol=1e-5)
    cosines = (slow * fast).sum(1) / np.linalg.norm(slow, axis=1) / np.linalg.norm(fast, axis=1)
    assert cosines.min() > 0.99


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(network, "DIGEST", "0" * 64)
    with pytest.raises(DigestMismatch):
        Reader(tmp_path).read("Why?", [RIVERS])


def test_weights_that_cannot_be_read_are_an_error(tmp_path: Path):
    (tmp_path / "broken.safetensors").write_bytes(b"no tensors here")
    with pytest.raises(ModelError, match="cannot be read"):
        Reader(tmp_path, tmp_path / "broken.safetensors").read("Why?", [RIVERS])


def test_the_reader_takes_its_weights_from_where_the_library_says(tmp_path: Path):
    mine = Settings(library=tmp_path / "library", cache=tmp_path / "mine", embedder="hash")
    with Library(settings=mine) as library:
        assert open_reader(library.store)._network._cache == library.settings.cache == tmp_path / "mine"
        assert open_ranker(library.store)._network._cache == tmp_path / "mine"
