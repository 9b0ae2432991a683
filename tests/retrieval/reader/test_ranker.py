"""The ranker: the reader's network, changed by narrow matrices, says which statement answers a question."""

from __future__ import annotations

import pytest

from evidentia.retrieval.embedders import weights
from evidentia.retrieval.reader.ranker import ABOVE_TOKENS, QUESTION_TOKENS, STATEMENT_TOKENS, Ranker, pair_ids
from evidentia.settings import Settings

PUMP = (("Manual", "Pump"), "The pump stops by itself after 30 minutes without water.")
LAMP = (("Manual", "Lamp"), "The lamp has a battery of its own.")


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker(Settings.from_env().cache)


def test_what_answers_in_other_words_is_ranked_above_its_neighbour(ranker: Ranker) -> None:
    for question, better in (("When does the pump turn itself off?", PUMP), ("What powers the lamp?", LAMP)):
        scores = dict(zip((PUMP, LAMP), ranker.rank(question, [PUMP, LAMP]), strict=True))
        assert max(scores, key=lambda statement: scores[statement]) == better


def test_what_answers_nothing_lies_below_none(ranker: Ranker) -> None:
    assert all(score < 0 for score in ranker.rank("What is the capital of France?", [PUMP, LAMP]))


def test_odds_do_not_hang_on_what_else_is_ranked(ranker: Ranker) -> None:
    together = ranker.rank("What powers the lamp?", [PUMP, LAMP])
    alone = [ranker.rank("What powers the lamp?", [one])[0] for one in (PUMP, LAMP)]
    assert together == pytest.approx(alone, abs=1e-2)


def test_nothing_is_ranked_of_nothing(ranker: Ranker) -> None:
    assert ranker.rank("What powers the lamp?", []) == []


def test_what_is_too_long_is_cut_the_governors_from_above() -> None:
    tokenizer = weights.tokenizer(Settings.from_env().cache)
    (ids,) = pair_ids(tokenizer, "why " * 100, [(["outer " * 100, "inner"], "because " * 200)])
    assert len(ids) == QUESTION_TOKENS + ABOVE_TOKENS + STATEMENT_TOKENS + 3
    assert ids[QUESTION_TOKENS + 1 + ABOVE_TOKENS] == tokenizer.token_to_id("inner")
