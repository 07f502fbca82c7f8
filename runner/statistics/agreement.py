"""Compute Cohen's kappa and its bounds from two graders' verdicts."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DRAWS = 20_000  # from the posterior; the bounds then repeat to about 0.01 when the two graders change places


def kappas(tables: Array) -> Array:
    """Compute Cohen's kappa (1960) of tables of answers.

    `tables` has the shape (..., 4). The four cells count the answers that both graders fail, that only the second
    passes, that only the first passes, and that both pass.
    """
    fails, second, first, passes = np.moveaxis(tables / tables.sum(-1, keepdims=True), -1, 0)
    # The agreement that two graders with these shares of passes reach by chance.
    chance = (fails + second) * (fails + first) + (passes + second) * (passes + first)
    agreement: Array = (fails + passes - chance) / (1 - chance)
    return agreement


def kappa_bounds(tables: Array, error: float) -> tuple[float, float]:
    """Compute the low and the high bound of kappa.

    `tables` holds one table of answers per cluster, with the shape (clusters, 4) and the cells of `kappas`.

    The bounds are the equal-tailed interval of kappa's posterior under Jeffreys' prior on the four shares (as in Basu,
    Banerjee and Sen 2000). Unlike a normal approximation, this interval keeps a width where all answers agree; there it
    runs to that end. Clusters are weighed by the Bayesian bootstrap (Rubin 1981). For clusters of one answer this is
    exactly that posterior. The prior counts as half a cluster for each share. In 60 simulated settings the interval held
    the true kappa in 88% to 97% of the cases. Where it missed, it was mostly too low.
    """
    # Clusters with the same table are drawn together: a sum of gamma variables is again a gamma variable.
    kinds, counts = np.unique(tables, axis=0, return_counts=True)
    # The fixed seed makes the same grades give the same interval.
    sizes, generator = tables.sum(-1), np.random.default_rng(0)
    typical = (sizes**2).sum() / sizes.sum()  # the size of the cluster that a typical answer belongs to
    # Kappa depends on shares alone, so the gamma draws need not be divided by their sum to be Dirichlet draws.
    drawn = generator.gamma(counts, size=(DRAWS, len(counts))) @ kinds + typical * generator.gamma(0.5, size=(DRAWS, 4))
    low, high = np.quantile(kappas(drawn), [error / 2, 1 - error / 2])
    estimate = kappas(tables.sum(0))
    # At full agreement the whole posterior lies below the estimate, so the interval is extended to hold it.
    return float(min(low, estimate)), float(max(high, estimate))
