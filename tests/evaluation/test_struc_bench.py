"""Struc-Bench: tables told in sentences, the instructions made of them, and what a judge says of two tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.benchmarks.struc_bench import instruction_for
from evidentia.errors import ModelError
from evidentia.evaluation.data import DATA
from evidentia.evaluation.table_judge import (
    expected_digit,
    first_digit,
    judge_questions,
    likelihood_judge,
    reply_judge,
)
from evidentia.evaluation.worldcup import FEWEST, KINDS, MOST, Record, ToldTable, tell, told_tables
from evidentia.serving.base import GREEDY, Message, Sampling
from evidentia.serving.constraints.table_scores import Likeness
from evidentia.serving.constraints.table_syntaxes import SYNTAXES, write_table

TABLE = ToldTable(("Team", "Wins"), (("Peru", "2"), ("Chile", "1")), "Peru won 2 matches. Chile won 1 match.")


def test_a_table_is_told_in_a_sentence_for_each_row() -> None:
    kind = next(kind for kind in KINDS if kind.file == "stadiums")
    records: list[Record] = [
        {"stadium_name": name, "city_name": "Lima", "country_name": "Peru", "stadium_capacity": size}
        for name, size in (("Nacional", "43000"), ("Monumental", "80000"))
    ]
    told = tell(kind, records)
    assert told.columns == ("Stadium", "City", "Capacity")
    assert told.rows == (("Nacional", "Lima", "43000"), ("Monumental", "Lima", "80000"))
    assert told.text.endswith("Nacional in Lima holds 43000 spectators. Monumental in Lima holds 80000 spectators.")


def test_drawn_tables_are_the_same_for_a_seed_tell_every_cell_and_can_be_written() -> None:
    folder = DATA / "worldcup"
    if not folder.is_dir():
        pytest.skip("the data are not on this machine")
    drawn = told_tables(folder, 24)
    assert drawn == told_tables(folder, 24)
    for table in drawn:
        assert FEWEST <= len(table.rows) <= MOST
        assert all(cell in table.text for row in table.rows for cell in row)
        assert all(write_table(table.columns, table.rows, syntax) for syntax in SYNTAXES)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_only_the_described_instruction_tells_the_form_and_the_number_of_rows(syntax: str) -> None:
    plain, described = (instruction_for(TABLE, syntax, one) for one in ("plain", "described"))
    head = SYNTAXES[syntax](TABLE.columns).head
    for text in (plain, described):
        assert text.startswith("Write what the text says")
        assert text.endswith(f"Text: {TABLE.text}")
        assert "columns Team, Wins" in text
    assert head in described
    assert "2 rows" in described
    assert head not in plain


def test_questions_to_a_judge_hold_both_tables_and_differ_at_their_ends() -> None:
    content, structure = judge_questions("ours", "theirs", "html")
    assert content != structure
    for question in (content, structure):
        assert question.startswith("Two tables in HTML are compared.\n\nTable A:\ntheirs\n\nTable B:\nours\n\n")


@given(st.integers(0, 9))
def test_a_sure_digit_is_its_share_of_nine(digit: int) -> None:
    logits = np.full(10, -50.0, dtype=np.float32)
    logits[digit] = 50
    assert expected_digit(logits) == pytest.approx(digit / 9)


def test_digits_that_are_as_likely_as_one_another_are_a_half() -> None:
    assert expected_digit(np.zeros(10, dtype=np.float32)) == pytest.approx(0.5)


def test_a_judge_that_names_no_digit_is_an_error() -> None:
    assert first_digit("I say 3.") == pytest.approx(3 / 9)
    with pytest.raises(ModelError, match="no digit"):
        first_digit("very alike", "judge")


class DigitWriter:
    """Answers the questions with given replies, in turn."""

    name, plans = "writer", False

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)

    def stream(self, messages: Sequence[Message], sampling: Sampling = GREEDY) -> Iterator[str]:
        yield self.replies.pop(0)


def test_a_model_that_writes_judges_by_its_first_digit() -> None:
    assert reply_judge(DigitWriter("9", "Score: 0"))("a", "b", "latex") == Likeness(1.0, 0.0)


class _Characters:
    """A local model whose tokens are characters, and that is sure of 9 for contents, of 0 for structures."""

    name, plans = "characters", False

    def encode(self, text: str) -> list[int]:
        return [ord(letter) for letter in text]

    def chat_tokens(self, messages: Sequence[Message]) -> list[int]:
        return self.encode(messages[-1].content)

    def start(self) -> _Read:
        return _Read()


class _Read:
    def __init__(self) -> None:
        self.tokens: list[int] = []

    def feed(self, tokens: Sequence[int], rows: int | None = None) -> Any:
        self.tokens += tokens
        logits = np.zeros((1, 128), dtype=np.float32)
        logits[0, ord("9" if "values? " in self.text else "0")] = 99
        return logits

    def crop(self, length: int) -> None:
        del self.tokens[length:]

    @property
    def text(self) -> str:
        return "".join(map(chr, self.tokens))


def test_a_model_that_shows_scores_judges_by_the_likelihood_of_its_digits() -> None:
    judge = likelihood_judge(_Characters())  # type: ignore[arg-type]
    found = judge("a", "b", "html")
    assert (found.content, found.structure) == pytest.approx((1.0, 0.0))


def test_a_model_with_digits_of_several_tokens_is_no_judge() -> None:
    class _Spelling(_Characters):
        def encode(self, text: str) -> list[int]:
            return [0, *super().encode(text)]

    with pytest.raises(ModelError, match="several tokens"):
        likelihood_judge(_Spelling())  # type: ignore[arg-type]
