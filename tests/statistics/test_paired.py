"""Bounds, test and power of a difference between two arms."""

from itertools import product

import numpy as np
import pytest

from runner.statistics.paired import FINEST, chance, detectable, gain_bounds, parts

SIZES = np.array([3, 2, 3, 1, 2, 3, 3, 2, 3, 3])
SUMS = np.array([[3, 1, 0, -1, 2, 0, 1, 0, 0, 2], [0] * 10, [-1, 0, -3, 0, 0, 1, 0, 0, -2, 0]], dtype=float)


def test_many_exams_at_once_have_the_bounds_that_each_has_alone() -> None:
    together = np.stack(gain_bounds(SUMS, SIZES, 0.05), -1)
    assert together == pytest.approx(np.array([gain_bounds(sums, SIZES, 0.05) for sums in SUMS]))


def test_an_exam_on_which_nothing_changed_is_not_taken_as_certain() -> None:
    low, high = gain_bounds(np.zeros(10), SIZES, 0.05)
    assert low == -high
    assert high > 0.02


@pytest.mark.parametrize("sums", [[1.0], [2.0, -2.0]], ids=["one", "two"])
def test_bounds_stay_within_what_a_difference_can_be(sums: list[float]) -> None:
    low, high = gain_bounds(np.array(sums), np.full(len(sums), 2), 0.001)
    assert (low, high) == (-1, 1)


def test_where_no_fact_moved_nothing_speaks_against_chance() -> None:
    assert chance(np.zeros(4)) == chance(np.array([])) == 1


@pytest.mark.parametrize("sums", [[6, 3, 2, 2, -1], [5, -4, 3], [7], [-2, -2, -2, -2, -2, -2, 1, 1]])
def test_chance_counts_every_flip_of_the_signs(sums: list[int]) -> None:
    flips = [sum(sign * size for sign, size in zip(signs, sums, strict=True)) for signs in product((1, -1), repeat=len(sums))]
    assert chance(np.array(sums, dtype=float)) == pytest.approx(np.mean([abs(flip) >= abs(sum(sums)) for flip in flips]))


@pytest.mark.parametrize(
    ("grades", "expected"),
    [([0, 1], 1), ([1 / 2, 1 / 3], 6), ([2 / 3, 1 / 3, 1], 3), ([0.2, 0.25, 2 / 3], 60), ([1 / 7, 3 / 8, 4 / 9, 0.1], 2520)],
)
def test_shares_have_as_few_parts_as_make_them_whole(grades: list[float], expected: int) -> None:
    assert parts(np.array(grades)) == expected


def test_shares_that_have_no_few_parts_in_common_are_rounded_to_fine_ones() -> None:
    assert parts(np.array([1 / 11, 1 / 13, 1 / 19])) == FINEST


def test_thousands_of_facts_have_a_chance() -> None:
    assert chance(np.ones(6000)) == pytest.approx(0)
    assert chance(np.tile([1.0, -1.0], 3000)) == pytest.approx(1)


def seen(scale: int, unlike: float = 0.3, error: float = 0.05) -> float:
    """The smallest difference that such an exam detects.

    It has `scale` times ten facts, and both arms have an accuracy of 0.5 on it.
    """
    sums, sizes = np.tile([1.0, -1, 0, 0, 2, -2, 0, 0, 1, -1], scale), np.full(10 * scale, 2)
    return float(detectable((np.array(0.5), np.array(0.5)), np.array(unlike), sums, sizes, error))


def test_a_larger_exam_can_see_less() -> None:
    assert 1 > seen(1) > seen(4) > seen(16) > 0


def test_arms_that_differ_on_fewer_questions_need_a_smaller_difference_to_tell() -> None:
    sums = np.zeros(40)
    alike, unlike = (
        float(detectable((np.array(0.5), np.array(0.5)), np.array(share), sums, np.ones(40), 0.05)) for share in (0.05, 0.5)
    )
    assert alike < unlike


def test_an_exam_of_five_facts_can_see_nothing() -> None:
    assert np.isnan(detectable((np.array(0.4), np.array(0.6)), np.array(0.2), np.ones(5), np.ones(5, dtype=int), 0.05))


def test_many_pairs_at_once_can_see_what_each_can_alone() -> None:
    accuracies, gains = np.array([0.3, 0.5, 0.6]), SUMS.sum(-1) / SIZES.sum()
    unlike = np.abs(SUMS).sum(-1) / SIZES.sum() + 0.01
    together = detectable((accuracies, accuracies + gains), unlike, SUMS, SIZES, 0.05)
    alone = [
        float(detectable((accuracy, accuracy + gain), apart, sums, SIZES, 0.05))
        for accuracy, gain, apart, sums in zip(accuracies, gains, unlike, SUMS, strict=True)
    ]
    assert together == pytest.approx(np.array(alone))
