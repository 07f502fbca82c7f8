"""How many of each fact's questions were right in; the accuracies that this leaves likely out."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln  # type: ignore[import-untyped]

Array = NDArray[np.float64]
ACCURACIES, CORRELATIONS = 400, 16  # cells of the grid that a posterior is summed over
CORRELATION = (np.arange(CORRELATIONS) + 0.5) / CORRELATIONS


def accuracy_bounds(right: Array, sizes: NDArray[np.intp], error: float) -> tuple[Array, Array]:
    """Low and high of the accuracy, from how many of each fact's questions were right (..., facts).

    The equal-tailed posterior interval of a beta-binomial (Skellam 1948): how much the questions of a fact stand or
    fall together is integrated out, as few facts cannot tell it, under a uniform prior on their correlation. The
    accuracy has Jeffreys' prior, and where none or all are right the interval runs to that end (Brown, Cai and DasGupta
    2001, whose Jeffreys interval this is where each question has its own fact). Facts of unequal sizes are weighed by
    `_weights`; bench/exams.py measures how often it holds the truth.
    """
    likelihood: Array = np.zeros((*right.shape[:-1], ACCURACIES, CORRELATIONS))
    for size, weights in zip(np.unique(sizes), _weights(sizes), strict=True):
        counts = right[..., sizes == size]
        seen = np.unique(counts)
        shapes = np.stack([_beta_binomial(int(count), int(size)) for count in seen])
        likelihood += np.tensordot(np.stack([(counts == count).sum(-1) for count in seen], -1), shapes * weights, 1)
    mass = np.exp(likelihood - likelihood.max((-1, -2), keepdims=True)).sum(-1).cumsum(-1)
    edges = np.linspace(0, 1, ACCURACIES + 1)
    tails = [error / 2, 1 - error / 2]
    places = np.apply_along_axis(lambda sums: np.interp(tails, [0, *sums / sums[-1]], edges), -1, mass)
    low, high = np.moveaxis(_accuracy(places), -1, 0)
    estimate = right.sum(-1) / sizes.sum()
    return np.where(estimate == 0, 0.0, np.minimum(low, estimate)), np.where(estimate == 1, 1.0, np.maximum(high, estimate))


def _weights(sizes: NDArray[np.intp]) -> Array:
    """How much the likelihood of a fact of each size counts, at each correlation (sizes, correlations); 1 where all are alike.

    A likelihood weighs a fact by what it tells, size / (1 + (size - 1) * correlation), but the accuracy by its size: where
    large facts are harder or easier the two lie apart. A pseudo-posterior (Savitsky and Toth 2016), weighed by size over
    what it tells, is about the accuracy, and the weights' scale leaves it as much to tell as the accuracy has by its variance at
    that correlation: Kish's (1965) effective number of facts where their questions stand or fall as one.
    """
    kinds, facts = np.unique(sizes, return_counts=True)
    design = 1 + (kinds[:, None] - 1) * CORRELATION
    found: Array = design * sizes.sum() / (facts * kinds @ design)
    return found


def _accuracy(places: Array) -> Array:
    """The accuracies at these shares of Jeffreys' prior."""
    return np.sin(np.pi / 2 * places) ** 2


@lru_cache(maxsize=512)
def _beta_binomial(right: int, size: int) -> Array:
    """The log-likelihood of so many right questions of a fact, over the grid."""
    accuracy = _accuracy((np.arange(ACCURACIES) + 0.5) / ACCURACIES)[:, None]
    spread = 1 / CORRELATION - 1
    ones, noughts = accuracy * spread, (1 - accuracy) * spread
    found: Array = betaln(right + ones, size - right + noughts) - betaln(ones, noughts)
    return found
