"""Estimate the smallest difference that an exam detects.

The grades of two arms come in, with the shape (..., questions). A grade is the mean over an arm's trainings.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from runner.statistics.doubt import Doubt, pooled, pseudo_fact, totals, typical_size
from runner.statistics.sign_flips import sign_power

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
POWER = 0.8
HALVINGS = 12  # of the range from 0 to 1, which leaves a step of 0.02 percentage points
COUNTED = 500  # facts at most for which the sign-flip test is looked at: with more of them it agrees with the interval
TINY = 1e-12
NODES = (np.arange(12) + 0.5) / 12  # quantiles of an arm's estimated variance between trainings


@dataclass(frozen=True)
class Exam:
    """An exam that two arms took.

    Its methods ask about hypothetical differences. Each of them is made of the grades that were seen: a share of the first
    arm's right answers becomes wrong, and the same share of the second arm's wrong answers becomes right, or the other way
    round. So how much the arms agree, and how much the questions of a fact go together, stays as it was.
    """

    first: Array
    second: Array
    facts: Counts  # the number of each question's fact, from 0
    trainings: tuple[int, int]  # by arm, as are the next two
    training: tuple[Array, Array]  # variance of the mean over trainings
    noise: tuple[Array, Array]  # what is subtracted when that variance is estimated

    def detectable(self, error: float, times: float = 1) -> Array:
        """Find the smallest difference with a power of 0.8.

        The result is NaN if no difference is large enough. `times` is the number of facts as a multiple of this exam's.
        bench/exams.py measures how accurate the estimate is.
        """
        # The power grows with the difference but has no inverse in closed form, so the range is halved.
        low, high = np.zeros_like(self._seen[0]), np.ones_like(self._seen[0])
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            seen = self.power(middle, error, times) >= POWER
            low, high = np.where(seen, low, middle), np.where(seen, middle, high)
        return np.where(self.power(np.ones_like(high), error, times) >= POWER, high, np.nan)

    def power(self, gain: Array, error: float, times: float = 1) -> Array:
        """Compute the probability that a gain is called."""
        from scipy.special import ndtr  # type: ignore[import-untyped]

        squares, moved = self._hypothetical(gain)
        facts, size = len(self._sizes) * times, typical_size(self._sizes)
        questions = len(self.facts) * times
        middle = gain * questions / (questions + size)
        about_middle = times * (squares + (gain - middle) ** 2 * (self._sizes**2).sum())
        variance = pseudo_fact(about_middle, middle, size, facts, questions)
        deviation = np.sqrt(squares * times * facts / max(facts - 1, 1) / (questions + size) ** 2 + sum(self.training))
        deviation = np.maximum(deviation, TINY)[..., None]  # of a hypothetical exam whose questions all change alike
        # The interval is wide where the trainings happen to differ much, so the power is averaged over its widths.
        reach = Doubt(middle[..., None], variance[..., None], facts, *self._estimates(times)).reach(error)
        by_interval = ndtr((middle[..., None] - reach) / deviation).mean(-1)
        power: Array = np.minimum(by_interval, self._flipped(gain, squares, moved, error, facts))
        return power

    def _estimates(self, times: float) -> tuple[Array, Array]:
        """Compute estimates of the variance over trainings, each as likely.

        Returns them with their degrees of freedom, with the shape (..., estimates).
        """
        from scipy.special import chdtri

        freedoms = [trainings - 1 for trainings in self.trainings]
        parts = []
        for training, noise, freedom in zip(self.training, self.noise, freedoms, strict=True):
            subtracted = noise[..., None] / times
            scales = chdtri(freedom, NODES) / freedom if freedom else np.ones(1)
            parts.append(np.maximum((training[..., None] + subtracted) * scales - subtracted, 0))
        shape = np.broadcast_shapes(parts[0][..., None].shape, parts[1][..., None, :].shape)
        pair = [np.broadcast_to(part, shape) for part in (parts[0][..., None], parts[1][..., None, :])]
        total, pooled_freedom = pooled(pair, freedoms)
        return total.reshape(*shape[:-2], -1), pooled_freedom.reshape(*shape[:-2], -1)

    def _flipped(self, gain: Array, squares: Array, moved: Array, error: float, facts: float) -> Array:
        """Compute the probability that the sign-flip test calls a gain."""
        # Of few facts, the test leaves out more than the interval does, since it has few results.
        if facts > COUNTED:
            return np.ones_like(gain)
        sums = squares / len(self._sizes) + gain**2 * (self._sizes**2).mean()  # the expected square of a fact's difference
        direction = np.divide(gain * self._sizes.mean(), np.sqrt(sums * moved), out=np.zeros_like(gain), where=sums * moved > 0)
        # Facts of one question and one training differ by one or not at all, so that each total stands for many flips.
        coarse = max(*self.trainings, self._sizes.max()) == 1
        return sign_power(round(facts), np.clip(moved, 0, 1), np.clip((1 + direction) / 2, 0, 1), error, coarse)

    @cached_property
    def _sizes(self) -> Counts:
        return np.bincount(self.facts)

    @cached_property
    def _seen(self) -> tuple[Array, Array]:
        """Gain that was seen, and each fact's deviation from it."""
        gain = (self.second - self.first).mean(-1)
        return gain, totals(self.second - self.first, self.facts) - gain[..., None] * self._sizes

    def _hypothetical(self, gain: Array) -> tuple[Array, Array]:
        """Change the grades until the arms differ by a gain.

        Returns the expected sum of the squared deviations of the facts, and the share of facts on which the arms differ.
        """
        seen, _ = self._seen
        up, down = (change.to(np.abs(gain - seen)) for change in self._changes)
        squares, still = (np.where(gain >= seen, rising, falling) for rising, falling in zip(up, down, strict=True))
        same = (totals(np.abs(self.second - self.first), self.facts) == 0).mean(-1)
        return np.maximum(squares, 0), 1 - same * still

    @cached_property
    def _changes(self) -> "list[_Change]":
        """Sums of what can change, upwards and downwards."""
        _, deviations = self._seen
        size = typical_size(self._sizes)
        changes = []
        for sign, parts in ((1, (self.first, 1 - self.second)), (-1, (1 - self.first, self.second))):
            rooms = [part.mean(-1) for part in parts]
            moves = [totals(part, self.facts) - room[..., None] * self._sizes for part, room in zip(parts, rooms, strict=True)]
            changes.append(
                _Change(
                    rooms=rooms,
                    seen=(deviations**2).sum(-1),
                    mixed=[sign * (deviations * move).sum(-1) for move in moves],
                    products=[(moves[0] ** 2).sum(-1), (moves[0] * moves[1]).sum(-1), (moves[1] ** 2).sum(-1)],
                    alone=[
                        part.sum(-1) * kept * (1 + (size - 1) * self._together)
                        for part, kept in zip(parts, self._kept, strict=True)
                    ],
                    questions=1 + (size - 1) * (1 - self._together),
                )
            )
        return changes

    @cached_property
    def _kept(self) -> list[Array]:
        """Compute the part of a change's variance that trainings share.

        It is, by arm, 1 if all trainings answer alike, down to 1 / trainings if they are unrelated.
        """
        parts = []
        for grades, trainings in zip((self.first, self.second), self.trainings, strict=True):
            whole, within = grades.mean(-1) * (1 - grades.mean(-1)), (grades * (1 - grades)).mean(-1)
            # Without a right or without a wrong answer, nothing is known, and the trainings may answer alike.
            unlike = np.divide(within * trainings, whole * max(trainings - 1, 1), out=np.zeros_like(whole), where=whole > 0)
            parts.append(1 - np.clip(unlike, 0, 1) * (1 - 1 / trainings))
        return parts

    @cached_property
    def _together(self) -> Array:
        """Estimate the correlation of the questions of one fact."""
        gain, deviations = self._seen
        size, facts = typical_size(self._sizes), len(self._sizes)
        unlike = ((self.second - self.first) ** 2).mean(-1)
        squares = (deviations**2).sum(-1) * facts / max(facts - 1, 1)
        # The design effect: the variance over facts, relative to independent questions. Half a pseudo-fact, whose questions
        # are half correlated, stabilises it, since few facts can't tell how much their questions go together.
        design = (squares + size * (1 + size) / 4) / (len(self.facts) * (unlike - gain**2) + size / 2)
        together: Array = np.clip((design - 1) / max(size - 1, 1e-12), 0, 1)
        return together


@dataclass(frozen=True)
class _Change:
    """Sums over an exam for changes in one direction."""

    rooms: list[Array]  # the difference that changing everything adds
    seen: Array  # squares of the facts' deviations
    mixed: list[Array]  # products of these deviations and of those of what can change
    products: list[Array]  # of the deviations of what can change: first and first, first and second, second and second
    alone: list[Array]  # variance of single changes, to be multiplied by the share that changes and by the share that does not
    questions: Array  # of a typical fact, as a number of independent ones

    def to(self, gain: Array) -> tuple[Array, Array]:
        """Change the grades by a gain.

        Both arms change evenly, as far as their grades allow. Returns the sum of the squared deviations, and the share of
        equal facts that stay equal.
        """
        half = np.minimum(gain / 2, np.minimum(*self.rooms))
        parts = [np.where(room <= other, half, gain - half) for room, other in (self.rooms, self.rooms[::-1])]
        first, second = (
            np.clip(np.divide(part, room, out=np.zeros_like(gain), where=room > 0), 0, 1)
            for part, room in zip(parts, self.rooms, strict=True)
        )
        squares = self.seen + 2 * (first * self.mixed[0] + second * self.mixed[1])
        squares = squares + first**2 * self.products[0] + 2 * first * second * self.products[1] + second**2 * self.products[2]
        squares = squares + first * (1 - first) * self.alone[0] + second * (1 - second) * self.alone[1]
        return squares, (1 - np.clip(gain, 0, 1)) ** self.questions
