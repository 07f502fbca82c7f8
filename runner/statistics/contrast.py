"""Compare two arms by their grades.

Estimate, interval, p and the smallest detectable difference come from one method.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from runner.errors import Fault
from runner.statistics.called import FactSizes
from runner.statistics.doubt import Doubt, Pool, between_graded, over_facts, pooled, share_in_mean, skew, totals
from runner.statistics.estimates import About, Difference
from runner.statistics.grades import Grades
from runner.statistics.moved_facts import distances
from runner.statistics.power import Exam
from runner.statistics.sign_flips import chance, whole

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
EQUAL = 1e-9  # a difference that rounding alone may give to equal arms
MOST = 50  # trainings that are looked at
LEEWAY = 1.0  # standard deviations by which more trainings may move a difference that is given up


def contrast(first: Grades, second: Grades, facts: Counts, pool: Pool | None = None) -> "Contrast | None":
    """Compare two arms on the questions that both have graded.

    `facts` numbers the fact of each question. `pool` is that of all arms on these questions. Returns None if no question is
    graded for both arms.
    """
    if any(grades.values.ndim != 2 or grades.values.shape[1] != len(facts) for grades in (first, second)):
        shapes = " and ".join(str(grades.values.shape[-1]) for grades in (first, second))
        raise Fault(f"{shapes} grades for {len(facts)} clusters: give each question one grade an arm and one cluster")
    both = ~np.isnan(first.values).all(0) & ~np.isnan(second.values).all(0)
    if not both.any():
        return None
    _, kept = np.unique(facts[both], return_inverse=True)
    arms = [grades.values[:, both] for grades in (first, second)]
    # A training that was not graded on these questions says nothing.
    arms = [values[~np.isnan(values).all(1)] for values in arms]
    return Contrast(arms[0], arms[1], kept, (first.trained, second.trained), pool)


@dataclass(frozen=True, eq=False)
class Contrast:
    """The second arm's accuracy minus the first arm's.

    `first` and `second` are grades by training and question, NaN if ungraded; each row and each column has a grade. Verdict
    and interval cannot contradict each other, because p is the smallest error at which the interval excludes 0.
    """

    first: Array
    second: Array
    numbers: Counts  # of each question's fact, from 0
    trained: tuple[bool, bool]
    pool: Pool | None = None

    @cached_property
    def estimate(self) -> float:
        """The difference of the mean grades, from -1 to 1."""
        before, after = self.means
        return float(after.mean() - before.mean())

    @property
    def facts(self) -> int:
        """Number of facts that both arms were graded on."""
        return len(self._sizes)

    @property
    def lacking(self) -> int | None:
        """Number of facts that a verdict needs, or None.

        It is None if the exam has as many. If the questions of a fact move together, a rare large loss may not be in a small
        exam, and many small gains look decided. The larger the gains are, the less rare are losses that outweigh them. Facts of
        one question have no such losses, and the sign-flip test is exact. docs/statistics.md has the rates.
        """
        return self._least if self.facts < self._least else None

    @property
    def about(self) -> About:
        """Scope of the difference."""
        repeated = [len(arm) > 1 for arm, trained in zip(self._arms, self.trained, strict=True) if trained]
        return About.METHODS if repeated and all(repeated) else About.MODELS

    @cached_property
    def p(self) -> float:
        """The smallest error at which the interval excludes 0.

        It is 1 if the exam has too few facts for a verdict.
        """
        if self.lacking or self.estimate == 0:
            return 1.0
        grades = np.concatenate([arm.ravel() for arm in self.means])
        # Rounded, so that p values that are equal but for the order of sums are equal in a family too.
        return float(f"{max(float(self._doubt.p()), chance(whole(self._sums, grades))):.9g}")

    def bounds(self, error: float) -> tuple[float, float]:
        """Compute the interval that misses the difference at this rate.

        It holds all differences that the t interval of `Doubt` holds, those that `distances` allows, and 0 unless the sign-flip
        test rejects it.
        """
        floor = self._floor(error)
        # The floor holds the estimate. The t interval may leave it out at large errors, as the pseudo-fact pulls it towards 0.
        low, high = (float(end) for end in self._doubt.ends(error))
        low, high = max(-1.0, min(low, floor[0])), min(1.0, max(high, floor[1]))
        if self.p > error:
            return min(low, 0.0), max(high, 0.0)
        # Rounding must not bring 0 back into an interval that excludes it by less than that.
        tiny = float(np.finfo(float).tiny)
        return (max(low, tiny), high) if self.estimate > 0 else (low, min(high, -tiny))

    def _floor(self, error: float) -> tuple[float, float]:
        """Compute the least interval by how many facts moved."""
        below, above = distances(self._sums, self._sizes, error)
        # What trainings differ is added as in `Doubt.reach`.
        low, high = replace(self._doubt, middle=np.asarray(self.estimate), variance=np.zeros(())).ends(error)
        down, up = np.hypot(below, self.estimate - low), np.hypot(above, high - self.estimate)
        return self.estimate - float(down), self.estimate + float(up)

    def difference(self, error: float, spread: float | None = None) -> Difference:
        """Collect all numbers at one error.

        `spread` is a standard deviation between trainings, for arms that were trained once.
        """
        low, high = self.bounds(error)
        return Difference(
            estimate=self.estimate,
            low=low,
            high=high,
            p=self.p,
            detectable=self.detectable(error),
            error=error,
            about=self.about,
            facts=self.facts,
            lacking=self.lacking,
            trainings=self.enough_trainings(error, spread) if self.p > error else None,
            hopeful=self.enough_trainings(error, spread, LEEWAY) if self.p > error else None,
        )

    def detectable(self, error: float, times: float = 1) -> float | None:
        """Estimate the smallest difference that such an exam detects.

        To detect is to call it four times in five. `times` is the number of facts as a multiple of this exam's. Returns None
        if the exam can detect no difference.
        """
        # The hypothetical difference points the way of the one that was seen. If the arms are equal, the result must not
        # depend on their order.
        ways = [turned for turned, seen in ((False, self.estimate > -EQUAL), (True, self.estimate < EQUAL)) if seen]
        least = [float(self._exam(turned).detectable(error, times)) for turned in ways]
        smallest = float(np.max([*least, FactSizes.of(self._sizes).times(times).decided_from]))
        return smallest if smallest <= 1 else None

    def _exam(self, turned: bool) -> Exam:
        """Build the exam, with the two arms exchanged if `turned`."""
        (before, after), (training, noise) = self.means, self._repeated
        repeats = len(self.first), len(self.second)
        if not turned:
            return Exam(before, after, self.numbers, repeats, training, noise, self._pool)
        return Exam(after, before, self.numbers, repeats[::-1], training[::-1], noise[::-1], self._pool)

    def enough_trainings(self, error: float, spread: float | None = None, leeway: float = 0.0) -> int | None:
        """Estimate how many trainings of each arm decide the difference.

        It is supposed that the estimate stays as it is, or moves away from 0 by `leeway` standard deviations of what more
        trainings may change. `spread` is the standard deviation between trainings, by default that of these arms. Returns None
        if no spread is known, or if more trainings would not decide.
        """
        known = [between for (between, _), arm in zip(self._between, self._arms, strict=True) if len(arm) > 1]
        variance = spread**2 if spread is not None else float(np.mean(known)) if known else None
        if variance is None or self.lacking or not any(self.trained):
            return None
        doubt, counts = self._doubt, np.arange(2, MOST + 1)
        over_facts, moves = np.full(len(counts), float(doubt.variance)), np.zeros(len(counts))
        for arm, noise, is_trained in zip(self._arms, self._repeated[1], self.trained, strict=True):
            # What facts and trainings make together falls with their number too.
            left = (1 - len(arm) / counts) * is_trained
            over_facts -= noise * left
            moves += (variance / len(arm) + noise) * np.maximum(left, 0)
        arms = sum(self.trained)
        training, freedom = arms * variance / counts, np.array(arms * (counts - 1.0))
        pool = self.pool and self.pool.of_difference(training, freedom / arms * max(arms, self.pool.arms))
        later = Doubt(doubt.middle, np.maximum(over_facts, 0), doubt.facts, training, freedom, pool)
        enough = later.reach(error, doubt.at_zero) < abs(doubt.middle) + leeway * np.sqrt(moves)
        return int(counts[enough.argmax()]) if enough.any() else None

    @cached_property
    def _arms(self) -> tuple[Array, Array]:
        return self.first, self.second

    @cached_property
    def _sizes(self) -> Counts:
        return np.bincount(self.numbers)

    @property
    def _least(self) -> int:
        """Number of facts that a verdict needs."""
        gains = self._sums * np.sign(self.estimate)
        return FactSizes.of(self._sizes).enough(float(gains[gains > 0].mean()) if (gains > 0).any() else 1)

    @cached_property
    def means(self) -> tuple[Array, Array]:
        """Each question's grade by arm: the mean over the graded trainings."""
        return np.nanmean(self.first, 0), np.nanmean(self.second, 0)

    @cached_property
    def _sums(self) -> Array:
        before, after = self.means
        return totals(after - before, self.numbers)

    @cached_property
    def _between(self) -> list[tuple[float, float]]:
        """Each arm's two results of `between_graded`."""
        return [between_graded(arm, self.numbers) for arm in self._arms]

    @cached_property
    def _doubt(self) -> Doubt:
        middle, variance = over_facts(self._sums, self._sizes)
        training, _ = self._repeated
        total, freedom = pooled(training, [len(arm) - 1 for arm in self._arms])
        before, after = self.means
        slope, curve = skew((after.mean(), before.mean()), training[::-1])
        return Doubt(middle, variance, self.facts, total, freedom, self._pool, self.estimate, slope, curve)

    @cached_property
    def _pool(self) -> Pool | None:
        """The pool's variance of this difference."""
        share = sum(share_in_mean(arm) for arm in self._arms if len(arm) > 1)
        return self.pool.of_difference(self.pool.variance * share, self.pool.freedom) if self.pool and share else None

    @cached_property
    def _repeated(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """By arm, the two results of `between_graded` for its mean."""
        first, second = (np.array(between) * share_in_mean(arm) for between, arm in zip(self._between, self._arms, strict=True))
        return (first[0], second[0]), (first[1], second[1])
