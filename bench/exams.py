"""Simulated exams, 2,000 a setting: how often intervals hold the truth, and tests call a difference that is or is not there."""

import time
from itertools import product

import numpy as np

from runner.statistics import totals
from runner.statistics.accuracy_interval import accuracy_bounds
from runner.statistics.paired import Array, Counts, chance, detectable, gain_bounds

ACCURACIES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
QUESTIONS = (20, 60, 90, 150, 300)
CORRELATIONS = (0.0, 0.3, 0.6)  # of the questions of a fact
EXAMS, BLOCK, FACT = 2000, 250, 3
ERROR, POWER, ALIKE, NEAR = 0.05, 0.8, 0.5, 0.03
LEAST, MOST = 0.93, 0.975
SIZES = np.array([1, 2, 3, 8])  # of facts, each as likely
FACTS = (12, 30, 90)
DRAWS = 200  # of the sizes that an exam's facts have
DIFFICULTIES = {  # the accuracy on facts of each size
    "all 50%": (0.5, 0.5, 0.5, 0.5),
    "all 90%": (0.9, 0.9, 0.9, 0.9),
    "large hard": (0.9, 0.8, 0.6, 0.2),
    "large easy": (0.2, 0.4, 0.7, 0.9),
}
LOSSES = np.array([1, 1, 0.8, 0.5])  # what is left of these accuracies where the second arm does worse on large facts

Found = dict[tuple[int, float, float], dict[str, float]]  # by questions, correlation and accuracy


class Setting:
    """Exams of facts with so many questions each, which two arms sit."""

    def __init__(self, sizes: Counts, correlation: float, random: np.random.Generator, exams: int = EXAMS) -> None:
        self.sizes, self.facts = sizes, np.repeat(np.arange(len(sizes)), sizes)
        self.correlation, self.random, self.exams = correlation, random, exams

    def sit(self, middle: float, gain: float) -> Array:
        """Whether each answer is right, by arms so far apart about a middle as 0 and 1 allow: arms, exams, questions."""
        low = min(max(middle - gain / 2, 0), 1 - gain)
        return self.answer(np.array([[low], [low + gain]]))

    def answer(self, accuracies: Array) -> Array:
        """The same by arms of these accuracies (arms, questions).

        By chance a question takes its fact's fate, not its own (Lunn and Davies 1998), and the second arm's is the first's.
        """
        fates, own, goes = (self._pair(width) for width in (len(self.sizes), len(self.facts), len(self.facts)))
        drawn = np.where(goes < np.sqrt(self.correlation), fates[..., self.facts], own)
        return (drawn < accuracies[:, None]).astype(float)

    def _pair(self, width: int) -> Array:
        one, other = self.random.random((2, self.exams, width))
        return np.stack([one, np.where(self.random.random(one.shape) < ALIKE, one, other)])

    def gains(self, passed: Array, gain: float) -> tuple[float, float]:
        """How often a difference is called the right way round, or either where there is none, and its interval holds it."""
        sums = totals(passed[1] - passed[0], self.facts)
        low, high = gain_bounds(sums, self.sizes, ERROR)
        kinds, which = np.unique(np.sort(sums), axis=0, return_inverse=True)  # the order of the facts is nothing to p
        called = np.array([chance(kind) <= ERROR for kind in kinds])[which.ravel()] & ((sums.sum(-1) > 0) | (gain == 0))
        return float(called.mean()), float(np.mean((low <= gain + 1e-9) & (gain - 1e-9 <= high)))


def held(right: Array, facts: Counts, accuracy: float) -> float:
    """How often the interval of an accuracy holds it where each question is of such a fact."""
    blocks = np.split(totals(right, facts), EXAMS // BLOCK)
    low, high = np.hstack([accuracy_bounds(block, np.bincount(facts), ERROR) for block in blocks])
    return float(np.mean((low <= accuracy) & (accuracy <= high)))


def measure(setting: Setting, accuracy: float) -> dict[str, float]:
    """All that is measured in one setting, shares from 0 to 1."""
    one, two = passed = setting.sit(accuracy, 0)
    found = {"held": held(one, setting.facts, accuracy), "held alone": held(one, np.arange(len(setting.facts)), accuracy)}
    found["at end"] = float(np.mean(one.mean(-1) == round(accuracy)))
    sums = totals(two - one, setting.facts)
    claims = detectable((one.mean(-1), two.mean(-1)), (one != two).mean(-1), sums, setting.sizes, ERROR)
    found |= {f"claim {share}": float(np.quantile(claims, share)) for share in (0.1, 0.5, 0.9)}
    found["called"], found["holds 0"] = setting.gains(passed, 0)
    for name, shift in (("below", -NEAR), ("at", 0), ("above", NEAR)):
        gain = min(max(found["claim 0.5"] + shift, 0.001), 1)
        found[name], found[f"holds {name}"] = setting.gains(setting.sit(accuracy, gain), gain)
    return found


def unequal(facts: int, correlation: float, accuracies: Array, random: np.random.Generator) -> dict[str, float]:
    """How often intervals hold the truth, over all facts, of exams whose facts have as many questions as chance gives them."""
    found: dict[str, list[float]] = {"held": [], "holds 0": [], "holds at": []}
    truth, worse = accuracies @ SIZES / SIZES.sum(), (accuracies * (LOSSES - 1)) @ SIZES / SIZES.sum()
    for _ in range(DRAWS):
        kinds = random.integers(len(SIZES), size=facts)
        setting = Setting(SIZES[kinds], correlation, random, EXAMS // DRAWS)
        each = np.repeat(accuracies[kinds], setting.sizes), np.repeat((accuracies * LOSSES)[kinds], setting.sizes)
        one, two = setting.answer(np.stack([each[0], each[0]]))
        low, high = accuracy_bounds(totals(one, setting.facts), setting.sizes, ERROR)
        found["held"].append(float(np.mean((low <= truth) & (truth <= high))))
        for name, gain, passed in (("holds 0", 0, (one, two)), ("holds at", worse, setting.answer(np.stack(each)))):
            low, high = gain_bounds(totals(passed[1] - passed[0], setting.facts), setting.sizes, ERROR)
            found[name].append(float(np.mean((low <= gain) & (gain <= high))))
    return {name: float(np.mean(shares)) for name, shares in found.items()}


def unequal_table(random: np.random.Generator) -> None:
    """Measure and print the settings of facts with unequal numbers of questions."""
    sizes = ", ".join(map(str, SIZES))
    print(f"\nFacts of {sizes} questions: how often the 95% interval of an accuracy holds it, % (93 to 97.5),")
    print("and that of a difference: of none, and of one on large facts alone")
    print("    facts correlation" + "".join(f"{name:>20}" for name in DIFFICULTIES))
    expected = []
    for facts, correlation in product(FACTS, CORRELATIONS):
        rows = [unequal(facts, correlation, np.array(accuracies), random) for accuracies in DIFFICULTIES.values()]
        cells = (" / ".join(f"{100 * share:.1f}" for share in row.values()) for row in rows)
        print(f"{facts:>9} {correlation:>11}" + "".join(f"{cell:>20}" for cell in cells), flush=True)
        expected += [LEAST <= row["held"] <= MOST for row in rows]
    print(f"{sum(expected)} of {len(expected)} within 93 to 97.5%")


def table(title: str, found: Found, *names: str) -> None:
    """Print a line for each number of questions and correlation, with a column for each accuracy, in %."""
    print(f"\n{title}\nquestions correlation" + "".join(f"{accuracy:>20.0%}" for accuracy in ACCURACIES))
    for questions, correlation in product(QUESTIONS, CORRELATIONS):
        rows = [found[questions, correlation, accuracy] for accuracy in ACCURACIES]
        cells = (" / ".join(f"{100 * row[name]:.1f}" for name in names) for row in rows)
        print(f"{questions:>9} {correlation:>11}" + "".join(f"{cell:>20}" for cell in cells))


def unexpected(row: dict[str, float], correlation: float) -> str:
    """What is not as it should be in a setting, and why."""
    told = []
    if not LEAST <= row["held"] <= MOST:
        told.append(f"holds it in {row['held']:.1%}")
        if row["at end"] > ERROR / 2:
            told.append(
                f"discrete: {row['at end']:.0%} of exams have none or all right and must hold it, so only one side can miss"
            )
        elif not correlation:
            told.append(f"the facts cannot show that their questions are unrelated: were that known, {row['held alone']:.1%}")
    if not row["below"] <= POWER <= row["above"]:
        told.append(f"could see {'less' if row['below'] > POWER else 'only more'} than {100 * row['claim 0.5']:.0f} points")
    return "; ".join(told)


def main() -> None:
    """Measure every setting and print it."""
    began, random = time.monotonic(), np.random.default_rng(0)
    settings = product(QUESTIONS, CORRELATIONS, ACCURACIES)
    found = {key: measure(Setting(np.bincount(np.arange(key[0]) // FACT), key[1], random), key[2]) for key in settings}
    table("How often the 95% interval of an accuracy holds it, % (93 to 97.5)", found, "held")
    table("How often a difference is called where there is none, % (at most 5)", found, "called")
    table(
        "How often the 95% interval of a difference holds it, %: of none, and of the median below", found, "holds 0", "holds at"
    )
    table("What exams say they could see, points: 10%, half and 90% of them", found, "claim 0.1", "claim 0.5", "claim 0.9")
    table("Power 3 points below the median of these, at it, and 3 above, % (80 between)", found, "below", "at", "above")
    unequal_table(random)
    print("\nNot as it should be, and why")
    for (questions, correlation, accuracy), row in found.items():
        if told := unexpected(row, correlation):
            print(f"{questions} questions, correlation {correlation}, {accuracy:.0%}: {told}")
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
