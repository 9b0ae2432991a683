"""The written answer: shown only where evidence carries it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidentia import Library, Settings
from evidentia.agents import grounded
from evidentia.agents.answer import Sentence
from evidentia.agents.answers.quoted import short
from evidentia.corpus.document import Evidence
from evidentia.questions.fit import Fit
from evidentia.retrieval.quoting import Quote
from evidentia.retrieval.reader.reader import Reading
from evidentia.serving.models.scripted import ScriptedModel

Open = Callable[..., Library]
QUESTION = "How old was the oldest emperor penguin on record?"


def test_a_sentence_that_the_evidence_carries_becomes_the_answer(open_library: Open):
    model = ScriptedModel(["The oldest emperor penguin was 40 years old."])
    answer = open_library(model).ask(QUESTION, write=True)
    assert answer.status == "written"
    assert answer.text == "The oldest emperor penguin was 40 years old. [1]"
    assert answer.citations[0].quote == "The oldest emperor penguin on record was 40 years old."
    assert answer.model == model.name


def test_an_unsupported_sentence_is_left_out_and_marked(open_library: Open):
    model = ScriptedModel(["The oldest emperor penguin was 40 years old. It lived in the zoo of Chicago."])
    answer = open_library(model).ask(QUESTION, write=True)
    assert "Chicago" not in answer.text
    assert [sentence.supported for sentence in answer.sentences] == [True, False]


def test_what_stands_around_the_evidence_may_be_guessed_from(open_library: Open, monkeypatch: pytest.MonkeyPatch):
    model, told = ScriptedModel(["It was 40 years old."]), []
    monkeypatch.setattr(model, "stream", lambda messages, sampling: told.append(sampling) or iter(()))
    open_library(model).ask(QUESTION, write=True)
    assert any(text.startswith("# Penguins") and text.endswith("do not fly.\n") for text in told[0].predicted)


def test_where_nothing_is_supported_the_quoted_answer_stands_and_says_so(open_library: Open):
    answer = open_library(ScriptedModel(["It was 41 years old, I think."])).ask(QUESTION, write=True)
    assert answer.status == "quoted"
    assert answer.text.startswith("What the model wrote is not supported by the evidence")
    assert "The oldest emperor penguin on record was 40 years old. [1]" in answer.text


def test_a_model_that_finds_no_answer_is_not_said_to_have_made_one_up(open_library: Open):
    answer = open_library(ScriptedModel(["Not found."])).ask(QUESTION, write=True)
    assert answer.status == "quoted"
    assert answer.text.startswith("The model found no answer in the evidence")
    assert "The oldest emperor penguin on record was 40 years old. [1]" in answer.text


@pytest.mark.parametrize(("answered", "status"), [("40 years old", "written"), ("Antarctica", "quoted")])
def test_an_adapter_for_short_answers_does_not_outvote_a_reader_that_is_sure(
    open_library: Open, monkeypatch: pytest.MonkeyPatch, answered: str, status: str
):
    def answer(model: object, question: str, pieces: list[str]) -> grounded.GroundedAnswer:
        start = pieces[0].index(answered)
        return grounded.GroundedAnswer(answered, (0, start, start + len(answered)), -1.0)

    monkeypatch.setattr(grounded, "is_trained", lambda model: True)
    monkeypatch.setattr(grounded, "answer", answer)
    found = open_library(ScriptedModel([])).ask(QUESTION, write=True)
    assert found.status == status
    assert answered in found.text
    assert found.short == ("40" if status == "quoted" else "")


def test_a_negation_is_not_turned_round(open_library: Open):
    answer = open_library(ScriptedModel(["Emperor penguins fly in Antarctica."])).ask(
        "Do emperor penguins fly in Antarctica?", write=True
    )
    assert answer.status != "written"


def test_without_a_model_the_answer_is_quoted_and_says_why(open_library: Open):
    answer = open_library(name="no-such-model").ask(QUESTION, write=True)
    assert answer.status == "quoted"
    assert answer.text.startswith("No language model wrote an answer")
    assert "evidentia model get" in next(step.detail for step in answer.trace if step.name == "write")


def test_the_model_sees_only_the_question_and_the_evidence(open_library: Open):
    model = ScriptedModel(["Not found."])
    open_library(model).ask(QUESTION, write=True)
    prompt = model.asked[0][-1].content
    assert QUESTION in prompt
    assert "40 years old" in prompt


def test_sentences_are_streamed_as_they_are_checked(open_library: Open):
    model = ScriptedModel(["The oldest emperor penguin was 40 years old. They live in Antarctica."])
    events = list(open_library(model).stream(QUESTION, write=True))
    assert (
        next(event.text for event in events if isinstance(event, Sentence))
        == "The oldest emperor penguin was 40 years old."
    )


def test_the_json_form_of_an_answer_has_places(open_library: Open):
    plain = open_library().ask(QUESTION).to_dict()
    assert plain["citations"][0]["place"] == "source/notes.md:3"
    assert plain["trace"][0]["name"] == "route"


def test_a_symbol_that_the_question_names_brings_its_definition_in(open_library: Open):
    answer = open_library().ask("In which unit is the result of side_length given, metres or feet?")
    assert answer.citations[0].quote == "Length of one side in metres."
    assert "graph" in answer.citations[0].evidence.retriever
    assert "defines shapes.side_length" in answer.citations[0].evidence.why


def test_a_model_that_fails_half_way_leaves_the_quoted_answer(open_library: Open):
    answer = open_library(ScriptedModel([])).ask(QUESTION, write=True)
    assert answer.status == "quoted"
    assert "The oldest emperor penguin on record was 40 years old. [1]" in answer.text


def test_the_type_of_a_parameter_is_no_short_answer():
    entry = "alpha : float, optional\n    Damping parameter, default=0.85."
    passage = Evidence(entry, 1.0, "fused", "", kind="function")

    def said(words: str) -> str:
        start = entry.index(words)
        reading = Reading(9.0, (start, start + len(words)), 9.0, ())
        return short(
            "What is the default?",
            Quote(passage, passage, reading, (0.0, 0.0, 9.0, 1.0, 1.0), 1.0, Fit("sure", (), 1.0)),
        )

    assert said("float") == ""
    assert said("0.85") == "0.85"


def test_a_misspelt_name_without_the_look_of_code_is_answered_with_the_one_that_is_near(tmp_path: Path):
    source = tmp_path / "pier"
    source.mkdir()
    (source / "gate.py").write_text("class Gate:\n    def open(self): ...\n    def shut(self): ...\n")
    with Library(tmp_path / "library", settings=Settings(embedder="hash")) as library:
        library.add(source)
        assert library.ask("who calls opn").text.endswith("Did you mean Gate.open?")
        assert "Did you mean" not in library.ask("who calls zebras").text
