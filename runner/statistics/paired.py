"""Each fact's difference between two arms in; bounds of the difference, its exact test, and what the exam could see out."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
POWER = 0.8
FINEST = 2520  # parts of a question, in which up to ten trainings are whole: finer ones are rounded to these
HALVINGS = 10  # of the range of a difference: to 0.1 points


def gain_bounds(sums: Array, sizes: Counts, error: float) -> tuple[Array, Array]:
    """Low and high of second minus first, from each fact's sum of differences (..., facts).

    A t interval over the facts and one more, that half stays, a quarter gets better and a quarter worse, so that an exam
    on which nothing changed is not taken as certain. Agresti and Min (2005) add two such pairs where facts have one question.
    """
    from scipy.stats import t  # type: ignore[import-untyped]

    each = (sizes**2).sum() / sizes.sum()
    questions, facts = sizes.sum() + each, len(sizes) + 1
    middle = sums.sum(-1) / questions
    squares = ((sums - middle[..., None] * sizes) ** 2).sum(-1) + each**2 * (0.5 + middle**2)
    reach = t.isf(error / 2, facts - 1) * np.sqrt(facts / (facts - 1) * squares) / questions
    return np.maximum(middle - reach, -1), np.minimum(middle + reach, 1)


def chance(sums: Array) -> float:
    """p of the exact two-sided sign-flip test: how often the facts differ as much in all where neither arm is better.

    Each fact's sum has either sign as often. Where each fact has one question this is the exact McNemar test.
    """
    from scipy.stats import binom

    chances: Array = np.ones(1)  # by the sum of the facts that go up, from 0
    for size, facts in Counter(int(size) for size in np.abs(sums) if size).items():
        wide = np.zeros(len(chances) + size * facts)
        for up, share in enumerate(binom.pmf(np.arange(facts + 1), facts, 0.5)):
            wide[up * size : up * size + len(chances)] += share * chances
        chances = wide
    most = len(chances) - 1
    return min(1.0, float(chances[np.abs(2 * np.arange(most + 1) - most) >= abs(sums.sum())].sum()))


def parts(grades: Array) -> int:
    """The least number of parts of which all these shares of trainings are whole ones; where that is too many, `FINEST`."""
    return min(FINEST, lcm(*(Fraction(grade).limit_denominator(FINEST).denominator for grade in np.unique(grades))))


def detectable(accuracies: tuple[Array, Array], unlike: Array, sums: Array, sizes: Counts, error: float) -> Array:
    """The difference that such an exam calls with a power of 0.8; NaN where it calls none.

    From the two arms' accuracies, the share of questions on which they differ, and each fact's sum of differences
    (..., facts). It lies evenly about the middle of the accuracies, as far as 0 and 1 allow. The arms agree, and the
    questions of a fact go together, as much as was found; half a fact more, whose questions half go together,
    stands for what few facts cannot tell. bench/exams.py measures how near it comes.
    """
    one, two = accuracies
    gain, facts, each = two - one, len(sizes), (sizes**2).sum() / sizes.sum()
    unrelated = one + two - 2 * one * two  # how often arms that know nothing of each other differ
    room = unrelated - np.abs(gain)
    alike = np.clip(np.divide(unrelated - unlike, room, out=np.zeros_like(room), where=room > 1e-12), 0, 1)
    squares = ((sums - gain[..., None] * sizes) ** 2).sum(-1) * facts / max(facts - 1, 1)
    design = (squares + each * (1 + each) / 4) / (sizes.sum() * (unlike - gain**2) + each / 2)
    together = np.clip((design - 1) / max(each - 1, 1e-12), 0, 1)
    exam = _Exam((one + two) / 2, alike, together, round(each), round(sizes.sum() / each), error)
    low, high = np.zeros_like(gain), np.ones_like(gain)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        seen = exam.power(middle) >= POWER
        low, high = np.where(seen, low, middle), np.where(seen, middle, high)
    return np.where(exam.power(np.ones_like(gain)) >= POWER, high, np.nan)


@dataclass(frozen=True)
class _Exam:
    """An exam of so many facts with so many questions each, and two arms about the middle of whose accuracies it is asked."""

    middle: Array
    alike: Array
    together: Array
    questions: int
    facts: int
    error: float

    def power(self, gain: Array) -> Array:
        """The chance that a gain is called: that of the exact two-sided sign test on the facts that moved."""
        from scipy.stats import binom

        shares, counts = self.shares(gain), np.arange(self.facts + 1)
        moved, better = 1 - shares[..., self.questions], shares[..., self.questions + 1 :].sum(-1)
        called = binom.sf(binom.isf(self.error / 2, counts, 0.5), counts, np.clip(better / moved, 0, 1)[..., None])
        found: Array = (binom.pmf(counts, self.facts, np.clip(moved, 0, 1)[..., None]) * called).sum(-1)
        return found

    def shares(self, gain: Array) -> Array:
        """How often a fact's sum of differences is each of -questions to questions (..., sums).

        Each question goes with its fact by chance, as in Lunn and Davies (1998), so that two are correlated by `together`.
        """
        low = np.clip(self.middle - gain / 2, 0, 1 - gain)
        worse = (1 - self.alike) * low * (1 - low - gain)
        single = np.stack([worse, 1 - gain - 2 * worse, worse + gain], -1)
        tie = np.sqrt(self.together)[..., None]
        found: Array = np.zeros((*gain.shape, 2 * self.questions + 1))
        for fate in range(3):
            question = (1 - tie) * single + tie * np.eye(3)[fate]
            sums: Array = np.ones((*gain.shape, 1))
            for _ in range(self.questions):
                wide = np.pad(sums, [(0, 0)] * gain.ndim + [(2, 2)])
                sums = sum(
                    (question[..., 2 - move, None] * wide[..., move : move + sums.shape[-1] + 2] for move in range(3)),
                    start=np.zeros(1),
                )
            found += single[..., fate, None] * sums
        return found
