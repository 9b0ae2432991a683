"""Query likelihood: the first pass's best, in a new order, with the figure that put them there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia import Library, Settings
from evidentia.retrieval.cfic import prompts
from evidentia.retrieval.cfic.standard import standardise
from evidentia.retrieval.likelihood import RANKED, likelihoods
from evidentia.serving.base import LanguageModel
from evidentia.serving.models.scripted import ByteModel, ScriptedModel

QUESTION = "Who eats fish?"


def opened(tmp_path: Path, model: LanguageModel, count: int = 14) -> Library:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(count):
        (source / f"{number:02}.txt").write_text(f"Animal number {number} eats {'fish ' * (1 + number % 3)}daily.")
    library = Library(tmp_path / "library", settings=Settings(embedder="hash"), model=model)
    library.add(source)
    return library


def test_the_best_are_ranked_again_and_the_rest_stay_where_they_were(tmp_path: Path):
    with opened(tmp_path, ByteModel()) as library:
        first, again = (library.search(QUESTION, 14, name) for name in ("fused", "likelihood"))
        assert sorted(hit.key for hit in again[:RANKED]) == sorted(hit.key for hit in first[:RANKED])
        assert again[RANKED:] == first[RANKED:]
        assert [hit.score for hit in again[:RANKED]] == sorted((hit.score for hit in again[:RANKED]), reverse=True)
        assert all("log p(question) -" in hit.why and hit.retriever.endswith("+likelihood") for hit in again[:RANKED])


def test_the_score_is_the_sum_of_both_standardised_scores(tmp_path: Path):
    with opened(tmp_path, ByteModel()) as library:
        first = library.search(QUESTION, RANKED, "fused")
        scores = {hit.key: hit.score for hit in library.search(QUESTION, RANKED, "likelihood")}
        both = zip(
            standardise([hit.score for hit in first]),
            standardise(likelihoods(library.store, ByteModel(), QUESTION, first)),
            strict=True,
        )
        assert [scores[hit.key] for hit in first] == pytest.approx([one + other for one, other in both])


def test_a_passage_that_no_context_holds_is_read_from_its_beginning(tmp_path: Path):
    with opened(tmp_path, ByteModel(), count=1) as library:
        hit = library.search(QUESTION, 1, "fused")[0]
        model = ByteModel()
        long = [hit.__class__(**{**{name: getattr(hit, name) for name in hit.__slots__}, "quote": "é" * 5000})]
        cut = prompts.document_tokens(model, "é" * 1024)
        assert likelihoods(library.store, model, QUESTION, long) == likelihoods(
            library.store, model, QUESTION, [hit.__class__("é" * 1024, 1, "", "", hit.span)]
        )
        assert len(cut) < model.context


def test_without_a_model_the_order_stays_and_why_says_so(tmp_path: Path):
    with opened(tmp_path, ScriptedModel([])) as library:
        first, again = (library.search(QUESTION, 5, name) for name in ("fused", "likelihood"))
        assert [hit.key for hit in again] == [hit.key for hit in first]
        assert all(hit.why.startswith("not ranked again: the model does not show its scores") for hit in again)


def test_an_empty_library_has_no_hits(tmp_path: Path):
    with Library(tmp_path / "library", settings=Settings(embedder="hash"), model=ByteModel()) as library:
        assert library.search(QUESTION, 3, "likelihood") == []


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20))
def test_standardised_scores_keep_their_order(values: list[float]):
    found = standardise(values)
    assert sum(found) == pytest.approx(0, abs=1e-6)
    assert all(
        (one <= other) <= (a <= b)
        for one, a in zip(values, found, strict=True)
        for other, b in zip(values, found, strict=True)
    )
