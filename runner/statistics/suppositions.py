"""Suppose numbers about arms before they take an exam.

Grades of finished arms come in, or none, and suppositions go out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from runner.statistics.contrast import Contrast, contrast
from runner.statistics.doubt import totals
from runner.statistics.grades import Grades
from runner.statistics.pool import pool

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
FREEDOM = 4  # trainings beyond the first of each arm: of fewer, their standard deviation is not known well


@dataclass(frozen=True, kw_only=True)
class Suppositions:
    """Numbers about arms that are not graded yet.

    An agreement is 0 where grades agree as often as by chance, and 1 where they agree as often as the accuracies allow.
    """

    accuracy: float  # of both arms: the mean
    arms_agree: float  # on a question
    trainings_agree: float  # two trainings of one arm, on a question
    questions_agree: float  # the correlation of the differences on two questions of one fact
    spread: float  # standard deviation between the accuracies of an arm's trainings

    def accuracies(self, gain: Array) -> tuple[Array, Array]:
        """Place two arms a gain apart, evenly about the accuracy."""
        low = np.clip(self.accuracy - gain / 2, 0, 1 - gain)
        return low, low + gain

    @property
    def largest(self) -> float:
        """The largest difference that this mean accuracy allows."""
        return 2 * min(self.accuracy, 1 - self.accuracy)

    def unlike(self, agreement: float) -> float:
        """Compute how often two equally accurate arms get different grades."""
        return 2 * self.accuracy * (1 - self.accuracy) * (1 - agreement)


# docs/statistics.md says where these come from. At 50%, a difference is hardest to see.
DEFAULTS = Suppositions(accuracy=0.5, arms_agree=0.1, trainings_agree=0.45, questions_agree=0.2, spread=0.02)


def estimated(arms: Sequence[Grades], facts: Counts) -> tuple[Suppositions, bool]:
    """Estimate suppositions from arms that took the exam.

    `facts` numbers the fact of each question. At least one arm must be trained and graded. Returns also whether the arms were
    trained often enough to know how trainings differ. What the arms do not show keeps its default.
    """
    trained = [grades for grades in arms if grades.trained]
    nearest = 1 / (2 * len(facts))  # an accuracy of 0 or 1 on an exam is not known to be exactly that
    accuracy = float(np.mean([np.nanmean(grades.values) for grades in trained]))
    pairs = [pair for pair in combinations(arms, 2) if pair[0].trained or pair[1].trained]
    contrasts = [pair for first, second in pairs if (pair := contrast(first, second, facts))]
    supposed = replace(
        DEFAULTS,
        accuracy=min(max(accuracy, nearest), 1 - nearest),
        arms_agree=_ratio([_arms_agree(pair) for pair in contrasts], DEFAULTS.arms_agree),
        questions_agree=_ratio([_questions_agree(pair) for pair in contrasts], DEFAULTS.questions_agree),
    )
    between = pool(trained, facts, error=1)  # only its deviation is used, and not its tests
    if between is None or between.freedom < FREEDOM:
        return replace(supposed, arms_agree=min(supposed.arms_agree, DEFAULTS.trainings_agree)), False
    agree = _ratio([_trainings_agree(grades.values) for grades in trained], DEFAULTS.trainings_agree)
    # Two arms do not agree more than two trainings of one of them. A small exam may show it, by chance.
    return replace(supposed, arms_agree=min(supposed.arms_agree, agree), trainings_agree=agree, spread=between.deviation), True


def _ratio(parts: Sequence[tuple[float, float]], default: float) -> float:
    """Divide the sum of numerators by that of denominators."""
    # Pairs that can't show much, such as one with an arm near 0, have small denominators, and so count little.
    above, below = np.sum([(0.0, 0.0), *parts], axis=0)
    return float(np.clip(above / below, 0, 1)) if below > 0 else default


def _arms_agree(pair: Contrast) -> tuple[float, float]:
    """Return two arms' covariance, and the largest possible."""
    first, second = pair.means
    low, high = sorted((float(first.mean()), float(second.mean())))
    return float((first * second).mean()) - low * high, low * (1 - high)


def _questions_agree(pair: Contrast) -> tuple[float, float]:
    """Return a difference's covariance within facts, and its variance."""
    first, second = pair.means
    deviations = second - first - pair.estimate
    squares, sizes = (deviations**2).sum(), np.bincount(pair.numbers)
    within = (totals(deviations, pair.numbers) ** 2).sum() * len(sizes) / max(len(sizes) - 1, 1) - squares
    return float(within), float(squares * (sizes * (sizes - 1)).sum() / sizes.sum())


def _trainings_agree(grades: Array) -> tuple[float, float]:
    """Return two trainings' covariance, and the largest possible."""
    graded = grades[:, ~np.isnan(grades).any(0)]
    count = len(graded)
    if count < 2 or not graded.size:
        return 0.0, 0.0
    each = float(graded.var(1).sum())
    return (float(graded.mean(0).var()) * count**2 - each) / (count * (count - 1)), each / count
