"""The grades of an exam in; accuracies, differences and agreement with their intervals, exact tests and verdicts out."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from runner.errors import Fault
from runner.statistics.agreement import kappa_bounds, kappas
from runner.statistics.paired import chance, detectable, gain_bounds, parts
from runner.statistics.posterior import accuracy_bounds

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


class Verdict(StrEnum):
    """Whether the second arm is better than the first, as far as an exam can tell."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "not decided"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate and the bounds of its interval: an accuracy from 0 to 1, or a kappa from -1 to 1."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Difference(Interval):
    """Second minus first, from -1 to 1, the p of the test that there is none, and the smallest that could have been seen.

    `detectable` is None where the exam has too few facts to see any difference.
    """

    p: float
    detectable: float | None


def interval(passed: Sequence[bool | None], clusters: Sequence[str], error: float = 0.05) -> Interval | None:
    """The accuracy over the graded answers, its bounds by `accuracy_bounds`; None where nothing was graded.

    Questions of one cluster, their fact, may stand or fall together; a question without one, "", stands alone.
    """
    (right,), facts = _graded(clusters, passed)
    if not facts.size:
        return None
    low, high = accuracy_bounds(totals(right, facts), np.bincount(facts), error)
    return Interval(estimate=float(right.mean()), low=float(low), high=float(high))


def difference(
    first: Sequence[float | None],
    second: Sequence[float | None],
    clusters: Sequence[str],
    error: float = 0.05,
) -> Difference | None:
    """Second minus first over the questions that are graded for both; None where there are none.

    A grade is 1 or 0, or where an arm was trained several times the share of its graded answers that passed. Bounds by
    `gain_bounds`, p by `chance`, and what the exam could have seen by `detectable`.
    """
    (one, two), facts = _graded(clusters, first, second)
    if not facts.size:
        return None
    sums, sizes = totals(two - one, facts), np.bincount(facts)
    low, high = gain_bounds(sums, sizes, error)
    least = float(detectable((one.mean(), two.mean()), np.abs(one - two).mean(), sums, sizes, error))
    return Difference(
        estimate=float(two.mean() - one.mean()),
        low=float(low),
        high=float(high),
        p=chance(np.rint(sums * parts(np.concatenate([one, two])))),
        detectable=None if np.isnan(least) else least,
    )


def bounds(name: str, found: Interval | None, suffix: str = "") -> dict[str, float]:
    """An interval as three metrics: `<name>`, `<name>_low` and `<name>_high`, each with the suffix; none where there is none."""
    ends = {"": found.estimate, "_low": found.low, "_high": found.high} if found else {}
    return {f"{name}{end}{suffix}": value for end, value in ends.items()}


def shares(passed: Sequence[bool | None], clusters: Sequence[str]) -> dict[str, float]:
    """Each cluster's accuracy, where any of its answers was graded."""
    graded: dict[str, list[bool]] = {}
    for verdict, cluster in zip(passed, clusters, strict=True):
        if verdict is not None:
            graded.setdefault(cluster, []).append(verdict)
    return {cluster: fmean(verdicts) for cluster, verdicts in graded.items()}


def exam_error(passed: Sequence[float | None], clusters: Sequence[str]) -> float | None:
    """The standard error of an accuracy over facts, each with its questions; None where fewer than two facts were graded."""
    (right,), facts = _graded(clusters, passed)
    sizes = np.bincount(facts)
    if len(sizes) < 2:
        return None
    off = totals(right, facts) - right.mean() * sizes
    return float(np.sqrt((off**2).sum() * len(sizes) / (len(sizes) - 1)) / sizes.sum())


def kappa(
    first: Sequence[bool | None], second: Sequence[bool | None], clusters: Sequence[str], error: float = 0.05
) -> Interval | None:
    """Cohen's kappa over the answers that both graders graded, its bounds by `kappa_bounds`.

    None where there are no such answers, or where one of the two gives them all the same grade: kappa is then 0 or not
    defined, whatever the other says.
    """
    (one, two), facts = _graded(clusters, first, second)
    if min(len(np.unique(one)), len(np.unique(two))) < 2:
        return None
    answers = np.eye(4)[(2 * one + two).astype(int)]
    tables = totals(answers.T, facts).T
    low, high = kappa_bounds(tables, error)
    return Interval(estimate=float(kappas(tables.sum(0))), low=low, high=high)


def verdicts(differences: Sequence[Difference], error: float = 0.05) -> list[Verdict]:
    """One verdict a difference, from p values corrected by `holm` for their number."""
    corrected = holm([found.p for found in differences])
    return [verdict(found, p, error) for found, p in zip(differences, corrected, strict=True)]


def verdict(found: Difference, p: float, error: float) -> Verdict:
    """What a difference says whose p, corrected, is this."""
    if p > error or found.estimate == 0:
        return Verdict.UNDECIDED
    return Verdict.BETTER if found.estimate > 0 else Verdict.WORSE


def holm(chances: Sequence[float]) -> list[float]:
    """p values corrected for their number: at most `error` of such families hold any false call (Holm 1979)."""
    from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

    gc.freeze()  # multipletests collects garbage: a fifth of a second each time, once torch and MLflow are loaded
    try:
        return [float(p) for p in multipletests(chances, method="holm")[1]]
    finally:
        gc.unfreeze()


def totals(values: Array, facts: Counts) -> Array:
    """Each fact's sum of its questions' values (..., questions); `facts` numbers each question's fact from 0."""
    order = np.argsort(facts, kind="stable")
    found: Array = np.add.reduceat(values[..., order], np.searchsorted(facts[order], np.arange(facts.max() + 1)), axis=-1)
    return found


def _graded(clusters: Sequence[str], *arms: Sequence[float | None]) -> tuple[list[Array], Counts]:
    """Each arm's answers to the questions that are graded for all arms, and the number of each one's fact."""
    if any(len(arm) != len(clusters) for arm in arms):
        found = " and ".join(str(len(arm)) for arm in arms)
        raise Fault(f"{found} grades for {len(clusters)} clusters: give each question one grade an arm and one cluster")
    places = [place for place, grades in enumerate(zip(*arms, strict=True)) if None not in grades]
    numbers: dict[str | int, int] = {}
    facts = [numbers.setdefault(clusters[place] or place, len(numbers)) for place in places]
    return [np.array([arm[place] for place in places], dtype=float) for arm in arms], np.array(facts, dtype=np.intp)
