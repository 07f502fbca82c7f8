"""Estimate the smallest difference that an exam detects.

The grades of two arms come in, with the shape (..., questions). A grade is the mean over an arm's trainings.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from runner.statistics.called import Expected, FactSizes, Repeats, smallest
from runner.statistics.doubt import Pool, totals, typical_size

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


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
    pool: Pool | None = None  # of the difference

    def detectable(self, error: float, times: float = 1) -> Array:
        """Find the smallest difference with a power of 0.8.

        The result is NaN if no difference is large enough. `times` is the number of facts as a multiple of this exam's.
        bench/exams.py measures how accurate the estimate is.
        """
        return smallest(lambda gain: self.power(gain, error, times), self._seen[0].shape)

    def power(self, gain: Array, error: float, times: float = 1) -> Array:
        """Compute the probability that a gain is called."""
        squares, moved = self._hypothetical(gain)
        noise = self.noise[0] / times, self.noise[1] / times
        repeats = Repeats(self.trainings, self.training, noise, self.pool)
        return Expected(gain, squares / len(self._sizes), moved, FactSizes.of(self._sizes).times(times), repeats).power(error)

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
