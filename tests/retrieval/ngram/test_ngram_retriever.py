from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidentia.corpus import catalog, schema, sources
from evidentia.corpus.derived import Slot
from evidentia.corpus.document import Document, Passage
from evidentia.corpus.store import Store
from evidentia.errors import StorageError
from evidentia.retrieval import RETRIEVERS, open_retriever
from evidentia.retrieval.embedders.hash import HashEmbedder
from evidentia.retrieval.ngram import generation
from evidentia.retrieval.ngram.generation import DerivedCorpus
from evidentia.retrieval.ngram.kinds import WORDS
from evidentia.retrieval.ngram.retriever import NgramRetriever, occurrences
from evidentia.serving.models.scripted import ByteModel

TEXTS = (
    "The emperor penguin swims in cold water. Water is cold.",
    "A penguin emperor? Falcons fly over warm land.",
    "Bread is baked in an oven, then cooled.",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return _store(tmp_path / "library")


def _store(folder: Path) -> Store:
    opened = Store(folder, create=True)
    schema.open_catalog(opened)
    return opened


def _add(store: Store, texts: Iterable[str], start: int = 0) -> None:
    with store.transaction():
        source = sources.source_id(store, Path("/docs"))
        for number, text in enumerate(texts, start):
            document = Document(f"/docs/{number}", str(number), text, "text/plain", f"{number}{text}")
            middle = len(text) // 2
            passages = [Passage(0, middle, "section"), Passage(middle, len(text), "section")]
            whole = [Passage(0, len(text), "section")]
            catalog.put_document(store, source, document, 1, 1, passages if number >= 100 else whole)
        store.bump()


def _remove(store: Store, *ids: int) -> None:
    with store.transaction():
        catalog.remove_documents(store, list(ids))
        store.bump()


def _quotes(store: Store, question: str) -> list[str]:
    return [hit.quote for hit in NgramRetriever(store).search(question, 5)]


def _reopened(store: Store) -> Store:
    folder = store.folder
    store.close()
    return _store(folder)


def test_the_passage_with_the_longer_phrase_comes_first(store: Store):
    _add(store, TEXTS)
    hits = NgramRetriever(store).search("Where does the EMPEROR Penguin swim?", 5)
    assert [hit.quote for hit in hits] == [TEXTS[0], TEXTS[1]]
    assert "EMPEROR Penguin" in hits[0].why
    assert hits[0].retriever == "ngram"


def test_it_is_one_of_the_retrievers_that_a_user_can_name(store: Store):
    _add(store, TEXTS)
    assert "ngram" in RETRIEVERS
    assert open_retriever("ngram", store, HashEmbedder, ByteModel).search("warm land", 1)[0].quote == TEXTS[1]


def test_an_empty_library_and_unknown_words_find_nothing(store: Store):
    assert _quotes(store, "penguin") == []
    _add(store, TEXTS)
    assert _quotes(store, "zzz qqq") == []
    assert _quotes(store, "?!") == []


def test_stopwords_find_passages_only_when_the_question_has_nothing_else(store: Store):
    _add(store, TEXTS)
    assert _quotes(store, "What is the zzz?") == []
    assert _quotes(store, "an") == [TEXTS[2]]


def test_adding_files_builds_nothing_and_the_first_search_does(store: Store):
    _add(store, TEXTS)
    assert not list(store.folder.glob("ngram-*"))
    _quotes(store, "penguin")
    assert len(list(store.folder.glob("ngram-*.words"))) == 1
    assert len(list(store.folder.glob("ngram-*.segment"))) == 1


def test_a_stored_index_is_read_and_not_built_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    _add(store, TEXTS)
    before = _quotes(store, "penguin in cold water")
    store = _reopened(store)
    monkeypatch.setattr(generation, "_update", None)
    assert _quotes(store, "penguin in cold water") == before


def test_what_was_added_is_found_and_what_was_removed_is_not(store: Store):
    _add(store, TEXTS)
    _quotes(store, "penguin")
    _add(store, ["A penguin and an ostrich."], start=3)
    _remove(store, 1)
    expected = {TEXTS[1], "A penguin and an ostrich."}
    assert set(_quotes(store, "emperor penguin ostrich")) == expected
    assert set(_quotes(_reopened(store), "emperor penguin ostrich")) == expected


def test_a_passage_id_that_is_used_again_is_indexed_again(store: Store):
    _add(store, TEXTS)
    _quotes(store, "penguin")
    _remove(store, 3)
    _add(store, ["An ostrich runs."], start=7)
    assert _quotes(store, "ostrich") == ["An ostrich runs."]
    assert _quotes(store, "oven") == []


def test_an_index_is_kept_in_memory_while_another_process_writes(store: Store, caplog: pytest.LogCaptureFixture):
    _add(store, TEXTS)
    with store.writing():
        assert _quotes(store, "oven") == [TEXTS[2]]
    assert "kept in memory" in caplog.text
    assert not list(store.folder.glob("ngram-*"))


def test_two_processes_take_turns_and_see_each_others_generations(store: Store):
    other = _store(store.folder)
    for number in range(4):
        _add(store, [f"penguin {number} of kind{number}"], start=number)
        for opened in (store, other) if number % 2 else (other, store):
            assert _quotes(opened, f"kind{number}") == [f"penguin {number} of kind{number}"]
            assert len(_quotes(opened, "penguin")) == number + 1
    assert generation.words(other).tokenizer.vocabulary == generation.words(store).tokenizer.vocabulary
    other.close()


def test_a_damaged_index_is_an_error_that_says_what_to_do(store: Store):
    _add(store, TEXTS)
    _quotes(store, "penguin")
    (path,) = store.folder.glob("ngram-*.segment")
    store = _reopened(store)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StorageError, match="Remove the file"):
        _quotes(store, "penguin")
    path.unlink()
    assert _quotes(store, "oven") == [TEXTS[2]]


def test_the_files_of_one_older_generation_stay_for_its_readers(store: Store):
    for number in range(5):
        _add(store, [f"penguin number {number}"], start=number)
        _quotes(store, "penguin")
    assert len(list(store.folder.glob("ngram-*.words"))) == 2


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("aAbß́e 漢🙂.\n'İ"), min_size=1, max_size=40), min_size=1, max_size=4),
    st.data(),
)
def test_every_quote_equals_the_stored_text_at_its_offsets(texts: list[str], data: st.DataObject):
    with tempfile.TemporaryDirectory() as folder:
        store = _store(Path(folder))
        _add(store, texts, start=100)
        question = data.draw(st.sampled_from(texts))
        for hit in NgramRetriever(store).search(question, 10):
            assert hit.span is not None
            assert catalog.stored_text(store, hit.span) == hit.quote
        for phrase in question.split():
            words = _words(store, phrase)
            for key, start, end in occurrences(store, phrase):
                (passage,) = catalog.evidence(store, [(key, 0.0)], "", "")
                assert _words(store, passage.quote[start:end]) == words
        store.close()


def _words(store: Store, text: str) -> list[int]:
    return generation.words(store).tokenizer.encode(text).ids.tolist()


def test_large_segments_are_merged_behind_the_search_and_stored(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(generation, "QUICK", 0)
    for number in range(4):
        _add(store, [f"penguin number {number}"], start=number)
        assert len(_quotes(store, "penguin")) == number + 1
        _settled()
    assert len(generation.words(store).segments.parts) < 4
    assert len(_quotes(store, "penguin")) == 4
    reopened = _reopened(store)
    assert len(generation.words(reopened).segments.parts) < 4
    assert len(_quotes(reopened, "penguin")) == 4


def test_merged_segments_are_left_alone_when_the_library_has_moved_on(store: Store):
    _add(store, ["penguin number 0"])
    old = generation.words(store)
    _add(store, ["penguin number 1"], start=1)
    slot = Slot(value=generation.words(store))
    generation.merge(store.folder, DerivedCorpus(WORDS), slot, old)
    assert slot.value is generation.words(store)
    assert len(_quotes(_reopened(store), "penguin")) == 2


def test_a_library_that_is_gone_is_not_merged(store: Store, caplog: pytest.LogCaptureFixture, tmp_path: Path):
    _add(store, ["penguin number 0"])
    corpus = generation.words(store)
    generation.merge(tmp_path / "nowhere", DerivedCorpus(WORDS), Slot(value=corpus), corpus)
    assert "stay as they are" in caplog.text


def _settled() -> None:
    for thread in threading.enumerate():
        if thread.name == generation.MERGING:
            thread.join()
