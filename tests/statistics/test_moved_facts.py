"""How far a difference may lie from the estimate, by the facts that moved each way."""

import numpy as np
import pytest

from runner.statistics.moved_facts import distances


def test_where_no_fact_moved_it_is_the_rule_of_three_in_both_directions() -> None:
    # A share of which 40 facts show none in 5% of cases: (1 - share)**40 = 0.05.
    assert distances(np.zeros(40), np.ones(40, int), 0.05) == pytest.approx([1 - 0.05 ** (1 / 40)] * 2)
    assert distances(np.zeros(40), np.full(40, 3), 0.0125) == pytest.approx([1 - 0.0125 ** (1 / 40)] * 2)


def test_one_fact_of_three_that_got_worse_by_one_question_has_the_exact_bounds_of_its_share() -> None:
    sums = np.array([-1.0] + [0.0] * 19)
    below, above = distances(sums, np.full(20, 3), 0.05)
    # Of one moved fact and one that moves as a whole, a move is 2 questions. 21.61% and 0.256% are the bounds of 1 of 20.
    none = 1 - 0.05 ** (1 / 20)
    assert below == pytest.approx(2 * 20 / 60 * (0.2161 - 1 / 20), abs=1e-4)
    assert above == pytest.approx(2 * 20 / 60 * np.hypot(none, 1 / 20 - 0.00256), abs=1e-4)


def test_exchanged_arms_exchange_the_distances_and_many_exams_give_what_each_gives() -> None:
    sums, sizes = np.random.default_rng(0).integers(-2, 3, (5, 30)).astype(float), np.full(30, 2)
    below, above = distances(sums, sizes, 0.05)
    assert np.array(distances(-sums, sizes, 0.05)) == pytest.approx(np.array([above, below]))
    assert (below[3], above[3]) == pytest.approx(distances(sums[3], sizes, 0.05))


def test_where_all_facts_moved_no_more_can_move() -> None:
    below, above = distances(np.ones(10), np.ones(10, int), 0.05)
    share = 1 - 0.05 ** (1 / 10)  # as many may not have moved, and as many may have got worse
    assert (below, above) == pytest.approx((share * np.sqrt(2), 0))
