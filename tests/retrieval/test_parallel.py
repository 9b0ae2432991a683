"""Of two statements of one form the one is quoted that holds the words of the question, and it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidentia import Library
from evidentia.retrieval.parallel import holds_more, overruling_place, parallel

BUYER, SELLER = "The buyer pays for the insurance of the cargo.", "The seller pays for the packing of the cargo."


def test_parallel_statements_share_a_form_and_differ() -> None:
    assert parallel(BUYER, SELLER, "en")
    assert not parallel(BUYER, BUYER, "en")
    assert not parallel(BUYER, "The harbour master keeps the keys of both gates.", "en")


def test_the_one_with_more_of_the_question_stands_first() -> None:
    question = "Who pays for the packing of the cargo?"
    assert holds_more(question, SELLER, BUYER, "en")
    assert overruling_place(question, [BUYER, SELLER], "en") == 1
    assert overruling_place(question, [SELLER, BUYER], "en") == 0
    assert overruling_place("Who pays?", [BUYER, SELLER], "en") == 0


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("asked", "answer", "other"), [("packing", SELLER, BUYER), ("insurance", BUYER, SELLER)])
def test_the_answer_holds_the_one_statement_alone(
    tmp_path: Path, turned: bool, asked: str, answer: str, other: str
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    text = "\n\n".join([SELLER, BUYER] if turned else [BUYER, SELLER])
    (folder / "terms.md").write_text(f"{text}\n", encoding="utf-8")
    with Library(tmp_path / "library") as library:
        library.add(folder)
        found = library.ask(f"Who pays for the {asked} of the cargo?")
    assert answer in found.citations[0].quote
    assert other not in found.citations[0].quote
