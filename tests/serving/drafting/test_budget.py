from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidentia.errors import InputError
from evidentia.serving.drafting.budget import REST, WAIT, Costs, Experience, Pace, budget_for

FLAT = Costs({1: 10.0, 16: 10.0})
STEEP = Costs({1: 10.0, 2: 20.0, 4: 40.0})


def test_a_width_costs_what_the_next_measured_one_does_and_beyond_the_last_in_proportion() -> None:
    costs = Costs({1: 10.0, 3: 20.0, 5: 40.0})
    assert [costs(width) for width in (1, 2, 3, 4, 5, 10)] == [1.0, 2.0, 2.0, 4.0, 4.0, 8.0]


def test_trees_have_measured_widths_where_enough_is_guessed() -> None:
    costs = Costs({1: 10.0, 4: 11.0, 8: 13.0, 16: 90.0})
    assert budget_for([0.9] * 12, costs, 1.5) == 7
    assert budget_for([0.9] * 5, costs, 1.5) == 5


@pytest.mark.parametrize("seconds", [{}, {2: 1.0}, {1: 0.0}, {1: 1.0, 2: -1.0}])
def test_senseless_costs_are_refused(seconds: dict[int, float]) -> None:
    with pytest.raises(InputError):
        Costs(seconds)


def test_all_guesses_are_verified_where_width_costs_nothing() -> None:
    assert budget_for([0.5, 0.1, 0.01], FLAT, 1.5) == 3


def test_none_is_verified_where_every_token_costs_a_pass() -> None:
    assert budget_for([0.9, 0.5], STEEP, 1.0) == 0


def test_one_measured_width_is_enough_to_say_that_more_costs_in_proportion() -> None:
    assert budget_for([0.9], Costs({1: 1.0}), 1.0) == 0


@given(
    chances=st.lists(st.floats(0.001, 1), max_size=12).map(lambda found: sorted(found, reverse=True)),
    rises=st.lists(st.floats(0, 1), min_size=12, max_size=12),
    rate=st.floats(1, 4),
)
def test_no_other_width_gives_more_tokens_at_the_going_rate(
    chances: list[float], rises: list[float], rate: float
) -> None:
    costs = Costs({1 + width: 1.0 + sum(rises[:width]) for width in range(13)})

    def worth(width: int) -> float:
        return 1 + sum(chances[:width]) - rate * costs(1 + width)

    assert worth(budget_for(chances, costs, rate)) >= max(worth(width) for width in range(len(chances) + 1)) - 1e-9


@given(
    chances=st.lists(st.floats(0.001, 1), max_size=12).map(lambda found: sorted(found, reverse=True)),
    rises=st.lists(st.floats(0.001, 1), min_size=13, max_size=13).map(sorted),
)
def test_what_is_not_sought_would_not_have_been_verified(chances: list[float], rises: list[float]) -> None:
    pace = Pace(Costs({1 + width: 1.0 + sum(rises[:width]) for width in range(14)}))
    sought = [chance for place, chance in enumerate(chances) if chance >= pace.least(place) - 1e-9]
    assert pace.width(sought) == pace.width(chances)


def test_the_least_chance_grows_with_the_width_whatever_was_measured() -> None:
    pace = Pace(Costs({1: 25.1, 2: 26.3, 4: 25.7, 8: 28.5, 16: 35.6, 64: 86.6}))
    least = [pace.least(place) for place in range(70)]
    assert least == sorted(least)
    assert 0 < least[0] < 0.01 < least[5]


def test_drafting_that_does_not_pay_rests_and_is_tried_again() -> None:
    pace, drafted = Pace(Costs({1: 10.0, 2: 11.0}), drafting=0.05), []
    for _ in range(2 * (WAIT + REST)):
        drafted.append(pace.drafts())
        pace.learn(1, 1 if drafted[-1] else 0, drafted[-1])
    first_rest = drafted.index(False)
    assert first_rest <= WAIT + 1
    assert drafted[first_rest : first_rest + REST] == [False] * REST
    assert drafted[first_rest + REST]


def test_drafting_that_pays_never_rests() -> None:
    pace = Pace(Costs({1: 10.0, 2: 11.0}))
    for _ in range(500):
        assert pace.drafts()
        pace.learn(2, 1)
    assert pace.rate == pytest.approx(2 / 1.1, rel=0.01)


def test_what_useless_drafting_can_cost_is_bounded() -> None:
    pace, time = Pace(Costs({1: 10.0, 2: 11.0}), drafting=0.03), 0.0
    for _ in range(1000):
        drafts = pace.drafts()
        width = pace.width([0.3]) if drafts else 0
        time += pace.costs(1 + width) + (pace.drafting if drafts else 0)
        pace.learn(1, width, drafts)
    assert 1000 / time > 0.97


def test_chances_that_promise_too_much_are_discounted_in_every_reply_of_a_drafter() -> None:
    experience, costs = Experience(), Costs({1: 10.0, 2: 12.0})
    first = Pace(costs, experience=experience)
    assert first.width([0.5]) == 1
    for _ in range(200):
        first.learn(1, first.width([0.5]))
    assert experience.trust < 0.5
    assert Pace(costs, experience=experience).width([0.5]) == 0
    assert Pace(costs).width([0.5]) == 1


def test_a_reply_begins_at_the_rate_of_those_before_it() -> None:
    experience, costs = Experience(), Costs({1: 10.0, 2: 12.0, 3: 15.0})
    for _ in range(20):
        reply = Pace(costs, experience=experience)
        for _ in range(30):
            reply.learn(2, reply.width([0.9]))
    assert Pace(costs, experience=experience).rate == pytest.approx(2 / 1.2, rel=0.05)
    assert Pace(costs, experience=experience).width([0.9, 0.4]) == 1
    assert Pace(costs).width([0.9, 0.4]) == 2


def test_chances_that_are_kept_are_left_as_they_are() -> None:
    pace = Pace(FLAT)
    for turn in range(400):
        pace.learn(1 + turn % 2, pace.width([0.5]))
    assert pace.experience.trust == pytest.approx(1, abs=0.05)


def test_a_guess_that_pays_alone_does_not_where_others_make_the_pass_wide() -> None:
    costs = Costs({1: 10.0, 2: 11.0, 4: 13.0, 8: 20.0, 16: 40.0})
    assert costs.among(1) is costs
    assert [costs.among(8)(width) for width in (1, 2, 4)] == [1.0, 2.0, 4.0]
    assert costs.among(8).unit == 20.0 / 8
    assert costs.among(64)(2) == 2.0  # nothing so wide was measured
    pace = Pace(costs)
    assert pace.width([0.8]) == 1
    pace.share(8)
    assert pace.width([0.8]) == 0
    pace.share(1)
    assert pace.width([0.8]) == 1


def test_what_a_pass_is_worth_is_known_apart_for_few_requests_and_for_many() -> None:
    experience, costs = Experience(), Costs({1: 10.0, 2: 12.0, 3: 15.0})
    pace = Pace(costs, experience=experience)
    for _ in range(300):
        pace.learn(2, pace.width([0.9]))
    pace.share(2)
    assert pace.rate == 1.0
    pace.share(1)
    assert pace.rate == pytest.approx(2 / 1.2, rel=0.1)


def test_a_rest_is_forgotten_when_the_others_leave() -> None:
    pace = Pace(Costs({1: 10.0, 2: 11.0, 4: 40.0}), drafting=0.05)
    pace.share(2)
    for _ in range(WAIT + 1):
        drafts = pace.drafts()
        pace.learn(1, 0, drafts)
    assert not pace.drafts()
    pace.share(1)
    assert pace.drafts()
