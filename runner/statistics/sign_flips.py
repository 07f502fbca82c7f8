"""Compute the exact sign-flip test from each fact's difference.

A fact's difference is the sum over its questions of the second arm's grade minus the first arm's.
"""

from collections import Counter
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FINEST = 2520  # the least common multiple of 1 to 10: shares of up to ten trainings are whole numbers of such parts
KINDS = 200  # different grades at most whose common denominator is looked for: more of them are scores, not shares
EXACT, ROUNDED = 2**16, 2**13  # the largest sum of all differences that is counted exactly, and that others are rounded to
MANY = 1000  # facts that moved: with more of them, the distribution of the total is normal to three digits


def chance(sums: Array) -> float:
    """Compute p of the exact two-sided sign-flip test.

    If neither arm is better, each fact's sum is as likely with the opposite sign. p is the share of all assignments of
    signs whose total is at least as far from 0. `sums` must hold whole numbers. Where each fact has one question, this
    is the exact McNemar test. With more than 1,000 facts that moved, p is that of the normal distribution.
    """
    moved = np.abs(sums[sums != 0])
    total = abs(float(sums.sum()))
    if not moved.size:
        return 1.0
    if len(moved) > MANY:
        from scipy.special import ndtr  # type: ignore[import-untyped]

        return float(2 * ndtr(-total / np.sqrt((moved**2).sum())))
    # Instead of all 2^facts assignments, the Fourier transform of the total's distribution is the product of the facts'.
    most = int(moved.sum())
    angles = np.pi * np.arange(most + 1) / (most + 1)
    wave: Array = np.ones(most + 1)
    for size, facts in Counter(moved).items():
        wave = wave * np.cos(size * angles) ** facts
    shares = np.fft.fft(wave * np.exp(1j * most * angles)).real / (most + 1)  # by the upward total, from 0 to `most`
    far = np.abs(2 * np.arange(most + 1) - most) >= total
    # A transform leaves rounding errors of 1e-16. The total of all sums in one direction has at least this p.
    return float(np.clip(shares[far].sum(), 2.0 ** (1 - len(moved)), 1))


def sign_power(facts: int, moved: Array, better: Array, error: float, coarse: bool) -> Array:
    """Estimate the power of `chance` by the sign test.

    `moved` is the probability that a fact moves, and `better` that a fact that moved is better. Sums of many sizes have more
    totals than signs have. If they are not `coarse`, the test is taken to use its error up.
    """
    from scipy.stats import binom  # type: ignore[import-untyped]

    counts = np.arange(facts + 1)
    edges, left = _rejected(facts, error)
    called: Array = binom.sf(edges, counts, better[..., None])
    if not coarse:
        called = called + left * binom.pmf(edges, counts, better[..., None])
    power: Array = (binom.pmf(counts, facts, moved[..., None]) * called).sum(-1)
    return power


@lru_cache(maxsize=256)  # the power of many gains is asked for at one number of facts
def _rejected(facts: int, error: float) -> tuple[Array, Array]:
    """Return, by facts that moved, when the sign test calls.

    More facts than the first must be better. Of exactly as many, the second is the share that uses the error up.
    """
    from scipy.stats import binom

    counts = np.arange(facts + 1)
    edges = binom.isf(error / 2, counts, 0.5)
    return edges, (error / 2 - binom.sf(edges, counts, 0.5)) / binom.pmf(edges, counts, 0.5)


def whole(sums: Array, grades: Array) -> Array:
    """Scale the facts' differences to whole numbers.

    A grade is 0 or 1, or a share of trainings such as 2/3. `grades` are all grades that the sums are made of. Sums that
    have no small common denominator are rounded to parts of 1/8192 of their total size.
    """
    scale, size = parts(grades), float(np.abs(sums).sum())
    return np.rint(sums * (scale if scale * size <= EXACT else ROUNDED / size))


def parts(grades: Array) -> int:
    """Find the least common denominator of all grades.

    The result is at most `FINEST`; finer grades are rounded to its parts.
    """
    kinds = np.unique(grades)
    if len(kinds) > KINDS:
        return FINEST
    return min(FINEST, lcm(*(Fraction(grade).limit_denominator(FINEST).denominator for grade in kinds)))
