"""The grades of an exam in; accuracies and differences with their intervals, exact tests and verdicts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from runner.fault import Fault
from runner.paired import chance, detectable, gain_bounds
from runner.posterior import accuracy_bounds

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


class Verdict(StrEnum):
    """Whether the second arm is better than the first, as far as an exam can tell."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "not decided"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An accuracy and the bounds of its interval, shares from 0 to 1."""

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
    first: Sequence[bool | None], second: Sequence[bool | None], clusters: Sequence[str], error: float = 0.05
) -> Difference | None:
    """Second minus first over the questions that are graded for both; None where there are none.

    Its bounds by `gain_bounds`, p by `chance`, and what the exam could have seen by `detectable`.
    """
    (one, two), facts = _graded(clusters, first, second)
    if not facts.size:
        return None
    sums, sizes = totals(two - one, facts), np.bincount(facts)
    low, high = gain_bounds(sums, sizes, error)
    least = float(detectable((one.mean(), two.mean()), (one != two).mean(), sums, sizes, error))
    return Difference(
        estimate=float(two.mean() - one.mean()),
        low=float(low),
        high=float(high),
        p=chance(sums),
        detectable=None if np.isnan(least) else least,
    )


def verdicts(differences: Sequence[Difference], error: float = 0.05) -> list[Verdict]:
    """One verdict a difference, from p values corrected by `holm` for their number."""
    directions = [Verdict.BETTER if found.estimate > 0 else Verdict.WORSE for found in differences]
    corrected = holm([found.p for found in differences])
    return [verdict if p <= error else Verdict.UNDECIDED for verdict, p in zip(directions, corrected, strict=True)]


def holm(chances: Sequence[float]) -> list[float]:
    """p values corrected for their number: at most `error` of such families hold any false call (Holm 1979)."""
    from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

    return [float(p) for p in multipletests(chances, method="holm")[1]]


def totals(values: Array, facts: Counts) -> Array:
    """Each fact's sum of its questions' values (..., questions); `facts` numbers each question's fact from 0."""
    order = np.argsort(facts, kind="stable")
    found: Array = np.add.reduceat(values[..., order], np.searchsorted(facts[order], np.arange(facts.max() + 1)), axis=-1)
    return found


def _graded(clusters: Sequence[str], *arms: Sequence[bool | None]) -> tuple[list[Array], Counts]:
    """Each arm's answers to the questions that are graded for all arms, and the number of each one's fact."""
    if any(len(arm) != len(clusters) for arm in arms):
        found = " and ".join(str(len(arm)) for arm in arms)
        raise Fault(f"{found} grades for {len(clusters)} clusters: give each question one grade an arm and one cluster")
    places = [place for place, grades in enumerate(zip(*arms, strict=True)) if None not in grades]
    numbers: dict[str | int, int] = {}
    facts = [numbers.setdefault(clusters[place] or place, len(numbers)) for place in places]
    return [np.array([arm[place] for place in places], dtype=float) for arm in arms], np.array(facts, dtype=np.intp)
