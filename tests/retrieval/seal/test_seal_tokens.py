from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.retrieval.ngram.kinds import IndexedText
from evidentia.retrieval.ngram.segments import Segments, segment
from evidentia.retrieval.ngram.tokens import Tokens
from evidentia.retrieval.seal.tokens import MARKS, QUESTION, TITLE, ModelTokenizer, Views
from evidentia.serving.models.scripted import ByteModel

WIDE = st.lists(st.lists(st.integers(0, 49_152 + MARKS - 1), max_size=30), max_size=6)
FEW = st.lists(st.lists(st.sampled_from([2, 9, 300, 49_000, 49_153]), max_size=30), max_size=6)


@pytest.fixture
def tokenizer() -> ModelTokenizer:
    return ModelTokenizer(ByteModel(), 257)


def _said(tokenizer: ModelTokenizer, tokens: Tokens) -> str:
    return tokenizer.text(tokens.ids.tolist())


def test_line_breaks_and_indents_make_no_difference_to_the_tokens(tokenizer: ModelTokenizer):
    one, two = tokenizer.encode("the tallest penguin"), tokenizer.encode("  the\n\ttallest\r\npenguin\n")
    assert one.ids.tolist() == two.ids.tolist()
    assert _said(tokenizer, one) == "the tallest penguin"


@given(st.text(max_size=80))
def test_every_tokens_place_is_that_of_its_word(text: str):
    tokenizer = ModelTokenizer(ByteModel(), 257)
    tokens = tokenizer.encode(text)
    cut = [text[start:end] for start, end in dict.fromkeys(map(tuple, tokens.spans.tolist()))]
    assert "".join(cut) == "".join(text.split())
    assert all(MARKS <= token < tokenizer.size for token in tokens.ids.tolist())


def test_combining_characters_and_half_surrogates_have_one_form(tokenizer: ModelTokenizer):
    assert tokenizer.encode("Größe").ids.tolist() == tokenizer.encode("Gro\u0308ße").ids.tolist()
    assert tokenizer.encode("a\ud800b").ids.tolist() == tokenizer.encode("a\ufffdb").ids.tolist()


def test_a_page_without_a_space_is_cut_and_nothing_is_lost(tokenizer: ModelTokenizer):
    tokens = tokenizer.encode("x" * 5000)
    assert len(tokens.ids) == 5001
    assert (tokens.spans[:, 1] - tokens.spans[:, 0]).max() == 64


def test_the_fingerprint_names_the_tokenizers_rules(tokenizer: ModelTokenizer):
    assert ModelTokenizer(ByteModel(name="other weights"), 257).fingerprint == tokenizer.fingerprint
    assert ModelTokenizer(ByteModel(), 300).fingerprint != tokenizer.fingerprint

    class Reversed(ByteModel):
        def encode(self, text: str) -> list[int]:
            return super().encode(text)[::-1]

    assert ModelTokenizer(Reversed(), 257).fingerprint != tokenizer.fingerprint


def test_title_and_pseudo_questions_stand_between_marks_and_nowhere_in_the_text(tokenizer: ModelTokenizer):
    tokens = Views(tokenizer).tokens(tokenizer, IndexedText("Tall birds.", "Penguins", ("How tall?", "Why?")))
    ids = tokens.ids.tolist()
    assert ids[0] == TITLE
    assert ids.count(TITLE) == 2
    assert ids.count(QUESTION) == 4
    assert _said(tokenizer, tokens) == "Penguins Tall birds. How tall? Why?"
    body = ids[ids.index(TITLE, 1) + 1 : ids.index(QUESTION)]
    assert tokenizer.text(body) == "Tall birds."
    assert tokens.spans[ids.index(TITLE, 1) + 1].tolist() == [0, 4]


@pytest.mark.parametrize("source", [IndexedText("", "", ()), IndexedText(" \n", "", ()), IndexedText("x", "", ())])
def test_documents_of_no_token_and_of_one_are_documents(tokenizer: ModelTokenizer, source: IndexedText):
    tokens = Views(tokenizer).tokens(tokenizer, source)
    assert len(tokens.ids) == 2 * len(source.text.strip())
    assert tokens.spans.shape == (len(tokens.ids), 2)


@settings(max_examples=60)
@given(st.one_of(WIDE, FEW), st.data())
def test_counts_and_continuations_of_a_models_ids_are_those_of_reading_everything(
    corpus: list[list[int]], data: st.DataObject
):
    size = 49_152 + MARKS
    tokens = [Tokens(np.asarray(ids, np.int64), np.zeros((len(ids), 2), np.uint32)) for ids in corpus]
    keys = list(range(len(corpus)))
    segments = Segments().plus(segment(tokens, keys, keys, size))
    assert segments.parts[0].index.text.itemsize == 2
    source = data.draw(st.sampled_from([ids for ids in corpus if ids] or [[0]]))
    at = data.draw(st.integers(0, len(source) - 1))
    ngram = source[at : at + data.draw(st.integers(1, 4))]
    places = [
        ids[place + len(ngram) : place + len(ngram) + 1]
        for ids in corpus
        for place in range(len(ids))
        if ids[place : place + len(ngram)] == ngram
    ]
    interval = segments.interval(ngram)
    assert segments.count(interval) == len(places)
    found, counts = segments.continuations(interval)
    assert dict(zip(found.tolist(), counts.tolist(), strict=True)) == Counter(
        token for (token,) in filter(None, places)
    )
