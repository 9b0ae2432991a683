from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.corpus import catalog, schema
from evidentia.corpus.store import Store
from evidentia.errors import InputError, LibraryIncompatible, ModelError, StorageError
from evidentia.retrieval import RETRIEVERS, open_retriever
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.ngram import array_files
from evidentia.retrieval.ngram.generation import Corpus, current
from evidentia.retrieval.ngram.retriever import NgramRetriever
from evidentia.retrieval.seal import questions
from evidentia.retrieval.seal.decode import Written
from evidentia.retrieval.seal.retriever import SealRetriever, own_keys, tokenizer_of, written_keys
from evidentia.retrieval.seal.tokens import ModelTokenizer, Views
from evidentia.serving.base import LanguageModel
from evidentia.serving.models.scripted import ByteModel, ScriptedModel

from .conftest import Add, adding

TEXTS = (
    "The emperor penguin swims in cold water. Water is cold.",
    "A penguin emperor? Falcons fly over warm land.",
    "Bread is baked in an oven, then cooled.",
)
MODEL = ByteModel()


def _missing() -> LanguageModel:
    raise ModelError("the model is not on this machine", where="small")


def _seal(store: Store, model: Callable[[], LanguageModel] = lambda: MODEL) -> SealRetriever:
    return SealRetriever(store, HashEmbedder, model)


def test_it_is_one_of_the_retrievers_that_a_user_can_name(store: Store, add: Add):
    add(TEXTS)
    assert "seal" in RETRIEVERS
    hits = open_retriever("seal", store, HashEmbedder, lambda: MODEL).search("Where does the emperor penguin swim?", 3)
    assert hits[0].quote == TEXTS[0]
    assert hits[0].retriever == "seal"
    assert hits[0].why.startswith("phrases of the question and of bytes: ")


def test_the_questions_own_keys_start_where_its_words_start_and_may_end_inside_one(store: Store, add: Add):
    add(["Falcons fly, as falconers know."])
    corpus = current(store, Views(tokenizer_of(MODEL)))
    said = {corpus.tokenizer.text(key.tokens) for key in own_keys(corpus, "do falcons fly")}
    assert "falcon" in said
    assert not said & {"alcons", "lcon", "ly"}


def test_without_a_model_the_questions_own_phrases_are_used_and_the_reason_is_shown(store: Store, add: Add):
    add(TEXTS)
    hits = _seal(store, _missing).search("Where does the emperor penguin swim?", 5)
    assert [hit.key for hit in hits] == [hit.key for hit in NgramRetriever(store).search("emperor penguin swim", 5)]
    assert hits[0].why == "phrases of the question, without a model (the model is not on this machine): emperor penguin"


def test_a_model_that_only_writes_finds_by_its_phrases(store: Store, add: Add):
    add(TEXTS)
    model = ScriptedModel(["1. baked in an oven\n2. hot stones"])
    (hit,) = _seal(store, lambda: model).search("How is a loaf made?", 5)
    assert hit.quote == TEXTS[2]
    assert hit.why == "phrases of the question and of scripted: baked in an oven"


def test_a_model_that_fails_while_it_writes_is_no_error(store: Store, add: Add):
    add(TEXTS)
    hits = _seal(store, lambda: ScriptedModel([])).search("emperor penguin", 5)
    assert hits[0].quote == TEXTS[0]
    assert "the script has no more replies" in hits[0].why


@pytest.mark.parametrize("model", [lambda: MODEL, _missing, lambda: ScriptedModel(["a phrase"] * 9)])
def test_an_empty_library_finds_nothing(store: Store, model: Callable[[], LanguageModel]):
    assert _seal(store, model).search("penguin", 3) == []


def test_one_token_and_empty_passages_are_passages(store: Store, add: Add):
    add(["x", " ", "!"])
    assert [hit.quote for hit in _seal(store).search("x", 1)] == ["x"]


def test_titles_and_pseudo_questions_find_passages_that_do_not_say_the_word(store: Store, add: Add):
    add(["It swims."], title="Penguins")
    add(["It is baked."], start=1)
    questions.put(store, {2: ["How is bread made?"]})
    assert [hit.quote for hit in _seal(store).search("Penguins?", 1)] == ["It swims."]
    assert [hit.quote for hit in _seal(store).search("How is bread made?", 1)] == ["It is baked."]
    tokenizer = tokenizer_of(MODEL)
    keys = written_keys(MODEL, current(store, Views(tokenizer)), "What?", trained=False)
    assert {"Penguins", "How is bread made?"} - {tokenizer.text(key.tokens) for key in keys} == {"How is bread made?"}


def test_what_was_added_is_found_and_what_was_removed_is_not(store: Store, add: Add):
    add(TEXTS)
    assert len(_seal(store).search("emperor", 5)) >= 2
    add(["An emperor ostrich."], start=3)
    with store.transaction():
        catalog.remove_documents(store, [1])
        store.bump()
    found = {hit.quote for hit in _seal(store).search("emperor ostrich", 9)}
    assert "An emperor ostrich." in found
    assert TEXTS[0] not in found


def test_the_index_of_another_tokenizer_is_refused_and_made_anew(
    store: Store, add: Add, caplog: pytest.LogCaptureFixture
):
    class Shifted(ByteModel):
        def encode(self, text: str) -> list[int]:
            return [token ^ 1 for token in super().encode(text)]

        def decode(self, tokens: object) -> str:
            return super().decode([token ^ 1 for token in tokens])  # type: ignore[attr-defined]

    add(TEXTS)
    _seal(store).search("oven", 1)
    (path,) = store.folder.glob("seal-*.words")
    with pytest.raises(LibraryIncompatible, match="made with the tokenizer seal-1-"):
        array_files.read(path, tokenizer_of(Shifted()).fingerprint)
    assert _seal(store, Shifted).search("oven", 1)[0].quote == TEXTS[2]
    assert "made anew" in caplog.text
    assert _seal(store).search("oven", 1)[0].quote == TEXTS[2]


def test_a_damaged_index_is_an_error_that_says_what_to_do(store: Store, add: Add):
    add(TEXTS)
    _seal(store).search("penguin", 1)
    (path,) = store.folder.glob("seal-*.segment")
    folder = store.folder
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:200] + bytes([whole[200] ^ 255]) + whole[201:])
    reopened = Store(folder)
    with pytest.raises(StorageError, match="Remove the file"):
        _seal(reopened).search("penguin", 1)
    path.unlink()
    assert _seal(reopened).search("oven", 1)[0].quote == TEXTS[2]
    reopened.close()


def test_a_question_that_the_context_does_not_hold_is_refused(store: Store, add: Add):
    add(TEXTS)
    small = ByteModel(context=20)
    with pytest.raises(InputError, match="grows over 20"):
        _seal(store, lambda: small).search("a long question about penguins", 1)


@pytest.mark.slow
def test_a_paragraph_of_five_megabytes_and_one_of_repeats_are_found(store: Store, add: Add):
    long = " ".join(f"word{number}" for number in range(520_000))
    add([long, "again " * 50_000, "The penguin."])
    assert len(long) > 5_000_000
    found = SealRetriever(store, HashEmbedder, _missing).search("word519999", 1)
    assert found[0].quote == long
    assert _seal(store).search("penguin", 1)[0].quote == "The penguin."


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("aAbß\u0301e 漢🙂.\n'İ"), min_size=1, max_size=40), min_size=1, max_size=4),
    st.data(),
)
def test_every_quote_equals_the_stored_text_and_every_key_stands_in_it(texts: list[str], data: st.DataObject):
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), create=True)
        schema.open_catalog(store)
        adding(store)(texts)
        question = data.draw(st.sampled_from(texts))
        for hit in _seal(store).search(question, 10):
            assert hit.span is not None
            assert catalog.stored_text(store, hit.span) == hit.quote
        corpus = current(store, Views(tokenizer_of(MODEL)))
        for key in written_keys(MODEL, corpus, question, trained=True)[:50]:
            _assert_stands_in_the_text(store, corpus, key)
        store.close()


def _assert_stands_in_the_text(store: Store, corpus: Corpus[ModelTokenizer], key: Written) -> None:
    passages, offsets = corpus.segments.locate(key.intervals(corpus.segments))
    assert len(passages) == key.count > 0
    for passage, at in zip(passages.tolist(), offsets.tolist(), strict=True):
        tokens = corpus.tokens_of(passage)
        end = at + len(key.tokens)
        assert tuple(tokens.ids[at:end].tolist()) == key.tokens
        (stored,) = catalog.evidence(store, [(passage, 0.0)], "", "")
        words = stored.quote[tokens.spans[at][0] : tokens.spans[end - 1][1]]
        whole = MODEL.decode([token - 2 for token in corpus.tokenizer.encode(f" {words}").ids.tolist()])
        said = MODEL.decode([token - 2 for token in key.tokens]).strip("\ufffd")
        assert said in f"{whole} "
