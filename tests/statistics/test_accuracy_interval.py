"""Bounds of an accuracy agree with their known posterior."""

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.special import betaln
from scipy.stats import beta

from runner.statistics.accuracy_interval import accuracy_bounds


def bounds(right: list[int], sizes: list[int], error: float = 0.05) -> list[float]:
    low, high = accuracy_bounds(np.array(right, dtype=float), np.array(sizes), error)
    return [float(low), float(high)]


def below(limit: float, right: list[int], sizes: list[int]) -> float:
    """The posterior probability of an accuracy below a limit.

    It is computed by quadrature over accuracy and correlation.
    """

    def density(correlation: float, place: float) -> float:
        accuracy, spread = np.sin(np.pi / 2 * place) ** 2, 1 / correlation - 1
        alpha, shape = accuracy * spread, (1 - accuracy) * spread
        information = [1 + (size - 1) * correlation for size in sizes]
        even = sum(sizes) / sum(size * part for size, part in zip(sizes, information, strict=True))
        facts = zip(right, sizes, information, strict=True)
        return float(
            np.exp(
                sum(even * part * (betaln(won + alpha, size - won + shape) - betaln(alpha, shape)) for won, size, part in facts)
            )
        )

    edge, inside = 2 / np.pi * np.arcsin(np.sqrt(limit)), (1e-6, 1 - 1e-6)
    part, whole = (dblquad(density, 1e-6, top, *inside, epsabs=1e-7, epsrel=1e-4)[0] for top in (edge, 1 - 1e-6))
    return part / whole


@pytest.mark.parametrize(("right", "sizes"), [([3, 2, 0, 1], [3] * 4), ([3, 2, 0, 1], [3, 2, 3, 2]), ([6, 1, 0], [8, 1, 2])])
def test_the_bounds_leave_half_of_the_error_on_either_side(right: list[int], sizes: list[int]) -> None:
    low, high = bounds(right, sizes, 0.2)
    assert [below(low, right, sizes), 1 - below(high, right, sizes)] == pytest.approx([0.1, 0.1], abs=0.01)


@pytest.mark.parametrize("error", [0.01, 0.05, 0.5])
def test_facts_of_one_question_have_the_jeffreys_interval(error: float) -> None:
    expected = beta.ppf([error / 2, 1 - error / 2], 7.5, 13.5)
    assert bounds([1] * 7 + [0] * 13, [1] * 20, error) == pytest.approx(expected, abs=0.002)


def test_many_exams_at_once_have_the_bounds_that_each_has_alone() -> None:
    sizes = [3, 2, 3, 1]
    exams = [[3, 2, 1, 0], [0, 0, 0, 0], [3, 2, 3, 1], [1, 1, 2, 1]]
    low, high = accuracy_bounds(np.array(exams, dtype=float), np.array(sizes), 0.05)
    assert np.stack([low, high], -1) == pytest.approx(np.array([bounds(exam, sizes) for exam in exams]))


def test_none_right_begins_at_0_and_all_right_ends_at_1() -> None:
    assert bounds([0, 0], [3, 1])[0] == 0
    assert bounds([3, 1], [3, 1])[1] == 1


def test_facts_that_stand_or_fall_whole_leave_more_open_than_mixed_ones() -> None:
    (low, high), (start, end) = bounds([4, 4, 0, 0], [4] * 4), bounds([2, 2, 2, 2], [4] * 4)
    assert low < start < end < high


def test_an_interval_holds_its_estimate_whatever_the_sizes_of_facts() -> None:
    random = np.random.default_rng(0)
    for _ in range(60):
        sizes = random.integers(1, 12, size=random.integers(1, 9))
        right = random.binomial(sizes, random.random(len(sizes)).round()[:, None].T)
        low, high = bounds([*right[0]], [*sizes])
        assert low <= right.sum() / sizes.sum() <= high


@pytest.mark.parametrize("hard", [1, 8])
def test_where_size_goes_with_difficulty_the_interval_holds_the_share_of_questions(hard: int) -> None:
    random, sizes, holds = np.random.default_rng(0), np.array([1, 8]), []
    accuracies = np.where(sizes == hard, 0.2, 0.9)
    truth = accuracies @ (sizes * [0.75, 0.25]) / (sizes @ [0.75, 0.25])
    for _ in range(100):
        kinds = (random.random(40) < 0.25).astype(int)
        right = random.binomial(sizes[kinds], accuracies[kinds], (5, 40))
        low, high = accuracy_bounds(right.astype(float), sizes[kinds], 0.05)
        holds += [*(low <= truth) & (truth <= high)]
    assert np.mean(holds) > 0.9
