"""Draw simulated exams of two arms, and compute the intervals of three methods on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from runner.statistics.doubt import Array, Doubt, Pool, between_trainings, over_facts, pooled, quantile, skew
from runner.statistics.moved_facts import distances
from runner.statistics.sign_flips import chance

ERROR, EXAMS, ALIKE = 0.05, 2000, 0.5
DRAWS = 200  # of the crossed bootstrap
METHODS = ("ours", "Miller's t", "bootstrap")


@dataclass(frozen=True)
class Setting:
    """Exams of facts with so many questions each, and the accuracy of the arms that sit them."""

    facts: int
    questions: int
    accuracy: float
    correlation: float  # of the questions of a fact
    spread: float  # standard deviation between trainings

    def sit(self, random: np.random.Generator, accuracies: list[Array]) -> list[Array]:
        """Draw the grades of arms: for each arm an array of exams, trainings, facts and questions.

        By chance a question takes its fact's fate, not its own (Lunn and Davies 1998). An arm shares half of the fates of the
        exam, and a training half of those of its arm.
        """
        exams = len(accuracies[0])
        whole, single = (exams, 1, self.facts, 1), (exams, 1, self.facts, self.questions)
        fates, own = (random.random(shape, dtype=np.float32) for shape in (whole, single))
        goes = random.random(single, dtype=np.float32) < np.sqrt(self.correlation)
        grades = []
        for accuracy in accuracies:
            drawn = []
            for shared, shape in ((fates, whole), (own, single)):
                of_arm = _mixed(random, shared, shape)
                drawn.append(_mixed(random, of_arm, (exams, accuracy.shape[1], *shape[2:])))
            grades.append(np.where(goes, *drawn) < accuracy[:, :, None, None])
        return grades

    def trained(self, random: np.random.Generator, mean: float, trainings: int, exams: int = EXAMS) -> Array:
        """Draw the accuracy of each training of a method."""
        if not self.spread:
            return np.full((exams, trainings), mean)
        scale = mean * (1 - mean) / self.spread**2 - 1
        return random.beta(mean * scale, (1 - mean) * scale, (exams, trainings))


def _mixed(random: np.random.Generator, shared: Array, shape: tuple[int, ...]) -> Array:
    fresh = random.random(shape, dtype=np.float32)
    return np.where(random.random(shape, dtype=np.float32) < ALIKE, shared, fresh)


@dataclass(frozen=True)
class Pairs:
    """Many simulated exams of two arms, as right answers by training and fact."""

    first: Array
    second: Array
    questions: int
    truth: Array

    @property
    def moved(self) -> Array:
        """Each fact's difference."""
        return self.second.mean(1) - self.first.mean(1)

    def doubt(self) -> tuple[Doubt, tuple[Array, Array], tuple[Array, Array]]:
        """Return the middle and variances of ours, and for each arm the variance over trainings and what was subtracted."""
        parts = [
            [part / arm.shape[1] for part in between_trainings(arm, np.full(arm.shape, float(self.questions)))]
            for arm in (self.first, self.second)
        ]
        freedoms = [arm.shape[1] - 1 for arm in (self.first, self.second)]
        facts = self.first.shape[-1]
        middle, variance = over_facts(self.moved, np.full(facts, self.questions))
        first, second = parts
        total, freedom = pooled([first[0], second[0]], freedoms)
        means = [arm.mean((1, 2)) / self.questions for arm in (self.second, self.first)]
        lean = skew(means, [second[0], first[0]])
        doubt = Doubt(middle, variance, facts, total, freedom, None, means[0] - means[1], *lean)
        return doubt, (first[0], second[0]), (first[1], second[1])

    def ours(self, error: float = ERROR, bounded: bool = True) -> tuple[Array, Array]:
        """Compute our intervals; if not `bounded`, without those by the facts that moved."""
        doubt, *_ = self.doubt()
        low, high = doubt.ends(error)
        excluded = (low > 0) | (high < 0)
        below, above = np.zeros(2) if not bounded else distances(self.moved, np.full(self.moved.shape[-1], self.questions), error)
        seen = np.asarray(doubt.estimate)
        alone = replace(doubt, middle=seen, variance=np.zeros(())).ends(error)
        low = np.minimum(low, seen - np.hypot(below, seen - alone[0]))
        high = np.maximum(high, seen + np.hypot(above, alone[1] - seen))
        # The sign-flip test is asked only where its answer changes what is counted: it takes the most time.
        asked = excluded & ((self.truth * seen <= 0) | (low > self.truth) | (high < self.truth))
        holds = ~excluded
        holds[asked] = [p > error for p in flipped(self.moved[asked] * np.lcm(self.first.shape[1], self.second.shape[1]))]
        decided, tiny = asked & ~holds, np.finfo(float).tiny
        low, high = np.where(holds, np.minimum(low, 0), low), np.where(holds, np.maximum(high, 0), high)
        return (
            np.where(decided & (seen > 0), np.maximum(low, tiny), low),
            np.where(decided & (seen < 0), np.minimum(high, -tiny), high),
        )

    def miller(self) -> tuple[Array, Array]:
        """Compute the paired, clustered intervals of Miller (2024): answers to one question are averaged over trainings."""
        facts = self.first.shape[-1]
        estimate = self.moved.mean(-1) / self.questions
        reach = quantile(ERROR, facts - 1) * self.moved.std(-1, ddof=1) / np.sqrt(facts) / self.questions
        return estimate - reach, estimate + reach

    def bootstrap(self, random: np.random.Generator) -> tuple[Array, Array]:
        """Compute percentile intervals that draw facts and each arm's trainings again."""
        facts = self.first.shape[-1]
        weights = random.multinomial(facts, np.full(facts, 1 / facts), DRAWS).T.astype(np.float32)
        means = []
        for arm in (self.first, self.second):
            trainings = arm.shape[1]
            again = random.multinomial(trainings, np.full(trainings, 1 / trainings), DRAWS).T / trainings
            means.append(np.einsum("etd,td->ed", arm.astype(np.float32) @ weights, again.astype(np.float32)))
        low, high = np.quantile((means[1] - means[0]) / (facts * self.questions), [ERROR / 2, 1 - ERROR / 2], axis=-1)
        return low, high

    def rates(self, random: np.random.Generator) -> dict[str, tuple[float, float]]:
        """Compute, by method, how often a verdict is false, and how often the interval holds the truth."""
        rates = {}
        for name, (low, high) in zip(METHODS, (self.ours(), self.miller(), self.bootstrap(random)), strict=True):
            false = ((low > 0) & (self.truth <= 0)) | ((high < 0) & (self.truth >= 0))
            rates[name] = float(false.mean()), float(((low <= self.truth + 1e-9) & (self.truth - 1e-9 <= high)).mean())
        return rates


def flipped(sums: Array) -> Iterator[float]:
    """Compute p of the sign-flip test for many exams."""
    kinds, places = np.unique(np.sort(np.rint(sums)), axis=0, return_inverse=True)  # the order of the facts is nothing to p
    chances = [chance(kind) for kind in kinds]
    return (chances[place] for place in places.ravel())


def families(
    spreads: Sequence[float], trainings: int, facts: int, gain: float, random: np.random.Generator
) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """Test all tuned arms of a sweep against an untuned one, and against each other.

    Every second tuned arm is better by a gain. Returns for each family, with and without the pool: the largest share of calls
    of a pair at 5%, the share of families with a call, half the width of the intervals, and the share of calls of pairs that
    differ. The last three are at 5% divided by the number of pairs. The sign-flip test is left out: it only takes calls away.
    """
    questions, mean, exams = 3, 0.45, EXAMS // 2
    accuracies = [np.full((exams, 1), mean)]
    gains = [0.0, *(gain * (place % 2 == 0) for place in range(len(spreads)))]
    accuracies += [
        Setting(facts, questions, 0, 0, spread).trained(random, mean + more, trainings, exams)
        for spread, more in zip(spreads, gains[1:], strict=True)
    ]
    arms = [grades.sum(-1).astype(float) for grades in Setting(facts, questions, 0, 0.3, 0).sit(random, accuracies)]
    counts, freedom = np.full(arms[1].shape, float(questions)), float(trainings - 1)
    between = [between_trainings(arm, counts)[0] / trainings for arm in arms[1:]]
    pool = Pool(np.mean(between, axis=0), len(spreads), np.asarray(freedom * len(spreads)), ERROR)
    rates = {}
    for family, pairs in (
        ("base", [(0, arm + 1) for arm in range(len(spreads))]),
        ("tuned", [*combinations(range(1, len(arms)), 2)]),
    ):
        differ = [not gain or gains[first] != gains[second] for first, second in pairs]
        rows = []
        for shared in (True, False):
            doubts = []
            for first, second in pairs:
                middle, variance = over_facts(arms[second].mean(1) - arms[first].mean(1), np.full(facts, questions))
                training = [between[arm - 1] for arm in (first, second) if arm]
                own = pool.of_difference(pool.variance * len(training), pool.freedom) if shared else None
                doubts.append(Doubt(middle, variance, facts, *pooled(training, [freedom] * len(training)), own))
            alone = [np.abs(doubt.middle) > doubt.reach(ERROR) for doubt in doubts]
            reaches = [doubt.reach(ERROR / len(pairs)) for doubt in doubts]
            called = np.array([np.abs(doubt.middle) > reach for doubt, reach in zip(doubts, reaches, strict=True)])
            rows.append((max(np.mean(calls) for calls in alone), called.any(0).mean(), np.mean(reaches), called[differ].mean()))
        rates[family] = rows[0], rows[1]
    return rates
