"""Simulated sweeps with seeds=auto: false verdicts, trainings and power, beside fixed numbers of trainings."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from simulated_exams import ERROR, Pairs, Setting, flipped

from runner.comparison import Arm, ArmPair, Comparison
from runner.comparison.compare import compare_at_look
from runner.comparison.stopping import share
from runner.statistics import Grades, Interval, contrast, decisions, pool
from runner.statistics.contrast import LEEWAY
from runner.statistics.doubt import Array, Doubt, Pool, between_trainings

Flags = NDArray[np.bool_]
Counts = NDArray[np.intp]

LOOKS, MARGIN = (2, 4, 8), 0.05
SWEEPS, NULL_SWEEPS, CHECKED = 200, 1000, 2  # of each setting, and those on which the program's own rule is asked too
QUESTIONS, CORRELATION, TUNED = 3, 0.3, 3
EQUAL, BASE, BEST = 0.4, 0.2, 0.5  # accuracies: of all arms; of the untuned model and the best arm, where they differ
GAPS, SPREADS, FACTS = (0.05, 0.1, 0.2), (0.0, 0.02, 0.04, 0.08), (30, 120)
PAIRS = [*((0, arm) for arm in range(1, TUNED + 1)), *combinations(range(1, TUNED + 1), 2)]
FAMILIES = (slice(0, TUNED), slice(TUNED, len(PAIRS)))  # with the untuned arm, and between tuned arms


@dataclass(frozen=True)
class Look:
    """All pairs of many sweeps at one look, with the shape (sweeps, pairs)."""

    gain: Array
    decided: Flags
    close: Flags  # shown to lie within the margin
    hopeful: Flags  # decided, or more trainings may decide it

    def where(self, chosen: Flags, other: "Look") -> "Look":
        """Take another look at all sweeps but the chosen ones."""
        pairs = [(vars(self)[name], vars(other)[name]) for name in ("gain", "decided", "close", "hopeful")]
        return Look(*(np.where(chosen[:, None], mine, others) for mine, others in pairs))


def look(grades: Sequence[Array], counts: Counts, error: float) -> Look:
    """Compare all pairs; `counts` are the trainings of each tuned arm, with the shape (sweeps, arms)."""
    shape, facts = (len(counts), len(PAIRS)), grades[0].shape[-1]
    p, gain, middle, variance, training, freedom, weight, saved, moves = np.zeros((9, *shape))
    slope, curve = np.zeros((2, *shape))
    over_arms, freedoms = pooled(grades, counts)
    for place, (first, second) in enumerate(PAIRS):
        numbers = np.stack([counts[:, first - 1] if first else np.ones(len(counts), dtype=int), counts[:, second - 1]])
        for one, other in np.unique(numbers, axis=1).T:
            rows = np.flatnonzero((numbers[0] == one) & (numbers[1] == other))
            pairs = Pairs(grades[first][rows][:, :one], grades[second][rows][:, :other], QUESTIONS, np.zeros(len(rows)))
            doubt, _, noises = pairs.doubt()
            weight[rows, place] = (1 / one if first else 0) + 1 / other
            doubt = replace(doubt, pool=Pool(over_arms[rows] * weight[rows, place], TUNED, freedoms[rows], error))
            at = rows, place
            p[at], gain[at] = smallest_level(pairs, doubt, error), pairs.moved.sum(-1) / (facts * QUESTIONS)
            middle[at], variance[at], training[at], freedom[at] = doubt.middle, doubt.variance, doubt.training, doubt.freedom
            slope[at], curve[at] = doubt.slope, doubt.curve
            for number, noise, trained in ((one, noises[0], first > 0), (other, noises[1], True)):
                left = (1 - number / LOOKS[-1]) * trained
                saved[at] += noise * left
                moves[at] += (over_arms[rows] / number + noise) * left
    decided = np.concatenate([holm(p[:, family], error) for family in FAMILIES], axis=1)
    tests = np.array([len(PAIRS[family]) for family in FAMILIES]).repeat([len(PAIRS[family]) for family in FAMILIES])
    rejected = np.stack([decided[:, FAMILIES[place >= TUNED]].sum(1) for place in range(len(PAIRS))], axis=1)
    level = error / np.maximum(tests - rejected, 1)
    shared = Pool(over_arms[:, None] * weight, TUNED, freedoms[:, None], error)
    doubts = Doubt(middle, variance, facts, training, freedom, shared, gain, slope, curve)
    low, high = doubts.ends(level)
    close = (np.minimum(low, gain) >= -MARGIN) & (np.maximum(high, gain) <= MARGIN)
    arms = np.array([1 + (first > 0) for first, _ in PAIRS])
    expected, left = arms * over_arms[:, None] / LOOKS[-1], LOOKS[-1] - 1.0
    all_arms = shared.of_difference(expected, np.full(shape, TUNED * left))
    later = Doubt(middle, np.maximum(variance - saved, 0), facts, expected, np.broadcast_to(arms * left, shape), all_arms)
    hopeful = later.reach(level, doubts.at_zero) < np.abs(middle) + LEEWAY * np.sqrt(moves)
    return Look(gain, decided, close, decided | hopeful)


def smallest_level(pairs: Pairs, doubt: Doubt, error: float) -> Array:
    """Return the smallest error of Holm's method at which each pair is called, or 1."""
    levels = [error / left for left in range(1, TUNED + 1)]
    p = np.ones(len(doubt.middle))
    for level in levels:
        p = np.where(np.abs(doubt.middle) > doubt.reach(level, doubt.at_zero), level, p)
    asked = np.flatnonzero(p < 1)
    times = np.lcm(pairs.first.shape[1], pairs.second.shape[1])
    for row, chance in zip(asked, flipped(pairs.moved[asked] * times), strict=True):
        p[row] = min((level for level in levels if level >= max(p[row], chance)), default=1.0)
    return p


def holm(chances: Array, error: float) -> Flags:
    """Decide many families at once."""
    order = np.argsort(chances, axis=1)
    steps = error / np.arange(chances.shape[1], 0, -1)
    called = np.logical_and.accumulate(np.take_along_axis(chances, order, 1) <= steps * (1 + 1e-9), axis=1)
    decided = np.zeros_like(called)
    np.put_along_axis(decided, order, called, 1)
    return decided


def pooled(grades: Sequence[Array], counts: Counts) -> tuple[Array, Array]:
    """Return the variance between trainings over the tuned arms of each sweep, and its degrees of freedom."""
    variances = np.zeros(counts.shape)
    for arm, count in product(range(TUNED), np.unique(counts)):
        rows = counts[:, arm] == count
        sums = grades[arm + 1][rows][:, :count]
        variances[rows, arm] = between_trainings(sums, np.full(sums.shape, float(QUESTIONS)))[0]
    freedoms = (counts - 1).sum(1)
    return (variances * (counts - 1)).sum(1) / freedoms, freedoms.astype(float)


def going_on(seen: Look, last: Look, grades: Sequence[Array], counts: Counts) -> Flags:
    """Apply the rule of `runner.comparison.stopping` to many sweeps: which arms are trained again.

    `last` is of the same trainings, at the error of the last look.
    """
    still_open = ~seen.decided & ~seen.close & last.hopeful
    masks = np.arange(LOOKS[-1]) < counts[..., None]
    each = np.stack([arm.mean(-1) for arm in grades[1:]], axis=1)  # by sweep, arm and training
    best = ((each * masks).sum(-1) / counts).argmax(1)
    behind, again = np.zeros((2, *counts.shape), dtype=bool)
    for place, (first, second) in enumerate(PAIRS[TUNED:], start=TUNED):
        behind[:, second - 1] |= seen.decided[:, place] & (seen.gain[:, place] < 0)
        behind[:, first - 1] |= seen.decided[:, place] & (seen.gain[:, place] > 0)
    for place, (first, second) in enumerate(PAIRS):
        needed = still_open[:, place] & ~behind[:, second - 1]
        if first:
            needed &= ~behind[:, first - 1] & ((best == first - 1) | (best == second - 1))
            again[:, first - 1] |= needed
        again[:, second - 1] |= needed
    return again


def asked(grades: Sequence[Array], sweep: int) -> list[bool]:
    """Ask the program's own rule about one sweep at the first look."""
    facts = np.repeat(np.arange(grades[0].shape[-1]), QUESTIONS)
    # Only the number of right answers to a fact is known; which of its questions they are does not matter.
    answers = [(arm[sweep, : LOOKS[0], :, None] > np.arange(QUESTIONS)).astype(float) for arm in grades]
    arms = [Grades(rows.reshape(-1, len(facts)), number > 0) for number, rows in enumerate(answers)]
    seen = compare_at_look(lambda error: compared(arms, facts, error), ERROR, LOOKS[0], LOOKS)
    return [bool(arm.undecided) for arm in seen.arms if arm.tuned]


def compared(arms: Sequence[Grades], facts: Counts, error: float) -> Comparison:
    """Compare one sweep as the program does."""
    shared, pairs = pool(arms, facts, error), list[ArmPair]()
    for family in FAMILIES:
        contrasts = [contrast(arms[first], arms[second], facts, shared) for first, second in PAIRS[family]]
        known = [difference for difference in contrasts if difference]
        for (first, second), difference, decision in zip(PAIRS[family], known, decisions(known, error), strict=True):
            result = difference.difference(decision.error, shared and shared.deviation)
            names = {"first": str(first), "second": str(second), "category": ""}
            pairs.append(ArmPair(**names, difference=result, p=decision.p, verdict=decision.verdict))
    listed = [
        Arm(
            name=str(number),
            kind="tuned" if grades.trained else "base",
            status="FINISHED",
            run="",
            accuracy=Interval(estimate=float(grades.values.mean()), low=0, high=1),
            seeds=tuple(grades.values.mean(1)) if grades.trained else (),
        )
        for number, grades in enumerate(arms)
    ]
    exam = {"questions": len(facts), "facts": len(facts) // QUESTIONS, "corpus": "", "exam": "", "grader": ""}
    return Comparison(**exam, command="", error=error, margin=MARGIN, arms=listed, pairs=pairs)


def measured(means: Sequence[float], setting: Setting, sweeps: int, random: np.random.Generator) -> dict[str, list[float]]:
    """Simulate a setting: false verdicts of each family, power in each family, and mean trainings, by plan, in %."""
    drawn = [np.full((sweeps, 1), means[0]), *(setting.trained(random, mean, LOOKS[-1], sweeps) for mean in means[1:])]
    grades = [arm.sum(-1).astype(float) for arm in setting.sit(random, drawn)]
    truth = np.array([means[second] - means[first] for first, second in PAIRS])
    results = {}
    for plan, looks in {**{f"seeds={count}": (count,) for count in LOOKS}, "seeds=auto": LOOKS}.items():
        errors = [ERROR * share(count, looks) for count in looks]
        counts, trained = np.full((sweeps, TUNED), looks[0]), np.ones(sweeps, dtype=bool)
        seen = look(grades, counts, errors[0])
        for count, error in zip(looks[1:], errors[1:], strict=True):
            again = going_on(seen, look(grades, counts, errors[-1]), grades, counts) & trained[:, None]
            if count == looks[1]:
                assert [asked(grades, sweep) for sweep in range(CHECKED)] == again[:CHECKED].tolist()
            # A sweep that trains nothing again has ended: it is not compared at a later look.
            counts, trained = np.where(again, count, counts), again.any(1)
            seen = look(grades, counts, error).where(trained, seen)
        false = seen.decided & (np.sign(seen.gain) != np.sign(truth))
        called = seen.decided & ~false
        shares = [100 * float(false[:, family].any(1).mean()) for family in FAMILIES]
        power = [
            100 * float(called[:, family][:, truth[family] != 0].mean()) if truth[family].any() else 0 for family in FAMILIES
        ]
        results[plan] = [*shares, *power, float(counts.mean())]
    return results


def main() -> None:
    """Simulate every setting and print it."""
    began, random = time.monotonic(), np.random.default_rng(0)
    print(f"{TUNED} tuned arms beside an untuned one, {QUESTIONS} questions a fact; auto looks after {LOOKS}")
    for gap in (0.0, *GAPS):
        sweeps = SWEEPS if gap else NULL_SWEEPS
        means = (BASE, BEST - gap, BEST - gap, BEST) if gap else (EQUAL,) * (TUNED + 1)
        print(f"\n{100 * gap:.0f} points between the best tuned arm and the others, {sweeps} sweeps a setting")
        print("facts spread  plan        false, % with base, between   power, % with base, between   trainings")
        for facts, between in product(FACTS, SPREADS):
            for plan, row in measured(means, Setting(facts, QUESTIONS, EQUAL, CORRELATION, between), sweeps, random).items():
                cells = f"{row[0]:>18.1f}{row[1]:>9.1f}{row[2]:>19.0f}{row[3]:>9.0f}{row[4]:>12.2f}"
                print(f"{facts:>5} {100 * between:>6.0f}  {plan:<12}{cells}", flush=True)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
