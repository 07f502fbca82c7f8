"""Arms' grades in, the bias of the highest accuracy out."""

from collections.abc import Sequence

import numpy as np

from runner.statistics.doubt import totals
from runner.statistics.grades import numbered

DRAWS, SEED = 20_000, 0  # enough for a tenth of a point; one seed, so that a report is the same each time


def optimism(arms: Sequence[Sequence[float]], clusters: Sequence[str]) -> float:
    """Estimate how much the best of equal arms is flattered.

    `arms` holds each arm's grades of the same questions, from 0 to 1, and `clusters` each question's fact. The result is the
    expected maximum of the arms' errors, which are taken as normal with the covariance that the facts show. It is the bias of
    the highest accuracy if all arms are equally good, and more than its bias if they are not (Cawley and Talbot 2010, on
    selecting by a noisy score).
    """
    grades, facts = np.array(arms, dtype=float), numbered(clusters)
    sums = totals(grades - grades.mean(1, keepdims=True), facts)
    count = sums.shape[1]
    if len(grades) < 2 or count < 2:
        return 0.0
    # The factor corrects for the means, which were estimated from the same facts.
    covariance = sums @ sums.T * count / (count - 1) / grades.shape[1] ** 2
    draws = np.random.default_rng(SEED).multivariate_normal(np.zeros(len(grades)), covariance, DRAWS, method="eigh")
    return float(draws.max(1).mean())
