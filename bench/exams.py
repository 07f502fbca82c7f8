"""Simulated exams: how often intervals hold the truth and verdicts are false, and whether they contradict each other."""

import time
from collections.abc import Iterator
from itertools import product

import numpy as np
from simulated_exams import ERROR, EXAMS, METHODS, Pairs, Setting, families, flipped

from runner.statistics import Grades, Verdict, contrast, decisions, pool
from runner.statistics.accuracy_interval import accuracy_bounds
from runner.statistics.called import FactSizes
from runner.statistics.doubt import Array, Doubt, between_trainings, over_facts, quantile, skew, totals
from runner.statistics.power import Exam

LEAST, MOST = 0.93, 0.975
NOISE = 2 * np.sqrt(ERROR * (1 - ERROR) / EXAMS)  # two standard errors of a share of 5%
TRAININGS, SPREADS = (1, 3, 5), (0.0, 0.02, 0.04, 0.08)
FACTS, QUESTIONS = (12, 30, 90, 300), (1, 3, 5)
ACCURACIES, CORRELATIONS, GAIN = (0.1, 0.5, 0.9), (0.0, 0.5), 0.1
FEWER = 500  # exams of each setting in the tables that take longest
SIZES = np.array([1, 2, 3, 8])  # of facts, each as likely
EXAMS_OF_SIZES = 200
DIFFICULTIES = {  # the accuracy on facts of each size
    "all 50%": (0.5, 0.5, 0.5, 0.5),
    "all 90%": (0.9, 0.9, 0.9, 0.9),
    "large hard": (0.9, 0.8, 0.6, 0.2),
    "large easy": (0.2, 0.4, 0.7, 0.9),
}
SKEWED = {  # facts of so many questions: what they gain or lose, and how often, with a mean of none
    "5: +1 or -4": (5, {1: 0.8, -4: 0.2}),
    "5: +1 or -5": (5, {1: 5 / 6, -5: 1 / 6}),
    "25: +1 or -25": (25, {1: 25 / 26, -25: 1 / 26}),
    "25: +5 or -25": (25, {5: 5 / 6, -25: 1 / 6}),
    "25: +3 or -20": (25, {3: 20 / 23, -20: 3 / 23}),
    "5: 0, +1 or -5": (5, {0: 0.5, 1: 5 / 12, -5: 1 / 12}),
    "3: +1 or -3": (3, {1: 0.75, -3: 0.25}),
    "3: 0, +1 or -3": (3, {0: 0.5, 1: 0.375, -3: 0.125}),
    "2: +1 or -2": (2, {1: 2 / 3, -2: 1 / 3}),
    "1: +1 or -1": (1, {1: 0.5, -1: 0.5}),
}
SWEEPS = {  # standard deviations between the trainings of a sweep's arms
    "4, 4, 4, 4": (0.04,) * 4,
    "4, 2, 2, 2": (0.04, 0.02, 0.02, 0.02),
    "8, 2, 2, 2": (0.08, 0.02, 0.02, 0.02),
    "8, 8, 2, 2": (0.08, 0.08, 0.02, 0.02),
    "4, 4, 4, 4, 4, 4": (0.04,) * 6,
}
FEW = (4, 6, 8, 10, 12, 16, 20, 30, 40, 60)

Key = tuple[str, int, float, Setting]  # kind of pair, trainings, true difference


def compared(setting: Setting, random: np.random.Generator) -> Iterator[tuple[Key, dict[str, tuple[float, float]], float]]:
    """Yield the rates of each pair in a setting, and of how many exams no fact moved."""
    gain = -GAIN if setting.accuracy > 0.5 else GAIN
    means, most = (setting.accuracy, setting.accuracy, setting.accuracy + gain), max(TRAININGS)
    accuracies = [np.full((EXAMS, 1), setting.accuracy), *(setting.trained(random, mean, most) for mean in means)]
    arms = [grades.sum(-1).astype(float) for grades in setting.sit(random, accuracies)]
    for trainings, (kind, first, second) in product(
        TRAININGS, (("base", 0, 1), ("base", 0, 3), ("tuned", 1, 2), ("tuned", 1, 3))
    ):
        difference = gain if second == 3 else 0.0
        # One training is judged as what it is: a verdict on two models.
        own = accuracies[second][:, 0] - accuracies[first][:, 0]
        truth = own if trainings == 1 else np.full(EXAMS, difference)
        pairs = Pairs(arms[first][:, :trainings], arms[second][:, :trainings], setting.questions, truth)
        yield (kind, trainings, difference, setting), pairs.rates(random), float((pairs.moved == 0).all(-1).mean())


def differences(random: np.random.Generator) -> None:
    """Measure and print all pairs of arms."""
    rates, still = {}, {}
    for chosen in product(FACTS, QUESTIONS, ACCURACIES, CORRELATIONS, SPREADS):
        for key, row, share in compared(Setting(*chosen), random):
            rates[key], still[key] = row, share
    print("\nPairs of arms: false verdicts, % (at most 5), and how often the 95% interval holds the truth, % (93 to 97.5)")
    print("one line over 144 settings, half of them with a difference: mean, and the worst; one training is judged as a verdict")
    print("on these models, several as one on the methods")
    print("pair  trainings spread" + "".join(f"{name + ' false':>20}{name + ' holds':>26}" for name in METHODS))
    for kind, trainings, spread in product(("base", "tuned"), TRAININGS, SPREADS):
        rows = {key: row for key, row in rates.items() if key[:2] == (kind, trainings) and key[3].spread == spread}
        line = f"{kind:<9} {trainings:>5} {100 * spread:>6.0f}"
        for name in METHODS:
            false = [100 * row[name][0] for row in rows.values()]
            holds = [100 * row[name][1] for row in rows.values()]
            line += (
                f"{np.mean(false):>13.1f} / {max(false):>4.1f}{np.mean(holds):>12.1f} / {min(holds):>4.1f} - {max(holds):>5.1f}"
            )
        print(line)
    outside = {key: text for key, row in rates.items() if (text := unexpected(key, row["ours"], still[key]))}
    print(f"\nPairs outside their bounds: {len(outside)} of {len(rates)}")
    for (kind, trainings, difference, setting), text in outside.items():
        exam = f"{setting.facts} facts of {setting.questions}, {setting.accuracy:.0%}, correlation {setting.correlation}"
        print(
            f"{kind}, {trainings} trainings, {100 * setting.spread:.0f} points between, {100 * difference:+.0f}, {exam}: {text}"
        )


def unexpected(key: Key, rates: tuple[float, float], still: float) -> str:
    """Say what is outside its bounds, and why."""
    (_, trainings, _, setting), (false, holds) = key, rates
    share, spread = min(setting.accuracy, 1 - setting.accuracy), f"{100 * setting.spread:.0f} points between trainings"
    if false > ERROR + NOISE or holds < LEAST - NOISE:
        why = "few facts move"
        if trainings > 1 and setting.spread:
            why = f"{trainings} trainings often differ less than they should"
        if trainings > 1 and setting.spread >= share / 2:
            why = f"{spread} about {share:.0%} are a skewed distribution, of which {trainings} tell little"
        return f"{f'false verdicts {false:.1%}' if false > ERROR + NOISE else f'holds {holds:.1%}'}: {why}"
    if holds <= MOST + NOISE:
        return ""
    why = "a variance of few trainings needs a wide t" if trainings > 1 else "the pseudo-fact moves as a whole"
    if setting.facts == min(FACTS):
        why = f"one pseudo-fact is much beside {setting.facts} facts"
    if setting.facts * share < 6:
        why = "few facts move, and the sign-flip test has few results"
    if still > ERROR / 2:
        why = f"on {still:.0%} of exams the arms do not differ, and the interval must hold 0"
    return f"holds {holds:.1%}: {why}"


def drawn(setting: Setting, trainings: tuple[int, int], gain: float, random: np.random.Generator) -> tuple[Pairs, list[Array]]:
    """Draw two arms that lie evenly about the setting's accuracy, and each question's mean grade."""
    low = min(max(setting.accuracy - gain / 2, 0.02), 0.98 - gain)  # nearer to 0, no distribution has the spread
    first = np.full((FEWER, 1), low) if trainings[0] == 1 else setting.trained(random, low, trainings[0], FEWER)
    grades = setting.sit(random, [first, setting.trained(random, low + gain, trainings[1], FEWER)])
    pairs = Pairs(*(arm.sum(-1).astype(float) for arm in grades), setting.questions, np.full(FEWER, gain))
    return pairs, [arm.mean(1).reshape(FEWER, -1) for arm in grades]


def detected(random: np.random.Generator) -> None:
    """Measure and print how often the claimed differences are called."""
    print("\nDetectable differences, points: 10%, half and 90% of exams claim at most so much;")
    print("power 3 points below the median claim, at it, and 3 points above, % (80 between)")
    print("pair  trainings spread  facts questions accuracy        claims          power")
    for (kind, trainings), spread, facts, questions, accuracy in product(
        product(("base", "tuned"), TRAININGS), (0.0, 0.04), FACTS[1:], (1, 3), (0.1, 0.5)
    ):
        if trainings == 1 and spread:
            continue
        setting, first = Setting(facts, questions, accuracy, 0.3, spread), 1 if kind == "base" else trainings
        pairs, means = drawn(setting, (first, trainings), 0, random)
        _, training, noise = pairs.doubt()
        numbers = np.repeat(np.arange(facts), questions)
        claims = Exam(*means, numbers, (first, trainings), training, noise).detectable(ERROR)
        few, median, many = np.nanquantile(claims, [0.1, 0.5, 0.9])
        power = []
        for shift in (-0.03, 0, 0.03):
            pairs, _ = drawn(setting, (first, trainings), max(median + shift, 0.001), random)
            low = pairs.doubt()[0]
            called = low.middle > low.reach(ERROR, low.at_zero)
            called[called] = [p <= ERROR for p in flipped(pairs.moved[called] * np.lcm(first, trainings))]
            power.append(100 * called.mean())
        print(
            f"{kind:<9} {trainings:>5} {100 * spread:>6.0f} {facts:>6} {questions:>9} {accuracy:>8.0%}"
            f"{100 * few:>8.1f} {100 * median:>5.1f} {100 * many:>5.1f}{power[0]:>8.0f} {power[1]:>3.0f} {power[2]:>3.0f}"
        )


def sweeps(random: np.random.Generator) -> None:
    """Measure and print families of tests whose arms share a pool of trainings."""
    print("\nSweeps of arms, 50%, facts of 3: false verdicts of the worst pair, and of the whole family, % (at most 5);")
    print("half width at the error of the family's first test; power at it, 10 points, %; each with the pool / without it")
    print("points between      trainings  facts  family        pair       family          half width       power")
    for (name, spreads), trainings, facts in product(SWEEPS.items(), (2, *TRAININGS[1:]), FACTS[2:]):
        rows = {gain: families(spreads, trainings, facts, gain, random) for gain in (0.0, GAIN)}
        for family, false in rows[0.0].items():
            cells = [*zip(*false, strict=True), [power for *_, power in rows[GAIN][family]]]
            pair, whole, width, _, power = ([100 * value for value in cell] for cell in cells)
            print(
                f"{name:<18} {trainings:>10} {facts:>6}  {family:<6}{pair[0]:>8.1f} / {pair[1]:>4.1f}{whole[0]:>7.1f} / "
                f"{whole[1]:>4.1f}{width[0]:>9.1f} / {width[1]:>5.1f}{power[0]:>6.0f} / {power[1]:>2.0f}"
            )


def skewed(random: np.random.Generator) -> None:
    """Measure and print false verdicts where most facts gain a little and few lose much."""
    print("\nFalse verdicts on skewed facts, % by number of facts")
    print(f"{'':<16}" + "".join(f"{facts:>6}" for facts in FEW))
    for name, (questions, shares) in SKEWED.items():
        cells = []
        for facts in FEW:
            sums = random.choice([*shares], size=(10 * EXAMS, facts), p=[*shares.values()]).astype(float)
            middle, variance = over_facts(sums, np.full(facts, questions))
            called = np.abs(middle) > quantile(ERROR, facts) * np.sqrt(variance)
            called[called] = [p <= ERROR for p in flipped(sums[called])]
            gains = np.where(sums * np.sign(middle)[:, None] > 0, np.abs(sums), np.nan)
            sizes, moved = FactSizes.of(np.full(facts, questions)), np.nanmean(gains[called], -1)
            called[called] = [facts >= sizes.enough(size) for size in moved]
            cells.append(f"{100 * called.mean():.1f}")
        print(f"{name:<16}" + "".join(f"{cell:>6}" for cell in cells))


def contradictions(random: np.random.Generator, comparisons: int = 10_000) -> None:
    """Count verdicts, corrected p and intervals that disagree, in random families on random exams."""
    counted = wrong = decided = 0
    while counted < comparisons:
        questions = random.integers(5, 120)
        facts = random.integers(0, random.integers(2, 60), size=questions)
        arms = []
        for _ in range(random.integers(2, 7)):
            values = (random.random((random.integers(1, 5), questions)) < random.random()).astype(float)
            arms.append(Grades(np.where(random.random(values.shape) < 0.03, np.nan, values)))
        shared = pool(arms, facts, ERROR)
        family = [pair for arm in arms[1:] if (pair := contrast(arms[0], arm, facts, shared))]
        for pair, decision in zip(family, decisions(family, ERROR), strict=True):
            low, high = pair.bounds(decision.error)
            excluded = Verdict.BETTER if low > 0 else Verdict.WORSE if high < 0 else Verdict.UNDECIDED
            wrong += decision.verdict != excluded or (decision.p <= ERROR) != (excluded != Verdict.UNDECIDED)
            decided += excluded != Verdict.UNDECIDED
            counted += 1
    print(
        f"\nContradictions between verdict, corrected p and interval: {wrong} of {counted} comparisons, {decided} of them decided"
    )


def accuracies(random: np.random.Generator) -> None:
    """Measure and print how often the interval of an arm's accuracy holds it."""
    print("\nAn accuracy: how often its 95% interval holds it, % (93 to 97.5), for 0, 4 and 8 points between trainings")
    print(
        "trainings  facts questions"
        + "".join(f"{f'{mean:.0%}, corr. {part}':>22}" for mean, part in product(ACCURACIES, CORRELATIONS))
    )
    shares = []
    for trainings, facts, questions in product(TRAININGS, FACTS[:3], QUESTIONS[:2]):
        cells = []
        for mean, correlation in product(ACCURACIES, CORRELATIONS):
            row = [held(Setting(facts, questions, mean, correlation, spread), trainings, random) for spread in (0.0, 0.04, 0.08)]
            cells.append(" / ".join(f"{100 * share:.1f}" for share in row))
            shares += row
        print(f"{trainings:>9} {facts:>6} {questions:>9}" + "".join(f"{cell:>22}" for cell in cells), flush=True)
    print(f"{sum(LEAST <= share <= MOST for share in shares)} of {len(shares)} within 93 to 97.5%")


def held(setting: Setting, trainings: int, random: np.random.Generator) -> float:
    """Compute how often the interval of an accuracy holds it; of one training, that of its model."""
    drawn = setting.trained(random, setting.accuracy, trainings)
    truth = drawn[:, 0] if trainings == 1 else setting.accuracy
    right = setting.sit(random, [drawn])[0].sum(-1).astype(float)
    low, high = accuracy_bounds(right.sum(1), np.full(setting.facts, trainings * setting.questions), ERROR)
    if trainings > 1:
        variance, _ = between_trainings(right, np.full(right.shape, float(setting.questions)))
        mean = right.mean((1, 2)) / setting.questions
        over = variance / trainings
        alone = Doubt(mean, np.zeros(()), 1, over, np.asarray(trainings - 1.0), None, mean, *skew([mean], [over])).ends(ERROR)
        low, high = mean - np.hypot(mean - low, mean - alone[0]), mean + np.hypot(high - mean, alone[1] - mean)
    return float(np.mean((low <= truth) & (truth <= high)))


def unequal(random: np.random.Generator) -> None:
    """Measure and print accuracies on facts with unequal numbers of questions."""
    print(
        f"\nFacts of {', '.join(map(str, SIZES))} questions: how often the 95% interval of an accuracy holds it, % (93 to 97.5)"
    )
    print("    facts correlation" + "".join(f"{name:>14}" for name in DIFFICULTIES))
    shares = []
    for facts, correlation in product(FACTS[:3], CORRELATIONS):
        row = [mixed(facts, correlation, np.array(means), random) for means in DIFFICULTIES.values()]
        print(f"{facts:>9} {correlation:>11}" + "".join(f"{100 * share:>14.1f}" for share in row), flush=True)
        shares += row
    print(f"{sum(LEAST <= share <= MOST for share in shares)} of {len(shares)} within 93 to 97.5%")


def mixed(facts: int, correlation: float, means: Array, random: np.random.Generator) -> float:
    """Compute how often an interval holds the accuracy over all facts, on exams with facts of random sizes."""
    held, truth = [], means @ SIZES / SIZES.sum()
    for _ in range(EXAMS_OF_SIZES):
        kinds = random.integers(len(SIZES), size=facts)
        sizes = SIZES[kinds]
        numbers = np.repeat(np.arange(facts), sizes)
        shape = EXAMS // EXAMS_OF_SIZES, len(numbers)
        goes = random.random(shape) < np.sqrt(correlation)
        drawn = np.where(goes, random.random((shape[0], facts))[:, numbers], random.random(shape))
        low, high = accuracy_bounds(totals((drawn < means[kinds][numbers]).astype(float), numbers), sizes, ERROR)
        held.append(np.mean((low <= truth) & (truth <= high)))
    return float(np.mean(held))


def main() -> None:
    """Measure every setting and print it."""
    began, random = time.monotonic(), np.random.default_rng(0)
    for table in (accuracies, unequal, skewed, contradictions, sweeps, detected, differences):
        table(random)
        print(f"{time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
