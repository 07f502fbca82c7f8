"""Bound a difference by how many facts moved each way."""

import numpy as np
from numpy.typing import NDArray

from runner.statistics.doubt import typical_size

Array = NDArray[np.float64]
Counts = NDArray[np.intp]
EQUAL = 1e-9  # a fact's difference that rounding alone may give


def distances(sums: Array, sizes: Counts, error: float) -> tuple[Array, Array]:
    """Compute distances from the estimate to both ends.

    `sums` holds each fact's difference, with the shape (..., facts), and `sizes` its number of questions.

    If an arm gets 4 facts of 100 wrong that the other gets right, an exam of 40 facts shows none of them in 20% of cases. The
    variance of such an exam is too small. So the shares of facts that get worse and better have exact bounds (Clopper and
    Pearson 1934). They are one-sided, because of few facts only the larger share is missed. Where no fact moved, this is the
    rule of three (Hanley and Lippman-Hand 1983). Both shares are combined by MOVER, as facts and trainings in `Doubt`.
    """
    worse, better = (sums < -EQUAL).sum(-1), (sums > EQUAL).sum(-1)
    # Questions by which a moved fact differs. One more fact moves as a whole, as nothing is known if none did.
    size = (np.abs(sums).sum(-1) + typical_size(sizes)) / (worse + better + 1)
    (fewer_worse, more_worse), (fewer_better, more_better) = (_reaches(moved, len(sizes), error) for moved in (worse, better))
    scale = size / sizes.sum()
    return scale * np.hypot(more_worse, fewer_better), scale * np.hypot(more_better, fewer_worse)


def _reaches(moved: Counts, facts: int, error: float) -> tuple[Array, Array]:
    """Compute how many fewer and more facts may move."""
    from scipy.special import betaincinv  # type: ignore[import-untyped]

    # If none or all moved, one of the two beta distributions does not exist, and that bound is 0 or 1.
    least = np.where(moved > 0, betaincinv(np.maximum(moved, 1), facts - moved + 1, error), 0)
    most = np.where(moved < facts, betaincinv(moved + 1, np.maximum(facts - moved, 1), 1 - error), 1)
    return np.maximum(moved - facts * least, 0), np.maximum(facts * most - moved, 0)
