"""Estimate accuracies, differences and agreement from an exam's grades.

Each estimate comes with an interval, each difference with an exact test, and each family of tests with verdicts.
"""

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from runner.errors import Fault
from runner.statistics.accuracy_interval import accuracy_bounds
from runner.statistics.agreement import kappa_bounds, kappas
from runner.statistics.paired import chance, detectable, gain_bounds, parts

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


class Verdict(StrEnum):
    """Result of testing the second arm against the first."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "not decided"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with the bounds of its interval.

    The estimate is an accuracy from 0 to 1, or a kappa from -1 to 1.
    """

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Difference(Interval):
    """The second arm's accuracy minus the first arm's.

    The estimate lies between -1 and 1. `p` belongs to the test that the difference is 0. `detectable` is the smallest
    difference that this exam could have detected; it is None if the exam has too few facts to detect any.
    """

    p: float
    detectable: float | None


def interval(passed: Sequence[bool | None], clusters: Sequence[str], error: float = 0.05) -> Interval | None:
    """Estimate the accuracy over the graded answers.

    `clusters` names the fact of each answer. Answers about one fact may be right or wrong together, so they are not
    counted as independent. An answer with the cluster "" is independent of all others. The bounds come from
    `accuracy_bounds`. Returns None if no answer is graded.
    """
    (right,), facts = _graded(clusters, passed)
    if not facts.size:
        return None
    # Every question counts the same in the estimate, however many questions its fact has.
    low, high = accuracy_bounds(totals(right, facts), np.bincount(facts), error)
    return Interval(estimate=float(right.mean()), low=float(low), high=float(high))


def difference(
    first: Sequence[float | None],
    second: Sequence[float | None],
    clusters: Sequence[str],
    error: float = 0.05,
) -> Difference | None:
    """Estimate the second arm's gain over the first.

    Only questions that are graded for both arms count. A grade is 1 or 0. If an arm was trained several times, it is
    the share of the graded answers that passed. The bounds come from `gain_bounds`, the p value from `chance`, and the
    smallest detectable difference from `detectable`. Returns None if no question is graded for both arms.
    """
    (before, after), facts = _graded(clusters, first, second)
    if not facts.size:
        return None
    sums, sizes = totals(after - before, facts), np.bincount(facts)
    low, high = gain_bounds(sums, sizes, error)
    least = float(detectable((before.mean(), after.mean()), np.abs(before - after).mean(), sums, sizes, error))
    return Difference(
        estimate=float(after.mean() - before.mean()),
        low=float(low),
        high=float(high),
        # The exact test needs whole numbers, but a share of trainings such as 1/3 is a fraction.
        p=chance(np.rint(sums * parts(np.concatenate([before, after])))),
        detectable=None if np.isnan(least) else least,
    )


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


def verdicts(differences: Sequence[Difference], error: float = 0.05) -> list[Verdict]:
    """Decide each difference; `holm` corrects p for their number."""
    corrected = holm([difference.p for difference in differences])
    return [verdict(difference, p, error) for difference, p in zip(differences, corrected, strict=True)]


def verdict(difference: Difference, p: float, error: float) -> Verdict:
    """Decide one difference from its corrected p value."""
    # A difference of exactly 0 has no direction, whatever its p.
    if p > error or difference.estimate == 0:
        return Verdict.UNDECIDED
    return Verdict.BETTER if difference.estimate > 0 else Verdict.WORSE


def holm(chances: Sequence[float]) -> list[float]:
    """Correct p values for their number (Holm 1979).

    Of all families that are corrected so, at most a share of `error` holds a false call.
    """
    # Imported here since it takes two seconds, which a command without verdicts need not wait for.
    from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

    # multipletests collects garbage. With torch and MLflow loaded that takes a fifth of a second each time.
    gc.freeze()
    try:
        return [float(p) for p in multipletests(chances, method="holm")[1]]
    finally:
        gc.unfreeze()


def totals(values: Array, facts: Counts) -> Array:
    """Sum the values of each fact's questions.

    `values` has the shape (..., questions), the result (..., facts). `facts` numbers each question's fact from 0.
    """
    # np.bincount would do for one exam, but not for many at once, which bench/exams.py simulates.
    order = np.argsort(facts, kind="stable")
    sums: Array = np.add.reduceat(values[..., order], np.searchsorted(facts[order], np.arange(facts.max() + 1)), axis=-1)
    return sums


def _graded(clusters: Sequence[str], *arms: Sequence[float | None]) -> tuple[list[Array], Counts]:
    """Keep the questions that are graded for all arms.

    Returns each arm's grades of these questions, and the number of each question's fact.
    """
    if any(len(arm) != len(clusters) for arm in arms):
        lengths = " and ".join(str(len(arm)) for arm in arms)
        raise Fault(f"{lengths} grades for {len(clusters)} clusters: give each question one grade an arm and one cluster")
    places = [place for place, grades in enumerate(zip(*arms, strict=True)) if None not in grades]
    # A question without a fact is numbered by its place. That is an integer, so no fact's name can equal it.
    numbers: dict[str | int, int] = {}
    facts = [numbers.setdefault(clusters[place] or place, len(numbers)) for place in places]
    return [np.array([arm[place] for place in places], dtype=float) for arm in arms], np.array(facts, dtype=np.intp)
