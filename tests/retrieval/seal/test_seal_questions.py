from __future__ import annotations

from evidentia.corpus import catalog
from evidentia.corpus.store import Store
from evidentia.retrieval.seal import questions
from evidentia.serving.models.scripted import ScriptedModel

from .conftest import Add


def test_a_library_without_pseudo_questions_has_none_and_no_table(store: Store):
    assert questions.stored_questions(store) == {}
    assert "pseudo_questions" not in str(store.connection.execute("SELECT name FROM sqlite_master").fetchall())


def test_what_was_put_is_stored_in_order_and_replaced_by_the_next(store: Store, add: Add):
    add(["Penguins swim."])
    before = store.revision
    questions.put(store, {1: ["Who swims?", "What do\npenguins do?"]})
    assert questions.stored_questions(store) == {1: ("Who swims?", "What do penguins do?")}
    assert store.revision > before
    questions.put(store, {1: ["Why?"]})
    assert questions.stored_questions(store) == {1: ("Why?",)}


def test_the_questions_of_a_removed_passage_go_with_it(store: Store, add: Add):
    add(["Penguins swim."])
    questions.put(store, {1: ["Who swims?"]})
    with store.transaction():
        catalog.remove_documents(store, [1])
    assert questions.stored_questions(store) == {}


def test_only_lines_that_ask_are_taken_from_the_model(store: Store, add: Add):
    add(["Penguins swim.", "Falcons fly."])
    model = ScriptedModel(["1. Who swims?\nSure!\n2) Where do they swim?\nWho swims?", "I cannot."])
    assert dict(questions.make_questions(store, model, [1, 2, 9])) == {
        1: ["Who swims?", "Where do they swim?"],
        2: [],
        9: [],
    }
    assert "Penguins swim." in model.asked[0][0].content
