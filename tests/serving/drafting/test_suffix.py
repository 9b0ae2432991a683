from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from evidentia.serving.drafting.suffix import Automaton, suffix

texts = st.lists(st.integers(0, 3), min_size=1, max_size=60)


def longest_earlier(tokens: list[int], query: list[int]) -> int:
    """The longest suffix of ``query`` that occurs in ``tokens``, found the slow way."""
    for size in range(len(query), 0, -1):
        last = query[-size:]
        if any(tokens[place : place + size] == last for place in range(len(tokens) - size + 1)):
            return size
    return 0


@given(tokens=texts, query=texts)
def test_the_longest_match_is_found_whatever_the_texts(tokens: list[int], query: list[int]) -> None:
    automaton, place = Automaton(tokens), (0, 0)
    for token in query:
        place = automaton.after(place, token)
    assert place[1] == longest_earlier(tokens, query)


@given(tokens=texts)
def test_a_state_knows_its_latest_occurrences_that_something_follows(tokens: list[int]) -> None:
    automaton = Automaton(tokens)
    for size in range(1, min(5, len(tokens)) + 1):
        wanted, place = tokens[-size:], (0, 0)
        for token in wanted:
            place = automaton.after(place, token)
        ends = [end for end in range(size - 1, len(tokens)) if tokens[end - size + 1 : end + 1] == wanted]
        known = [automaton.end[place[0]], automaton.before[place[0]]]
        assert known == ([*ends[-2::-1], -1] if len(ends) > 1 else [*ends, -1])[:2]


def test_the_latest_of_two_continuations_comes_first_and_the_other_beside_it() -> None:
    automaton = Automaton([1, 2, 7, 1, 2, 8, 1, 2])
    assert [token for token, _ in automaton.guesses((automaton.last, 8))] == [8, 7]


def test_at_most_two_different_continuations_are_guessed() -> None:
    automaton = Automaton([1, 7, 1, 8, 1, 9, 1])
    assert [token for token, _ in automaton.guesses((automaton.last, 7))] == [9, 8]


def test_what_separates_texts_is_never_guessed() -> None:
    automaton = Automaton([5, 6, -1, 5, 6, 7])
    place = automaton.after(automaton.after((0, 0), 5), 6)
    assert [token for token, _ in automaton.guesses(place)] == [7]


def test_longer_matches_give_longer_chains() -> None:
    def first_chance(shared: int) -> float:
        passage = list(range(100, 130))
        return float(suffix().start([*passage, 1, *passage[:shared]]).draft(4).chances[0])

    chances = [first_chance(shared) for shared in (1, 2, 4, 9, 16)]
    assert chances == sorted(chances)
    assert chances[0] < 0.8 < chances[-1]


def test_a_copied_passage_is_guessed_to_the_end_of_the_budget() -> None:
    passage = list(range(100, 140))
    tree = suffix().start([*passage, 1, *passage[:20]]).draft(12)
    assert tree.tokens.tolist() == passage[20:32]
    assert set(tree.sources) == {"suffix"}


def test_a_text_of_one_token_for_ever_takes_linear_time() -> None:
    begin = time.process_time()
    Automaton([1] * 20_000)
    assert time.process_time() - begin < 5
