"""Forecast which difference an exam will detect.

Suppositions about two arms and the sizes of an exam come in, before any arm takes the exam.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace

import numpy as np

from runner.statistics.called import POWER, Array, Expected, FactSizes, Repeats, smallest
from runner.statistics.doubt import Pool, skew
from runner.statistics.suppositions import Suppositions

MOST_FACTS = 100_000  # that are looked at
MOST_TRAININGS = 50
ROUNDING = 1e-9  # 0.2 must not be above twice 1 - 0.9


@dataclass(frozen=True)
class Design:
    """A planned comparison of two arms."""

    supposed: Suppositions
    sizes: FactSizes
    trainings: int = 1
    baseline: bool = False  # True if the first arm is not trained
    arms: int = 1  # trained arms of the sweep, which together tell how much trainings differ
    tests: int = 1  # pairs that are tested together; the first of them is planned, if none of the others is decided

    def detectable(self, error: float) -> float | None:
        """Compute the smallest difference with a power of 0.8.

        Returns None if no difference that the supposed accuracy allows is large enough. bench/power.py measures how often it is
        called.
        """
        least = float(np.max([smallest(lambda gain: self._power(gain, error)), self.sizes.decided_from]))
        return least if self.allows(least) else None

    def allows(self, difference: float) -> bool:
        """Return True if the supposed accuracy allows a difference."""
        return difference <= self.supposed.largest + ROUNDING

    def facts_needed(self, difference: float, error: float) -> int | None:
        """Compute how many facts detect a difference.

        Each has as many questions as those of this exam. Returns None if no number of facts is enough: trainings differ too
        much, or the supposed accuracy does not allow the difference.
        """
        if not self.allows(difference):
            return None
        counts = range(self.sizes.enough(difference * self.sizes.mean), MOST_FACTS)
        place = bisect_left(counts, True, key=lambda facts: self.with_facts(facts)._detects(difference, error))
        return counts[place] if place < len(counts) else None

    def trainings_needed(self, difference: float, error: float) -> int | None:
        """Compute how many trainings detect a difference of methods.

        They are at least two. Returns None if no number of trainings is enough: the exam has too few facts, or the
        supposed accuracy does not allow the difference.
        """
        if not self.allows(difference):
            return None
        counts = range(2, MOST_TRAININGS + 1)
        place = bisect_left(counts, True, key=lambda count: replace(self, trainings=count)._detects(difference, error))
        return counts[place] if place < len(counts) else None

    def with_facts(self, facts: int) -> "Design":
        """Plan the same comparison on another number of such facts."""
        return replace(self, sizes=replace(self.sizes, facts=facts))

    def _detects(self, difference: float, error: float) -> bool:
        enough = difference >= self.sizes.decided_from
        return enough and bool(self._power(np.asarray(difference), error) >= POWER)

    def _power(self, gain: Array, error: float) -> Array:
        """Compute the probability that a gain is called."""
        supposed, sizes = self.supposed, self.sizes
        repeats = (1 if self.baseline else self.trainings), self.trainings
        low, high = supposed.accuracies(gain)
        independent = 1 + (sizes.typical - 1) * supposed.questions_agree  # the design effect of a fact
        question, training, noise = -2 * supposed.arms_agree * low * (1 - high), [], []
        for accuracy, count in zip((low, high), repeats, strict=True):
            grade = accuracy * (1 - accuracy)  # variance of one grade
            # Trainings differ on a question by a part of that, of which their mean keeps a part again.
            own = grade * (1 - supposed.trainings_agree) / count
            question = question + (grade * supposed.trainings_agree + own if count > 1 else grade)
            # Accuracies near 0 and 1 vary less. Of one training, it is not asked how others differ.
            scale = grade / (supposed.accuracy * (1 - supposed.accuracy)) if count > 1 else np.zeros_like(gain)
            training.append(supposed.spread**2 * scale / count)
            noise.append(own * independent / sizes.questions)
        # As a verdict does, which asks how much trainings would vary if the arms did not differ.
        slope, curve = skew((high, low), training[::-1])
        times = np.maximum(1 - slope * gain + curve * gain**2, 1)
        repeated = Repeats(repeats, (training[0], training[1]), (noise[0], noise[1]), times=times)
        if self.arms > 1 and self.trainings > 1:
            # The mean of what single arms show, which is never below 0 and so more than the variance if that is small.
            freedom = np.asarray(float(self.arms * (self.trainings - 1)))
            repeated = replace(repeated, pool=Pool(repeated.estimates()[0].mean(-1), self.arms, freedom, error))
        questions = 1 + (sizes.typical - 1) * (1 - supposed.questions_agree)  # of a fact, as a number of independent ones
        return Expected(
            gain,
            question * sizes.mean * independent * (1 - 1 / sizes.facts),
            1 - self._equal(low, high, repeats) ** questions,
            sizes,
            repeated,
        ).power(error / self.tests)

    def _equal(self, low: Array, high: Array, repeats: tuple[int, int]) -> Array:
        """Compute how often two arms have equal grades."""
        from scipy.special import comb  # type: ignore[import-untyped]

        # Each training of an arm shares the arm's grade with this probability, or else draws a grade of its own.
        shares = [np.sqrt(self.supposed.trainings_agree) if count > 1 else 1.0 for count in repeats]
        agree = min(1.0, self.supposed.arms_agree / max(shares[0] * shares[1], 1e-12))
        both = agree * low + (1 - agree) * low * high
        counts = []
        for accuracy, share, count in zip((low, high), shares, repeats, strict=True):
            right = np.arange(count + 1)
            chances = [((1 - share) * accuracy + share * passed)[..., None] for passed in (0, 1)]
            counts.append([comb(count, right) * chance**right * (1 - chance) ** (count - right) for chance in chances])
        equal = np.equal.outer(np.arange(repeats[0] + 1) * repeats[1], np.arange(repeats[1] + 1) * repeats[0])
        joint = {(1, 1): both, (1, 0): low - both, (0, 1): high - both, (0, 0): 1 - low - high + both}
        total: Array = sum(
            weight * np.einsum("...i,...j,ij->...", counts[0][first], counts[1][second], equal)
            for (first, second), weight in joint.items()
        )
        return total
