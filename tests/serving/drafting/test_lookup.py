from __future__ import annotations

import random

import pytest

from evidentia.serving.drafting.lookup import Lookup


def guessed(prompt: list[int], **options: int | set[int]) -> list[int]:
    return Lookup(**options).start(prompt).draft(64).tokens.tolist()


def test_the_first_occurrence_of_the_longest_match_is_copied() -> None:
    assert guessed([1, 2, 3, 4, 9, 2, 3, 5, 1, 2, 3], count=2) == [4, 9]


def test_a_shorter_match_serves_when_the_longer_never_occurred() -> None:
    assert guessed([3, 7, 8, 6, 5, 3], count=2) == [7, 8]


def test_without_a_match_nothing_is_guessed() -> None:
    assert guessed([1, 2, 3]) == []


def test_the_rule_is_that_of_transformers_on_a_thousand_texts() -> None:
    torch = pytest.importorskip("torch")
    from transformers.generation.candidate_generator import PromptLookupCandidateGenerator

    noise = random.Random(1)
    theirs = PromptLookupCandidateGenerator(
        eos_token_id=torch.tensor([0]), num_output_tokens=10, max_matching_ngram_size=3, max_length=1000
    )
    for _ in range(1000):
        prompt = [noise.randrange(noise.choice((3, 6, 20))) for _ in range(noise.randrange(1, 40))]
        ids = torch.tensor([prompt])
        found = theirs.get_candidates(ids)[0][0, len(prompt) :].tolist()
        assert guessed(prompt, ends={0}) == found
