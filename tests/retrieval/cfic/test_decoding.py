"""All prefixes and all ends in one pass each score as if every one had been fed alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import ModelError
from evidentia.retrieval.cfic.decoding import last_sentences, log_likelihood, prefix_scores
from evidentia.retrieval.cfic.prefixes import END, build
from evidentia.retrieval.cfic.reading import ask, local, window_bytes
from evidentia.serving.models.scripted import ByteModel, ScriptedModel

MODEL = ByteModel()
ENDS = [MODEL.end]
sentences = st.lists(
    st.text("ab", min_size=1, max_size=5).map(lambda text: list(text.encode())), min_size=1, max_size=6
)
documents = st.lists(st.tuples(st.text("xyz", min_size=1, max_size=5), sentences), min_size=1, max_size=3)


def log_probabilities(tokens: Sequence[int]) -> np.ndarray:
    row = MODEL.start().feed(tokens, rows=1)[0].astype(np.float64)
    return row - np.log(np.exp(row).sum())


def asked(prompts: Sequence[str]):
    opened = []
    for prompt in prompts:
        opened.append(MODEL.start())
        opened[-1].feed(MODEL.encode(prompt))
    return ask(MODEL, opened, [65], [66, 67], [68, 69])


@given(documents)
def test_each_prefix_has_the_mean_log_probability_of_its_tokens(given_documents: list[tuple[str, list[list[int]]]]):
    heard = asked([prompt for prompt, _ in given_documents])
    ranked = prefix_scores(heard.session, heard.ends, heard.rows, [texts for _, texts in given_documents], ENDS)
    for (prompt, texts), prefixes in zip(given_documents, ranked, strict=True):
        steps = build(texts).prefixes
        assert {prefix.sentence for prefix in prefixes} == set(steps)
        assert [prefix.score for prefix in prefixes] == sorted((prefix.score for prefix in prefixes), reverse=True)
        for prefix in prefixes:
            before, total = [*MODEL.encode(prompt), 65, 66, 67, 68, 69], 0.0
            for _, token in steps[prefix.sentence]:
                total += log_probabilities(before)[MODEL.end if token == END else token]
                before.append(token)
            assert prefix.length == len(steps[prefix.sentence])
            assert prefix.score == pytest.approx(total / prefix.length, abs=1e-5)


@given(documents, st.integers(3, 20))
def test_a_quote_ends_where_the_end_is_likeliest_within_the_distance(
    given_documents: list[tuple[str, list[list[int]]]], distance: int
):
    heard = asked([prompt for prompt, _ in given_documents])
    starts = [(root, texts) for root, (_, texts) in zip(heard.ends, given_documents, strict=True)]
    for (prompt, texts), more in zip(
        given_documents, last_sentences(heard.session, starts, ENDS, distance), strict=True
    ):
        before, chances = [*MODEL.encode(prompt), 65, 66, 67, 68, 69], []
        first = len(before)
        for text in texts:
            before += text
            if chances and len(before) - first > distance:
                break
            chances.append(log_probabilities(before)[MODEL.end])
        assert more == int(np.argmax(chances))


@given(st.lists(st.text("xyz", min_size=1, max_size=5), min_size=1, max_size=3))
def test_the_question_is_as_likely_as_behind_its_document_alone(prompts: list[str]):
    heard = asked(prompts)
    for prompt, likelihood in zip(prompts, heard.likelihoods, strict=True):
        before = [*MODEL.encode(prompt), 65]
        alone = [log_probabilities(before)[66], log_probabilities([*before, 66])[67]]
        assert likelihood == pytest.approx(np.mean(alone), abs=1e-5)


def test_a_certain_question_has_likelihood_0():
    row = np.array([[50.0, 0.0, 0.0]], np.float32)
    assert log_likelihood(row, [0]) == pytest.approx(0, abs=1e-6)
    assert log_likelihood(row, [1]) == pytest.approx(-50, abs=1e-6)


def test_a_model_that_shows_no_scores_and_a_small_context_say_so():
    with pytest.raises(ModelError, match="does not show its scores"):
        local(ScriptedModel([]))
    with pytest.raises(ModelError, match="too few"):
        window_bytes(ByteModel(context=600), [1] * 10)
    with pytest.raises(ModelError, match="too few"):
        window_bytes(ByteModel(context=4096), [1] * 3000)
    assert window_bytes(ByteModel(context=4096), [1] * 100) == 2048
