"""Examples made of articles: what is asked has its answer in what is shown, or is marked as having none."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from evidentia.agents import grounded as prompts
from evidentia.serving.models.scripted import ByteModel
from evidentia.training import articles, evidence, grounded, seal
from evidentia.training.trees import Pair

TEXT = "Ada wrote the notes in 1843. Charles built the engine. The notes were printed in London. Ada died in 1852."


def qa(question: str, answer: str) -> dict[str, Any]:
    return {"question": question, "answers": [{"text": answer}]}


@pytest.fixture
def made() -> list[list[articles.Paragraph]]:
    ada = articles.paragraph(
        TEXT, "Ada_Lovelace", [qa("When were the notes written?", "1843"), qa("Who died in 1852?", "Ada")]
    )
    other = articles.paragraph(
        "Babbage was born in Walworth. He liked trains.", "Ada_Lovelace", [qa("Where was Babbage born?", "Walworth")]
    )
    return [[ada, other]]


def written(pair: Pair) -> str:
    return bytes(token for token in pair.target if token < 256).decode()


def shown(pair: Pair) -> str:
    return bytes(token for token in pair.prompt if token < 256).decode()


def test_of_several_sentences_with_the_answer_the_one_most_like_the_question_is_its_evidence(
    made: list[list[articles.Paragraph]],
) -> None:
    start, end = made[0][0].questions[1].sentence or (0, 0)
    assert TEXT[start:end] == "Ada died in 1852."


def test_an_answer_that_no_sentence_holds_has_no_evidence() -> None:
    assert articles.paragraph(TEXT, "", [qa("Who?", "1843. Charles")]).questions[0].sentence is None


def test_a_window_has_whole_sentences_and_keeps_to_its_size() -> None:
    places = articles.paragraph(TEXT, "", []).sentences
    for seed in range(20):
        start, end = articles.widened(places, places[1], 60, Random(seed))
        assert start in {a for a, _ in places}
        assert end in {z for _, z in places}
        assert start <= places[1][0] < places[1][1] <= end
        assert end - start <= 60


def test_grounded_answers_stand_in_the_evidence_and_the_others_say_so(made: list[list[articles.Paragraph]]) -> None:
    task = grounded.Grounded(ByteModel(), made)
    answers = set()
    for seed in range(60):
        for pair in task.group(seed % len(task), Random(seed)):
            answer, _, quote = written(pair).partition("\n")
            body = shown(pair)
            question = body.rpartition("Question: ")[2]
            if answer.strip() == prompts.NOT_FOUND:
                assert "Walworth" not in body or "Babbage" not in question
            else:
                assert answer.strip() in body.rpartition("Question: ")[0]
                assert quote == "" or quote[:3] in ("[1]", "[2]", "[3]")
            answers.add(answer.strip())
            assert len(pair.weights) == len(pair.target)
    assert answers == {"1843", "Ada", "Walworth", prompts.NOT_FOUND}


def test_questions_about_the_same_evidence_share_it(made: list[list[articles.Paragraph]]) -> None:
    task = evidence.Evidence(ByteModel(), made, [])
    first, second = task.group(0, Random(1))
    alike = next(at for at, (a, b) in enumerate(zip(first.prompt, second.prompt, strict=False)) if a != b)
    assert TEXT in bytes(token for token in first.prompt[:alike] if token < 256).decode()


def test_evidence_is_the_sentence_or_its_beginning(made: list[list[articles.Paragraph]]) -> None:
    task = evidence.Evidence(ByteModel(), made, [])
    whole = {written(pair) for seed in range(40) for pair in task.group(0, Random(seed))}
    assert whole == {"Ada wr", "Ada wrote the notes in 1843.", "Ada di", "Ada died in 1852."}


def test_a_span_that_is_drawn_twice_counts_twice(made: list[list[articles.Paragraph]]) -> None:
    task = seal.Seal(ByteModel(), made)
    pairs = task.group(0, Random(0))
    spans = [pair for pair in pairs if not shown(pair).endswith("Title:")]
    assert sum(pair.weights[0] for pair in spans) == 10
    assert [written(pair) for pair in pairs if shown(pair).endswith("Title:")] == [" Ada Lovelace\n"]
