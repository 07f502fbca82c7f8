"""Each text is compared with the ones before it, pair by pair or by hashing."""

import numpy as np
import pytest

from runner.exam_checks.near_duplicates import sequences
from runner.filter.likeness import BLOCK, alike, alike_by_hash

TEXTS = [
    "who won the final in oslo",
    "which arbiter serves the mesh",
    "who won the final in oslo then",
    "who won the final in oslo",
]


def test_earlier_rows_are_found_in_sparse_and_in_dense_matrices() -> None:
    counts = sequences(TEXTS)
    assert list(alike(counts, 0.8)) == list(alike(counts.toarray(), 0.8)) == [[], [], [0], [0, 2]]


def test_rows_are_found_across_blocks() -> None:
    vectors = np.zeros((BLOCK + 2, BLOCK + 1), np.float32)
    vectors[np.arange(BLOCK + 1), np.arange(BLOCK + 1)] = 1
    vectors[BLOCK + 1, 3] = 1
    rows = list(alike(vectors, 0.9))
    assert rows[-1] == [3]
    assert not any(rows[:-1])


@pytest.mark.parametrize("threshold", [0.3, 0.6, 0.8, 0.9, 1.0])
def test_hashing_finds_the_kept_rows(threshold: float) -> None:
    kept = {0, 1}
    rows = list(alike_by_hash(sequences(TEXTS), threshold, kept))
    expected = [[row for row in earlier if row in kept] for earlier in alike(sequences(TEXTS), threshold)]
    assert rows == expected
