"""Samplers and penalties: what each keeps, that guesses change no token, and that no two streams of noise overlap."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from evidentia.serving.base import Sampling
from evidentia.serving.penalties import Penalties
from evidentia.serving.sampling import Sampler

SCORES = np.log(np.array([0.5, 0.25, 0.15, 0.07, 0.03], np.float32))
WARM = Sampling(temperature=1.0, seed=3)


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"top_k": 2}, [0, 1]),
        ({"top_k": 9}, [0, 1, 2, 3, 4]),
        ({"top_p": 0.0}, [0]),
        ({"top_p": 0.7}, [0, 1]),
        ({"min_p": 0.2}, [0, 1, 2]),
        ({"typical_p": 0.2}, [1]),
        ({"top_k": 3, "min_p": 0.4}, [0, 1]),
    ],
)
def test_only_the_tokens_that_a_sampler_keeps_are_drawn(more: dict[str, Any], kept: list[int]) -> None:
    chooser = Sampler(replace(WARM, **more))
    assert np.flatnonzero(chooser.law(SCORES)).tolist() == kept
    assert {chooser.choose(SCORES, at) for at in range(300)} == set(kept)


def test_penalties_count_what_was_written() -> None:
    adjust = Penalties(Sampling(presence_penalty=1.0, frequency_penalty=0.5, max_tokens=9), [1, 1], [4])
    assert (adjust.apply(SCORES) == SCORES).all()
    for token in (0, 0, 2):
        adjust.wrote(token)
    assert np.allclose(adjust.apply(SCORES) - SCORES, [-2.0, 0, -1.5, 0, 0])


def test_repetition_is_punished_in_prompt_and_reply_and_away_from_zero() -> None:
    adjust = Penalties(Sampling(repetition_penalty=2.0), [1], [4])
    adjust.wrote(0)
    assert np.allclose(adjust.apply(np.array([1.0, -1.0, 1.0], np.float32)), [0.5, -2.0, 1.0])


def test_a_bias_is_added_and_an_end_waits_for_the_least_tokens() -> None:
    adjust = Penalties(Sampling(bias=((2, 5.0),), min_tokens=1), [], [4])
    assert adjust.apply(SCORES)[4] == -np.inf
    assert adjust.apply(SCORES).argmax() == 2
    adjust.wrote(2)
    assert np.isfinite(adjust.apply(SCORES)).all()


def test_no_seed_and_no_choice_shares_its_noise_with_another() -> None:
    streams = [
        Sampler(replace(WARM, seed=seed, choice=choice)).noise(5, 4).tolist()
        for seed in (7, 8, -7, -8, 0)
        for choice in range(3)
    ]
    assert all(one != other for one, other in combinations(streams, 2))
    assert Sampler(WARM).noise(5, 4).tolist() != Sampler(WARM).draws(5).gumbel(size=4).tolist()
