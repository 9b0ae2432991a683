"""The judge: the reader's network, changed by narrow matrices, says how likely a statement carries a claim."""

from __future__ import annotations

import numpy as np
import pytest

from evidentia.retrieval.reader.judge import PAIR_TOKENS, Judge, pair_ids
from evidentia.retrieval.reader.network import PARTS, ReaderNetwork, changed_weights, open_network
from evidentia.retrieval.reader.ranker import Ranker
from evidentia.retrieval.reader.reader import Reader
from evidentia.settings import Settings

STATEMENT = "Penguins. The oldest emperor penguin on record was 40 years old, and it lived in a zoo."


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(Settings.from_env().cache)


def test_a_paraphrase_is_judged_likelier_than_another_thing(judge: Judge):
    true, other = judge.judge(
        [
            ("A zoo was the home of the oldest emperor penguin.", STATEMENT),
            ("The oldest penguin was painted blue.", STATEMENT),
        ]
    )
    assert true > other


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("No emperor penguin is known to have been older.", "No emperor penguin has lived in a zoo."),
        ("At least one emperor penguin lived in a zoo.", "All emperor penguins live in zoos."),
    ],
)
def test_a_claim_of_the_same_words_is_judged_by_what_it_says(judge: Judge, true: str, false: str):
    carried, not_carried = judge.judge([(true, STATEMENT), (false, STATEMENT)])
    assert carried > not_carried


def test_a_verdict_does_not_hang_on_what_else_is_judged(judge: Judge):
    pairs = [("The oldest penguin was 40 years old.", STATEMENT), ("It lived in a zoo for long.", STATEMENT * 3)]
    together, alone = judge.judge(pairs), [judge.judge([pair])[0] for pair in pairs]
    assert together == pytest.approx(alone, abs=1e-3)


def test_a_long_statement_is_cut_where_it_begins():
    ids = pair_ids(list(range(1000, 1100)), list(range(2000, 3000)))
    assert len(ids) == PAIR_TOKENS
    assert ids[-2] == 2999


def test_judging_changes_the_upper_layers_and_reading_keeps_its_own():
    tensors = ReaderNetwork(Settings.from_env().cache)._tensors
    new = changed_weights(tensors, "support")
    assert {name.split(".")[2] for name in new} == {"2", "3", "4", "5"}
    assert len(new) == 4 * sum(len(parts) for parts in PARTS.values())
    assert all(new[name].shape == tensors[name].shape for name in new)
    assert any(not np.allclose(new[name], tensors[name]) for name in new)


def test_reading_judging_and_ranking_share_what_they_do_not_change():
    cache = Settings.from_env().cache
    network = open_network(cache, None)
    assert all(each(cache)._network is network for each in (Reader, Judge, Ranker))
    own = changed_weights(network._tensors, "support")
    assert {name for name, values in network._judging._tensors.items() if values is not network._tensors[name]} == set(
        own
    )
    pairs = list(zip(network._torch.layers, network._ranking_torch.layers, strict=True))
    assert [one is other for one, other in pairs] == [True, True, False, False, False, False]
    assert network._ranking_torch._words is network._torch._words
