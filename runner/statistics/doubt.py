"""Compute the uncertainty of a difference over facts and trainings.

Facts and trainings are two crossed random effects: another exam would ask about other facts, and another training of the
same method would give another model. All functions take one pair of arms, or many at once as leading axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
HALVINGS = 60  # of the logarithm of p, which leaves no difference in its printed digits


@dataclass(frozen=True)
class Pool:
    """Variance between trainings, over several arms."""

    variance: Array  # of one training; in a `Doubt`, of the difference
    arms: int
    freedom: Array
    error: float  # of a family of tests

    @property
    def deviation(self) -> float:
        """Standard deviation between trainings."""
        return float(np.sqrt(self.variance))

    def of_difference(self, variance: Array, freedom: Array) -> "Pool":
        """Build the pool of a `Doubt`."""
        return Pool(variance, self.arms, freedom, self.error)


@dataclass(frozen=True)
class Doubt:
    """The middle of a difference's interval, with its variances."""

    middle: Array
    variance: Array  # of the middle, over facts
    facts: float
    training: Array  # variance of the difference over trainings; 0 if no arm was trained several times
    freedom: Array  # degrees of freedom of `training`
    pool: Pool | None = None  # None if there are no other arms
    estimate: Array | float = 0.0  # this and the next two are for `ends` and `p`
    slope: Array | float = 0.0  # `training` is times 1 + slope * x + curve * x**2, if the difference is x above the estimate
    curve: Array | float = 0.0

    def reach(self, error: float | Array, times: Array | float = 1.0) -> Array:
        """Compute half the width of the interval.

        `times` multiplies `training`.

        The parts of facts and trainings are each a t interval. They are combined by the method of variance estimates recovery
        (MOVER: Zou and Donner 2008).

        A family of many tests has small errors, and t of two degrees of freedom is then very large. Many arms have more of
        them. So with a pool, a difference is tested twice. The test by its own arms is at the error of the family at least,
        and holds if arms vary unequally. The test by the pool corrects for the number of tests. Its variance is not below that
        of the own arms, as they may vary more than others. The interval is the wider of both.
        """
        widths = []
        for level, training, freedom in self._tests(error):
            # Not the root of squares: at the smallest errors these are too large for a float.
            over_facts, over_trainings = quantile(level, self.facts), quantile(level, freedom)
            widths.append(np.hypot(over_facts * np.sqrt(self.variance), over_trainings * np.sqrt(training * times)))
        reach: Array = np.max(widths, axis=0)
        return reach

    def ends(self, error: float) -> tuple[Array, Array]:
        """Compute the low and the high end of the interval.

        Near 0 and 1, trainings of a low variance are those that are farther from the middle than the method. So each end is
        at least as far out as where the variance that trainings would have there reaches (the score interval: Wilson 1927).
        """
        reach = self.reach(error)
        lows, highs = [self.middle - reach], [self.middle + reach]
        for level, training, freedom in self._tests(error):
            # The ends are the roots of (x + estimate - middle)**2 = facts + trainings * (1 + slope * x + curve * x**2).
            facts, trainings = quantile(level, self.facts) ** 2 * self.variance, quantile(level, freedom) ** 2 * training
            shift = self.estimate - self.middle
            square, linear, rest = 1 - trainings * self.curve, 2 * shift - trainings * self.slope, shift**2 - facts - trainings
            root = np.sqrt(np.maximum(linear**2 - 4 * square * rest, 0))
            lows.append(self.estimate - (linear + root) / (2 * square))
            highs.append(self.estimate - (linear - root) / (2 * square))
        return np.min(lows, axis=0), np.max(highs, axis=0)

    def p(self) -> Array:
        """Compute the largest error at which the interval holds 0."""
        # Widths have no inverse in closed form, so the range of the logarithm is halved. 1e-300 stands for 0.
        low, high = np.full_like(self.middle, np.log(1e-300)), np.zeros_like(self.middle)
        for _ in range(HALVINGS):
            half = (low + high) / 2
            holds = self.reach(np.exp(half), self.at_zero) >= np.abs(self.middle)
            low, high = np.where(holds, half, low), np.where(holds, high, half)
        p: Array = np.exp(high)
        return p

    @property
    def at_zero(self) -> Array:
        """Multiple of `training` that tells whether the interval holds 0."""
        multiple: Array = np.maximum(1 - self.slope * self.estimate + self.curve * np.square(self.estimate), 1)
        return multiple

    def _tests(self, error: float | Array) -> list[tuple[float | Array, Array, Array]]:
        """List error, variance over trainings and its degrees of freedom."""
        if not self.pool:
            return [(error, self.training, self.freedom)]
        together = error, np.maximum(self.training, self.pool.variance), self.pool.freedom
        return [(np.maximum(error, self.pool.error), self.training, self.freedom), together]


def skew(means: Sequence[Array | float], variances: Sequence[Array]) -> tuple[Array, Array]:
    """Compute slope and curve of a variance over trainings.

    `means` are the accuracies of the second and the first arm, `variances` those of their means over trainings. An arm's
    variance is taken to be proportional to accuracy * (1 - accuracy), and a difference to be made by the arms in proportion to
    their variances.
    """
    total = np.asarray(np.sum(variances, axis=0))
    slope, curve = np.zeros((2, *total.shape))
    for mean, variance, sign in zip(means, variances, (1, -1), strict=False):
        whole = np.asarray(mean * (1 - np.asarray(mean)))
        share = np.divide(variance, total, out=np.zeros_like(total), where=total > 0)
        scale = np.divide(share**2, whole, out=np.zeros_like(total), where=whole > 0)
        slope, curve = slope + sign * scale * (1 - 2 * np.asarray(mean)), curve - scale * share
    return slope, curve


def quantile(error: float | Array, freedom: float | Array) -> Array:
    """Compute the two-sided quantile of Student's t."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]

    # Of the lower tail, since 1 - error / 2 is 1 for the smallest errors.
    value: Array = -stdtrit(freedom, np.asarray(error) / 2)
    return value


def typical_size(sizes: Counts) -> float:
    """Compute the mean fact size over questions."""
    return float((sizes**2).sum() / sizes.sum())


def totals(values: Array, facts: Counts) -> Array:
    """Sum the values of each fact's questions.

    `values` has the shape (..., questions), the result (..., facts). `facts` numbers each question's fact from 0.
    """
    # np.bincount would do for one exam, but not for many at once, which bench/exams.py simulates.
    order = np.argsort(facts, kind="stable")
    sums: Array = np.add.reduceat(values[..., order], np.searchsorted(facts[order], np.arange(facts.max() + 1)), axis=-1)
    return sums


def over_facts(sums: Array, sizes: Counts) -> tuple[Array, Array]:
    """Compute the middle of a difference's interval and its variance.

    `sums` holds each fact's difference, with the shape (..., facts), and `sizes` its number of questions. Both results are
    over the facts and one pseudo-fact.
    """
    size, questions = typical_size(sizes), int(sizes.sum())
    middle = sums.sum(-1) / (questions + size)
    squares = ((sums - middle[..., None] * sizes) ** 2).sum(-1)
    return middle, pseudo_fact(squares, middle, size, len(sizes), questions)


def pseudo_fact(squares: Array, middle: Array, size: float, facts: float, questions: float) -> Array:
    """Compute a variance over the facts and one pseudo-fact.

    `squares` is the sum over the facts of the squared deviations from the middle. The pseudo-fact stays as it is with a
    probability of one half, and gets better or worse as a whole with one quarter each. Without it, an exam on which nothing
    changed would have an interval of no width. Agresti and Min (2005) add two such pairs where each fact has one question.
    """
    # The second term is the expected square of the pseudo-fact.
    variance: Array = (facts + 1) / facts * (squares + size**2 * (0.5 + middle**2)) / (questions + size) ** 2
    return variance


def between_trainings(sums: Array, counts: Array) -> tuple[Array, Array]:
    """Estimate the variance of accuracy between trainings of one arm.

    Returns the variance, and the mean of what was subtracted for it: the part of the differences between trainings that comes
    from the facts of this exam.

    `sums` holds the right answers by training and fact, `counts` the graded ones, both with the shape (..., trainings,
    facts). Each training must have a graded answer.

    Two trainings differ by twice this variance, and because each fact suits one of them better. The second part, the
    interaction, is subtracted, since the variance over facts holds it already. With equal numbers of answers the result is
    the estimate by mean squares: that between trainings minus that of the interaction, divided by the number of facts.
    """
    facts = sums.shape[-1]
    asked = counts.sum(-1)
    accuracies = sums.sum(-1) / asked
    residuals = (sums - accuracies[..., None] * counts) / asked[..., None]
    apart, noise, weight = np.zeros((3, *accuracies.shape[:-1]))
    for left, right in combinations(range(sums.shape[-2]), 2):
        # A training of which little was graded says little.
        shared = asked[..., left] * asked[..., right]
        squares = ((residuals[..., left, :] - residuals[..., right, :]) ** 2).sum(-1)
        apart += shared * (accuracies[..., left] - accuracies[..., right]) ** 2 / 2
        noise += shared * squares * facts / max(facts - 1, 1) / 2
        weight += shared
    weight = np.where(weight > 0, weight, 1)  # one training has no pair
    return np.maximum(apart - noise, 0) / weight, noise / weight


def between_graded(grades: Array, facts: Counts) -> tuple[float, float]:
    """Compute `between_trainings` of one arm's grades.

    `grades` has the shape (trainings, questions), and is NaN where an answer is not graded.
    """
    sums, counts = (totals(values, facts) for values in (np.nan_to_num(grades), (~np.isnan(grades)).astype(float)))
    variance, noise = between_trainings(sums, counts)
    return float(variance), float(noise)


def share_in_mean(grades: Array) -> float:
    """Compute the share of the trainings' variance in their mean.

    Of equal numbers of graded answers it is 1 / trainings. `grades` is that of `between_graded`, with a grade for each question.
    """
    graded = ~np.isnan(grades)
    return float(((graded / graded.sum(0)).mean(1) ** 2).sum())


def pooled(variances: Sequence[Array], freedoms: Sequence[float]) -> tuple[Array, Array]:
    """Add the arms' variances over trainings.

    Returns the sum and its degrees of freedom (Satterthwaite 1946).
    """
    total = np.asarray(np.sum(variances, axis=0))
    squares = np.sum([variance**2 / max(freedom, 1) for variance, freedom in zip(variances, freedoms, strict=True)], axis=0)
    return total, np.divide(total**2, squares, out=np.ones_like(total), where=squares > 0)
