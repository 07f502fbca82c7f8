"""Simulated exams, 2,000 a setting: how often intervals hold the truth, and tests call a difference that is or is not there."""

import time
from itertools import product

import numpy as np

from runner.statistics import totals
from runner.statistics.paired import Array, Counts, chance, detectable, gain_bounds
from runner.statistics.posterior import accuracy_bounds

ACCURACIES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
QUESTIONS = (20, 60, 90, 150, 300)
CORRELATIONS = (0.0, 0.3, 0.6)  # of the questions of a fact
EXAMS, BLOCK, FACT = 2000, 250, 3
ERROR, POWER, ALIKE, NEAR = 0.05, 0.8, 0.5, 0.03
LEAST, MOST = 0.93, 0.975

Found = dict[tuple[int, float, float], dict[str, float]]  # by questions, correlation and accuracy


class Setting:
    """Exams of three questions a fact, which two arms sit."""

    def __init__(self, questions: int, correlation: float, random: np.random.Generator) -> None:
        self.facts: Counts = np.arange(questions) // FACT
        self.sizes = np.bincount(self.facts)
        self.correlation, self.random = correlation, random

    def sit(self, middle: float, gain: float) -> Array:
        """Whether each answer is right, by arms so far apart about a middle as 0 and 1 allow: arms, exams, questions.

        By chance a question takes its fact's fate, not its own (Lunn and Davies 1998), and the second arm's is the first's.
        """
        fates, own, goes = (self._pair(width) for width in (len(self.sizes), len(self.facts), len(self.facts)))
        drawn = np.where(goes < np.sqrt(self.correlation), fates[..., self.facts], own)
        low = min(max(middle - gain / 2, 0), 1 - gain)
        return (drawn < np.array([low, low + gain])[:, None, None]).astype(float)

    def _pair(self, width: int) -> Array:
        one, other = self.random.random((2, EXAMS, width))
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
    found = {key: measure(Setting(*key[:2], random), key[2]) for key in settings}
    table("How often the 95% interval of an accuracy holds it, % (93 to 97.5)", found, "held")
    table("How often a difference is called where there is none, % (at most 5)", found, "called")
    table(
        "How often the 95% interval of a difference holds it, %: of none, and of the median below", found, "holds 0", "holds at"
    )
    table("What exams say they could see, points: 10%, half and 90% of them", found, "claim 0.1", "claim 0.5", "claim 0.9")
    table("Power 3 points below the median of these, at it, and 3 above, % (80 between)", found, "below", "at", "above")
    print("\nNot as it should be, and why")
    for (questions, correlation, accuracy), row in found.items():
        if told := unexpected(row, correlation):
            print(f"{questions} questions, correlation {correlation}, {accuracy:.0%}: {told}")
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
