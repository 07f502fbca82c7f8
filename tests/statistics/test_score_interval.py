"""A mean of scores between 0 and 1 has an interval that holds the true mean."""

import numpy as np
import pytest

from runner.statistics.score_interval import score_interval


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize("mean", [0.1, 0.5, 0.8])
def test_the_interval_holds_the_true_mean_about_as_often_as_it_says(mean: float, size: int) -> None:
    generator, clusters = np.random.default_rng(0), 40
    facts = np.repeat(np.arange(clusters), size)
    held = 0
    for _ in range(400):
        # Half of a score's variance belongs to its cluster.
        centres = generator.beta(4 * mean, 4 * (1 - mean), clusters)
        scores = generator.beta(4 * centres[facts] + 1e-9, 4 * (1 - centres[facts]) + 1e-9)
        interval = score_interval(scores[None], facts, 0.05)
        held += interval.low <= mean <= interval.high
    assert 0.92 <= held / 400 <= 1


def test_equal_scores_keep_a_width() -> None:
    interval = score_interval(np.full((1, 30), 0.25), np.arange(30), 0.05)
    assert interval.estimate == 0.25
    assert interval.low < 0.24
    assert interval.high > 0.26


def test_runs_that_differ_as_a_whole_widen_it() -> None:
    facts = np.arange(50)
    alike = score_interval(np.full((3, 50), 0.5), facts, 0.05)
    apart = score_interval(np.array([[0.2], [0.5], [0.8]]) * np.ones(50), facts, 0.05)
    assert apart.high - apart.low > 2 * (alike.high - alike.low)


def test_an_answer_that_one_run_lacks_leaves_the_mean_of_the_others() -> None:
    scores = np.array([[1.0, 0.0], [np.nan, 1.0]])
    assert score_interval(scores, np.arange(2), 0.05).estimate == 0.75


def test_bounds_stay_within_0_and_1_and_around_the_estimate() -> None:
    for value in (0.0, 1.0, 0.001):
        interval = score_interval(np.full((1, 5), value), np.arange(5), 0.9)
        assert 0 <= interval.low <= interval.estimate <= interval.high <= 1
