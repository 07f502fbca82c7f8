"""How likely a verdict is to call a difference that is expected."""

from dataclasses import replace

import numpy as np
import pytest

from runner.statistics.called import Expected, FactSizes, Repeats, smallest

NONE = np.array(0.0)
ONCE = Repeats((1, 1), (NONE, NONE), (NONE, NONE))
SIZES = FactSizes.of(np.full(30, 3))
EXPECTED = Expected(np.array(0.2), np.array(2.0), np.array(0.8), SIZES, ONCE)


def test_sizes_are_counted_and_repeated() -> None:
    sizes = FactSizes.of(np.array([1, 1, 4])).times(2)
    assert (sizes.facts, sizes.questions, sizes.typical, sizes.largest) == (6, 12, 3, 4)
    assert sizes.times(questions=2) == FactSizes.of(np.array([2, 2, 8]).repeat(2))


@pytest.mark.parametrize(("sizes", "least"), [([1, 1], 6), ([3, 3], 8), ([5, 5], 12), ([1, 1, 4], 8)])
def test_a_verdict_needs_twice_as_many_facts_as_a_fact_has_questions_and_two_more(sizes: list[int], least: int) -> None:
    assert FactSizes.of(np.array(sizes)).least == least


def test_the_more_questions_move_on_a_fact_the_fewer_facts_a_verdict_needs() -> None:
    sizes = FactSizes.of(np.full(12, 25))
    assert [sizes.enough(moved) for moved in (0.3, 1, 2, 5, 25)] == [52, 52, 27, 12, 6]
    assert sizes.decided_from == pytest.approx(5 / 25)
    assert FactSizes.of(np.full(52, 25)).decided_from == 0
    assert FactSizes.of(np.full(5, 25)).decided_from == np.inf


@pytest.mark.parametrize(
    "harder",
    [
        replace(EXPECTED, gain=np.array(0.15)),
        replace(EXPECTED, variance=np.array(3.0)),
        replace(EXPECTED, sizes=FactSizes.of(np.full(20, 3))),
        replace(EXPECTED, repeats=Repeats((3, 3), (np.array(0.001), NONE), (NONE, NONE))),
    ],
    ids=["a smaller gain", "facts that differ more", "fewer facts", "trainings that differ"],
)
def test_it_is_harder_to_call(harder: Expected) -> None:
    assert 0 < harder.power(0.05) < EXPECTED.power(0.05) < 1


def test_a_smaller_error_calls_less() -> None:
    assert EXPECTED.power(0.01) < EXPECTED.power(0.05)


def test_the_sign_flip_test_bounds_the_power_of_few_facts() -> None:
    # Six facts that all move one way have the least p that is possible, 1/32.
    six = Expected(np.array(1.0), NONE, np.array(1.0), FactSizes.of(np.full(6, 1)), ONCE)
    assert (float(six.power(0.04)), float(six.power(0.03))) == (1, 0)


def test_the_smallest_gain_has_the_power_that_is_asked_for() -> None:
    def power(gain: np.ndarray) -> np.ndarray:
        return np.clip(gain / np.array([0.5, 2.0]), 0, 1)

    least = smallest(power, (2,))
    assert least[0] == pytest.approx(0.4, abs=0.001)
    assert np.isnan(least[1])
