from __future__ import annotations

import pytest

from evidentia.serving.drafting import aded, drafter_for
from evidentia.serving.drafting.aded import Trigrams, expand, search


def test_rows_hold_shares_of_the_texts_and_at_most_twelve_tokens() -> None:
    table = Trigrams([[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 4]])
    assert table.values[1, 2] == {3: 0.75, 4: 0.25}
    wide = Trigrams([[1, 2, token] for token in range(10, 40)])
    assert len(wide.values[1, 2]) == 12


def test_what_is_written_rises_by_a_fixed_step_up_to_a_bound() -> None:
    table = Trigrams()
    for _ in range(3):
        table.adapt([1, 2, 3])
    assert table.values[1, 2][3] == pytest.approx(0.12)
    for _ in range(200):
        table.adapt([1, 2, 3])
    assert table.values[1, 2][3] == 3.0


def test_a_new_tri_gram_takes_the_place_of_the_least_of_a_full_row() -> None:
    table = Trigrams([[1, 2, token] for token in range(10, 22)])
    table.adapt([1, 2, 50])
    assert 50 in table.values[1, 2]
    assert len(table.values[1, 2]) == 12


def test_the_oldest_pairs_go_when_the_table_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aded, "LARGEST", 2)
    table = Trigrams([[1, 2, 3, 4, 5]])
    assert list(table.values) == [(2, 3), (3, 4)]


def test_the_expansion_gives_the_likeliest_places_in_order() -> None:
    table = Trigrams([[1, 2, 3, 5], [1, 2, 3, 6], [1, 2, 3, 5], [1, 2, 4, 7]])
    assert expand(table, (1, 2), 4) == [
        (3, -1, 0.75),
        (5, 0, pytest.approx(0.5)),
        (4, -1, 0.25),
        (6, 0, pytest.approx(0.25)),
    ]


def test_the_search_spends_its_visits_where_chances_are_and_repeats_itself() -> None:
    table = Trigrams([[1, 2, 3, 5, 8]] * 9 + [[1, 2, 4, 7, 9]])
    places = search(table, (1, 2), 8)
    assert places == search(table, (1, 2), 8)
    assert places[0][0] == 3
    visits = {place[0]: place[2] for place in places}
    assert visits[3] > visits[4]


@pytest.mark.parametrize("name", ["aded", "aded-mcts"])
def test_texts_are_read_when_the_first_request_starts_and_once(name: str) -> None:
    asked: list[int] = []

    def texts() -> list[list[int]]:
        asked.append(1)
        return [[1, 2, 3, 4, 5]]

    drafter = drafter_for(name, 64, texts)
    assert drafter is not None
    assert not asked
    for _ in range(2):
        assert drafter.start([9, 1, 2]).draft(8).tokens.tolist() == [3, 4, 5]
    assert len(asked) == 1


def test_the_search_goes_no_deeper_than_four_and_one_more() -> None:
    table = Trigrams([list(range(1, 20))])
    assert len(search(table, (1, 2), 64)) == 5
