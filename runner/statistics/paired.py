"""Compute bounds, test and power from each fact's difference.

A fact's difference is the sum over its questions of the second arm's grade minus the first arm's.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
POWER = 0.8
FINEST = 2520  # the least common multiple of 1 to 10: shares of up to ten trainings are whole numbers of such parts
HALVINGS = 10  # of the range from 0 to 1, which leaves a step of 0.1 percentage points


def gain_bounds(sums: Array, sizes: Counts, error: float) -> tuple[Array, Array]:
    """Compute the low and the high bound of a difference.

    `sums` holds each fact's difference, with the shape (..., facts), and `sizes` its number of questions.

    This is a t interval over the facts and one pseudo-fact. The pseudo-fact stays as it is with a probability of one
    half, and gets better or worse as a whole with one quarter each. Without it, an exam on which nothing changed would
    have an interval of no width. Agresti and Min (2005) add two such pairs where each fact has one question.
    """
    from scipy.stats import t  # type: ignore[import-untyped]

    typical = (sizes**2).sum() / sizes.sum()  # the size of the fact that a typical question belongs to
    questions, facts = sizes.sum() + typical, len(sizes) + 1
    middle = sums.sum(-1) / questions
    # The second term is the expected square of the pseudo-fact.
    squares = ((sums - middle[..., None] * sizes) ** 2).sum(-1) + typical**2 * (0.5 + middle**2)
    reach = t.isf(error / 2, facts - 1) * np.sqrt(facts / (facts - 1) * squares) / questions
    return np.maximum(middle - reach, -1), np.minimum(middle + reach, 1)


def chance(sums: Array) -> float:
    """Compute p of the exact two-sided sign-flip test.

    If neither arm is better, each fact's sum is as likely with the opposite sign. p is the share of all assignments of
    signs whose total is at least as far from 0. `sums` must hold whole numbers. Where each fact has one question, this
    is the exact McNemar test.
    """
    from scipy.stats import binom

    # Instead of all 2^facts assignments, the distribution of the total is built up, one size of sum after the other:
    # of the facts with sums of one size, the number that point up is binomial. `chances` is indexed by the upward total.
    chances: Array = np.ones(1)
    for size, facts in Counter(int(size) for size in np.abs(sums) if size).items():
        wide = np.zeros(len(chances) + size * facts)
        for up, share in enumerate(binom.pmf(np.arange(facts + 1), facts, 0.5)):
            wide[up * size : up * size + len(chances)] += share * chances
        chances = wide
    most = len(chances) - 1
    # The total is the upward sum minus the downward sum. The minimum removes a rounding error just above 1.
    return min(1.0, float(chances[np.abs(2 * np.arange(most + 1) - most) >= abs(sums.sum())].sum()))


def parts(grades: Array) -> int:
    """Find the least common denominator of all grades.

    A grade is a share of trainings, such as 2/3. The result is at most `FINEST`; finer grades are rounded to its parts.
    """
    return min(FINEST, lcm(*(Fraction(grade).limit_denominator(FINEST).denominator for grade in np.unique(grades))))


def detectable(accuracies: tuple[Array, Array], unlike: Array, sums: Array, sizes: Counts, error: float) -> Array:
    """Estimate the smallest difference that such an exam detects.

    To detect is to call the difference with a power of 0.8. The result is NaN if no difference is large enough.

    `accuracies` are those of the two arms, `unlike` is the share of questions on which they differ, and `sums` are the
    facts' differences, with the shape (..., facts). The hypothetical difference lies evenly about the middle of the two
    accuracies, as far as 0 and 1 allow. How much the arms agree, and how much the questions of a fact go together, is
    taken from the exam itself. bench/exams.py measures how accurate the estimate is.
    """
    first, second = accuracies
    gain, facts, typical = second - first, len(sizes), (sizes**2).sum() / sizes.sum()
    unrelated = first + second - 2 * first * second  # the share on which independent arms of these accuracies differ
    room = unrelated - np.abs(gain)
    # Agreement beyond independence, from 0 to 1. Where there is no room for any, the division would be by zero.
    alike = np.clip(np.divide(unrelated - unlike, room, out=np.zeros_like(room), where=room > 1e-12), 0, 1)
    squares = ((sums - gain[..., None] * sizes) ** 2).sum(-1) * facts / max(facts - 1, 1)
    # The design effect: the variance over facts, relative to independent questions. Half a pseudo-fact, whose questions
    # are half correlated, stabilises it, since few facts can't tell how much their questions go together.
    design = (squares + typical * (1 + typical) / 4) / (sizes.sum() * (unlike - gain**2) + typical / 2)
    together = np.clip((design - 1) / max(typical - 1, 1e-12), 0, 1)
    exam = _Exam((first + second) / 2, alike, together, round(typical), round(sizes.sum() / typical), error)
    # The power grows with the difference but has no inverse in closed form, so the range is halved.
    low, high = np.zeros_like(gain), np.ones_like(gain)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        seen = exam.power(middle) >= POWER
        low, high = np.where(seen, low, middle), np.where(seen, middle, high)
    return np.where(exam.power(np.ones_like(gain)) >= POWER, high, np.nan)


@dataclass(frozen=True)
class _Exam:
    """A hypothetical exam that two arms take."""

    middle: Array  # of the two arms' accuracies
    alike: Array  # agreement of the arms beyond independence, from 0 to 1
    together: Array  # correlation of the questions of one fact, from 0 to 1
    questions: int  # of each fact
    facts: int
    error: float

    def power(self, gain: Array) -> Array:
        """Compute the probability that a gain is called.

        The test is the exact two-sided sign test on the facts that moved. It is close to the sign-flip test of `chance`,
        whose power would need a simulation.
        """
        from scipy.stats import binom

        shares, counts = self.shares(gain), np.arange(self.facts + 1)
        moved, better = 1 - shares[..., self.questions], shares[..., self.questions + 1 :].sum(-1)
        called = binom.sf(binom.isf(self.error / 2, counts, 0.5), counts, np.clip(better / moved, 0, 1)[..., None])
        power: Array = (binom.pmf(counts, self.facts, np.clip(moved, 0, 1)[..., None]) * called).sum(-1)
        return power

    def shares(self, gain: Array) -> Array:
        """Compute the distribution of a fact's difference.

        The result has the shape (..., sums), for the sums from -questions to questions. Each question takes its fact's
        outcome with a fixed probability, and its own otherwise, as in Lunn and Davies (1998).
        """
        low = np.clip(self.middle - gain / 2, 0, 1 - gain)
        worse = (1 - self.alike) * low * (1 - low - gain)
        single = np.stack([worse, 1 - gain - 2 * worse, worse + gain], -1)  # of one question: worse, same, better
        # Two questions both take the fact's outcome with this probability squared, which is then their correlation.
        tie = np.sqrt(self.together)[..., None]
        distribution: Array = np.zeros((*gain.shape, 2 * self.questions + 1))
        for outcome in range(3):
            question = (1 - tie) * single + tie * np.eye(3)[outcome]
            # Given the fact's outcome, the questions are independent, so their distributions are convolved.
            sums: Array = np.ones((*gain.shape, 1))
            for _ in range(self.questions):
                wide = np.pad(sums, [(0, 0)] * gain.ndim + [(2, 2)])
                sums = sum(
                    (question[..., 2 - move, None] * wide[..., move : move + sums.shape[-1] + 2] for move in range(3)),
                    start=np.zeros(1),
                )
            distribution += single[..., outcome, None] * sums
        return distribution
