"""Simulated exams at the difference that power=true foretells: how often the engine calls it, % (80 is foretold)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from simulated_exams import ALIKE, ERROR, Pairs, Setting, flipped

from runner.statistics.called import FactSizes
from runner.statistics.design import Design
from runner.statistics.doubt import Array, Pool, between_trainings
from runner.statistics.suppositions import Suppositions

EXAMS = 500  # of each setting: the standard error of a power of 80% is 1.8 points
LEAST, MOST = 0.75, 0.87
NOISE = 2 * np.sqrt(0.8 * 0.2 / EXAMS)
FACTS, QUESTIONS, ACCURACIES = (12, 30, 90, 300), (1, 3, 5), (0.1, 0.5, 0.7, 0.9)
TRAININGS, SPREADS, CORRELATION = (1, 3, 5), (0.0, 0.02, 0.04), 0.3
PAIRS = {  # is the first arm a baseline, tuned arms of the sweep, pairs that are tested together
    "two of 4 tuned arms": (False, 4, 1),
    "one of their 6 pairs": (False, 4, 6),
    "tuned and baseline": (True, 1, 1),
}


@dataclass(frozen=True)
class Point:
    """A planned pair of arms in a setting."""

    name: str
    setting: Setting
    trainings: int

    @property
    def repeats(self) -> list[int]:
        """Trainings of each arm that is drawn: the first two are compared, and the others tell how much trainings differ."""
        baseline, arms, _ = PAIRS[self.name]
        others = [self.trainings] * (arms - 2) if self.trainings > 1 else []
        return [1 if baseline else self.trainings, self.trainings, *others]

    def called(self, random: np.random.Generator) -> tuple[float, float, float] | None:
        """Return the foretold difference, and how often interval and verdict call it; None if nothing is foretold."""
        setting, (baseline, arms, tests) = self.setting, PAIRS[self.name]
        supposed = Suppositions(
            accuracy=setting.accuracy,
            arms_agree=ALIKE**4,  # both arms, and both trainings, share the fate of the exam
            trainings_agree=ALIKE**2,
            questions_agree=setting.correlation,
            spread=setting.spread,
        )
        sizes = FactSizes.of(np.full(setting.facts, setting.questions))
        gain = Design(supposed, sizes, self.trainings, baseline, arms, tests).detectable(ERROR)
        if gain is None:
            return None
        means = [*(float(mean) for mean in supposed.accuracies(np.asarray(gain))), *[setting.accuracy] * arms]
        accuracies = [self._trained(random, mean, count) for mean, count in zip(means, self.repeats, strict=False)]
        grades = [grades.sum(-1).astype(float) for grades in setting.sit(random, accuracies)]
        pairs = Pairs(grades[0], grades[1], setting.questions, np.full(EXAMS, gain))
        doubt = pairs.doubt()[0]
        if len(grades) > 2:
            doubt = replace(doubt, pool=self._pool(grades))
        by_interval = doubt.middle > doubt.reach(ERROR / tests, doubt.at_zero)
        called = by_interval.copy()
        called[called] = [p <= ERROR / tests for p in flipped(pairs.moved[called] * np.lcm(*self.repeats[:2]))]
        return gain, float(by_interval.mean()), float(called.mean())

    def _pool(self, grades: list[Array]) -> Pool:
        """Pool the variance of all arms, for the difference of two."""
        questions = np.full(grades[0].shape, float(self.setting.questions))
        between = np.mean([between_trainings(arm, questions)[0] for arm in grades], axis=0)
        freedom = np.asarray(float(len(grades) * (self.trainings - 1)))
        return Pool(2 * between / self.trainings, len(grades), freedom, ERROR)

    def _trained(self, random: np.random.Generator, mean: float, count: int) -> Array:
        """Draw the accuracies of trainings, which vary less near 0 and 1."""
        spread, accuracy = self.setting.spread, self.setting.accuracy
        if count == 1 or not spread or not 0 < mean < 1:
            return np.full((EXAMS, count), mean)
        scale = accuracy * (1 - accuracy) / spread**2 - 1
        return random.beta(mean * scale, (1 - mean) * scale, (EXAMS, count))


def points() -> Iterator[Point]:
    """Yield every setting."""
    for name, trainings, spread in product(PAIRS, TRAININGS, SPREADS):
        # One training each is a verdict on two models, whatever others would be, and the same for a baseline.
        if trainings == 1 and (spread or PAIRS[name][0]):
            continue
        for facts, questions, accuracy in product(FACTS, QUESTIONS, ACCURACIES):
            yield Point(name, Setting(facts, questions, accuracy, CORRELATION, spread), trainings)


def reason(point: Point, power: float) -> str:
    """Say why a setting is outside its bounds."""
    if LEAST - NOISE <= power <= MOST + NOISE:
        return "within two standard errors of the bounds"
    if power > MOST and point.setting.facts <= 30:
        return "the forecast takes the sign-flip test of few facts for stricter than it is"
    return "not explained: three trainings, which seldom show how much they differ"


def main() -> None:
    """Measure every setting and print it."""
    began, random = time.process_time(), np.random.default_rng(0)
    results = {point: result for point in points() if (result := point.called(random))}
    print("pair                 trainings spread settings   mean   least - most   outside 75 to 87")
    for name, trainings, spread in dict.fromkeys((point.name, point.trainings, point.setting.spread) for point in results):
        powers = [
            result[2]
            for point, result in results.items()
            if (point.name, point.trainings, point.setting.spread) == (name, trainings, spread)
        ]
        outside = sum(not LEAST <= power <= MOST for power in powers)
        print(
            f"{name:<20} {trainings:>9} {100 * spread:>6.0f} {len(powers):>8} {100 * np.mean(powers):>6.1f}"
            f" {100 * min(powers):>7.1f} - {100 * max(powers):<5.1f} {outside:>9}"
        )
    print(f"\noutside, of {len(results)}; {sum(1 for _ in points()) - len(results)} settings foretell no difference")
    for point, (gain, by_interval, power) in results.items():
        if not LEAST <= power <= MOST:
            setting = point.setting
            print(
                f"{point.name}, {point.trainings} trainings, {100 * setting.spread:.0f} points between, {setting.facts} facts of "
                f"{setting.questions}, {setting.accuracy:.0%}, {100 * gain:.1f} points foretold: {100 * power:.1f}% "
                f"({100 * by_interval:.1f}% by the interval): {reason(point, power)}"
            )
    print(f"{time.process_time() - began:.0f} s of processor time")


if __name__ == "__main__":
    main()
