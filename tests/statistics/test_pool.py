"""The variance between trainings over several arms."""

import numpy as np
import pytest

from runner.statistics import Grades, numbered, pool
from runner.statistics.doubt import between_graded

FACTS = numbered([str(fact) for fact in range(300) for _ in range(3)])


def drawn(accuracies: list[float], seed: int) -> Grades:
    """An arm with a training of each accuracy."""
    random = np.random.default_rng(seed)
    return Grades(np.array([random.random(900) < accuracy for accuracy in accuracies], dtype=float))


def test_the_deviation_of_several_arms_is_that_between_their_trainings() -> None:
    shared = pool([drawn([0.3, 0.5, 0.7], 4), drawn([0.4], 5)], FACTS, 0.05)
    assert shared
    assert (shared.arms, shared.freedom, shared.error) == (1, 2, 0.05)
    assert shared.deviation == pytest.approx(0.2, abs=0.03)


def test_each_arm_counts_by_its_degrees_of_freedom() -> None:
    arms = [drawn([0.4, 0.6], 1), drawn([0.3, 0.4, 0.5, 0.6], 2), drawn([0.5, 0.5, 0.5], 3)]
    variances = [between_graded(arm.values, FACTS)[0] for arm in arms]
    shared = pool(arms, FACTS, 0.05)
    assert shared
    assert (shared.arms, shared.freedom) == (3, 6)
    assert shared.variance == pytest.approx((variances[0] + 3 * variances[1] + 2 * variances[2]) / 6)


def test_arms_that_were_trained_once_or_graded_once_have_no_pool() -> None:
    ungraded = np.stack([drawn([0.4], 1).values[0], np.full(900, np.nan)])
    assert pool([drawn([0.4], 1), drawn([0.5], 2), Grades(ungraded)], FACTS, 0.05) is None
    assert pool([], FACTS, 0.05) is None
