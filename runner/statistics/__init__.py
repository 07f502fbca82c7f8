"""Estimate accuracies, differences and agreement from an exam's grades.

Each estimate comes with an interval. Each difference has a p value that agrees with it, and each family of differences has
verdicts.
"""

from collections.abc import Sequence
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from runner.errors import Fault
from runner.statistics.accuracy_interval import accuracy_bounds
from runner.statistics.agreement import kappa_bounds, kappas
from runner.statistics.contrast import Contrast, contrast
from runner.statistics.doubt import Doubt, Pool, between_trainings, skew, totals
from runner.statistics.estimates import About, Difference, Interval
from runner.statistics.families import Decision, Verdict, decisions
from runner.statistics.grades import Grades, numbered
from runner.statistics.pool import pool

__all__ = [
    "About",
    "Contrast",
    "Decision",
    "Difference",
    "Grades",
    "Interval",
    "Pool",
    "Verdict",
    "bounds",
    "contrast",
    "decisions",
    "exam_error",
    "interval",
    "kappa",
    "numbered",
    "pool",
    "shares",
]

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


def interval(
    passed: Sequence[bool | None], clusters: Sequence[str], error: float = 0.05, trainings: Sequence[int] = ()
) -> Interval | None:
    """Estimate the accuracy over the graded answers.

    `clusters` names the fact of each answer. Answers about one fact may be right or wrong together, so they are not
    counted as independent. An answer with the cluster "" is independent of all others. `trainings` numbers the training that
    each answer is of, if there were several. The bounds come from `accuracy_bounds`, and trainings widen them by the method
    of variance estimates recovery (Zou and Donner 2008). Returns None if no answer is graded.
    """
    (right,), facts = _graded(clusters, passed)
    if not facts.size:
        return None
    # Every question counts the same in the estimate, however many questions its fact has.
    low, high = accuracy_bounds(totals(right, facts), np.bincount(facts), error)
    estimate = Interval(estimate=float(right.mean()), low=float(low), high=float(high))
    graded = [training for training, grade in zip(trainings, passed, strict=True) if grade is not None] if trainings else []
    return _widened(estimate, right, facts, graded, error)


def _widened(estimate: Interval, right: Array, facts: Counts, trainings: Sequence[int], error: float) -> Interval:
    """Widen an interval over facts by what trainings differ."""
    _, rows, answers = np.unique(trainings, return_inverse=True, return_counts=True)
    if len(answers) < 2:
        return estimate
    sums, counts = np.zeros((2, len(answers), facts.max() + 1))
    np.add.at(sums, (rows, facts), right)
    np.add.at(counts, (rows, facts), 1)
    weights = answers / answers.sum()
    variance = np.asarray(between_trainings(sums, counts)[0] * (weights**2).sum())
    if not variance:
        return estimate
    mean, freedom = np.asarray(estimate.estimate), np.asarray(float(len(answers) - 1))
    alone = Doubt(mean, np.zeros(()), 1, variance, freedom, None, mean, *skew([mean], [variance])).ends(error)
    down, up = np.hypot(mean - estimate.low, mean - alone[0]), np.hypot(estimate.high - mean, alone[1] - mean)
    low, high = max(0.0, estimate.estimate - float(down)), min(1.0, estimate.estimate + float(up))
    return Interval(estimate=estimate.estimate, low=low, high=high)


def bounds(name: str, value: Interval | None, suffix: str = "") -> dict[str, float]:
    """Name an interval's three numbers as metrics.

    The names are `<name>`, `<name>_low` and `<name>_high`, each followed by the suffix. No interval gives no metric.
    """
    ends = {"": value.estimate, "_low": value.low, "_high": value.high} if value else {}
    return {f"{name}{end}{suffix}": number for end, number in ends.items()}


def shares(passed: Sequence[bool | None], clusters: Sequence[str]) -> dict[str, float]:
    """Compute each cluster's accuracy; ungraded clusters are left out."""
    graded: dict[str, list[bool]] = {}
    # A verdict of None counts neither as right nor as wrong: the grader's failure is not the model's.
    for verdict, cluster in zip(passed, clusters, strict=True):
        if verdict is not None:
            graded.setdefault(cluster, []).append(verdict)
    return {cluster: fmean(verdicts) for cluster, verdicts in graded.items()}


def exam_error(passed: Sequence[float | None], clusters: Sequence[str]) -> float | None:
    """Compute an accuracy's standard error over facts.

    This is the error of a ratio of two sums over facts: right answers, and answers. Returns None if fewer than two
    facts have a graded answer.
    """
    (right,), facts = _graded(clusters, passed)
    sizes = np.bincount(facts)
    if len(sizes) < 2:
        return None
    residuals = totals(right, facts) - right.mean() * sizes
    # The factor n / (n - 1) corrects the variance for the mean, which was estimated from the same facts.
    return float(np.sqrt((residuals**2).sum() * len(sizes) / (len(sizes) - 1)) / sizes.sum())


def kappa(
    first: Sequence[bool | None], second: Sequence[bool | None], clusters: Sequence[str], error: float = 0.05
) -> Interval | None:
    """Compute Cohen's kappa of two graders.

    Only answers that both graders graded count. The bounds come from `kappa_bounds`. Returns None if there is no such
    answer, or if one grader gave the same grade to all of them: kappa is then 0 or undefined, whatever the other grader
    said.
    """
    (grades, others), facts = _graded(clusters, first, second)
    if min(len(np.unique(grades)), len(np.unique(others))) < 2:
        return None
    # Each answer falls into one of the four cells that `kappas` expects: the first grader's verdict counts 2.
    answers = np.eye(4)[(2 * grades + others).astype(int)]
    tables = totals(answers.T, facts).T
    low, high = kappa_bounds(tables, error)
    return Interval(estimate=float(kappas(tables.sum(0))), low=low, high=high)


def _graded(clusters: Sequence[str], *arms: Sequence[float | None]) -> tuple[list[Array], Counts]:
    """Keep the questions that are graded for all arms.

    Returns each arm's grades of these questions, and the number of each question's fact.
    """
    if any(len(arm) != len(clusters) for arm in arms):
        lengths = " and ".join(str(len(arm)) for arm in arms)
        raise Fault(f"{lengths} grades for {len(clusters)} clusters: give each question one grade an arm and one cluster")
    places = [place for place, grades in enumerate(zip(*arms, strict=True)) if None not in grades]
    facts = numbered([clusters[place] for place in places])
    return [np.array([arm[place] for place in places], dtype=float) for arm in arms], facts
