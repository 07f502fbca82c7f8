"""The interval of an accuracy, from each fact's right answers."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ACCURACIES, CORRELATIONS = 400, 16  # cells of the grid over which the posterior is summed
# The middles of the cells, since the likelihood has no value at 0 and 1.
CORRELATION = (np.arange(CORRELATIONS) + 0.5) / CORRELATIONS


def accuracy_bounds(right: Array, sizes: NDArray[np.intp], error: float) -> tuple[Array, Array]:
    """Compute the low and the high bound of an accuracy.

    `right` counts each fact's right answers, with the shape (..., facts), and `sizes` its answers.

    The bounds are the equal-tailed posterior interval of a beta-binomial (Skellam 1948). The correlation of a fact's
    answers has a uniform prior and is integrated out, because few facts can't tell it. The accuracy has Jeffreys' prior.
    Where none or all answers are right, the interval runs to that end (Brown, Cai and DasGupta 2001). Where each question
    has its own fact, the result is their Jeffreys interval. `_weights` weighs facts of unequal sizes. bench/exams.py
    measures how often the interval holds the true accuracy.
    """
    likelihood: Array = np.zeros((*right.shape[:-1], ACCURACIES, CORRELATIONS))
    for size, weights in zip(np.unique(sizes), _weights(sizes), strict=True):
        counts = right[..., sizes == size]
        seen = np.unique(counts)
        # Facts with the same size and count have the same likelihood, so each is computed once and multiplied.
        shapes = np.stack([_beta_binomial(int(count), int(size)) for count in seen])
        likelihood += np.tensordot(np.stack([(counts == count).sum(-1) for count in seen], -1), shapes * weights, 1)
    # Without the subtraction, the exponential of an exam of thousands of questions would be 0 everywhere.
    mass = np.exp(likelihood - likelihood.max((-1, -2), keepdims=True)).sum(-1).cumsum(-1)
    edges = np.linspace(0, 1, ACCURACIES + 1)
    tails = [error / 2, 1 - error / 2]
    places = np.apply_along_axis(lambda sums: np.interp(tails, [0, *sums / sums[-1]], edges), -1, mass)
    low, high = np.moveaxis(_accuracy(places), -1, 0)
    estimate = right.sum(-1) / sizes.sum()
    # With facts of very unequal sizes the weighed posterior may leave out the estimate; the interval always holds it.
    return np.where(estimate == 0, 0.0, np.minimum(low, estimate)), np.where(estimate == 1, 1.0, np.maximum(high, estimate))


def _weights(sizes: NDArray[np.intp]) -> Array:
    """Compute the weight of each fact size's likelihood.

    The result has the shape (sizes, correlations). All weights are 1 if all facts have the same size.

    A likelihood weighs a fact by its information, size / (1 + (size - 1) * correlation), but the accuracy weighs it by its
    size. The two differ where large facts are harder or easier than small ones. A pseudo-posterior (Savitsky and Toth
    2016) with the weight size / information is about the accuracy. The scale of the weights keeps its total information
    at that of the accuracy, whose variance depends on the correlation. If the answers of each fact are fully correlated,
    that is Kish's (1965) effective number of facts.
    """
    kinds, facts = np.unique(sizes, return_counts=True)
    design = 1 + (kinds[:, None] - 1) * CORRELATION
    weights: Array = design * sizes.sum() / (facts * kinds @ design)
    return weights


def _accuracy(places: Array) -> Array:
    """Turn quantiles of Jeffreys' prior into accuracies."""
    # A uniform grid of these quantiles is Jeffreys' prior, so that the sum over the grid needs no weights for it.
    return np.sin(np.pi / 2 * places) ** 2


@lru_cache(maxsize=512)  # the same counts recur in every arm and category
def _beta_binomial(right: int, size: int) -> Array:
    """Compute a fact's log-likelihood over the grid."""
    from scipy.special import betaln  # type: ignore[import-untyped]

    accuracy = _accuracy((np.arange(ACCURACIES) + 0.5) / ACCURACIES)[:, None]
    spread = 1 / CORRELATION - 1
    # The binomial coefficient is left out: it is the same in every cell of the grid.
    alpha, beta = accuracy * spread, (1 - accuracy) * spread
    likelihood: Array = betaln(right + alpha, size - right + beta) - betaln(alpha, beta)
    return likelihood
