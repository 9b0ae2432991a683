from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.retrieval.ngram.segments import Segments, segment
from evidentia.retrieval.ngram.tokens import UNKNOWN, WordTokenizer
from evidentia.retrieval.seal.phrases import ask_model, snap
from evidentia.serving.models.scripted import ScriptedModel

TEXTS = ("the emperor penguin swims in cold water", "bread is baked in an oven")


def _corpus(texts: tuple[str, ...]) -> tuple[Segments, WordTokenizer]:
    tokenizer = WordTokenizer()
    documents = [tokenizer.learn(text) for text in texts]
    return Segments().plus(segment(documents, range(len(texts)), range(len(texts)), tokenizer.size)), tokenizer


def _snapped(phrase: str) -> list[str]:
    segments, tokenizer = _corpus(TEXTS)
    names = list(tokenizer.vocabulary)
    keys = sorted(snap(segments, tokenizer, [phrase]), key=lambda key: key.start)
    return [" ".join(names[token] for token in key.tokens) for key in keys]


@pytest.mark.parametrize(
    ("phrase", "stretches"),
    [
        ("The Emperor Penguin swims", ["the emperor penguin swims"]),
        ("emperor penguin dives in cold beer", ["emperor penguin", "in cold"]),
        ("baked in cold water", ["baked in", "in cold water"]),
        ("nothing known", []),
        ("", []),
    ],
)
def test_a_phrase_becomes_its_longest_stretches_that_the_corpus_holds(phrase: str, stretches: list[str]):
    assert _snapped(phrase) == stretches


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "zz"]), max_size=12))
def test_every_stretch_stands_in_the_corpus_and_in_the_phrase(words: list[str]):
    segments, tokenizer = _corpus(("a b c a b", "c c d a"))
    ids = tokenizer.encode(" ".join(words)).ids.tolist()
    keys = snap(segments, tokenizer, [" ".join(words)])
    for key in keys:
        assert segments.count(key.intervals) == key.count > 0
        assert UNKNOWN not in key.tokens
        assert tuple(ids[key.start : key.start + len(key.tokens)]) == key.tokens
    assert bool(keys) == any(token != UNKNOWN for token in ids)


def test_a_stretch_of_stopwords_only_is_no_key():
    segments, tokenizer = _corpus(TEXTS)
    empty = {tokenizer.vocabulary[word] for word in ("in", "an", "is", "the")}
    assert snap(segments, tokenizer, ["in an hour"], empty) == []


def test_the_models_lines_are_its_phrases_without_bullets_and_repeats():
    model = ScriptedModel(['1. emperor penguin\n- "cold water\n\nemperor penguin\n*  in the sea\n'])
    assert ask_model(model, "Where?\nNow?") == ["emperor penguin", "cold water", "in the sea"]
    assert "Question: Where? Now?" in model.asked[0][0].content
