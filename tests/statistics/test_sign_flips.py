"""The exact sign-flip test of a difference, and its power."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from runner.statistics.sign_flips import FINEST, MANY, ROUNDED, chance, parts, sign_power, whole


def test_where_no_fact_moved_nothing_speaks_against_chance() -> None:
    assert chance(np.zeros(4)) == chance(np.array([])) == 1


@pytest.mark.parametrize(
    "sums", [[6, 3, 2, 2, -1], [5, -4, 3], [7], [-2, -2, -2, -2, -2, -2, 1, 1], [1, 1, 1, 1, 1, 1], [3, -3], [2, 1, 1, 0]]
)
def test_chance_counts_every_flip_of_the_signs(sums: list[int]) -> None:
    flips = [sum(sign * size for sign, size in zip(signs, sums, strict=True)) for signs in product((1, -1), repeat=len(sums))]
    assert chance(np.array(sums, dtype=float)) == pytest.approx(np.mean([abs(flip) >= abs(sum(sums)) for flip in flips]))


@pytest.mark.parametrize(("lost", "won"), [(4, 14), (0, 60), (200, 260), (480, 510)])
def test_facts_of_one_question_have_the_exact_mcnemar_test(lost: int, won: int) -> None:
    assert chance(np.repeat([-1.0, 1.0], [lost, won])) == pytest.approx(binomtest(lost, lost + won).pvalue, abs=1e-12)


def test_all_facts_in_one_direction_have_the_least_chance_however_many_they_are() -> None:
    assert chance(np.ones(60)) == pytest.approx(2.0**-59, rel=1e-6)


def test_many_facts_have_the_normal_chance_which_is_near_the_exact_one() -> None:
    few, many = (np.repeat([-1.0, 1.0], [facts // 2 - 40, facts // 2 + 40]) for facts in (MANY, MANY + 2))
    assert chance(many) == pytest.approx(chance(few), abs=0.002)
    assert chance(np.tile([1.0, -1.0], 3000)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("grades", "expected"),
    [([0, 1], 1), ([1 / 2, 1 / 3], 6), ([2 / 3, 1 / 3, 1], 3), ([0.2, 0.25, 2 / 3], 60), ([1 / 7, 3 / 8, 4 / 9, 0.1], 2520)],
)
def test_shares_have_as_few_parts_as_make_them_whole(grades: list[float], expected: int) -> None:
    assert parts(np.array(grades)) == expected


def test_shares_that_have_no_few_parts_in_common_are_rounded_to_fine_ones() -> None:
    assert parts(np.array([1 / 11, 1 / 13, 1 / 19])) == FINEST
    assert parts(np.random.default_rng(0).random(1000)) == FINEST


def test_sums_of_shares_become_whole_numbers() -> None:
    assert [*whole(np.array([1 / 3, -1 / 2]), np.array([1 / 3, 1 / 2, 0]))] == [2, -3]


def test_sums_of_scores_become_whole_numbers_of_a_size_that_can_be_counted() -> None:
    sums = np.random.default_rng(0).normal(size=300)
    rounded = whole(sums, np.abs(sums))
    assert [*rounded] == [*np.rint(rounded)]
    assert np.abs(rounded).sum() == pytest.approx(ROUNDED, rel=0.02)
    assert np.corrcoef(sums, rounded)[0, 1] > 0.999


def test_the_power_of_facts_of_one_question_is_that_of_the_exact_sign_test() -> None:
    # Eight facts, all of them moved: at least eight of eight, or seven with p = 18 / 256, which is above 5%.
    assert sign_power(8, np.array(1.0), np.array(0.9), 0.05, coarse=True) == pytest.approx(0.9**8)
    counts = binom.pmf(np.arange(9), 8, 0.5)
    expected = sum(counts[moved] * 0.9**moved for moved in (6, 7, 8))
    assert sign_power(8, np.array(0.5), np.array(0.9), 0.05, coarse=True) == pytest.approx(expected)


def test_a_test_that_uses_its_error_up_has_that_error_where_there_is_no_difference() -> None:
    assert sign_power(9, np.array(1.0), np.array(0.5), 0.05, coarse=False) == pytest.approx(0.025)
