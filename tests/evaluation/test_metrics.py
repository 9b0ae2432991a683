from __future__ import annotations

from evidentia.evaluation.metrics import paired_interval


def test_a_difference_that_is_everywhere_the_same_has_no_width():
    assert paired_interval([0.5, 1.0, 0.25], [0.25, 0.75, 0.0]) == (0.25, 0.25)


def test_the_interval_holds_the_mean_and_is_the_same_each_time():
    one, other = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0, 1.0, 1.0]
    low, high = paired_interval(one, other)
    assert low < 1 / 6 < high
    assert (low, high) == paired_interval(one, other)
