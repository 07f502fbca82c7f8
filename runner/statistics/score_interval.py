"""Compute the interval of a mean score."""

import numpy as np
from numpy.typing import NDArray

from runner.statistics.doubt import between_trainings, over_facts, quantile, totals
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
    graded = ~np.isnan(scores)
    counts = graded.sum(0)
    means = np.where(graded, scores, 0).sum(0) / counts
    sizes = np.bincount(facts)
    middle, variance = over_facts(totals(2 * means - 1, facts), sizes)
    centre, reach = float(middle + 1) / 2, float(quantile(error, len(sizes)) * np.sqrt(variance)) / 2
    if len(scores) > 1:
        between = float(between_trainings(totals(np.where(graded, scores, 0), facts), totals(graded.astype(float), facts))[0])
        weights = (graded / counts).mean(1)
        reach = float(np.hypot(reach, quantile(error, len(scores) - 1) * np.sqrt(between * (weights**2).sum())))
    estimate = float(means.mean())
    # The pseudo-fact pulls the centre towards one half. At large errors, the interval could leave out the estimate.
    low, high = max(0.0, min(centre - reach, estimate)), min(1.0, max(centre + reach, estimate))
    return Interval(estimate=estimate, low=low, high=high)
