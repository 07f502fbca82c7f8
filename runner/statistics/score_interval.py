"""Compute the interval of a mean score."""

import numpy as np
from numpy.typing import NDArray

from runner.statistics.doubt import between_graded, over_facts, quantile, share_in_mean, totals
from runner.statistics.estimates import Interval

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


def score_interval(scores: Array, facts: Counts, error: float) -> Interval:
    """Estimate the mean score.

    `scores` has the shape (trainings, questions), and is NaN where an answer is not graded; each question and each training
    has a grade. `facts` numbers the fact of each question from 0. Every question counts the same.

    This is the t interval of a difference, see `over_facts`: a score s is the difference of s and 1 - s, on half its scale.
    Its pseudo-fact gives the interval a width where all scores are alike. Trainings widen it as they widen a difference.
    """
    means = np.nanmean(scores, 0)
    sizes = np.bincount(facts)
    middle, variance = over_facts(totals(2 * means - 1, facts), sizes)
    centre, reach = float(middle + 1) / 2, float(quantile(error, len(sizes)) * np.sqrt(variance)) / 2
    if len(scores) > 1:
        between, _ = between_graded(scores, facts)
        reach = float(np.hypot(reach, quantile(error, len(scores) - 1) * np.sqrt(between * share_in_mean(scores))))
    estimate = float(means.mean())
    # The pseudo-fact pulls the centre towards one half. At large errors, the interval could leave out the estimate.
    low, high = max(0.0, min(centre - reach, estimate)), min(1.0, max(centre + reach, estimate))
    return Interval(estimate=estimate, low=low, high=high)
