"""Likeness of texts: vectors or texts in, the earlier ones that each is like out."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np

BLOCK = 500  # rows that are compared at once
MANY = 2000  # texts, from which on a table of all pairs takes longer than hashing
PERMUTATIONS, SEED = 256, 0  # of MinHash
MISSED = 0.01  # of the pairs that are just alike enough, the share that the bands may miss


def alike(vectors: Any, threshold: float) -> Iterator[Sequence[int]]:
    """Yield each row's earlier rows with a product of `threshold`.

    `vectors` are a matrix of NumPy or scipy with rows of length 1.
    """
    for start in range(0, vectors.shape[0], BLOCK):
        block = vectors[start : start + BLOCK]
        product = block @ vectors[: start + BLOCK].T
        # Rounded first, so that the threshold agrees with the numbers that are shown elsewhere.
        near = np.round(product if isinstance(product, np.ndarray) else product.toarray(), 3) >= threshold
        for row in range(block.shape[0]):
            yield np.flatnonzero(near[row, : start + row]).tolist()


def alike_by_hash(counts: Any, threshold: float, kept: Collection[int]) -> Iterator[Sequence[int]]:
    """Yield each row's earlier kept rows that are alike.

    As `alike` for many rows of counts, by MinHash: rows without a band in common are not compared. `kept` is read anew for each
    row, so that the caller can add the row before it.
    """
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=_bands(threshold))
    last: Any = None
    for row in range(counts.shape[0]):
        if row - 1 in kept:
            index.insert(row - 1, last)
        last = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        own = counts[row]
        last.update(own.indices.astype(str).tolist())
        near = sorted(index.query(last))
        products = (counts[near] @ own.T).toarray().ravel().round(3) if near else ()
        yield [other for other, product in zip(near, products, strict=True) if product >= threshold]


def _bands(threshold: float) -> int:
    """Return the fewest bands that find nearly all pairs."""
    # Of two sets of one size, a cosine of c is a Jaccard similarity of c / (2 - c).
    shared = threshold / (2 - threshold)
    possible = (4, 8, 16, 32, 64)
    return next((bands for bands in possible if (1 - shared ** (PERMUTATIONS // bands)) ** bands <= MISSED), PERMUTATIONS)
