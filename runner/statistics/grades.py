"""Collect an arm's grades and number the facts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


@dataclass(frozen=True)
class Grades:
    """An arm's grades on an exam.

    `values` has the shape (trainings, questions). A grade lies between 0 and 1, and is NaN if the answer was not graded.
    `trained` is False for a system that nobody would train again, such as a baseline. It has one row.
    """

    values: Array
    trained: bool = True

    def of_questions(self, chosen: NDArray[np.bool_]) -> "Grades":
        """Keep some questions."""
        return Grades(self.values[:, chosen], self.trained)

    @classmethod
    def of(cls, rows: Sequence[Sequence[float | None]], trained: bool = True) -> "Grades":
        """Build grades from a row for each training."""
        return cls(np.array([[np.nan if grade is None else grade for grade in row] for row in rows], dtype=float), trained)


def numbered(clusters: Sequence[str]) -> Counts:
    """Number the fact of each question.

    A question with the cluster "" is a fact of its own.
    """
    # Such a question is numbered by its place. That is an integer, so no fact's name can equal it.
    numbers: dict[str | int, int] = {}
    return np.array([numbers.setdefault(name or place, len(numbers)) for place, name in enumerate(clusters)], dtype=np.intp)
