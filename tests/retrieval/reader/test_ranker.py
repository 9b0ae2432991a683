"""The ranker: the reader's network, changed by narrow matrices, says which statement answers a question."""

from __future__ import annotations

import pytest

from evidentia.retrieval.embedders import weights
from evidentia.retrieval.reader.ranker import ABOVE_TOKENS, QUESTION_TOKENS, STATEMENT_TOKENS, Ranker, pair_ids
from evidentia.settings import Settings

VERSION = (("Options", "-v"), "Prints the version of the program and ends.")
QUIET = (("Options", "-q"), "Prints nothing but errors.")


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker(Settings.from_env().cache)


def test_what_answers_in_other_words_is_ranked_above_its_neighbour(ranker: Ranker) -> None:
    for question, better in (
        ("How do I see which version is installed?", VERSION),
        ("How do I keep it silent?", QUIET),
    ):
        scores = dict(zip((VERSION, QUIET), ranker.rank(question, [VERSION, QUIET]), strict=True))
        assert max(scores, key=lambda statement: scores[statement]) == better


def test_what_answers_nothing_lies_below_none(ranker: Ranker) -> None:
    assert all(score < 0 for score in ranker.rank("What is the capital of France?", [VERSION, QUIET]))


def test_odds_do_not_hang_on_what_else_is_ranked(ranker: Ranker) -> None:
    together = ranker.rank("How do I see which version is installed?", [VERSION, QUIET])
    alone = [ranker.rank("How do I see which version is installed?", [one])[0] for one in (VERSION, QUIET)]
    assert together == pytest.approx(alone, abs=1e-2)


def test_nothing_is_ranked_of_nothing(ranker: Ranker) -> None:
    assert ranker.rank("How do I see which version is installed?", []) == []


def test_what_is_too_long_is_cut_the_governors_from_above() -> None:
    tokenizer = weights.tokenizer(Settings.from_env().cache)
    (ids,) = pair_ids(tokenizer, "why " * 100, [(["outer " * 100, "inner"], "because " * 200)])
    assert len(ids) == QUESTION_TOKENS + ABOVE_TOKENS + STATEMENT_TOKENS + 3
    assert ids[QUESTION_TOKENS + 1 + ABOVE_TOKENS] == tokenizer.token_to_id("inner")
