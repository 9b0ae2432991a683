from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.seal import prompts

PASSAGE = (
    "Bread is baked in an oven and then it is left to cool for an hour or two on a rack. "
    "The emperor penguin is the tallest of all living penguins and it breeds in the Antarctic winter."
)


def test_spans_that_share_the_questions_words_are_drawn_most():
    spans = prompts.training_spans("How tall is the emperor penguin?", PASSAGE, random.Random(0), 100)
    assert sum("emperor penguin" in span for span in spans) > 80


@given(st.text(max_size=60), st.text(max_size=300), st.integers(0, 5))
def test_every_span_stands_in_the_passage_and_has_ten_words_where_there_are_ten(question: str, passage: str, seed: int):
    spans = prompts.training_spans(question, passage, random.Random(seed))
    assert all(span in passage for span in spans)
    assert len(spans) == (prompts.SPANS if passage.split() else 0)
    assert all(len(span.split()) == min(10, len(passage.split())) for span in spans)


def test_the_same_seed_draws_the_same_spans():
    first, second = (prompts.training_spans("penguin", PASSAGE, random.Random(3)) for _ in range(2))
    assert first == second


def test_training_pairs_hold_the_prompts_of_search():
    pairs = prompts.training_pairs("Where do\npenguins breed?", PASSAGE, "Emperor penguin", random.Random(0))
    assert len(pairs) == prompts.SPANS + prompts.TITLES
    assert pairs[0][0] == prompts.body_prompt("Where do penguins breed?")
    assert pairs[-1] == (prompts.title_prompt("Where do penguins breed?"), " Emperor penguin\n")
    assert len(prompts.training_pairs("q", PASSAGE, "", random.Random(0))) == prompts.SPANS


def test_a_prompt_ends_before_the_space_that_a_target_starts_with():
    assert prompts.shown_body_prompt("Who?").endswith(f"\n\n{prompts.body_prompt('Who?')}")
    assert prompts.shown_title_prompt("Who?").endswith(f"\n\n{prompts.title_prompt('Who?')}")
    for prompt in (prompts.body_prompt, prompts.title_prompt, prompts.question_prompt):
        assert prompt("Who?").endswith(":")
    assert prompts.body_target("the tallest\nof all") == " the tallest of all"
