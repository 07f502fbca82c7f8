"""Compute how likely a verdict is to call a difference.

The expected result of two arms on an exam comes in. Expectations come from grades that were seen, or from suppositions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from runner.statistics.doubt import Doubt, Pool, pooled, pseudo_fact
from runner.statistics.sign_flips import sign_power

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
POWER = 0.8
FEWEST = 6  # facts: with fewer, the sign-flip test decides nothing at 5%
HALVINGS = 12  # of the range from 0 to 1, which leaves a step of 0.02 percentage points
COUNTED = 500  # facts at most for which the sign-flip test is looked at: with more of them it agrees with the interval
TINY = 1e-12
NODES = (np.arange(12) + 0.5) / 12  # quantiles of an arm's estimated variance between trainings


@dataclass(frozen=True)
class FactSizes:
    """The number of facts, and how many questions they have."""

    facts: float
    mean: float
    square: float  # mean of the squared numbers of questions
    largest: int

    @classmethod
    def of(cls, sizes: Counts) -> "FactSizes":
        """Summarize facts by their numbers of questions."""
        return cls(len(sizes), float(sizes.mean()), float((sizes**2).mean()), int(sizes.max()))

    def times(self, facts: float = 1, questions: int = 1) -> "FactSizes":
        """Multiply the number of facts, or of questions about each."""
        return FactSizes(self.facts * facts, self.mean * questions, self.square * questions**2, self.largest * questions)

    @property
    def questions(self) -> float:
        """Number of questions."""
        return self.facts * self.mean

    @property
    def typical(self) -> float:
        """Mean fact size over questions."""
        return self.square / self.mean

    @property
    def least(self) -> int:
        """Number of facts that is always enough."""
        return self.enough(1)

    def enough(self, moved: float) -> int:
        """Compute how many facts a verdict needs.

        `moved` is the number of questions by which facts differ in favour of the better arm, if they differ.
        """
        # Of so many facts, one is likely to hold a loss as large as all of its questions, if all gains and losses are equal.
        return max(FEWEST, ceil(2 * (self.typical / max(moved, 1) + 1) - 1e-9))

    @property
    def decided_from(self) -> float:
        """Smallest difference for which there are enough facts."""
        if self.facts >= self.least:
            return 0.0
        # A mean difference is at most the mean of those that favour the better arm.
        return 2 * self.typical / (self.facts - 2) / self.mean if self.facts >= FEWEST else inf


@dataclass(frozen=True)
class Repeats:
    """The trainings of two arms, and how much they vary. Most fields are by arm."""

    trainings: tuple[int, int]
    variance: tuple[Array, Array]  # of the mean over trainings
    noise: tuple[Array, Array]  # what is subtracted when that variance is estimated
    pool: Pool | None = None  # of the difference of both arms
    times: Array | float = 1.0  # multiple of the variance over trainings at a difference of 0, which a verdict asks about

    def estimates(self) -> tuple[Array, Array]:
        """Compute estimates of the variance over trainings, each as likely.

        Returns them with their degrees of freedom, with the shape (..., estimates).
        """
        from scipy.special import chdtri  # type: ignore[import-untyped]

        freedoms = [trainings - 1 for trainings in self.trainings]
        parts = []
        for variance, noise, freedom in zip(self.variance, self.noise, freedoms, strict=True):
            scales = chdtri(freedom, NODES) / freedom if freedom else np.ones(1)
            parts.append(np.maximum((variance[..., None] + noise[..., None]) * scales - noise[..., None], 0))
        shape = np.broadcast_shapes(parts[0][..., None].shape, parts[1][..., None, :].shape)
        pair = [np.broadcast_to(part, shape) for part in (parts[0][..., None], parts[1][..., None, :])]
        total, pooled_freedom = pooled(pair, freedoms)
        return total.reshape(*shape[:-2], -1), pooled_freedom.reshape(*shape[:-2], -1)


@dataclass(frozen=True)
class Expected:
    """The expected result of two arms on an exam."""

    gain: Array
    variance: Array  # of a fact's difference: the mean square of its deviation over the facts of an exam
    moved: Array  # share of the facts on which the arms differ
    sizes: FactSizes
    repeats: Repeats

    def power(self, error: float) -> Array:
        """Compute the probability that the gain is called."""
        from scipy.special import ndtr

        facts, questions, size = self.sizes.facts, self.sizes.questions, self.sizes.typical
        squares = facts * self.variance
        middle = self.gain * questions / (questions + size)
        about_middle = squares + facts * (self.gain - middle) ** 2 * self.sizes.square
        variance = pseudo_fact(about_middle, middle, size, facts, questions)
        over_facts = squares * facts / max(facts - 1, 1) / (questions + size) ** 2
        deviation = np.sqrt(over_facts + sum(self.repeats.variance))
        deviation = np.maximum(deviation, TINY)[..., None]  # of a hypothetical exam whose questions all change alike
        # The interval is wide where the trainings happen to differ much, so the power is averaged over its widths.
        doubt = Doubt(middle[..., None], variance[..., None], facts, *self.repeats.estimates(), self.repeats.pool)
        reach = doubt.reach(error, self.repeats.times)
        by_interval = ndtr((middle[..., None] - reach) / deviation).mean(-1)
        power: Array = np.minimum(by_interval, self._flipped(error))
        return power

    def _flipped(self, error: float) -> Array:
        """Compute the probability that the sign-flip test calls the gain."""
        # Of few facts, the test leaves out more than the interval does, since it has few results.
        if self.sizes.facts > COUNTED:
            return np.ones_like(self.gain)
        sums = self.variance + self.gain**2 * self.sizes.square  # the expected square of a fact's difference
        scale = np.sqrt(sums * self.moved)
        direction = np.divide(self.gain * self.sizes.mean, scale, out=np.zeros_like(self.gain), where=scale > 0)
        # Facts of one question and one training differ by one or not at all, so that each total stands for many flips.
        coarse = max(min(self.repeats.trainings), self.sizes.largest) == 1
        better = np.clip((1 + direction) / 2, 0, 1)
        return sign_power(round(self.sizes.facts), np.clip(self.moved, 0, 1), better, error, coarse)


def smallest(power: Callable[[Array], Array], shape: tuple[int, ...] = ()) -> Array:
    """Find the smallest gain with a power of 0.8.

    The result is NaN if no gain is large enough. `shape` is that of the gains that `power` takes.
    """
    # The power grows with the gain but has no inverse in closed form, so the range is halved.
    low, high = np.zeros(shape), np.ones(shape)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        called = power(middle) >= POWER
        low, high = np.where(called, low, middle), np.where(called, middle, high)
    return np.where(power(np.ones(shape)) >= POWER, high, np.nan)
